// `quantify`: evidence through a programme to totals.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include <unistd.h>

#include "cli/commands.h"
#include "cli/present.h"
#include "cli/row_file.h"
#include "intake/example.h"
#include "intake/explain.h"

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

// "[FILE:]LINE".
Result<Place> line_named(const std::string& text) {
  const auto colon = text.rfind(':');
  const auto digits = colon == std::string::npos ? text : text.substr(colon + 1);
  Place place{colon == std::string::npos ? "" : text.substr(0, colon)};
  const auto* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, place.line);
  if (read.ec == std::errc{} && read.ptr == end && place.line > 0) return place;
  return fail(ErrorKind::invalid, "cli.bad_line", {{"text", text}});
}

int explain_line(const Context& context, const programme::Programme& programme,
                 const intake::Knowledge& knowledge, const intake::QuantifyOptions& options,
                 const std::string& line) {
  const auto place = line_named(line);
  if (!place) return context.refuse(place.error());
  Problems problems;
  const auto explanation = intake::explain(programme, knowledge, options, *place, problems);
  if (!explanation) {
    return problems.empty() ? context.refuse(explanation.error()) : context.refuse(problems);
  }
  Json::Array list;
  for (const auto& section : explanation->sections) {
    if (context.json) {
      list.push_back(to_json(section.calculation, *section.compiled));
    } else {
      present(section.calculation, *section.compiled, knowledge.library(), context);
    }
  }
  if (!explanation->refused.empty()) return context.refuse(explanation->refused);
  if (context.json) context.print(Json{std::move(list)});
  return 0;
}

// Opens the file for the rows. It must not be one of the files that are read.
Status open_rows(RowFile& rows, const std::string& path, const programme::Programme& programme,
                 const intake::QuantifyOptions& options) {
  for (const auto& evidence : programme.evidence) {
    TRY(const auto inputs, intake::evidence_files(programme, evidence, options));
    for (const auto& input : inputs) {
      std::error_code ignored;
      if (!std::filesystem::equivalent(input, path, ignored)) continue;
      return fail(ErrorKind::invalid, "cli.rows_is_input", {{"file", path}});
    }
  }
  if (rows.open(path)) return {};
  return fail(ErrorKind::unavailable, "file.unwritable", {{"file", path}});
}

// The programme's stated figures beside the totals, where there is something to compare with.
Result<std::vector<intake::Comparison>> compare_all(const intake::Report& report,
                                                    const factor::Library& library) {
  std::vector<intake::Comparison> comparisons;
  for (const auto& stated : report.programme->stated) {
    const auto* entry = report.of(stated.method);
    if (entry == nullptr || entry->totals->rows() == 0) continue;
    TRY(auto comparison, intake::compare(stated, report, library));
    comparisons.push_back(std::move(comparison));
  }
  return comparisons;
}

void print(const intake::Report& report, const std::vector<intake::Comparison>& comparisons,
           const factor::Library& library, const Context& context) {
  if (!context.json) {
    present(report, library, context);
    for (const auto& comparison : comparisons) present(comparison, library, context);
    return;
  }
  Json::Array list;
  for (const auto& comparison : comparisons) list.push_back(to_json(comparison));
  Json::Object whole = *to_json(report, context.language).object();
  whole.emplace_back("stated", std::move(list));
  context.print(Json{std::move(whole)});
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

  intake::QuantifyOptions options;
  options.folder = folder;
  options.files = arguments.evidence;
  options.admitted_on = context.admitted_on;
  options.substitutions = !arguments.no_substitution;
  if (!arguments.explain.empty()) {
    return explain_line(context, *programme, *knowledge, options, arguments.explain);
  }
  RowFile rows;
  if (!arguments.rows.empty()) {
    const auto opened = open_rows(rows, arguments.rows, *programme, options);
    if (!opened) return context.refuse(opened.error());
    options.row = [&](const intake::RowOutcome& outcome) { rows.write(outcome); };
  }
  auto report = [&] {
    ProgressBar bar;
    options.progress = [&](std::uint64_t bytes, std::uint64_t total) { bar.show(bytes, total); };
    return intake::quantify(*programme, *knowledge, options, problems);
  }();
  if (!report) return problems.empty() ? context.refuse(report.error()) : context.refuse(problems);
  if (rows.is_open() && !rows.finish()) {
    return context.refuse(
        Error{ErrorKind::unavailable, "file.unwritable", {{"file", arguments.rows}}, {}});
  }
  const auto comparisons = compare_all(*report, knowledge->library());
  if (!comparisons) return context.refuse(comparisons.error());
  if (arguments.csv) {
    std::fputs(to_csv(*report).c_str(), stdout);
  } else {
    print(*report, *comparisons, knowledge->library(), context);
  }
  // Evidence of which nothing could be quantified is a finding that a script must be able to see.
  const bool any = std::any_of(report->methods.begin(), report->methods.end(),
                               [](const auto& entry) { return entry.totals->rows() > 0; });
  return any ? 0 : exit_findings;
}

}  // namespace partake::cli
