// The ids of events from sources that do not number them: 128 bits of a hash, and the record. Kept
// for as long as an event so old can still come in.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/sha256.h"
#include "base/time.h"
#include "books/event.h"
#include "ledger/flat_table.h"

namespace partake::books {

// The first half of SHA-256 of 0x03, the stream's number (4 bytes, little endian) and the id.
IdHash hash_of_id(StreamNumber stream, std::string_view id);

class Identities {
 public:
  struct Entry {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::uint64_t record : 40 = 0;
    std::uint64_t day : 24 = 0;  // Of the event, UTC, since 1970.

    [[nodiscard]] std::uint64_t key() const { return high; }
  };

  void forget_before(Day day) { horizon_ = day; }
  [[nodiscard]] const Entry* find(const IdHash& id) const;
  void add(const IdHash& id, std::uint64_t record, Day day);
  void prefetch(const IdHash& id, bool soon) const {
    soon ? entries_.prefetch_entry(id.high) : entries_.prefetch_tags(id.high);
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return entries_.bytes(); }
  template <class Visit>
  void each(Visit visit) const {
    entries_.each(visit);
  }
  // Whether it may still count.
  [[nodiscard]] bool keep(const Entry& entry) const {
    return static_cast<std::int64_t>(entry.day) >= day_number(horizon_);
  }
  void restore(const Entry& entry) {
    entries_.insert(entry, [](const Entry&) { return true; });
  }

 private:
  ledger::FlatTable<Entry> entries_;
  Day horizon_ = Day{};
};
static_assert(sizeof(Identities::Entry) == 24);

}  // namespace partake::books
