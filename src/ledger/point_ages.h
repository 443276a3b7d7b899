// How old an account's points are, for programmes whose points end some years after the year in
// which they were posted. What is spent is the oldest.
//
// Kept are no lots but marks: mark k of an account is how much of its balance was there at the end
// of the k-th year back. Spending lowers all of them, so each is what is left from before.
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/accounts.h"

namespace partake::ledger {

constexpr std::size_t point_years_max = 5;

class PointAges {
 public:
  PointAges() = default;
  // Points of a year end after so many further years, 0 to point_years_max.
  explicit PointAges(std::size_t years) : marks_(years + 1) {}

  // Another rule from now on; what is due under the old one and not under the new is so no more.
  void set_years(std::size_t years) { marks_.resize(years + 1); }
  // A year is over: `balances` of accounts as they stand, those of other programmes as 0. What was
  // due and was not taken away stays due.
  void end_year(const std::vector<std::int64_t>& balances);
  void spend(AccountIndex account, std::int64_t amount);
  // What is left of points whose time is over, at most `balance`.
  [[nodiscard]] std::int64_t due(AccountIndex account, std::int64_t balance) const;

  // By age, the newest first; each by account, as far as there were any.
  [[nodiscard]] const std::vector<std::vector<std::int64_t>>& marks() const { return marks_; }
  void restore(std::vector<std::vector<std::int64_t>> marks) { marks_ = std::move(marks); }

 private:
  std::vector<std::vector<std::int64_t>> marks_;
};

}  // namespace partake::ledger
