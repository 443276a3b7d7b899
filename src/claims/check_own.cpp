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

// 4960 vans save 2.28万吨; those of one city alone save 40万吨: they would be more than all.
void check_own_intensity(const Scene& scene, Findings& findings) {
  const auto vehicle = scene.lexicon().thing("vehicle");
  Findings found;
  for (const auto& finding : findings) {
    const auto* rule = rule_of(scene.knowledge, finding.check);
    if (rule == nullptr || finding.verdict != Verdict::consistent || finding.figures.size() < 2) {
      continue;
    }
    const auto over = finding.figures[0];
    const auto under = finding.figures[1];
    const auto& amount_of_some = scene.figures[over];
    const auto& some = scene.figures[under];
    if (!scene.lexicon().is(some.thing, vehicle) || !scene.is(amount_of_some, "co2") ||
        !same_segment(amount_of_some, some)) {
      continue;
    }
    const auto begin = scene.begin_of(some.paragraph);
    const auto end = scene.end_of(some.paragraph);
    // The largest number of vehicles that the sentence states.
    std::uint32_t whole = under;
    for (auto i = begin; i < end; ++i) {
      const auto& figure = scene.figures[i];
      if (!same_sentence(figure, some) || figure.measure != Measure::count ||
          !scene.lexicon().is(figure.thing, vehicle)) {
        continue;
      }
      if (figure.real.value > scene.figures[whole].real.value) whole = i;
    }
    for (auto i = begin; i < end; ++i) {
      const auto& part = scene.figures[i];
      if (i == over || !same_sentence(part, some) || part.segment == some.segment ||
          !scene.is(part, "co2") || part.measure != Measure::mass || part.period != Period::year) {
        continue;
      }
      // It speaks of vehicles, and states no number of its own.
      bool own_count = false;
      for (auto j = begin; j < end; ++j) {
        own_count = own_count || (same_segment(scene.figures[j], part) &&
                                  scene.lexicon().is(scene.figures[j].thing, vehicle) &&
                                  scene.figures[j].measure == Measure::count);
      }
      const auto& reading = scene.reading(part);
      bool speaks_of_vehicles = false;
      for (const auto& hit : reading.things) {
        if (!scene.lexicon().is(static_cast<std::int16_t>(hit.entry), vehicle)) continue;
        const bool between =
            hit.begin > some.end && hit.end <= part.begin &&
            reading.text.substr(hit.end, part.begin - hit.end).find("；") == std::string::npos;
        speaks_of_vehicles = speaks_of_vehicles || between;
      }
      if (own_count || !speaks_of_vehicles) continue;
      const double each = amount_of_some.real.value / some.real.value;
      const double needed = part.real.value / each;
      const double widest = 1 + tolerance(part) + tolerance(amount_of_some);
      const double all = scene.figures[whole].real.high;
      auto verdict = needed / widest > all ? Verdict::contradiction : Verdict::consistent;
      auto next = new_finding(scene, "own_intensity", verdict, {i, over, under, whole});
      const Text label{"vehicles needed", "辆车（所需）"};
      next.implied.push_back({needed / widest, needed, needed * widest, label, "1"});
      next.arithmetic = joined(written(scene, part), " ÷ (", written(scene, amount_of_some));
      next.arithmetic = joined(next.arithmetic, " ÷ ", written(scene, some));
      next.arithmetic = joined(next.arithmetic,
                               ") = ", {amount(needed, 3) + " vehicles", amount(needed, 3) + "辆"});
      next.expected = joined(plain("≤ "), "", written(scene, scene.figures[whole]));
      found.push_back(std::move(next));
    }
  }
  findings.insert(findings.end(), found.begin(), found.end());
}

}  // namespace partake::claims
