// Transactions with units that have serial numbers.
#include "books/deal.h"
#include "ledger/amount.h"
#include "ledger/split.h"

namespace partake::books {
namespace {

using ledger::UnitRun;
using ledger::UnitState;

Result<const programme::UnitClass*> class_of(Deal& deal) {
  const auto id = deal.data.text("units");
  if (!deal.data.is_good()) return nullptr;
  return deal.rule(deal.rules.units, "units", id);
}

std::int32_t vintage_of(Deal& deal, bool required) {
  if (!required && !deal.data.has("vintage")) return 0;
  const auto year = deal.data.whole("vintage");
  constexpr std::uint64_t year_min = 1990;
  constexpr std::uint64_t year_max = 2199;
  if (deal.data.is_good() && (year < year_min || year > year_max)) {
    deal.data.refuse("transaction.bad_count",
                     {{"field", "vintage"}, {"value", std::to_string(year)}});
  }
  return static_cast<std::int32_t>(year);
}

void issue(Deal& deal, AccountIndex account, UnitsIssued issued) {
  issued.leg = deal.leg(account);
  deal.made.changes.emplace_back(std::move(issued));
}

std::uint64_t next_number(const Deal& deal, const std::string& units) {
  const auto* known = deal.books.holdings().units_of(deal.named(units));
  return known == nullptr ? 1 : known->issued() + 1;
}

// Error transaction.too_many_units.
Status check_room(const Deal& deal, const std::string& units, std::uint64_t count) {
  if (count <= ledger::units_max - (next_number(deal, units) - 1)) return {};
  return refuse_transaction("transaction.too_many_units",
                            {{"units", units}, {"limit", std::to_string(ledger::units_max)}});
}

struct Selection {
  std::string units;
  AccountIndex account;
  UnitState from = UnitState::held;
  std::uint64_t count = 0;
  std::int32_t vintage = 0;
  std::optional<AccountIndex> creditor = {};  // Only what is pledged to that one.
};

// Error transaction.not_enough_units.
Result<std::vector<UnitRun>> select(const Deal& deal, const Selection& selection) {
  const auto* units = deal.books.holdings().units_of(deal.named(selection.units));
  std::vector<UnitRun> runs;
  if (units != nullptr) {
    runs = units->lowest(selection.account, selection.from, selection.count, selection.vintage,
                         selection.creditor);
  }
  if (!runs.empty()) return runs;
  return refuse_transaction("transaction.not_enough_units",
                            {{"account", ledger::to_string(selection.account)},
                             {"units", selection.units},
                             {"state", ledger::name_of(selection.from)},
                             {"asked", std::to_string(selection.count)}});
}

Status change(Deal& deal, const Selection& selection, UnitState to,
              std::optional<AccountIndex> owner, std::optional<AccountIndex> creditor = {}) {
  TRY(const auto runs, select(deal, selection));
  std::optional<LegNumber> leg;
  std::optional<LegNumber> other;
  deal.leg(selection.account);
  if (owner) leg = deal.leg(*owner);
  if (creditor) other = deal.leg(*creditor);
  for (const auto& run : runs) {
    deal.made.changes.emplace_back(
        UnitsChanged{selection.units, run.first, run.last, to, leg, other});
  }
  return {};
}

Result<Selection> selection_of(Deal& deal, UnitState from) {
  Selection selection;
  TRY(const auto* units, class_of(deal));
  if (units == nullptr) return selection;
  selection.units = units->id;
  selection.account = deal.data.account("account");
  selection.from = from;
  selection.count = deal.data.count("count");
  selection.vintage = vintage_of(deal, false);
  return selection;
}

// For whom and why units are used up.
void read_purpose(Deal& deal) {
  deal.data.text("beneficiary");
  deal.data.text("reason");
}

}  // namespace

Status issue_units(Deal& deal) {
  TRY(const auto* units, class_of(deal));
  if (units == nullptr) return {};
  const auto account = deal.data.account("account");
  const auto count = deal.data.count("count");
  const auto vintage = vintage_of(deal, true);
  deal.data.text("reference");
  if (!deal.data.is_good()) return {};
  if (!units->pool.empty()) {
    return refuse_transaction("transaction.only_pooled", {{"units", units->id}});
  }
  CHECK_OK(check_room(deal, units->id, count));
  const auto first = next_number(deal, units->id);
  auto kept = std::uint64_t{0};
  if (units->buffer.numerator() > 0) {
    const auto rest =
        Rational::whole(1).plus(Rational{-units->buffer.numerator(), units->buffer.denominator()});
    if (rest && rest->numerator() > 0) {
      const std::vector<Rational> shares{*rest, units->buffer};
      kept = static_cast<std::uint64_t>(ledger::split(static_cast<std::int64_t>(count), shares)[1]);
    } else {
      kept = count;
    }
  }
  if (count > kept) {
    issue(deal, account, {units->id, first, count - kept, vintage, UnitState::held});
  }
  if (kept > 0) {
    issue(deal, account, {units->id, first + count - kept, kept, vintage, UnitState::buffer});
  }
  return {};
}

Status pool_units(Deal& deal) {
  TRY(const auto* units, class_of(deal));
  if (units == nullptr) return {};
  const auto account = deal.data.account("account");
  const auto vintage = vintage_of(deal, true);
  if (!deal.data.is_good()) return {};
  const auto asset = ledger::asset_of(units->pool);
  const auto each = asset ? ledger::whole_in(units->unit, *asset) : std::nullopt;
  if (!each || *each == 0) {
    return refuse_transaction("transaction.not_pooled", {{"units", units->id}});
  }
  // What is left over stays in the account for the next time.
  const auto count = deal.available(account, *asset) / *each;
  if (count < 1) {
    return refuse_transaction("transaction.not_enough",
                              {{"account", ledger::to_string(account)},
                               {"asset", units->pool},
                               {"asked", std::to_string(*each)},
                               {"available", std::to_string(deal.available(account, *asset))},
                               {"unit", ledger::unit_of(*asset)}});
  }
  CHECK_OK(check_room(deal, units->id, static_cast<std::uint64_t>(count)));
  CHECK_OK(deal.spend(account, *asset, count * *each));
  issue(deal, account,
        {units->id, next_number(deal, units->id), static_cast<std::uint64_t>(count), vintage,
         UnitState::held});
  return {};
}

Status move_units(Deal& deal) {
  TRY(const auto selection, selection_of(deal, UnitState::held));
  const auto to = deal.data.account("to");
  deal.data.optional_text("reference");
  if (!deal.data.is_good()) return {};
  if (to == selection.account) return refuse_transaction("transaction.same_account");
  CHECK_OK(deal.check_consent(selection.account));
  return change(deal, selection, UnitState::held, to);
}

Status pledge_units(Deal& deal) {
  TRY(const auto selection, selection_of(deal, UnitState::held));
  const auto creditor = deal.data.account("creditor");
  deal.data.optional_text("reference");
  if (!deal.data.is_good()) return {};
  if (creditor == selection.account) return refuse_transaction("transaction.same_account");
  CHECK_OK(deal.check_consent(selection.account));
  return change(deal, selection, UnitState::pledged, selection.account, creditor);
}

Status unpledge_units(Deal& deal) {
  TRY(auto selection, selection_of(deal, UnitState::pledged));
  selection.creditor = deal.data.account("creditor");
  deal.data.optional_text("reference");
  if (!deal.data.is_good()) return {};
  CHECK_OK(deal.check_consent(*selection.creditor));
  deal.leg(*selection.creditor);
  return change(deal, selection, UnitState::held, selection.account);
}

Status call_units(Deal& deal) {
  TRY(auto selection, selection_of(deal, UnitState::pledged));
  selection.creditor = deal.data.account("creditor");
  deal.data.text("reason");
  if (!deal.data.is_good()) return {};
  return change(deal, selection, UnitState::held, selection.creditor);
}

Status retire_units(Deal& deal) {
  TRY(const auto selection, selection_of(deal, UnitState::held));
  read_purpose(deal);
  if (!deal.data.is_good()) return {};
  CHECK_OK(deal.check_consent(selection.account));
  return change(deal, selection, UnitState::retired, std::nullopt);
}

Status sell_units(Deal& deal) {
  TRY(const auto* units, class_of(deal));
  if (units == nullptr) return {};
  const auto seller = deal.data.account("account");
  const auto paid = deal.data.amount("paid", ledger::Asset::money);
  const auto buyer = deal.data.optional_account("buyer");
  const auto vintage = vintage_of(deal, false);
  read_purpose(deal);
  if (!deal.data.is_good()) return {};
  const auto price =
      units->price ? convert(*units->price, *parse_unit("fen")) : Result<Rational>{Rational{}};
  if (!price || price->numerator() <= 0) {
    return refuse_transaction("transaction.no_price", {{"units", units->id}});
  }
  // As many whole units as the money buys; a part of a unit is nobody's.
  const auto exact = Rational::whole(paid).over(*price);
  const auto count = exact ? exact->numerator() / exact->denominator() : 0;
  if (count < 1 || count > Int128{ledger::units_max}) {
    return refuse_transaction(
        "transaction.buys_nothing",
        {{"paid", std::to_string(paid)}, {"unit", "fen"}, {"units", units->id}});
  }
  CHECK_OK(deal.check_consent(seller));
  if (buyer) deal.leg(*buyer);
  deal.post(seller, ledger::Asset::money, paid);
  return change(deal,
                {units->id, seller, UnitState::held, static_cast<std::uint64_t>(count), vintage},
                UnitState::retired, std::nullopt);
}

Status cancel_units(Deal& deal) {
  const auto state = deal.data.optional_text("state");
  const auto from = ledger::unit_state_of(state.empty() ? "held" : state);
  if (!from || (*from != UnitState::held && *from != UnitState::buffer)) {
    return refuse_transaction("transaction.illegal_change",
                              {{"what", "units"}, {"from", state}, {"to", "cancelled"}});
  }
  TRY(const auto selection, selection_of(deal, *from));
  deal.data.text("reason");
  if (!deal.data.is_good()) return {};
  CHECK_OK(deal.check_consent(selection.account));
  return change(deal, selection, UnitState::cancelled, std::nullopt);
}

Status buffer_units(Deal& deal) {
  TRY(const auto selection, selection_of(deal, UnitState::held));
  deal.data.text("reason");
  if (!deal.data.is_good()) return {};
  CHECK_OK(deal.check_consent(selection.account));
  return change(deal, selection, UnitState::buffer, selection.account);
}

Status unbuffer_units(Deal& deal) {
  TRY(const auto selection, selection_of(deal, UnitState::buffer));
  deal.data.text("reason");
  if (!deal.data.is_good()) return {};
  return change(deal, selection, UnitState::held, selection.account);
}

}  // namespace partake::books
