// Against how much there is at all: the years of a country's emissions, its parked cars, more than
// the whole world.

#include <algorithm>

#include "claims/scene.h"

namespace partake::claims {
namespace {

constexpr double year_s = 365.0 * 86400;

const Total* total_of(const Scene& scene, std::int16_t thing, std::string_view place) {
  for (const auto& total : scene.knowledge.totals()) {
    if (total.place >= 0 &&
        scene.lexicon().places()[static_cast<std::size_t>(total.place)] == place &&
        scene.lexicon().is(thing, total.thing)) {
      return &total;
    }
  }
  return nullptr;
}

std::string place_before(const Scene& scene, const Figure& figure) {
  constexpr std::uint32_t bytes_before = 40;
  std::string place;
  for (const auto& hit : scene.reading(figure).places) {
    if (hit.end <= figure.begin && hit.begin + bytes_before > figure.begin) {
      place = scene.lexicon().places()[hit.entry];
    }
  }
  return place;
}

// What a scenario avoids over decades is no measurement, however well it divides.
bool is_scenario(const Scene& scene, const Figure& figure) {
  const auto& reading = scene.reading(figure);
  return reading.marker_between(Marker::future, reading.sentences[figure.sentence].begin,
                                figure.begin) &&
         contains_any(scene.sentence(figure), {"未来", "避免", "avoid", "next ", "coming "});
}

Finding country_finding(const Scene& scene, const Total& total, std::uint32_t amount_at,
                        std::uint32_t span_at) {
  const auto& whole = scene.figures[amount_at];
  const auto& span = scene.figures[span_at];
  const double each = whole.real.value / (span.real.value / year_s);
  const double low = to_double(total.low);
  const double high = to_double(total.high);
  const double wide = 1 + tolerance(whole) + tolerance(span);
  auto finding =
      new_finding(scene, "country_years",
                  each * wide < low || each / wide > high ? Verdict::outside : Verdict::consistent,
                  {amount_at, span_at});
  const bool energy = whole.measure == Measure::energy;
  const double unit = energy ? 3.6e6 : 1000;
  const Text label = energy ? Text{"kWh a year", "千瓦时/年"} : Text{"t a year", "吨/年"};
  finding.implied.push_back(
      {each / unit / wide, each / unit, each * wide / unit, label, energy ? "kWh/a" : "t/a"});
  finding.arithmetic = joined(written(scene, whole), " ÷ ", plain(span.text));
  finding.arithmetic =
      joined(finding.arithmetic, " = ", joined(plain(amount(each / unit)), " ", label));
  finding.expected = joined(plain(amount(low / unit) + "–" + amount(high / unit)), " ", label);
  finding.source = total.source;
  finding.quality = "unconfirmed";
  if (is_scenario(scene, whole)) {
    finding.verdict = Verdict::unchecked;
    finding.missing = {"the scenario, and whether the figure is its upper end (\"up to\")",
                       "情景假设，以及该数字是否为上限（“最多”）"};
  }
  return finding;
}

// 相当于欧盟160年的总排放量: what is that a year, and is it so?
void check_country_years(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& span = scene.figures[index];
  if (span.measure != Measure::time || !span.has(Marker::equals)) return;
  if (span.real.value / year_s < 0.01) return;
  const auto place = place_before(scene, span);
  for (auto i = index; i-- > scene.begin_of(span.paragraph);) {
    const auto& whole = scene.figures[i];
    if (!same_sentence(whole, span)) return;
    const auto* total = total_of(scene, whole.thing, place);
    if (total == nullptr || !total->per_year || whole.per.stated()) continue;
    if (whole.measure != Measure::mass && whole.measure != Measure::energy) continue;
    findings.push_back(country_finding(scene, *total, i, index));
    return;
  }
}

bool name_beside(const Scene& scene, const Figure& figure, std::string_view name) {
  return scene.sentence(figure).find(name) != std::string_view::npos;
}

// The largest amount of CO2 that was offered.
struct Largest {
  const Scene& scene;
  std::optional<std::uint32_t> at;

