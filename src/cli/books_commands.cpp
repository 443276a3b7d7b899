// Commands that make books and register what they need: init, publish, account, source, consent.
#include <algorithm>

#include "base/utf8.h"
#include "books/publish.h"
#include "books/transact.h"
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

std::string new_token() {
  Hash bytes{};
  random_bytes(reinterpret_cast<char*>(bytes.data()), bytes.size());
  return to_hex(bytes);
}

// A source's name as records keep it: in NFC, whichever way it was typed.
Result<std::string> source_name(const std::string& text) {
  constexpr std::size_t bytes_max = 200;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20U || c == 0x7F; };
  if (is_utf8(text) && std::none_of(text.begin(), text.end(), is_control)) {
    auto name = to_nfc(text);
    if (!name.empty() && name.size() <= bytes_max) return name;
  }
  return fail(ErrorKind::invalid, "books.bad_source", {{"source", text}});
}

Result<const books::Source*> source_of(const books::Books& books, const std::string& text) {
  TRY(const auto name, source_name(text));
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
          source.revoked,
          source.may};
}

Result<Day> until_of(const std::string& text) {
  if (text.empty()) return day_max;
  return parse_day(text);
}

// Empty where no end was named.
std::string until_text(Day until) { return until == day_max ? "" : to_string(until); }

// Error account.erased_before.
Status check_not_erased(const ledger::Holder& holder, const std::string& account) {
  if (holder.state != ledger::Holder::State::erased) return {};
  return fail(ErrorKind::conflict, "account.erased_before", {{"account", account}});
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
    TRY(const auto disk, storage::make_disk(folder));
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

namespace {

// Whether the edition may follow those of its programme.
Status check_next(const books::Books& books, const books::Edition& edition,
                  const books::Manifest& manifest, Problems& problems) {
  const auto* known = books.rulebook().programme(manifest.programme);
  if (known == nullptr) return {};
  for (const auto& before : known->editions) {
    if (before->programme().version != manifest.version) continue;
    return fail(ErrorKind::conflict, "books.published_before",
                {{"programme", manifest.programme}, {"version", manifest.version}});
  }
  edition.check_after(known->editions, problems);
  if (!problems.empty()) return tl::unexpected(problems.front());
  return {};
}

}  // namespace

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
    CHECK_OK(check_next(session->books(), *edition, manifest, problems));
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
    constexpr std::size_t group_bytes_max = 64;
    if (arguments.group.size() > group_bytes_max) {
      return fail(ErrorKind::invalid, "books.bad_group",
                  {{"limit", std::to_string(group_bytes_max)},
                   {"bytes", std::to_string(arguments.group.size())}});
    }
    books::AccountsOpened opened{
        arguments.programme, arguments.actor, arguments.count, {}, arguments.group};
    if (!books::actor_kind_of(arguments.actor)) {
      return fail(ErrorKind::invalid, "books.unknown_actor", {{"actor", arguments.actor}});
    }
    TRY(const auto until, until_of(arguments.until));
    for (const auto& name : arguments.consents) {
      TRY(const auto* source, source_of(books, name));
      opened.consents.push_back({source->name, books::purpose_credit, until});
    }
    for (const auto& name : arguments.spenders) {
      TRY(const auto* source, source_of(books, name));
      opened.consents.push_back({source->name, books::purpose_spend, until});
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
    const auto until = until_text(consent.until);
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
       {"actor", context.say(std::string{"books.actor."} + books::actor_kinds[holder.actor])},
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
    TRY(const auto found, session->books().account(account));
    const auto& holder = session->books().accounts().holder(found);
    CHECK_OK(check_not_erased(holder, account));
    if ((holder.state == ledger::Holder::State::frozen) != undo) {
      return fail(ErrorKind::conflict, undo ? "account.not_frozen" : "account.frozen_already",
                  {{"account", account}});
    }
    TRY(const auto record,
        write(*session, Fact{books::AccountStateChange{found, !undo, holder.last_record}}));
    if (context.json) {
      context.print(Json::Object{{"account", account},
                                 {"state", state_name(holder.state)},
                                 {"record", Json::integer(static_cast<std::int64_t>(record))}});
    } else {
      context.say_line(undo ? "books.account_thawed" : "books.account_frozen",
                       {{"account", account}});
    }
    return {};
  };
  return finish(context, run());
}

