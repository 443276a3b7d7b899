#include "ledger/account_number.h"

#include "base/require.h"

namespace partake::ledger {
namespace {

constexpr std::size_t digits_min = 10;
constexpr std::size_t digits_max = 13;  // accounts_max has eleven.

}  // namespace

std::string to_string(AccountIndex account) {
  PARTAKE_REQUIRE(account.value < accounts_max);
  const auto shifted = (account.value + 1) * 100;
  const auto text = std::to_string(shifted + 98 - shifted % 97);
  return std::string(digits_min - std::min(text.size(), digits_min), '0') + text;
}

std::optional<AccountIndex> account_of(std::string_view text) {
  const bool sized = text.size() >= digits_min && text.size() <= digits_max;
  if (!sized || (text.size() > digits_min && text[0] == '0')) return std::nullopt;
  std::uint64_t number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = 10 * number + static_cast<std::uint64_t>(digit - '0');
  }
  // Check digits run from 02 to 98: one spelling for each account.
  const auto check = number % 100;
  const bool good = number % 97 == 1 && check >= 2 && check <= 98 && number >= 100;
  if (!good || number / 100 > accounts_max) return std::nullopt;
  return AccountIndex{number / 100 - 1};
}

Result<AccountIndex> parse_account(std::string_view text) {
  if (const auto account = account_of(text)) return *account;
  return fail(ErrorKind::invalid, "account.malformed", {{"text", std::string{text.substr(0, 60)}}});
}

}  // namespace partake::ledger
