// The statement of an account: what it had, every entry of some days, what it has.
#pragma once

#include <vector>

#include "books/passbook.h"

namespace partake::books {

struct StatementEntry {
  PassbookEntry entry;
  Day day{};               // On which it was posted, in the programme's calendar.
  AssetAmounts changes{};  // What it posted ...
  AssetAmounts after{};    // ... and the balances then.
};

// Of one asset.
struct StatementSums {
  std::int64_t opening = 0;
  Int128 credited = 0;
  Int128 debited = 0;  // Not above 0.
  std::int64_t closing = 0;
};

struct Statement {
  std::vector<StatementEntry> entries;  // By record.
  std::array<StatementSums, ledger::assets> assets{};
  std::uint64_t later = 0;  // Entries after the last day, which were passed on the way.
};

// Of the entries that were posted from the day to the day, both included: days of the block's time
// in the calendar of the account's programme. The books must stand at the end of the journal.
// Errors: statement.bad_period; statement.differs, when the entries do not make the balances;
// those of walk_passbook.
Result<Statement> make_statement(const journal::Journal& journal, const Books& books,
                                 AccountIndex account, Day from, Day to);

}  // namespace partake::books
