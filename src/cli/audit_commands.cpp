// Commands for who checks and keeps the books: verify, snapshot, erase, journal, quarantine.
#include <algorithm>
#include <set>

#include "base/file.h"
#include "books/erase.h"
#include "books/import.h"
#include "books/quarantine.h"
#include "books/snapshot.h"
#include "books/verify.h"
#include "books/waiting_events.h"
#include "cli/books_session.h"
#include "cli/commands.h"
#include "cli/token_file.h"
#include "journal/audit.h"
#include "storage/real_disk.h"

namespace partake::cli {
namespace {

Json whole(std::uint64_t number) { return Json::integer(static_cast<std::int64_t>(number)); }

Json totals_json(const books::PublicTotals& totals) {
  Json::Object json{{"events", whole(totals.events)}};
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    if (totals.credited[at] == 0) continue;
    json.emplace_back(ledger::name_of(static_cast<ledger::Asset>(at)),
                      std::to_string(totals.credited[at]));
  }
  return json;
}

std::string amounts_text(const std::array<std::int64_t, ledger::assets>& amounts,
                         const Context& context) {
  std::string text;
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    if (amounts[at] == 0) continue;
    text += (text.empty() ? "" : ", ") +
            amount_text(static_cast<ledger::Asset>(at), amounts[at], context);
  }
  return text.empty() ? "0" : text;
}

void print_totals(const Context& context, std::string_view key, const books::PublicTotals& totals) {
  context.say_line(key, {{"events", grouped(std::to_string(totals.events))},
                         {"amounts", amounts_text(totals.credited, context)}});
}

std::string count_text(std::uint64_t count) { return grouped(std::to_string(count)); }

}  // namespace

int verify(const Context& context, const std::string& folder) {
  const auto disk = storage::open_disk(folder);
  if (!disk) return context.refuse(disk.error());
  std::optional<Result<books::VerifyReport>> result;
  {
    ProgressLine progress{context};
    result = books::verify(**disk, [&](std::uint64_t records, std::uint64_t of) {
      progress.show("books.progress.verify",
                    {{"records", count_text(records)}, {"of", count_text(of)}});
    });
  }
  if (!*result) return context.refuse(result->error());
  const auto& report = **result;
  if (context.json) {
    Json::Array findings;
    for (const auto& finding : report.findings) {
      findings.push_back(to_json(finding, context.language));
    }
    context.print(Json::Object{
        {"good", report.findings.empty()},
        {"blocks", Json::integer(static_cast<std::int64_t>(report.blocks))},
        {"records", Json::integer(static_cast<std::int64_t>(report.records))},
        {"events", Json::integer(static_cast<std::int64_t>(report.events))},
        {"accounts", Json::integer(static_cast<std::int64_t>(report.accounts))},
        {"totals", totals_json(report.totals)},
        {"erased", totals_json(report.erased)},
        {"checkpoint",
         Json::Object{{"origin", report.checkpoint.origin},
                      {"size", Json::integer(static_cast<std::int64_t>(report.checkpoint.size))},
                      {"root", to_hex(report.checkpoint.root)}}},
        {"findings", std::move(findings)}});
    return report.findings.empty() ? 0 : exit_findings;
  }
  context.say_line("books.verified", {{"blocks", count_text(report.blocks)},
                                      {"records", count_text(report.records)},
                                      {"events", count_text(report.events)},
                                      {"accounts", count_text(report.accounts)},
                                      {"tiles", count_text(report.tiles)},
                                      {"snapshots", count_text(report.snapshots)}});
  print_totals(context, "books.verified_totals", report.totals);
  if (report.erased.events != 0) print_totals(context, "books.verified_erased", report.erased);
  context.say_line(report.checkpoint.size == 0 ? "books.no_checkpoint" : "books.checkpoint",
                   {{"origin", report.checkpoint.origin},
                    {"size", std::to_string(report.checkpoint.size)},
                    {"blocks", std::to_string(report.blocks)},
                    {"root", to_hex(report.checkpoint.root)}});
  for (const auto& finding : report.findings) {
    context.print(describe(finding, context.language));
  }
  context.say_line(report.findings.empty() ? "books.verify_good" : "books.verify_bad",
                   {{"count", std::to_string(report.findings.size())}});
  return report.findings.empty() ? 0 : exit_findings;
}

