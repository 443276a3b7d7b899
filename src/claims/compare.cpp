#include "claims/compare.h"

#include <algorithm>
#include <cmath>

namespace partake::claims {
namespace {

constexpr double same_within = 0.006;

bool comparable(const Figure& figure) {
  return figure.measure != Measure::bare && figure.measure != Measure::time;
}

double value_of(const Figure& figure) { return figure.real.value; }

bool agree(const Figure& left, const Figure& right) {
  if (left.measure != right.measure) return false;
  const double a = value_of(left);
  const double b = value_of(right);
  return a == b || (a != 0 && std::fabs(b / a - 1) < same_within);
}

// Whether two figures are likely the same one, written differently: the digits agree but for their
// power of ten, or the number agrees and the unit does not (亩 and acres).
bool likely_same(const Figure& left, const Figure& right) {
  const double a = value_of(left);
  const double b = value_of(right);
  if (left.measure != right.measure || a <= 0 || b <= 0) return false;
  const double power = std::log10(b / a);
  const bool moved = std::fabs(power - std::round(power)) < 0.003 && std::fabs(power) > 0.5 &&
                     std::fabs(power) < 5;
  const double written_a = to_double(left.number.value);
  const double written_b = to_double(right.number.value);
  const bool other_unit = written_a > 0 && std::fabs(written_b / written_a - 1) < same_within;
  return moved || other_unit;
}

// What is left of each side, matched to the nearest in relative position.
template <class Same>
void match(const Review& first, const Review& second, std::vector<bool>& used_first,
           std::vector<bool>& used_second, Same same,
           std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs) {
  const auto place = [](const Review& review, std::size_t index) {
    return static_cast<double>(index) / static_cast<double>(review.figures.size());
  };
  constexpr double reach = 0.2;
  for (std::uint32_t i = 0; i < first.figures.size(); ++i) {
    if (used_first[i] || !comparable(first.figures[i].figure)) continue;
    double nearest = first.figures.size() < 40 ? 2 : reach;
    std::uint32_t best = 0;
    bool found = false;
    for (std::uint32_t j = 0; j < second.figures.size(); ++j) {
      if (used_second[j] || !same(first.figures[i].figure, second.figures[j].figure)) continue;
      const double apart = std::fabs(place(first, i) - place(second, j));
      if (apart >= nearest) continue;
      nearest = apart;
      best = j;
      found = true;
    }
    if (!found) continue;
    used_first[i] = used_second[best] = true;
    pairs.emplace_back(i, best);
  }
}

}  // namespace

Comparison compare(const Review& first, const Review& second) {
  std::vector<bool> used_first(first.figures.size());
  std::vector<bool> used_second(second.figures.size());
  Comparison result;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  match(first, second, used_first, used_second, agree, pairs);
  result.pairs = pairs.size();
  pairs.clear();
  match(first, second, used_first, used_second, likely_same, pairs);
  for (const auto& [i, j] : pairs) {
    result.differ.push_back(
        {i, j, value_of(second.figures[j].figure) / value_of(first.figures[i].figure)});
  }
  for (std::uint32_t i = 0; i < used_first.size(); ++i) {
    if (!used_first[i] && comparable(first.figures[i].figure)) result.only_first.push_back(i);
  }
  for (std::uint32_t i = 0; i < used_second.size(); ++i) {
    if (!used_second[i] && comparable(second.figures[i].figure)) result.only_second.push_back(i);
  }
  return result;
}

}  // namespace partake::claims
