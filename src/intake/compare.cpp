#include "intake/compare.h"

#include <algorithm>
#include <cmath>

namespace partake::intake {
namespace {

// Published factors that may have stood behind a stated figure, each with the figure it would give.
Status add_candidates(Comparison& comparison, const factor::Library& library,
                      const Rational& per_value, const Unit& per_unit) {
  const auto& stated = *comparison.stated;
  for (const auto i : library.with_id(stated.candidates)) {
    const auto& factor = library.factors()[i];
    if (std::find(stated.regions.begin(), stated.regions.end(), factor.region_code) ==
        stated.regions.end()) {
      continue;
    }
    // A CO2 factor compares with a CO2e figure one to one.
    auto quantity = factor.value;
    if (auto exchanged = quantity.unit.exchange("CO2", "CO2e")) quantity.unit = *exchanged;
    if (quantity.unit.dimension() != comparison.implied_unit.dimension()) quantity = factor.value;
    if (comparison.candidates.empty()) {
      // Say the implied ratio in the unit in which factors are published.
      TRY(const auto scale, conversion(comparison.implied_unit, quantity.unit));
      comparison.implied = comparison.implied->times(scale);
      comparison.implied_unit = quantity.unit;
      if (!comparison.implied) return {};
    }
    TRY(const auto ratio, value_in(quantity, comparison.implied_unit));
    TRY(const auto in_stated,
        conversion(comparison.implied_unit.times(per_unit), stated.value.unit));
    comparison.candidates.push_back(
        {&factor, ratio, ratio * to_double(per_value) * to_double(in_stated)});
  }
  const double implied = to_double(*comparison.implied);
  std::stable_sort(comparison.candidates.begin(), comparison.candidates.end(),
                   [&](const auto& a, const auto& b) {
                     return std::fabs(a.ratio - implied) < std::fabs(b.ratio - implied);
                   });
  return {};
}

Result<Comparison> compare_unplaced(const programme::Stated& stated, const Report& report,
                                    const factor::Library& library) {
  Comparison comparison;
  comparison.stated = &stated;
  TRY(comparison.computed, total_in(report, stated.method, stated.output, stated.value.unit));
  TRY(comparison.agrees, method::matches(comparison.computed, stated.value, std::nullopt));
  if (stated.per.empty()) return comparison;
  const auto* per = report.of(stated.method)->method().output(stated.per);
  const Unit per_unit = per != nullptr ? per->unit : Unit{};
  TRY(const auto per_value, total_in(report, stated.method, stated.per, per_unit));
  const auto value = to_rational(stated.value.value);
  comparison.implied_unit = stated.value.unit.times(per_unit, -1);
  comparison.implied = value ? value->over(per_value) : std::nullopt;
  if (!comparison.implied) return comparison;
  CHECK_OK(add_candidates(comparison, library, per_value, per_unit));
  return comparison;
}

}  // namespace

Quantity quantity_of(const method::Output& output, Int128 count) {
  const auto& smallest = output.smallest;
  return {Decimal{smallest.value.mantissa * count, smallest.value.exponent}, smallest.unit};
}

Result<Rational> total_in(const Report& report, const MethodId& method, const std::string& output,
                          const Unit& unit) {
  const auto* entry = report.of(method);
  const auto* found = entry != nullptr ? entry->method().output(output) : nullptr;
  if (found == nullptr) {
    return fail(ErrorKind::invalid, "method.unknown_output", {{"output", output}});
  }
  if (!found->summed && entry->totals->rows() != 1) {
    return fail(ErrorKind::invalid, "programme.not_summed",
                {{"output", output}, {"rows", std::to_string(entry->totals->rows())}});
  }
  const auto index = static_cast<std::size_t>(found - entry->method().outputs.data());
  return convert(quantity_of(*found, entry->totals->outputs()[index].sum), unit);
}

Result<Comparison> compare(const programme::Stated& stated, const Report& report,
                           const factor::Library& library) {
  auto comparison = compare_unplaced(stated, report, library);
  if (!comparison && comparison.error().place.file.empty()) {
    comparison.error().place = stated.place;
  }
  return comparison;
}

}  // namespace partake::intake
