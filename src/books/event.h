// An event as it was read: one act reported by a source, or the withdrawal of one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/accounts.h"

namespace partake::books {

using ledger::AccountIndex;
// A source in one of its epochs; what numbers or ids are counted in.
using StreamNumber = std::uint32_t;
// A type of event in one published edition of a programme.
using RuleNumber = std::uint32_t;

// An input as the record keeps it: a decimal as written, or what a region, choice or date is
// counted as (then the exponent is 0).
struct StoredValue {
  std::int64_t mantissa = 0;
  std::int32_t exponent = 0;
  friend bool operator==(const StoredValue&, const StoredValue&) = default;
};
constexpr std::size_t values_max = 8;
constexpr std::size_t id_bytes_max = 128;

// 128 bits in place of an id's text; books/identities.h.
struct IdHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const IdHash&, const IdHash&) = default;
};

// How a source tells its events apart: by number, or by a text of its own.
struct EventId {
  std::uint64_t sequence = 0;
  std::string text;  // Empty with numbered sources.
  IdHash hash;       // Of stream and text; computed once, where the text is read.
  friend bool operator==(const EventId&, const EventId&) = default;
};

struct Event {
  AccountIndex account;
  StreamNumber stream = 0;
  Instant time;
  EventId id;
  bool withdrawal = false;   // Then there is no rule and no value.
  bool has_earlier = false;  // Of the same source: withdrawn or corrected by this one.
  EventId earlier;
  std::uint64_t earlier_record = ledger::no_record;  // Its record, where it is known by that.
  RuleNumber rule = 0;
  Day day{};  // Of its time, in the programme's calendar; not with withdrawals.
  std::uint32_t length_s = 0;
  std::uint32_t value_count = 0;
  std::array<StoredValue, values_max> values{};
};

// Every event ends as one of these; docs/events.md.
enum class Outcome : std::uint8_t { accepted, limited, duplicate, conflict, rejected };
constexpr std::size_t outcomes = 5;
const char* name_of(Outcome outcome);

}  // namespace partake::books
