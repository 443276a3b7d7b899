// What became of every unit with a serial number, with the records that say so: for exports in the
// shapes of others (books/unit_shapes.h).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "books/directory.h"

namespace partake::books {

// Neighbours whose last change was the same one.
struct UnitFate {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  ledger::UnitState state = ledger::UnitState::held;
  std::optional<AccountIndex> account;  // The owner; none in a final state.
  std::optional<AccountIndex> creditor;
  std::int32_t vintage = 0;
  std::uint64_t issue = 0;   // The record that issued them,
  std::uint64_t record = 0;  // and the one that changed them last.

  [[nodiscard]] std::uint64_t count() const { return last - first + 1; }
};

// A transaction that issued or changed units.
struct UnitAct {
  std::string action;  // "retire".
  Day day{};           // On which it was admitted, UTC.
  // As it was asked for; empty where that was erased or not said.
  std::string beneficiary;
  std::string reason;
};

struct UnitFates {
  std::map<NamedIn, std::vector<UnitFate>> units;  // By class; in order of serial numbers.
  std::map<std::uint64_t, UnitAct> acts;           // By record.
};

// Goes through the journal. Errors: units.not_as_held (what the records say is not what the books
// hold: our own mistake); those of the journal.
Result<UnitFates> unit_fates(const Directory& directory);

}  // namespace partake::books