int snapshot(const Context& context, const std::string& folder) {
  auto session = open_books(context, folder, journal::Mode::write);
  if (!session) return context.refuse(session.error());
  const auto& journal = session->directory->journal();
  const auto name = books::write_snapshot(*session->disk, session->books(), journal);
  if (!name) return context.refuse(name.error());
  if (context.json) {
    context.print(Json::Object{{"name", *name},
                               {"blocks", whole(journal.blocks().size())},
                               {"records", whole(journal.records())}});
    return 0;
  }
  context.say_line("books.snapshot_written",
                   {{"name", *name}, {"records", count_text(journal.records())}});
  return 0;
}

namespace {

Json erasure_json(const books::ErasureResult& result) {
  const auto& erasure = result.erasure;
  const auto& checks = result.checks;
  Json::Object balances;
  for (const auto& [asset, amount] : erasure.balances) {
    balances.emplace_back(asset, std::to_string(amount));
  }
  Json::Object before{{"records_read", whole(checks.records_read)}, {"balances", balances}};
  Json::Object after{{"records_hidden", whole(checks.records_hidden)},
                     {"blocks_changed", whole(checks.blocks_changed)},
                     {"blocks", whole(checks.blocks)},
                     {"root", to_hex(checks.root)},
                     {"totals", totals_json(checks.totals)},
                     {"accounts", whole(checks.accounts)},
                     {"sums_are_zero", true}};
  return Json::Object{{"account", ledger::to_string(erasure.account)},
                      {"record", whole(result.record)},
                      {"records", whole(erasure.records)},
                      {"programme", erasure.programme},
                      {"balances", std::move(balances)},
                      {"quarantined", whole(result.quarantined)},
                      {"before", std::move(before)},
                      {"after", std::move(after)}};
}

void present(const books::ErasureResult& result, const Context& context) {
  const auto& erasure = result.erasure;
  const auto& checks = result.checks;
  std::array<std::int64_t, ledger::assets> held{};
  for (const auto& [name, amount] : erasure.balances) {
    held[static_cast<std::size_t>(*ledger::asset_of(name))] = amount;
  }
  context.say_line("books.erased", {{"account", ledger::to_string(erasure.account)},
                                    {"records", count_text(erasure.records)},
                                    {"amounts", amounts_text(held, context)},
                                    {"programme", erasure.programme},
                                    {"quarantined", count_text(result.quarantined)}});
  context.say_line("books.erased_before", {{"records", count_text(checks.records_read)}});
  context.say_line("books.erased_hidden", {{"records", count_text(checks.records_hidden)}});
  context.say_line("books.erased_roots", {{"changed", count_text(checks.blocks_changed)},
                                          {"blocks", count_text(checks.blocks)},
                                          {"root", to_hex(checks.root)}});
  print_totals(context, "books.erased_totals", checks.totals);
  context.say_line("books.erased_sums", {{"accounts", count_text(checks.accounts)}});
}

}  // namespace

int erase(const Context& context, const std::string& folder, const std::string& account,
          const std::string& why) {
  auto session = open_books(context, folder, journal::Mode::write);
  if (!session) return context.refuse(session.error());
  const auto found = session->books().account(account);
  if (!found) return context.refuse(found.error());
  const auto result = books::erase_account(*session->directory, *session->writer, *found, why);
  if (!result) return context.refuse(result.error());
  if (context.json) {
    context.print(erasure_json(*result));
  } else {
    present(*result, context);
  }
  return 0;
}

int journal_checkpoint(const Context& context, const std::string& folder) {
  auto session = open_books(context, folder, journal::Mode::write);
  if (!session) return context.refuse(session.error());
  const auto signer = session->directory->signer();
  if (!signer) return context.refuse(signer.error());
  auto& journal = session->directory->journal();
  if (auto status = journal.publish(*signer); !status) return context.refuse(status.error());
  const auto& note = journal.checkpoint_note();
  if (context.json) {
    const auto& checkpoint = journal.checkpoint();
    context.print(Json::Object{{"origin", checkpoint.origin},
                               {"size", whole(checkpoint.size)},
                               {"root", to_hex(checkpoint.root)},
                               {"note", note}});
    return 0;
  }
  std::fwrite(note.data(), 1, note.size(), stdout);
  return 0;
}

