// Soil, boundaries that a text states itself, and CO2 that nothing beside it explains.

#include "claims/scene.h"

namespace partake::claims {
namespace {

// An area in square metres, and its name: the hectare where only a mass per area is said.
struct Area {
  double si = 1e4;
  Text title{"ha", "公顷"};
};
Area area_under(const Scene& scene, const Figure& figure) {
  if (figure.per.unit == none) return {};
  const auto& entry = scene.lexicon().units()[static_cast<std::size_t>(figure.per.unit)];
  return {to_double(entry.to_si), entry.title};
}

// What the rise needs against what is spread.
Finding soil_finding(const Scene& scene, const Constant& soil, std::uint32_t rise_at,
                     std::uint32_t spread_at) {
  const auto& rise = scene.figures[rise_at];
  const auto& spread = scene.figures[spread_at];
  const double share = rise.real.value * (rise.measure == Measure::point ? 0.01 : 1);
  const double needed = soil.low * share;  // kg/m2
  const double given = spread.real.value;
  const double low = needed * (1 - tolerance(rise));
  auto finding = new_finding(scene, "soil",
                             low > given * (1 + tolerance(spread)) ? Verdict::impossible
                             : needed > given * 0.6                ? Verdict::outside
                                                                   : Verdict::consistent,
                             {rise_at, spread_at});
  const auto area = area_under(scene, spread);
  const double tonnes = needed * area.si / 1000;
  const Text label{"t/" + area.title.en, "吨/" + area.title.zh};
  finding.implied.push_back({tonnes, tonnes, tonnes, label, "t/" + area.title.en});
  finding.arithmetic = joined(
      plain(amount(soil.low * area.si / 1000) + " t × " + rise.text + " = " + amount(tonnes, 3)),
      " ", label);
  finding.expected = {"less than " + spread.text, "低于" + spread.text};
  finding.note = soil.note;
  finding.source = soil.source;
  finding.quality = "computed";
  return finding;
}

}  // namespace

// Organic matter cannot rise by more than is put on the land.
void check_soil(const Scene& scene, Findings& findings) {
  const auto* soil = scene.knowledge.constant("soil_mass");
  if (soil == nullptr) return;
  for (std::uint32_t i = 0; i < scene.figures.size(); ++i) {
    const auto& rise = scene.figures[i];
    if ((rise.measure != Measure::ratio && rise.measure != Measure::point) ||
        !rise.has(Marker::rise) ||
        !contains_any(scene.lead(i), {"有机质", "organic matter", "Organic matter"})) {
      continue;
    }
    for (auto j = scene.begin_of(rise.paragraph); j < scene.end_of(rise.paragraph); ++j) {
      const auto& spread = scene.figures[j];
      if (spread.measure != Measure::mass || spread.per.measure != Measure::area) continue;
      findings.push_back(soil_finding(scene, *soil, i, j));
      break;
    }
  }
}

namespace {

// Driving without the charging: what the electricity for the distance comes to.
void tell_of_charging(const Scene& scene, const Figure& co2, Finding& finding) {
  const auto* use = scene.knowledge.constant("bus_electricity");
  const auto* grid = scene.knowledge.constant("grid_average");
  if (use == nullptr || grid == nullptr ||
      !scene.names(co2.paragraph, scene.lexicon().thing("bus"))) {
    return;
  }
  for (auto i = scene.begin_of(co2.paragraph); i < scene.end_of(co2.paragraph); ++i) {
    const auto& distance = scene.figures[i];
    if (!same_sentence(distance, co2) || !scene.is(distance, "distance_driven")) continue;
    const double metres = distance.real.value;
    const double low = metres * use->low * grid->low / 1000;
    const double high = metres * use->high * grid->high / 1000;
    finding.figures.push_back(i);
    finding.implied.push_back({low, (low + high) / 2, high, {"tCO2", "吨二氧化碳"}, "t"});
    finding.arithmetic = {
        distance.text + " × 1.0–1.2 kWh/km × 0.4715–0.5568 kgCO2/kWh = " + amount(low, 3) + "–" +
            amount(high, 3) + " t",
        distance.text + " × 1.0—1.2千瓦时/公里 × 0.4715—0.5568千克/千瓦时 = " + amount(low, 3) +
            "—" + amount(high, 3) + "吨"};
    finding.source = grid->source;
    finding.quality = "unconfirmed";
    return;
  }
}

}  // namespace

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
    const auto rest = std::string_view{reading.text}.substr(figure.end, end - figure.end);
    if (contains_any(rest, {"电", "electric", "charging"})) {
      tell_of_charging(scene, figure, finding);
    }
    findings.push_back(std::move(finding));
  }
}

namespace {

// Water saved is a small part of the CO2; the rest would be electricity.
void tell_of_water(const Scene& scene, const Figure& co2, Finding& finding) {
  const auto* water = scene.knowledge.constant("water_co2");
  const auto* grid = scene.knowledge.constant("grid_nation");
  if (water == nullptr || grid == nullptr) return;
  for (auto i = scene.begin_of(co2.paragraph); i < scene.end_of(co2.paragraph); ++i) {
    const auto& other = scene.figures[i];
    if (!same_sentence(other, co2) || !scene.is(other, "water") || other.per.stated()) continue;
    // A litre of water is a kilogram.
    const double kg = other.real.value * (other.measure == Measure::volume ? 1000 : 1);
    const double low = kg * water->low / 1000;
    const double high = kg * water->high / 1000;
    const double claimed = co2.real.value / 1000;
    if (high > claimed * 0.5) continue;
    const double power = co2.real.value / grid->low / 3.6e6;
    finding.figures.push_back(i);
    finding.implied.push_back({low, (low + high) / 2, high, {"tCO2", "吨二氧化碳"}, "t"});
    finding.implied.push_back({power / 1000, power / 1000, power / 1000, plain("MWh"), "MWh"});
    finding.arithmetic = {other.text + " × 0.2–0.3 kgCO2/t = " + amount(low, 2) + "–" +
                              amount(high, 2) + " t; the rest of " + co2.text + " needs " +
                              amount(power / 1000, 3) + " MWh at 0.5568 kgCO2/kWh",
                          other.text + " × 0.2—0.3千克/吨 = " + amount(low, 2) + "—" +
                              amount(high, 2) + "吨；" + co2.text + "其余部分需" +
                              amount(power / 1000, 3) + "兆瓦时（0.5568千克/千瓦时）"};
    finding.missing = {"the electricity saved or the size of the plant",
                       "节约的电量或光伏装机规模"};
    finding.source = grid->source;
    return;
  }
}

}  // namespace

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
    tell_of_water(scene, figure, finding);
    findings.push_back(std::move(finding));
  }
}

}  // namespace partake::claims
