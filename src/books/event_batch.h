// Events on their way from wherever they come to the books, batch by batch.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "books/event_reader.h"
#include "journal/record.h"

namespace partake::books {

struct EventBatch {
  [[nodiscard]] std::span<const ReadEvent> events() const { return {slots.data(), count}; }
  // From 1 on; 0 where the events are no elements of an array.
  [[nodiscard]] std::uint64_t element(std::size_t place) const {
    return first_element == 0 ? 0 : first_element + place;
  }

  std::vector<std::uint64_t> lines;         // Of the file, by event.
  std::vector<std::string_view> documents;  // The event as it came, by event.
  // By event, the source whose token was right when the message first came; empty where nothing is
  // known of that. No entries: of none.
  std::vector<std::string_view> proven;
  std::vector<journal::Salt> salts;  // By event: what its record would be hidden with.
  std::uint64_t first_element = 0;
  std::uint64_t bytes_read = 0;  // Of the source, up to the end of the batch.
  bool is_idle = false;  // Nothing more is there at the moment: what was read should not wait.

  std::vector<ReadEvent> slots;  // Used again and again; the first `count` hold events.
  std::size_t count = 0;
  std::unique_ptr<char[]> bytes;  // NOLINT: a vector would write zeros first
  std::string text;               // Documents that were not in the bytes.

  void clear() {
    lines.clear();
    documents.clear();
    proven.clear();
    salts.clear();
    first_element = 0;
    is_idle = false;
    count = 0;
    text.clear();
  }
  ReadEvent& add(std::uint64_t line, std::string_view document) {
    if (count == slots.size()) slots.emplace_back();
    lines.push_back(line);
    documents.push_back(document);
    return slots[count++];
  }
};

inline void refuse(ReadEvent& read, Error error) {
  read.is_good = false;
  read.error = std::move(error);
}
inline Error too_large(const std::string& bytes) {
  return {ErrorKind::invalid,
          "event.too_large",
          {{"bytes", bytes}, {"limit", std::to_string(event_bytes_max)}},
          {}};
}

// Where events come from.
class EventFeed {
 public:
  virtual ~EventFeed() = default;
  // Adds events to a batch without any; none at all means that there are none at the moment. Error:
  // the source failed.
  virtual Status fill(EventBatch& batch) = 0;
  // Nothing more will come.
  [[nodiscard]] virtual bool is_done() const = 0;
  // From any thread: nobody wants more, so `fill` need not wait for it.
  virtual void stop() {}
};

}  // namespace partake::books
