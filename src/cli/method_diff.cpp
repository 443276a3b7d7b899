// `method diff`: what changed between two methods, and what that does to evidence.
#include <algorithm>
#include <filesystem>

#include "cli/commands.h"
#include "cli/find_method.h"
#include "cli/history_diff.h"
#include "cli/method_words.h"
#include "cli/row_comparison.h"
#include "intake/example.h"
#include "method/difference.h"

namespace partake::cli {
namespace {

// One of the two methods, with what it made of the evidence.
struct Side {
  intake::Knowledge knowledge;
  const method::Compiled* compiled = nullptr;
  std::vector<Int128> sums;  // By output.
  std::uint64_t refused = 0;

  [[nodiscard]] const method::Method& method() const { return *compiled->method; }
};

// ---- what changed

// The value of a canonical form: "factor: grid.electricity; kind: average".
std::string in_words(const Json& value) {
  if (const auto* text = value.string()) return *text;
  std::string words;
  if (const auto* members = value.object()) {
    for (const auto& [key, member] : *members) {
      words += (words.empty() ? "" : "; ") + key + ": " + in_words(member);
    }
  } else if (const auto* items = value.array()) {
    for (const auto& item : *items) words += (words.empty() ? "" : ", ") + in_words(item);
  } else {
    return canonical(value);
  }
  return words;
}

// One side of a change. A whole input, parameter or output reads as `method show` puts it.
std::string in_words(const method::Change& change, const std::string& text,
                     const method::Method& method, const Context& context) {
  if (text.empty()) return text;
  if (change.field.empty() && change.section == "parameters") {
    const auto& parameter = *method.parameter(change.name);
    return to_string(parameter.unit, context.language) + ", " + origin_in_words(parameter, context);
  }
  if (change.field.empty() && change.section == "inputs") {
    const auto& input = *method.input(change.name);
    return unit_in_words(input, context) + " " + range_in_words(input);
  }
  if (change.field.empty() && change.section == "outputs") {
    return in_words(*method.output(change.name), context);
  }
  const auto value = parse_json(text);
  return value && (value->object() != nullptr || value->array() != nullptr) ? in_words(*value)
                                                                            : text;
}

void present(const std::vector<method::Change>& changes, const method::Method& before,
             const method::Method& after, const Context& context) {
  if (changes.empty()) context.say_line("diff.none");
  for (const auto& change : changes) {
    const auto what = context.say("diff.section." + change.section, {{"name", change.name}}) +
                      (change.field.empty() ? "" : ", " + change.field);
    context.say_line(change.before.empty()  ? "diff.added"
                     : change.after.empty() ? "diff.removed"
                                            : "diff.changed",
                     {{"what", what},
                      {"before", in_words(change, change.before, before, context)},
                      {"after", in_words(change, change.after, after, context)}});
  }
}

Json to_json(const std::vector<method::Change>& changes) {
  Json::Array list;
  for (const auto& change : changes) {
    list.emplace_back(Json::Object{{"section", change.section},
                                   {"name", change.name},
                                   {"field", change.field},
                                   {"before", change.before},
                                   {"after", change.after}});
  }
  return list;
}

// ---- what that does to evidence

// The evidence of either method, quantified by one of them.
programme::Programme programme_for(const method::Method& method, const method::Method& other,
                                   const programme::Programme* from,
                                   const DiffArguments& arguments) {
  programme::Programme programme;
  programme::MethodUse use{method.id, method.version, day_min, day_max, {}};
  if (from == nullptr) {
    programme.id = ProgrammeId{"method-diff"};
    programme.evidence.push_back({method.id, "", {arguments.on}, arguments.tier, {}});
  } else {
    programme = *from;
    const auto concerns = [&](const MethodId& id) { return id == method.id || id == other.id; };
    for (const auto& known : programme.methods) {
      if (!concerns(known.id)) continue;
      use.from = known.from;
      use.to = known.to;
    }
    std::erase_if(programme.evidence, [&](const auto& entry) { return !concerns(entry.method); });
    for (auto& entry : programme.evidence) entry.method = method.id;
    std::erase_if(programme.values, [&](const auto& entry) {
      const auto* parameter = method.parameter(entry.name);
      return !concerns(entry.method) || parameter == nullptr ||
             parameter->kind != method::Parameter::Kind::programme;
    });
    for (auto& entry : programme.values) entry.method = method.id;
  }
  programme.methods = {use};
  return programme;
}

// Reads the programme that `--on` names, if it is one. Its folder's factors join both sides; its
// methods too, unless they are the ones being compared.
std::optional<programme::Programme> programme_on(const DiffArguments& arguments,
                                                 const std::array<Side*, 2>& sides,
                                                 std::string& folder, Problems& problems) {
  std::filesystem::path on{arguments.on};
  if (std::filesystem::is_directory(on)) on /= "programme.toml";
  if (on.extension() != ".toml") return std::nullopt;
  folder = on.parent_path().string();
  Problems twice;
  for (auto* side : sides) side->knowledge.add_folder(folder, twice);
  std::erase_if(twice, [](const Error& problem) { return problem.code == "method.twice"; });
  problems.insert(problems.end(), twice.begin(), twice.end());
  return intake::read_programme_file(on.string(), problems);
}

// Quantifies the evidence by both methods. Not 0: refused, with that exit code.
int run_on_evidence(const Context& context, const DiffArguments& arguments,
                    const std::array<Side*, 2>& sides, RowComparison& rows) {
  intake::QuantifyOptions options;
  options.admitted_on = context.admitted_on;
  Problems problems;
  const auto given = programme_on(arguments, sides, options.folder, problems);
  if (!problems.empty()) return context.refuse(problems);
  for (const std::size_t pass : {0U, 1U}) {
    auto& side = *sides[pass];
    const auto programme = programme_for(side.method(), sides[1 - pass]->method(),
                                         given ? &*given : nullptr, arguments);
    if (programme.evidence.empty()) {
      return context.refuse(
          Error{ErrorKind::invalid,
                "programme.no_evidence",
                {{"programme", arguments.on}, {"method", side.method().id.text()}},
                {}});
    }
    options.row = [&](const intake::RowOutcome& outcome) {
      if (pass == 0)
        rows.add_before(outcome.file(), outcome.line(), outcome.count(0));
      else
        rows.add_after(outcome.file(), outcome.line(), outcome.count(0));
    };
    const auto report = intake::quantify(programme, side.knowledge, options, problems);
    if (!report) {
      return problems.empty() ? context.refuse(report.error()) : context.refuse(problems);
    }
    const auto& entry = report->methods.front();
    for (const auto& output : entry.totals->outputs()) side.sums.push_back(output.sum);
    side.refused = entry.refusals.rows();
  }
  rows.finish();
  return 0;
}

std::string show(const method::Output& output, Int128 count, const Context& context) {
  return number(method::shown(output, count), context.language);
}

// Calls `use` with each output that both methods sum, and its two sums.
template <class Use>
void each_total(const Side& before, const Side& after, Use use) {
  for (std::size_t i = 0; i < before.method().outputs.size(); ++i) {
    const auto& was = before.method().outputs[i];
    const auto* is = after.method().output(was.name);
    if (is == nullptr || !was.summed || !is->summed) continue;
    const auto j = static_cast<std::size_t>(is - after.method().outputs.data());
    use(was, before.sums[i], *is, after.sums[j]);
  }
}

void present(const RowComparison& rows, const Side& before, const Side& after,
             const Context& context) {
  context.print();
  each_total(before, after,
             [&](const method::Output& was, Int128 sum_before, const method::Output& is,
                 Int128 sum_after) {
               context.say_line("diff.total", {{"output", was.name},
                                               {"before", show(was, sum_before, context)},
                                               {"after", show(is, sum_after, context)}});
             });
  context.say_line("diff.rows", {{"changed", grouped(std::to_string(rows.changed()))},
                                 {"rows", grouped(std::to_string(rows.rows()))},
                                 {"before", grouped(std::to_string(before.refused))},
                                 {"after", grouped(std::to_string(after.refused))}});
  const auto& output_before = before.method().outputs.front();
  const auto& output_after = after.method().outputs.front();
  Table table{{context.say("word.line"), context.say("word.before"), context.say("word.after")}};
  for (const auto& row : rows.largest()) {
    table.add({row.file + ":" + std::to_string(row.line),
               row.before ? show(output_before, *row.before, context) : context.say("word.refused"),
               row.after ? show(output_after, *row.after, context) : context.say("word.refused")});
  }
  if (!rows.largest().empty()) context.print(table.text(4));
}

void add_json(Json::Object& result, const RowComparison& rows, const Side& before,
              const Side& after) {
  Json::Array totals;
  each_total(
      before, after,
      [&](const method::Output& was, Int128 sum_before, const method::Output&, Int128 sum_after) {
        totals.emplace_back(Json::Object{{"output", was.name},
                                         {"before", to_string(sum_before)},
                                         {"after", to_string(sum_after)}});
      });
  Json::Array most;
  for (const auto& row : rows.largest()) {
    most.emplace_back(Json::Object{{"file", row.file},
                                   {"line", Json::integer(static_cast<std::int64_t>(row.line))},
                                   {"before", row.before ? Json::integer(*row.before) : Json{}},
                                   {"after", row.after ? Json::integer(*row.after) : Json{}}});
  }
  const auto whole = [](std::uint64_t count) {
    return Json::integer(static_cast<std::int64_t>(count));
  };
  result.emplace_back("totals", std::move(totals));
  result.emplace_back("rows", whole(rows.rows()));
  result.emplace_back("rows_changed", whole(rows.changed()));
  result.emplace_back("refused_before", whole(before.refused));
  result.emplace_back("refused_after", whole(after.refused));
  result.emplace_back("most_changed", std::move(most));
}

}  // namespace

int method_diff(const Context& context, const DiffArguments& arguments) {
  int code = 0;
  if (is_books_folder(arguments.on)) {
    HistoryDiff history{context, arguments};
    code = history.open();
    if (code != 0) return code;
    const auto [before, after] = history.methods();
    const auto changes = method::differences(*before->method, *after->method);
    if (!context.json) present(changes, *before->method, *after->method, context);
    return history.run(Json::Object{{"changes", to_json(changes)}});
  }
  if (!arguments.library_before.empty() || !arguments.library_after.empty()) {
    return context.refuse(Error{ErrorKind::invalid, "history.needs_books", {}, {}});
  }
  auto knowledge = context.knowledge(code);
  if (!knowledge) return code;
  Side before{*knowledge};
  Side after{*std::move(knowledge)};
  before.compiled = find_method(arguments.before, before.knowledge, context, code);
  if (before.compiled == nullptr) return code;
  after.compiled = find_method(arguments.after, after.knowledge, context, code);
  if (after.compiled == nullptr) return code;
  const auto changes = method::differences(before.method(), after.method());
  if (!context.json) present(changes, before.method(), after.method(), context);
  Json::Object result{{"changes", to_json(changes)}};
  if (!arguments.on.empty()) {
    RowComparison rows{arguments.most.value_or(10)};
    code = run_on_evidence(context, arguments, {&before, &after}, rows);
    if (code != 0) return code;
    if (!context.json) present(rows, before, after, context);
    add_json(result, rows, before, after);
  }
  if (context.json) context.print(Json{std::move(result)});
  return 0;
}

}  // namespace partake::cli
