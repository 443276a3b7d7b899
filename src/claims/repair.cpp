// When checks of a figure fail, one edit of it may make all of them pass: a power of ten lost or
// won, 万 for 亿, a unit's prefix.

#include <algorithm>
#include <array>
#include <cmath>

#include "base/quantity.h"
#include "claims/scene.h"

namespace partake::claims {
namespace {

bool fails(Verdict verdict) { return verdict >= Verdict::outside; }

// The checks that a figure takes part in and that an edit of it would move.
struct Linked {
  const RatioRule* rule = nullptr;
  std::uint32_t over = 0;
  std::uint32_t under = 0;
  bool failing = false;
  std::size_t finding = 0;
};

Figure edited(const Figure& figure, int power) {
  auto copy = figure;
  const double factor = std::pow(10.0, power);
  copy.real = {figure.real.low * factor, figure.real.value * factor, figure.real.high * factor};
  return copy;
}

// 16亿升 → 1.6亿升; where 万 and 亿 may have been swapped, that: 5亿 → 5万.
std::string after_edit(const Figure& figure, int power) {
  auto text = figure.text;
  const auto swap = [&](std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    if (at == std::string::npos) return false;
    text.replace(at, from.size(), to);
    return true;
  };
  if (power == -4 && (swap("万亿", "亿") || swap("亿", "万"))) return text;
  if (power == -4 && swap("万", "")) return text;
  if (power == 4 && figure.number.multiple == 4 && swap("万", "亿")) return text;
  const auto& reading = figure.number;
  auto value = reading.value;
  value.exponent += power - reading.multiple;
  auto number = to_shortest(value);
  if (text.find(',') != std::string::npos) number = grouped(number);
  // The digits alone change; what stands around them stays.
  const auto digits = text.find_first_of("0123456789");
  if (digits == std::string::npos) {
    return "×10^" + std::to_string(power) + " " + text;
  }
  const auto end = text.find_first_not_of("0123456789.,", digits);
  text.replace(digits, end == std::string::npos ? std::string::npos : end - digits, number);
  return text;
}

using ByFigure = std::vector<std::vector<Linked>>;

ByFigure linked_checks(const Scene& scene, const Findings& findings) {
  ByFigure by_figure(scene.figures.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const auto& finding = findings[i];
    const auto* rule = rule_of(scene.knowledge, finding.check);
    if (rule == nullptr || finding.figures.size() != 2) continue;
    const Linked linked{rule, finding.figures[0], finding.figures[1], fails(finding.verdict), i};
    by_figure[linked.over].push_back(linked);
    by_figure[linked.under].push_back(linked);
  }
  return by_figure;
}

std::ptrdiff_t failing_of(const std::vector<Linked>& checks) {
  return std::count_if(checks.begin(), checks.end(),
                       [](const Linked& linked) { return linked.failing; });
}

// Another figure of the same failing checks may explain more; then that one is edited.
bool another_explains_more(const ByFigure& by_figure, std::uint32_t index) {
  const auto& checks = by_figure[index];
  const auto failing = failing_of(checks);
  return std::any_of(checks.begin(), checks.end(), [&](const Linked& linked) {
    const auto other = linked.over == index ? linked.under : linked.over;
    return linked.failing && failing_of(by_figure[other]) > failing;
  });
}

// The one power of ten by which all of the figure's checks pass.
std::optional<int> only_edit(const Scene& scene, const std::vector<Linked>& checks,
                             std::uint32_t index) {
  constexpr std::array<int, 8> powers{-1, 1, -2, 2, -3, 3, -4, 4};
  std::optional<int> only;
  for (const int power : powers) {
    const auto figure = edited(scene.figures[index], power);
    const bool all = std::all_of(checks.begin(), checks.end(), [&](const Linked& linked) {
      const auto& over = linked.over == index ? figure : scene.figures[linked.over];
      const auto& under = linked.under == index ? figure : scene.figures[linked.under];
      const auto result = judge_ratio(*linked.rule, over, under);
      return result.usable && result.verdict == Verdict::consistent;
    });
    if (!all) continue;
    if (only) return std::nullopt;
    only = power;
  }
  return only;
}

}  // namespace

void find_repairs(const Scene& scene, Findings& findings) {
  const auto by_figure = linked_checks(scene, findings);
  for (std::uint32_t index = 0; index < scene.figures.size(); ++index) {
    const auto& checks = by_figure[index];
    if (failing_of(checks) == 0 || another_explains_more(by_figure, index)) continue;
    const auto power = only_edit(scene, checks, index);
    if (!power) continue;
    const auto& figure = scene.figures[index];
    const auto count = static_cast<int>(checks.size());
    const Repair repair{index, figure.text, after_edit(figure, *power), *power, count, count};
    for (const auto& linked : checks) {
      if (!linked.failing) continue;
      auto& finding = findings[linked.finding];
      // Each explains as much: either may be wrong.
      if (finding.repair && finding.repair->checks == count) finding.other_repair = repair;
      if (finding.repair && finding.repair->checks >= count) continue;
      finding.other_repair.reset();
      finding.repair = repair;
    }
  }
}

}  // namespace partake::claims
