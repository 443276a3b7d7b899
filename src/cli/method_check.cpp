// `method check` and `method test`: what is wrong with method files, and whether their worked
// examples come out.
#include "cli/commands.h"

namespace partake::cli {
namespace {

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

// The problems of one file, those of its examples included.
Problems problems_of(const method::Compiled& compiled, Problems found,
                     const factor::Library& library, Day admitted_on) {
  if (!found.empty()) return found;  // A method that is not understood cannot run.
  for (const auto& result : method::run_examples(compiled, library, admitted_on)) {
    if (!result.passed) found.push_back(result.error);
  }
  return found;
}

// The rules of a method that were read elsewhere than in the document itself.
void add_not_text(const method::Method& method, const Context& context,
                  std::vector<std::string>& lines) {
  for (const auto& basis : method.basis) {
    if (basis.seen == "text") continue;
    lines.push_back(method.id.text() + ": " + basis.source.text() + " (" +
                    context.say("seen." + basis.seen) + ")");
  }
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
    Problems of_shape;
    const auto compiled = knowledge->read_method_file(file, of_shape);
    const auto found =
        problems_of(compiled, std::move(of_shape), knowledge->library(), context.admitted_on);
    problems.insert(problems.end(), found.begin(), found.end());
    if (!found.empty()) continue;
    ++good;
    add_not_text(*compiled.method, context, not_text);
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

int method_test(const Context& context, const std::vector<std::string>& paths) {
  int code = 0;
  const auto knowledge = context.knowledge(code);
  if (!knowledge) return code;
  Problems problems;
  auto methods = knowledge->methods();
  if (!paths.empty()) methods.clear();
  for (const auto& file : files_of(paths, problems)) {
    methods.push_back(
        std::make_shared<const method::Compiled>(knowledge->read_method_file(file, problems)));
  }
  if (!problems.empty()) return context.refuse(problems);
  std::size_t passed = 0;
  std::size_t stated = 0;
  for (const auto& entry : methods) {
    const auto results = method::run_examples(*entry, knowledge->library(), context.admitted_on);
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!results[i].passed) {
        problems.push_back(results[i].error);
        continue;
      }
      ++passed;
      if (entry->method->examples[i].origin == "stated") ++stated;
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

}  // namespace partake::cli
