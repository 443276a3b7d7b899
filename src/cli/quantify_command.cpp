#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <unistd.h>

#include "cli/commands.h"
#include "cli/present.h"
#include "intake/example.h"

namespace partake::cli {
namespace {

// A bar on standard error, only where somebody is looking.
class ProgressBar {
 public:
  void show(std::uint64_t bytes, std::uint64_t total) {
    if (total == 0 || ::isatty(STDERR_FILENO) == 0) return;
    constexpr std::uint64_t width = 40;
    const auto filled = static_cast<int>(std::min(bytes, total) * width / total);
    std::fprintf(stderr, "\r[%.*s%*s] %3d %%", filled, "########################################",
                 static_cast<int>(width) - filled, "",
                 static_cast<int>(std::min(bytes, total) * 100 / total));
    std::fflush(stderr);
    shown_ = true;
  }
  ~ProgressBar() {
    if (shown_) std::fprintf(stderr, "\r%*s\r", 60, "");
  }
  ProgressBar() = default;
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

 private:
  bool shown_ = false;
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// Outcomes row by row: file, line, then each output in its own unit and in smallest units.
class RowFile {
 public:
  // Written beside and renamed at the end, so that nothing half-written carries the name and an
  // input that has it is never cut short.
  bool open(const std::string& path) {
    path_ = path;
    file_.reset(std::fopen((path + ".part").c_str(), "wb"));
    return file_ != nullptr;
  }
  void write(const intake::RowOutcome& outcome) {
    const auto& method = outcome.report->method();
    for (std::size_t i = 0; i < outcome.counts.size(); ++i) {
      const auto& output = method.outputs[i];
      if (!header_) {
        std::fprintf(file_.get(), "file,line,method,output,value,unit,count,smallest\n");
        header_ = true;
      }
      std::fprintf(
          file_.get(), "%s,%llu,%s,%s,%s,%s,%lld,%s\n", quoted(*outcome.file).c_str(),
          static_cast<unsigned long long>(outcome.line), method.id.text().c_str(),
          output.name.c_str(), to_string(method::shown(output, outcome.counts[i]).value).c_str(),
          quoted(to_string(output.unit)).c_str(), static_cast<long long>(outcome.counts[i]),
          quoted(to_string(output.smallest)).c_str());
    }
  }
  [[nodiscard]] bool is_open() const { return file_ != nullptr; }
  bool finish() {
    const bool fine = std::fflush(file_.get()) == 0 && std::ferror(file_.get()) == 0;
    file_.reset();
    return fine && std::rename((path_ + ".part").c_str(), path_.c_str()) == 0;
  }

 private:
  static std::string quoted(const std::string& text) {
    if (text.find_first_of(",\"\n") == std::string::npos) return text;
    std::string result = "\"";
    for (const char c : text) result += c == '"' ? std::string{"\"\""} : std::string{c};
    return result + "\"";
  }
  std::string path_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  bool header_ = false;
};

int explain_line(const Context& context, const programme::Programme& programme,
                 const intake::Knowledge& knowledge, const intake::QuantifyOptions& options,
                 std::uint64_t line) {
  Problems problems;
  const auto setting = intake::setting_of_line(programme, knowledge, options, line, problems);
  if (!setting)
    return problems.empty() ? context.refuse(setting.error()) : context.refuse(problems);
  const auto& evidence = programme.evidence.front();
  const auto* compiled =
      knowledge.method(evidence.method, programme.use_of(evidence.method)->version);
  std::deque<factor::Factor> values;
  const auto terms =
      intake::terms_of(programme, evidence.method, knowledge.library(), options, values);
  if (!terms) return context.refuse(terms.error());
  const auto calculation =
      method::run(*compiled, knowledge.library(), *terms, *setting, evidence.tier);
  if (!calculation) return context.refuse(calculation.error());
  if (context.json)
    context.print(to_json(*calculation, *compiled));
  else
    present(*calculation, *compiled, knowledge.library(), context);
  return 0;
}

}  // namespace

int quantify(const Context& context, const QuantifyArguments& arguments) {
  int code = 0;
  auto knowledge = context.knowledge(code);
  if (!knowledge) return code;
  Problems problems;
  std::filesystem::path path{arguments.programme};
  if (std::filesystem::is_directory(path)) path /= "programme.toml";
  const auto folder = path.parent_path().string();
  knowledge->add_folder(folder.empty() ? "." : folder, problems);
  const auto programme = intake::read_programme_file(path.string(), problems);
  if (!problems.empty()) return context.refuse(problems);

  ProgressBar bar;
  RowFile rows;
  intake::QuantifyOptions options;
  options.folder = folder;
  options.files = arguments.evidence;
  options.admitted_on = context.admitted_on;
  options.substitutions = !arguments.no_substitution;
  if (arguments.explain > 0) {
    return explain_line(context, *programme, *knowledge, options, arguments.explain);
  }
  options.progress = [&](std::uint64_t bytes, std::uint64_t total) { bar.show(bytes, total); };
  if (!arguments.rows.empty()) {
    std::vector<std::string> inputs = arguments.evidence;
    for (const auto& evidence : programme->evidence) {
      for (const auto& file : evidence.files)
        inputs.push_back((path.parent_path() / file).string());
    }
    for (const auto& input : inputs) {
      std::error_code ignored;
      if (!std::filesystem::equivalent(input, arguments.rows, ignored)) continue;
      return context.refuse(
          Error{ErrorKind::invalid, "cli.rows_is_input", {{"file", arguments.rows}}, {}});
    }
    if (!rows.open(arguments.rows)) {
      return context.refuse(
          Error{ErrorKind::unavailable, "file.unwritable", {{"file", arguments.rows}}, {}});
    }
    options.row = [&](const intake::RowOutcome& outcome) { rows.write(outcome); };
  }
  const auto report = intake::quantify(*programme, *knowledge, options, problems);
  if (!report) return problems.empty() ? context.refuse(report.error()) : context.refuse(problems);
  if (rows.is_open() && !rows.finish()) {
    return context.refuse(
        Error{ErrorKind::unavailable, "file.unwritable", {{"file", arguments.rows}}, {}});
  }
  Json::Array comparisons;
  if (!context.json) present(*report, knowledge->library(), context);
  for (const auto& stated : programme->stated) {
    const auto* entry = report->of(stated.method);
    if (entry == nullptr || entry->totals->rows() == 0) continue;  // Nothing to compare with.
    const auto comparison = intake::compare(stated, *report, knowledge->library());
    if (!comparison) return context.refuse(comparison.error());
    if (context.json)
      comparisons.push_back(to_json(*comparison));
    else
      present(*comparison, knowledge->library(), context);
  }
  if (context.json) {
    Json::Object whole = *to_json(*report).object();
    whole.emplace_back("stated", std::move(comparisons));
    context.print(Json{std::move(whole)});
  }
  // Evidence of which nothing could be quantified is a finding that a script must be able to see.
  const bool any = std::any_of(report->methods.begin(), report->methods.end(),
                               [](const auto& entry) { return entry.totals->rows() > 0; });
  return any ? 0 : exit_findings;
}

}  // namespace partake::cli
