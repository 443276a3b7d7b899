// The record of a credited event: open part with what was posted, hidden part with who, when and
// what. docs/formats/records.md.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "books/event.h"
#include "books/rulebook.h"

namespace partake::books {

// The first byte of every open part.
enum class Kind : std::uint8_t {
  content = 1,
  edition = 2,
  accounts = 3,
  source = 4,
  consent = 5,
  account_state = 6,
  event = 7,
  erasure = 8,
  transaction = 9,
  posting = 10,
  party = 11,
};

// Why an event was credited less than its method says.
constexpr std::uint8_t limited_by_cap = 1;
constexpr std::uint8_t limited_by_act = 2;  // The same act was credited before.

// Amounts are in the order of Rule::postings, then points.
using Amounts = std::array<std::int64_t, amounts_max>;

struct Credit {
  std::uint8_t limits = 0;
  Amounts credited{};
  Amounts computed{};  // By the method; without points. Stands in the record where limited.
  bool reverses = false;
  RuleNumber reversed_rule = 0;
  Amounts reversed{};  // What the earlier record had credited, with the opposite sign.
};

// Other records that this one continues.
struct Links {
  std::uint64_t previous = ledger::no_record;  // Of the account's passbook.
  std::uint64_t earlier = ledger::no_record;   // What it reverses, and when that act was.
  Instant earlier_time;
};

struct EventRecord {
  Event event;  // Without `earlier`: the links name the record.
  Credit credit;
  Links links;
};

// A time as records keep it: a varint, of whole seconds or of microseconds.
void append_time(std::string& bytes, Instant time);
bool take_time(std::string_view& bytes, Instant& time);

// What an event is, apart from what came of it: the bytes that a resent event must have.
void append_content(std::string& body, const Event& event, const Rulebook& rulebook);

// Open part, and hidden part without salt, of record `number`.
void append_open(std::string& open, const Event& event, const Credit& credit,
                 const Rulebook& rulebook);
void append_body(std::string& body, const Event& event, const Links& links, std::uint64_t number,
                 const Rulebook& rulebook);

// The open part alone. Error record.malformed_event names the part.
Result<EventRecord> parse_open(std::string_view open, const Rulebook& rulebook);
// Both parts, into a record that may hold anything before.
Status parse_event(std::string_view open, std::string_view body, std::uint64_t number,
                   const Rulebook& rulebook, EventRecord& record);
Result<EventRecord> parse_event(std::string_view open, std::string_view body, std::uint64_t number,
                                const Rulebook& rulebook);

}  // namespace partake::books
