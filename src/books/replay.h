// Goes through the records of a journal once more, in order, for opening and for verification:
// a thread of their own reads and checks blocks ahead, with their events where it can; those are
// taken in runs, and what they will touch is asked of memory early.
#pragma once

#include <span>
#include <vector>

#include "books/books.h"
#include "journal/journal.h"

namespace partake::books {

// Memory answers late: asks for what `take(place)` will touch some events before. Events are null
// where there is nothing to ask for.
template <class Take>
Status take_prefetched(const Books& books, std::span<const Event* const> events, Take take) {
  constexpr std::size_t early = 32;
  constexpr std::size_t soon = 12;
  const auto prefetch = [&](std::size_t place, bool is_soon) {
    const Event* event = place < events.size() ? events[place] : nullptr;
    if (event != nullptr) books.prefetch(*event, is_soon);
  };
  for (std::size_t place = 0; place < early; ++place) prefetch(place, false);
  for (std::size_t place = 0; place < soon; ++place) prefetch(place, true);
  for (std::size_t place = 0; place < events.size(); ++place) {
    prefetch(place + early, false);
    prefetch(place + soon, true);
    CHECK_OK(take(place));
  }
  return {};
}

// An event's record as it stands in the journal.
struct StoredEvent {
  std::uint64_t number = 0;
  journal::Record record;
  EventRecord event;
};

struct ReplayedBlock {
  std::uint64_t index = 0;
  journal::BlockHeader header;
  bool root_matches = true;  // Only looked at where roots are checked.
  std::string bytes;
  std::vector<journal::Record> records;
  // Its readable events, in order: the first ones of the vector, once they are read.
  std::vector<StoredEvent> events;
  bool events_are_read = false;
};

class ReplayVisitor {
 public:
  virtual ~ReplayVisitor() = default;
  // Before the records of a block, and after them.
  virtual Status begin_block(const ReplayedBlock& block) = 0;
  virtual Status end_block(const ReplayedBlock& block) = 0;
  // Everything but readable events: facts, and events that were erased.
  virtual Status take_record(std::uint64_t number, const journal::Record& record) = 0;
  // Events that stand in a row, up to method::block_rows_max of them: all at once, then each.
  virtual Status begin_events(std::span<const Event* const> events) = 0;
  virtual Status take_event(std::size_t place, const StoredEvent& stored) = 0;
};

struct ReplayOptions {
  std::uint64_t first_block = 0;
  bool check_roots = false;
  bool prefetches = true;  // Whether the visitor posts events to the books.
};

// The books are those that the visitor adds up. Errors: journal.*, block.*, record.* (with the
// argument `record`), and those of the visitor.
Status replay(const journal::Journal& journal, const Books& books, const ReplayOptions& options,
              ReplayVisitor& visitor);

}  // namespace partake::books
