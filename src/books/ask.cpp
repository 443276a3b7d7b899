#include "books/ask.h"

#include <algorithm>

namespace partake::books {
namespace {

class Question {
 public:
  Question(const Books& books, ledger::ProgrammeIndex programme,
           const intake::BooksQuestion& question)
      : books_{books}, programme_{programme}, question_{question} {}

  Result<Quantity> answer() {
    if (!question_.split.empty()) return shared();
    for (const auto& name : question_.of) {
      TRY(const auto account, account_of(name));
      accounts_.push_back(account);
    }
    if (!question_.hold.empty()) return set_aside();
    if (!question_.units.empty()) return units();
    if (!question_.reward.empty()) return orders();
    return balances();
  }

 private:
  static Quantity count_of(Int128 count) { return {Decimal{count, 0}, Unit{}}; }
  static Quantity amount_of(ledger::Asset asset, Int128 amount) {
    return {Decimal{amount, 0}, parse_unit(ledger::unit_of(asset)).value_or(Unit{})};
  }
  static tl::unexpected<Error> unknown(const char* code, const std::string& name) {
    return fail(ErrorKind::not_found, code, {{"name", name}});
  }

  [[nodiscard]] Result<AccountIndex> account_of(const std::string& name) const {
    if (const auto party = books_.holdings().party({programme_, name})) return *party;
    if (is_dotted_name(name)) return unknown("ask.unknown_party", name);
    TRY(const auto account, books_.account(name));
    if (books_.accounts().holder(account).programme == programme_) return account;
    return fail(ErrorKind::invalid, "transaction.other_programme", {{"account", name}});
  }

  [[nodiscard]] Result<Quantity> balances() const {
    const auto asset = ledger::asset_of(question_.asset);
    if (!asset) return unknown("ask.unknown_asset", question_.asset);
    Int128 sum = 0;
    const auto add = [&](AccountIndex account) {
      sum += books_.accounts().balance(*asset, account);
    };
    if (!question_.group.empty()) {
      bool known = false;
      for (const auto& group : books_.holdings().groups) {
        if (group.programme != programme_ || group.name != question_.group) continue;
        known = true;
        for (auto at = group.first; at < group.first + group.count; ++at) add({at});
      }
      if (!known) return unknown("ask.unknown_group", question_.group);
    } else if (question_.of.empty()) {
      sum = -books_.accounts().issued(*asset, programme_);
    } else {
      std::for_each(accounts_.begin(), accounts_.end(), add);
    }
    return amount_of(*asset, sum);
  }

  [[nodiscard]] bool is_asked(const std::optional<AccountIndex>& account) const {
    return accounts_.empty() ||
           (account && std::find(accounts_.begin(), accounts_.end(), *account) != accounts_.end());
  }

  [[nodiscard]] Result<Quantity> set_aside() const {
    std::optional<ledger::Asset> asset;
    for (const auto& edition : books_.rulebook().programmes[programme_].editions) {
      for (const auto& rule : edition->scheme().dealings.holds) {
        if (rule.id == question_.hold) asset = ledger::asset_of(rule.asset);
      }
      // What a split settled is set aside under the split's name.
      for (const auto& rule : edition->scheme().dealings.splits) {
        if (rule.id == question_.hold) asset = ledger::asset_of(rule.settles);
      }
    }
    if (!asset) return unknown("ask.unknown_hold", question_.hold);
    Int128 sum = 0;
    for (const auto& [number, hold] : books_.holdings().holds.open()) {
      if (hold.rule == question_.hold && hold.asset == *asset && is_asked(hold.account)) {
        sum += hold.left;
      }
    }
    return amount_of(*asset, sum);
  }

  [[nodiscard]] Result<Quantity> shared() const {
    const NamedIn name{programme_, question_.split};
    const auto asset = asset_of_split(books_, name);
    if (!asset) return unknown("ask.unknown_split", question_.split);
    const auto* period = books_.holdings().period(name, question_.period);
    if (period == nullptr) return unknown("ask.unknown_period", question_.period);
    if (question_.of.empty()) return amount_of(*asset, period->amount);
    Int128 sum = 0;
    for (const auto& party : question_.of) {
      const auto part = period->by_party.find(party);
      if (part == period->by_party.end()) return unknown("ask.unknown_party", party);
      sum += part->second;
    }
    return amount_of(*asset, sum);
  }

  [[nodiscard]] Result<Quantity> units() const {
    const auto* units = books_.holdings().units_of({programme_, question_.units});
    if (units == nullptr) return unknown("ask.unknown_units", question_.units);
    if (question_.state == "issued") return count_of(static_cast<Int128>(units->issued()));
    const auto state = ledger::unit_state_of(question_.state);
    if (!state) return unknown("ask.unknown_state", question_.state);
    if (accounts_.empty()) return count_of(static_cast<Int128>(units->count(*state)));
    Int128 sum = 0;
    for (const auto account : accounts_) sum += static_cast<Int128>(units->count(account, *state));
    return count_of(sum);
  }

  [[nodiscard]] Result<Quantity> orders() const {
    const auto& orders = books_.holdings().orders;
    const auto reward = orders.find_reward(programme_, question_.reward);
    if (!reward) return unknown("ask.unknown_reward", question_.reward);
    const auto state = ledger::order_state_of(question_.state);
    if (!state) return unknown("ask.unknown_state", question_.state);
    return count_of(std::count_if(orders.all().begin(), orders.all().end(), [&](const auto& order) {
      return order.reward == *reward && order.state == *state && is_asked(order.account);
    }));
  }

  const Books& books_;
  ledger::ProgrammeIndex programme_;
  const intake::BooksQuestion& question_;
  std::vector<AccountIndex> accounts_;
};

}  // namespace

Result<Quantity> ask(const Books& books, ledger::ProgrammeIndex programme,
                     const intake::BooksQuestion& question) {
  return Question{books, programme, question}.answer();
}

std::optional<ledger::Asset> asset_of_split(const Books& books, const NamedIn& split) {
  std::optional<ledger::Asset> asset;
  for (const auto& edition : books.rulebook().programmes[split.first].editions) {
    for (const auto& rule : edition->scheme().dealings.splits) {
      if (rule.id == split.second) asset = ledger::asset_of(rule.asset);
    }
  }
  return asset;
}

}  // namespace partake::books
