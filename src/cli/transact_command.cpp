// partake transact: transactions from a file or standard input into the books.
#include "base/file.h"
#include "books/transactions.h"
#include "cli/books_session.h"
#include "cli/change_words.h"
#include "cli/commands.h"
#include "cli/token_file.h"

namespace partake::cli {

int transact(const Context& context, const ImportArguments& arguments) {
  if (arguments.file == "-" && arguments.tokens == "-") {
    return context.refuse(Error{ErrorKind::invalid, "cli.input_twice", {}, {}});
  }
  books::TransactOptions options;
  auto tokens = read_tokens(arguments.tokens);
  if (!tokens) return context.refuse(tokens.error());
  options.tokens = *std::move(tokens);
  auto session = open_books(context, arguments.folder, journal::Mode::write);
  if (!session) return context.refuse(session.error());
  const auto source = FileSource::open(arguments.file);
  if (!source) return context.refuse(source.error());
  Table table{{context.say("books.column.line"), context.say("books.column.outcome"),
               context.say("books.column.record"), context.say("books.column.what"),
               context.say("books.column.changes")}};
  Json::Array list;
  options.answer = [&](const books::TransactionAnswer& answer) -> Status {
    const bool has_record = answer.record != ledger::no_record;
    const auto changes = answer.made ? words_of(*answer.made, context) : std::string{};
    Json::Object json{{"line", Json::integer(static_cast<std::int64_t>(answer.line))}};
    if (answer.element != 0) {
      json.emplace_back("element", Json::integer(static_cast<std::int64_t>(answer.element)));
    }
    json.emplace_back("outcome", name_of(answer.outcome));
    if (has_record) {
      json.emplace_back("record", Json::integer(static_cast<std::int64_t>(answer.record)));
    }
    if (!answer.reason.code.empty()) {
      json.emplace_back("reason", to_json(answer.reason, context.language));
    }
    if (answer.made) {
      json.emplace_back("action", answer.made->action);
      json.emplace_back("changes", books::changes_json(*answer.made));
    }
    list.emplace_back(std::move(json));
    table.add({std::to_string(answer.element != 0 ? answer.element : answer.line),
               context.say(std::string{"books.outcome."} + name_of(answer.outcome)),
               has_record ? std::to_string(answer.record) : "",
               answer.made ? answer.made->action : "",
               answer.reason.code.empty() ? changes : message(answer.reason, context.language)});
    return {};
  };
  const auto counts =
      books::transact(**source, session->directory->books(), *session->writer, options);
  context.print(table, std::move(list));
  if (!counts) return context.refuse(counts.error());
  const bool refused =
      counts->of(books::Outcome::rejected) + counts->of(books::Outcome::conflict) > 0;
  return refused ? exit_findings : 0;
}

}  // namespace partake::cli
