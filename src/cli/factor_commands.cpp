#include <algorithm>
#include <iterator>

#include "cli/commands.h"
#include "cli/present.h"

namespace partake::cli {
namespace {

std::string validity_text(const Validity& validity, const Context& context) {
  return validity.stated ? to_string(validity) : context.say("word.not_stated");
}

Table new_table(const Context& context) {
  return Table{{context.say("word.factor"), context.say("word.kind"), context.say("word.region"),
                context.say("word.valid"), context.say("word.value"), context.say("word.quality"),
                context.say("word.source")}};
}

std::vector<std::string> row_of(const factor::Factor& factor, const Context& context) {
  return {factor.id.text(),
          factor.kind,
          factor.region_code,
          validity_text(factor.validity, context),
          number(factor.value, context.language),
          context.say(std::string{"quality."} + name_of(factor.quality)),
          factor.source.text()};
}

std::string band_text(const factor::Band& band) {
  return "[" + (band.low ? to_string(*band.low) : "..") + ", " +
         (band.high ? to_string(*band.high) : "..") + "]";
}

Json to_json(const factor::Band& band) {
  return Json::Object{{"id", band.id.text()},         {"kind", band.kind},
                      {"region", band.region_code},   {"valid", to_string(band.validity)},
                      {"range", band_text(band)},     {"unit", to_string(band.unit)},
                      {"source", band.source.text()}, {"quality", name_of(band.quality)}};
}

}  // namespace

int factor_list(const Context& context, const FactorQuery& query) {
  int code = 0;
  const auto knowledge = context.knowledge(code);
  if (!knowledge) return code;
  auto table = new_table(context);
  Json::Array list;
  const auto wanted = [&](const auto& entry) {
    return entry.id.text().starts_with(query.id) &&
           (query.kind.empty() || entry.kind == query.kind) &&
           (query.region.empty() || entry.region_code == query.region);
  };
  const auto& library = knowledge->library();
  for (const auto& factor : library.factors()) {
    if (query.bands || !wanted(factor) || factor.visible_from > context.admitted_on) continue;
    table.add(row_of(factor, context));
    list.push_back(cli::to_json(factor));
  }
  for (const auto& band : library.bands()) {
    if (!query.bands || !wanted(band)) continue;
    if (library.source(band.source)->visible_from > context.admitted_on) continue;
    table.add({band.id.text(), band.kind, band.region_code, validity_text(band.validity, context),
               band_text(band) + " " + to_string(band.unit, context.language),
               context.say(std::string{"quality."} + name_of(band.quality)), band.source.text()});
    list.push_back(to_json(band));
  }
  context.print(table, std::move(list));
  return 0;
}

int factor_show(const Context& context, const std::string& id) {
  int code = 0;
  const auto knowledge = context.knowledge(code);
  if (!knowledge) return code;
  const auto& library = knowledge->library();
  const auto known = library.with_id(FactorId{id});
  std::vector<std::uint32_t> indices;
  std::copy_if(known.begin(), known.end(), std::back_inserter(indices), [&](std::uint32_t index) {
    return library.factors()[index].visible_from <= context.admitted_on;
  });
  if (indices.empty()) {
    const char* code_of_error = known.empty() ? "factor.unknown" : "factor.not_published";
    return context.refuse(Error{ErrorKind::not_found,
                                code_of_error,
                                {{"factor", id},
                                 {"nearest", library.nearest_id(id)},
                                 {"day", to_string(context.admitted_on)}},
                                {}});
  }
  if (context.json) {
    Json::Array list;
    for (const auto index : indices) list.push_back(cli::to_json(library.factors()[index]));
    context.print(Json{std::move(list)});
    return 0;
  }
  for (const auto index : indices) {
    const auto& factor = library.factors()[index];
    const auto* source = library.source(factor.source);
    const auto region = library.regions().at(factor.region).title.in(context.language);
    context.print(factor::label(factor) + " = " + number(factor.value, context.language));
    context.say_line(
        "factor.detail",
        {{"region", region},
         {"valid", validity_text(factor.validity, context)},
         {"quality", context.say(std::string{"quality."} + name_of(factor.quality))},
         {"uncertainty", factor.uncertainty.kind == factor::Uncertainty::Kind::not_stated
                             ? context.say("word.not_stated")
                             : factor::text_of(factor.uncertainty, context.language)}});
    context.say_line("factor.source", {{"title", source->title.in(context.language)},
                                       {"publisher", source->publisher.in(context.language)},
                                       {"published", source->published == "not stated"
                                                         ? context.say("word.not_stated")
                                                         : source->published},
                                       {"identifier", source->identifier},
                                       {"seen", context.say("seen." + source->seen)}});
    if (factor.note) context.print("    " + factor.note->in(context.language));
    context.print("    sha256:" + to_hex(factor.hash));
  }
  return 0;
}

int factor_find(const Context& context, const FactorQuery& query) {
  int code = 0;
  const auto knowledge = context.knowledge(code);
  if (!knowledge) return code;
  const auto& library = knowledge->library();
  const auto region = library.regions().find(query.region);
  if (!region) return context.refuse(region.error());
  const auto day = parse_day(query.date);
  if (!day) return context.refuse(day.error());
  auto table = new_table(context);
  Json::Array list;
  // Each id and kind that a look-up along administrative, grid and scheme edges would find there.
  std::vector<std::pair<std::string, std::string>> seen;
  for (const auto& factor : library.factors()) {
    const std::pair key{factor.id.text(), factor.kind};
    if (!factor.id.text().starts_with(query.id) ||
        (!query.kind.empty() && factor.kind != query.kind) ||
        std::find(seen.begin(), seen.end(), key) != seen.end()) {
      continue;
    }
    seen.push_back(key);
    const factor::Rule rule{.id = factor.id,
                            .kind = factor.kind,
                            .climb = {EdgeType::administrative, EdgeType::grid, EdgeType::scheme}};
    const auto choice = factor::look_up(library, rule, *region, *day, context.admitted_on);
    if (!choice && choice.error().code == "factor.ambiguous") context.refuse(choice.error());
    if (!choice) continue;
    table.add(row_of(*choice->factor, context));
    list.push_back(cli::to_json(*choice->factor));
  }
  if (list.empty()) {
    return context.refuse(Error{ErrorKind::not_found,
                                "factor.none",
                                {{"factor", query.id},
                                 {"kind", query.kind},
                                 {"region", query.region},
                                 {"day", query.date},
                                 {"available", ""}},
                                {}});
  }
  context.print(table, std::move(list));
  return 0;
}

}  // namespace partake::cli
