// Exact ratios of integers, in lowest terms with a positive denominator.
#pragma once

#include <compare>
#include <optional>

#include "base/int128.h"

namespace partake {

class Rational {
 public:
  constexpr Rational() = default;
  // Requires denominator != 0.
  Rational(Int128 numerator, Int128 denominator);
  [[nodiscard]] static Rational whole(Int128 value) { return Rational{value, 1}; }

  [[nodiscard]] Int128 numerator() const { return numerator_; }
  [[nodiscard]] Int128 denominator() const { return denominator_; }
  [[nodiscard]] bool is_one() const { return numerator_ == 1 && denominator_ == 1; }

  // Empty when the result does not fit 127 bits (or the divisor is zero).
  [[nodiscard]] std::optional<Rational> plus(const Rational& other) const;
  [[nodiscard]] std::optional<Rational> times(const Rational& other) const;
  [[nodiscard]] std::optional<Rational> over(const Rational& other) const;
  [[nodiscard]] std::optional<Rational> to_power(int exponent) const;

  friend bool operator==(const Rational&, const Rational&) = default;

 private:
  Int128 numerator_ = 0;
  Int128 denominator_ = 1;
};

// The nearest binary64 to numerator/denominator, ties to even; exactly one rounding.
double to_double(const Rational& value);

}  // namespace partake
