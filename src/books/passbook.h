// An account's passbook: its records, newest first, by walking from each to the one before.
#pragma once

#include <optional>
#include <vector>

#include "books/directory.h"
#include "books/record_lookup.h"

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
};

// Calls `take` for each entry until it says no. Errors: those of the journal;
// passbook.broken, when a record does not belong to the account.
Status walk_passbook(const journal::Journal& journal, const Books& books, AccountIndex account,
                     std::uint64_t from, const std::function<bool(const PassbookEntry&)>& take);

// What an entry did to the balance in an asset.
std::int64_t change_of(const PassbookEntry& entry, ledger::Asset asset, const Rulebook& rulebook);

}  // namespace partake::books
