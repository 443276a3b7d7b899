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

// The one that fits at a place on a day; nullptr for none.
Result<const Factor*> factor_at(const Library& library, const Rule& rule, RegionIndex where,
                                Day then, Day admitted_on) {
  const Factor* found = nullptr;
  for (const auto index : library.with_id(rule.id)) {
    const auto& factor = library.factors()[index];
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
}

// In the order of the rule; a choice without factor where nothing fits.
Result<Choice> first_that_fits(const Library& library, const Rule& rule,
                               const std::vector<RegionIndex>& regions, Day day, Day admitted_on) {
  const auto years_count = static_cast<std::size_t>(rule.years_back) + 1;
  const bool region_first = rule.prefer == Prefer::region;
  for (std::size_t i = 0; i < regions.size() * years_count; ++i) {
    const auto place = region_first ? i / years_count : i % regions.size();
    const auto years = static_cast<int>(region_first ? i % years_count : i / regions.size());
    TRY(const auto* found,
        factor_at(library, rule, regions[place], years_before(day, years), admitted_on));
    if (found != nullptr) return Choice{found, years, place != 0};
  }
  return Choice{};
}

}  // namespace

Result<Choice> look_up(const Library& library, const Rule& rule, RegionIndex region, Day day,
                       Day admitted_on) {
  const auto regions = library.regions().climb(region, rule.climb, day);
  TRY(const auto choice, first_that_fits(library, rule, regions, day, admitted_on));
  if (choice.factor != nullptr) return choice;
  // One that was published too late explains more than a list of others.
  const auto late = first_that_fits(library, rule, regions, day, day_max);
  const auto* later = late ? late->factor : nullptr;
  return fail(ErrorKind::not_found, "factor.none",
              {{"factor", rule.id.text()},
               {"kind", rule.kind == "default" ? "" : rule.kind},
               {"region", library.regions().at(region).code},
               {"day", to_string(day)},
               {"later", later != nullptr ? label(*later) : ""},
               {"published", later != nullptr ? later->published : ""},
               {"admitted_on", later != nullptr ? to_string(admitted_on) : ""},
               {"available", available(library, rule, regions, admitted_on)}});
}

}  // namespace partake::factor
