// Shares of an amount, by exact ratios: each party gets the whole part of its share, and what is
// left goes, one smallest unit each, to those with the largest remainders (Hamilton's method), the
// earlier of equal ones first. The shares always add up to the amount.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/rational.h"

namespace partake::ledger {

constexpr std::size_t shares_max = 64;
constexpr std::int64_t share_denominator_max = 1'000'000'000;

// Whether they are positive, simple enough, and together exactly 1.
bool are_shares(std::span<const Rational> shares);

// Requires are_shares. Of a negative amount the opposite of what the positive one gives.
std::vector<std::int64_t> split(std::int64_t amount, std::span<const Rational> shares);

}  // namespace partake::ledger
