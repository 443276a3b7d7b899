// Checks that need knowledge of one trade: data centres, soil, stated boundaries, countries.

#include <algorithm>
#include <cmath>

#include "claims/scene.h"

namespace partake::claims {
namespace {

constexpr double year_s = 365.0 * 86400;

bool near_word(const Scene& scene, std::uint32_t index, const std::vector<std::string>& words) {
  return contains_any(scene.lead(index), words);
}

}  // namespace

// The whole use over the use of the computers: PUE. Below one is impossible.
void check_datacentres(const Scene& scene, Findings& findings) {
  const auto pue = scene.lexicon().thing("pue");
  for (std::size_t paragraph = 0; paragraph < scene.readings.size(); ++paragraph) {
    std::uint32_t before = 0;
    std::uint32_t after = 0;
    bool any = false;
    const auto begin = scene.begin_of(paragraph);
    const auto end = scene.end_of(paragraph);
    for (auto i = begin; i < end; ++i) {
      const auto& figure = scene.figures[i];
      if (figure.thing != pue || figure.measure != Measure::bare) continue;
      const double value = figure.real.value;
      if (value < 1 || value > 10) {
        if (value <= 0 || value > 10) continue;
        auto finding = new_finding(scene, "pue", Verdict::impossible, {i});
        finding.arithmetic = plain("PUE " + figure.text + " < 1");
        finding.implied.push_back({value, value, value, plain("PUE"), "1"});
        finding.expected = plain("≥ 1");
        findings.push_back(std::move(finding));
        continue;
      }
      if (!any || value > scene.figures[before].real.value) before = i;
      if (!any || value < scene.figures[after].real.value) after = i;
      any = true;
    }
    if (!any) continue;
    const double old_pue = scene.figures[before].real.value;
    const double new_pue = scene.figures[after].real.value;
    if (new_pue >= old_pue || old_pue <= 1) continue;
    for (auto i = begin; i < end; ++i) {
      const auto& percent = scene.figures[i];
      if (percent.measure != Measure::ratio || !percent.has(Marker::fall)) continue;
      const double stated = percent.real.value;
      const auto pair = scene.figures[after].text + " / " + scene.figures[before].text;
      if (near_word(scene, i, {"冷却", "制冷", "cooling", "Cooling"})) {
        const double fell = 1 - (new_pue - 1) / (old_pue - 1);
        auto finding = new_finding(scene, "pue",
                                   fell + 0.05 >= stated ? Verdict::consistent : Verdict::outside,
                                   {i, before, after});
        finding.implied.push_back({fell * 100, fell * 100, fell * 100, plain("%"), "%"});
        finding.arithmetic = plain("1 − (" + amount(new_pue) + " − 1) ÷ (" + amount(old_pue) +
                                   " − 1) = " + amount(fell * 100, 3) + "%");
        finding.expected = plain(percent.text);
        findings.push_back(std::move(finding));
        continue;
      }
      if (!near_word(scene, i, {"IT", "服务器", "server"})) continue;
      const double saved = 1 - (1 - stated) * new_pue / old_pue;
      auto finding = new_finding(scene, "pue", Verdict::unchecked, {i, before, after});
      finding.implied.push_back({saved * 100, saved * 100, saved * 100, plain("%"), "%"});
      const auto share = amount(saved * 100, 3) + "%";
      finding.arithmetic = plain("1 − (1 − " + percent.text + ") × " + amount(new_pue) + " ÷ " +
                                 amount(old_pue) + " = " + share);
      finding.missing = {"the electricity of the data centres", "数据中心总用电量"};
      // A saving for the whole country nearby needs so much use.
      const auto* load = scene.knowledge.constant("datacentre_load");
      const auto from = paragraph > 4 ? paragraph - 4 : 0;
      const auto to = std::min(paragraph + 5, scene.readings.size());
      for (auto j = scene.begin_of(from); load != nullptr && j < scene.begin_of(to); ++j) {
        const auto& power = scene.figures[j];
        if (power.measure != Measure::energy || power.period != Period::year ||
            !contains_any(scene.sentence(power), {"全国", "nationwide", "whole country"}) ||
            !near_word(scene, j, {"节", "sav"})) {
          continue;
        }
        const double needed = power.real.value / saved;
        const double unit = 3.6e6;
        finding.figures.push_back(j);
        finding.implied.push_back(
            {needed / unit, needed / unit, needed / unit, plain("kWh"), "kWh"});
        finding.arithmetic =
            joined(finding.arithmetic, "; ",
                   plain(power.text + " ÷ " + share + " = " + amount(needed / unit) + " kWh"));
        finding.verdict = needed * 0.95 > load->high  ? Verdict::outside
                          : needed < load->low * 1.05 ? Verdict::consistent
                                                      : Verdict::boundary;
        finding.expected =
            plain(amount(load->low / unit) + "–" + amount(load->high / unit) + " kWh");
        finding.note = load->note;
        finding.source = load->source;
        finding.quality = "unconfirmed";
        finding.missing = {};
        break;
      }
      findings.push_back(std::move(finding));
    }
  }
}

// Organic matter cannot rise by more than is put on the land.
void check_soil(const Scene& scene, Findings& findings) {
  const auto* soil = scene.knowledge.constant("soil_mass");
  if (soil == nullptr) return;
  for (std::uint32_t i = 0; i < scene.figures.size(); ++i) {
    const auto& rise = scene.figures[i];
    if ((rise.measure != Measure::ratio && rise.measure != Measure::point) ||
        !rise.has(Marker::rise) ||
        !near_word(scene, i, {"有机质", "organic matter", "Organic matter"})) {
      continue;
    }
    for (auto j = scene.begin_of(rise.paragraph); j < scene.end_of(rise.paragraph); ++j) {
      const auto& spread = scene.figures[j];
      if (spread.measure != Measure::mass || spread.per.measure != Measure::area) continue;
      const double share = rise.real.value * (rise.measure == Measure::point ? 0.01 : 1);
      const double needed = soil->low * share;  // kg/m2
      const double given = spread.real.value;
      const double area =
          spread.per.unit == none
              ? 1e4
              : to_double(scene.lexicon().units()[static_cast<std::size_t>(spread.per.unit)].to_si);
      const double low = needed * (1 - tolerance(rise));
      auto finding = new_finding(scene, "soil",
                                 low > given * (1 + tolerance(spread)) ? Verdict::impossible
                                 : needed > given * 0.6                ? Verdict::outside
                                                                       : Verdict::consistent,
                                 {i, j});
      const double tonnes = needed * area / 1000;
      const auto unit =
          spread.per.unit == none
              ? Text{"ha", "公顷"}
              : scene.lexicon().units()[static_cast<std::size_t>(spread.per.unit)].title;
      const Text label{"t/" + unit.en, "吨/" + unit.zh};
      finding.implied.push_back({tonnes, tonnes, tonnes, label, "t/" + unit.en});
      finding.arithmetic = joined(
          plain(amount(soil->low * area / 1000) + " t × " + rise.text + " = " + amount(tonnes, 3)),
          " ", label);
      finding.expected = {"less than " + spread.text, "低于" + spread.text};
      finding.note = soil->note;
      finding.source = soil->source;
      finding.quality = "computed";
      findings.push_back(std::move(finding));
      break;
    }
  }
}

// 不计…, excluding…: the text itself says what is left out. Where that can be estimated, it is.
void check_boundaries(const Scene& scene, Findings& findings) {
  const auto co2 = scene.lexicon().thing("co2");
  for (std::uint32_t i = 0; i < scene.figures.size(); ++i) {
    const auto& figure = scene.figures[i];
    if (!scene.lexicon().is(figure.thing, co2) || figure.measure != Measure::mass) continue;
    const auto& reading = scene.reading(figure);
    const auto end =
        i + 1 < scene.end_of(figure.paragraph) && same_sentence(figure, scene.figures[i + 1])
            ? scene.figures[i + 1].begin
            : reading.sentences[figure.sentence].end;
    if (!reading.marker_between(Marker::not_included, figure.end, end)) continue;
    auto finding = new_finding(scene, "boundary", Verdict::boundary, {i});
    finding.arithmetic = written(scene, figure);
    const auto* use = scene.knowledge.constant("bus_electricity");
    const auto* grid = scene.knowledge.constant("grid_average");
    const auto rest = std::string_view{reading.text}.substr(figure.end, end - figure.end);
    const bool electric = contains_any(rest, {"电", "electric", "charging"});
    for (auto j = scene.begin_of(figure.paragraph); j < scene.end_of(figure.paragraph); ++j) {
      const auto& distance = scene.figures[j];
      if (!electric || use == nullptr || grid == nullptr || !same_sentence(distance, figure) ||
          !scene.is(distance, "distance_driven") ||
          !scene.names(figure.paragraph, scene.lexicon().thing("bus"))) {
        continue;
      }
      const double metres = distance.real.value;
      const double low = metres * use->low * grid->low / 1000;
      const double high = metres * use->high * grid->high / 1000;
      finding.figures.push_back(j);
      finding.implied.push_back({low, (low + high) / 2, high, {"tCO2", "吨二氧化碳"}, "t"});
      finding.arithmetic = {
          distance.text + " × 1.0–1.2 kWh/km × 0.4715–0.5568 kgCO2/kWh = " + amount(low, 3) + "–" +
              amount(high, 3) + " t",
          distance.text + " × 1.0—1.2千瓦时/公里 × 0.4715—0.5568千克/千瓦时 = " + amount(low, 3) +
              "—" + amount(high, 3) + "吨"};
      finding.source = grid->source;
      finding.quality = "unconfirmed";
      break;
    }
    findings.push_back(std::move(finding));
  }
}

namespace {

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

// 相当于欧盟160年的总排放量: what is that a year, and is it so?
void check_country_years(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& span = scene.figures[index];
  if (span.measure != Measure::time || !span.has(Marker::equals)) return;
  const double years = span.real.value / year_s;
  if (years < 0.01) return;
  std::string place;
  for (const auto& hit : scene.reading(span).places) {
    if (hit.end <= span.begin && hit.begin + 40 > span.begin) {
      place = scene.lexicon().places()[hit.entry];
    }
  }
  for (auto i = index; i-- > scene.begin_of(span.paragraph);) {
    const auto& whole = scene.figures[i];
    if (!same_sentence(whole, span)) return;
    const auto* total = total_of(scene, whole.thing, place);
    if (total == nullptr || !total->per_year || whole.per.stated()) continue;
    if (whole.measure != Measure::mass && whole.measure != Measure::energy) continue;
    const double each = whole.real.value / years;
    const double low = to_double(total->low);
    const double high = to_double(total->high);
    const double wide = 1 + tolerance(whole) + tolerance(span);
    auto finding = new_finding(
        scene, "country_years",
        each * wide < low || each / wide > high ? Verdict::outside : Verdict::consistent,
        {i, index});
    const double unit = whole.measure == Measure::energy ? 3.6e6 : 1000;
    const Text label = whole.measure == Measure::energy ? Text{"kWh a year", "千瓦时/年"}
                                                        : Text{"t a year", "吨/年"};
    finding.implied.push_back({each / unit / wide, each / unit, each * wide / unit, label,
                               whole.measure == Measure::energy ? "kWh/a" : "t/a"});
    finding.arithmetic = joined(written(scene, whole), " ÷ ", plain(span.text));
    finding.arithmetic =
        joined(finding.arithmetic, " = ", joined(plain(amount(each / unit)), " ", label));
    finding.expected = joined(plain(amount(low / unit) + "–" + amount(high / unit)), " ", label);
    finding.source = total->source;
    finding.quality = "unconfirmed";
    // What a scenario avoids over decades is no measurement, however well it divides.
    const auto sentence = scene.sentence(whole);
    const bool future = scene.reading(whole).marker_between(
        Marker::future, scene.reading(whole).sentences[whole.sentence].begin, whole.begin);
    if (future && contains_any(sentence, {"未来", "避免", "avoid", "next ", "coming "})) {
      finding.verdict = Verdict::unchecked;
      finding.missing = {"the scenario, and whether the figure is its upper end (\"up to\")",
                         "情景假设，以及该数字是否为上限（“最多”）"};
    }
    findings.push_back(std::move(finding));
    return;
  }
}

// The figure's sentence names it, and is about people: as the sentence that refers to it.
bool name_beside(const Scene& scene, std::uint32_t index, std::string_view name) {
  const auto& figure = scene.figures[index];
  const auto sentence = scene.sentence(figure);
  return sentence.find(name) != std::string_view::npos;
}

// 相当于全国汽车停驶50天: the amount may stand elsewhere, with the same name in quotation marks.
void check_parked_cars_of(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& days = scene.figures[index];
  if (days.measure != Measure::time) return;
  const auto sentence = scene.sentence(days);
  if (!contains_any(sentence, {"停驶", "off the road", "停开"})) return;
  const auto* each = scene.knowledge.constant("car_day");
  const auto* fleet = scene.knowledge.constant("car_fleet");
  if (each == nullptr || fleet == nullptr) return;
  std::uint32_t source = index;
  double largest = 0;
  const auto consider = [&](std::uint32_t i) {
    const auto& figure = scene.figures[i];
    if (!scene.is(figure, "co2") || figure.measure != Measure::mass || figure.per.stated()) return;
    if (figure.real.value <= largest) return;
    largest = figure.real.value;
    source = i;
  };
  for (auto i = scene.begin_of(days.paragraph); i < scene.end_of(days.paragraph); ++i) {
    if (same_sentence(scene.figures[i], days)) consider(i);
  }
  if (source == index) {
    // Names in quotation marks before it; the last that stands beside an amount elsewhere.
    const std::string_view before{scene.reading(days).text.data(), days.begin};
    constexpr std::string_view open_mark{"“"};
    constexpr std::string_view close_mark{"”"};
    constexpr int names_max = 8;
    auto until = std::string_view::npos;
    for (int i = 0; i < names_max && source == index; ++i) {
      const auto open = before.rfind(open_mark, until);
      if (open == std::string_view::npos || open == 0) break;
      until = open - 1;
      const auto begin = open + open_mark.size();
      const auto close = before.find(close_mark, begin);
      if (close == std::string_view::npos || close - begin > 60 || close == begin) continue;
      const auto name = before.substr(begin, close - begin);
      for (std::uint32_t j = 0; j < scene.figures.size(); ++j) {
        if (scene.figures[j].paragraph == days.paragraph) continue;
        if (scene.is(scene.figures[j], "co2") && name_beside(scene, j, name)) consider(j);
      }
    }
  }
  double cars = fleet->low;
  for (auto i = scene.begin_of(days.paragraph); i < index; ++i) {
    const auto& figure = scene.figures[i];
    if (same_sentence(figure, days) && scene.is(figure, "vehicle") &&
        figure.measure == Measure::count) {
      cars = figure.real.value;
    }
  }
  auto finding = new_finding(scene, "parked_cars", Verdict::unchecked, {index});
  finding.missing = {"the amount of CO2, and the number of cars", "二氧化碳总量与汽车数量"};
  finding.arithmetic = plain(days.text);
  if (source != index) {
    const double count = days.real.value / 86400;
    const double kg = largest / count / cars;
    const double wide = 1 + std::max(tolerance(days), tolerance(scene.figures[source]));
    finding.figures.push_back(source);
    const Text label{"kg per car and day", "千克/（辆·天）"};
    finding.implied.push_back({kg / wide, kg, kg * wide, label, "kg/d"});
    finding.arithmetic = joined(written(scene, scene.figures[source]), " ÷ ",
                                plain(days.text + " ÷ " + amount(cars)));
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

// More people than there are, more CO2 a year than the world emits.
void check_larger_than_all(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& figure = scene.figures[index];
  if (figure.thing == none || figure.per.stated()) return;
  const std::string place = figure.place == none
                                ? std::string{"world"}
                                : scene.lexicon().places()[static_cast<std::size_t>(figure.place)];
  for (const auto& name : {place, std::string{"world"}}) {
    const auto* total = total_of(scene, figure.thing, name);
    if (total == nullptr) continue;
    const bool counted = figure.measure == Measure::count || figure.measure == Measure::mass ||
                         figure.measure == Measure::energy;
    if (!counted || (total->per_year && figure.period != Period::year)) continue;
    if (total->per_year && !figure.period_is_own) continue;
    if (!total->per_year && figure.measure != Measure::count) continue;
    const double value = figure.real.low;
    if (value <= to_double(total->high) * 1.02) continue;
    auto finding = new_finding(scene, "larger_than_all", Verdict::impossible, {index});
    finding.arithmetic = written(scene, figure);
    const double unit = figure.measure == Measure::mass     ? 1000
                        : figure.measure == Measure::energy ? 3.6e6
                                                            : 1;
    const Text label = figure.measure == Measure::mass     ? Text{"t", "吨"}
                       : figure.measure == Measure::energy ? Text{"kWh", "千瓦时"}
                                                           : Text{};
    const double amount_all = figure.real.value / unit;
    finding.implied.push_back({amount_all, amount_all, amount_all, label,
                               figure.measure == Measure::mass     ? "t"
                               : figure.measure == Measure::energy ? "kWh"
                                                                   : "1"});
    finding.expected = joined(plain("≤ " + amount(to_double(total->high) / unit)), " ", label);
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

// CO2 that no figure beside it explains: what is missing is said. Runs after the others.
void check_unexplained(const Scene& scene, Findings& findings) {
  std::vector<bool> explained(scene.figures.size());
  for (const auto& finding : findings) {
    for (const auto index : finding.figures) explained[index] = true;
  }
  const auto co2 = scene.lexicon().thing("co2");
  for (std::uint32_t i = 0; i < scene.figures.size(); ++i) {
    const auto& figure = scene.figures[i];
    if (explained[i] || !scene.lexicon().is(figure.thing, co2) || !figure.thing_is_near ||
        figure.measure != Measure::mass || figure.real.value <= 0) {
      continue;
    }
    auto finding = new_finding(scene, "unexplained", Verdict::unchecked, {i});
    finding.arithmetic = written(scene, figure);
    finding.missing = {"the activity behind it: electricity, fuel, distance, area or mass",
                       "对应的活动数据：电量、燃料、里程、面积或质量"};
    const auto* water = scene.knowledge.constant("water_co2");
    const auto* grid = scene.knowledge.constant("grid_nation");
    for (auto j = scene.begin_of(figure.paragraph); j < scene.end_of(figure.paragraph); ++j) {
      const auto& other = scene.figures[j];
      if (water == nullptr || grid == nullptr || !same_sentence(other, figure) ||
          !scene.is(other, "water") || other.per.stated()) {
        continue;
      }
      // A litre of water is a kilogram.
      const double kg = other.real.value * (other.measure == Measure::volume ? 1000 : 1);
      const double low = kg * water->low / 1000;
      const double high = kg * water->high / 1000;
      const double claimed = figure.real.value / 1000;
      if (high > claimed * 0.5) continue;
      const double power = figure.real.value / grid->low / 3.6e6;
      finding.figures.push_back(j);
      finding.implied.push_back({low, (low + high) / 2, high, {"tCO2", "吨二氧化碳"}, "t"});
      finding.implied.push_back({power / 1000, power / 1000, power / 1000, plain("MWh"), "MWh"});
      finding.arithmetic = {other.text + " × 0.2–0.3 kgCO2/t = " + amount(low, 2) + "–" +
                                amount(high, 2) + " t; the rest of " + figure.text + " needs " +
                                amount(power / 1000, 3) + " MWh at 0.5568 kgCO2/kWh",
                            other.text + " × 0.2—0.3千克/吨 = " + amount(low, 2) + "—" +
                                amount(high, 2) + "吨；" + figure.text + "其余部分需" +
                                amount(power / 1000, 3) + "兆瓦时（0.5568千克/千瓦时）"};
      finding.missing = {"the electricity saved or the size of the plant",
                         "节约的电量或光伏装机规模"};
      finding.source = grid->source;
      break;
    }
    findings.push_back(std::move(finding));
  }
}

}  // namespace partake::claims
