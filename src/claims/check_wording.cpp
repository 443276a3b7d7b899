// Slips that need no second figure: energy in tonnes, more than all, hedges against each other,
// years that run backwards, precision that an estimate does not have.

#include <array>

#include "claims/scene.h"

namespace partake::claims {
namespace {

void add(const Scene& scene, Findings& findings, const char* check, Verdict verdict,
         std::uint32_t index, Text note) {
  auto finding = new_finding(scene, check, verdict, {index});
  finding.arithmetic = written(scene, scene.figures[index]);
  finding.note = std::move(note);
  const auto& figure = scene.figures[index];
  if (figure.measure == Measure::ratio) {
    const double percent = figure.real.value * 100;
    finding.implied.push_back({percent, percent, percent, plain("%"), "%"});
    finding.expected = plain("≤ 100%");
  }
  findings.push_back(std::move(finding));
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// 近4万余人: nearly, and more than.
bool hedges_contradict(std::string_view text) {
  const bool below =
      text.starts_with("近") || text.starts_with("将近") || text.starts_with("接近") ||
      text.starts_with("不足") || text.starts_with("不到") || text.starts_with("nearly ") ||
      text.starts_with("Nearly ") || text.starts_with("almost ") || text.starts_with("Almost ");
  const bool above = has(text, "余") || has(text, "多") || has(text, "以上") || text.ends_with("+");
  return below && above;
}

}  // namespace

void check_wording(const Scene& scene, Findings& findings) {
  constexpr int estimate_digits_max = 4;
  for (std::uint32_t i = 0; i < scene.figures.size(); ++i) {
    const auto& figure = scene.figures[i];
    if (figure.measure == Measure::mass && scene.is(figure, "clean_energy") &&
        figure.thing_is_near) {
      add(scene, findings, "dimension", Verdict::unchecked, i,
          {"A mass is no energy: of which carrier are these tonnes?",
           "质量不是能量：这是哪一种能源载体的吨数？"});
    }
    if (hedges_contradict(figure.text)) {
      add(scene, findings, "hedges", Verdict::contradiction, i,
          {"The number is said to be both below and above.", "“近”与“余（多、以上）”互相矛盾。"});
    }
    const auto digits = figure.number.value.significant_digits();
    if (figure.number.hedge == Hedge::about && !figure.number.upper &&
        figure.measure != Measure::time && digits > estimate_digits_max &&
        figure.number.value.mantissa % 10 != 0) {
      add(scene, findings, "precision", Verdict::unchecked, i,
          {"\"About\" and " + std::to_string(digits) + " digits.",
           "“约”却有" + std::to_string(digits) + "位有效数字。"});
    }
    if (figure.measure == Measure::ratio && !figure.per.stated() && figure.real.low > 1.0) {
      const auto lead = scene.lead(i);
      const bool falls = figure.has(Marker::fall) && !figure.has(Marker::rise);
      const bool share =
          contains_any(lead, {"覆盖率", "回收率", "利用率", "处理率", "收集率", "占比",
                              "recycling rate", "coverage", "recovery rate"});
      if (falls || share) {
        add(scene, findings, "more_than_all", Verdict::impossible, i,
            {"Nothing falls by more than 100 %, and no share is larger.",
             "降幅或占比不可能超过100%。"});
      }
    }
  }
  // 2021—2016年. Reported at the next figure of the paragraph.
  for (std::size_t paragraph = 0; paragraph < scene.readings.size(); ++paragraph) {
    const auto& reading = *scene.readings[paragraph];
    for (std::size_t i = 1; i < reading.years.size(); ++i) {
      const auto& first = reading.years[i - 1];
      const auto& second = reading.years[i];
      const auto gap = std::string_view{reading.text}.substr(
          first.end, second.at > first.end ? second.at - first.end : 0);
      const bool range = gap == "—" || gap == "-" || gap == "~" || gap == "至" || gap == "到" ||
                         gap == " to " || gap == "——";
      if (!range || first.from <= second.to) continue;
      for (auto j = scene.begin_of(paragraph); j < scene.end_of(paragraph); ++j) {
        if (scene.figures[j].begin < first.at) continue;
        add(scene, findings, "years", Verdict::contradiction, j,
            {std::to_string(first.from) + " is after " + std::to_string(second.to) + ".",
             std::to_string(first.from) + "年晚于" + std::to_string(second.to) + "年。"});
        break;
      }
    }
  }
}

}  // namespace partake::claims
