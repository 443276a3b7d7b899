#include <algorithm>
#include <filesystem>
#include <map>

#include "cli/books_session.h"
#include "cli/commands.h"
#include "cli/play_example.h"
#include "cli/show_books.h"
#include "cli/token_file.h"
#include "intake/example.h"
#include "storage/real_disk.h"
#include "storage/simulated_disk.h"

namespace partake::cli {
namespace {

namespace fs = std::filesystem;

struct Folders {
  std::string library;
  std::string examples;  // Beside the library, unless named.
};
std::optional<Folders> find_folders(const Context& context, const std::string& given, int& code) {
  const auto library = intake::find_library(context.library, context.program);
  if (!library) {
    code = context.refuse(library.error());
    return std::nullopt;
  }
  Folders folders{*library, given};
  if (given.empty()) folders.examples = (fs::path{*library}.parent_path() / "examples").string();
  if (fs::is_directory(folders.examples)) return folders;
  code = context.refuse(
      Error{ErrorKind::not_found, "file.not_found", {{"file", folders.examples}}, {}});
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

// Recomputes every figure, asking the books of its play where it has one.
std::vector<intake::FigureResult> check_figures(const Context& context,
                                                const intake::Example& example,
                                                const std::optional<PlayedExample>& played) {
  intake::AskBooks ask;
  if (played) {
    ask = [&](const intake::BooksQuestion& question) { return played->answer(question); };
  }
  return example.check(context.admitted_on, ask);
}

void test_example(const intake::Knowledge& library, const Folders& folders, const std::string& name,
                  const std::vector<int>& rows, Tested& tested, const Context& context) {
  const auto folder = fs::path{folders.examples} / name;
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
  std::optional<PlayedExample> played;
  if (problems.empty() && has_play(folder.string())) {
    played = play_example(folder.string(), folders.library,
                          std::make_unique<storage::SimulatedDisk>(), problems);
  }
  if (problems.empty()) {
    for (const auto& result : check_figures(context, example, played)) {
      report(result, name, tested, context);
    }
  }
  tested.problems.insert(tested.problems.end(), problems.begin(), problems.end());
}

void show_steps(const PlayedExample& played, const Context& context) {
  Table table{{context.say("books.column.time"), context.say("word.file"),
               context.say("books.outcome.accepted"), context.say("books.outcome.limited"),
               context.say("books.outcome.duplicate"), context.say("books.outcome.conflict"),
               context.say("books.outcome.rejected")}};
  for (std::size_t at = 0; at < played.play.steps.size(); ++at) {
    const auto& step = played.play.steps[at];
    std::vector<std::string> row{to_string(step.time), step.file};
    for (const auto outcome :
         {books::Outcome::accepted, books::Outcome::limited, books::Outcome::duplicate,
          books::Outcome::conflict, books::Outcome::rejected}) {
      row.push_back(std::to_string(played.played.steps[at].of(outcome)));
    }
    table.add(std::move(row));
  }
  context.print(table.text(2));
}

// Plays an example on a disk in memory, or where its books shall stay, and shows what came of it.
int run_play(const Context& context, const Folders& folders, const std::string& name,
             const std::string& books) {
  int code = 0;
  const auto library = context.knowledge(code);
  if (!library) return code;
  const auto folder = (fs::path{folders.examples} / name).string();
  Problems problems;
  const intake::Example example{*library, folder, problems};
  if (!problems.empty()) return context.refuse(problems);
  std::unique_ptr<storage::Disk> disk = std::make_unique<storage::SimulatedDisk>();
  if (!books.empty()) {
    auto made = storage::make_disk(books);
    if (!made) return context.refuse(made.error());
    disk = *std::move(made);
  }
  const auto played = play_example(folder, folders.library, std::move(disk), problems);
  if (!played) return context.refuse(problems);
  if (!books.empty()) {
    if (auto kept = write_tokens(books + ".tokens", played->played.tokens); !kept) {
      return context.refuse(kept.error());
    }
  }
  if (!context.json) {
    context.print(example.programme()->title.in(context.language));
    context.print(example.programme()->description.in(context.language));
    context.print();
    show_steps(*played, context);
    show_accounts(context, played->books());
    show_holdings(context, played->books());
    context.say_line("example.verified", {{"records", std::to_string(played->records)}});
  }
  Tested tested;
  for (const auto& result : check_figures(context, example, played)) {
    report(result, name, tested, context);
  }
  if (!tested.problems.empty()) {
    context.refuse(tested.problems);
    return exit_findings;
  }
  if (context.json) context.print(Json{std::move(tested.figures)});
  return 0;
}

}  // namespace

int example_list(const Context& context, const std::string& folder) {
  int code = 0;
  const auto folders = find_folders(context, folder, code);
  if (!folders) return code;
  Problems problems;
  const auto systems = intake::read_index(folders->examples, problems);
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
                const std::vector<std::string>& names, const std::string& books) {
  int code = 0;
  const auto folders = find_folders(context, folder, code);
  if (!folders) return code;
  if (!books.empty() && names.size() != 1) {
    return context.refuse(Error{ErrorKind::invalid, "example.one_play", {}, {}});
  }
  for (const auto& name : names) {
    if (&name != &names.front() && !context.json) {
      context.print();
      context.print(std::string(72, '='));
      context.print();
    }
    const auto here = fs::path{folders->examples} / name;
    if (has_play(here.string())) {
      code = run_play(context, *folders, name, books);
      if (code != 0) return code;
      continue;
    }
    if (!books.empty()) {
      return context.refuse(Error{ErrorKind::invalid, "example.no_play", {{"example", name}}, {}});
    }
    const auto programme = here / "programme.toml";
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
  const auto folders = find_folders(context, folder, code);
  if (!folders) return code;
  const auto library = context.knowledge(code);
  if (!library) return code;
  Tested tested;
  for (const auto& [name, rows] : folders_to_test(folders->examples, names, tested.problems)) {
    test_example(*library, *folders, name, rows, tested, context);
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
