// Reads a stream of events ahead of whoever takes them, in a thread of its own, batch by batch.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/csv.h"
#include "books/event_reader.h"

namespace partake::books {

struct EventBatch {
  [[nodiscard]] std::span<const ReadEvent> events() const { return {slots.data(), count}; }

  std::vector<std::uint64_t> lines;         // Of the file, by event.
  std::vector<std::string_view> documents;  // The event as it came, by event.
  std::uint64_t bytes_read = 0;             // Of the source, up to the end of the batch.
  bool is_idle = false;  // Nothing more is there at the moment: what was read should not wait.

  std::vector<ReadEvent> slots;  // Used again and again; the first `count` hold events.
  std::size_t count = 0;
  std::unique_ptr<char[]> bytes;  // NOLINT: a vector would write zeros first
};

class EventStream {
 public:
  // One CloudEvents object a line. The rulebook must stay as it is while this lives.
  EventStream(ByteSource& source, const Rulebook& rulebook, std::size_t batch_bytes = 512U << 10U);
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // The next batch, or null at the end; valid until the next call. Error: the source failed.
  Result<const EventBatch*> next();

 private:
  static constexpr std::size_t batches = 3;
  void run();
  Status fill(EventBatch& batch);
  Result<std::size_t> read_more(EventBatch& batch, std::size_t start);
  void take_lines(EventBatch& batch, std::string_view bytes);
  ReadEvent& next_event(EventBatch& batch, std::string_view document) const;
  void refuse_long_line(EventBatch& batch, std::string_view start);

  ByteSource& source_;
  EventReader reader_;
  std::size_t batch_bytes_;
  std::string carried_;    // The beginning of a line whose end was not read yet.
  bool skipping_ = false;  // In the middle of a line that is too long.
  bool at_end_ = false;
  std::uint64_t line_ = 0;
  std::uint64_t bytes_read_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::array<EventBatch, batches> ring_;
  std::size_t filled_ = 0;  // Batches ever filled, taken, and given back.
  std::size_t taken_ = 0;
  std::size_t returned_ = 0;
  bool done_ = false;
  bool stop_ = false;
  Status failure_;
  std::thread thread_;
};

}  // namespace partake::books
