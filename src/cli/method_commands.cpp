#include <algorithm>
#include <filesystem>

#include "cli/commands.h"
#include "cli/present.h"
#include "intake/example.h"
#include "method/difference.h"

namespace partake::cli {
namespace {

// A method by id, id@version or file; files are checked on the way.
const method::Compiled* find_method(const std::string& name, intake::Knowledge& knowledge,
                                    const Context& context, int& code) {
  if (name.ends_with(".toml") || name.find('/') != std::string::npos) {
    Problems problems;
    auto compiled = knowledge.read_method_file(name, problems);
    if (!problems.empty()) {
      code = context.refuse(problems);
      return nullptr;
    }
    knowledge.add(std::move(compiled));
    return &knowledge.methods().back();
  }
  const auto at = name.find('@');
  const auto version = at == std::string::npos ? "" : name.substr(at + 1);
  const auto* found = knowledge.method(MethodId{name.substr(0, at)}, version);
  if (found == nullptr) {
    code = context.refuse(Error{ErrorKind::not_found,
                                "method.unknown",
                                {{"method", name.substr(0, at)},
                                 {"version", version},
                                 {"nearest", knowledge.nearest_method(name.substr(0, at))}},
                                {}});
  }
  return found;
}

Json pair_json(const Text& text) { return Json::Object{{"en", text.en}, {"zh", text.zh}}; }

std::vector<std::string> files_of(const std::vector<std::string>& paths, Problems& problems) {
  std::vector<std::string> files;
  for (const auto& path : paths) {
    const auto found = intake::toml_files(path);
    if (found.empty()) {
      problems.push_back({ErrorKind::not_found, "file.not_found", {{"file", path}}, {}});
    }
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

}  // namespace

int method_check(const Context& context, const std::vector<std::string>& paths) {
  int code = 0;
  const auto knowledge = context.knowledge(code, Context::Content::facts);
  if (!knowledge) return code;
  Problems problems;
  const auto files = files_of(paths, problems);
  std::vector<std::string> not_text;
  std::size_t good = 0;
  for (const auto& file : files) {
    Problems found;
    const auto compiled = knowledge->read_method_file(file, found);
    if (found.empty()) {
      for (const auto& result :
           method::run_examples(compiled, knowledge->library(), context.admitted_on)) {
        if (!result.passed) found.push_back(result.error);
      }
    }
    for (const auto& basis : compiled.method->basis) {
      if (found.empty() && basis.seen != "text") {
        not_text.push_back(compiled.method->id.text() + ": " + basis.source.text() + " (" +
                           context.say("seen." + basis.seen) + ")");
      }
    }
    if (found.empty()) ++good;
    problems.insert(problems.end(), found.begin(), found.end());
  }
  if (!problems.empty()) {
    context.refuse(problems);
    if (!context.json) {
      context.say_line("check.problems", {{"problems", std::to_string(problems.size())},
                                          {"files", std::to_string(files.size())},
                                          {"good", std::to_string(good)}});
    }
    return exit_findings;
  }
  if (context.json) {
    context.print(Json::Object{{"files", Json::integer(static_cast<std::int64_t>(files.size()))},
                               {"problems", Json::Array{}}});
    return 0;
  }
  if (!not_text.empty()) {
    context.say_line("check.not_text");
    for (const auto& line : not_text) context.print("    " + line);
  }
  context.say_line("check.good", {{"files", std::to_string(files.size())}});
  return 0;
}

int method_list(const Context& context) {
  int code = 0;
  const auto knowledge = context.knowledge(code);
  if (!knowledge) return code;
  Table table{{context.say("word.method"), context.say("word.version"), context.say("word.title")}};
  Json::Array list;
  for (const auto& entry : knowledge->methods()) {
    const auto& method = *entry.method;
    table.add({method.id.text(), method.version, method.title.in(context.language)});
    list.emplace_back(Json::Object{{"id", method.id.text()},
                                   {"version", method.version},
                                   {"title", pair_json(method.title)},
                                   {"hash", "sha256:" + to_hex(entry.hash)}});
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
    const auto meaning = parse_json(canonical_form(method));
    context.print(Json::Object{{"id", method.id.text()},
                               {"version", method.version},
                               {"hash", "sha256:" + to_hex(compiled->hash)},
                               {"title", pair_json(method.title)},
                               {"description", pair_json(method.description)},
                               {"boundary", pair_json(method.boundary)},
                               {"meaning", meaning.value_or(Json{})}});
    return 0;
  }
  context.say_line("report.method", {{"title", method.title.in(language)},
                                     {"id", method.id.text()},
                                     {"version", method.version},
                                     {"hash", short_name(compiled->hash)}});
  context.print(method.description.in(language));
  context.say_line("show.boundary", {{"text", method.boundary.in(language)}});
  context.say_line("show.basis");
  for (const auto& basis : method.basis) {
    const auto* source = knowledge->library().source(basis.source);
    context.print("    " + source->title.in(language) + (basis.clause.empty() ? "" : ", ") +
                  basis.clause + " (" + context.say("seen." + basis.seen) + ")");
    if (basis.note) context.print("        " + basis.note->in(language));
  }
  context.say_line("show.inputs");
  Table inputs{{context.say("word.name"), context.say("word.unit"), context.say("word.range"),
                context.say("word.meaning")}};
  const auto add_input = [&](const method::Input& input, const std::string& prefix) {
    std::string unit = context.say(std::string{"type."} + name_of(input.type));
    std::string range;
    if (input.type == method::Input::Type::quantity) {
      unit = to_string(input.unit, language);
      range = method::to_string(input.range);
    }
    for (const auto& choice : input.choices) {
      range += (range.empty() ? "" : " | ") + choice.name;
    }
    inputs.add({prefix + input.name, unit, range, input.title.in(language)});
  };
  for (const auto& input : method.inputs) {
    add_input(input, "");
    for (const auto& column : input.columns) add_input(column, input.name + ".");
  }
  context.print(inputs.text(4));
  if (!method.parameters.empty()) {
    context.say_line("show.parameters");
    Table parameters{
        {context.say("word.name"), context.say("word.unit"), context.say("word.from")}};
    for (const auto& parameter : method.parameters) {
      std::string from;
      switch (parameter.kind) {
        case method::Parameter::Kind::factor:
          from = parameter.rule.id.text() +
                 (parameter.rule.kind == "default" ? "" : " " + parameter.rule.kind);
          break;
        case method::Parameter::Kind::value:
          from = to_string(parameter.value) + " (" + parameter.source.text() + ")";
          break;
        case method::Parameter::Kind::programme:
          from =
              context.say("show.from_programme", {{"range", method::to_string(*parameter.range)}});
          break;
      }
      parameters.add({parameter.name, to_string(parameter.unit, language), from});
    }
    context.print(parameters.text(4));
  }
  context.say_line("show.formulas");
  for (const auto& formula : method.formulas) {
    context.print("    " + formula.name + " = " + print(formula.tree));
  }
  for (const auto& output : method.outputs) {
    context.print("    → " + output.name + " [" + to_string(output.unit, language) +
                  "] = " + print(output.formula.tree) + "   " + output.title.in(language));
  }
  context.say_line("show.examples", {{"count", std::to_string(method.examples.size())}});
  return 0;
}

int method_test(const Context& context, const std::vector<std::string>& paths) {
  int code = 0;
  auto knowledge = context.knowledge(code);
  if (!knowledge) return code;
  Problems problems;
  std::vector<method::Compiled> from_files;
  for (const auto& file : files_of(paths, problems)) {
    from_files.push_back(knowledge->read_method_file(file, problems));
  }
  if (!problems.empty()) return context.refuse(problems);
  std::size_t passed = 0;
  std::size_t stated = 0;
  for (const auto& entry : paths.empty() ? knowledge->methods() : from_files) {
    const auto results = method::run_examples(entry, knowledge->library(), context.admitted_on);
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!results[i].passed) {
        problems.push_back(results[i].error);
        continue;
      }
      ++passed;
      if (entry.method->examples[i].origin == "stated") ++stated;
    }
  }
  if (!problems.empty()) context.refuse(problems);
  if (context.json) {
    if (problems.empty()) {
      context.print(Json::Object{{"passed", Json::integer(static_cast<std::int64_t>(passed))},
                                 {"failed", Json::integer(0)},
                                 {"stated", Json::integer(static_cast<std::int64_t>(stated))}});
    }
  } else {
    context.say_line("test.summary", {{"passed", std::to_string(passed)},
                                      {"failed", std::to_string(problems.size())},
                                      {"stated", std::to_string(stated)}});
  }
  return problems.empty() ? 0 : exit_findings;
}

int method_run(const Context& context, const RunArguments& arguments) {
  int code = 0;
  auto knowledge = context.knowledge(code);
  if (!knowledge) return code;
  const auto* compiled = find_method(arguments.method, *knowledge, context, code);
  if (compiled == nullptr) return code;
  method::Setting setting;
  for (const auto& pair : arguments.set) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos) {
      return context.refuse(Error{ErrorKind::invalid, "run.bad_set", {{"text", pair}}, {}});
    }
    const auto name = pair.substr(0, equals);
    const auto value = pair.substr(equals + 1);
    // A table's rows are given one --set each: --set strata="area=10 ha,growth=2 tCO2".
    const auto* input = compiled->method->input(name);
    if (input == nullptr || input->type != method::Input::Type::table) {
      setting.emplace_back(name, method::SetValue{value, {}, {}});
      continue;
    }
    auto entry = std::find_if(setting.begin(), setting.end(),
                              [&](const auto& known) { return known.first == name; });
    if (entry == setting.end()) entry = setting.insert(entry, {name, {}});
    auto& row = entry->second.rows.emplace_back();
    for (std::size_t start = 0; start <= value.size();) {
      const auto end = std::min(value.find(',', start), value.size());
      const auto cell = value.substr(start, end - start);
      const auto middle = cell.find('=');
      if (middle == std::string::npos) {
        return context.refuse(Error{ErrorKind::invalid, "run.bad_set", {{"text", pair}}, {}});
      }
      row.emplace_back(cell.substr(0, middle), cell.substr(middle + 1));
      start = end + 1;
    }
  }
  if (!arguments.date.empty()) {
    setting.emplace_back("date", method::SetValue{arguments.date, {}, {}});
  }
  method::Terms terms;
  terms.admitted_on = context.admitted_on;
  const auto calculation =
      method::run(*compiled, knowledge->library(), terms, setting, arguments.tier);
  if (!calculation) return context.refuse(calculation.error());
  if (context.json)
    context.print(to_json(*calculation, *compiled));
  else
    present(*calculation, *compiled, knowledge->library(), context);
  return 0;
}

