// Exact decimals that remember the digits as written: 0.5500 is 5500 x 10^-4.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/int128.h"
#include "base/rational.h"
#include "base/result.h"

namespace partake {

struct Decimal {
  Int128 mantissa = 0;
  std::int32_t exponent = 0;  // Power of ten.

  // How many digits were written, leading zeros aside: 0.5500 has four, 0 has one.
  [[nodiscard]] int significant_digits() const;
};

// Reads [-+] digits [. digits] [e [-+] digits], at most 36 significant digits and an exponent
// within +-400. Errors: decimal.malformed, decimal.too_long. NaN, infinity, hexadecimal and
// thousands separators are malformed.
Result<Decimal> parse_decimal(std::string_view text);

// As written, in plain notation while that is short: "0.5500", "764000", "1.2e+30".
std::string to_string(const Decimal& value);
// The shortest text of the same value: "0.55".
std::string to_shortest(const Decimal& value);

// The nearest binary64, ties to even.
double to_double(const Decimal& value);
// The nearest binary64 of value x ratio, computed exactly and rounded once.
double to_double(const Decimal& value, const Rational& ratio);

// Empty when it does not fit 127 bits.
std::optional<Rational> to_rational(const Decimal& value);
// The decimal that is exactly `value`, with the fewest digits after the point; empty when none of
// at most 18 is.
std::optional<Decimal> exact_decimal(const Rational& value);
// value rounded half to even to `digits` digits after the decimal point (negative: before it).
std::optional<Decimal> round_half_even(const Rational& value, int digits);

}  // namespace partake
