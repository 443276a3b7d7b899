#include "ledger/orders.h"

#include <algorithm>

#include "base/require.h"

namespace partake::ledger {
namespace {

constexpr std::array<const char*, 6> names{"placed", "funded",   "done",
                                           "failed", "replaced", "cancelled"};

}  // namespace

const char* name_of(OrderState state) { return names[static_cast<std::size_t>(state)]; }

std::optional<OrderState> order_state_of(std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<OrderState>(found - names.begin());
}

bool is_legal(OrderState from, OrderState to, bool needs_funder) {
  switch (from) {
    case OrderState::placed:
      return to == OrderState::cancelled ||
             to == (needs_funder ? OrderState::funded : OrderState::done);
    case OrderState::funded:
      return to == OrderState::done || to == OrderState::failed;
    case OrderState::done:
    case OrderState::replaced:
      return to == OrderState::failed;
    case OrderState::failed:
      return to == OrderState::replaced;
    case OrderState::cancelled:
      break;
  }
  return false;
}

std::uint64_t Orders::Reward::taken() const {
  std::uint64_t sum = 0;
  for (const auto count : by_state) sum += count;
  return sum - by_state[static_cast<std::size_t>(OrderState::cancelled)];
}

std::optional<std::uint32_t> Orders::find_reward(ProgrammeIndex programme,
                                                 const std::string& reward) const {
  const auto found = std::find_if(rewards_.begin(), rewards_.end(), [&](const Reward& known) {
    return known.programme == programme && known.name == reward;
  });
  if (found == rewards_.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - rewards_.begin());
}

std::uint32_t Orders::reward_number(ProgrammeIndex programme, const std::string& reward) {
  if (const auto known = find_reward(programme, reward)) return *known;
  rewards_.push_back({programme, reward, {}});
  return static_cast<std::uint32_t>(rewards_.size() - 1);
}

OrderNumber Orders::place(const Order& order) {
  PARTAKE_REQUIRE(order.reward < rewards_.size());
  ++rewards_[order.reward].by_state[static_cast<std::size_t>(order.state)];
  if (order.account && order.state != OrderState::cancelled) {
    ++taken_[{order.account->value, order.reward}];
  }
  orders_.push_back(order);
  return orders_.size() - 1;
}

void Orders::change(OrderNumber number, OrderState state) {
  PARTAKE_REQUIRE(number < orders_.size());
  auto& order = orders_[number];
  PARTAKE_REQUIRE(is_legal(order.state, state, order.needs_funder));
  auto& by_state = rewards_[order.reward].by_state;
  --by_state[static_cast<std::size_t>(order.state)];
  ++by_state[static_cast<std::size_t>(state)];
  order.state = state;
  if (state != OrderState::cancelled || !order.account) return;
  const auto found = taken_.find({order.account->value, order.reward});
  if (--found->second == 0) taken_.erase(found);
}

const Order* Orders::find(OrderNumber number) const {
  return number < orders_.size() ? &orders_[number] : nullptr;
}

std::uint64_t Orders::taken(AccountIndex account, std::uint32_t reward) const {
  const auto found = taken_.find({account.value, reward});
  return found == taken_.end() ? 0 : found->second;
}

}  // namespace partake::ledger
