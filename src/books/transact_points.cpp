// Transactions that turn what an account has into something else: orders, conversions, points that
// end.
#include "books/deal.h"
#include "ledger/amount.h"

namespace partake::books {
namespace {

using ledger::Asset;
using ledger::OrderState;

// `most` 0: no limit.
Status check_left(const char* code, const std::string& reward, std::int64_t most,
                  std::uint64_t taken) {
  if (most == 0 || taken < static_cast<std::uint64_t>(most)) return {};
  return refuse_transaction(code, {{"reward", reward}, {"limit", std::to_string(most)}});
}

std::vector<AccountIndex> accounts_in(const Deal& deal, const std::string& group) {
  std::vector<AccountIndex> accounts;
  for (const auto& entry : deal.books.holdings().groups) {
    if (entry.programme != deal.programme || entry.name != group) continue;
    for (auto at = entry.first; at < entry.first + entry.count; ++at) {
      if (deal.books.accounts().holder({at}).state == ledger::Holder::State::open) {
        accounts.push_back({at});
      }
    }
  }
  return accounts;
}

}  // namespace

Status place_order(Deal& deal) {
  const auto id = deal.data.text("reward");
  const auto account = deal.data.account("account");
  if (!deal.data.is_good()) return {};
  TRY(const auto* reward, deal.rule(deal.rules.rewards, "reward", id));
  const auto& orders = deal.books.holdings().orders;
  if (const auto known = orders.find_reward(deal.programme, id)) {
    CHECK_OK(check_left("transaction.out_of_stock", id, reward->stock,
                        orders.rewards()[*known].taken()));
    CHECK_OK(check_left("transaction.enough_for_one", id, reward->per_account,
                        orders.taken(account, *known)));
  }
  const auto asset = *ledger::asset_of(reward->asset);
  const auto cost = ledger::whole_in(reward->cost, asset).value_or(0);
  CHECK_OK(deal.spend(account, asset, cost));
  deal.made.changes.emplace_back(OrderPlaced{static_cast<ledger::OrderNumber>(orders.all().size()),
                                             id, deal.leg(account), reward->funded, asset, cost});
  return {};
}

Status step_order(Deal& deal) {
  const auto number = deal.data.whole("order");
  const auto name = deal.data.text("state");
  if (!deal.data.is_good()) return {};
  const auto* order = deal.books.holdings().orders.find(number);
  const auto to = ledger::order_state_of(name);
  const bool ours =
      order != nullptr &&
      deal.books.holdings().orders.rewards()[order->reward].programme == deal.programme;
  if (!ours)
    return refuse_transaction("transaction.unknown_order", {{"order", std::to_string(number)}});
  if (!to || !ledger::is_legal(order->state, *to, order->needs_funder)) {
    return refuse_transaction(
        "transaction.illegal_change",
        {{"what", "order"}, {"from", ledger::name_of(order->state)}, {"to", name}});
  }
  // Whoever says that it was done, or not, says by what that can be known.
  if (*to == OrderState::funded) deal.data.text("funder");
  if (*to == OrderState::done || *to == OrderState::replaced) deal.data.text("evidence");
  if (*to == OrderState::failed || *to == OrderState::cancelled) deal.data.text("reason");
  if (!deal.data.is_good()) return {};
  if (order->account) deal.leg(*order->account);
  if (*to == OrderState::cancelled && order->account) {
    deal.post(*order->account, order->asset, order->cost);
  }
  deal.made.changes.emplace_back(OrderChanged{number, *to});
  return {};
}

Status convert_assets(Deal& deal) {
  const auto id = deal.data.text("conversion");
  if (!deal.data.is_good()) return {};
  TRY(const auto* conversion, deal.rule(deal.rules.conversions, "conversion", id));
  std::vector<AccountIndex> accounts;
  if (deal.data.has("group")) {
    accounts = accounts_in(deal, deal.data.text("group"));
  } else {
    accounts.push_back(deal.data.account("account"));
  }
  if (!deal.data.is_good()) return {};
  const auto from = *ledger::asset_of(conversion->from);
  const auto to = *ledger::asset_of(conversion->to);
  const auto each = ledger::whole_in(conversion->each, from).value_or(0);
  const auto gives = ledger::whole_in(conversion->gives, to).value_or(0);
  for (const auto account : accounts) {
    const auto times = each == 0 ? 0 : deal.available(account, from) / each;
    if (times < 1) continue;
    std::int64_t given = 0;
    if (__builtin_mul_overflow(times, gives, &given)) {
      return refuse_transaction("transaction.overflow");
    }
    CHECK_OK(deal.spend(account, from, times * each));
    deal.post(account, to, given);
  }
  if (deal.made.legs.empty()) return refuse_transaction("transaction.nothing_to_do");
  return {};
}

Status expire_points(Deal& deal) {
  const auto found = deal.books.holdings().ages.find(deal.programme);
  if (!deal.rules.point_years || found == deal.books.holdings().ages.end()) {
    return refuse_transaction("transaction.points_do_not_end");
  }
  const auto& accounts = deal.books.accounts();
  const auto& ages = found->second.ages;
  for (auto account = ages.next_due({0});
       account.value < accounts.size() && deal.made.legs.size() < legs_max;
       account = ages.next_due({account.value + 1})) {
    const auto& holder = accounts.holder(account);
    if (holder.programme != deal.programme || holder.state != ledger::Holder::State::open) continue;
    const auto due = ages.due(account, deal.available(account, Asset::points));
    if (due > 0) deal.post(account, Asset::points, -due);
  }
  if (deal.made.legs.empty()) return refuse_transaction("transaction.nothing_to_do");
  return {};
}

}  // namespace partake::books
