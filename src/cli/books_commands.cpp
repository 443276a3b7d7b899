// Commands that make books and register what they need: init, publish, account, source, consent.
#include <algorithm>
#include <filesystem>

#include "base/utf8.h"
#include "books/publish.h"
#include "cli/books_session.h"
#include "cli/commands.h"
#include "cli/token_file.h"
#include "storage/real_disk.h"

namespace partake::cli {
namespace {

using books::Fact;

// Writes one fact and waits until it is durable.
Result<std::uint64_t> write(BooksSession& session, const Fact& fact) {
  TRY(const auto number, session.writer->add(fact));
  CHECK_OK(session.writer->flush());
  return number;
}

std::string hex_of(const char* bytes, std::size_t size) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t at = 0; at < size; ++at) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::string new_token() {
  std::array<char, 32> bytes{};
  random_bytes(bytes.data(), bytes.size());
  return hex_of(bytes.data(), bytes.size());
}

Result<const books::Source*> source_of(const books::Books& books, const std::string& name) {
  const auto* source = books.rulebook().source(name);
  if (source != nullptr) return source;
  return fail(ErrorKind::not_found, "books.unknown_source", {{"source", name}});
}

books::SourceState state_of(const books::Books& books, const books::Source& source) {
  const auto& stream = books.rulebook().streams[source.stream];
  return {source.name,
          books.rulebook().programmes[stream.programme].id,
          std::string(1, static_cast<char>('A' + stream.tier)),
          stream.numbered,
          stream.epoch,
          source.key_hash,
          source.revoked};
}

Result<Day> until_of(const std::string& text) {
  if (text.empty()) return day_max;
  return parse_day(text);
}

const char* state_name(ledger::Holder::State state) {
  constexpr std::array<const char*, 3> names{"open", "frozen", "erased"};
  return names[static_cast<std::size_t>(state)];
}

// The code of a command whose steps may fail.
int finish(const Context& context, const Status& status) {
  return status ? 0 : context.refuse(status.error());
}

}  // namespace

int init(const Context& context, const std::string& folder, const std::string& origin) {
  const auto run = [&]() -> Status {
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem) {
      return fail(ErrorKind::unavailable, "storage.failed",
                  {{"file", folder}, {"reason", problem.message()}});
    }
    TRY(const auto disk, storage::open_disk(folder));
    CHECK_OK(books::Directory::create(*disk, origin, random_bytes, clock_of(context)()));
    TRY(const auto verifier, books::read_verifier(*disk));
    if (context.json) {
      context.print(Json::Object{{"folder", folder}, {"key", journal::to_string(verifier)}});
    } else {
      context.say_line("books.created",
                       {{"folder", folder}, {"key", journal::to_string(verifier)}});
    }
    return {};
  };
  return finish(context, run());
}

int publish(const Context& context, const std::string& folder, const std::string& programme) {
  const auto library = intake::find_library(context.library, context.program);
  if (!library) return context.refuse(library.error());
  Problems problems;
  const auto contents = books::contents_of(programme, *library, problems);
  if (!problems.empty()) return context.refuse(problems);
  auto session = open_books(context, folder, journal::Mode::write);
  if (!session) return context.refuse(session.error());
  const auto run = [&]() -> Status {
    auto numbers = books::ProgrammeNumbers{};
    const auto edition = books::Edition::build(contents, numbers, problems);
    if (!problems.empty()) return tl::unexpected(problems.front());
    const auto manifest = edition->manifest(contents);
    const auto hash = books::hash_of(manifest);
    if (const auto* known = session->books().rulebook().programme(manifest.programme)) {
      for (const auto& before : known->editions) {
        if (before->programme().version != manifest.version) continue;
        return fail(ErrorKind::conflict, "books.published_before",
                    {{"programme", manifest.programme}, {"version", manifest.version}});
      }
    }
    std::uint64_t added = 0;
    for (const auto& content : contents) {
      if (session->books().content(books::hash_of(content)) != nullptr) continue;
      TRY(const auto number, session->writer->add(Fact{content}));
      static_cast<void>(number);
      ++added;
    }
    TRY(const auto record, write(*session, Fact{manifest}));
    if (context.json) {
      context.print(Json::Object{{"programme", manifest.programme},
                                 {"version", manifest.version},
                                 {"hash", to_hex(hash)},
                                 {"record", Json::integer(static_cast<std::int64_t>(record))}});
    } else {
      context.say_line("books.published", {{"programme", manifest.programme},
                                           {"version", manifest.version},
                                           {"hash", short_name(hash)},
                                           {"contents", std::to_string(contents.size())},
                                           {"added", std::to_string(added)},
                                           {"record", std::to_string(record)}});
    }
    return {};
  };
  const auto status = run();
  if (!problems.empty()) return context.refuse(problems);
  return finish(context, status);
}

