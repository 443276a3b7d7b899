// Transactions with amounts: transfer, hold, release, split, close, reverse.
#include <algorithm>
#include <set>

#include "base/quantity.h"
#include "books/deal.h"
#include "ledger/amount.h"
#include "ledger/split.h"

namespace partake::books {
namespace {

using ledger::Asset;

Asset asset_named(const std::string& name) { return *ledger::asset_of(name); }

// One side of a flow: an account, or nobody of these books.
Result<std::optional<AccountIndex>> side_of(Deal& deal, const char* field,
                                            const std::vector<std::string>& parties) {
  const auto has = [&](std::string_view name) {
    return std::find(parties.begin(), parties.end(), name) != parties.end();
  };
  const auto given = deal.data.optional_text(field);
  const auto name = given.empty() && parties.size() == 1 ? parties.front() : given;
  if (name.empty() || name == programme::party_any) {
    deal.data.refuse("transaction.field_missing", {{"field", field}});
    return std::nullopt;
  }
  if (name == programme::party_outside && has(name)) return std::nullopt;
  const auto account = deal.data.account_named(field, name);
  if (!deal.data.is_good() || has(programme::party_any)) return account;
  const bool allowed = std::any_of(parties.begin(), parties.end(), [&](const std::string& party) {
    return deal.books.holdings().party(deal.named(party)) == account;
  });
  if (allowed) return account;
  return refuse_transaction("transaction.party_not_allowed", {{"field", field}, {"party", name}});
}

Result<const ledger::Hold*> open_hold(Deal& deal, ledger::HoldNumber number) {
  const auto* hold = deal.books.holdings().holds.find(number);
  const bool ours = hold != nullptr && hold->account &&
                    hold->account->value < deal.books.accounts().size() &&
                    deal.books.accounts().holder(*hold->account).programme == deal.programme;
  // One that ends in the block's day is open in it.
  if (ours && hold->until >= deal.today()) return hold;
  return refuse_transaction("transaction.hold_not_open", {{"hold", std::to_string(number)}});
}

// Error transaction.more_than_held.
Status take(Deal& deal, ledger::HoldNumber number, const ledger::Hold& hold, std::int64_t amount) {
  if (amount > hold.left) {
    return refuse_transaction("transaction.more_than_held",
                              {{"hold", std::to_string(number)},
                               {"asked", std::to_string(amount)},
                               {"left", std::to_string(hold.left)},
                               {"unit", ledger::unit_of(hold.asset)}});
  }
  deal.made.changes.emplace_back(HoldTaken{number, amount});
  return {};
}

// Sets aside what the account has been found to have; `placed` says what, by which rule and until
// when.
void set_aside(Deal& deal, AccountIndex account, std::optional<AccountIndex> payee,
               HoldPlaced placed) {
  placed.hold = deal.books.holdings().holds.count();
  placed.leg = deal.leg(account);
  if (payee) placed.payee = deal.leg(*payee);
  deal.made.changes.emplace_back(std::move(placed));
}

// Who approved is not kept with a hold, so one without a payee pays none of those who might have.
Status check_no_approver(Deal& deal, const std::string& rule, AccountIndex to) {
  TRY(const auto* hold, deal.rule(deal.rules.holds, "rule", rule));
  for (const auto& party : hold->approvers) {
    if (deal.books.holdings().party(deal.named(party)) == to) {
      return refuse_transaction("transaction.approves_own", {{"party", party}});
    }
  }
  return {};
}

Status take_from_hold(Deal& deal, const programme::Flow& flow, AccountIndex from,
                      std::optional<AccountIndex> to, std::int64_t amount) {
  const auto number = deal.data.whole("hold");
  if (!deal.data.is_good()) return {};
  TRY(const auto* hold, open_hold(deal, number));
  const bool fits = hold->by == ledger::HeldBy::rule && hold->rule == flow.held_by &&
                    hold->account == from && hold->asset == asset_named(flow.asset) &&
                    (!hold->payee || hold->payee == to);
  if (!fits) {
    return refuse_transaction("transaction.other_hold",
                              {{"hold", std::to_string(number)}, {"rule", hold->rule}});
  }
  if (!hold->payee && to) CHECK_OK(check_no_approver(deal, flow.held_by, *to));
  CHECK_OK(take(deal, number, *hold, amount));
  // What was set aside may have been reversed since.
  CHECK_OK(deal.check_balance(from, hold->asset, amount));
  deal.post(from, hold->asset, -amount);
  return {};
}

// Names of approving parties, as a programme asks for them.
Status check_approvals(Deal& deal, const programme::HoldRule& rule,
                       std::optional<AccountIndex> payee, const std::vector<std::string>& given) {
  std::set<std::uint64_t> distinct;  // Who has two roles agrees once.
  for (const auto& party : given) {
    const auto& known = rule.approvers;
    const auto account = deal.books.holdings().party(deal.named(party));
    if (std::find(known.begin(), known.end(), party) == known.end() || !account) {
      return refuse_transaction("transaction.not_an_approver", {{"party", party}});
    }
    if (payee && account == payee) {
      return refuse_transaction("transaction.approves_own", {{"party", party}});
    }
    distinct.insert(account->value);
  }
  if (static_cast<std::int64_t>(distinct.size()) >= rule.approvals) return {};
  return refuse_transaction(
      "transaction.approvals_missing",
      {{"needed", std::to_string(rule.approvals)}, {"given", std::to_string(distinct.size())}});
}

bool is_period(const std::string& text) {
  constexpr std::size_t bytes_max = 32;
  return !text.empty() && text.size() <= bytes_max &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '-' || c == '.' || c == '_';
         });
}

