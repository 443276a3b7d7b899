#include "ledger/split.h"

#include <algorithm>
#include <numeric>

#include "base/require.h"

namespace partake::ledger {

bool are_shares(std::span<const Rational> shares) {
  if (shares.empty() || shares.size() > shares_max) return false;
  auto sum = Rational::whole(0);
  for (const auto& share : shares) {
    if (share.numerator() <= 0 || share.denominator() > share_denominator_max) return false;
    const auto more = sum.plus(share);
    if (!more) return false;
    sum = *more;
  }
  return sum.is_one();
}

std::vector<std::int64_t> split(std::int64_t amount, std::span<const Rational> shares) {
  PARTAKE_REQUIRE(are_shares(shares));
  const Int128 size = amount < 0 ? -Int128{amount} : Int128{amount};
  std::vector<Int128> parts;
  std::vector<Int128> remainders;
  auto left = size;
  for (const auto& share : shares) {
    const auto product = size * share.numerator();
    parts.push_back(product / share.denominator());
    remainders.push_back(product % share.denominator());
    left -= parts.back();
  }
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
    return remainders[one] * shares[other].denominator() >
           remainders[other] * shares[one].denominator();
  });
  for (auto at = order.begin(); left > 0; ++at, --left) ++parts[*at];
  std::vector<std::int64_t> result;
  result.reserve(parts.size());
  for (const auto part : parts)
    result.push_back(static_cast<std::int64_t>(amount < 0 ? -part : part));
  return result;
}

}  // namespace partake::ledger
