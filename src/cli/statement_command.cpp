// partake statement: what an account had, every entry of some days, what it has.
#include "books/statement.h"
#include "cli/books_session.h"
#include "cli/change_words.h"
#include "cli/commands.h"

namespace partake::cli {
namespace {

Json whole(std::uint64_t number) { return Json::integer(static_cast<std::int64_t>(number)); }

class Statement {
 public:
  Statement(const Context& context, const BooksSession& session, ledger::AccountIndex account,
            const books::Statement& statement)
      : context_{context},
        books_{session.books()},
        journal_{session.directory->journal()},
        account_{account},
        holder_{books_.accounts().holder(account)},
        programme_{books_.rulebook().programmes[holder_.programme]},
        zone_{programme_.editions.back()->zone().name()},
        statement_{statement} {}

  void print(Day from, Day to) const {
    context_.say_line(
        "statement.title",
        {{"account", ledger::to_string(account_)},
         {"actor", context_.say(std::string{"books.actor."} + books::actor_kinds[holder_.actor])},
         {"programme", programme_.id}});
    context_.say_line("statement.period",
                      {{"from", to_string(from)}, {"to", to_string(to)}, {"zone", zone_}});
    if (is_erased()) context_.say_line("statement.erased");
    print_sums();
    print_entries();
    print_set_aside();
    const auto& checkpoint = journal_.checkpoint();
    context_.say_line("statement.position",
                      {{"records", grouped(std::to_string(journal_.records()))},
                       {"blocks", grouped(std::to_string(journal_.blocks().size()))},
                       {"root", to_hex(journal_.root())}});
    context_.say_line(checkpoint.size == 0 ? "books.no_checkpoint" : "books.checkpoint",
                      {{"origin", checkpoint.origin},
                       {"size", std::to_string(checkpoint.size)},
                       {"blocks", std::to_string(journal_.blocks().size())},
                       {"root", to_hex(checkpoint.root)}});
  }

  [[nodiscard]] Json json(Day from, Day to) const {
    const auto& checkpoint = journal_.checkpoint();
    return Json::Object{{"account", ledger::to_string(account_)},
                        {"actor", books::actor_kinds[holder_.actor]},
                        {"programme", programme_.id},
                        {"from", to_string(from)},
                        {"to", to_string(to)},
                        {"zone", zone_},
                        {"erased", is_erased()},
                        {"sums", sums_json()},
                        {"entries", entries_json()},
                        {"later", whole(statement_.later)},
                        {"set_aside", set_aside_json()},
                        {"units", units_json()},
                        {"position", Json::Object{{"records", whole(journal_.records())},
                                                  {"blocks", whole(journal_.blocks().size())},
                                                  {"root", to_hex(journal_.root())}}},
                        {"checkpoint", Json::Object{{"origin", checkpoint.origin},
                                                    {"size", whole(checkpoint.size)},
                                                    {"root", to_hex(checkpoint.root)}}}};
  }

 private:
  [[nodiscard]] bool is_erased() const { return holder_.state == ledger::Holder::State::erased; }
  template <class Take>
  static void each_asset(Take take) {
    for (std::size_t at = 0; at < ledger::assets; ++at) take(at, static_cast<ledger::Asset>(at));
  }
  [[nodiscard]] bool is_used(std::size_t asset) const {
    const auto& sums = statement_.assets[asset];
    return sums.opening != 0 || sums.closing != 0 || sums.credited != 0 || sums.debited != 0;
  }
  [[nodiscard]] Table table(std::initializer_list<const char*> keys) const {
    std::vector<std::string> titles;
    for (const auto* key : keys) titles.push_back(context_.say(key));
    return Table{std::move(titles)};
  }
  // A sum of entries may leave 64 bits though no balance does.
  [[nodiscard]] std::string sum_text(ledger::Asset asset, Int128 sum) const {
    const auto small = static_cast<std::int64_t>(sum);
    return small == sum ? amount_text(asset, small, context_)
                        : grouped(partake::to_string(sum)) + " " + ledger::unit_of(asset);
  }

  void print_sums() const {
    auto sums = table({"books.column.asset", "statement.opening", "statement.credited",
                       "statement.debited", "statement.closing"});
    bool any = false;
    each_asset([&](std::size_t at, ledger::Asset asset) {
      if (!is_used(at)) return;
      const auto& of = statement_.assets[at];
      sums.add({asset_title(asset, context_), amount_text(asset, of.opening, context_),
                sum_text(asset, of.credited), sum_text(asset, of.debited),
                amount_text(asset, of.closing, context_)});
      any = true;
    });
    if (any) {
      context_.print(sums.text(2));
    } else {
      context_.say_line("statement.nothing_held");
    }
  }

  // A row for each asset that an entry posts.
  void print_entries() const {
    context_.say_line("statement.entries",
                      {{"count", grouped(std::to_string(statement_.entries.size()))}});
    if (statement_.entries.empty()) return;
    auto rows =
        table({"books.column.record", "statement.posted", "statement.act", "books.column.what",
               "books.column.change", "books.column.balance", "books.column.note"});
    for (const auto& line : statement_.entries) {
      const auto words = words_of(line.entry, books_, context_);
      bool is_first = true;
      const auto add = [&](const std::string& change, const std::string& balance) {
        if (is_first) {
          rows.add({std::to_string(line.entry.record), to_string(line.day),
                    to_string(books::time_of(line.entry)), words.what, change, balance,
                    words.note});
        } else {
          rows.add({"", "", "", "", change, balance, ""});
        }
        is_first = false;
      };
      each_asset([&](std::size_t at, ledger::Asset asset) {
        if (line.changes[at] == 0) return;
        add(amount_text(asset, line.changes[at], context_),
            amount_text(asset, line.after[at], context_));
      });
      if (is_first) add("", "");
    }
    context_.print(rows.text(2));
  }

