// For tests and fuzzing: bytes that arrive in pieces, and what a feed makes of them.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv.h"
#include "books/event_batch.h"

namespace partake::books::testing {

// Hands out the text in pieces of these sizes, again and again; fails behind the last one if told
// to.
class Pieces final : public ByteSource {
 public:
  Pieces(std::string_view text, std::vector<std::size_t> sizes, bool fails = false)
      : text_{text}, sizes_{std::move(sizes)}, fails_{fails} {}
  Result<std::size_t> read(char* target, std::size_t size) override {
    if (text_.empty() && fails_) return fail(ErrorKind::unavailable, "file.unreadable");
    const auto piece = sizes_[at_++ % sizes_.size()];
    const auto count = text_.copy(target, std::min(size, std::max<std::size_t>(piece, 1)));
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> sizes_;
  std::size_t at_ = 0;
  bool fails_;
};

// What was made of one event.
struct Seen {
  std::uint64_t line = 0;
  std::uint64_t element = 0;
  std::string document;
  ReadEvent read;

  // The code, or "good".
  [[nodiscard]] std::string code() const { return read.is_good ? "good" : read.error.code; }
  friend bool operator==(const Seen& a, const Seen& b) {
    return a.line == b.line && a.element == b.element && a.document == b.document &&
           same(a.read, b.read);
  }

  static bool same(const ReadEvent& a, const ReadEvent& b) {
    const auto error_of = [](const ReadEvent& one) {
      return std::tie(one.error.kind, one.error.code, one.error.args);
    };
    const auto event_of = [](const ReadEvent& one) {
      const auto& event = one.event;
      return std::tie(event.account, event.stream, event.time, event.id, event.withdrawal,
                      event.has_earlier, event.rule, event.length_s, event.value_count);
    };
    if (a.is_good != b.is_good) return false;
    if (!a.is_good) return error_of(a) == error_of(b);
    const auto values = [](const ReadEvent& one) {
      return std::span{one.event.values}.first(one.event.value_count);
    };
    return event_of(a) == event_of(b) &&
           (!a.event.has_earlier || a.event.earlier == b.event.earlier) &&
           std::equal(values(a).begin(), values(a).end(), values(b).begin());
  }
};

// Everything that comes, and the code of the error that ended it, if one did.
inline std::vector<Seen> read_feed(EventFeed& feed, std::string* failure = nullptr) {
  std::vector<Seen> seen;
  EventBatch batch;
  while (!feed.is_done()) {
    batch.clear();
    if (const auto status = feed.fill(batch); !status) {
      if (failure != nullptr) *failure = status.error().code;
      break;
    }
    for (std::size_t place = 0; place < batch.count; ++place) {
      seen.push_back({batch.lines[place], batch.element(place), std::string{batch.documents[place]},
                      batch.slots[place]});
    }
  }
  return seen;
}

}  // namespace partake::books::testing
