// `method list` and `method show`: methods in words.
#include "cli/commands.h"
#include "cli/find_method.h"
#include "cli/method_words.h"

namespace partake::cli {
namespace {

Json pair_json(const Text& text) { return Json::Object{{"en", text.en}, {"zh", text.zh}}; }

Json to_json(const method::Compiled& compiled) {
  const auto& method = *compiled.method;
  const auto meaning = parse_json(canonical_form(method));
  return Json::Object{{"id", method.id.text()},
                      {"version", method.version},
                      {"hash", "sha256:" + to_hex(compiled.hash)},
                      {"title", pair_json(method.title)},
                      {"description", pair_json(method.description)},
                      {"boundary", pair_json(method.boundary)},
                      {"meaning", meaning.value_or(Json{})}};
}

void show_basis(const method::Method& method, const factor::Library& library,
                const Context& context) {
  context.say_line("show.basis");
  for (const auto& basis : method.basis) {
    const auto* source = library.source(basis.source);
    context.print("    " + source->title.in(context.language) + (basis.clause.empty() ? "" : ", ") +
                  basis.clause + " (" + context.say("seen." + basis.seen) + ")");
    if (basis.note) context.print("        " + basis.note->in(context.language));
  }
}

void show_inputs(const method::Method& method, const Context& context) {
  context.say_line("show.inputs");
  Table table{{context.say("word.name"), context.say("word.unit"), context.say("word.range"),
               context.say("word.meaning")}};
  const auto add = [&](const method::Input& input, const std::string& prefix) {
    table.add({prefix + input.name, unit_in_words(input, context), range_in_words(input),
               input.title.in(context.language)});
  };
  for (const auto& input : method.inputs) {
    add(input, "");
    for (const auto& column : input.columns) add(column, input.name + ".");
  }
  context.print(table.text(4));
}

void show_parameters(const method::Method& method, const Context& context) {
  if (method.parameters.empty()) return;
  context.say_line("show.parameters");
  Table table{{context.say("word.name"), context.say("word.unit"), context.say("word.from")}};
  for (const auto& parameter : method.parameters) {
    table.add({parameter.name, to_string(parameter.unit, context.language),
               origin_in_words(parameter, context)});
  }
  context.print(table.text(4));
}

void show_formulas(const method::Method& method, const Context& context) {
  context.say_line("show.formulas");
  for (const auto& formula : method.formulas) {
    context.print("    " + formula.name + " = " + print(formula.tree));
  }
  for (const auto& output : method.outputs) {
    context.print("    → " + output.name + " " + in_words(output, context) + "   " +
                  output.title.in(context.language));
  }
}

}  // namespace

int method_list(const Context& context) {
  int code = 0;
  const auto knowledge = context.knowledge(code);
  if (!knowledge) return code;
  Table table{{context.say("word.method"), context.say("word.version"), context.say("word.title")}};
  Json::Array list;
  for (const auto& entry : knowledge->methods()) {
    const auto& method = *entry->method;
    table.add({method.id.text(), method.version, method.title.in(context.language)});
    list.emplace_back(Json::Object{{"id", method.id.text()},
                                   {"version", method.version},
                                   {"title", pair_json(method.title)},
                                   {"hash", "sha256:" + to_hex(entry->hash)}});
  }
  context.print(table, std::move(list));
  return 0;
}

int method_show(const Context& context, const std::string& id, bool canonical_bytes) {
  int code = 0;
  auto knowledge = context.knowledge(code);
  if (!knowledge) return code;
  const auto* compiled = find_method(id, *knowledge, context, code);
  if (compiled == nullptr) return code;
  const auto& method = *compiled->method;
  const auto language = context.language;
  if (canonical_bytes) {
    context.print(canonical_form(method));
    return 0;
  }
  if (context.json) {
    context.print(to_json(*compiled));
    return 0;
  }
  context.say_line("report.method", {{"title", method.title.in(language)},
                                     {"id", method.id.text()},
                                     {"version", method.version},
                                     {"hash", short_name(compiled->hash)}});
  context.print(method.description.in(language));
  context.say_line("show.boundary", {{"text", method.boundary.in(language)}});
  show_basis(method, knowledge->library(), context);
  show_inputs(method, context);
  show_parameters(method, context);
  show_formulas(method, context);
  context.say_line("show.examples", {{"count", std::to_string(method.examples.size())}});
  return 0;
}

}  // namespace partake::cli