int account_open(const Context& context, const AccountOpenArguments& arguments) {
  auto session = open_books(context, arguments.folder, journal::Mode::write);
  if (!session) return context.refuse(session.error());
  const auto run = [&]() -> Status {
    const auto& books = session->books();
    CHECK_OK(books.programme(arguments.programme));
    books::AccountsOpened opened{arguments.programme, arguments.actor, arguments.count, {}};
    if (!books::actor_kind_of(arguments.actor)) {
      return fail(ErrorKind::invalid, "books.unknown_actor", {{"actor", arguments.actor}});
    }
    TRY(const auto until, until_of(arguments.until));
    for (const auto& source : arguments.consents) {
      CHECK_OK(source_of(books, source));
      opened.consents.push_back({source, books::purpose_credit, until});
    }
    const ledger::AccountIndex first{books.accounts().size()};
    CHECK_OK(write(*session, Fact{opened}));
    const ledger::AccountIndex last{books.accounts().size() - 1};
    if (context.json) {
      context.print(
          Json::Object{{"first", ledger::to_string(first)},
                       {"last", ledger::to_string(last)},
                       {"count", Json::integer(static_cast<std::int64_t>(arguments.count))}});
      return {};
    }
    context.say_line(arguments.count == 1 ? "books.account_opened" : "books.accounts_opened",
                     {{"first", ledger::to_string(first)},
                      {"last", ledger::to_string(last)},
                      {"count", std::to_string(arguments.count)}});
    return {};
  };
  return finish(context, run());
}

int account_show(const Context& context, const std::string& folder, const std::string& account) {
  auto session = open_books(context, folder, journal::Mode::read);
  if (!session) return context.refuse(session.error());
  const auto& books = session->books();
  const auto found = books.account(account);
  if (!found) return context.refuse(found.error());
  const auto& holder = books.accounts().holder(*found);
  const auto& programme = books.rulebook().programmes[holder.programme].id;
  Json::Array consents;
  std::string consents_text;
  for (const auto& consent : books.consents().set(holder.consents)) {
    const auto& source = books.rulebook().sources[consent.source].name;
    const auto until = consent.until == day_max ? "" : to_string(consent.until);
    consents.emplace_back(
        Json::Object{{"source", source}, {"purpose", consent.purpose}, {"until", until}});
    consents_text += (consents_text.empty() ? "" : ", ") + source + " (" + consent.purpose +
                     (until.empty() ? "" : " .. " + until) + ")";
  }
  Json::Object balances;
  Table table{{context.say("books.column.asset"), context.say("books.column.balance")}};
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    const auto asset = static_cast<ledger::Asset>(at);
    const auto held = books.accounts().balance(asset, *found);
    if (held == 0) continue;
    balances.emplace_back(ledger::name_of(asset), std::to_string(held));
    table.add({context.say(std::string{"asset."} + ledger::name_of(asset)),
               amount_text(asset, held, context)});
  }
  if (context.json) {
    context.print(Json::Object{{"account", account},
                               {"programme", programme},
                               {"actor", books::actor_kinds[holder.actor]},
                               {"state", state_name(holder.state)},
                               {"consents", std::move(consents)},
                               {"balances", std::move(balances)}});
    return 0;
  }
  context.say_line(
      "books.account",
      {{"account", account},
       {"programme", programme},
       {"actor", books::actor_kinds[holder.actor]},
       {"state", context.say(std::string{"books.state."} + state_name(holder.state))}});
  if (!consents_text.empty()) context.say_line("books.consents", {{"consents", consents_text}});
  context.print(table.text(2));
  return 0;
}

int account_freeze(const Context& context, const std::string& folder, const std::string& account,
                   bool undo) {
  auto session = open_books(context, folder, journal::Mode::write);
  if (!session) return context.refuse(session.error());
  const auto run = [&]() -> Status {
    using State = ledger::Holder::State;
    TRY(const auto found, session->books().account(account));
    const auto& holder = session->books().accounts().holder(found);
    if (holder.state == State::erased || (holder.state == State::frozen) != undo) {
      return fail(ErrorKind::conflict, "books.account_state",
                  {{"account", account}, {"state", state_name(holder.state)}});
    }
    CHECK_OK(write(*session, Fact{books::AccountStateChange{found, !undo, holder.last_record}}));
    context.say_line(undo ? "books.account_thawed" : "books.account_frozen",
                     {{"account", account}});
    return {};
  };
  return finish(context, run());
}

namespace {

// A new token, and the file that it goes into, if any.
struct NewToken {
  std::string source;
  std::string token;
  std::string file;
  books::SourceTokens others;  // What stands in the file.
};

// To where it was asked for: into the file and nowhere else, or onto the screen.
Status hand_over(const Context& context, bool is_first, NewToken given) {
  if (given.file.empty()) {
    if (context.json) {
      context.print(Json::Object{{"source", given.source}, {"token", given.token}});
    } else {
      context.say_line(is_first ? "books.source_added" : "books.source_rotated",
                       {{"source", given.source}, {"token", given.token}});
    }
    return {};
  }
  given.others.set(given.source, given.token);
  CHECK_OK(write_tokens(given.file, given.others));
  if (context.json) {
    context.print(Json::Object{{"source", given.source}, {"tokens", given.file}});
  } else {
    context.say_line(is_first ? "books.source_added_to" : "books.source_rotated_to",
                     {{"source", given.source}, {"file", given.file}});
  }
  return {};
}

// A line of a file of tokens can hold it.
bool is_source_name(const std::string& name) {
  constexpr std::size_t name_max = 200;
  const bool is_plain = std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7F';
  });
  return !name.empty() && name.size() <= name_max && is_plain && is_utf8(name);
}

}  // namespace

