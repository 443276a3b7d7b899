#include "books/deal.h"

#include <limits>

namespace partake::books {

tl::unexpected<Error> refuse_transaction(std::string code, Args args) {
  return fail(ErrorKind::invalid, std::move(code), std::move(args));
}

namespace {

Status check_enough(AccountIndex account, ledger::Asset asset, std::int64_t amount,
                    std::int64_t left) {
  if (amount <= left) return {};
  return refuse_transaction("transaction.not_enough", {{"account", ledger::to_string(account)},
                                                       {"asset", ledger::name_of(asset)},
                                                       {"asked", std::to_string(amount)},
                                                       {"available", std::to_string(left)},
                                                       {"unit", ledger::unit_of(asset)}});
}

}  // namespace

Deal::Deal(const Books& all, RecordFinder& found, const Instruction& asked)
    : books{all},
      finder{found},
      instruction{asked},
      programme{all.rulebook().streams[asked.stream].programme},
      edition{*all.rulebook().programmes[programme].editions.back()},
      rules{edition.scheme().dealings},
      data{asked.data, all, programme} {
  made.action = asked.action;
  made.programme = all.rulebook().programmes[programme].id;
}

LegNumber Deal::leg(AccountIndex account) {
  const auto number = static_cast<LegNumber>(made.legs.size());
  const auto [entry, is_new] = legs_.try_emplace(account.value, number);
  if (is_new) {
    Leg leg;
    leg.account = account;
    if (account.value < books.accounts().size()) {
      leg.previous = books.accounts().holder(account).last_record;
    }
    made.legs.push_back(std::move(leg));
  }
  return entry->second;
}

void Deal::post(AccountIndex account, ledger::Asset asset, std::int64_t amount) {
  if (amount == 0) return static_cast<void>(leg(account));
  auto& amounts = made.legs[leg(account)].amounts;
  for (auto& [known, sum] : amounts) {
    if (known != asset) continue;
    // Beyond 64 bits it would be refused anyway; check_legs sees it at the end.
    if (__builtin_add_overflow(sum, amount, &sum)) {
      sum = amount < 0 ? std::numeric_limits<std::int64_t>::min()
                       : std::numeric_limits<std::int64_t>::max();
    }
    return;
  }
  amounts.emplace_back(asset, amount);
}

std::int64_t Deal::available(AccountIndex account, ledger::Asset asset) const {
  if (account.value >= books.accounts().size()) return 0;
  return books.accounts().balance(asset, account) - books.holdings().holds.held(account, asset);
}

Status Deal::check_available(AccountIndex account, ledger::Asset asset, std::int64_t amount) const {
  return check_enough(account, asset, amount, available(account, asset));
}

Status Deal::check_balance(AccountIndex account, ledger::Asset asset, std::int64_t amount) const {
  return check_enough(account, asset, amount, books.accounts().balance(asset, account));
}

Status Deal::spend(AccountIndex account, ledger::Asset asset, std::int64_t amount) {
  CHECK_OK(check_available(account, asset, amount));
  CHECK_OK(check_consent(account));
  post(account, asset, -amount);
  return {};
}

Status Deal::check_consent(AccountIndex account) const {
  if (account.value >= books.accounts().size()) {
    return fail(ErrorKind::not_found, "account.unknown", {{"account", ledger::to_string(account)}});
  }
  for (const auto& [name, party] : books.holdings().parties) {
    if (name.first == programme && party == account) return {};
  }
  const auto& stream = books.rulebook().streams[instruction.stream];
  const auto consents = books.accounts().holder(account).consents;
  if (books.consents().allows(consents, stream.source_number, purpose_spend, today())) return {};
  return refuse_transaction("transaction.no_consent",
                            {{"account", ledger::to_string(account)}, {"source", stream.source}});
}

Status Deal::check_legs() const {
  using State = ledger::Holder::State;
  if (made.legs.size() > legs_max || made.changes.size() > changes_max) {
    return refuse_transaction("transaction.too_many_accounts",
                              {{"limit", std::to_string(legs_max)}});
  }
  for (const auto& leg : made.legs) {
    const auto account = *leg.account;
    const auto name = ledger::to_string(account);
    if (account.value >= books.accounts().size()) {
      return fail(ErrorKind::not_found, "account.unknown", {{"account", name}});
    }
    const auto& holder = books.accounts().holder(account);
    if (holder.programme != programme) {
      return refuse_transaction("transaction.other_programme", {{"account", name}});
    }
    if (holder.state != State::open) {
      return refuse_transaction("transaction.account_not_open", {{"account", name}});
    }
  }
  if (!books.fits(made)) return refuse_transaction("transaction.overflow");
  return {};
}

}  // namespace partake::books