  [[nodiscard]] bool has_holds() const {
    bool any = false;
    each_asset([&](std::size_t, ledger::Asset asset) {
      any = any || books_.holdings().holds.held(account_, asset) != 0;
    });
    return any;
  }
  template <class Take>
  void each_hold(Take take) const {
    if (!has_holds()) return;
    for (const auto& [number, hold] : books_.holdings().holds.open()) {
      if (hold.account == account_) take(number, hold);
    }
  }
  template <class Take>
  void each_units(Take take) const {
    for (const auto& [name, units] : books_.holdings().units) {
      if (name.first != holder_.programme) continue;
      for (const auto state :
           {ledger::UnitState::held, ledger::UnitState::pledged, ledger::UnitState::buffer}) {
        if (const auto count = units.count(account_, state); count != 0) {
          take(name.second, state, count);
        }
      }
    }
  }

  void print_set_aside() const {
    auto holds = table(
        {"books.column.hold", "books.column.rule", "books.column.amount", "books.column.until"});
    bool any = false;
    each_hold([&](ledger::HoldNumber number, const ledger::Hold& hold) {
      holds.add({std::to_string(number), hold.rule, amount_text(hold.asset, hold.left, context_),
                 to_string(hold.until)});
      any = true;
    });
    context_.say_line(any ? "statement.set_aside" : "statement.none_set_aside");
    if (any) context_.print(holds.text(2));
    auto units = table({"books.column.units", "books.column.state", "books.column.count"});
    any = false;
    each_units([&](const std::string& name, ledger::UnitState state, std::uint64_t count) {
      units.add({name, context_.say(std::string{"books.unit."} + ledger::name_of(state)),
                 grouped(std::to_string(count))});
      any = true;
    });
    if (!any) return;
    context_.say_line("statement.units");
    context_.print(units.text(2));
  }

  [[nodiscard]] Json sums_json() const {
    Json::Object json;
    each_asset([&](std::size_t at, ledger::Asset asset) {
      if (!is_used(at)) return;
      const auto& of = statement_.assets[at];
      json.emplace_back(ledger::name_of(asset),
                        Json::Object{{"opening", std::to_string(of.opening)},
                                     {"credited", partake::to_string(of.credited)},
                                     {"debited", partake::to_string(of.debited)},
                                     {"closing", std::to_string(of.closing)}});
    });
    return json;
  }
  [[nodiscard]] Json entries_json() const {
    Json::Array list;
    for (const auto& line : statement_.entries) {
      const auto words = words_of(line.entry, books_, context_);
      Json::Object changes;
      Json::Object balances;
      each_asset([&](std::size_t at, ledger::Asset asset) {
        if (line.changes[at] == 0) return;
        changes.emplace_back(ledger::name_of(asset), std::to_string(line.changes[at]));
        balances.emplace_back(ledger::name_of(asset), std::to_string(line.after[at]));
      });
      list.emplace_back(Json::Object{{"record", whole(line.entry.record)},
                                     {"day", to_string(line.day)},
                                     {"admitted", to_string(line.entry.admitted)},
                                     {"time", to_string(books::time_of(line.entry))},
                                     {"what", words.what},
                                     {"changes", std::move(changes)},
                                     {"balances", std::move(balances)},
                                     {"note", words.note}});
    }
    return list;
  }
  [[nodiscard]] Json set_aside_json() const {
    Json::Array list;
    each_hold([&](ledger::HoldNumber number, const ledger::Hold& hold) {
      list.emplace_back(Json::Object{{"hold", whole(number)},
                                     {"rule", hold.rule},
                                     {"asset", ledger::name_of(hold.asset)},
                                     {"left", std::to_string(hold.left)},
                                     {"until", to_string(hold.until)}});
    });
    return list;
  }
  [[nodiscard]] Json units_json() const {
    Json::Array list;
    each_units([&](const std::string& name, ledger::UnitState state, std::uint64_t count) {
      list.emplace_back(Json::Object{
          {"units", name}, {"state", ledger::name_of(state)}, {"count", whole(count)}});
    });
    return list;
  }

  const Context& context_;
  const books::Books& books_;
  const journal::Journal& journal_;
  ledger::AccountIndex account_;
  const ledger::Holder& holder_;
  const books::Programme& programme_;
  std::string zone_;
  const books::Statement& statement_;
};

}  // namespace

int statement(const Context& context, const StatementArguments& arguments) {
  const auto run = [&]() -> Status {
    TRY(const auto from, parse_day(arguments.from));
    TRY(const auto to, parse_day(arguments.to));
    TRY(const auto session, open_accounts(arguments.folder));
    TRY(const auto account, session.books().account(arguments.account));
    TRY(const auto made,
        books::make_statement(session.directory->journal(), session.books(), account, from, to));
    const Statement statement{context, session, account, made};
    if (context.json) {
      context.print(statement.json(from, to));
    } else {
      statement.print(from, to);
    }
    return {};
  };
  const auto status = run();
  return status ? 0 : context.refuse(status.error());
}

}  // namespace partake::cli