int journal_audit(const Context& context, const std::string& folder, const std::string& key) {
  const auto run = [&]() -> Status {
    TRY(const auto verifier, journal::parse_verifier(key));
    TRY(const auto disk, storage::open_disk(folder));
    TRY(const auto audit, journal::audit_log(*disk, "", verifier));
    if (context.json) {
      context.print(
          Json::Object{{"origin", audit.checkpoint.origin},
                       {"size", Json::integer(static_cast<std::int64_t>(audit.checkpoint.size))},
                       {"root", to_hex(audit.checkpoint.root)},
                       {"records", Json::integer(static_cast<std::int64_t>(audit.records))}});
      return {};
    }
    context.say_line("books.audit_good", {{"origin", audit.checkpoint.origin},
                                          {"size", count_text(audit.checkpoint.size)},
                                          {"records", count_text(audit.records)},
                                          {"root", to_hex(audit.checkpoint.root)}});
    return {};
  };
  const auto status = run();
  return status ? 0 : context.refuse(status.error());
}

int journal_tail(const Context& context, const std::string& folder, std::size_t most) {
  auto session = open_books(context, folder, journal::Mode::read);
  if (!session) return context.refuse(session.error());
  const auto& journal = session->directory->journal();
  const auto blocks = journal.blocks().size();
  Table table{{context.say("books.column.block"), context.say("books.column.time"),
               context.say("books.column.first"), context.say("books.column.records"),
               context.say("books.column.bytes")}};
  Json::Array list;
  for (auto block = blocks - std::min<std::size_t>(blocks, most); block < blocks; ++block) {
    const auto& place = journal.blocks()[block];
    const auto records = journal.records_of(block);
    table.add({std::to_string(block), to_string(place.admitted), std::to_string(place.first_record),
               std::to_string(records), std::to_string(place.bytes)});
    list.emplace_back(
        Json::Object{{"block", Json::integer(static_cast<std::int64_t>(block))},
                     {"admitted", to_string(place.admitted)},
                     {"first", Json::integer(static_cast<std::int64_t>(place.first_record))},
                     {"records", Json::integer(records)},
                     {"bytes", Json::integer(static_cast<std::int64_t>(place.bytes))},
                     {"leaf", to_hex(place.entry_hash)}});
  }
  context.print(table, std::move(list));
  return 0;
}

namespace {

// Without opening the books: they may be in use, or damaged.
Result<std::vector<books::Refused>> read_quarantine(const std::string& folder) {
  TRY(const auto disk, storage::open_disk(folder));
  CHECK_OK(books::read_verifier(*disk));
  TRY(const auto quarantine, books::Quarantine::open(*disk));
  return quarantine.entries();
}

}  // namespace

int quarantine_list(const Context& context, const std::string& folder) {
  const auto quarantine = read_quarantine(folder);
  if (!quarantine) return context.refuse(quarantine.error());
  Table table{{"#", context.say("books.column.time"), context.say("books.column.outcome"),
               context.say("books.column.reason")}};
  Json::Array list;
  for (const auto& entry : *quarantine) {
    table.add({std::to_string(entry.number), to_string(entry.time),
               context.say(std::string{"books.outcome."} + name_of(entry.outcome)),
               message(entry.reason, context.language)});
    list.emplace_back(
        Json::Object{{"number", Json::integer(static_cast<std::int64_t>(entry.number))},
                     {"time", to_string(entry.time)},
                     {"outcome", name_of(entry.outcome)},
                     {"reason", to_json(entry.reason, context.language)}});
  }
  context.print(table, std::move(list));
  return 0;
}

int quarantine_explain(const Context& context, const std::string& folder, std::uint64_t number) {
  const auto quarantine = read_quarantine(folder);
  if (!quarantine) return context.refuse(quarantine.error());
  const auto entry =
      std::find_if(quarantine->begin(), quarantine->end(),
                   [&](const books::Refused& refused) { return refused.number == number; });
  if (entry == quarantine->end()) {
    return context.refuse(Error{
        ErrorKind::not_found, "quarantine.unknown", {{"number", std::to_string(number)}}, {}});
  }
  if (context.json) {
    context.print(Json::Object{{"number", Json::integer(static_cast<std::int64_t>(number))},
                               {"outcome", name_of(entry->outcome)},
                               {"reason", to_json(entry->reason, context.language)},
                               {"document", entry->document}});
    return 0;
  }
  context.print(describe(entry->reason, context.language));
  context.print(entry->document);
  return 0;
}

namespace {

// What became of a message that waited.
struct Readmitted {
  std::uint64_t number = 0;
  books::Outcome outcome = books::Outcome::rejected;
  Error reason;
  std::uint64_t record = ledger::no_record;

