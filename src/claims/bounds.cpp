#include "claims/bounds.h"

#include <cmath>

namespace partake::claims {
namespace {

const UnitEntry* unit_of(const Scene& scene, std::int16_t unit) {
  return unit == none ? nullptr : &scene.lexicon().units()[static_cast<std::size_t>(unit)];
}

// A unit as parse_unit reads it. An acre is none of the house; it is so many square metres.
struct Coded {
  std::string code = "1";
  double each = 1;
};
Coded coded(const UnitEntry* entry) {
  if (entry == nullptr) return {};
  const auto ratio = entry->unit.ratio();
  const double each = ratio ? to_double(entry->to_si) / to_double(*ratio) : 1;
  return {entry->unit.terms().empty() ? "1" : to_string(entry->unit), each};
}

// Cents are dollars.
bool same_currency(const Scene& scene, const Figure& left, const Figure& right) {
  const auto* one = unit_of(scene, left.unit);
  const auto* other = unit_of(scene, right.unit);
  if (one == nullptr || other == nullptr) return one == other;
  return one->unit.dimension() == other->unit.dimension();
}

}  // namespace

Window around(const Scene& scene, std::uint32_t index) {
  constexpr std::uint32_t sentences_around = 2;
  constexpr std::uint32_t figures_around = 14;
  const auto& here = scene.figures[index];
  auto begin = scene.begin_of(here.paragraph);
  auto end = scene.end_of(here.paragraph);
  if (index > begin + figures_around) begin = index - figures_around;
  if (index + figures_around + 1 < end) end = index + figures_around + 1;
  const auto sentence = [&](std::uint32_t i) { return scene.figures[i].sentence; };
  while (begin < index && sentence(begin) + sentences_around < here.sentence) ++begin;
  while (end > index + 1 && sentence(end - 1) > here.sentence + sentences_around) --end;
  return {begin, end};
}

Window reach(const Scene& scene, std::uint32_t index) {
  constexpr std::uint32_t figures_before = 24;
  constexpr std::uint32_t figures_after = 8;
  const auto& here = scene.figures[index];
  const auto first = here.paragraph - std::min(here.paragraph, same_text_paragraphs);
  Window window{scene.begin_of(first), scene.end_of(here.paragraph)};
  if (index - window.begin > figures_before) window.begin = index - figures_before;
  if (window.end - index > figures_after + 1) window.end = index + figures_after + 1;
  return window;
}

double apart(const Bounds& a, const Bounds& b) {
  return b.value == 0 ? 1 : std::fabs(a.value / b.value - 1);
}

int power_apart(const Bounds& a, const Bounds& b) {
  if (a.value <= 0 || b.value <= 0) return 0;
  const double power = std::log10(a.value / b.value);
  const double whole = std::round(power);
  constexpr double hundredth = 0.0044;  // log10(1.01), rounded up.
  if (std::fabs(power - whole) > hundredth || whole == 0 || std::fabs(whole) > 4) return 0;
  return static_cast<int>(whole);
}

bool is_whole_amount(const Figure& figure) {
  return !figure.per.stated() && figure.measure != Measure::ratio &&
         figure.measure != Measure::time && figure.measure != Measure::bare &&
         figure.measure != Measure::point && figure.measure != Measure::times;
}

bool same_kind(const Figure& left, const Figure& right) {
  return left.measure == right.measure && left.thing == right.thing;
}

bool related(const Scene& scene, const Figure& left, const Figure& right) {
  if (left.measure != right.measure) return false;
  if (left.measure == Measure::money && !same_currency(scene, left, right)) return false;
  return left.thing == none || right.thing == none || left.thing == right.thing ||
         scene.lexicon().is(left.thing, right.thing) || scene.lexicon().is(right.thing, left.thing);
}

Text in_unit_of(const Scene& scene, const Figure& figure, double si) {
  const auto* unit = unit_of(scene, figure.unit);
  const auto* per = unit_of(scene, figure.per.unit);
  const double size =
      (unit == nullptr ? 1 : to_double(unit->to_si)) / (per == nullptr ? 1 : to_double(per->to_si));
  const auto number = amount(si / size);
  if (unit == nullptr) return plain(number);
  Text text{number + " " + unit->title.en, number + unit->title.zh};
  if (per != nullptr) text = joined(text, "/", per->title);
  return text;
}

Implied implied_in(const Scene& scene, const Figure& figure, const Bounds& si) {
  const auto* unit = unit_of(scene, figure.unit);
  const auto* per = unit_of(scene, figure.per.unit);
  const auto above = coded(unit);
  const auto below = coded(per);
  const double size = (unit == nullptr ? 1 : to_double(unit->to_si) / above.each) /
                      (per == nullptr ? 1 : to_double(per->to_si) / below.each);
  Implied implied{si.low / size, si.value / size, si.high / size, {}, above.code};
  if (per != nullptr) {
    const bool simple = below.code.find('/') == std::string::npos;
    implied.code = simple ? above.code + "/" + below.code : "";
  }
  const auto title_of = [](const UnitEntry* entry, const Coded& of) {
    if (entry == nullptr) return Text{};
    return of.each == 1 ? entry->title : plain(of.code);
  };
  implied.unit = title_of(unit, above);
  if (per != nullptr) implied.unit = joined(implied.unit, "/", title_of(per, below));
  return implied;
}

Text sum_of(const Scene& scene, const std::vector<std::uint32_t>& figures) {
  Text text;
  for (const auto index : figures) {
    const auto part = plain(scene.figures[index].text);
    text = text.en.empty() ? part : joined(text, " + ", part);
  }
  return text;
}

Finding computed_finding(const Scene& scene, Computation how, const Figure& whole,
                         const Bounds& computed) {
  auto finding =
      new_finding(scene, how.check, how.fits ? Verdict::consistent : Verdict::contradiction,
                  std::move(how.figures));
  finding.arithmetic = joined(how.arithmetic, " = ", in_unit_of(scene, whole, computed.value));
  finding.implied.push_back(implied_in(scene, whole, computed));
  finding.expected = written(scene, whole);
  return finding;
}

Finding share_finding(const Scene& scene, bool fits, std::vector<std::uint32_t> figures,
                      const Bounds& percent, Text expected) {
  auto finding = new_finding(scene, "part", fits ? Verdict::consistent : Verdict::contradiction,
                             std::move(figures));
  const auto& part = scene.figures[finding.figures[0]];
  const auto& whole = scene.figures[finding.figures[1]];
  finding.arithmetic = joined(written(scene, part), " ÷ ", written(scene, whole));
  finding.arithmetic = joined(finding.arithmetic, " = ", plain(amount(percent.value, 3) + "%"));
  finding.implied.push_back({percent.low, percent.value, percent.high, plain("%"), "%"});
  finding.expected = std::move(expected);
  return finding;
}

Finding change_finding(const Scene& scene, const Change& of, double change, bool points,
                       bool fits) {
  auto finding = new_finding(scene, "change", fits ? Verdict::consistent : Verdict::contradiction,
                             {of.stated, of.from, of.to});
  const auto& from = scene.figures[of.from].text;
  const auto& to = scene.figures[of.to].text;
  const double value = change * 100;
  const auto unit = points ? Text{" percentage points", "个百分点"} : plain("%");
  finding.arithmetic = joined(plain(points ? to + " − " + from + " = " + amount(value, 3)
                                           : to + " ÷ " + from + " − 1 = " + amount(value, 3)),
                              "", unit);
  finding.implied.push_back({value, value, value, unit, points ? "pp" : "%"});
  finding.expected = written(scene, scene.figures[of.stated]);
  return finding;
}

}  // namespace partake::claims
