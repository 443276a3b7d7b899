// `method run`: one calculation from values given by hand.
#include <algorithm>

#include "cli/commands.h"
#include "cli/find_method.h"
#include "cli/present.h"

namespace partake::cli {
namespace {

using Pair = std::pair<std::string, std::string>;

// "NAME=VALUE"; `whole` is what the message shows.
Result<Pair> split(const std::string& text, const std::string& whole) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) {
    return fail(ErrorKind::invalid, "run.bad_set", {{"text", whole}});
  }
  return Pair{text.substr(0, equals), text.substr(equals + 1)};
}

// A table's rows are given one --set each: --set strata="area=10 ha,growth=2 tCO2".
Result<std::vector<Pair>> table_row(const std::string& cells, const std::string& whole) {
  std::vector<Pair> row;
  for (std::size_t start = 0; start <= cells.size();) {
    const auto end = std::min(cells.find(',', start), cells.size());
    TRY(auto cell, split(cells.substr(start, end - start), whole));
    row.push_back(std::move(cell));
    start = end + 1;
  }
  return row;
}

Result<method::Setting> setting_of(const std::vector<std::string>& set,
                                   const method::Method& method) {
  method::Setting setting;
  for (const auto& text : set) {
    TRY(const auto pair, split(text, text));
    const auto& [name, value] = pair;
    const auto* input = method.input(name);
    if (input == nullptr || input->type != method::Input::Type::table) {
      setting.emplace_back(name, method::SetValue{value, {}, {}});
      continue;
    }
    TRY(auto row, table_row(value, text));
    auto entry = std::find_if(setting.begin(), setting.end(),
                              [&](const auto& known) { return known.first == pair.first; });
    if (entry == setting.end()) entry = setting.insert(entry, {name, {}});
    entry->second.rows.push_back(std::move(row));
  }
  return setting;
}

}  // namespace

int method_run(const Context& context, const RunArguments& arguments) {
  int code = 0;
  auto knowledge = context.knowledge(code);
  if (!knowledge) return code;
  const auto* compiled = find_method(arguments.method, *knowledge, context, code);
  if (compiled == nullptr) return code;
  auto setting = setting_of(arguments.set, *compiled->method);
  if (!setting) return context.refuse(setting.error());
  if (!arguments.date.empty()) {
    setting->emplace_back("date", method::SetValue{arguments.date, {}, {}});
  }
  method::Terms terms;
  terms.admitted_on = context.admitted_on;
  const auto calculation =
      method::run(*compiled, knowledge->library(), terms, *setting, arguments.tier);
  if (!calculation) return context.refuse(calculation.error());
  if (context.json)
    context.print(to_json(*calculation, *compiled));
  else
    present(*calculation, *compiled, knowledge->library(), context);
  return 0;
}

}  // namespace partake::cli
