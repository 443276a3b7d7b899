#include "ledger/holds.h"

#include "base/require.h"

namespace partake::ledger {

void Holds::add_held(const Hold& hold, std::int64_t amount) {
  if (!hold.account) return;
  const auto entry = held_.try_emplace({hold.account->value, hold.asset}, 0).first;
  entry->second += amount;
  if (entry->second == 0) held_.erase(entry);
}

HoldNumber Holds::place(Hold hold) {
  PARTAKE_REQUIRE(hold.left > 0);
  add_held(hold, hold.left);
  by_end_.emplace(hold.until, count_);
  open_.emplace(count_, std::move(hold));
  return count_++;
}

void Holds::take(HoldNumber number, std::int64_t amount) {
  const auto found = open_.find(number);
  PARTAKE_REQUIRE(found != open_.end() && 0 < amount && amount <= found->second.left);
  auto& hold = found->second;
  add_held(hold, -amount);
  hold.left -= amount;
  if (hold.left > 0) return;
  by_end_.erase({hold.until, number});
  open_.erase(found);
}

void Holds::end_before(Day today) {
  while (!by_end_.empty() && by_end_.begin()->first < today) {
    const auto number = by_end_.begin()->second;
    take(number, open_.at(number).left);
  }
}

const Hold* Holds::find(HoldNumber number) const {
  const auto found = open_.find(number);
  return found == open_.end() ? nullptr : &found->second;
}

std::int64_t Holds::held(AccountIndex account, Asset asset) const {
  const auto found = held_.find({account.value, asset});
  return found == held_.end() ? 0 : found->second;
}

void Holds::restore(std::map<HoldNumber, Hold> open, HoldNumber count) {
  open_ = std::move(open);
  count_ = count;
  by_end_.clear();
  held_.clear();
  for (const auto& [number, hold] : open_) {
    PARTAKE_REQUIRE(number < count && hold.left > 0);
    add_held(hold, hold.left);
    by_end_.emplace(hold.until, number);
  }
}

}  // namespace partake::ledger
