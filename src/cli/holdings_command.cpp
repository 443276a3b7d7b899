// partake holdings and partake party: what there is beside balances, and who has which role.
#include "books/ask.h"
#include "cli/books_session.h"
#include "cli/commands.h"
#include "cli/show_books.h"

namespace partake::cli {
namespace {

// Fewer accounts than this are not shown together.
constexpr std::uint64_t group_min = 10;

class Holdings {
 public:
  Holdings(const books::Books& books, const Context& context) : books_{books}, context_{context} {}

  void print() {
    holds();
    questions();
    units();
    orders();
    periods();
    groups();
    if (context_.json) {
      context_.print(Json{std::move(json_)});
    } else if (!any_) {
      context_.say_line("books.holdings.none");
    }
  }

 private:
  void add(const char* title, const Args& args, const Table& table, const char* key,
           Json::Array list) {
    if (!list.empty() && !context_.json) {
      context_.say_line(title, args);
      context_.print(table.text(2));
      any_ = true;
    }
    json_.emplace_back(key, std::move(list));
  }
  Table table(std::initializer_list<const char*> keys) const {
    std::vector<std::string> titles;
    for (const auto* key : keys) titles.push_back(context_.say(key));
    return Table{std::move(titles)};
  }
  static Json whole(std::uint64_t value) { return Json::integer(static_cast<std::int64_t>(value)); }
  [[nodiscard]] std::string programme(ledger::ProgrammeIndex number) const {
    return books_.rulebook().programmes[number].id;
  }
  static std::string account(const std::optional<ledger::AccountIndex>& account) {
    return account ? ledger::to_string(*account) : std::string{};
  }

  void holds() {
    auto of = table({"books.column.hold", "books.column.rule", "books.column.account",
                     "books.column.amount", "books.column.until"});
    Json::Array list;
    for (const auto& [number, hold] : books_.holdings().holds.open()) {
      of.add({std::to_string(number), hold.rule, account(hold.account),
              amount_text(hold.asset, hold.left, context_), to_string(hold.until)});
      list.emplace_back(Json::Object{{"hold", whole(number)},
                                     {"rule", hold.rule},
                                     {"account", account(hold.account)},
                                     {"asset", ledger::name_of(hold.asset)},
                                     {"left", std::to_string(hold.left)},
                                     {"until", to_string(hold.until)}});
    }
    add("books.holdings.holds", {}, of, "holds", std::move(list));
  }

  // Those that wait for a decision.
  void questions() {
    auto of = table({"books.column.question", "books.column.record", "books.column.account",
                     "books.column.finding", "books.column.amount"});
    Json::Array list;
    const auto& all = books_.holdings().questions.all();
    for (std::size_t number = 0; number < all.size(); ++number) {
      const auto& question = all[number];
      if (question.state != ledger::QuestionState::open) continue;
      std::string amounts;
      Json::Array holds;
      for (const auto place : question.holds) {
        const auto* hold = books_.holdings().holds.find(place);
        if (hold == nullptr) continue;
        amounts += (amounts.empty() ? "" : ", ") + amount_text(hold->asset, hold->left, context_);
        holds.emplace_back(whole(place));
      }
      of.add({std::to_string(number), std::to_string(question.record), account(question.account),
              question.finding, amounts});
      list.emplace_back(Json::Object{{"question", whole(number)},
                                     {"record", whole(question.record)},
                                     {"account", account(question.account)},
                                     {"finding", question.finding},
                                     {"source", books_.rulebook().sources[question.source].name},
                                     {"holds", std::move(holds)}});
    }
    add("books.holdings.questions", {}, of, "questions", std::move(list));
  }

  void units() {
    auto of = table({"books.column.units", "books.column.serials", "books.column.vintage",
                     "books.column.state", "books.column.count", "books.column.account"});
    Json::Array list;
    for (const auto& [name, units] : books_.holdings().units) {
      for (const auto& [first, run] : units.runs()) {
        const auto& batch = units.batches()[run.batch];
        of.add({name.second, std::to_string(run.first) + "-" + std::to_string(run.last),
                std::to_string(batch.vintage),
                context_.say(std::string{"books.unit."} + ledger::name_of(run.state)),
                grouped(std::to_string(run.count())), account(run.account)});
        list.emplace_back(Json::Object{{"programme", programme(name.first)},
                                       {"units", name.second},
                                       {"first", whole(run.first)},
                                       {"last", whole(run.last)},
                                       {"vintage", Json::integer(batch.vintage)},
                                       {"state", ledger::name_of(run.state)},
                                       {"account", account(run.account)}});
      }
    }
    add("books.holdings.units", {}, of, "units", std::move(list));
  }

  // By reward and state: who ordered what is the holder's affair.
  void orders() {
    auto of = table({"books.column.reward", "books.column.state", "books.column.count"});
    Json::Array list;
    for (const auto& reward : books_.holdings().orders.rewards()) {
      for (std::size_t at = 0; at < reward.by_state.size(); ++at) {
        const auto count = reward.by_state[at];
        if (count == 0) continue;
        const auto* state = ledger::name_of(static_cast<ledger::OrderState>(at));
        of.add({reward.name, context_.say(std::string{"books.order."} + state),
                grouped(std::to_string(count))});
        list.emplace_back(Json::Object{{"programme", programme(reward.programme)},
                                       {"reward", reward.name},
                                       {"state", state},
                                       {"count", whole(count)}});
      }
    }
    add("books.holdings.orders", {}, of, "orders", std::move(list));
  }

