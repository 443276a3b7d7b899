// partake import: events from a file or standard input into the books.
#include <algorithm>
#include <cstdio>

#include "base/file.h"
#include "books/import.h"
#include "books/json_events.h"
#include "books/mapped_events.h"
#include "books/quarantine.h"
#include "cli/books_session.h"
#include "cli/commands.h"
#include "cli/token_file.h"
#include "intake/knowledge.h"

namespace partake::cli {
namespace {

// One line an event for programs that wait for their answers; written once it is durable.
class Answers {
 public:
  explicit Answers(const Context& context) : context_{context} {}

  void add(const books::Answer& answer) {
    Json::Object json{{"line", Json::integer(static_cast<std::int64_t>(answer.line))}};
    if (answer.element != 0) {
      json.emplace_back("element", Json::integer(static_cast<std::int64_t>(answer.element)));
    }
    json.emplace_back("outcome", name_of(answer.decision.outcome));
    if (answer.record != ledger::no_record) {
      json.emplace_back("record", Json::integer(static_cast<std::int64_t>(answer.record)));
    }
    if (!answer.decision.reason.code.empty()) {
      json.emplace_back("reason", to_json(answer.decision.reason, context_.language));
    }
    std::string line;
    for (const char c : pretty(Json{std::move(json)})) {
      if (c != '\n') line += c;
    }
    const bool is_new = answer.decision.outcome == books::Outcome::accepted ||
                        answer.decision.outcome == books::Outcome::limited;
    waiting_.push_back({line + "\n", is_new ? answer.record : 0});
  }

  void release(std::uint64_t durable_records) {
    std::size_t count = 0;
    while (count < waiting_.size() && waiting_[count].record < durable_records) {
      std::fwrite(waiting_[count].line.data(), 1, waiting_[count].line.size(), stdout);
      ++count;
    }
    if (count == 0) return;
    std::fflush(stdout);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  }

 private:
  struct Waiting {
    std::string line;
    std::uint64_t record = 0;  // It may be told once the record is durable.
  };
  const Context& context_;
  std::vector<Waiting> waiting_;
};

void present(const books::ImportCounts& counts, const Context& context) {
  if (context.json) {
    Json::Object json{{"events", Json::integer(static_cast<std::int64_t>(counts.events))}};
    for (std::size_t at = 0; at < books::outcomes; ++at) {
      const auto outcome = static_cast<books::Outcome>(at);
      json.emplace_back(name_of(outcome),
                        Json::integer(static_cast<std::int64_t>(counts.of(outcome))));
    }
    context.print(Json{std::move(json)});
    return;
  }
  Table table{{context.say("books.column.outcome"), context.say("books.column.events")}};
  for (std::size_t at = 0; at < books::outcomes; ++at) {
    const auto outcome = static_cast<books::Outcome>(at);
    table.add({context.say(std::string{"books.outcome."} + name_of(outcome)),
               grouped(std::to_string(counts.of(outcome)))});
  }
  context.print(table.text());
}

// What brings the events of the file; null with problems.
std::unique_ptr<books::EventFeed> feed_of(const ImportArguments& arguments, ByteSource& source,
                                          const books::Rulebook& rulebook, Problems& problems) {
  if (arguments.mapping.empty()) return std::make_unique<books::JsonEvents>(source, rulebook);
  const auto file = intake::read_toml_file(arguments.mapping, problems);
  if (!file) return nullptr;
  auto mapping = books::read_event_mapping(*file, problems);
  if (!problems.empty()) return nullptr;
  return books::MappedEvents::open(source, arguments.file, std::move(mapping), rulebook, problems);
}

}  // namespace

int import(const Context& context, const ImportArguments& arguments) {
  const std::array inputs{&arguments.file, &arguments.tokens, &arguments.mapping};
  if (std::count_if(inputs.begin(), inputs.end(), [](const auto* path) { return *path == "-"; }) >
      1) {
    return context.refuse(Error{ErrorKind::invalid, "cli.input_twice", {}, {}});
  }
  books::ImportOptions options;
  auto tokens = read_tokens(arguments.tokens);
  if (!tokens) return context.refuse(tokens.error());
  options.tokens = *std::move(tokens);
  auto session = open_books(context, arguments.folder, journal::Mode::write);
  if (!session) return context.refuse(session.error());
  auto quarantine = books::Quarantine::open(*session->disk);
  if (!quarantine) return context.refuse(quarantine.error());
  const auto source = FileSource::open(arguments.file);
  if (!source) return context.refuse(source.error());
  const auto& rulebook = session->books().rulebook();
  Problems problems;
  const auto feed = feed_of(arguments, **source, rulebook, problems);
  if (feed == nullptr) return context.refuse(problems);
  const books::SourceAccess access{rulebook, options.tokens};

  Answers answers{context};
  ProgressLine progress{context};
  options.answer = [&](const books::Answer& answer) -> Status {
    if (arguments.answers) answers.add(answer);
    const auto outcome = answer.decision.outcome;
    if (outcome != books::Outcome::rejected && outcome != books::Outcome::conflict) return {};
    books::Refused refused;
    refused.time = session->books().admitted();
    refused.outcome = outcome;
    refused.reason = answer.decision.reason;
    refused.document = answer.document;
    refused.source = access.proven_source(answer.document);
    return quarantine->add(std::move(refused));
  };
  options.progress = [&](std::uint64_t durable_records, std::uint64_t bytes_read) -> Status {
    CHECK_OK(quarantine->flush());
    if (arguments.answers) answers.release(durable_records);
    progress.show("books.progress.import",
                  {{"records", grouped(std::to_string(durable_records))},
                   {"percent", (*source)->size() == 0
                                   ? ""
                                   : std::to_string(100 * bytes_read / (*source)->size()) + " %"}});
    return {};
  };
  const auto counts =
      books::import_events(*feed, session->directory->books(), *session->writer, options);
  if (!counts) return context.refuse(counts.error());
  if (auto flushed = quarantine->flush(); !flushed) return context.refuse(flushed.error());
  if (arguments.answers) {
    answers.release(ledger::no_record);
  } else {
    present(*counts, context);
  }
  const bool refused =
      counts->of(books::Outcome::rejected) + counts->of(books::Outcome::conflict) > 0;
  if (refused && !context.json && !arguments.answers) {
    context.say_line("books.in_quarantine", {{"folder", arguments.folder}});
  }
  return refused ? exit_findings : 0;
}

}  // namespace partake::cli
