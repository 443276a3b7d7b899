// partake findings: what looks wrong in credited events, with the arithmetic, for a person to
// judge; or, with --ask, the transactions that put the entries on hold until one has.
#include <set>

#include "books/anomalies.h"
#include "cli/books_session.h"
#include "cli/commands.h"

namespace partake::cli {
namespace {

constexpr std::size_t reason_bytes_max = 500;  // Of a text in a transaction.

class Findings {
 public:
  Findings(const books::Books& books, const Context& context, std::string source)
      : books_{books}, context_{context}, source_{std::move(source)} {}

  // One at a time, so that what was found need not be kept for asking.
  Status take(const books::Anomaly& anomaly) {
    if (!source_.empty()) return ask(anomaly), Status{};
    const auto& finding = anomaly.finding;
    const auto account = ledger::to_string(anomaly.account);
    const auto& source = books_.rulebook().streams[anomaly.stream].source;
    const auto of = of_source(anomaly) ? source : account;
    table_.add({std::to_string(finding.records.back()), of, to_string(anomaly.day),
                anomaly.rule->id, strength_text(finding.strength), state_text(anomaly),
                arithmetic(anomaly)});
    Json::Array records;
    for (const auto record : finding.records) records.push_back(whole(record));
    Json::Array figures;
    for (const auto& figure : finding.figures) {
      figures.emplace_back(Json::Object{
          {"name", figure.name}, {"value", to_shortest(figure.value)}, {"unit", figure.unit}});
    }
    list_.emplace_back(
        Json::Object{{"programme", books_.rulebook().programmes[anomaly.programme].id},
                     {"finding", anomaly.rule->id},
                     {"detector", anomaly.rule->detector},
                     {"of", of_source(anomaly) ? "source" : "account"},
                     {"account", account},
                     {"source", source},
                     {"records", std::move(records)},
                     {"time", to_string(anomaly.time)},
                     {"admitted", to_string(anomaly.admitted)},
                     {"strength", strength_text(finding.strength)},
                     {"figures", std::move(figures)},
                     {"says", arithmetic(anomaly)},
                     {"state", state_of(finding.records.back())}});
    return {};
  }

  void finish() {
    if (source_.empty()) {
      if (list_.empty() && !context_.json) return context_.say_line("books.findings.none");
      return context_.print(table_, std::move(list_));
    }
    if (of_sources_ > 0) {
      std::fprintf(
          stderr, "%s\n",
          context_.say("books.findings.of_sources", {{"count", std::to_string(of_sources_)}})
              .c_str());
    }
  }

 private:
  static Json whole(std::uint64_t value) { return Json::integer(static_cast<std::int64_t>(value)); }

  // Whether it is about a source as a whole, and none of its entries by itself.
  static bool of_source(const books::Anomaly& anomaly) {
    if (const auto* digits = std::get_if<programme::DigitsRule>(&anomaly.rule->rule)) {
      return digits->of == "source";
    }
    const auto* rate = std::get_if<programme::RateRule>(&anomaly.rule->rule);
    return rate != nullptr && rate->of == "source";
  }

  static std::string strength_text(std::int64_t thousandths) {
    return to_shortest(Decimal{thousandths, -3});
  }

  // What became of the entry: "" while nobody has asked.
  [[nodiscard]] const char* state_of(std::uint64_t record) const {
    const auto& questions = books_.holdings().questions;
    if (const auto number = questions.about(record)) {
      return ledger::name_of(questions.find(*number)->state);
    }
    return books_.is_reversed(record) ? "reversed" : "";
  }
  [[nodiscard]] std::string state_text(const books::Anomaly& anomaly) const {
    const std::string state = state_of(anomaly.finding.records.back());
    return state.empty() ? "" : context_.say("books.question." + state);
  }

  [[nodiscard]] std::string arithmetic(const books::Anomaly& anomaly) const {
    Args args;
    for (const auto& figure : anomaly.finding.figures) {
      auto text = to_shortest(figure.value);
      if (const auto unit = parse_unit(figure.unit); unit && !figure.unit.empty()) {
        text = to_string(Quantity{figure.value, *unit}, context_.language);
      }
      args.emplace_back(figure.name, std::move(text));
    }
    auto key = "finding." + anomaly.rule->detector;
    const auto* digits = std::get_if<programme::DigitsRule>(&anomaly.rule->rule);
    if (digits != nullptr) key += "_" + digits->digit;
    return context_.say(key, args);
  }

  // A transaction for each entry that nobody has asked about yet.
  void ask(const books::Anomaly& anomaly) {
    if (of_source(anomaly)) {
      ++of_sources_;
      return;
    }
    auto reason = arithmetic(anomaly);
    if (reason.size() > reason_bytes_max) reason = anomaly.rule->id;
    const auto now = to_string(clock_of(context_)());
    for (const auto record : anomaly.finding.records) {
      const bool is_known = *state_of(record) != '\0' || !asked_.insert(record).second;
      if (is_known) continue;
      const Json document{Json::Object{
          {"specversion", "1.0"},
          {"source", source_},
          {"id", "finding-" + anomaly.rule->id + "-" + std::to_string(record)},
          {"type", "partake.question"},
          {"time", now},
          {"data",
           Json::Object{
               {"record", whole(record)}, {"finding", anomaly.rule->id}, {"reason", reason}}}}};
      context_.print(canonical(document));
    }
  }

  const books::Books& books_;
  const Context& context_;
  std::string source_;
  Table table_{{context_.say("books.column.record"), context_.say("books.column.account"),
                context_.say("books.column.day"), context_.say("books.column.finding"),
                context_.say("books.column.strength"), context_.say("books.column.state"),
                context_.say("books.column.what")}};
  Json::Array list_;
  std::set<std::uint64_t> asked_;
  std::uint64_t of_sources_ = 0;
};

}  // namespace

int findings(const Context& context, const FindingsArguments& arguments) {
  auto session = open_books(context, arguments.folder, journal::Mode::read);
  if (!session) return context.refuse(session.error());
  const auto& books = session->books();
  Findings findings{books, context, arguments.ask};
  const auto run = [&]() -> Status {
    std::optional<ledger::ProgrammeIndex> programme;
    if (!arguments.programme.empty()) {
      TRY(programme, books.programme(arguments.programme));
    }
    Day since = day_min;
    if (!arguments.since.empty()) {
      TRY(since, parse_day(arguments.since));
    }
    if (!arguments.ask.empty()) {
      const auto* source = books.rulebook().source(arguments.ask);
      if (source == nullptr) {
        return fail(ErrorKind::not_found, "books.unknown_source", {{"source", arguments.ask}});
      }
      // A source can ask only about entries of its own programme.
      const auto own = books.rulebook().streams[source->stream].programme;
      if (programme && programme != own) {
        return fail(
            ErrorKind::invalid, "books.other_programme",
            {{"source", arguments.ask}, {"programme", books.rulebook().programmes[own].id}});
      }
      programme = own;
    }
    return books::find_anomalies(
        session->directory->journal(), books, programme, [&](const books::Anomaly& anomaly) {
          return utc_day(anomaly.admitted) < since ? Status{} : findings.take(anomaly);
        });
  };
  const auto status = run();
  if (!status) return context.refuse(status.error());
  findings.finish();
  return 0;
}

}  // namespace partake::cli
