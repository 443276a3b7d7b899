// Commands that show what the books hold: balance, passbook, receipt.
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <system_error>

#include "base/file.h"
#include "books/passbook.h"
#include "cli/books_session.h"
#include "cli/change_words.h"
#include "cli/commands.h"
#include "cli/show_books.h"
#include "journal/receipt.h"

namespace partake::cli {
namespace {

// The accounts with the highest balances, highest first; of equals the lower number.
std::vector<ledger::AccountIndex> top_accounts(const ledger::Accounts& accounts,
                                               ledger::Asset asset, std::size_t most) {
  const auto balances = accounts.balances(asset);
  std::vector<std::uint64_t> order(balances.size());
  for (std::size_t at = 0; at < order.size(); ++at) order[at] = at;
  most = std::min(most, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end(),
                    [&](std::uint64_t a, std::uint64_t b) {
                      return balances[a] != balances[b] ? balances[a] > balances[b] : a < b;
                    });
  std::vector<ledger::AccountIndex> top;
  for (std::size_t at = 0; at < most; ++at) top.push_back({order[at]});
  return top;
}

Result<std::string> read_receipt_file(const std::string& file) {
  return read_file(file, journal::receipt_bytes_max);
}

}  // namespace

void show_accounts(const Context& context, const books::Books& books) {
  constexpr std::size_t most = 20;
  std::map<std::uint64_t, std::string> roles;
  for (const auto& [name, account] : books.holdings().parties) {
    auto& role = roles[account.value];
    role += (role.empty() ? "" : ", ") + name.second;
  }
  Table table{{context.say("books.column.account"), context.say("books.column.party"),
               context.say("books.column.balance")}};
  std::size_t holding = 0;
  const auto add = [&](ledger::AccountIndex account, const std::string& role) {
    std::string held;
    for (std::size_t at = 0; at < ledger::assets; ++at) {
      const auto asset = static_cast<ledger::Asset>(at);
      const auto amount = books.accounts().balance(asset, account);
      if (amount != 0) held += (held.empty() ? "" : "; ") + amount_text(asset, amount, context);
    }
    if (held.empty() || ++holding > most) return;
    table.add({ledger::to_string(account), role, held});
  };
  for (const auto& [account, role] : roles) add({account}, role);
  for (ledger::AccountIndex account{0}; account.value < books.accounts().size(); ++account.value) {
    if (!roles.contains(account.value)) add(account, "");
  }
  if (holding == 0) return;
  context.say_line("books.accounts_held");
  context.print(table.text(2));
  if (holding > most) {
    context.say_line("books.more_accounts", {{"count", grouped(std::to_string(holding - most))}});
  }
}

int balance(const Context& context, const BalanceArguments& arguments) {
  if (!arguments.account.empty()) {
    return account_show(context, arguments.folder, arguments.account);
  }
  auto session = open_books(context, arguments.folder, journal::Mode::read);
  if (!session) return context.refuse(session.error());
  const auto& books = session->books();
  Json::Array programmes;
  Table table{{context.say("books.column.programme"), context.say("books.column.asset"),
               context.say("books.column.held")}};
  for (std::size_t number = 0; number < books.rulebook().programmes.size(); ++number) {
    const auto& id = books.rulebook().programmes[number].id;
    for (std::size_t at = 0; at < ledger::assets; ++at) {
      const auto asset = static_cast<ledger::Asset>(at);
      const auto held =
          -books.accounts().issued(asset, static_cast<ledger::ProgrammeIndex>(number));
      if (held == 0) continue;
      table.add({id, asset_title(asset, context), amount_text(asset, held, context)});
      programmes.emplace_back(Json::Object{
          {"programme", id}, {"asset", ledger::name_of(asset)}, {"held", std::to_string(held)}});
    }
  }
  const auto top = top_accounts(books.accounts(), ledger::Asset::co2e, arguments.most);
  Json::Array accounts;
  Table top_table{{context.say("books.column.account"), context.say("books.column.balance"),
                   context.say("asset.points")}};
  for (const auto account : top) {
    const auto held = books.accounts().balance(ledger::Asset::co2e, account);
    const auto points = books.accounts().balance(ledger::Asset::points, account);
    top_table.add({ledger::to_string(account), amount_text(ledger::Asset::co2e, held, context),
                   grouped(std::to_string(points))});
    accounts.emplace_back(Json::Object{{"account", ledger::to_string(account)},
                                       {"co2e", std::to_string(held)},
                                       {"points", std::to_string(points)}});
  }
  if (context.json) {
    context.print(Json::Object{
        {"accounts", Json::integer(static_cast<std::int64_t>(books.accounts().size()))},
        {"events", Json::integer(static_cast<std::int64_t>(books.totals().events))},
        {"held", std::move(programmes)},
        {"top", std::move(accounts)}});
    return 0;
  }
  context.say_line("books.summary", {{"accounts", grouped(std::to_string(books.accounts().size()))},
                                     {"events", grouped(std::to_string(books.totals().events))}});
  context.print(table.text(2));
  context.say_line("books.top");
  context.print(top_table.text(2));
  return 0;
}

int passbook(const Context& context, const PassbookArguments& arguments) {
  auto session = open_accounts(arguments.folder);
  if (!session) return context.refuse(session.error());
  const auto& books = session->books();
  const auto account = books.account(arguments.account);
  if (!account) return context.refuse(account.error());
  Table table{{context.say("books.column.record"), context.say("books.column.time"),
               context.say("books.column.what"), context.say("books.column.change"),
               context.say("books.column.balance"), context.say("asset.points"),
               context.say("books.column.note")}};
  Json::Array list;
  auto held = books.accounts().balance(ledger::Asset::co2e, *account);
  auto points = books.accounts().balance(ledger::Asset::points, *account);
  const auto& holder = books.accounts().holder(*account);
  const auto status = books::walk_passbook(
      session->directory->journal(), books, *account, holder.last_record,
      [&](const books::PassbookEntry& entry) {
        const auto changes = books::changes_of(entry, books.rulebook());
        const auto change = changes[static_cast<std::size_t>(ledger::Asset::co2e)];
        const auto words = words_of(entry, books, context);
        const auto time = books::time_of(entry);
        table.add({std::to_string(entry.record), to_string(time), words.what,
                   entry.fact ? "" : amount_text(ledger::Asset::co2e, change, context),
                   amount_text(ledger::Asset::co2e, held, context), std::to_string(points),
                   words.note});
        list.emplace_back(
            Json::Object{{"record", Json::integer(static_cast<std::int64_t>(entry.record))},
                         {"time", to_string(time)},
                         {"admitted", to_string(entry.admitted)},
                         {"what", words.what},
                         {"change", std::to_string(change)},
                         {"balance", std::to_string(held)},
                         {"points", std::to_string(points)},
                         {"note", words.note}});
        held -= change;
        points -= changes[static_cast<std::size_t>(ledger::Asset::points)];
        return list.size() < arguments.most;
      });
  if (!status) return context.refuse(status.error());
  context.print(table, std::move(list));
  return 0;
}

int receipt_make(const Context& context, const ReceiptArguments& arguments) {
  auto session = open_books(context, arguments.folder, journal::Mode::read);
  if (!session) return context.refuse(session.error());
  auto record = arguments.record;
  if (!arguments.account.empty()) {
    const auto account = session->books().account(arguments.account);
    if (!account) return context.refuse(account.error());
    record = session->books().accounts().holder(*account).last_record;
    if (record == ledger::no_record) {
      return context.refuse(
          Error{ErrorKind::not_found, "passbook.empty", {{"account", arguments.account}}, {}});
    }
  }
  if (record >= session->directory->journal().records()) {
    return context.refuse(
        Error{ErrorKind::not_found,
              "record.unknown",
              {{"record", std::to_string(record)},
               {"records", std::to_string(session->directory->journal().records())}},
              {}});
  }
  const auto receipt =
      journal::make_receipt(session->directory->journal(), record, !arguments.open_only);
  if (!receipt) return context.refuse(receipt.error());
  const auto text = journal::to_text(*receipt);
  if (arguments.file.empty() || arguments.file == "-") {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  errno = 0;
  std::ofstream out{arguments.file, std::ios::binary};
  out << text;
  out.close();
  if (!out) {
    return context.refuse(
        Error{ErrorKind::unavailable,
              "storage.failed",
              {{"file", arguments.file}, {"reason", std::generic_category().message(errno)}},
              {}});
  }
  if (context.json) {
    context.print(Json::Object{{"record", Json::integer(static_cast<std::int64_t>(record))},
                               {"file", arguments.file}});
  } else {
    context.say_line("books.receipt_made",
                     {{"record", std::to_string(record)}, {"file", arguments.file}});
  }
  return 0;
}

int receipt_check(const Context& context, const std::string& file, const std::string& key) {
  const auto run = [&]() -> Status {
    TRY(const auto verifier, journal::parse_verifier(key));
    TRY(const auto text, read_receipt_file(file));
    TRY(const auto receipt, journal::parse_receipt(text));
    TRY(const auto proven, journal::check_receipt(receipt, verifier));
    if (context.json) {
      context.print(
          Json::Object{{"record", Json::integer(static_cast<std::int64_t>(receipt.record))},
                       {"origin", proven.checkpoint.origin},
                       {"size", Json::integer(static_cast<std::int64_t>(proven.checkpoint.size))},
                       {"root", to_hex(proven.checkpoint.root)},
                       {"admitted", to_string(proven.block.admitted)}});
      return {};
    }
    context.say_line("books.receipt_good", {{"record", std::to_string(receipt.record)},
                                            {"origin", proven.checkpoint.origin},
                                            {"size", std::to_string(proven.checkpoint.size)},
                                            {"admitted", to_string(proven.block.admitted)}});
    return {};
  };
  const auto status = run();
  return status ? 0 : context.refuse(status.error());
}

}  // namespace partake::cli
