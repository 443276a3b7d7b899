// partake claims: what a text's figures say when they are held against each other.

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <span>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "claims/compare.h"
#include "claims/present.h"
#include "cli/claims_knowledge.h"
#include "cli/commands.h"

namespace partake::cli {
namespace {

using claims::Verdict;

bool ends_with_any(const std::string& path, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

// What pdftotext writes for a file; it is started without a shell.
Result<std::string> text_of_pdf(const std::string& path) {
  const auto failed = [&] {
    return fail(ErrorKind::unavailable, "claims.no_converter", {{"file", path}});
  };
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed();
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string program{"pdftotext"};
  std::string encoding{"-enc"};
  std::string utf8{"UTF-8"};
  std::string file = std::filesystem::absolute(path).string();
  std::string out{"-"};
  const std::array<char*, 6> words{program.data(), encoding.data(), utf8.data(),
                                   file.data(),    out.data(),      nullptr};
  pid_t child = 0;
  const int problem =
      ::posix_spawnp(&child, program.c_str(), &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string text;
  if (problem == 0) {
    std::array<char, 65536> buffer{};
    for (ssize_t count = 0; (count = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
      // What is too long is drained, so that the child ends.
      if (text.size() <= claims::article_bytes_max) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
      }
    }
  }
  ::close(ends[0]);
  int status = 0;
  if (problem != 0) return failed();
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return failed();
  return text;
}

struct Checked {
  std::string file;
  std::string source;
  claims::Review review;
};

Result<Checked> check_file(const std::string& path, const claims::Knowledge& knowledge) {
  Checked checked;
  checked.file = path;
  if (ends_with_any(path, {".pdf", ".PDF"})) {
    TRY(checked.source, text_of_pdf(path));
  } else {
    // One byte more than the engine takes, so that it is the engine that says so.
    TRY(checked.source, read_file(path, 4 * claims::article_bytes_max));
  }
  const auto markup = ends_with_any(path, {".html", ".htm"}) ? claims::Markup::html
                      : ends_with_any(path, {".md"})         ? claims::Markup::markdown
                                                             : claims::Markup::plain;
  TRY(checked.review, claims::review(checked.source, knowledge, markup));
  return checked;
}

std::string one_line(std::string text) {
  constexpr std::size_t longest = 600;
  if (text.size() > longest) {
    std::size_t cut = longest;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
    text.resize(cut);
    text += "…";
  }
  return text;
}

void print_finding(const Context& context, const claims::Finding& finding) {
  const auto language = context.language;
  context.print(
      "  [" + context.say(std::string{"verdict."} + name_of(finding.verdict)) + "] " +
      context.say("claims.arithmetic", {{"title", finding.title.in(language)},
                                        {"arithmetic", finding.arithmetic.in(language)}}));
  const auto line = [&](std::string_view key, const Args& args) {
    context.print("      " + context.say(key, args));
  };
  if (!finding.expected.en.empty()) {
    line("claims.expected", {{"expected", finding.expected.in(language)}});
  }
  for (const auto* repair : {&finding.repair, &finding.other_repair}) {
    if (!*repair) continue;
    line("claims.repair", {{"before", (*repair)->before},
                           {"after", (*repair)->after},
                           {"satisfied", std::to_string((*repair)->satisfied)},
                           {"checks", std::to_string((*repair)->checks)}});
  }
  if (finding.verdict != Verdict::consistent && !finding.note.en.empty()) {
    context.print("      " + finding.note.in(language));
  }
  if (!finding.missing.en.empty()) {
    line("claims.missing", {{"missing", finding.missing.in(language)}});
  }
  if (!finding.source.empty()) {
    line("claims.source",
         {{"source", finding.source},
          {"quality", context.say("quality." + (finding.quality.empty() ? std::string{"unconfirmed"}
                                                                        : finding.quality))}});
  }
  if (finding.verdict != Verdict::consistent && !finding.question.en.empty()) {
    line("claims.question", {{"question", finding.question.in(language)}});
  }
}

void print_checked(const Context& context, const claims::Knowledge& knowledge,
                   const Checked& checked, const ClaimsArguments& arguments) {
  const auto& review = checked.review;
  for (const auto& statement : review.statements) {
    if (statement.findings.empty() && !arguments.all && !arguments.explain) continue;
    context.say_line(
        "claims.statement",
        {{"file", checked.file},
         {"line", std::to_string(statement.place.line)},
         {"verdict", context.say(std::string{"verdict."} + name_of(statement.verdict))}});
    context.print("  " + one_line(statement.text));
    if (arguments.explain) {
      for (const auto index : statement.figures) {
        context.print("    · " +
                      explain(review.figures[index].figure, knowledge, context.language));
      }
    }
    for (const auto index : statement.findings) print_finding(context, review.findings[index]);
    context.print();
  }
  std::array<std::size_t, 6> counts{};
  for (const auto& finding : review.findings) ++counts[static_cast<std::size_t>(finding.verdict)];
  const auto count = [&](Verdict verdict) {
    return std::to_string(counts[static_cast<std::size_t>(verdict)]);
  };
  context.say_line("claims.summary", {{"figures", std::to_string(review.figures.size())},
                                      {"statements", std::to_string(review.statements.size())},
                                      {"checks", std::to_string(review.findings.size())},
                                      {"consistent", count(Verdict::consistent)},
                                      {"boundary", count(Verdict::boundary)},
                                      {"outside", count(Verdict::outside)},
                                      {"contradiction", count(Verdict::contradiction)},
                                      {"impossible", count(Verdict::impossible)},
                                      {"unchecked", count(Verdict::unchecked)}});
  if (review.unreadable_bytes > 0 || review.unread_numbers > 0) {
    context.say_line("claims.unread", {{"bytes", std::to_string(review.unreadable_bytes)},
                                       {"numbers", std::to_string(review.unread_numbers)}});
  }
}

int print_comparison(const Context& context, const Checked& first, const Checked& second) {
  const auto comparison = claims::compare(first.review, second.review);
  const auto place = [](const Checked& checked, std::uint32_t index) {
    return std::to_string(checked.review.figures[index].place.line);
  };
  const auto text = [](const Checked& checked, std::uint32_t index) {
    return checked.review.figures[index].figure.text;
  };
  Json::Array differ;
  Json::Array only;
  for (const auto& difference : comparison.differ) {
    char factor[32];
    std::snprintf(factor, sizeof factor, "%.4g", difference.factor);
    differ.push_back(
        Json::Object{{"first", text(first, difference.first)},
                     {"first_line", Json{Json::Number{place(first, difference.first)}}},
                     {"second", text(second, difference.second)},
                     {"second_line", Json{Json::Number{place(second, difference.second)}}},
                     {"factor", factor}});
    if (context.json) continue;
    context.say_line("claims.differs", {{"first", text(first, difference.first)},
                                        {"line", place(first, difference.first)},
                                        {"second", text(second, difference.second)},
                                        {"other", place(second, difference.second)},
                                        {"factor", factor}});
  }
  const auto list = [&](const Checked& checked, const std::vector<std::uint32_t>& indices) {
    for (const auto index : indices) {
      only.push_back(Json::Object{{"file", checked.file},
                                  {"line", Json{Json::Number{place(checked, index)}}},
                                  {"text", text(checked, index)}});
      if (context.json) continue;
      context.say_line("claims.only_here", {{"file", checked.file},
                                            {"line", place(checked, index)},
                                            {"text", text(checked, index)}});
    }
  };
  list(first, comparison.only_first);
  list(second, comparison.only_second);
  const auto missing = comparison.only_first.size() + comparison.only_second.size();
  if (context.json) {
    context.print(
        Json::Object{{"agree", Json::integer(static_cast<std::int64_t>(comparison.pairs))},
                     {"differ", std::move(differ)},
                     {"only", std::move(only)}});
  } else {
    context.say_line("claims.compare_summary",
                     {{"pairs", std::to_string(comparison.pairs)},
                      {"differ", std::to_string(comparison.differ.size())},
                      {"missing", std::to_string(missing)}});
  }
  return comparison.differ.empty() && missing == 0 ? 0 : exit_findings;
}

}  // namespace

int claims_check(const Context& context, const ClaimsArguments& arguments) {
  const auto folder = intake::find_library(context.library, context.program);
  if (!folder) return context.refuse(folder.error());
  Problems problems;
  const auto knowledge = read_claims_knowledge(*folder, problems);
  if (!knowledge) return context.refuse(problems);
  std::vector<Checked> all;
  for (const auto& file : arguments.files) {
    auto checked = check_file(file, *knowledge);
    if (!checked) return context.refuse(checked.error());
    all.push_back(*std::move(checked));
  }
  if (!arguments.html.empty()) {
    std::ofstream out{arguments.html, std::ios::binary};
    for (const auto& checked : all) {
      out << to_html(checked.review, checked.source, context.language);
    }
    if (!out) {
      return context.refuse(
          Error{ErrorKind::unavailable, "file.unwritable", {{"file", arguments.html}}, {}});
    }
  }
  if (arguments.compare) {
    if (all.size() != 2) {
      return context.refuse(Error{ErrorKind::invalid, "cli.missing", {{"what", "FILE FILE"}}, {}});
    }
    return print_comparison(context, all[0], all[1]);
  }
  bool doubted = false;
  Json::Array list;
  for (const auto& checked : all) {
    for (const auto& finding : checked.review.findings) {
      doubted = doubted || finding.verdict >= Verdict::outside;
    }
    if (context.json) {
      auto json = to_json(checked.review, *knowledge, context.language);
      Json::Object object{{"file", checked.file}};
      for (const auto& member : *json.object()) object.push_back(member);
      list.push_back(std::move(object));
    } else {
      print_checked(context, *knowledge, checked, arguments);
    }
  }
  if (context.json) context.print(Json{std::move(list)});
  return doubted ? exit_findings : 0;
}

}  // namespace partake::cli
