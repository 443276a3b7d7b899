// A text measured by itself: one equivalence used twice, a part that needs more than the whole.

#include <algorithm>
#include <cmath>

#include "claims/scene.h"

namespace partake::claims {
namespace {

constexpr double clearly_different = 2.0;

double distance_from(const Range* usual, double value) {
  if (usual == nullptr || value <= 0) return 0;
  if (usual->low && value < usual->low_value) return usual->low_value / value;
  if (usual->high && value > usual->high_value) return value / usual->high_value;
  return 1;
}

}  // namespace

void check_repeats(const Scene& scene, Findings& findings) {
  // All are held against what was found before any is doubted. Ratios come by paragraphs.
  std::vector<std::pair<std::size_t, std::size_t>> doubted;
  const auto paragraph_of = [&](std::size_t i) {
    return scene.figures[findings[i].figures.front()].paragraph;
  };
  std::size_t first = 0;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const auto& finding = findings[i];
    const auto* rule = rule_of(scene.knowledge, finding.check);
    if (rule == nullptr || !rule->repeats || finding.verdict <= Verdict::unchecked ||
        finding.implied.empty()) {
      continue;
    }
    const auto here = paragraph_of(i);
    while (paragraph_of(first) + same_text_paragraphs < here) ++first;
    for (auto j = first; j < findings.size(); ++j) {
      if (paragraph_of(j) > here + same_text_paragraphs) break;
      const auto& other = findings[j];
      if (j == i || other.check != finding.check || other.implied.empty() ||
          other.verdict != Verdict::consistent) {
        continue;
      }
      const double mine = finding.implied.front().value;
      const double its = other.implied.front().value;
      const double times = std::max(mine / its, its / mine);
      const auto* usual = rule->usual ? &*rule->usual : nullptr;
      if (times < clearly_different || distance_from(usual, mine) <= distance_from(usual, its)) {
        continue;
      }
      doubted.emplace_back(i, j);
      break;
    }
  }
  for (const auto& [index, by] : doubted) {
    auto& finding = findings[index];
    const auto& other = findings[by];
    const auto& label = rule_of(scene.knowledge, finding.check)->label;
    const auto own = amount(other.implied.front().value, 3);
    finding.verdict = Verdict::contradiction;
    finding.note = {
        "The same text uses " + own + " " + label.en + " elsewhere (" + other.arithmetic.en + ").",
        "同一文本另处为" + own + label.zh + "（" + other.arithmetic.zh + "）。"};
  }
}

namespace {

// The largest number of vehicles that the sentence of some of them states.
std::uint32_t largest_fleet(const Scene& scene, std::uint32_t some, std::int16_t vehicle) {
  const auto& counted = scene.figures[some];
  auto largest = some;
  for (auto i = scene.begin_of(counted.paragraph); i < scene.end_of(counted.paragraph); ++i) {
    const auto& figure = scene.figures[i];
    if (same_sentence(figure, counted) && figure.measure == Measure::count &&
        scene.lexicon().is(figure.thing, vehicle) &&
        figure.real.value > scene.figures[largest].real.value) {
      largest = i;
    }
  }
  return largest;
}

// CO2 a year of vehicles that another segment of the sentence speaks of, without their number.
bool is_of_unnumbered(const Scene& scene, std::uint32_t index, const Figure& some,
                      std::int16_t vehicle) {
  const auto& part = scene.figures[index];
  if (!same_sentence(part, some) || part.segment == some.segment || !scene.is(part, "co2") ||
      part.measure != Measure::mass || part.period != Period::year) {
    return false;
  }
  for (auto i = scene.begin_of(part.paragraph); i < scene.end_of(part.paragraph); ++i) {
    const auto& other = scene.figures[i];
    if (same_segment(other, part) && scene.lexicon().is(other.thing, vehicle) &&
        other.measure == Measure::count) {
      return false;
    }
  }
  const auto& reading = scene.reading(part);
  return std::any_of(reading.things.begin(), reading.things.end(), [&](const WordHit& hit) {
    return scene.lexicon().is(static_cast<std::int16_t>(hit.entry), vehicle) &&
           hit.begin > some.end && hit.end <= part.begin &&
           reading.text.substr(hit.end, part.begin - hit.end).find("；") == std::string::npos;
  });
}

// At what each of some vehicles saves, so many are needed for a part; there are only `whole`.
struct Fleet {
  std::uint32_t over = 0;
  std::uint32_t under = 0;
  std::uint32_t whole = 0;
};
Finding needed_for(const Scene& scene, std::uint32_t index, const Fleet& fleet) {
  const auto& part = scene.figures[index];
  const auto& amount_of_some = scene.figures[fleet.over];
  const auto& some = scene.figures[fleet.under];
  const auto& all = scene.figures[fleet.whole];
  const double needed = part.real.value / (amount_of_some.real.value / some.real.value);
  const double widest = 1 + tolerance(part) + tolerance(amount_of_some);
  const bool fits = needed / widest <= all.real.high;
  auto finding =
      new_finding(scene, "own_intensity", fits ? Verdict::consistent : Verdict::contradiction,
                  {index, fleet.over, fleet.under, fleet.whole});
  const Text label{"vehicles needed", "辆车（所需）"};
  finding.implied.push_back({needed / widest, needed, needed * widest, label, "1"});
  finding.arithmetic = joined(written(scene, part), " ÷ (", written(scene, amount_of_some));
  finding.arithmetic = joined(finding.arithmetic, " ÷ ", written(scene, some));
  finding.arithmetic = joined(finding.arithmetic,
                              ") = ", {amount(needed, 3) + " vehicles", amount(needed, 3) + "辆"});
  finding.expected = joined(plain("≤ "), "", written(scene, all));
  return finding;
}

}  // namespace

// 4960 vans save 2.28万吨; those of one city alone save 40万吨: they would be more than all.
void check_own_intensity(const Scene& scene, Findings& findings) {
  const auto vehicle = scene.lexicon().thing("vehicle");
  Findings found;
  for (const auto& finding : findings) {
    const auto* rule = rule_of(scene.knowledge, finding.check);
    if (rule == nullptr || finding.verdict != Verdict::consistent || finding.figures.size() < 2) {
      continue;
    }
    Fleet fleet{finding.figures[0], finding.figures[1], 0};
    const auto& amount_of_some = scene.figures[fleet.over];
    const auto& some = scene.figures[fleet.under];
    if (!scene.lexicon().is(some.thing, vehicle) || !scene.is(amount_of_some, "co2") ||
        !same_segment(amount_of_some, some)) {
      continue;
    }
    fleet.whole = largest_fleet(scene, fleet.under, vehicle);
    for (auto i = scene.begin_of(some.paragraph); i < scene.end_of(some.paragraph); ++i) {
      if (i == fleet.over || !is_of_unnumbered(scene, i, some, vehicle)) continue;
      found.push_back(needed_for(scene, i, fleet));
    }
  }
  findings.insert(findings.end(), found.begin(), found.end());
}

}  // namespace partake::claims
