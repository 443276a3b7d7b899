#include "intake/example.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "intake/compare.h"
#include "method/constant_formula.h"

namespace partake::intake {
namespace {

namespace fs = std::filesystem;

Figure read_figure(const TomlValue& table, Problems& problems) {
  TomlReader reader{table, "figures", problems};
  Figure figure;
  figure.place = reader.place();
  figure.title = reader.pair("title");
  figure.source = SourceId{reader.optional_text("source")};
  figure.quote = reader.optional_text("quote");
  figure.method = reader.optional_text("method");
  figure.programme = reader.optional_text("programme");
  figure.formula = reader.optional_text("formula");
  figure.output = reader.optional_text("output");
  if (const auto* set = reader.optional_value("set")) {
    figure.set = method::read_setting(*set, problems);
  }
  if (reader.has("unit")) figure.unit = reader.unit("unit");
  figure.expect = reader.text("expect");
  if (reader.has("within")) {
    const auto within = parse_quantity(reader.text("within"));
    if (within && within->value.mantissa > 0) {
      figure.within = within->value;
      if (within->unit != Unit{}) figure.within->exponent -= 2;
    } else {
      reader.problem("within", "method.bad_within");
    }
  }
  figure.differs = reader.optional_boolean("differs").value_or(false);
  figure.inside = reader.optional_text("inside");
  figure.outside = reader.optional_text("outside");
  figure.note = reader.optional_pair("note");
  if (figure.differs && !figure.note) reader.problem("note", "method.note_missing");
  const bool by_formula = !figure.formula.empty();
  const bool by_method = !figure.method.empty();
  if (const auto* books = reader.optional_value("books")) {
    figure.books = read_books_question(*books, problems);
  }
  if (int{by_formula} + int{by_method} + int{figure.books.has_value()} != 1) {
    reader.problem("", "example.one_way");
  }
  if (by_method && figure.output.empty()) reader.problem("output", "toml.key_missing");
  if (!by_formula && (!figure.inside.empty() || !figure.outside.empty())) {
    reader.problem("inside", "example.band_needs_formula");
  }
  reader.finish();
  return figure;
}

// An exact value against the expected figure, shown in its unit.
Result<FigureResult> compared(const Figure& figure, const Rational& exact,
                              const Quantity& expected) {
  FigureResult result;
  result.figure = &figure;
  const int digits = std::max(6, expected.value.significant_digits() + 2);
  const auto decimal = exact_decimal(exact);
  const bool short_enough = decimal && decimal->significant_digits() <= digits;
  result.computed = to_string(
      Quantity{short_enough ? *decimal : round_to_significant(exact, digits), expected.unit});
  TRY(result.passed, method::matches(exact, expected, figure.within));
  return result;
}

}  // namespace

std::optional<programme::Programme> read_programme_file(const std::string& path,
                                                        Problems& problems) {
  const auto file = read_toml_file(path, problems);
  if (!file) return std::nullopt;
  return programme::read_programme(*file, problems);
}

std::vector<SystemEntry> read_index(const std::string& examples, Problems& problems) {
  std::vector<SystemEntry> systems;
  const auto path = (fs::path{examples} / "index.toml").string();
  const auto file = read_toml_file(path, problems);
  if (!file) return systems;
  TomlReader root{*file, "", problems};
  std::set<int> seen;
  for (const auto* table : root.optional_tables("systems")) {
    TomlReader reader{*table, "systems", problems};
    SystemEntry entry;
    entry.place = reader.place();
    entry.row = static_cast<int>(reader.optional_integer("row").value_or(0));
    entry.title = reader.pair("title");
    entry.working = reader.one_of("status", {"working", "planned"}) == "working";
    entry.folder = reader.optional_text("folder");
    if (entry.row < 1 || !seen.insert(entry.row).second) {
      reader.problem("row", "example.bad_row", {{"row", std::to_string(entry.row)}});
    }
    if (entry.working == entry.folder.empty()) {
      reader.problem("folder", "example.folder", {{"row", std::to_string(entry.row)}});
    }
    reader.finish();
    systems.push_back(std::move(entry));
  }
  root.finish();
  return systems;
}

Expected read_expected(const std::string& path, Problems& problems) {
  Expected expected;
  const auto file = read_toml_file(path, problems);
  if (!file) return expected;
  TomlReader root{*file, "", problems};
  if (const auto row = root.optional_integer("row"))
    expected.rows.push_back(static_cast<int>(*row));
  if (const auto* rows = root.optional_value("rows")) {
    for (const auto& item : rows->items) expected.rows.push_back(static_cast<int>(item.integer));
  }
  if (expected.rows.empty()) root.problem("row", "toml.key_missing");
  for (const auto* table : root.optional_tables("figures")) {
    expected.figures.push_back(read_figure(*table, problems));
  }
  if (expected.figures.empty()) root.problem("figures", "toml.key_missing");
  root.finish();
  return expected;
}

Example::Example(Knowledge library, std::string folder, Problems& problems)
    : folder_{std::move(folder)}, knowledge_{std::move(library)} {
  knowledge_.add_folder(folder_, problems);
  const auto programme = fs::path{folder_} / "programme.toml";
  if (fs::exists(programme)) programme_ = read_programme_file(programme.string(), problems);
  expected_ = read_expected((fs::path{folder_} / "expected.toml").string(), problems);
}

std::vector<FigureResult> Example::check(Day admitted_on, const AskBooks& ask) const {
  std::vector<FigureResult> results;
  for (const auto& figure : expected_.figures) {
    auto result = check_figure(figure, admitted_on, ask);
    if (result) {
      results.push_back(*std::move(result));
    } else {
      auto error = std::move(result).error();
      if (error.place.file.empty()) error.place = figure.place;
      results.push_back({&figure, "", false, std::move(error)});
    }
  }
  return results;
}

Result<FigureResult> Example::check_figure(const Figure& figure, Day admitted_on,
                                           const AskBooks& ask) const {
  if (!figure.source.text().empty() && knowledge_.library().source(figure.source) == nullptr) {
    return fail(ErrorKind::invalid, "source.unknown", {{"source", figure.source.text()}});
  }
  auto result = figure.books                ? check_books(figure, ask)
                : !figure.formula.empty()   ? check_formula(figure)
                : !figure.programme.empty() ? check_programme(figure, admitted_on)
                                            : check_method(figure, admitted_on);
  if (!result) return result;
  if (result->passed != figure.differs) {
    result->passed = true;
  } else {
    result->passed = false;
    result->error = {
        ErrorKind::invalid,
        figure.differs ? "method.example_should_differ" : "method.example_differs",
        {{"output", figure.output}, {"expected", figure.expect}, {"computed", result->computed}},
        figure.place};
  }
  return result;
}

Result<FigureResult> Example::check_method(const Figure& figure, Day admitted_on) const {
  const auto* compiled = knowledge_.method(MethodId{figure.method});
  if (compiled == nullptr) {
    return fail(ErrorKind::not_found, "method.unknown",
                {{"method", figure.method},
                 {"version", ""},
                 {"nearest", knowledge_.nearest_method(figure.method)}});
  }
  method::Terms terms;
  terms.admitted_on = admitted_on;
  TRY(const auto calculation, method::run(*compiled, knowledge_.library(), terms, figure.set));
  for (const auto& outcome : calculation.outcomes) {
    if (outcome.output->name != figure.output) continue;
    TRY(const auto expected, parse_quantity(figure.expect));
    TRY(const auto exact, convert(quantity_of(*outcome.output, outcome.count), expected.unit));
    return compared(figure, exact, expected);
  }
  return fail(ErrorKind::invalid, "method.unknown_output", {{"output", figure.output}});
}

Result<FigureResult> Example::check_books(const Figure& figure, const AskBooks& ask) {
  if (!ask) return fail(ErrorKind::invalid, "example.no_books");
  TRY(const auto expected, parse_quantity(figure.expect));
  TRY(const auto answer, ask(*figure.books));
  TRY(const auto exact, convert(answer, expected.unit));
  return compared(figure, exact, expected);
}

Result<FigureResult> Example::check_programme(const Figure& figure, Day admitted_on) const {
  if (!programme_) {
    return fail(ErrorKind::not_found, "file.not_found", {{"file", folder_ + "/programme.toml"}});
  }
  Problems problems;
  QuantifyOptions options;
  options.folder = folder_;
  options.admitted_on = admitted_on;
  TRY(const auto report, quantify(*programme_, knowledge_, options, problems));
  TRY(const auto expected, parse_quantity(figure.expect));
  TRY(const auto exact, total_in(report, MethodId{figure.method}, figure.output, expected.unit));
  return compared(figure, exact, expected);
}

Result<FigureResult> Example::check_formula(const Figure& figure) const {
  TRY(const auto expected, parse_quantity(figure.expect));
  const Unit unit = figure.unit.value_or(expected.unit);
  TRY(const double value, method::evaluate_constant(figure.formula, unit));
  char text[64];
  std::snprintf(text, sizeof text, "%.10g", value);
  TRY(const auto decimal, parse_decimal(text));
  const Quantity computed{decimal, unit};
  TRY(const auto exact, convert(computed, expected.unit));
  TRY(auto result, compared(figure, exact, expected));
  const auto& name = figure.inside.empty() ? figure.outside : figure.inside;
  if (name.empty()) return result;
  const auto* band = knowledge_.library().band(FactorId{name});
  if (band == nullptr) {
    return fail(ErrorKind::not_found, "factor.unknown_band", {{"band", name}});
  }
  TRY(const double in_band, value_in(computed, band->unit));
  const bool inside = (!band->low || in_band >= to_double(*band->low)) &&
                      (!band->high || in_band <= to_double(*band->high));
  if (inside == figure.inside.empty()) {
    return fail(ErrorKind::invalid, inside ? "example.inside_band" : "example.outside_band",
                {{"computed", result.computed},
                 {"band", name},
                 {"low", band->low ? to_string(*band->low) : "-∞"},
                 {"high", band->high ? to_string(*band->high) : "∞"},
                 {"unit", to_string(band->unit)}});
  }
  return result;
}

}  // namespace partake::intake
