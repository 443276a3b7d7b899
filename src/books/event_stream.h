// Reads a stream of events ahead of whoever takes them, in a thread of its own, batch by batch.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "books/event_batch.h"
#include "books/source_tokens.h"

namespace partake::books {

class EventStream {
 public:
  // Both must outlive it.
  EventStream(EventFeed& feed, const SourceAccess& access);
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // The next batch, or null at the end; valid until the next call. Error: the source failed.
  Result<const EventBatch*> next();

 private:
  static constexpr std::size_t batches = 3;
  void run();

  EventFeed& feed_;
  const SourceAccess& access_;
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