  void offer(std::uint32_t index) {
    const auto& figure = scene.figures[index];
    const double least = at ? scene.figures[*at].real.value : 0;
    if (scene.is(figure, "co2") && figure.measure == Measure::mass && !figure.per.stated() &&
        figure.real.value > least) {
      at = index;
    }
  }
};

// The names in quotation marks before a figure, the last first.
std::vector<std::string_view> names_before(const Scene& scene, const Figure& figure) {
  const std::string_view before{scene.reading(figure).text.data(), figure.begin};
  constexpr std::string_view open_mark{"“"};
  constexpr std::string_view close_mark{"”"};
  constexpr std::size_t name_bytes_max = 60;
  constexpr int names_max = 8;
  std::vector<std::string_view> names;
  auto until = std::string_view::npos;
  for (int i = 0; i < names_max; ++i) {
    const auto open = before.rfind(open_mark, until);
    if (open == std::string_view::npos || open == 0) break;
    until = open - 1;
    const auto begin = open + open_mark.size();
    const auto close = before.find(close_mark, begin);
    if (close == std::string_view::npos || close - begin > name_bytes_max || close == begin) {
      continue;
    }
    names.push_back(before.substr(begin, close - begin));
  }
  return names;
}

// The CO2 of the parked cars: in their sentence, or elsewhere with the same name in quotation
// marks.
std::optional<std::uint32_t> co2_of(const Scene& scene, const Figure& days) {
  Largest largest{scene, std::nullopt};
  for (auto i = scene.begin_of(days.paragraph); i < scene.end_of(days.paragraph); ++i) {
    if (same_sentence(scene.figures[i], days)) largest.offer(i);
  }
  if (largest.at) return largest.at;
  for (const auto name : names_before(scene, days)) {
    for (std::uint32_t i = 0; i < scene.figures.size(); ++i) {
      const auto& figure = scene.figures[i];
      if (figure.paragraph != days.paragraph && scene.is(figure, "co2") &&
          name_beside(scene, figure, name)) {
        largest.offer(i);
      }
    }
    if (largest.at) break;
  }
  return largest.at;
}

// As many as the sentence says before the days; otherwise all of them.
double cars_of(const Scene& scene, std::uint32_t index, const Constant& fleet) {
  const auto& days = scene.figures[index];
  double cars = fleet.low;
  for (auto i = scene.begin_of(days.paragraph); i < index; ++i) {
    const auto& figure = scene.figures[i];
    if (same_sentence(figure, days) && scene.is(figure, "vehicle") &&
        figure.measure == Measure::count) {
      cars = figure.real.value;
    }
  }
  return cars;
}

// 相当于全国汽车停驶50天.
void check_parked_cars_of(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& days = scene.figures[index];
  if (days.measure != Measure::time) return;
  if (!contains_any(scene.sentence(days), {"停驶", "off the road", "停开"})) return;
  const auto* each = scene.knowledge.constant("car_day");
  const auto* fleet = scene.knowledge.constant("car_fleet");
  if (each == nullptr || fleet == nullptr) return;
  auto finding = new_finding(scene, "parked_cars", Verdict::unchecked, {index});
  finding.missing = {"the amount of CO2, and the number of cars", "二氧化碳总量与汽车数量"};
  finding.arithmetic = plain(days.text);
  if (const auto source = co2_of(scene, days)) {
    const auto& co2 = scene.figures[*source];
    const double cars = cars_of(scene, index, *fleet);
    const double count = days.real.value / 86400;
    const double kg = co2.real.value / count / cars;
    const double wide = 1 + std::max(tolerance(days), tolerance(co2));
    finding.figures.push_back(*source);
    const Text label{"kg per car and day", "千克/（辆·天）"};
    finding.implied.push_back({kg / wide, kg, kg * wide, label, "kg/d"});
    finding.arithmetic =
        joined(written(scene, co2), " ÷ ", plain(days.text + " ÷ " + amount(cars)));
    finding.arithmetic =
        joined(finding.arithmetic, " = ", joined(plain(amount(kg, 3)), " ", label));
    finding.expected = joined(plain(amount(each->low) + "–" + amount(each->high)), " ", label);
    finding.verdict =
        kg * wide < each->low || kg / wide > each->high ? Verdict::outside : Verdict::consistent;
    finding.note = fleet->note;
    finding.source = each->source;
    finding.quality = "unconfirmed";
    finding.missing = {};
  }
  findings.push_back(std::move(finding));
}

struct UnitForAll {
  double si = 1;
  Text label;
  const char* code = "1";
};
UnitForAll unit_for(Measure measure) {
  if (measure == Measure::mass) return {1000, {"t", "吨"}, "t"};
  if (measure == Measure::energy) return {3.6e6, {"kWh", "千瓦时"}, "kWh"};
  return {};
}

// A yearly total bounds what is said of a year, a stock what is counted.
bool bounds(const Total& total, const Figure& figure) {
  if (!total.per_year) return figure.measure == Measure::count;
  const bool counted = figure.measure == Measure::count || figure.measure == Measure::mass ||
                       figure.measure == Measure::energy;
  return counted && figure.period == Period::year && figure.period_is_own;
}

// More people than there are, more CO2 a year than the world emits.
void check_larger_than_all(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& figure = scene.figures[index];
  if (figure.thing == none || figure.per.stated()) return;
  const std::string place = figure.place == none
                                ? std::string{"world"}
                                : scene.lexicon().places()[static_cast<std::size_t>(figure.place)];
  for (const auto& name : {place, std::string{"world"}}) {
    const auto* total = total_of(scene, figure.thing, name);
    if (total == nullptr || !bounds(*total, figure)) continue;
    if (figure.real.low <= to_double(total->high) * 1.02) continue;
    auto finding = new_finding(scene, "larger_than_all", Verdict::impossible, {index});
    finding.arithmetic = written(scene, figure);
    const auto unit = unit_for(figure.measure);
    const double stated = figure.real.value / unit.si;
    finding.implied.push_back({stated, stated, stated, unit.label, unit.code});
    finding.expected =
        joined(plain("≤ " + amount(to_double(total->high) / unit.si)), " ", unit.label);
    finding.source = total->source;
    finding.quality = "unconfirmed";
    findings.push_back(std::move(finding));
    return;
  }
}

}  // namespace

void check_totals(const Scene& scene, Findings& findings) {
  for (std::uint32_t i = 0; i < scene.figures.size(); ++i) {
    check_country_years(scene, i, findings);
    check_larger_than_all(scene, i, findings);
  }
}

void check_parked_cars(const Scene& scene, Findings& findings) {
  for (std::uint32_t i = 0; i < scene.figures.size(); ++i) check_parked_cars_of(scene, i, findings);
}

}  // namespace partake::claims