namespace {

struct RowChange {
  std::string file;
  std::uint64_t line = 0;
  std::optional<std::int64_t> before;
  std::optional<std::int64_t> after;

  [[nodiscard]] Int128 size() const {
    const Int128 difference = Int128{after.value_or(0)} - before.value_or(0);
    return difference < 0 ? -difference : difference;
  }
};

// Compares the outcomes of two passes over the same files, row by row, and keeps the largest
// changes. Rows come in the order of the files in both passes; a row that one pass lacks was
// refused there.
class RowComparison {
 public:
  explicit RowComparison(std::size_t most) : most_{most} {}

  void add_before(const std::string& file, std::uint64_t line, std::int64_t count) {
    if (files_.empty() || files_.back() != file) files_.push_back(file);
    before_.push_back({files_.size() - 1, line, count});
  }
  void add_after(const std::string& file, std::uint64_t line, std::int64_t count) {
    if (after_file_ == files_.size() || files_[after_file_] != file) {
      const auto found = std::find(files_.begin(), files_.end(), file);
      after_file_ = static_cast<std::size_t>(found - files_.begin());
      if (found == files_.end()) files_.push_back(file);
    }
    const auto earlier = [&](const Row& row) {
      return row.file < after_file_ || (row.file == after_file_ && row.line < line);
    };
    for (; at_ < before_.size() && earlier(before_[at_]); ++at_) refused_after(before_[at_]);
    RowChange change{file, line, std::nullopt, count};
    const bool same_row =
        at_ < before_.size() && before_[at_].file == after_file_ && before_[at_].line == line;
    if (same_row) change.before = before_[at_++].count;
    consider(std::move(change));
  }
  void finish() {
    for (; at_ < before_.size(); ++at_) refused_after(before_[at_]);
  }

