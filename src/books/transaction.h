// A transaction: what somebody who may asked for, and what it changes. In the journal it is one
// record with what it changes in the open and what was asked for hidden, and after it one record
// for each account that is touched, so that erasing one leaves the others readable.
// docs/formats/records.md.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.h"
#include "books/event.h"
#include "ledger/holds.h"
#include "ledger/orders.h"
#include "ledger/questions.h"
#include "ledger/units.h"

namespace partake::books {

// As it was asked for. docs/transactions.md has the actions and their data.
struct Instruction {
  StreamNumber stream = 0;
  std::string id;
  Instant time;
  std::string action;
  Json data;  // An object.
};

// An account's part. Positive: credited.
struct Leg {
  std::optional<AccountIndex> account;  // Not of an erased holder.
  std::vector<std::pair<ledger::Asset, std::int64_t>> amounts;
  std::uint64_t previous = ledger::no_record;
  std::uint64_t transaction = ledger::no_record;  // The record that it belongs to.
  // When the act was whose entry it takes back. Stands in the hidden part only.
  std::optional<Instant> act;
};
constexpr std::size_t legs_max = 4000;
constexpr std::size_t changes_max = 4000;

using LegNumber = std::uint32_t;
// Accounts are named by their legs.
struct HoldPlaced {
  ledger::HoldNumber hold = 0;
  std::string rule;
  LegNumber leg = 0;
  std::optional<LegNumber> payee;
  ledger::Asset asset = ledger::Asset::co2e;
  std::int64_t amount = 0;
  Day until{};
};
struct HoldTaken {
  ledger::HoldNumber hold = 0;
  std::int64_t amount = 0;
};
struct UnitsIssued {
  std::string units;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::int32_t vintage = 0;
  ledger::UnitState state = ledger::UnitState::held;
  LegNumber leg = 0;
};
struct UnitsChanged {
  std::string units;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  ledger::UnitState state = ledger::UnitState::held;
  std::optional<LegNumber> leg;       // Who owns them now; none in a final state.
  std::optional<LegNumber> creditor;  // To whom they are pledged.
};
struct OrderPlaced {
  ledger::OrderNumber order = 0;
  std::string reward;
  LegNumber leg = 0;
  bool needs_funder = false;
  ledger::Asset asset = ledger::Asset::points;
  std::int64_t cost = 0;
};
struct OrderChanged {
  ledger::OrderNumber order = 0;
  ledger::OrderState state = ledger::OrderState::placed;
};
struct SplitDone {
  std::string split;
  std::string period;
  std::vector<std::pair<std::string, std::int64_t>> shares;  // By party, in the rule's order.
};
struct PeriodClosed {
  std::string split;
  std::string period;
};
struct Reversed {
  std::uint64_t record = 0;  // Of the transaction that counts no more.
};
// The holds of the same transaction are the question's.
struct Questioned {
  ledger::QuestionNumber question = 0;
  std::uint64_t record = 0;  // The entry that is doubted.
  LegNumber leg = 0;
  StreamNumber stream = 0;  // Who asks.
  std::string finding;
  // What the entry credited and the account has no more.
  std::vector<std::pair<ledger::Asset, std::int64_t>> missing;
};
// A taken back entry is the first leg's.
struct Settled {
  ledger::QuestionNumber question = 0;
  std::uint64_t record = 0;
  ledger::QuestionState state = ledger::QuestionState::kept;
  std::optional<RuleNumber> rule;  // Of the entry that is taken back.
};
using Change = std::variant<HoldPlaced, HoldTaken, UnitsIssued, UnitsChanged, OrderPlaced,
                            OrderChanged, SplitDone, PeriodClosed, Reversed, Questioned, Settled>;

struct Transaction {
  std::string action;
  std::string programme;
  std::vector<Change> changes;
  std::vector<Leg> legs;
  std::uint64_t leg_count = 0;  // As the record says; legs follow it.
};

// What it changes, as its record says it.
Json changes_json(const Transaction& transaction);
// The transaction's own record: open part with its kind's byte, hidden part without salt.
std::string open_text(const Transaction& transaction);
std::string body_text(const Instruction& instruction);
// Of a leg, which is record `number` and belongs to record `transaction`.
std::string open_text(const Leg& leg);
std::string body_text(const Leg& leg, std::uint64_t number, std::uint64_t transaction);
// At least what all of its records take.
std::size_t transaction_bytes(const Instruction& instruction, const Transaction& transaction);

// Without its legs. Error record.malformed_transaction names the field.
Result<Transaction> parse_transaction(std::string_view open);
// `action` is that of the open part.
Result<Instruction> parse_instruction(std::string_view body, const std::string& action);
// `body` is empty when it was erased. Error record.malformed_posting.
Result<Leg> parse_leg(std::string_view open, std::string_view body, std::uint64_t number);

}  // namespace partake::books