Result<std::string> period_of(Deal& deal, const char* key) {
  auto period = deal.data.text(key);
  if (!deal.data.is_good() || is_period(period)) return period;
  return refuse_transaction("transaction.bad_period", {{"period", period}});
}

Status check_open(const Deal& deal, const std::string& split, const std::string& period) {
  const auto* known = deal.books.holdings().period(deal.named(split), period);
  if (known == nullptr || !known->closed) return {};
  return refuse_transaction("transaction.period_closed", {{"split", split}, {"period", period}});
}

// What is measured, at its price: rounded half to even to the smallest unit.
std::optional<std::int64_t> worth(std::int64_t quantity, Asset measured, const Quantity& price,
                                  Asset asset) {
  const auto unit =
      parse_unit(std::string{ledger::unit_of(asset)} + "/" + ledger::unit_of(measured));
  const auto each = unit ? convert(price, *unit) : Result<Rational>{Rational{}};
  const auto whole = each ? each->times(Rational::whole(quantity)) : std::nullopt;
  const auto rounded = whole ? round_half_even(*whole, 0) : std::nullopt;
  const auto value = rounded ? to_rational(*rounded) : std::nullopt;
  if (!value || value->numerator() > std::int64_t{1} << 62U) return std::nullopt;
  return static_cast<std::int64_t>(value->numerator());
}

struct Asked {
  const programme::SplitRule* rule = nullptr;
  std::int64_t amount = 0;
  std::int64_t quantity = 0;  // With a price.
};

Result<Asked> amount_asked(Deal& deal, const programme::SplitRule& rule) {
  Asked asked{&rule};
  const auto asset = asset_named(rule.asset);
  if (!rule.price) {
    asked.amount = deal.data.amount("amount", asset);
    return asked;
  }
  const auto measured = asset_named(rule.settles);
  asked.quantity = deal.data.amount("quantity", measured);
  if (!deal.data.is_good()) return asked;
  const auto amount = worth(asked.quantity, measured, *rule.price, asset);
  if (!amount || *amount == 0) {
    return refuse_transaction("transaction.bad_amount", {{"field", "quantity"},
                                                         {"value", std::to_string(asked.quantity)},
                                                         {"unit", ledger::unit_of(measured)}});
  }
  asked.amount = *amount;
  return asked;
}

// The first form of the split whose conditions hold.
Result<Asked> find_split(Deal& deal, const std::string& id) {
  bool known = false;
  for (const auto& rule : deal.rules.splits) {
    if (rule.id != id) continue;
    known = true;
    if (!rule.valid.contains(deal.day())) continue;
    TRY(const auto asked, amount_asked(deal, rule));
    if (!deal.data.is_good()) return asked;
    const auto least =
        rule.at_least ? ledger::whole_in(*rule.at_least, asset_named(rule.asset)) : 0;
    if (asked.amount >= least.value_or(0)) return asked;
  }
  if (!known) {
    return refuse_transaction("transaction.unknown_rule", {{"field", "split"}, {"name", id}});
  }
  return refuse_transaction("transaction.no_split_fits",
                            {{"split", id}, {"day", to_string(deal.day())}});
}

Status limit_by_period(const Deal& deal, Asked& asked, const std::string& period) {
  const auto& rule = *asked.rule;
  if (!rule.most) return {};
  const auto asset = asset_named(rule.asset);
  const auto* known = deal.books.holdings().period(deal.named(rule.id), period);
  const auto left = Int128{ledger::whole_in(*rule.most, asset).value_or(0)} -
                    (known == nullptr ? 0 : known->amount);
  if (left <= 0) {
    return refuse_transaction("transaction.period_used_up",
                              {{"split", rule.id}, {"period", period}});
  }
  if (asked.amount > left) asked.amount = static_cast<std::int64_t>(left);
  return {};
}

