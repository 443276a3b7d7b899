// Orders: what an account got for what it spent, a planted tree or a parcel, and how far that is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/accounts.h"

namespace partake::ledger {

// Orders are counted in the order in which they are placed, from 0.
using OrderNumber = std::uint64_t;

enum class OrderState : std::uint8_t { placed, funded, done, failed, replaced, cancelled };
const char* name_of(OrderState state);
std::optional<OrderState> order_state_of(std::string_view name);

// placed: funded, cancelled, and without a funder done. funded: done, failed. done or replaced:
// failed (a tree may die later). failed: replaced. cancelled: nothing more.
bool is_legal(OrderState from, OrderState to, bool needs_funder);

struct Order {
  std::uint32_t reward = 0;  // By its place among the rewards that were ordered.
  OrderState state = OrderState::placed;
  bool needs_funder = false;
  std::optional<AccountIndex> account;  // Not of an erased holder.
  Asset asset = Asset::points;
  std::int64_t cost = 0;
};

class Orders {
 public:
  // The number of a reward in a programme, given when it is first asked for.
  std::uint32_t reward_number(ProgrammeIndex programme, const std::string& reward);
  [[nodiscard]] std::optional<std::uint32_t> find_reward(ProgrammeIndex programme,
                                                         const std::string& reward) const;

  OrderNumber place(const Order& order);
  // Requires a legal change of an order that is there.
  void change(OrderNumber number, OrderState state);

  // Null when there is none.
  [[nodiscard]] const Order* find(OrderNumber number) const;
  [[nodiscard]] const std::vector<Order>& all() const { return orders_; }
  struct Reward {
    ProgrammeIndex programme = 0;
    std::string name;
    std::array<std::uint64_t, 6> by_state{};
    // Cancelled ones are given back.
    [[nodiscard]] std::uint64_t taken() const;
  };
  [[nodiscard]] const std::vector<Reward>& rewards() const { return rewards_; }
  // How many of a reward an account has ordered and not cancelled.
  [[nodiscard]] std::uint64_t taken(AccountIndex account, std::uint32_t reward) const;

 private:
  std::vector<Reward> rewards_;
  std::vector<Order> orders_;
  std::map<std::pair<std::uint64_t, std::uint32_t>, std::uint64_t> taken_;
};

}  // namespace partake::ledger