  [[nodiscard]] const std::vector<RowChange>& largest() const { return largest_; }
  [[nodiscard]] std::uint64_t changed() const { return changed_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  struct Row {
    std::size_t file = 0;
    std::uint64_t line = 0;
    std::int64_t count = 0;
  };
  void refused_after(const Row& row) {
    consider({files_[row.file], row.line, row.count, std::nullopt});
  }
  void consider(RowChange change) {
    ++rows_;
    if (change.before == change.after) return;
    ++changed_;
    const auto place = std::upper_bound(
        largest_.begin(), largest_.end(), change,
        [](const RowChange& a, const RowChange& b) { return a.size() > b.size(); });
    if (place == largest_.end() && largest_.size() >= most_) return;
    largest_.insert(place, std::move(change));
    if (largest_.size() > most_) largest_.pop_back();
  }

  std::size_t most_;
  std::vector<std::string> files_;
  std::vector<Row> before_;
  std::size_t at_ = 0;
  std::size_t after_file_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t changed_ = 0;
  std::vector<RowChange> largest_;
};

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

}  // namespace

int method_diff(const Context& context, const DiffArguments& arguments) {
  int code = 0;
  auto before_knowledge = context.knowledge(code);
  auto after_knowledge = context.knowledge(code);
  if (!before_knowledge || !after_knowledge) return code;
  const auto* before = find_method(arguments.before, *before_knowledge, context, code);
  const auto* after =
      before != nullptr ? find_method(arguments.after, *after_knowledge, context, code) : nullptr;
  if (after == nullptr) return code;
  const auto changes = method::differences(*before->method, *after->method);
  Json::Array list;
  for (const auto& change : changes) {
    list.emplace_back(Json::Object{{"section", change.section},
                                   {"name", change.name},
                                   {"field", change.field},
                                   {"before", change.before},
                                   {"after", change.after}});
    if (context.json) continue;
    const auto what = context.say("diff.section." + change.section, {{"name", change.name}}) +
                      (change.field.empty() ? "" : ", " + change.field);
    context.say_line(change.before.empty()  ? "diff.added"
                     : change.after.empty() ? "diff.removed"
                                            : "diff.changed",
                     {{"what", what}, {"before", change.before}, {"after", change.after}});
  }
  if (changes.empty() && !context.json) context.say_line("diff.none");
  Json::Object result{{"changes", std::move(list)}};
  if (arguments.on.empty()) {
    if (context.json) context.print(Json{std::move(result)});
    return 0;
  }

  std::optional<programme::Programme> given;
  intake::QuantifyOptions options;
  options.admitted_on = context.admitted_on;
  Problems problems;
  std::filesystem::path on{arguments.on};
  if (std::filesystem::is_directory(on)) on /= "programme.toml";
  if (on.extension() == ".toml") {
    given = intake::read_programme_file(on.string(), problems);
    options.folder = on.parent_path().string();
    // The example's own factors; its methods too, unless they are the ones being compared.
    Problems twice;
    before_knowledge->add_folder(options.folder, twice);
    after_knowledge->add_folder(options.folder, twice);
    std::erase_if(twice, [](const Error& problem) { return problem.code == "method.twice"; });
    problems.insert(problems.end(), twice.begin(), twice.end());
    before = find_method(arguments.before, *before_knowledge, context, code);
    after = find_method(arguments.after, *after_knowledge, context, code);
  }
  if (!problems.empty()) return context.refuse(problems);
  const std::array compared{before, after};
  RowComparison rows{arguments.most};
  std::array<std::vector<Int128>, 2> sums;
  std::array<std::uint64_t, 2> refused{};
  for (const std::size_t pass : {0U, 1U}) {
    const auto& method = *compared[pass]->method;
    const auto programme =
        programme_for(method, *compared[1 - pass]->method, given ? &*given : nullptr, arguments);
    if (programme.evidence.empty()) {
      return context.refuse(Error{ErrorKind::invalid,
                                  "programme.no_evidence",
                                  {{"programme", arguments.on}, {"method", method.id.text()}},
                                  {}});
    }
    options.row = [&](const intake::RowOutcome& outcome) {
      if (pass == 0)
        rows.add_before(*outcome.file, outcome.line, outcome.counts.front());
      else
        rows.add_after(*outcome.file, outcome.line, outcome.counts.front());
    };
    const auto report = intake::quantify(
        programme, pass == 0 ? *before_knowledge : *after_knowledge, options, problems);
    if (!report) {
      return problems.empty() ? context.refuse(report.error()) : context.refuse(problems);
    }
    for (const auto& output : report->methods.front().totals->outputs()) {
      sums[pass].push_back(output.sum);
    }
    refused[pass] = report->methods.front().refusals.rows();
  }
  rows.finish();
  const auto show = [&](const method::Output& output, Int128 count) {
    return number(method::shown(output, count), context.language);
  };
  Json::Array totals;
  if (!context.json) context.print();
  for (std::size_t i = 0; i < before->method->outputs.size(); ++i) {
    const auto& was = before->method->outputs[i];
    const auto* is = after->method->output(was.name);
    if (is == nullptr || !was.summed || !is->summed) continue;
    const auto j = static_cast<std::size_t>(is - after->method->outputs.data());
    totals.emplace_back(Json::Object{
        {"output", was.name}, {"before", to_string(sums[0][i])}, {"after", to_string(sums[1][j])}});
    if (context.json) continue;
    context.say_line("diff.total", {{"output", was.name},
                                    {"before", show(was, sums[0][i])},
                                    {"after", show(*is, sums[1][j])}});
  }
  const auto& output_before = before->method->outputs.front();
  const auto& output_after = after->method->outputs.front();
  if (context.json) {
    Json::Array most;
    for (const auto& row : rows.largest()) {
      most.emplace_back(Json::Object{{"file", row.file},
                                     {"line", Json::integer(static_cast<std::int64_t>(row.line))},
                                     {"before", row.before ? Json::integer(*row.before) : Json{}},
                                     {"after", row.after ? Json::integer(*row.after) : Json{}}});
    }
    result.emplace_back("totals", std::move(totals));
    result.emplace_back("rows", Json::integer(static_cast<std::int64_t>(rows.rows())));
    result.emplace_back("rows_changed", Json::integer(static_cast<std::int64_t>(rows.changed())));
    result.emplace_back("refused_before", Json::integer(static_cast<std::int64_t>(refused[0])));
    result.emplace_back("refused_after", Json::integer(static_cast<std::int64_t>(refused[1])));
    result.emplace_back("most_changed", std::move(most));
    context.print(Json{std::move(result)});
    return 0;
  }
  context.say_line("diff.rows", {{"changed", grouped(std::to_string(rows.changed()))},
                                 {"rows", grouped(std::to_string(rows.rows()))},
                                 {"before", grouped(std::to_string(refused[0]))},
                                 {"after", grouped(std::to_string(refused[1]))}});
  Table table{{context.say("word.line"), context.say("word.before"), context.say("word.after")}};
  for (const auto& row : rows.largest()) {
    table.add({row.file + ":" + std::to_string(row.line),
               row.before ? show(output_before, *row.before) : context.say("word.refused"),
               row.after ? show(output_after, *row.after) : context.say("word.refused")});
  }
  if (!rows.largest().empty()) context.print(table.text(4));
  return 0;
}

}  // namespace partake::cli