int source_add(const Context& context, const SourceAddArguments& arguments) {
  const auto run = [&]() -> Status {
    // What would keep the token from its file is told before there is one.
    TRY(auto tokens, read_tokens_to_change(arguments.tokens));
    TRY(auto session, open_books(context, arguments.folder, journal::Mode::write));
    const auto& books = session.books();
    CHECK_OK(books.programme(arguments.programme));
    if (books.rulebook().source(arguments.source) != nullptr) {
      return fail(ErrorKind::conflict, "books.source_exists", {{"source", arguments.source}});
    }
    if (!is_source_name(arguments.source)) {
      return fail(ErrorKind::invalid, "books.bad_source", {{"source", arguments.source}});
    }
    const auto token = new_token();
    CHECK_OK(write(session,
                   Fact{books::SourceState{arguments.source, arguments.programme, arguments.tier,
                                           arguments.numbered, 0, sha256(token), false}}));
    return hand_over(context, true, {arguments.source, token, arguments.tokens, std::move(tokens)});
  };
  return finish(context, run());
}

int source_rotate(const Context& context, const SourceRotateArguments& arguments) {
  const auto run = [&]() -> Status {
    TRY(auto tokens, read_tokens_to_change(arguments.tokens));
    TRY(auto session, open_books(context, arguments.folder, journal::Mode::write));
    TRY(const auto* source, source_of(session.books(), arguments.source));
    auto state = state_of(session.books(), *source);
    const auto token = new_token();
    state.key_hash = arguments.revoke ? Hash{} : sha256(token);
    state.revoked = arguments.revoke;
    if (arguments.new_epoch) ++state.epoch;
    CHECK_OK(write(session, Fact{state}));
    if (arguments.revoke) {
      context.say_line("books.source_revoked", {{"source", arguments.source}});
      return {};
    }
    return hand_over(context, false,
                     {arguments.source, token, arguments.tokens, std::move(tokens)});
  };
  return finish(context, run());
}

int source_list(const Context& context, const std::string& folder) {
  auto session = open_books(context, folder, journal::Mode::read);
  if (!session) return context.refuse(session.error());
  const auto& books = session->books();
  Table table{{context.say("books.column.source"), context.say("books.column.programme"),
               context.say("books.column.tier"), context.say("books.column.numbers"),
               context.say("books.column.epoch"), context.say("books.column.highest")}};
  Json::Array list;
  for (const auto& source : books.rulebook().sources) {
    const auto state = state_of(books, source);
    const auto& stream = books.rulebook().streams[source.stream];
    const auto highest = stream.taken.is_used() ? std::to_string(stream.taken.highest()) : "";
    const auto tier = state.revoked ? context.say("books.revoked") : state.tier;
    table.add({state.source, state.programme, tier,
               context.say(state.numbered ? "word.yes" : "word.no"), std::to_string(state.epoch),
               highest});
    list.emplace_back(Json::Object{{"source", state.source},
                                   {"programme", state.programme},
                                   {"tier", state.tier},
                                   {"numbered", state.numbered},
                                   {"epoch", Json::integer(state.epoch)},
                                   {"revoked", state.revoked},
                                   {"highest", highest}});
  }
  context.print(table, std::move(list));
  return 0;
}

int consent(const Context& context, const ConsentArguments& arguments, bool granted) {
  auto session = open_books(context, arguments.folder, journal::Mode::write);
  if (!session) return context.refuse(session.error());
  const auto run = [&]() -> Status {
    const auto& books = session->books();
    TRY(const auto account, books.account(arguments.account));
    TRY(const auto* source, source_of(books, arguments.source));
    TRY(const auto until, until_of(arguments.until));
    const auto& holder = books.accounts().holder(account);
    if (holder.state == ledger::Holder::State::erased) {
      return fail(ErrorKind::conflict, "books.account_state",
                  {{"account", arguments.account}, {"state", state_name(holder.state)}});
    }
    const books::ConsentChange change{
        account, {source->name, arguments.purpose, until}, granted, holder.last_record};
    CHECK_OK(write(*session, Fact{change}));
    context.say_line(granted ? "books.consent_granted" : "books.consent_withdrawn",
                     {{"account", arguments.account},
                      {"source", arguments.source},
                      {"purpose", arguments.purpose}});
    return {};
  };
  return finish(context, run());
}

}  // namespace partake::cli
