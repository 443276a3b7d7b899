#include "cli/present.h"

#include <algorithm>
#include <cmath>

#include "cli/csv_line.h"

namespace partake::cli {
namespace {

std::string validity_text(const Validity& validity, const Context& context) {
  return validity.stated ? to_string(validity) : context.say("word.not_stated");
}

std::string uncertainty_text(const factor::Uncertainty& uncertainty, const Context& context) {
  if (uncertainty.kind == factor::Uncertainty::Kind::not_stated) {
    return context.say("word.not_stated");
  }
  return "±" + factor::text_of(uncertainty, context.language);
}

std::string quality_text(factor::Quality quality, const Context& context) {
  return context.say(std::string{"quality."} + factor::name_of(quality));
}

// CO2e of a programme is shown in tonnes whatever the method's own unit.
method::Output in_tonnes(const method::Output& output) {
  auto shown = output;
  if (output.asset == method::Asset::co2e) shown.unit = parse_unit("tCO2e").value();
  return shown;
}

std::string source_title(const factor::Factor& factor, const factor::Library& library,
                         const Context& context) {
  const auto* source = library.source(factor.source);
  if (source == nullptr) return context.say("word.given_by_hand");
  return source->title.in(context.language);
}

// A mapping's own rule is known by the code that the mapping gives it.
std::string shown_code(const Error& error) {
  const auto rule = std::find_if(error.args.begin(), error.args.end(),
                                 [](const auto& arg) { return arg.first == "rule"; });
  return rule == error.args.end() ? error.code : rule->second;
}

// "trip.csv:5, 10, station.csv:3, …": a file is named where it changes.
std::string lines_of(const intake::RefusalLog::Group& group) {
  std::string lines;
  std::string file;
  for (const auto& [name, line] : group.first) {
    if (!lines.empty()) lines += ", ";
    if (name != file) lines += name + ":";
    file = name;
    lines += std::to_string(line);
  }
  return group.rows > group.first.size() ? lines + ", …" : lines;
}

void present_refusals(const intake::RefusalLog& refusals, const Context& context) {
  for (const auto& group : refusals.groups()) {
    const auto& place = group.example.place;  // Of a cell in another file.
    context.say_line(
        "report.refused_group",
        {{"rows", grouped(std::to_string(group.rows))},
         {"place", place.file.empty() ? "" : place.file + ":" + std::to_string(place.line)},
         {"reason", message(group.example, context.language)},
         {"code", shown_code(group.example)},
         {"lines", lines_of(group)}});
  }
}

Json refusals_json(const intake::RefusalLog& refusals, Language language) {
  Json::Array list;
  for (const auto& group : refusals.groups()) {
    Json::Array lines;
    for (const auto& [file, line] : group.first) {
      lines.emplace_back(
          Json::Object{{"file", file}, {"line", Json::integer(static_cast<std::int64_t>(line))}});
    }
    Json::Object entry{{"code", shown_code(group.example)},
                       {"message", message(group.example, language)},
                       {"rows", Json::integer(static_cast<std::int64_t>(group.rows))},
                       {"first", std::move(lines)}};
    if (const auto& place = group.example.place; !place.file.empty()) {
      entry.emplace_back("place",
                         Json::Object{{"file", place.file}, {"line", Json::integer(place.line)}});
    }
    list.emplace_back(std::move(entry));
  }
  return list;
}

void present_substitutions(const intake::Report& report, const Context& context) {
  std::vector<const method::Substitution*> told;
  for (const auto& entry : report.methods) {
    for (const auto& use : entry.factors()) {
      const auto* substitution = use.chosen.substitution;
      if (substitution == nullptr) continue;
      if (std::find(told.begin(), told.end(), substitution) != told.end()) continue;
      told.push_back(substitution);
      context.say_line("report.substituted",
                       {{"factor", factor::label(*use.chosen.factor)},
                        {"reason", substitution->reason.in(context.language)}});
    }
  }
}

// What stands beside a figure that must not be quoted bare.
std::string text_of(const intake::Marks& marks, const Context& context) {
  std::string text;
  if (marks.illustrative) text = context.say("report.illustrative_mark");
  if (marks.unconfirmed) {
    text += (text.empty() ? "" : "  ") + context.say("report.unconfirmed_mark");
  }
  return text;
}

void present(const intake::MethodReport& entry, const factor::Library& library,
             const Context& context) {
  const auto factors = entry.factors();
  const auto mark = text_of(intake::marks_of(factors), context);
  context.say_line("report.method", {{"title", entry.method().title.in(context.language)},
                                     {"id", entry.method().id.text()},
                                     {"version", entry.method().version},
                                     {"hash", short_name(entry.compiled->hash)}});
  context.say_line("report.rows", {{"records", grouped(std::to_string(entry.records))},
                                   {"good", grouped(std::to_string(entry.totals->rows()))},
                                   {"refused", grouped(std::to_string(entry.refusals.rows()))}});
  present_refusals(entry.refusals, context);
  for (std::size_t i = 0; i < entry.method().outputs.size(); ++i) {
    const auto output = in_tonnes(entry.method().outputs[i]);
    if (!entry.has_total(output)) continue;
    context.say_line("report.outcome", {{"title", output.title.in(context.language)},
                                        {"value", cli::present(output, entry.total(i), context)},
                                        {"mark", mark}});
  }
  if (factors.empty()) return;
  context.say_line("report.factors");
  context.print(factor_table(factors, library, context).text(4));
}

void present(const intake::AssetTotal& total, const Context& context) {
  const auto output = in_tonnes(*total.parts.front().output);
  context.say_line("report.outcome",
                   {{"title", context.say(std::string{"asset."} + name_of(total.asset))},
                    {"value", cli::present(output, total.total.result(), context)},
                    {"mark", text_of(total.marks, context)}});
  if (total.parts.size() == 1) return;
  // Avoided and removed tonnes are not the same thing, and no method says which it counts: the
  // reader is told what was added.
  context.say_line("report.added");
  for (const auto& part : total.parts) {
    const auto& method = part.report->method();
    const auto index = static_cast<std::size_t>(part.output - method.outputs.data());
    context.say_line("report.part",
                     {{"title", method.title.in(context.language)},
                      {"id", method.id.text()},
                      {"value", cli::present(output, part.report->total(index), context)}});
  }
}

Json to_json(const intake::MethodReport& entry, Language language) {
  const auto uses = entry.factors();
  const auto marks = intake::marks_of(uses);
  Json::Array outcomes;
  for (std::size_t i = 0; i < entry.method().outputs.size(); ++i) {
    const auto& output = entry.method().outputs[i];
    if (entry.has_total(output)) outcomes.push_back(cli::to_json(output, entry.total(i)));
  }
  Json::Array factors;
  for (const auto& use : uses) factors.push_back(cli::to_json(use));
  return Json::Object{{"method", entry.method().id.text()},
                      {"version", entry.method().version},
                      {"hash", "sha256:" + to_hex(entry.compiled->hash)},
                      {"records", Json::integer(static_cast<std::int64_t>(entry.records))},
                      {"accepted", Json::integer(static_cast<std::int64_t>(entry.totals->rows()))},
                      {"refused", refusals_json(entry.refusals, language)},
                      {"illustrative", marks.illustrative},
                      {"unconfirmed", marks.unconfirmed},
                      {"outcomes", std::move(outcomes)},
                      {"factors", std::move(factors)}};
}

Json to_json(const intake::AssetTotal& total) {
  Json::Array added;
  for (const auto& part : total.parts) {
    added.emplace_back(
        Json::Object{{"method", part.report->method().id.text()}, {"output", part.output->name}});
  }
  Json::Object members = *cli::to_json(*total.parts.front().output, total.total.result()).object();
  members.emplace_back("illustrative", total.marks.illustrative);
  members.emplace_back("unconfirmed", total.marks.unconfirmed);
  members.emplace_back("added", std::move(added));
  return members;
}

// The method's columns are empty for a total over several methods.
std::string csv_of(const intake::MethodReport* entry, const method::Output& output,
                   const method::Uncertain& total, const intake::Marks& marks) {
  const auto flag = [](bool set) { return set ? "true" : "false"; };
  return csv_line({entry != nullptr ? entry->method().id.text() : "",
                   entry != nullptr ? entry->method().version : "",
                   entry != nullptr ? "sha256:" + to_hex(entry->compiled->hash) : "",
                   entry != nullptr ? output.name : name_of(output.asset),
                   to_string(method::shown(output, total.sum).value), to_string(output.unit),
                   to_string(total.sum), to_string(output.smallest), half_width_text(output, total),
                   uncertainty_word(total), flag(marks.illustrative), flag(marks.unconfirmed)});
}

}  // namespace

std::string half_width_text(const method::Output& output, const method::Uncertain& total) {
  if (!total.stated_any) return "";
  char text[40];  // Six significant digits, no separators.
  std::snprintf(text, sizeof text, "%.6g", total.half_width * method::smallest_in(output));
  return text;
}

std::string uncertainty_word(const method::Uncertain& total) {
  if (total.at_least) return total.stated_any ? "at least" : "not stated";
  return total.stated_any ? "stated" : "none";
}

std::string present(const method::Output& output, const method::Uncertain& total,
                    const Context& context) {
  const auto value = method::shown(output, total.sum);
  const Quantity exact{round_half_even(to_rational(value.value).value_or(Rational{}),
                                       std::clamp(-value.value.exponent, 0, 6))
                           .value_or(value.value),
                       value.unit};
  auto text = number(exact, context.language);
  if (total.at_least && !total.stated_any) return text + " " + context.say("report.not_stated");
  if (!total.stated_any) return text;
  const double scale = to_double(in_words_of(context.language, {Decimal{1, 0}, output.unit}).value);
  const auto width = number(total.half_width * method::smallest_in(output) * scale, 2);
  return text + " " +
         context.say(total.at_least ? "report.at_least" : "report.plus_minus", {{"width", width}});
}

Json to_json(const method::Output& output, const method::Uncertain& total) {
  Json::Object members{
      {"output", output.name},
      {"smallest_unit", to_shortest(output.smallest.value) + " " + to_string(output.smallest.unit)},
      {"count", to_string(total.sum)},
      {"value", to_string(method::shown(output, total.sum).value)},
      {"unit", to_string(output.unit)},
      {"half_width_95", total.stated_any ? Json{half_width_text(output, total)} : Json{}},
      {"uncertainty", uncertainty_word(total)}};
  if (output.asset != method::Asset::none) members.emplace_back("asset", name_of(output.asset));
  return members;
}

Json to_json(const factor::Factor& factor) {
  return Json::Object{{"id", factor.id.text()},
                      {"kind", factor.kind},
                      {"region", factor.region_code},
                      {"valid", to_string(factor.validity)},
                      {"value", to_string(factor.value.value)},
                      {"unit", to_string(factor.value.unit)},
                      {"uncertainty", factor::text_of(factor.uncertainty)},
                      {"source", factor.source.text()},
                      {"clause", factor.clause},
                      {"quality", factor::name_of(factor.quality)},
                      {"published", factor.published},
                      {"hash", "sha256:" + to_hex(factor.hash)}};
}

Json to_json(const method::FactorUse& use) {
  Json::Object members{{"parameter", use.parameter},
                       {"rows", Json::integer(static_cast<std::int64_t>(use.rows))},
                       {"years_back", Json::integer(use.chosen.years_back)},
                       {"climbed", use.chosen.climbed},
                       {"substituted", use.chosen.substitution != nullptr},
                       {"factor", to_json(*use.chosen.factor)}};
  return members;
}

namespace {

std::string fall_back_mark(const method::ChosenFactor& chosen, const Context& context) {
  std::string mark;
  if (chosen.substitution != nullptr) mark += " " + context.say("report.substituted_mark");
  if (chosen.years_back > 0) {
    mark +=
        " " + context.say("report.years_back_mark", {{"years", std::to_string(chosen.years_back)}});
  }
  return mark;
}

}  // namespace

Table factor_table(const std::vector<method::FactorUse>& uses, const factor::Library& library,
                   const Context& context) {
  Table table{{context.say("word.parameter"), context.say("word.value"), context.say("word.region"),
               context.say("word.valid"), context.say("word.quality"),
               context.say("word.uncertainty"), context.say("word.rows"),
               context.say("word.source")}};
  for (const auto& use : uses) {
    const auto& factor = *use.chosen.factor;
    const bool everywhere = factor.region_code == "WORLD";
    table.add({use.parameter, number(factor.value, context.language),
               everywhere ? "–" : factor.region_code, validity_text(factor.validity, context),
               factor.kind == "given" ? context.say("word.given_by_hand")
                                      : quality_text(factor.quality, context),
               uncertainty_text(factor.uncertainty, context), grouped(std::to_string(use.rows)),
               source_title(factor, library, context) + fall_back_mark(use.chosen, context)});
  }
  return table;
}

void present(const intake::Report& report, const factor::Library& library, const Context& context) {
  const auto& programme = *report.programme;
  context.print(programme.title.in(context.language));
  context.say_line("report.programme", {{"id", programme.id.text()},
                                        {"version", programme.version},
                                        {"day", to_string(context.admitted_on)}});
  if (report.illustrative()) {
    context.print();
    context.say_line("report.illustrative");
    present_substitutions(report, context);
  }
  for (const auto& entry : report.methods) {
    context.print();
    present(entry, library, context);
  }
  const auto totals = report.asset_totals();
  if (totals.empty()) return;
  context.print();
  context.say_line("report.total");
  for (const auto& total : totals) present(total, context);
}

Json to_json(const intake::Report& report, Language language) {
  Json::Array methods;
  for (const auto& entry : report.methods) methods.push_back(to_json(entry, language));
  Json::Array totals;
  for (const auto& total : report.asset_totals()) totals.push_back(to_json(total));
  return Json::Object{{"programme", report.programme->id.text()},
                      {"version", report.programme->version},
                      {"illustrative", report.illustrative()},
                      {"methods", std::move(methods)},
                      {"totals", std::move(totals)}};
}

std::string to_csv(const intake::Report& report) {
  auto text = csv_line({"method", "version", "hash", "output", "value", "unit", "count", "smallest",
                        "half_width_95", "uncertainty", "illustrative", "unconfirmed"});
  for (const auto& entry : report.methods) {
    const auto marks = intake::marks_of(entry.factors());
    for (std::size_t i = 0; i < entry.method().outputs.size(); ++i) {
      const auto& output = entry.method().outputs[i];
      if (entry.has_total(output)) text += csv_of(&entry, output, entry.total(i), marks);
    }
  }
  for (const auto& total : report.asset_totals()) {
    text += csv_of(nullptr, *total.parts.front().output, total.total.result(), total.marks);
  }
  return text;
}

void present(const intake::Comparison& comparison, const factor::Library& library,
             const Context& context) {
  const auto& stated = *comparison.stated;
  context.print();
  const auto* source = library.source(stated.source);
  context.say_line(
      "stated.title",
      {{"title", stated.title.in(context.language)},
       {"value", number(stated.value, context.language)},
       {"quote", stated.quote},
       {"source", source != nullptr ? source->title.in(context.language) : stated.source.text()}});
  const Quantity computed{round_to_significant(comparison.computed, 6), stated.value.unit};
  context.say_line(comparison.agrees ? "stated.agrees" : "stated.differs",
                   {{"computed", number(computed, context.language)}});
  if (!comparison.implied || comparison.candidates.empty()) return;
  context.say_line("stated.implies",
                   {{"implied", number(Quantity{round_to_significant(*comparison.implied, 4),
                                                comparison.implied_unit},
                                       context.language)}});
  Table table{{context.say("word.factor"), context.say("word.value"), context.say("word.quality"),
               context.say("stated.gives")}};
  const auto one = in_words_of(context.language, {Decimal{1, 0}, stated.value.unit});
  for (const auto& candidate : comparison.candidates) {
    const auto& factor = *candidate.factor;
    table.add({factor::label(factor), number(factor.value, context.language),
               quality_text(factor.quality, context),
               number(candidate.gives * to_double(one.value), 4) + " " +
                   to_string(one.unit, context.language)});
  }
  context.print(table.text(4));
  const auto& nearest = *comparison.candidates.front().factor;
  context.say_line("stated.nearest", {{"factor", factor::label(nearest)},
                                      {"kind", context.say("kind." + nearest.kind)}});
}

Json to_json(const intake::Comparison& comparison) {
  Json::Array candidates;
  for (const auto& candidate : comparison.candidates) {
    candidates.emplace_back(Json::Object{{"factor", to_json(*candidate.factor)},
                                         {"gives", number(candidate.gives, 9)}});
  }
  Json::Object members{{"stated", to_string(comparison.stated->value)},
                       {"computed", to_string(round_to_significant(comparison.computed, 12)) + " " +
                                        to_string(comparison.stated->value.unit)},
                       {"agrees", comparison.agrees},
                       {"candidates", std::move(candidates)}};
  if (comparison.implied) {
    members.emplace_back("implied", to_string(Quantity{round_to_significant(*comparison.implied, 9),
                                                       comparison.implied_unit}));
  }
  return members;
}

void present(const method::Calculation& calculation, const method::Compiled& compiled,
             const factor::Library& library, const Context& context) {
  const auto& method = *compiled.method;
  context.say_line("report.method", {{"title", method.title.in(context.language)},
                                     {"id", method.id.text()},
                                     {"version", method.version},
                                     {"hash", short_name(compiled.hash)}});
  if (calculation.illustrative()) context.say_line("report.illustrative");
  context.say_line("run.inputs");
  Table inputs{{context.say("word.name"), context.say("word.value"), context.say("word.meaning")}};
  for (const auto& [name, text] : calculation.inputs) {
    const auto* input = method.input(name);
    const bool table = input->type == method::Input::Type::table;
    inputs.add({name, table ? context.say("run.table_rows", {{"rows", text}}) : text,
                input->title.in(context.language)});
  }
  context.print(inputs.text(4));
  if (!calculation.factors.empty()) {
    context.say_line("report.factors");
    context.print(factor_table(calculation.factors, library, context).text(4));
  }
  if (!calculation.steps.empty()) {
    context.say_line("run.steps");
    for (const auto& step : calculation.steps) {
      context.print("    " + step.name + " = " + step.formula);
      context.print("        = " + number(step.value, context.language));
    }
  }
  context.say_line("run.outcomes");
  for (const auto& outcome : calculation.outcomes) {
    context.print("    " + outcome.output->name + " = " + print(outcome.output->formula.tree));
    context.print("        = " + present(*outcome.output, outcome.uncertain, context) + "  " +
                  context.say("run.count",
                              {{"count", grouped(std::to_string(outcome.count))},
                               {"smallest", number(outcome.output->smallest, context.language)}}));
  }
}

Json to_json(const method::Calculation& calculation, const method::Compiled& compiled) {
  Json::Object inputs;
  for (const auto& [name, text] : calculation.inputs) inputs.emplace_back(name, text);
  Json::Array factors;
  for (const auto& use : calculation.factors) factors.push_back(to_json(use));
  Json::Array steps;
  for (const auto& step : calculation.steps) {
    steps.emplace_back(Json::Object{
        {"name", step.name}, {"formula", step.formula}, {"value", to_string(step.value)}});
  }
  Json::Array outcomes;
  for (const auto& outcome : calculation.outcomes) {
    outcomes.push_back(to_json(*outcome.output, outcome.uncertain));
  }
  return Json::Object{{"method", compiled.method->id.text()},
                      {"version", compiled.method->version},
                      {"hash", "sha256:" + to_hex(compiled.hash)},
                      {"illustrative", calculation.illustrative()},
                      {"inputs", std::move(inputs)},
                      {"factors", std::move(factors)},
                      {"steps", std::move(steps)},
                      {"outcomes", std::move(outcomes)}};
}

}  // namespace partake::cli