namespace {

struct NewToken {
  std::string source;
  std::string token;
  std::string file;  // Empty: to the screen.
};

// What is said of a new token on the screen, and in a file.
struct TokenTexts {
  const char* shown;
  const char* kept;
};

// The new token, where it was asked for: in the file, and nowhere else, or on the screen. `json`
// says what else there is to tell.
Status hand_over(const Context& context, const TokenTexts& texts, Json::Object json,
                 const NewToken& made, books::SourceTokens& tokens) {
  const bool to_screen = made.file.empty();
  if (!to_screen) {
    tokens.set(made.source, made.token);
    CHECK_OK(write_tokens(made.file, tokens));
  }
  if (context.json) {
    json.emplace_back(to_screen ? "token" : "tokens", to_screen ? made.token : made.file);
    context.print(Json{std::move(json)});
  } else if (to_screen) {
    context.say_line(texts.shown, {{"source", made.source}, {"token", made.token}});
  } else {
    context.say_line(texts.kept, {{"source", made.source}, {"file", made.file}});
  }
  return {};
}

}  // namespace

namespace {

// Error books.unknown_action, books.acts_by_id.
Status check_actions(const SourceAddArguments& arguments) {
  for (const auto& action : arguments.may) {
    if (books::is_action(action)) continue;
    std::string known;
    for (const auto* name : books::actions())
      known += (known.empty() ? "" : ", ") + std::string{name};
    return fail(ErrorKind::invalid, "books.unknown_action", {{"action", action}, {"known", known}});
  }
  if (!arguments.may.empty() && arguments.numbered) {
    return fail(ErrorKind::invalid, "books.acts_by_id");
  }
  return {};
}

}  // namespace

int source_add(const Context& context, const SourceAddArguments& arguments) {
  const auto run = [&]() -> Status {
    // What would keep the token from its file is told before there is one.
    TRY(auto tokens, read_tokens_to_change(arguments.tokens));
    TRY(auto session, open_books(context, arguments.folder, journal::Mode::write));
    const auto& books = session.books();
    CHECK_OK(books.programme(arguments.programme));
    TRY(const auto name, source_name(arguments.source));
    if (books.rulebook().source(name) != nullptr) {
      return fail(ErrorKind::conflict, "books.source_exists", {{"source", name}});
    }
    CHECK_OK(check_actions(arguments));
    const auto token = new_token();
    CHECK_OK(write(session, Fact{books::SourceState{name, arguments.programme, arguments.tier,
                                                    arguments.numbered, 0, sha256(token), false,
                                                    arguments.may}}));
    return hand_over(context, {"books.source_added", "books.source_added_to"},
                     Json::Object{{"source", name}}, {name, token, arguments.tokens}, tokens);
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
    Json::Object json{{"source", state.source},
                      {"epoch", Json::integer(state.epoch)},
                      {"revoked", state.revoked}};
    if (arguments.revoke) {
      if (context.json) {
        context.print(Json{std::move(json)});
      } else {
        context.say_line("books.source_revoked", {{"source", state.source}});
      }
      return {};
    }
    return hand_over(context, {"books.source_rotated", "books.source_rotated_to"}, std::move(json),
                     {state.source, token, arguments.tokens}, tokens);
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
    if (arguments.purpose != books::purpose_credit && arguments.purpose != books::purpose_spend) {
      return fail(ErrorKind::invalid, "books.unknown_purpose", {{"purpose", arguments.purpose}});
    }
    TRY(const auto* source, source_of(books, arguments.source));
    TRY(const auto until, until_of(arguments.until));
    const auto& holder = books.accounts().holder(account);
    CHECK_OK(check_not_erased(holder, arguments.account));
    const books::ConsentChange change{
        account, {source->name, arguments.purpose, until}, granted, holder.last_record};
    TRY(const auto record, write(*session, Fact{change}));
    if (context.json) {
      context.print(Json::Object{{"account", arguments.account},
                                 {"source", source->name},
                                 {"purpose", arguments.purpose},
                                 {"granted", granted},
                                 {"until", granted ? until_text(until) : ""},
                                 {"record", Json::integer(static_cast<std::int64_t>(record))}});
    } else {
      context.say_line(granted ? "books.consent_granted" : "books.consent_withdrawn",
                       {{"account", arguments.account},
                        {"source", source->name},
                        {"purpose", arguments.purpose}});
    }
    return {};
  };
  return finish(context, run());
}

}  // namespace partake::cli
