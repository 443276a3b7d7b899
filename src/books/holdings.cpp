#include "books/holdings.h"

#include <algorithm>
#include <limits>

#include "base/varint.h"
#include "programme/dealings.h"

namespace partake::books {
namespace {

class Writer {
 public:
  void number(std::uint64_t value) { append_varint(bytes_, value); }
  void amount(std::int64_t value) { append_varint(bytes_, to_zigzag(value)); }
  void text(const std::string& value) {
    number(value.size());
    bytes_ += value;
  }
  void account(std::optional<AccountIndex> account) { number(account ? account->value + 1 : 0); }
  void named(const NamedIn& named) {
    number(named.first);
    text(named.second);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_{bytes} {}

  std::uint64_t number(std::uint64_t most = ~std::uint64_t{0}) {
    std::uint64_t value = 0;
    if (!take_varint(bytes_, value) || value > most) good_ = false;
    return good_ ? value : 0;
  }
  // Of entries that follow, each of at least one byte.
  std::uint64_t count() { return number(bytes_.size()); }
  std::int64_t amount() { return from_zigzag(number()); }
  std::string text() {
    const auto size = number(bytes_.size());
    if (!good_ || size > bytes_.size()) return good_ = false, "";
    std::string value{bytes_.substr(0, size)};
    bytes_.remove_prefix(size);
    return value;
  }
  std::optional<AccountIndex> account() {
    const auto value = number(ledger::accounts_max);
    if (value == 0) return std::nullopt;
    return AccountIndex{value - 1};
  }
  NamedIn named() {
    const auto programme =
        static_cast<ProgrammeIndex>(number(std::numeric_limits<ProgrammeIndex>::max()));
    return {programme, text()};
  }
  ledger::Asset asset() { return static_cast<ledger::Asset>(number(ledger::assets - 1)); }
  [[nodiscard]] bool is_good() const { return good_; }
  [[nodiscard]] bool is_done() const { return good_ && bytes_.empty(); }
  bool fail() { return good_ = false; }

 private:
  std::string_view bytes_;
  bool good_ = true;
};

void write(Writer& writer, const ledger::Holds& holds) {
  writer.number(holds.count());
  writer.number(holds.open().size());
  for (const auto& [number, hold] : holds.open()) {
    writer.number(number);
    writer.text(hold.rule);
    writer.number(static_cast<std::uint64_t>(hold.by));
    writer.account(hold.account);
    writer.number(static_cast<std::uint64_t>(hold.asset));
    writer.amount(hold.left);
    writer.amount(day_number(hold.until));
    writer.account(hold.payee);
  }
}

Day read_day(Reader& reader) {
  const auto number = reader.amount();
  const bool good = number >= day_number(day_min) && number <= day_number(day_max);
  if (!good) reader.fail();
  return good ? day_of(static_cast<std::int32_t>(number)) : Day{};
}

void read(Reader& reader, ledger::Holds& holds) {
  const auto count = reader.number();
  std::map<ledger::HoldNumber, ledger::Hold> open;
  for (auto left = reader.count(); left > 0 && reader.is_good(); --left) {
    const auto number = reader.number();
    ledger::Hold hold;
    hold.rule = reader.text();
    hold.by = static_cast<ledger::HeldBy>(reader.number(ledger::held_by_kinds - 1));
    hold.account = reader.account();
    hold.asset = reader.asset();
    hold.left = reader.amount();
    hold.until = read_day(reader);
    hold.payee = reader.account();
    if (number >= count || hold.left <= 0) reader.fail();
    open.emplace(number, std::move(hold));
  }
  if (reader.is_good()) holds.restore(std::move(open), count);
}

void write(Writer& writer, const ledger::Units& units) {
  writer.number(units.batches().size());
  for (const auto& batch : units.batches()) {
    writer.number(batch.first);
    writer.number(batch.last);
    writer.amount(batch.vintage);
  }
  writer.number(units.runs().size());
  for (const auto& [first, run] : units.runs()) {
    writer.number(run.first);
    writer.number(run.last);
    writer.number(static_cast<std::uint64_t>(run.state));
    writer.number(run.batch);
    writer.account(run.account);
    writer.account(run.creditor);
  }
}

void read(Reader& reader, ledger::Units& units) {
  std::vector<ledger::UnitBatch> batches;
  for (auto left = reader.count(); left > 0 && reader.is_good(); --left) {
    ledger::UnitBatch batch;
    batch.first = reader.number(ledger::units_max);
    batch.last = reader.number(ledger::units_max);
    batch.vintage = static_cast<std::int32_t>(reader.amount());
    batches.push_back(batch);
  }
  std::vector<ledger::UnitRun> runs;
  for (auto left = reader.count(); left > 0 && reader.is_good(); --left) {
    ledger::UnitRun run;
    run.first = reader.number(ledger::units_max);
    run.last = reader.number(ledger::units_max);
    run.state = static_cast<ledger::UnitState>(reader.number(ledger::unit_states - 1));
    run.batch = static_cast<std::uint32_t>(reader.number(batches.size()));
    run.account = reader.account();
    run.creditor = reader.account();
    runs.push_back(run);
  }
  if (!reader.is_good() || !units.restore(std::move(batches), runs)) reader.fail();
}

void write(Writer& writer, const ledger::Orders& orders) {
  writer.number(orders.rewards().size());
  for (const auto& reward : orders.rewards()) writer.named({reward.programme, reward.name});
  writer.number(orders.all().size());
  for (const auto& order : orders.all()) {
    writer.number(order.reward);
    writer.number(static_cast<std::uint64_t>(order.state));
    writer.number(order.needs_funder ? 1 : 0);
    writer.account(order.account);
    writer.number(static_cast<std::uint64_t>(order.asset));
    writer.amount(order.cost);
  }
}

void read(Reader& reader, ledger::Orders& orders) {
  for (auto left = reader.count(); left > 0 && reader.is_good(); --left) {
    const auto reward = reader.named();
    orders.reward_number(reward.first, reward.second);
  }
  for (auto left = reader.count(); left > 0 && reader.is_good(); --left) {
    ledger::Order order;
    const auto reward = reader.number();
    order.state = static_cast<ledger::OrderState>(reader.number(5));
    order.needs_funder = reader.number(1) == 1;
    order.account = reader.account();
    order.asset = reader.asset();
    order.cost = reader.amount();
    if (reward >= orders.rewards().size()) reader.fail();
    if (!reader.is_good()) return;
    order.reward = static_cast<std::uint32_t>(reward);
    orders.place(order);
  }
}

void write(Writer& writer, const ledger::Questions& questions) {
  writer.number(questions.all().size());
  for (const auto& question : questions.all()) {
    writer.number(question.record);
    writer.account(question.account);
    writer.number(question.source);
    writer.text(question.finding);
    writer.number(static_cast<std::uint64_t>(question.state));
    writer.number(question.holds.size());
    for (const auto hold : question.holds) writer.number(hold);
  }
}

void read(Reader& reader, ledger::Questions& questions) {
  std::vector<ledger::Question> all;
  for (auto left = reader.count(); left > 0 && reader.is_good(); --left) {
    ledger::Question question;
    question.record = reader.number();
    question.account = reader.account();
    question.source =
        static_cast<std::uint32_t>(reader.number(std::numeric_limits<std::uint32_t>::max()));
    question.finding = reader.text();
    question.state = static_cast<ledger::QuestionState>(reader.number(ledger::question_states - 1));
    for (auto holds = reader.count(); holds > 0 && reader.is_good(); --holds) {
      question.holds.push_back(reader.number());
    }
    all.push_back(std::move(question));
  }
  if (reader.is_good() && !questions.restore(std::move(all))) reader.fail();
}

void write(Writer& writer, const SharedPeriod& period) {
  writer.number(period.closed ? 1 : 0);
  writer.amount(period.amount);
  writer.number(period.by_party.size());
  for (const auto& [party, amount] : period.by_party) {
    writer.text(party);
    writer.amount(amount);
  }
}

SharedPeriod read_period(Reader& reader) {
  SharedPeriod period;
  period.closed = reader.number(1) == 1;
  period.amount = reader.amount();
  for (auto left = reader.count(); left > 0 && reader.is_good(); --left) {
    auto party = reader.text();
    period.by_party[std::move(party)] = reader.amount();
  }
  return period;
}

void write(Writer& writer, const AgesOfPoints& points) {
  writer.amount(points.year);
  writer.number(points.ages.marks().size());
  for (const auto& mark : points.ages.marks()) {
    writer.number(mark.size());
    for (const auto amount : mark) writer.amount(amount);
  }
}

AgesOfPoints read_ages(Reader& reader) {
  AgesOfPoints points;
  points.year = static_cast<int>(reader.amount());
  std::vector<std::vector<std::int64_t>> marks;
  for (auto left = reader.number(programme::point_years_limit + 1); left > 0; --left) {
    auto& mark = marks.emplace_back();
    for (auto entries = reader.count(); entries > 0 && reader.is_good(); --entries) {
      mark.push_back(reader.amount());
    }
  }
  points.ages.restore(std::move(marks));
  return points;
}

}  // namespace

const ledger::Units* Holdings::units_of(const NamedIn& name) const {
  const auto found = units.find(name);
  return found == units.end() ? nullptr : &found->second;
}

const SharedPeriod* Holdings::period(const NamedIn& split, const std::string& name) const {
  const auto found = periods.find({split, name});
  return found == periods.end() ? nullptr : &found->second;
}

std::optional<AccountIndex> Holdings::party(const NamedIn& name) const {
  const auto found = parties.find(name);
  if (found == parties.end()) return std::nullopt;
  return found->second;
}

bool Holdings::is_bound(AccountIndex account) const {
  const auto has = [&](const ledger::Units& of) {
    return of.count(account, ledger::UnitState::held) +
                   of.count(account, ledger::UnitState::buffer) +
                   of.count(account, ledger::UnitState::pledged) >
               0 ||
           std::any_of(of.runs().begin(), of.runs().end(),
                       [&](const auto& run) { return run.second.creditor == account; });
  };
  const auto holds_it = [&](const auto& entry) {
    return entry.second.account == account || entry.second.payee == account;
  };
  return std::any_of(units.begin(), units.end(),
                     [&](const auto& entry) { return has(entry.second); }) ||
         std::any_of(holds.open().begin(), holds.open().end(), holds_it) ||
         questions.is_open_for(account) ||
         std::any_of(parties.begin(), parties.end(),
                     [&](const auto& entry) { return entry.second == account; });
}

std::string Holdings::bytes() const {
  Writer writer;
  write(writer, holds);
  writer.number(units.size());
  for (const auto& [name, of] : units) {
    writer.named(name);
    write(writer, of);
  }
  write(writer, orders);
  write(writer, questions);
  writer.number(periods.size());
  for (const auto& [key, period] : periods) {
    writer.named(key.first);
    writer.text(key.second);
    write(writer, period);
  }
  writer.number(parties.size());
  for (const auto& [name, account] : parties) {
    writer.named(name);
    writer.account(account);
  }
  writer.number(groups.size());
  for (const auto& group : groups) {
    writer.number(group.first);
    writer.number(group.count);
    writer.named({group.programme, group.name});
  }
  writer.number(ages.size());
  for (const auto& [programme, points] : ages) {
    writer.number(programme);
    write(writer, points);
  }
  return writer.take();
}

bool Holdings::restore(std::string_view bytes) {
  *this = {};
  Reader reader{bytes};
  read(reader, holds);
  for (auto left = reader.count(); left > 0 && reader.is_good(); --left) {
    const auto name = reader.named();
    read(reader, units[name]);
  }
  read(reader, orders);
  read(reader, questions);
  for (auto left = reader.count(); left > 0 && reader.is_good(); --left) {
    auto split = reader.named();
    auto name = reader.text();
    periods[{std::move(split), std::move(name)}] = read_period(reader);
  }
  for (auto left = reader.count(); left > 0 && reader.is_good(); --left) {
    auto name = reader.named();
    const auto account = reader.account();
    if (!account) return false;
    parties.emplace(std::move(name), *account);
  }
  for (auto left = reader.count(); left > 0 && reader.is_good(); --left) {
    AccountGroup group;
    group.first = reader.number(ledger::accounts_max);
    group.count = reader.number(ledger::accounts_max);
    auto name = reader.named();
    group.programme = name.first;
    group.name = std::move(name.second);
    groups.push_back(std::move(group));
  }
  for (auto left = reader.count(); left > 0 && reader.is_good(); --left) {
    const auto programme =
        static_cast<ProgrammeIndex>(reader.number(std::numeric_limits<ProgrammeIndex>::max()));
    ages.emplace(programme, read_ages(reader));
  }
  return reader.is_done();
}

}  // namespace partake::books