Result<AccountIndex> account_of_share(
    Deal& deal, const programme::Share& share,
    const std::vector<std::pair<std::string, AccountIndex>>& given) {
  const auto named = std::find_if(given.begin(), given.end(),
                                  [&](const auto& entry) { return entry.first == share.party; });
  if (share.named) {
    if (named != given.end()) return named->second;
    return refuse_transaction("transaction.party_not_named", {{"party", share.party}});
  }
  if (named != given.end()) {
    return refuse_transaction("transaction.party_not_allowed",
                              {{"field", "accounts"}, {"party", share.party}});
  }
  const auto account = deal.books.holdings().party(deal.named(share.party));
  if (account) return *account;
  return refuse_transaction("transaction.unknown_party",
                            {{"field", "split"}, {"party", share.party}});
}

// What an earlier transaction posted, the other way round.
Status reverse_legs(Deal& deal, std::uint64_t record, std::uint64_t count) {
  for (auto number = record + 1; number <= record + count; ++number) {
    TRY(const auto bytes, deal.finder.bytes_of(number));
    std::string_view rest{bytes};
    TRY(const auto stored, journal::take_record(rest));
    const auto body = stored.erased ? std::string_view{} : stored.body();
    TRY(const auto leg, parse_leg(stored.open, body, number));
    if (!leg.account) {
      return refuse_transaction("transaction.erased", {{"record", std::to_string(record)}});
    }
    deal.leg(*leg.account);  // What a split settled is freed again; the passbook says so.
    for (const auto& [asset, amount] : leg.amounts) deal.post(*leg.account, asset, -amount);
  }
  return {};
}

Status reverse_changes(Deal& deal, const Transaction& earlier) {
  for (const auto& change : earlier.changes) {
    if (const auto* done = std::get_if<SplitDone>(&change)) {
      auto back = *done;
      if (deal.data.has("period")) back.period = deal.data.text("period");
      if (!is_period(back.period)) {
        return refuse_transaction("transaction.bad_period", {{"period", back.period}});
      }
      CHECK_OK(check_open(deal, back.split, back.period));
      for (auto& [party, amount] : back.shares) amount = -amount;
      deal.made.changes.emplace_back(std::move(back));
    } else if (const auto* placed = std::get_if<HoldPlaced>(&change)) {
      // What it had settled is open again.
      const auto* hold = deal.books.holdings().holds.find(placed->hold);
      if (hold != nullptr) deal.made.changes.emplace_back(HoldTaken{placed->hold, hold->left});
    }
  }
  return {};
}

}  // namespace

Status transfer(Deal& deal) {
  const auto id = deal.data.text("flow");
  if (!deal.data.is_good()) return {};
  TRY(const auto* flow, deal.rule(deal.rules.flows, "flow", id));
  const auto asset = asset_named(flow->asset);
  const auto amount = deal.data.amount("amount", asset);
  deal.data.optional_text("reference");
  TRY(const auto from, side_of(deal, "from", flow->from));
  TRY(const auto to, side_of(deal, "to", flow->to));
  if (!deal.data.is_good()) return {};
  if (from == to) return refuse_transaction("transaction.same_account");
  if (!flow->held_by.empty()) {
    if (!from) return refuse_transaction("transaction.field_missing", {{"field", "from"}});
    CHECK_OK(take_from_hold(deal, *flow, *from, to, amount));
  } else if (from) {
    CHECK_OK(deal.spend(*from, asset, amount));
  }
  if (to) deal.post(*to, asset, amount);
  return {};
}

Status place_hold(Deal& deal) {
  const auto id = deal.data.text("rule");
  if (!deal.data.is_good()) return {};
  TRY(const auto* rule, deal.rule(deal.rules.holds, "rule", id));
  const auto asset = asset_named(rule->asset);
  const auto amount = deal.data.amount("amount", asset);
  TRY(const auto account, side_of(deal, "account", rule->of));
  const auto payee = deal.data.optional_account("payee");
  const auto last = deal.today() + std::chrono::days{rule->days};
  const auto until = deal.data.optional_until("until").value_or(last);
  const auto approvals = deal.data.texts("approvals");
  deal.data.optional_text("reference");
  if (!deal.data.is_good()) return {};
  if (!account) return refuse_transaction("transaction.field_missing", {{"field", "account"}});
  if (until < deal.today() || until > last) {
    return refuse_transaction("transaction.bad_until",
                              {{"until", to_string(until)}, {"last", to_string(last)}});
  }
  if (payee == account) return refuse_transaction("transaction.same_account");
  CHECK_OK(check_approvals(deal, *rule, payee, approvals));
  CHECK_OK(deal.check_available(*account, asset, amount));
  CHECK_OK(deal.check_consent(*account));
  set_aside(deal, *account, payee,
            {.rule = rule->id, .asset = asset, .amount = amount, .until = until});
  return {};
}

