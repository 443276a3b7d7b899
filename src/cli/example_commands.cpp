#include <filesystem>

#include "cli/commands.h"
#include "intake/example.h"

namespace partake::cli {
namespace {

namespace fs = std::filesystem;

// Beside the library, unless named.
std::optional<std::string> examples_folder(const Context& context, const std::string& given,
                                           std::string& library, int& code) {
  const auto found = intake::find_library(context.library, context.program);
  if (!found) {
    code = context.refuse(found.error());
    return std::nullopt;
  }
  library = *found;
  const auto folder =
      given.empty() ? (fs::path{library}.parent_path() / "examples").string() : given;
  if (fs::is_directory(folder.empty() ? "." : folder)) return folder;
  code = context.refuse(Error{ErrorKind::not_found, "file.not_found", {{"file", folder}}, {}});
  return std::nullopt;
}

}  // namespace

int example_list(const Context& context, const std::string& folder) {
  int code = 0;
  std::string library;
  const auto examples = examples_folder(context, folder, library, code);
  if (!examples) return code;
  Problems problems;
  const auto systems = intake::read_index(*examples, problems);
  if (!problems.empty()) return context.refuse(problems);
  Table table{{context.say("word.row"), context.say("word.status"), context.say("word.folder"),
               context.say("word.title")}};
  Json::Array list;
  int working = 0;
  for (const auto& system : systems) {
    working += system.working ? 1 : 0;
    table.add({std::to_string(system.row),
               context.say(system.working ? "example.working" : "example.planned"), system.folder,
               system.title.in(context.language)});
    list.emplace_back(
        Json::Object{{"row", Json::integer(system.row)},
                     {"status", system.working ? "working" : "planned"},
                     {"folder", system.folder},
                     {"title", Json::Object{{"en", system.title.en}, {"zh", system.title.zh}}}});
  }
  if (context.json) {
    context.print(Json{std::move(list)});
    return 0;
  }
  context.print(table.text());
  context.say_line("example.summary",
                   {{"working", std::to_string(working)}, {"all", std::to_string(systems.size())}});
  return 0;
}

int example_run(const Context& context, const std::string& folder,
                const std::vector<std::string>& names) {
  int code = 0;
  std::string library;
  const auto examples = examples_folder(context, folder, library, code);
  if (!examples) return code;
  for (const auto& name : names) {
    if (&name != &names.front() && !context.json) {
      context.print();
      context.print(std::string(72, '='));
      context.print();
    }
    const auto programme = fs::path{*examples} / name / "programme.toml";
    if (!fs::exists(programme)) {
      return example_test(context, folder, {name});
    }
    QuantifyArguments arguments;
    arguments.programme = programme.string();
    code = quantify(context, arguments);
    if (code != 0) return code;
  }
  return 0;
}

int example_test(const Context& context, const std::string& folder,
                 const std::vector<std::string>& names) {
  int code = 0;
  std::string library;
  const auto examples = examples_folder(context, folder, library, code);
  if (!examples) return code;
  Problems problems;
  std::map<std::string, std::vector<int>> wanted;  // Folder to the rows that the index claims.
  for (const auto& system : intake::read_index(*examples, problems)) {
    if (system.working) wanted[system.folder].push_back(system.row);
  }
  if (!names.empty()) {
    std::map<std::string, std::vector<int>> chosen;
    for (const auto& name : names) chosen[name] = wanted[name];
    wanted = std::move(chosen);
  }
  std::size_t passed = 0;
  Json::Array list;
  for (const auto& [name, rows] : wanted) {
    Problems of_example;
    const intake::Example example{library, (fs::path{*examples} / name).string(), of_example};
    for (const auto row : rows) {
      const auto& covered = example.expected().rows;
      if (std::find(covered.begin(), covered.end(), row) == covered.end()) {
        of_example.push_back({ErrorKind::invalid,
                              "example.row_not_covered",
                              {{"row", std::to_string(row)}, {"folder", name}},
                              {}});
      }
    }
    if (of_example.empty()) {
      for (const auto& result : example.check(context.admitted_on)) {
        const auto& title = result.figure->title.in(context.language);
        list.emplace_back(Json::Object{{"example", name},
                                       {"figure", result.figure->title.en},
                                       {"expect", result.figure->expect},
                                       {"computed", result.computed},
                                       {"differs", result.figure->differs},
                                       {"passed", result.passed}});
        if (!result.passed) {
          of_example.push_back(result.error);
          continue;
        }
        ++passed;
        if (context.json) continue;
        context.say_line(result.figure->differs ? "example.figure_differs" : "example.figure",
                         {{"example", name},
                          {"title", title},
                          {"expect", result.figure->expect},
                          {"computed", result.computed}});
        if (result.figure->differs) {
          context.print("      " + result.figure->note->in(context.language));
        }
      }
    }
    problems.insert(problems.end(), of_example.begin(), of_example.end());
  }
  if (context.json && problems.empty()) context.print(Json{std::move(list)});
  if (!problems.empty()) context.refuse(problems);
  if (!context.json) {
    context.say_line("test.summary", {{"passed", std::to_string(passed)},
                                      {"failed", std::to_string(problems.size())},
                                      {"stated", ""}});
  }
  return problems.empty() ? 0 : exit_findings;
}

}  // namespace partake::cli
