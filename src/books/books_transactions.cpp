// Books: what transactions change.
#include <limits>
#include <utility>

#include "books/books.h"

namespace partake::books {
namespace {

tl::unexpected<Error> unfit(const char* what, std::uint64_t value) {
  return fail(ErrorKind::corrupt, "books.record_does_not_fit",
              {{"what", what}, {"value", std::to_string(value)}});
}

bool fits_64_bits(Int128 value) {
  using Limits = std::numeric_limits<std::int64_t>;
  return value >= Limits::min() && value <= Limits::max();
}

// Makes the changes of one transaction, each after it was found to fit.
class Changes {
 public:
  Changes(Holdings& holdings, const Rulebook& rulebook, ProgrammeIndex programme,
          const Transaction& made)
      : holdings_{holdings}, rulebook_{rulebook}, programme_{programme}, made_{made} {}

  Status operator()(const HoldPlaced& placed) {
    const bool good = placed.hold == holdings_.holds.count() && placed.amount > 0 &&
                      has(placed.leg) && (!placed.payee || has(*placed.payee));
    if (!good) return unfit("hold", placed.hold);
    ledger::Hold hold;
    hold.rule = placed.rule;
    hold.by = made_.action == "split"      ? ledger::HeldBy::split
              : made_.action == "question" ? ledger::HeldBy::question
                                           : ledger::HeldBy::rule;
    hold.account = account(placed.leg);
    hold.asset = placed.asset;
    hold.left = placed.amount;
    hold.until = placed.until;
    if (placed.payee) hold.payee = account(*placed.payee);
    placed_.push_back(holdings_.holds.place(std::move(hold)));
    return {};
  }
  Status operator()(const HoldTaken& taken) {
    const auto* hold = holdings_.holds.find(taken.hold);
    const bool good = hold != nullptr && 0 < taken.amount && taken.amount <= hold->left;
    if (!good) return unfit("hold", taken.hold);
    holdings_.holds.take(taken.hold, taken.amount);
    return {};
  }
  Status operator()(const UnitsIssued& issued) {
    auto& units = holdings_.units[{programme_, issued.units}];
    const bool good =
        issued.first == units.issued() + 1 && issued.count > 0 &&
        issued.count <= ledger::units_max - units.issued() && has(issued.leg) &&
        (issued.state == ledger::UnitState::held || issued.state == ledger::UnitState::buffer);
    if (!good) return unfit("units", issued.first);
    units.issue(issued.count, issued.vintage, issued.state, owner(issued.leg));
    return {};
  }
  Status operator()(const UnitsChanged& changed) {
    auto& units = holdings_.units[{programme_, changed.units}];
    const auto run = units.within(changed.first, changed.last);
    const bool owned = ledger::is_final(changed.state) || (changed.leg && has(*changed.leg));
    const bool good = run && ledger::is_legal(run->state, changed.state) && owned &&
                      (!changed.creditor || has(*changed.creditor));
    if (!good) return unfit("units", changed.first);
    std::optional<AccountIndex> creditor;
    if (changed.creditor) creditor = owner(*changed.creditor);
    units.change(changed.first, changed.last, changed.state,
                 changed.leg ? std::optional{owner(*changed.leg)} : std::nullopt, creditor);
    return {};
  }
  Status operator()(const OrderPlaced& placed) {
    if (placed.order != holdings_.orders.all().size() || !has(placed.leg)) {
      return unfit("order", placed.order);
    }
    ledger::Order order;
    order.reward = holdings_.orders.reward_number(programme_, placed.reward);
    order.needs_funder = placed.needs_funder;
    order.account = account(placed.leg);
    order.asset = placed.asset;
    order.cost = placed.cost;
    holdings_.orders.place(order);
    return {};
  }
  Status operator()(const OrderChanged& changed) {
    const auto* order = holdings_.orders.find(changed.order);
    if (order == nullptr || !ledger::is_legal(order->state, changed.state, order->needs_funder)) {
      return unfit("order", changed.order);
    }
    holdings_.orders.change(changed.order, changed.state);
    return {};
  }
  Status operator()(const SplitDone& done) {
    auto& period = holdings_.periods[{{programme_, done.split}, done.period}];
    if (period.closed) return unfit("period", 0);
    for (const auto& [party, amount] : done.shares) {
      auto& sum = period.by_party[party];
      if (__builtin_add_overflow(sum, amount, &sum) ||
          __builtin_add_overflow(period.amount, amount, &period.amount)) {
        return unfit("share", 0);
      }
    }
    return {};
  }
  Status operator()(const PeriodClosed& closed) {
    auto& period = holdings_.periods[{{programme_, closed.split}, closed.period}];
    if (period.closed) return unfit("period", 0);
    period.closed = true;
    return {};
  }
  Status operator()(const Reversed& reversed) {
    reversed_.push_back(reversed.record);
    return {};
  }
  Status operator()(const Questioned& asked) {
    auto& questions = holdings_.questions;
    const auto before = questions.about(asked.record);
    const bool good = asked.question == questions.all().size() && has(asked.leg) &&
                      asked.stream < rulebook_.streams.size() &&
                      (!before || questions.find(*before)->state != ledger::QuestionState::open);
    if (!good) return unfit("question", asked.question);
    ledger::Question question;
    question.record = asked.record;
    question.account = account(asked.leg);
    question.source = rulebook_.streams[asked.stream].source_number;
    question.finding = asked.finding;
    question.holds = std::exchange(placed_, {});
    questions.ask(std::move(question));
    return {};
  }
  Status operator()(const Settled& settled) {
    const auto* question = holdings_.questions.find(settled.question);
    const bool good = question != nullptr && question->record == settled.record &&
                      question->state == ledger::QuestionState::open;
    if (!good) return unfit("question", settled.question);
    holdings_.questions.settle(settled.question, settled.state);
    if (settled.state == ledger::QuestionState::taken_back) reversed_.push_back(settled.record);
    return {};
  }
  [[nodiscard]] const std::vector<std::uint64_t>& reversed() const { return reversed_; }

