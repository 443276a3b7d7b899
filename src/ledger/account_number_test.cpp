#include "ledger/account_number.h"

#include <random>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace partake;
using ledger::account_of;
using ledger::AccountIndex;
using ledger::accounts_max;

namespace {

// The sum of the standard, digit by digit: what account_number.cpp does with one division.
unsigned remainder_97(std::string_view digits) {
  unsigned remainder = 0;
  for (const char digit : digits) {
    remainder = (10 * remainder + static_cast<unsigned>(digit - '0')) % 97;
  }
  return remainder;
}

// A number of the given spelling, whatever its check digits are.
std::string spelt(std::uint64_t place, std::uint64_t check) {
  auto text = std::to_string(100 * place + check);
  return std::string(10 - std::min<std::size_t>(text.size(), 10), '0') + text;
}

// Small, middling and the largest accounts, and many at random.
std::vector<AccountIndex> many_accounts(std::uint64_t seed) {
  std::vector<AccountIndex> accounts;
  for (std::uint64_t value = 0; value < 500; ++value) {
    accounts.push_back({value});
    accounts.push_back({accounts_max - 1 - value});
    accounts.push_back({99'999'999 - 250 + value});  // Where a ninth digit begins.
  }
  std::mt19937_64 random{seed};
  for (int count = 0; count < 1000; ++count) accounts.push_back({random() % accounts_max});
  return accounts;
}

}  // namespace

TEST_CASE("account number: values of ISO 7064 MOD 97-10") {
  // 794 44 is the standard's own example; the others were reckoned by hand: 98 - (100 n mod 97).
  CHECK_EQ(ledger::to_string({793}), "0000079444");
  CHECK_EQ(ledger::to_string({0}), "0000000195");
  CHECK_EQ(ledger::to_string({1}), "0000000292");
  CHECK_EQ(ledger::to_string({31}), "0000003202");
  CHECK_EQ(ledger::to_string({96}), "0000009798");
  CHECK_EQ(ledger::to_string({99'999'998}), "9999999952");
  CHECK_EQ(ledger::to_string({99'999'999}), "10000000049");
  CHECK_EQ(ledger::to_string({accounts_max - 1}), "6871947673667");
}

TEST_CASE("account number: what is printed is read back, and leaves 1 modulo 97") {
  for (const auto account : many_accounts(1)) {
    const auto text = ledger::to_string(account);
    CAPTURE(text);
    REQUIRE_EQ(remainder_97(text), 1);
    REQUIRE_EQ(std::stoull(text) / 100, account.value + 1);
    REQUIRE_EQ(account_of(text), account);
  }
}

TEST_CASE("account number: every wrong digit and every swap of neighbours is found") {
  for (const auto account : many_accounts(2)) {
    const auto good = ledger::to_string(account);
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (char digit = '0'; digit <= '9'; ++digit) {
        auto wrong = good;
        wrong[at] = digit;
        CAPTURE(wrong);
        REQUIRE_EQ(account_of(wrong).has_value(), wrong == good);
      }
      if (at == 0 || good[at] == good[at - 1]) continue;
      auto swapped = good;
      std::swap(swapped[at], swapped[at - 1]);
      CAPTURE(swapped);
      REQUIRE_FALSE(account_of(swapped).has_value());
    }
  }
}

TEST_CASE("account number: check digits 00, 01 and 99 would be second spellings") {
  // Each pair leaves 1 modulo 97; only the first is an account.
  CHECK_EQ(account_of(spelt(65, 97)), AccountIndex{64});
  CHECK_EQ(remainder_97(spelt(65, 0)), 1);
  CHECK_FALSE(account_of(spelt(65, 0)).has_value());
  CHECK_EQ(account_of(spelt(97, 98)), AccountIndex{96});
  CHECK_EQ(remainder_97(spelt(97, 1)), 1);
  CHECK_FALSE(account_of(spelt(97, 1)).has_value());
  CHECK_EQ(account_of(spelt(32, 2)), AccountIndex{31});
  CHECK_EQ(remainder_97(spelt(32, 99)), 1);
  CHECK_FALSE(account_of(spelt(32, 99)).has_value());
}

TEST_CASE("account number: there is no account 0 and none beyond the last") {
  CHECK_FALSE(account_of("0000000001").has_value());
  CHECK_FALSE(account_of("0000000098").has_value());
  const auto check_of = [](std::uint64_t place) { return 98 - 100 * place % 97; };
  CHECK_EQ(account_of(spelt(accounts_max, check_of(accounts_max))), AccountIndex{accounts_max - 1});
  CHECK_FALSE(account_of(spelt(accounts_max + 1, check_of(accounts_max + 1))).has_value());
  CHECK_FALSE(account_of(spelt(99'999'999'999, check_of(99'999'999'999))).has_value());
  // 2^64 and more: nothing may wrap around to an account.
  CHECK_FALSE(account_of("18446744073709551811").has_value());
}

TEST_CASE("account number: whatever is accepted is the account's one spelling") {
  std::size_t accepted = 0;
  CHECK(rc::check([&] {
    const auto place = *rc::gen::inRange<std::uint64_t>(0, accounts_max + 10);
    const auto zeros = *rc::gen::inRange<std::size_t>(0, 3);
    const auto drop_zeros = *rc::gen::arbitrary<bool>();
    for (std::uint64_t check = 0; check < 100; ++check) {
      auto text = spelt(place, check);
      if (drop_zeros) text.erase(0, text.find_first_not_of('0'));
      text.insert(0, zeros, '0');
      const auto account = account_of(text);
      if (!account) continue;
      ++accepted;
      RC_ASSERT(ledger::to_string(*account) == text);
    }
  }));
  CHECK_GT(accepted, 10);
}

TEST_CASE("account number: an error names the text, shortened") {
  for (const auto* text :
       {"", "195", "000000195", " 0000000195", "0000000195 ", "00000000195", "+000000195",
        "000000019５", "0000-00195", "0000000196", "000000019x", "00000001950000"}) {
    CAPTURE(text);
    const auto account = ledger::parse_account(text);
    REQUIRE_FALSE(account.has_value());
    CHECK_EQ(account.error().code, "account.malformed");
    CHECK_EQ(account.error().kind, ErrorKind::invalid);
    CHECK(account.error().args == Args{{"text", text}});
  }
  const auto account = ledger::parse_account(std::string(1000, '7'));
  REQUIRE_FALSE(account.has_value());
  CHECK(account.error().args == Args{{"text", std::string(60, '7')}});
  CHECK_EQ(ledger::parse_account("0000000195").value(), AccountIndex{0});
}
