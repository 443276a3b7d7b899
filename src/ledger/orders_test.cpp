#include "ledger/orders.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace partake;
using ledger::AccountIndex;
using ledger::Asset;
using ledger::Orders;
using ledger::OrderState;

TEST_CASE("orders: only legal changes") {
  using enum OrderState;
  constexpr std::array all{placed, funded, done, failed, replaced, cancelled};
  const auto legal = [&](bool needs_funder) {
    std::string text;
    for (const auto from : all) {
      for (const auto to : all) {
        if (!ledger::is_legal(from, to, needs_funder)) continue;
        text += std::string{ledger::name_of(from)} + ">" + ledger::name_of(to) + " ";
      }
    }
    return text;
  };
  CHECK_EQ(legal(true),
           "placed>funded placed>cancelled funded>done funded>failed done>failed failed>replaced "
           "replaced>failed ");
  CHECK_EQ(legal(false),
           "placed>done placed>cancelled funded>done funded>failed done>failed failed>replaced "
           "replaced>failed ");
}

TEST_CASE("orders: rewards count what was taken of them, in all and by account") {
  Orders orders;
  const auto tree = orders.reward_number(0, "tree");
  CHECK_EQ(orders.reward_number(0, "tree"), tree);
  CHECK_NE(orders.reward_number(1, "tree"), tree);
  const AccountIndex one{1};
  const auto first = orders.place({tree, OrderState::placed, true, one, Asset::points, 10});
  orders.place({tree, OrderState::placed, true, one, Asset::points, 10});
  orders.place({tree, OrderState::placed, true, AccountIndex{2}, Asset::points, 10});
  CHECK_EQ(orders.rewards()[tree].taken(), 3);
  CHECK_EQ(orders.taken(one, tree), 2);
  orders.change(first, OrderState::cancelled);
  CHECK_EQ(orders.rewards()[tree].taken(), 2);
  CHECK_EQ(orders.taken(one, tree), 1);
  CHECK_EQ(orders.find(3), nullptr);
}

TEST_CASE("orders: whatever is done, the counts are those of the orders") {
  CHECK(rc::check([] {
    Orders orders;
    const std::array rewards{orders.reward_number(0, "tree"), orders.reward_number(0, "goods")};
    const auto steps = *rc::gen::container<std::vector<std::tuple<int, int, int>>>(
        rc::gen::tuple(rc::gen::inRange(0, 8), rc::gen::inRange(0, 20), rc::gen::inRange(0, 3)));
    for (const auto& [to, number, account] : steps) {
      const auto* order = orders.find(static_cast<std::uint64_t>(number));
      if (to >= 6 || order == nullptr) {
        const auto of = AccountIndex{static_cast<std::uint64_t>(account)};
        orders.place({rewards[static_cast<std::size_t>(to) % 2], OrderState::placed, to % 2 == 0,
                      of, Asset::points, 1});
      } else if (ledger::is_legal(order->state, static_cast<OrderState>(to), order->needs_funder)) {
        orders.change(static_cast<std::uint64_t>(number), static_cast<OrderState>(to));
      }
      for (const auto reward : rewards) {
        std::uint64_t taken = 0;
        std::uint64_t of_one = 0;
        for (const auto& each : orders.all()) {
          const bool counts = each.reward == reward && each.state != OrderState::cancelled;
          taken += counts ? 1 : 0;
          of_one += counts && each.account == AccountIndex{1} ? 1 : 0;
        }
        RC_ASSERT(orders.rewards()[reward].taken() == taken);
        RC_ASSERT(orders.taken(AccountIndex{1}, reward) == of_one);
      }
    }
  }));
}
