// Figures as intervals, and how what follows from them is shown.
#pragma once

#include "claims/scene.h"

namespace partake::claims {

struct Bounds {
  double low = 0;
  double value = 0;
  double high = 0;
};

inline Bounds bounds_of(const Figure& figure) {
  return {figure.real.low, figure.real.value, figure.real.high};
}
inline Bounds times(const Bounds& a, const Bounds& b) {
  return {a.low * b.low, a.value * b.value, a.high * b.high};
}
inline Bounds times(const Bounds& a, double by) { return {a.low * by, a.value * by, a.high * by}; }
inline Bounds plus(const Bounds& a, const Bounds& b) {
  return {a.low + b.low, a.value + b.value, a.high + b.high};
}
// Of positive ones.
inline Bounds over(const Bounds& a, const Bounds& b) {
  return {a.low / b.high, a.value / b.value, a.high / b.low};
}
inline bool overlap(const Bounds& a, const Bounds& b) { return a.low <= b.high && b.low <= a.high; }
// Apart from each other, as a part of the second.
double apart(const Bounds& a, const Bounds& b);
// The power of ten, -4 to 4 and not 0, by which `a` is `b` but for a hundredth; 0 if none.
int power_apart(const Bounds& a, const Bounds& b);

// An amount of something: no share, no stretch of time, no mere number, and not for one of many.
bool is_whole_amount(const Figure& figure);
bool same_kind(const Figure& left, const Figure& right);
// Of one measure, and things that do not exclude each other.
bool related(const Scene& scene, const Figure& left, const Figure& right);

// The figures of the same paragraph around one that may speak of the same: `begin` to `end`.
struct Window {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};
Window around(const Scene& scene, std::uint32_t index);
// Those of its paragraph and of a few before it, which it may follow from.
Window reach(const Scene& scene, std::uint32_t index);
// What no words bind is said to fit only if it is so near: by chance it hardly is.
constexpr double close = 0.012;

// In the unit in which a figure is written, for people.
Text in_unit_of(const Scene& scene, const Figure& figure, double si);
Implied implied_in(const Scene& scene, const Figure& figure, const Bounds& si);
// "430吨 + 210吨"
Text sum_of(const Scene& scene, const std::vector<std::uint32_t>& figures);

struct Computation {
  const char* check = nullptr;
  bool fits = false;
  std::vector<std::uint32_t> figures;
  Text arithmetic;  // Without the result.
};
// By the text's own figures `whole` should be `computed`.
Finding computed_finding(const Scene& scene, Computation how, const Figure& whole,
                         const Bounds& computed);
// The first figure is so many percent of the second.
Finding share_finding(const Scene& scene, bool fits, std::vector<std::uint32_t> figures,
                      const Bounds& percent, Text expected);

struct Change {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t stated = 0;  // The percentage, or the points.
};
// `change` is a part of one.
Finding change_finding(const Scene& scene, const Change& of, double change, bool points, bool fits);

}  // namespace partake::claims
