#include "ledger/accounts.h"

#include <limits>
#include <map>
#include <random>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/unit.h"

using namespace partake;
using ledger::AccountIndex;
using ledger::Accounts;
using ledger::Asset;
using ledger::Holder;
using ledger::ProgrammeIndex;

namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
constexpr std::array<Asset, ledger::assets> all_assets{
    Asset::co2e, Asset::points, Asset::water, Asset::electricity, Asset::time, Asset::money};

Holder member_of(ProgrammeIndex programme) {
  Holder holder;
  holder.programme = programme;
  return holder;
}

bool adds_up(const Accounts& accounts, Asset asset) { return accounts.sum(asset) == 0; }

AccountIndex open_one(Accounts& accounts, ProgrammeIndex programme) {
  return accounts.open(member_of(programme), 1).value();
}

}  // namespace

TEST_CASE("accounts: assets have names and units that are read back") {
  for (const auto asset : all_assets) {
    CHECK_EQ(ledger::asset_of(ledger::name_of(asset)), asset);
    CHECK(parse_unit(ledger::unit_of(asset)).has_value());
  }
  CHECK_FALSE(ledger::asset_of("carbon").has_value());
  CHECK_FALSE(ledger::asset_of("").has_value());
}

TEST_CASE("accounts: whatever is posted, each asset adds up to zero") {
  CHECK(rc::check([] {
    std::mt19937_64 random{*rc::gen::arbitrary<std::uint64_t>()};
    Accounts accounts;
    std::map<std::pair<Asset, std::uint64_t>, std::int64_t> balances;
    std::map<std::pair<Asset, ProgrammeIndex>, std::int64_t> issued;
    std::map<std::pair<Asset, ProgrammeIndex>, std::int64_t> unnamed;
    for (int step = 0; step < 500; ++step) {
      const auto asset = all_assets[random() % all_assets.size()];
      const auto amount = static_cast<std::int64_t>(random() % 2'000'001) - 1'000'000;
      const auto programme = static_cast<ProgrammeIndex>(random() % 4);
      if (accounts.size() == 0 || random() % 10 == 0) {
        RC_ASSERT(accounts.open(member_of(programme), random() % 5 + 1).has_value());
      } else if (random() % 10 == 0) {
        accounts.post_unnamed(asset, programme, amount);
        unnamed[{asset, programme}] += amount;
        issued[{asset, programme}] -= amount;
      } else {
        const AccountIndex account{random() % accounts.size()};
        RC_ASSERT(accounts.fits(asset, account, amount));
        accounts.post(asset, account, amount);
        balances[{asset, account.value}] += amount;
        issued[{asset, accounts.holder(account).programme}] -= amount;
      }
    }
    for (const auto asset : all_assets) {
      RC_ASSERT(adds_up(accounts, asset));
      for (std::uint64_t at = 0; at < accounts.size(); ++at) {
        RC_ASSERT(accounts.balance(asset, {at}) == balances[std::pair(asset, at)]);
      }
      for (ProgrammeIndex programme = 0; programme < 5; ++programme) {
        RC_ASSERT(accounts.issued(asset, programme) == issued[std::pair(asset, programme)]);
        RC_ASSERT(accounts.unnamed(asset, programme) == unnamed[std::pair(asset, programme)]);
      }
    }
  }));
}

TEST_CASE("accounts: a balance and its issuance stop at 63 bits") {
  Accounts accounts;
  const auto account = open_one(accounts, 0);
  const auto other = open_one(accounts, 0);
  CHECK(accounts.fits(Asset::co2e, account, largest));
  // The issuance account would get 2^63.
  CHECK_FALSE(accounts.fits(Asset::co2e, account, smallest));
  CHECK(accounts.fits(Asset::co2e, account, smallest + 1));
  accounts.post(Asset::co2e, account, largest - 5);
  CHECK(accounts.fits(Asset::co2e, account, 5));
  CHECK_FALSE(accounts.fits(Asset::co2e, account, 6));
  // The other account has room, the issuance account has not: it ends at -2^63.
  CHECK(accounts.fits(Asset::co2e, other, 6));
  CHECK_FALSE(accounts.fits(Asset::co2e, other, 7));
  accounts.post(Asset::co2e, other, 6);
  CHECK_EQ(accounts.issued(Asset::co2e, 0), smallest);
  CHECK_FALSE(accounts.fits(Asset::co2e, other, 1));
  CHECK(accounts.fits(Asset::co2e, other, -1));
  CHECK(adds_up(accounts, Asset::co2e));
  // Other assets and other programmes are not in the way.
  CHECK(accounts.fits(Asset::water, other, largest));
  CHECK(accounts.fits(Asset::co2e, open_one(accounts, 1), largest));
}

TEST_CASE("accounts: sums of accounts that are full each add up all the same") {
  Accounts accounts;
  for (ProgrammeIndex programme = 0; programme < 4; ++programme) {
    accounts.post(Asset::time, open_one(accounts, programme), largest);
  }
  CHECK(adds_up(accounts, Asset::time));
  for (ProgrammeIndex programme = 4; programme < 8; ++programme) {
    accounts.post(Asset::money, open_one(accounts, programme), -largest);
  }
  CHECK(adds_up(accounts, Asset::money));
}