  [[nodiscard]] bool is_admitted() const {
    return outcome != books::Outcome::rejected && outcome != books::Outcome::conflict;
  }
};

void present(const std::vector<Readmitted>& told, const Context& context) {
  Json::Array list;
  for (const auto& entry : told) {
    if (!context.json) {
      context.print("#" + std::to_string(entry.number) + " " +
                    context.say(std::string{"books.outcome."} + name_of(entry.outcome)) +
                    (entry.is_admitted() ? "" : ": " + message(entry.reason, context.language)));
      continue;
    }
    Json::Object json{{"number", whole(entry.number)}, {"outcome", name_of(entry.outcome)}};
    if (entry.record != ledger::no_record) json.emplace_back("record", whole(entry.record));
    if (!entry.is_admitted()) json.emplace_back("reason", to_json(entry.reason, context.language));
    list.emplace_back(std::move(json));
  }
  if (context.json) context.print(Json{std::move(list)});
}

// Nobody admits or drops everything, or nothing, by leaving the numbers out.
Status check_named(const QuarantineArguments& arguments) {
  if (arguments.all || !arguments.numbers.empty()) return {};
  return fail(ErrorKind::invalid, "quarantine.none_named");
}

}  // namespace

int quarantine_admit(const Context& context, const QuarantineArguments& arguments) {
  if (const auto named = check_named(arguments); !named) return context.refuse(named.error());
  std::vector<Readmitted> told;
  const auto run = [&]() -> Status {
    books::ImportOptions options;
    TRY(options.tokens, read_tokens(arguments.tokens));
    TRY(auto session, open_books(context, arguments.folder, journal::Mode::write));
    TRY(auto quarantine, books::Quarantine::open(*session.disk));
    std::vector<books::WaitingEvents::Message> messages;
    std::vector<std::uint64_t> order;
    for (const auto& entry : quarantine.entries()) {
      const bool wanted =
          arguments.all || std::find(arguments.numbers.begin(), arguments.numbers.end(),
                                     entry.number) != arguments.numbers.end();
      if (!wanted) continue;
      order.push_back(entry.number);
      // One line each: in JSON a line's end may stand where a blank may.
      auto document = arguments.document.empty() ? entry.document : arguments.document;
      std::replace(document.begin(), document.end(), '\n', ' ');
      messages.push_back({std::move(document), entry.source});
    }
    for (const auto number : arguments.numbers) {
      if (quarantine.find(number) != nullptr) continue;
      return fail(ErrorKind::not_found, "quarantine.unknown", {{"number", std::to_string(number)}});
    }
    if (!arguments.document.empty() && order.size() != 1) {
      return fail(ErrorKind::invalid, "quarantine.one_document");
    }
    std::set<std::uint64_t> admitted;
    options.answer = [&](const books::Answer& answer) -> Status {
      told.push_back(
          {order[answer.line - 1], answer.decision.outcome, answer.decision.reason, answer.record});
      if (told.back().is_admitted()) admitted.insert(told.back().number);
      return {};
    };
    books::WaitingEvents waiting{std::move(messages), session.books().rulebook()};
    CHECK_OK(books::import_events(waiting, session.directory->books(), *session.writer, options));
    // Told once all of it is durable.
    CHECK_OK(quarantine.remove(admitted));
    present(told, context);
    return {};
  };
  if (const auto status = run(); !status) return context.refuse(status.error());
  const bool all = std::all_of(told.begin(), told.end(),
                               [](const Readmitted& entry) { return entry.is_admitted(); });
  return all ? 0 : exit_findings;
}

int quarantine_drop(const Context& context, const QuarantineArguments& arguments) {
  if (const auto named = check_named(arguments); !named) return context.refuse(named.error());
  auto session = open_books(context, arguments.folder, journal::Mode::write);
  if (!session) return context.refuse(session.error());
  const auto run = [&]() -> Status {
    TRY(auto quarantine, books::Quarantine::open(*session->disk));
    std::set<std::uint64_t> numbers{arguments.numbers.begin(), arguments.numbers.end()};
    for (const auto& entry : quarantine.entries()) {
      if (arguments.all) numbers.insert(entry.number);
    }
    for (const auto number : arguments.numbers) {
      if (quarantine.find(number) != nullptr) continue;
      return fail(ErrorKind::not_found, "quarantine.unknown", {{"number", std::to_string(number)}});
    }
    CHECK_OK(quarantine.remove(numbers));
    if (context.json) {
      context.print(Json::Object{{"dropped", whole(numbers.size())}});
    } else {
      context.say_line("books.quarantine_dropped", {{"count", std::to_string(numbers.size())}});
    }
    return {};
  };
  const auto status = run();
  return status ? 0 : context.refuse(status.error());
}

}  // namespace partake::cli
