// An account's passbook: its records, newest first, by walking from each to the one before. Each is
// read alone, without its block.
#pragma once

#include <functional>
#include <optional>

#include "books/books.h"
#include "journal/journal.h"

namespace partake::books {

struct PassbookEntry {
  std::uint64_t record = 0;
  Instant admitted;
  std::uint64_t previous = ledger::no_record;
  std::optional<EventRecord> event;  // Or
  std::optional<Fact> fact;          // one of these.
  // An account's part of a transaction, and the open part of it, without its other legs.
  std::optional<Leg> leg;
  std::optional<Transaction> transaction;
  LegNumber leg_number = 0;
  std::optional<Instruction> instruction;  // What was asked for; empty when it was erased.
};

// One entry. Errors: those of the journal and of records; passbook.broken, when the record is none
// of the account's.
Result<PassbookEntry> passbook_entry(const journal::Journal& journal, const Rulebook& rulebook,
                                     AccountIndex account, std::uint64_t number);

// Calls `take` for each entry until it says no. Errors: as above.
Status walk_passbook(const journal::Journal& journal, const Books& books, AccountIndex account,
                     std::uint64_t from, const std::function<bool(const PassbookEntry&)>& take);

// When the act was; of entries that are no act, when they were admitted.
Instant time_of(const PassbookEntry& entry);

// What an entry did to the balances, by asset.
using AssetAmounts = std::array<std::int64_t, ledger::assets>;
AssetAmounts changes_of(const PassbookEntry& entry, const Rulebook& rulebook);

}  // namespace partake::books
