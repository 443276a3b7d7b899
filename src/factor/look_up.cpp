#include "factor/look_up.h"

#include <algorithm>

namespace partake::factor {
namespace {

// What could be seen of this id and kind, the regions asked for first: "CN-BJ 2022, CN 2021, ...".
std::string available(const Library& library, const Rule& rule,
                      const std::vector<RegionIndex>& regions, Day admitted_on) {
  constexpr int listed_max = 8;
  std::string list;
  int count = 0;
  for (const bool asked_for : {true, false}) {
    for (const auto index : library.with_id(rule.id)) {
      const auto& factor = library.factors()[index];
      const bool near = std::find(regions.begin(), regions.end(), factor.region) != regions.end();
      if (factor.kind != rule.kind || factor.visible_from > admitted_on || near != asked_for) {
        continue;
      }
      if (++count > listed_max) return list + ", …";
      if (!list.empty()) list += ", ";
      list += factor.region_code;
      if (factor.validity.stated) list += " " + to_string(factor.validity);
    }
  }
  return list;
}

}  // namespace

Result<Choice> look_up(const Library& library, const Rule& rule, RegionIndex region, Day day,
                       Day admitted_on) {
  const auto regions = library.regions().climb(region, rule.climb, day);
  const auto& factors = library.factors();
  const auto candidates = library.with_id(rule.id);
  const auto try_at = [&](RegionIndex where, int years) -> Result<const Factor*> {
    const Day then = years_before(day, years);
    const Factor* found = nullptr;
    for (const auto index : candidates) {
      const auto& factor = factors[index];
      if (factor.region != where || factor.kind != rule.kind) continue;
      if (!factor.validity.contains(then) || factor.visible_from > admitted_on) continue;
      if (factor.quality == Quality::unconfirmed && !rule.accept_unconfirmed) continue;
      if (found != nullptr) {
        return fail(ErrorKind::conflict, "factor.ambiguous",
                    {{"factor", rule.id.text()},
                     {"first", label(*found) + " (" + found->source.text() + ")"},
                     {"second", label(factor) + " (" + factor.source.text() + ")"},
                     {"day", to_string(then)}});
      }
      found = &factor;
    }
    return found;
  };
  const auto outer_count = rule.prefer == Prefer::region
                               ? regions.size()
                               : static_cast<std::size_t>(rule.years_back) + 1;
  const auto inner_count = rule.prefer == Prefer::region
                               ? static_cast<std::size_t>(rule.years_back) + 1
                               : regions.size();
  for (std::size_t outer = 0; outer < outer_count; ++outer) {
    for (std::size_t inner = 0; inner < inner_count; ++inner) {
      const auto place = rule.prefer == Prefer::region ? outer : inner;
      const auto years = static_cast<int>(rule.prefer == Prefer::region ? inner : outer);
      TRY(const auto* found, try_at(regions[place], years));
      if (found != nullptr) return Choice{found, years, place != 0};
    }
  }
  return fail(ErrorKind::not_found, "factor.none",
              {{"factor", rule.id.text()},
               {"kind", rule.kind == "default" ? "" : rule.kind},
               {"region", library.regions().at(region).code},
               {"day", to_string(day)},
               {"available", available(library, rule, regions, admitted_on)}});
}

}  // namespace partake::factor
