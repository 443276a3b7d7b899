// Transactions about entries that are doubted: what one credited is set aside until somebody else
// has decided whether it stays.
#include <algorithm>
#include <limits>
#include <map>

#include "books/deal.h"

namespace partake::books {
namespace {

using ledger::Asset;
using ledger::QuestionState;
// An event's entry that counts. Errors: transaction.not_questionable, erased, reversed_before.
Result<EventRecord> entry_of(Deal& deal, std::uint64_t record) {
  const auto name = [&] { return Args{{"record", std::to_string(record)}}; };
  TRY(const auto bytes, deal.finder.bytes_of(record));
  std::string_view rest{bytes};
  TRY(const auto stored, journal::take_record(rest));
  if (static_cast<Kind>(stored.open[0]) != Kind::event) {
    return refuse_transaction("transaction.not_questionable", name());
  }
  if (stored.erased) return refuse_transaction("transaction.erased", name());
  TRY(auto entry, parse_event(stored.open, stored.body(), record, deal.books.rulebook()));
  const auto& account = entry.event.account;
  const bool ours = !entry.event.withdrawal && account.value < deal.books.accounts().size() &&
                    deal.books.accounts().holder(account).programme == deal.programme;
  if (!ours) return refuse_transaction("transaction.not_questionable", name());
  if (deal.books.is_reversed(record)) {
    return refuse_transaction("transaction.reversed_before", name());
  }
  return entry;
}

// What it credited, each asset once.
std::map<Asset, std::int64_t> credited_by(const EventRecord& entry, const Rule& rule) {
  std::map<Asset, Int128> sums;
  for (std::size_t at = 0; at < rule.amounts(); ++at) {
    sums[rule.asset_of(at)] += entry.credit.credited[at];
  }
  std::map<Asset, std::int64_t> credited;
  constexpr Int128 most = std::numeric_limits<std::int64_t>::max();
  for (const auto& [asset, sum] : sums) {
    if (sum > 0) credited.emplace(asset, static_cast<std::int64_t>(std::min(sum, most)));
  }
  return credited;
}

// The opposite of the entry, as its source would post it (docs/events.md, withdrawals): each of the
// rule's amounts by itself, because each may have a cap.
void take_back(Deal& deal, const EventRecord& entry, const Rule& rule) {
  const auto account = entry.event.account;
  auto& leg = deal.made.legs[deal.leg(account)];
  leg.act = entry.event.time;
  for (std::size_t at = 0; at < rule.postings.size(); ++at) {
    leg.amounts.emplace_back(rule.postings[at].asset, -entry.credit.credited[at]);
  }
  if (rule.point_for == 0) return;
  // Points follow the balance: what it loses, not what the entry was once given.
  leg.amounts.emplace_back(Asset::points,
                           deal.books.points_for(account, rule, 0, -entry.credit.credited[0]));
}

}  // namespace

Status ask_question(Deal& deal) {
  const auto record = deal.data.whole("record");
  const auto finding = deal.data.text("finding");
  deal.data.text("reason");
  if (!deal.data.is_good()) return {};
  CHECK_OK(deal.rule(deal.edition.scheme().findings, "finding", finding));
  TRY(const auto entry, entry_of(deal, record));
  const auto& holdings = deal.books.holdings();
  const auto before = holdings.questions.about(record);
  if (before && holdings.questions.find(*before)->state == QuestionState::open) {
    return refuse_transaction("transaction.question_open", {{"record", std::to_string(record)},
                                                            {"question", std::to_string(*before)}});
  }
  const auto& rule = *deal.books.rulebook().rules[entry.event.rule].rule;
  Questioned asked;
  asked.question = holdings.questions.all().size();
  asked.record = record;
  asked.leg = deal.leg(entry.event.account);
  asked.stream = deal.instruction.stream;
  asked.finding = finding;
  auto hold = holdings.holds.count();
  for (const auto& [asset, credited] : credited_by(entry, rule)) {
    const auto free = std::max<std::int64_t>(0, deal.available(entry.event.account, asset));
    const auto amount = std::min(credited, free);
    if (amount < credited) asked.missing.emplace_back(asset, credited - amount);
    if (amount == 0) continue;
    HoldPlaced placed;
    placed.hold = hold++;
    placed.rule = finding;
    placed.leg = asked.leg;
    placed.asset = asset;
    placed.amount = amount;
    placed.until = day_max;
    deal.made.changes.emplace_back(std::move(placed));
  }
  deal.made.changes.emplace_back(std::move(asked));
  return {};
}

Status settle_question(Deal& deal) {
  const auto number = deal.data.whole("question");
  const auto decision = deal.data.text("decision");
  deal.data.text("reason");
  if (!deal.data.is_good()) return {};
  const auto& holdings = deal.books.holdings();
  const auto& accounts = deal.books.accounts();
  const auto* question = holdings.questions.find(number);
  const bool ours = question != nullptr && question->state == QuestionState::open &&
                    question->account &&
                    accounts.holder(*question->account).programme == deal.programme;
  if (!ours) {
    return refuse_transaction("transaction.question_not_open",
                              {{"question", std::to_string(number)}});
  }
  if (decision != "keep" && decision != "take_back") {
    return refuse_transaction("transaction.illegal_change",
                              {{"what", "question"}, {"from", "open"}, {"to", decision}});
  }
  const auto& stream = deal.books.rulebook().streams[deal.instruction.stream];
  if (stream.source_number == question->source) {
    return refuse_transaction("transaction.settles_own",
                              {{"question", std::to_string(number)}, {"source", stream.source}});
  }
  Settled settled{number, question->record, QuestionState::kept, {}};
  deal.leg(*question->account);
  if (decision == "take_back") {
    TRY(const auto entry, entry_of(deal, question->record));
    take_back(deal, entry, *deal.books.rulebook().rules[entry.event.rule].rule);
    settled.state = QuestionState::taken_back;
    settled.rule = entry.event.rule;
  }
  for (const auto number_of_hold : question->holds) {
    const auto* hold = holdings.holds.find(number_of_hold);
    if (hold != nullptr) deal.made.changes.emplace_back(HoldTaken{number_of_hold, hold->left});
  }
  deal.made.changes.emplace_back(settled);
  return {};
}

}  // namespace partake::books
