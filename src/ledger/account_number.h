// Account numbers as people write them: the account's place in the books from 1 on, in at least
// eight digits, then two check digits after ISO 7064 MOD 97-10: the whole number is 1 modulo 97.
// All single wrong digits and all swaps of neighbours are found.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace partake::ledger {

// The account's place in the books, from 0.
struct AccountIndex {
  std::uint64_t value = 0;
  friend bool operator==(AccountIndex, AccountIndex) = default;
};
constexpr std::uint64_t accounts_max = std::uint64_t{1} << 36U;

std::string to_string(AccountIndex account);

// Empty unless it is the one spelling of an account number.
std::optional<AccountIndex> account_of(std::string_view text);
// Error account.malformed names the text and the rule.
Result<AccountIndex> parse_account(std::string_view text);

}  // namespace partake::ledger
