// What a value can be, as far as declared ranges tell: enough to prove that a divisor is not zero.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace partake::method {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Interval {
  double low = -infinity;
  double high = infinity;
  bool nonzero = false;  // Zero is excluded, also where it is an open end: (0, 5].

  [[nodiscard]] static Interval point(double value) { return {value, value, value != 0}; }
  [[nodiscard]] bool positive() const { return low > 0 || (low >= 0 && nonzero); }
  [[nodiscard]] bool negative() const { return high < 0 || (high <= 0 && nonzero); }
};

inline Interval sorted(double a, double b, double c, double d, bool nonzero) {
  // 0 x infinity is 0 here: the infinite end is a bound that no value reaches.
  const auto clean = [](double x) { return std::isnan(x) ? 0 : x; };
  a = clean(a);
  b = clean(b);
  c = clean(c);
  d = clean(d);
  return {std::min({a, b, c, d}), std::max({a, b, c, d}), nonzero};
}

inline Interval operator+(const Interval& a, const Interval& b) {
  Interval sum{a.low + b.low, a.high + b.high, false};
  const bool up = a.low >= 0 && b.low >= 0 && (a.nonzero || b.nonzero);
  const bool down = a.high <= 0 && b.high <= 0 && (a.nonzero || b.nonzero);
  sum.nonzero = sum.low > 0 || sum.high < 0 || up || down;
  return sum;
}

inline Interval operator-(const Interval& a) { return {-a.high, -a.low, a.nonzero}; }
inline Interval operator-(const Interval& a, const Interval& b) { return a + -b; }

inline Interval operator*(const Interval& a, const Interval& b) {
  return sorted(a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high,
                a.nonzero && b.nonzero);
}

// Requires b.nonzero. An open zero end makes the quotient unbounded on that side.
inline Interval operator/(const Interval& a, const Interval& b) {
  if (b.positive()) return a * Interval{1 / b.high, b.low == 0 ? infinity : 1 / b.low, true};
  if (b.negative()) return a * Interval{b.high == 0 ? -infinity : 1 / b.high, 1 / b.low, true};
  return {-infinity, infinity, a.nonzero};
}

inline Interval hull(const Interval& a, const Interval& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high), a.nonzero && b.nonzero};
}

inline Interval minimum(const Interval& a, const Interval& b) {
  Interval result{std::min(a.low, b.low), std::min(a.high, b.high), a.nonzero && b.nonzero};
  result.nonzero = result.nonzero || a.negative() || b.negative();
  return result;
}

inline Interval maximum(const Interval& a, const Interval& b) {
  Interval result{std::max(a.low, b.low), std::max(a.high, b.high), a.nonzero && b.nonzero};
  result.nonzero = result.nonzero || a.positive() || b.positive();
  return result;
}

inline Interval absolute(const Interval& a) {
  if (a.low >= 0) return a;
  if (a.high <= 0) return -a;
  return {0, std::max(-a.low, a.high), a.nonzero};
}

}  // namespace partake::method
