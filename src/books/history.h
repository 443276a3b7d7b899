// What all credited history would be by another method or other factors: every credited event is
// computed twice, from the same inputs, and the two sums are laid side by side. docs/history.md.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "books/directory.h"

namespace partake::books {

// One of the two ways to compute.
struct HistorySide {
  std::shared_ptr<const method::Compiled> method;
  // In place of what each edition had published by the day of admission: these factors, as
  // published by `as_of`. Null: as it was.
  const factor::Library* library = nullptr;
  Day as_of{};
};

// In smallest units, before caps.
struct HistorySums {
  Int128 recorded = 0;  // As the records say.
  Int128 before = 0;
  Int128 after = 0;
};

struct AccountChange {
  AccountIndex account;
  std::int64_t before = 0;
  std::int64_t after = 0;
  [[nodiscard]] Int128 change() const { return Int128{after} - before; }
};

constexpr std::array<int, 9> history_percentiles{0, 1, 5, 25, 50, 75, 95, 99, 100};

struct AssetHistory {
  ledger::Asset asset = ledger::Asset::co2e;
  HistorySums sums;
  std::vector<std::pair<ledger::ProgrammeIndex, HistorySums>> by_programme;
  // Accounts with an event that was compared.
  std::uint64_t accounts = 0;
  std::uint64_t gaining = 0;
  std::uint64_t losing = 0;
  // Of the changes of their sums, exact: the smallest that so many of a hundred accounts do not
  // exceed; 0 is the smallest of all.
  std::array<Int128, history_percentiles.size()> changes{};
  std::vector<AccountChange> most_changed;  // Largest first, then by account.
};

// Events that could not be compared, and why.
struct LeftOut {
  Error why;
  std::uint64_t events = 0;
};

struct HistoryReport {
  std::uint64_t records = 0;
  std::uint64_t events = 0;  // Compared.
  // Of them: counted as nothing, since the method or the library refuses them.
  std::uint64_t refused_before = 0;
  std::uint64_t refused_after = 0;
  // Not compared: withdrawn or replaced later; another report of an act that was credited before;
  // erased.
  std::uint64_t withdrawn = 0;
  std::uint64_t same_act = 0;
  std::uint64_t erased = 0;
  std::vector<LeftOut> left_out;
  std::vector<AssetHistory> assets;
};

struct HistoryOptions {
  std::size_t most = 100;  // Accounts that changed most, of each asset.
  std::function<void(std::uint64_t records, std::uint64_t of)> progress;
};

// Events of any version of either method. Memory: 16 bytes for each account and asset, and 16 more
// of one asset while its accounts are put in order; nothing for each entry. Errors:
// history.no_events; the first of what was left out, when nothing else is there;
// history.too_large; those of the journal.
Result<HistoryReport> compare_history(const Directory& directory, const HistorySide& before,
                                      const HistorySide& after, const HistoryOptions& options);

}  // namespace partake::books
