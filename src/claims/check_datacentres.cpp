// Data centres: the whole use over the use of the computers (PUE), and what a lower one saves.

#include <algorithm>

#include "claims/scene.h"

namespace partake::claims {
namespace {

constexpr double pue_max = 10;

bool is_pue(const Scene& scene, const Figure& figure) {
  return figure.thing == scene.lexicon().thing("pue") && figure.measure == Measure::bare;
}

// Below one is impossible.
void check_possible(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& figure = scene.figures[index];
  const double value = figure.real.value;
  if (!is_pue(scene, figure) || value <= 0 || value >= 1) return;
  auto finding = new_finding(scene, "pue", Verdict::impossible, {index});
  finding.arithmetic = plain("PUE " + figure.text + " < 1");
  finding.implied.push_back({value, value, value, plain("PUE"), "1"});
  finding.expected = plain("≥ 1");
  findings.push_back(std::move(finding));
}

// From the worst to the best of a paragraph.
struct Improvement {
  std::uint32_t before = 0;
  std::uint32_t after = 0;
  double old_pue = 0;
  double new_pue = 0;
};

std::optional<Improvement> improvement_in(const Scene& scene, std::size_t paragraph) {
  std::optional<Improvement> found;
  for (auto i = scene.begin_of(paragraph); i < scene.end_of(paragraph); ++i) {
    const auto& figure = scene.figures[i];
    const double value = figure.real.value;
    if (!is_pue(scene, figure) || value < 1 || value > pue_max) continue;
    if (!found) found = {i, i, value, value};
    if (value > found->old_pue) {
      found->before = i;
      found->old_pue = value;
    }
    if (value < found->new_pue) {
      found->after = i;
      found->new_pue = value;
    }
  }
  if (found && found->new_pue >= found->old_pue) return std::nullopt;
  return found;
}

Finding cooling_finding(const Scene& scene, const Improvement& of, std::uint32_t index) {
  const auto& percent = scene.figures[index];
  const double fell = 1 - (of.new_pue - 1) / (of.old_pue - 1);
  auto finding = new_finding(
      scene, "pue", fell + 0.05 >= percent.real.value ? Verdict::consistent : Verdict::outside,
      {index, of.before, of.after});
  finding.implied.push_back({fell * 100, fell * 100, fell * 100, plain("%"), "%"});
  finding.arithmetic = plain("1 − (" + amount(of.new_pue) + " − 1) ÷ (" + amount(of.old_pue) +
                             " − 1) = " + amount(fell * 100, 3) + "%");
  finding.expected = plain(percent.text);
  return finding;
}

// A saving for the whole country near a paragraph.
std::optional<std::uint32_t> national_saving(const Scene& scene, std::size_t paragraph) {
  constexpr std::size_t paragraphs_around = 4;
  const auto from = paragraph - std::min(paragraph, paragraphs_around);
  const auto to = std::min(paragraph + paragraphs_around + 1, scene.readings.size());
  for (auto i = scene.begin_of(from); i < scene.begin_of(to); ++i) {
    const auto& power = scene.figures[i];
    if (power.measure == Measure::energy && power.period == Period::year &&
        contains_any(scene.sentence(power), {"全国", "nationwide", "whole country"}) &&
        contains_any(scene.lead(i), {"节", "sav"})) {
      return i;
    }
  }
  return std::nullopt;
}

// To save so much of it, the data centres need so much use. `saved`: as a part of it.
void hold_against_load(const Scene& scene, std::uint32_t saving, double saved,
                       const std::string& share, Finding& finding) {
  const auto* load = scene.knowledge.constant("datacentre_load");
  if (load == nullptr) return;
  constexpr double kwh = 3.6e6;
  const auto& power = scene.figures[saving];
  const double needed = power.real.value / saved;
  finding.figures.push_back(saving);
  finding.implied.push_back({needed / kwh, needed / kwh, needed / kwh, plain("kWh"), "kWh"});
  finding.arithmetic =
      joined(finding.arithmetic, "; ",
             plain(power.text + " ÷ " + share + " = " + amount(needed / kwh) + " kWh"));
  finding.verdict = needed * 0.95 > load->high  ? Verdict::outside
                    : needed < load->low * 1.05 ? Verdict::consistent
                                                : Verdict::boundary;
  finding.expected = plain(amount(load->low / kwh) + "–" + amount(load->high / kwh) + " kWh");
  finding.note = load->note;
  finding.source = load->source;
  finding.quality = "unconfirmed";
  finding.missing = {};
}

Finding computers_finding(const Scene& scene, const Improvement& of, std::uint32_t index) {
  const auto& percent = scene.figures[index];
  const double saved = 1 - (1 - percent.real.value) * of.new_pue / of.old_pue;
  auto finding = new_finding(scene, "pue", Verdict::unchecked, {index, of.before, of.after});
  finding.implied.push_back({saved * 100, saved * 100, saved * 100, plain("%"), "%"});
  const auto share = amount(saved * 100, 3) + "%";
  finding.arithmetic = plain("1 − (1 − " + percent.text + ") × " + amount(of.new_pue) + " ÷ " +
                             amount(of.old_pue) + " = " + share);
  finding.missing = {"the electricity of the data centres", "数据中心总用电量"};
  if (const auto saving = national_saving(scene, percent.paragraph)) {
    hold_against_load(scene, *saving, saved, share, finding);
  }
  return finding;
}

}  // namespace

void check_datacentres(const Scene& scene, Findings& findings) {
  for (std::size_t paragraph = 0; paragraph < scene.readings.size(); ++paragraph) {
    const auto begin = scene.begin_of(paragraph);
    const auto end = scene.end_of(paragraph);
    for (auto i = begin; i < end; ++i) check_possible(scene, i, findings);
    const auto improvement = improvement_in(scene, paragraph);
    if (!improvement) continue;
    for (auto i = begin; i < end; ++i) {
      const auto& percent = scene.figures[i];
      if (percent.measure != Measure::ratio || !percent.has(Marker::fall)) continue;
      const auto lead = scene.lead(i);
      if (contains_any(lead, {"冷却", "制冷", "cooling", "Cooling"})) {
        findings.push_back(cooling_finding(scene, *improvement, i));
      } else if (contains_any(lead, {"IT", "服务器", "server"})) {
        findings.push_back(computers_finding(scene, *improvement, i));
      }
    }
  }
}

}  // namespace partake::claims
