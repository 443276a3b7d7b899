#include "ledger/point_ages.h"

#include <algorithm>

namespace partake::ledger {

void PointAges::skip_paid() {
  if (marks_.empty()) return;
  const auto& due = marks_.back();
  while (first_due_ < due.size() && due[first_due_] <= 0) ++first_due_;
}

void PointAges::set_years(std::size_t years) {
  marks_.resize(years + 1);
  first_due_ = 0;
  skip_paid();
}

void PointAges::restore(std::vector<std::vector<std::int64_t>> marks) {
  marks_ = std::move(marks);
  first_due_ = 0;
  skip_paid();
}

void PointAges::end_year(const std::vector<std::int64_t>& balances) {
  if (marks_.empty()) return;
  // Marks only grow with their youth, so what was due is within the one that falls due now; but a
  // balance may have been taken back since.
  auto newest = std::move(marks_.back());
  std::move_backward(marks_.begin(), marks_.end() - 1, marks_.end());
  newest.assign(balances.begin(), balances.end());
  for (auto& mark : newest) mark = std::max<std::int64_t>(mark, 0);
  marks_.front() = std::move(newest);
  first_due_ = 0;
  skip_paid();
}

void PointAges::spend(AccountIndex account, std::int64_t amount) {
  for (auto& mark : marks_) {
    if (account.value >= mark.size()) continue;
    auto& left = mark[account.value];
    left = std::max<std::int64_t>(left - amount, 0);
  }
  skip_paid();
}

AccountIndex PointAges::next_due(AccountIndex from) const {
  if (marks_.empty()) return {accounts_max};
  const auto& due = marks_.back();
  auto at = std::max(from.value, first_due_);
  while (at < due.size() && due[at] <= 0) ++at;
  return {at < due.size() ? at : accounts_max};
}

std::int64_t PointAges::due(AccountIndex account, std::int64_t balance) const {
  if (marks_.empty() || account.value >= marks_.back().size()) return 0;
  return std::clamp<std::int64_t>(marks_.back()[account.value], 0,
                                  std::max<std::int64_t>(balance, 0));
}

}  // namespace partake::ledger
