#include "books/statement.h"

#include <algorithm>

namespace partake::books {
namespace {

tl::unexpected<Error> differs(ledger::Asset asset, std::uint64_t record) {
  return fail(ErrorKind::corrupt, "statement.differs",
              {{"asset", ledger::name_of(asset)}, {"record", std::to_string(record)}});
}

// Balances as they were before the entry.
Status take_back(AssetAmounts& balances, const AssetAmounts& changes, std::uint64_t record) {
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    if (!__builtin_sub_overflow(balances[at], changes[at], &balances[at])) continue;
    return differs(static_cast<ledger::Asset>(at), record);
  }
  return {};
}

}  // namespace

Result<Statement> make_statement(const journal::Journal& journal, const Books& books,
                                 AccountIndex account, Day from, Day to) {
  if (from > to) {
    return fail(ErrorKind::invalid, "statement.bad_period",
                {{"from", to_string(from)}, {"to", to_string(to)}});
  }
  const auto& holder = books.accounts().holder(account);
  const auto& zone = books.rulebook().programmes[holder.programme].editions.back()->zone();
  Statement statement;
  AssetAmounts balances{};
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    balances[at] = books.accounts().balance(static_cast<ledger::Asset>(at), account);
  }
  auto closing = balances;
  auto left = holder.last_record;  // The entry to come, where the walk has not ended.
  Status taken;
  const auto walked = walk_passbook(journal, books, account, left, [&](const PassbookEntry& entry) {
    const auto day = zone.local_day(entry.admitted);
    if (day < from) return false;
    const auto changes = changes_of(entry, books.rulebook());
    if (day <= to) statement.entries.push_back({entry, day, changes, balances});
    taken = take_back(balances, changes, entry.record);
    if (day > to) {
      closing = balances;
      ++statement.later;
    }
    left = entry.previous;
    return taken.has_value();
  });
  CHECK_OK(walked);
  CHECK_OK(taken);
  std::reverse(statement.entries.begin(), statement.entries.end());
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    auto& sums = statement.assets[at];
    sums.opening = balances[at];
    sums.closing = closing[at];
    for (const auto& entry : statement.entries) {
      (entry.changes[at] > 0 ? sums.credited : sums.debited) += entry.changes[at];
    }
    // Before its first entry an account has nothing.
    const bool from_nothing = left == ledger::no_record;
    if (from_nothing && sums.opening != 0) return differs(static_cast<ledger::Asset>(at), 0);
  }
  return statement;
}

}  // namespace partake::books
