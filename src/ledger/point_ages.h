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

class PointAges {
 public:
  // Points of a year end after so many further years, 0 to 5. Another rule counts from now on; what
  // is due under the old one and not under the new is so no more.
  void set_years(std::size_t years);
  // A year is over: `balances` of accounts as they stand, those of other programmes as 0. What was
  // due and was not taken away stays due.
  void end_year(const std::vector<std::int64_t>& balances);
  void spend(AccountIndex account, std::int64_t amount);
  // What is left of points whose time is over, at most `balance`.
  [[nodiscard]] std::int64_t due(AccountIndex account, std::int64_t balance) const;
  // The first account from `from` on that may have points due; that none has, one at the end.
  [[nodiscard]] AccountIndex next_due(AccountIndex from) const;

  // By age, the newest first; each by account, as far as there were any.
  [[nodiscard]] const std::vector<std::vector<std::int64_t>>& marks() const { return marks_; }
  void restore(std::vector<std::vector<std::int64_t>> marks);

 private:
  void skip_paid();

  std::vector<std::vector<std::int64_t>> marks_;
  std::uint64_t first_due_ = 0;  // Nobody before has points due: points end account by account.
};

}  // namespace partake::ledger
