// Slips that need no second figure: energy in tonnes, more than all, hedges against each other,
// years that run backwards, lists shorter than announced, precision that an estimate does not have.

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

// "三个部分：甲、乙、丙": what is announced and how many are named. Short items without figures
// only; a last "and" may part two items or be part of one.
struct Listed {
  int least = 0;
  int most = 0;
};
Listed listed_after(std::string_view text, std::size_t at) {
  constexpr std::size_t noun_bytes_max = 24;
  constexpr std::size_t item_bytes_max = 45;
  const auto rest = text.substr(at);
  std::size_t colon = rest.find("：");
  std::size_t begin = colon + std::string_view{"："}.size();
  if (const auto latin = rest.find(": "); latin < colon) {
    colon = latin;
    begin = latin + 2;
  }
  if (colon > noun_bytes_max) return {};  // Or there is none.
  for (const std::string_view stop : {"，", ",", "、", "。", "；", "（", "("}) {
    if (rest.substr(0, colon).find(stop) != std::string_view::npos) return {};
  }
  auto list = rest.substr(begin);
  for (const std::string_view end : {"。", "；", ". "}) list = list.substr(0, list.find(end));
  Listed listed{1, 1};
  std::size_t item = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto here = list.substr(i);
    if (list[i] >= '0' && list[i] <= '9') return {};
    // A clause is no item.
    if (here.starts_with("，") || here.starts_with("：") || here.starts_with("等")) return {};
    const bool comma = here.starts_with("、") || here.starts_with(", ");
    if (comma) {
      ++listed.least;
      ++listed.most;
      item = 0;
      continue;
    }
    const bool joins = here.starts_with("和") || here.starts_with("及") || here.starts_with("与") ||
                       (here.starts_with(" and ") && !list.substr(0, i).ends_with(","));
    if (joins) ++listed.most;
    if (++item > item_bytes_max) return {};
  }
  return listed.least >= 2 ? listed : Listed{};
}

void check_enumeration(const Scene& scene, std::uint32_t index, Findings& findings) {
  constexpr double announced_max = 12;
  const auto& figure = scene.figures[index];
  const bool counted = figure.measure == Measure::count || figure.measure == Measure::bare;
  const double announced = figure.real.value;
  if (!counted || figure.number.hedge != Hedge::exact || figure.number.upper || announced < 2 ||
      announced > announced_max) {
    return;
  }
  const auto& reading = scene.reading(figure);
  const auto sentence_end = reading.sentences[figure.sentence].end;
  const auto listed =
      listed_after(std::string_view{reading.text}.substr(0, sentence_end), figure.end);
  if (listed.least == 0) return;
  const bool fits = announced >= listed.least && announced <= listed.most;
  auto finding = new_finding(scene, "enumeration",
                             fits ? Verdict::consistent : Verdict::contradiction, {index});
  const double count = announced > listed.most ? listed.most : listed.least;
  const auto named = amount(fits ? announced : count);
  finding.arithmetic = {figure.text + ": " + named + " are named",
                        figure.text + "：列出" + named + "项"};
  finding.implied.push_back({count, fits ? announced : count, count, Text{}, "1"});
  finding.expected = plain(figure.text);
  findings.push_back(std::move(finding));
}

// "2015—2019年的三年间": from year to year, or both counted.
void check_span(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& span = scene.figures[index];
  constexpr double year_s = 365.0 * 86400;
  const double years = span.real.value / year_s;
  if (span.measure != Measure::time || years < 1.5 || span.number.hedge != Hedge::exact) return;
  const auto& reading = scene.reading(span);
  for (const auto& range : reading.years) {
    if (range.sentence != span.sentence || range.to <= range.from || range.end > span.begin) {
      continue;
    }
    const auto between = std::string_view{reading.text}.substr(range.end, span.begin - range.end);
    if (between != "的" && !between.empty() && between != "这" && between != ", a span of " &&
        between != " (" && between != "（") {
      continue;
    }
    const int apart = range.to - range.from;
    const bool fits = years > apart - 0.1 && years < apart + 1.1;
    auto finding =
        new_finding(scene, "years", fits ? Verdict::consistent : Verdict::contradiction, {index});
    finding.arithmetic = plain(std::to_string(range.to) + " − " + std::to_string(range.from) +
                               " = " + std::to_string(apart));
    const auto least = static_cast<double>(apart);
    finding.implied.push_back({least, least, least + 1, {"years", "年"}, "a"});
    finding.expected = plain(span.text);
    findings.push_back(std::move(finding));
  }
}

void check_precision(const Scene& scene, std::uint32_t index, Findings& findings) {
  constexpr int estimate_digits_max = 4;
  const auto& figure = scene.figures[index];
  const auto digits = figure.number.value.significant_digits();
  if (figure.number.hedge != Hedge::about || figure.number.upper ||
      figure.measure == Measure::time || digits <= estimate_digits_max ||
      figure.number.value.mantissa % 10 == 0) {
    return;
  }
  add(scene, findings, "precision", Verdict::unchecked, index,
      {"\"About\" and " + std::to_string(digits) + " digits.",
       "“约”却有" + std::to_string(digits) + "位有效数字。"});
}

void check_more_than_all(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& figure = scene.figures[index];
  if (figure.measure != Measure::ratio || figure.per.stated() || figure.real.low <= 1.0) return;
  const bool falls = figure.has(Marker::fall) && !figure.has(Marker::rise);
  const bool share =
      contains_any(scene.lead(index), {"覆盖率", "回收率", "利用率", "处理率", "收集率", "占比",
                                       "recycling rate", "coverage", "recovery rate"});
  if (!falls && !share) return;
  add(scene, findings, "more_than_all", Verdict::impossible, index,
      {"Nothing falls by more than 100 %, and no share is larger.", "降幅或占比不可能超过100%。"});
}

bool joins_years(std::string_view gap) {
  return gap == "—" || gap == "-" || gap == "~" || gap == "至" || gap == "到" || gap == " to " ||
         gap == "——";
}

// 2021—2016年. Reported at the next figure of the paragraph.
void check_year_order(const Scene& scene, std::size_t paragraph, Findings& findings) {
  const auto& reading = *scene.readings[paragraph];
  for (std::size_t i = 1; i < reading.years.size(); ++i) {
    const auto& first = reading.years[i - 1];
    const auto& second = reading.years[i];
    const auto gap = std::string_view{reading.text}.substr(
        first.end, second.at > first.end ? second.at - first.end : 0);
    if (!joins_years(gap) || first.from <= second.to) continue;
    for (auto j = scene.begin_of(paragraph); j < scene.end_of(paragraph); ++j) {
      if (scene.figures[j].begin < first.at) continue;
      add(scene, findings, "years", Verdict::contradiction, j,
          {std::to_string(first.from) + " is after " + std::to_string(second.to) + ".",
           std::to_string(first.from) + "年晚于" + std::to_string(second.to) + "年。"});
      break;
    }
  }
}

}  // namespace

void check_wording(const Scene& scene, Findings& findings) {
  for (std::uint32_t i = 0; i < scene.figures.size(); ++i) {
    const auto& figure = scene.figures[i];
    check_enumeration(scene, i, findings);
    check_span(scene, i, findings);
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
    check_precision(scene, i, findings);
    check_more_than_all(scene, i, findings);
  }
  for (std::size_t paragraph = 0; paragraph < scene.readings.size(); ++paragraph) {
    check_year_order(scene, paragraph, findings);
  }
}

}  // namespace partake::claims
