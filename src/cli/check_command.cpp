// partake check: whether all that a data directory stores hangs together.
#include <algorithm>

#include "books/verify.h"
#include "cli/books_session.h"
#include "cli/commands.h"
#include "storage/real_disk.h"

namespace partake::cli {
namespace {

using books::Invariant;

// Only by `verify`.
bool is_told(Invariant invariant) { return invariant != Invariant::decisions; }

std::size_t faults_of(const books::VerifyReport& report, Invariant invariant) {
  return static_cast<std::size_t>(
      std::count_if(report.findings.begin(), report.findings.end(),
                    [&](const books::Finding& finding) { return finding.invariant == invariant; }));
}

template <class Take>
void each_invariant(Take take) {
  for (std::size_t at = 0; at < books::invariants; ++at) {
    if (is_told(static_cast<Invariant>(at))) take(static_cast<Invariant>(at), at);
  }
}

Json report_json(const books::VerifyReport& report, const Context& context) {
  Json::Array list;
  each_invariant([&](Invariant invariant, std::size_t at) {
    Json::Array faults;
    for (const auto& finding : report.findings) {
      if (finding.invariant == invariant) faults.push_back(to_json(finding, context.language));
    }
    const auto& examined = report.examined[at];
    list.emplace_back(
        Json::Object{{"invariant", name_of(invariant)},
                     {"examined", Json::integer(static_cast<std::int64_t>(examined.count))},
                     {"whole", examined.is_whole},
                     {"faults", std::move(faults)}});
  });
  Json::Array leftovers;
  for (const auto& leftover : report.leftovers) {
    leftovers.push_back(to_json(leftover, context.language));
  }
  return Json::Object{{"good", report.findings.empty()},
                      {"invariants", std::move(list)},
                      {"leftovers", std::move(leftovers)}};
}

std::string place_text(const Error& error, const Context& context) {
  std::string text;
  for (const auto& [key, value] : error.args) {
    const bool tells = key == "file" || key == "offset" || key == "record";
    if (!tells || value.empty()) continue;
    text += (text.empty() ? "" : ", ") +
            context.say("check.at." + std::string{key}, {{"value", value}});
  }
  return text;
}

void present(const books::VerifyReport& report, const Context& context) {
  Table table{
      {context.say("check.invariant"), context.say("check.examined"), context.say("check.result")}};
  each_invariant([&](Invariant invariant, std::size_t at) {
    const auto faults = faults_of(report, invariant);
    const auto& examined = report.examined[at];
    const auto* result =
        faults > 0 ? "check.faults" : (examined.is_whole ? "check.good" : "check.not_reached");
    table.add({context.say(std::string{"check.of."} + name_of(invariant)),
               grouped(std::to_string(examined.count)),
               context.say(result, {{"count", std::to_string(faults)}})});
  });
  context.print(table.text(2));
  for (const auto& finding : report.findings) {
    context.print(describe(finding, context.language));
    const auto place = place_text(finding, context);
    if (!place.empty()) context.print("  " + place);
  }
  if (!report.leftovers.empty()) context.say_line("check.leftovers");
  for (const auto& leftover : report.leftovers) {
    context.print("  " + describe(leftover, context.language));
  }
  context.say_line(report.findings.empty() ? "check.all_good" : "check.bad",
                   {{"count", std::to_string(report.findings.size())}});
}

}  // namespace

int check(const Context& context, const std::string& folder) {
  const auto disk = storage::open_disk(folder);
  if (!disk) return context.refuse(disk.error());
  std::optional<Result<books::VerifyReport>> result;
  {
    ProgressLine progress{context};
    result = books::check(**disk, [&](std::uint64_t records, std::uint64_t of) {
      progress.show("books.progress.verify", {{"records", grouped(std::to_string(records))},
                                              {"of", grouped(std::to_string(of))}});
    });
  }
  if (!*result) return context.refuse(result->error());
  const auto& report = **result;
  if (context.json) {
    context.print(report_json(report, context));
  } else {
    present(report, context);
  }
  return report.findings.empty() ? 0 : exit_findings;
}

}  // namespace partake::cli
