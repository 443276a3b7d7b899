#include "base/rational.h"

#include "base/nearest.h"
#include "base/require.h"

namespace partake {
namespace {

Int128 gcd(Int128 a, Int128 b) {
  while (b != 0) {
    const Int128 rest = a % b;
    a = b;
    b = rest;
  }
  return a < 0 ? -a : a;
}

std::optional<Int128> checked_product(Int128 a, Int128 b) {
  Int128 product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

}  // namespace

Rational::Rational(Int128 numerator, Int128 denominator) {
  PARTAKE_REQUIRE(denominator != 0);
  const Int128 divisor = gcd(numerator, denominator);
  const Int128 sign = denominator < 0 ? -1 : 1;
  // The analyser does not see that gcd(a, b) is 0 only where both are.
  numerator_ = sign * (numerator / divisor);  // NOLINT(clang-analyzer-core.DivideZero)
  denominator_ = sign * (denominator / divisor);
}

std::optional<Rational> Rational::times(const Rational& other) const {
  // Reducing across first keeps intermediate products as small as the result allows.
  const Rational left{numerator_, other.denominator_};
  const Rational right{other.numerator_, denominator_};
  const auto top = checked_product(left.numerator_, right.numerator_);
  const auto bottom = checked_product(left.denominator_, right.denominator_);
  if (!top || !bottom) return std::nullopt;
  return Rational{*top, *bottom};
}

std::optional<Rational> Rational::plus(const Rational& other) const {
  const auto left = checked_product(numerator_, other.denominator_);
  const auto right = checked_product(other.numerator_, denominator_);
  const auto bottom = checked_product(denominator_, other.denominator_);
  Int128 top = 0;
  if (!left || !right || !bottom || __builtin_add_overflow(*left, *right, &top))
    return std::nullopt;
  return Rational{top, *bottom};
}

std::optional<Rational> Rational::over(const Rational& other) const {
  if (other.numerator_ == 0) return std::nullopt;
  return times(Rational{other.denominator_, other.numerator_});
}

std::optional<Rational> Rational::to_power(int exponent) const {
  Rational base = *this;
  if (exponent < 0) {
    if (numerator_ == 0) return std::nullopt;
    base = Rational{denominator_, numerator_};
    exponent = -exponent;
  }
  std::optional<Rational> power = Rational::whole(1);
  for (int i = 0; i < exponent && power; ++i) power = power->times(base);
  return power;
}

double to_double(const Rational& value) {
  return nearest_double({.mantissa = value.numerator(), .divisor = value.denominator()});
}

}  // namespace partake