Status release_hold(Deal& deal) {
  const auto number = deal.data.whole("hold");
  if (!deal.data.is_good()) return {};
  TRY(const auto* hold, open_hold(deal, number));
  // What was settled stays settled, and what is doubted waits for a decision.
  if (hold->by != ledger::HeldBy::rule) {
    return refuse_transaction("transaction.hold_not_by_rule",
                              {{"hold", std::to_string(number)}, {"rule", hold->rule}});
  }
  const auto amount = deal.data.optional_amount("amount", hold->asset).value_or(hold->left);
  deal.data.optional_text("reference");
  if (!deal.data.is_good()) return {};
  deal.leg(*hold->account);
  return take(deal, number, *hold, amount);
}

Status share(Deal& deal) {
  const auto id = deal.data.text("split");
  TRY(const auto period, period_of(deal, "period"));
  const auto given = deal.data.accounts("accounts");
  deal.data.optional_text("reference");
  if (!deal.data.is_good()) return {};
  TRY(auto asked, find_split(deal, id));
  if (!deal.data.is_good()) return {};
  const auto& rule = *asked.rule;
  CHECK_OK(check_open(deal, id, period));
  CHECK_OK(limit_by_period(deal, asked, period));
  const auto asset = asset_named(rule.asset);
  if (rule.from != programme::party_outside) {
    const auto from = deal.books.holdings().party(deal.named(rule.from));
    if (!from) {
      return refuse_transaction("transaction.unknown_party",
                                {{"field", "split"}, {"party", rule.from}});
    }
    CHECK_OK(deal.spend(*from, asset, asked.amount));
  }
  for (const auto& entry : given) {
    const bool known = std::any_of(rule.shares.begin(), rule.shares.end(),
                                   [&](const auto& part) { return part.party == entry.first; });
    if (known) continue;
    return refuse_transaction("transaction.party_not_allowed",
                              {{"field", "accounts"}, {"party", entry.first}});
  }
  std::vector<Rational> parts;
  for (const auto& part : rule.shares) parts.push_back(part.part);
  const auto amounts = ledger::split(asked.amount, parts);
  SplitDone done{id, period, {}};
  for (std::size_t at = 0; at < amounts.size(); ++at) {
    TRY(const auto account, account_of_share(deal, rule.shares[at], given));
    deal.post(account, asset, amounts[at]);
    done.shares.emplace_back(rule.shares[at].party, amounts[at]);
  }
  deal.made.changes.emplace_back(std::move(done));
  if (!rule.price) return {};
  const auto settled = deal.books.holdings().party(deal.named(rule.settled_party));
  if (!settled) {
    return refuse_transaction("transaction.unknown_party",
                              {{"field", "split"}, {"party", rule.settled_party}});
  }
  const auto measured = asset_named(rule.settles);
  CHECK_OK(deal.check_available(*settled, measured, asked.quantity));
  set_aside(deal, *settled, std::nullopt,
            {.rule = id, .asset = measured, .amount = asked.quantity, .until = day_max});
  return {};
}

Status close_period(Deal& deal) {
  const auto id = deal.data.text("split");
  TRY(const auto period, period_of(deal, "period"));
  if (!deal.data.is_good()) return {};
  TRY(const auto* rule, deal.rule(deal.rules.splits, "split", id));
  CHECK_OK(check_open(deal, rule->id, period));
  if (deal.books.holdings().period(deal.named(id), period) == nullptr) {
    return refuse_transaction("transaction.nothing_to_do");
  }
  deal.made.changes.emplace_back(PeriodClosed{id, period});
  return {};
}

Status reverse(Deal& deal) {
  const auto record = deal.data.whole("record");
  deal.data.text("reason");
  if (!deal.data.is_good()) return {};
  const auto name = [&] { return Args{{"record", std::to_string(record)}}; };
  TRY(const auto bytes, deal.finder.bytes_of(record));
  std::string_view rest{bytes};
  TRY(const auto stored, journal::take_record(rest));
  if (static_cast<Kind>(stored.open[0]) != Kind::transaction) {
    return refuse_transaction("transaction.not_reversible", name());
  }
  TRY(const auto earlier, parse_transaction(stored.open));
  const bool reversible =
      earlier.action == "transfer" || earlier.action == "split" || earlier.action == "convert";
  if (!reversible || earlier.programme != deal.made.programme) {
    return refuse_transaction("transaction.not_reversible", name());
  }
  if (deal.books.is_reversed(record)) {
    return refuse_transaction("transaction.reversed_before", name());
  }
  deal.made.changes.emplace_back(Reversed{record});
  CHECK_OK(reverse_legs(deal, record, earlier.leg_count));
  return reverse_changes(deal, earlier);
}

}  // namespace partake::books