  void periods() {
    auto of = table({"books.column.split", "books.column.period", "books.column.party",
                     "books.column.amount", "books.column.state"});
    Json::Array list;
    for (const auto& [key, period] : books_.holdings().periods) {
      const auto asset = *books::asset_of_split(books_, key.first);
      for (const auto& [party, amount] : period.by_party) {
        of.add({key.first.second, key.second, party, amount_text(asset, amount, context_),
                context_.say(period.closed ? "books.period.closed" : "books.period.open")});
        list.emplace_back(Json::Object{{"programme", programme(key.first.first)},
                                       {"split", key.first.second},
                                       {"period", key.second},
                                       {"party", party},
                                       {"asset", ledger::name_of(asset)},
                                       {"amount", std::to_string(amount)},
                                       {"closed", period.closed}});
      }
    }
    add("books.holdings.periods", {}, of, "periods", std::move(list));
  }

  // Totals of groups, and only of those in which nobody can be told apart.
  void groups() {
    std::map<books::NamedIn, std::pair<std::uint64_t, std::array<Int128, ledger::assets>>> sums;
    for (const auto& group : books_.holdings().groups) {
      auto& [count, amounts] = sums[{group.programme, group.name}];
      count += group.count;
      for (auto at = group.first; at < group.first + group.count; ++at) {
        for (std::size_t asset = 0; asset < ledger::assets; ++asset) {
          amounts[asset] += books_.accounts().balance(static_cast<ledger::Asset>(asset), {at});
        }
      }
    }
    auto of = table(
        {"books.column.group", "books.column.count", "books.column.asset", "books.column.amount"});
    Json::Array list;
    for (const auto& [name, sum] : sums) {
      if (sum.first < group_min) continue;
      for (std::size_t at = 0; at < ledger::assets; ++at) {
        if (sum.second[at] == 0) continue;
        const auto asset = static_cast<ledger::Asset>(at);
        const auto amount = static_cast<std::int64_t>(sum.second[at]);
        of.add({name.second, std::to_string(sum.first),
                context_.say(std::string{"asset."} + ledger::name_of(asset)),
                amount_text(asset, amount, context_)});
        list.emplace_back(Json::Object{{"programme", programme(name.first)},
                                       {"group", name.second},
                                       {"accounts", whole(sum.first)},
                                       {"asset", ledger::name_of(asset)},
                                       {"amount", partake::to_string(sum.second[at])}});
      }
    }
    add("books.holdings.groups", {{"least", std::to_string(group_min)}}, of, "groups",
        std::move(list));
  }

  const books::Books& books_;
  const Context& context_;
  Json::Object json_;
  bool any_ = false;
};

}  // namespace

int holdings(const Context& context, const std::string& folder) {
  auto session = open_books(context, folder, journal::Mode::read);
  if (!session) return context.refuse(session.error());
  show_holdings(context, session->books());
  return 0;
}

void show_holdings(const Context& context, const books::Books& books) {
  Holdings{books, context}.print();
}

int party_set(const Context& context, const PartyArguments& arguments) {
  auto session = open_books(context, arguments.folder, journal::Mode::write);
  if (!session) return context.refuse(session.error());
  const auto run = [&]() -> Status {
    CHECK_OK(session->books().programme(arguments.programme));
    TRY(const auto account, session->books().account(arguments.account));
    const auto& holder = session->books().accounts().holder(account);
    if (!is_dotted_name(arguments.party)) {
      return fail(ErrorKind::invalid, "books.bad_party", {{"party", arguments.party}});
    }
    if (session->books().rulebook().programmes[holder.programme].id != arguments.programme) {
      return fail(ErrorKind::invalid, "transaction.other_programme",
                  {{"account", arguments.account}});
    }
    if (holder.state != ledger::Holder::State::open) {
      return fail(ErrorKind::conflict, "transaction.account_not_open",
                  {{"account", arguments.account}});
    }
    CHECK_OK(session->writer->add(
        books::Fact{books::PartyNamed{arguments.programme, arguments.party, account}}));
    CHECK_OK(session->writer->flush());
    if (context.json) {
      context.print(Json::Object{{"party", arguments.party}, {"account", arguments.account}});
    } else {
      context.say_line("books.party_set",
                       {{"party", arguments.party}, {"account", arguments.account}});
    }
    return {};
  };
  const auto status = run();
  return status ? 0 : context.refuse(status.error());
}

int party_list(const Context& context, const std::string& folder) {
  auto session = open_books(context, folder, journal::Mode::read);
  if (!session) return context.refuse(session.error());
  Table table{{context.say("books.column.programme"), context.say("books.column.party"),
               context.say("books.column.account")}};
  Json::Array list;
  for (const auto& [name, account] : session->books().holdings().parties) {
    const auto& programme = session->books().rulebook().programmes[name.first].id;
    table.add({programme, name.second, ledger::to_string(account)});
    list.emplace_back(Json::Object{
        {"programme", programme}, {"party", name.second}, {"account", ledger::to_string(account)}});
  }
  context.print(table, std::move(list));
  return 0;
}

}  // namespace partake::cli