 private:
  [[nodiscard]] bool has(LegNumber leg) const { return leg < made_.legs.size(); }
  [[nodiscard]] std::optional<AccountIndex> account(LegNumber leg) const {
    return made_.legs[leg].account;
  }
  // Units of somebody who was erased are units of nobody in particular; they were given away or
  // used up before.
  [[nodiscard]] AccountIndex owner(LegNumber leg) const {
    return account(leg).value_or(AccountIndex{ledger::accounts_max - 1});
  }

  Holdings& holdings_;
  const Rulebook& rulebook_;
  ProgrammeIndex programme_;
  const Transaction& made_;
  std::vector<ledger::HoldNumber> placed_;
  std::vector<std::uint64_t> reversed_;
};

// The decision by which an event's entry is taken back; null in every other transaction.
const Settled* taking_back(const Transaction& transaction) {
  for (const auto& change : transaction.changes) {
    const auto* settled = std::get_if<Settled>(&change);
    if (settled != nullptr && settled->state == ledger::QuestionState::taken_back) return settled;
  }
  return nullptr;
}

// Each continues its account's passbook.
Status check_legs(const ledger::Accounts& accounts, ProgrammeIndex programme, std::uint64_t number,
                  const Transaction& transaction) {
  for (const auto& leg : transaction.legs) {
    ++number;
    if (!leg.account) continue;
    if (leg.account->value >= accounts.size()) return unfit("account", number);
    const auto& holder = accounts.holder(*leg.account);
    if (holder.programme != programme || holder.last_record != leg.previous) {
      return unfit("previous record", number);
    }
  }
  return {};
}

}  // namespace

bool Books::fits(const Transaction& transaction) const {
  std::array<Int128, ledger::assets> issued{};
  const auto programme = this->programme(transaction.programme);
  if (!programme) return false;
  const bool counts_in_totals = taking_back(transaction) != nullptr;
  for (const auto& leg : transaction.legs) {
    std::array<Int128, ledger::assets> own{};
    for (const auto& [asset, amount] : leg.amounts) {
      const auto index = static_cast<std::size_t>(asset);
      issued[index] -= amount;
      own[index] += amount;
      const auto before = leg.account ? accounts_.balance(asset, *leg.account)
                                      : accounts_.unnamed(asset, *programme);
      const bool fits =
          fits_64_bits(before + own[index]) &&
          fits_64_bits(accounts_.issued(asset, *programme) + issued[index]) &&
          (!counts_in_totals || fits_64_bits(totals_.credited[index] - issued[index]));
      if (!fits) return false;
    }
  }
  return true;
}

Status Books::apply(std::uint64_t number, const Transaction& transaction) {
  const auto programme = this->programme(transaction.programme);
  if (!programme) return unfit("programme", number);
  CHECK_OK(check_legs(accounts_, *programme, number, transaction));
  if (!fits(transaction)) return unfit("amount", number);
  const auto* taken_back = taking_back(transaction);
  if (taken_back != nullptr) CHECK_OK(take_back(number, *taken_back, transaction));
  Changes changes{holdings_, rulebook_, *programme, transaction};
  for (const auto& change : transaction.changes) CHECK_OK(std::visit(changes, change));
  for (const auto record : changes.reversed()) {
    if (!reversed_.insert(record).second) return unfit("reversed record", record);
  }
  const auto ages = holdings_.ages.find(*programme);
  auto leg_number = number;
  for (const auto& leg : transaction.legs) {
    ++leg_number;
    for (const auto& [asset, amount] : leg.amounts) {
      if (!leg.account) {
        accounts_.post_unnamed(asset, *programme, amount);
        continue;
      }
      accounts_.post(asset, *leg.account, amount);
      const bool spent = asset == ledger::Asset::points && amount < 0 && taken_back == nullptr;
      if (spent && ages != holdings_.ages.end()) ages->second.ages.spend(*leg.account, -amount);
    }
    if (leg.account) accounts_.holder(*leg.account).last_record = leg_number;
  }
  ++transactions_;
  return {};
}

// What a withdrawal does beside the posting: room of caps is free again, the act counts no more,
// and totals fall. Of an erased holder only the totals are left.
Status Books::take_back(std::uint64_t number, const Settled& settled,
                        const Transaction& transaction) {
  const bool known = settled.rule && *settled.rule < rulebook_.rules.size();
  if (!known || transaction.legs.size() != 1) return unfit("entry that is taken back", number);
  const auto& place = rulebook_.rules[*settled.rule];
  const auto& rule = *place.rule;
  const auto& leg = transaction.legs.front();
  if (leg.amounts.size() != rule.amounts()) return unfit("amounts", number);
  Amounts amounts{};
  for (std::size_t at = 0; at < rule.amounts(); ++at) {
    if (leg.amounts[at].first != rule.asset_of(at)) return unfit("asset", number);
    amounts[at] = leg.amounts[at].second;
    totals_.credited[static_cast<std::size_t>(rule.asset_of(at))] += amounts[at];
  }
  if (!leg.account) return {};
  if (!leg.act) return unfit("time", number);
  const auto day = place.edition->zone().local_day(*leg.act);
  use_caps(*leg.account, rule, day, amounts);
  if (rule.group >= 0) {
    acts_.withdraw(*leg.account, static_cast<ledger::GroupNumber>(rule.group),
                   act_time(rule, *leg.act, day, 0).start_s, settled.record);
  }
  return {};
}

// A transaction's record, and then one by one its legs.
Status Books::apply_transaction(std::uint64_t number, const journal::Record& record) {
  if (pending_) return unfit("record inside a transaction", number);
  TRY(auto transaction, parse_transaction(record.open));
  pending_ = std::move(transaction);
  pending_number_ = number;
  pending_block_ = block_;
  if (record.hidden.empty()) return unfit("hidden part", number);
  if (!record.erased) {
    TRY(const auto instruction, parse_instruction(record.body(), pending_->action));
    CHECK_OK(take_identity(number, instruction));
  }
  return finish_transaction();
}

Status Books::apply_leg(std::uint64_t number, const journal::Record& record) {
  if (!pending_ || pending_block_ != block_ || record.hidden.empty()) {
    return unfit("posting", number);
  }
  TRY(auto leg, parse_leg(record.open, record.erased ? std::string_view{} : record.body(), number));
  if (leg.account && leg.transaction != pending_number_) return unfit("posting", number);
  pending_->legs.push_back(std::move(leg));
  return finish_transaction();
}

Status Books::finish_transaction() {
  if (pending_->legs.size() < pending_->leg_count) return {};
  const auto transaction = std::move(*pending_);
  pending_.reset();
  return apply(pending_number_, transaction);
}

Status Books::take_identity(std::uint64_t number, const Instruction& instruction) {
  if (instruction.stream >= rulebook_.streams.size()) return unfit("stream", instruction.stream);
  identities_.add(hash_of_id(instruction.stream, instruction.id), number,
                  utc_day(instruction.time));
  return {};
}

// Points of a year that is over grow older.
void Books::pass_years() {
  for (std::size_t at = 0; at < rulebook_.programmes.size(); ++at) {
    const auto& edition = *rulebook_.programmes[at].editions.back();
    const auto years = edition.scheme().dealings.point_years;
    const auto programme = static_cast<ProgrammeIndex>(at);
    // Under an edition without the rule years go on, so that points end in time when it returns.
    if (!years && !holdings_.ages.contains(programme)) continue;
    const std::chrono::year_month_day today{edition.zone().local_day(admitted_)};
    const int year{today.year()};
    auto [entry, is_new] = holdings_.ages.try_emplace(programme);
    if (is_new) entry->second.year = year;
    if (years) entry->second.ages.set_years(static_cast<std::size_t>(*years));
    for (; entry->second.year < year; ++entry->second.year) {
      std::vector<std::int64_t> balances(accounts_.size());
      for (std::uint64_t index = 0; index < balances.size(); ++index) {
        if (accounts_.holder({index}).programme != programme) continue;
        balances[index] = accounts_.balance(ledger::Asset::points, {index});
      }
      entry->second.ages.end_year(balances);
    }
  }
}

}  // namespace partake::books