TEST_CASE("accounts: many are opened at once, all alike") {
  Accounts accounts;
  Holder holder = member_of(3);
  holder.consents = 17;
  holder.actor = 5;
  holder.state = Holder::State::frozen;
  CHECK_EQ(open_one(accounts, 1).value, 0);
  CHECK_EQ(accounts.open(holder, 100'000).value().value, 1);
  CHECK_EQ(open_one(accounts, 2).value, 100'001);
  CHECK_EQ(accounts.size(), 100'002);
  for (std::uint64_t at = 1; at <= 100'000; ++at) {
    const auto& opened = accounts.holder({at});
    REQUIRE_EQ(opened.programme, 3);
    REQUIRE_EQ(opened.consents, 17);
    REQUIRE_EQ(opened.actor, 5);
    REQUIRE(opened.state == Holder::State::frozen);
    REQUIRE_EQ(opened.last_record, ledger::no_record);
    REQUIRE_EQ(accounts.balance(Asset::co2e, {at}), 0);
  }
  CHECK_EQ(accounts.holder({0}).programme, 1);
  CHECK_EQ(accounts.holder({100'001}).programme, 2);
  // Holders change one by one afterwards.
  accounts.holder({5}).state = Holder::State::open;
  CHECK(accounts.holder({6}).state == Holder::State::frozen);
}

TEST_CASE("accounts: growing keeps every balance and holder") {
  Accounts accounts;
  constexpr std::uint64_t count = 20'000;
  for (std::uint64_t at = 0; at < count; ++at) {
    const auto account = open_one(accounts, static_cast<ProgrammeIndex>(at % 7));
    accounts.holder(account).last_record = 3 * at;
    accounts.post(Asset::co2e, account, static_cast<std::int64_t>(at) + 1);
    // Comes into use when many accounts are there already.
    if (at >= count / 2) accounts.post(Asset::points, account, -static_cast<std::int64_t>(at));
  }
  for (std::uint64_t at = 0; at < count; ++at) {
    REQUIRE_EQ(accounts.holder({at}).last_record, 3 * at);
    REQUIRE_EQ(accounts.holder({at}).programme, at % 7);
    REQUIRE_EQ(accounts.balance(Asset::co2e, {at}), static_cast<std::int64_t>(at) + 1);
    const auto points = at >= count / 2 ? -static_cast<std::int64_t>(at) : 0;
    REQUIRE_EQ(accounts.balance(Asset::points, {at}), points);
    REQUIRE_EQ(accounts.balance(Asset::water, {at}), 0);
  }
  CHECK(accounts.in_use(Asset::points));
  CHECK_FALSE(accounts.in_use(Asset::water));
  CHECK(adds_up(accounts, Asset::co2e));
  CHECK(adds_up(accounts, Asset::points));
}

TEST_CASE("accounts: a million take 24 bytes each in one asset, however they are opened") {
  constexpr std::uint64_t million = 1'000'000;
  Accounts at_once;
  REQUIRE(at_once.open(member_of(0), million).has_value());
  CHECK_EQ(at_once.bytes(), 16 * million);
  at_once.post(Asset::co2e, {0}, 1);
  CHECK_EQ(at_once.bytes(), 24 * million);
  at_once.post(Asset::water, {0}, 1);
  CHECK_EQ(at_once.bytes(), 32 * million);

  Accounts one_by_one;
  one_by_one.post(Asset::co2e, open_one(one_by_one, 0), 1);
  while (one_by_one.size() < million) {
    open_one(one_by_one, 0);
    REQUIRE_EQ(one_by_one.bytes(), 24 * one_by_one.size());
  }
  CHECK_EQ(one_by_one.balance(Asset::co2e, {0}), 1);
}

TEST_CASE("accounts: what is posted unnamed belongs to nobody, and can be taken back") {
  Accounts accounts;
  const auto account = open_one(accounts, 2);
  accounts.post(Asset::co2e, account, 700);
  accounts.post_unnamed(Asset::co2e, 2, 500);
  accounts.post_unnamed(Asset::co2e, 1, 40);
  CHECK_EQ(accounts.balance(Asset::co2e, account), 700);
  CHECK_EQ(accounts.unnamed(Asset::co2e, 2), 500);
  CHECK_EQ(accounts.issued(Asset::co2e, 2), -1200);
  CHECK_EQ(accounts.issued(Asset::co2e, 1), -40);
  CHECK_EQ(accounts.unnamed(Asset::co2e, 9), 0);
  CHECK_EQ(accounts.issued(Asset::co2e, 9), 0);
  CHECK(adds_up(accounts, Asset::co2e));
  accounts.post_unnamed(Asset::co2e, 2, -500);
  CHECK_EQ(accounts.unnamed(Asset::co2e, 2), 0);
  CHECK_EQ(accounts.issued(Asset::co2e, 2), -700);
  CHECK(adds_up(accounts, Asset::co2e));
}

TEST_CASE("accounts: more than there are numbers for are refused, and nothing changes") {
  Accounts accounts;
  open_one(accounts, 0);
  const auto bytes = accounts.bytes();
  for (const auto count : {ledger::accounts_max, ~std::uint64_t{0}, ~std::uint64_t{0} - 1}) {
    const auto opened = accounts.open(member_of(0), count);
    REQUIRE_FALSE(opened.has_value());
    CHECK_EQ(opened.error().code, "account.too_many");
    CHECK_EQ(opened.error().kind, ErrorKind::exhausted);
    CHECK(opened.error().args == Args{{"count", std::to_string(count)}, {"limit", "68719476736"}});
  }
  CHECK_EQ(accounts.size(), 1);
  CHECK_EQ(accounts.bytes(), bytes);
  // Asking memory for an account that is not there is harmless.
  accounts.prefetch({1});
  accounts.prefetch({ledger::accounts_max});
}
