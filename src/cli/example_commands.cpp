#include <algorithm>
#include <filesystem>
#include <map>

#include "cli/commands.h"
#include "intake/example.h"

namespace partake::cli {
namespace {

namespace fs = std::filesystem;

// Beside the library, unless named.
std::optional<std::string> examples_folder(const Context& context, const std::string& given,
                                           int& code) {
  const auto library = intake::find_library(context.library, context.program);
  if (!library) {
    code = context.refuse(library.error());
    return std::nullopt;
  }
  const auto folder =
      given.empty() ? (fs::path{*library}.parent_path() / "examples").string() : given;
  if (fs::is_directory(folder.empty() ? "." : folder)) return folder;
  code = context.refuse(Error{ErrorKind::not_found, "file.not_found", {{"file", folder}}, {}});
  return std::nullopt;
}

// Folders to the rows that the index claims for them: the named ones, or every folder of an example
// whether or not the index lists it.
std::map<std::string, std::vector<int>> folders_to_test(const std::string& examples,
                                                        const std::vector<std::string>& names,
                                                        Problems& problems) {
  std::map<std::string, std::vector<int>> claimed;
  for (const auto& system : intake::read_index(examples, problems)) {
    if (system.working) claimed[system.folder].push_back(system.row);
  }
  if (names.empty()) {
    for (const auto& entry : fs::directory_iterator{examples}) {
      if (fs::exists(entry.path() / "expected.toml")) claimed[entry.path().filename().string()];
    }
    return claimed;
  }
  std::map<std::string, std::vector<int>> chosen;
  for (const auto& name : names) chosen[name] = claimed[name];
  return chosen;
}

// What the tested examples came to.
struct Tested {
  std::size_t passed = 0;
  Problems problems;
  Json::Array figures;
};

void report(const intake::FigureResult& result, const std::string& example, Tested& tested,
            const Context& context) {
  const auto& figure = *result.figure;
  tested.figures.emplace_back(Json::Object{{"example", example},
                                           {"figure", figure.title.en},
                                           {"expect", figure.expect},
                                           {"computed", result.computed},
                                           {"differs", figure.differs},
                                           {"passed", result.passed}});
  if (!result.passed) {
    tested.problems.push_back(result.error);
    return;
  }
  ++tested.passed;
  if (context.json) return;
  context.say_line(figure.differs ? "example.figure_differs" : "example.figure",
                   {{"example", example},
                    {"title", figure.title.in(context.language)},
                    {"expect", figure.expect},
                    {"computed", result.computed}});
  if (figure.differs) context.print("      " + figure.note->in(context.language));
}

void test_example(const intake::Knowledge& library, const fs::path& folder,
                  const std::vector<int>& rows, Tested& tested, const Context& context) {
  const auto name = folder.filename().string();
  Problems problems;
  const intake::Example example{library, folder.string(), problems};
  const auto& covered = example.expected().rows;
  for (const auto row : rows) {
    if (std::find(covered.begin(), covered.end(), row) != covered.end()) continue;
    problems.push_back({ErrorKind::invalid,
                        "example.row_not_covered",
                        {{"row", std::to_string(row)}, {"folder", name}},
                        {(folder / "expected.toml").string(), 1}});
  }
  if (problems.empty()) {
    for (const auto& result : example.check(context.admitted_on)) {
      report(result, name, tested, context);
    }
  }
  tested.problems.insert(tested.problems.end(), problems.begin(), problems.end());
}

}  // namespace

int example_list(const Context& context, const std::string& folder) {
  int code = 0;
  const auto examples = examples_folder(context, folder, code);
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
  const auto examples = examples_folder(context, folder, code);
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
  const auto examples = examples_folder(context, folder, code);
  if (!examples) return code;
  const auto library = context.knowledge(code);
  if (!library) return code;
  Tested tested;
  for (const auto& [name, rows] : folders_to_test(*examples, names, tested.problems)) {
    test_example(*library, fs::path{*examples} / name, rows, tested, context);
  }
  const bool good = tested.problems.empty();
  if (!good) context.refuse(tested.problems);
  if (!context.json) {
    context.say_line("test.summary", {{"passed", std::to_string(tested.passed)},
                                      {"failed", std::to_string(tested.problems.size())},
                                      {"stated", ""}});
  } else if (good) {
    context.print(Json{std::move(tested.figures)});
  }
  return good ? 0 : exit_findings;
}

}  // namespace partake::cli
