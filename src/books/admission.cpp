#include "books/admission.h"

#include <algorithm>

#include "base/require.h"

namespace partake::books {
namespace {

// How far a source's clock may run ahead of ours.
constexpr std::chrono::hours ahead_max{1};

tl::unexpected<Error> refuse(const char* code, Args args = {}) {
  return fail(ErrorKind::invalid, code, std::move(args));
}

// Kept by its last day at least until nothing so old is accepted any more.
bool has_a_window(Day day) {
  return day >= ledger::window_day_min && day <= ledger::window_day_max;
}

}  // namespace

// ---- amounts

Result<Admission::Group*> Admission::group_of(const Event& event) {
  const std::pair key{event.rule, books_.rulebook().streams[event.stream].tier};
  if (last_group_ != nullptr && key == last_key_) return last_group_;
  auto& group = groups_[key];
  if (group.quantifier == nullptr) {
    const auto& place = books_.rulebook().rules[event.rule];
    auto made = Quantifier::make(*place.edition, *place.rule, key.second, quantified_on_);
    if (!made) {
      groups_.erase(key);
      return tl::unexpected(std::move(made).error());
    }
    group.quantifier = *std::move(made);
  }
  last_key_ = key;
  return last_group_ = &group;
}

void Admission::run(Group& group) {
  if (group.events.empty()) return;
  group.quantifier->run(group.events);
  const auto& rule = *books_.rulebook().rules[group.events[0]->rule].rule;
  for (std::size_t row = 0; row < group.events.size(); ++row) {
    auto& computed = computed_[group.places[row]];
    computed.is_good = group.quantifier->is_good(row);
    if (computed.is_good) {
      for (std::size_t at = 0; at < rule.postings.size(); ++at) {
        computed.amounts[at] = group.quantifier->amount(row, at);
      }
    } else {
      computed.refusal = group.quantifier->refusal(row);
    }
  }
  group.events.clear();
  group.places.clear();
}

bool Admission::is_quantified_today() const { return utc_day(books_.admitted()) == quantified_on_; }

Status Admission::quantify(std::span<const Event* const> events) {
  // A day more may show factors that were not published before.
  if (const auto today = utc_day(books_.admitted()); today != quantified_on_) {
    groups_.clear();
    last_group_ = nullptr;
    quantified_on_ = today;
  }
  computed_.resize(std::max(computed_.size(), events.size()));
  for (std::size_t place = 0; place < events.size(); ++place) {
    if (events[place] == nullptr || events[place]->withdrawal) continue;
    const auto& event = *events[place];
    const auto tier = books_.rulebook().streams[event.stream].tier;
    if (books_.rulebook().rules[event.rule].rule->tier_worth[tier] < 0) continue;
    const auto day = utc_day(event.time);
    if (!has_a_window(day)) continue;
    auto group = group_of(event);
    if (!group) {
      computed_[place].is_good = false;
      computed_[place].refusal = std::move(group).error();
      continue;
    }
    (*group)->events.push_back(&event);
    (*group)->places.push_back(place);
    if ((*group)->events.size() == method::block_rows_max) run(**group);
  }
  for (auto& entry : groups_) run(entry.second);
  return {};
}

// ---- known before?

Result<bool> Admission::is_known(const Event& event, Decision& decision) {
  const auto& stream = books_.rulebook().streams[event.stream];
  if (!stream.numbered) {
    return books_.identities().find(event.id.hash) != nullptr;
  }
  switch (stream.taken.of(event.id.sequence)) {
    case SequenceWindow::Place::fresh:
      return false;
    case SequenceWindow::Place::taken:
      return true;
    case SequenceWindow::Place::far_ahead:
      decision.reason = {ErrorKind::invalid,
                         "event.sequence_ahead",
                         {{"sequence", std::to_string(event.id.sequence)},
                          {"highest", std::to_string(stream.taken.highest())},
                          {"limit", std::to_string(SequenceWindow::ahead_max)}},
                         {}};
      return true;
    case SequenceWindow::Place::passed:
      break;
  }
  TRY(const auto found, finder_.find(event.stream, event.id));
  if (found) return true;
  decision.reason = {ErrorKind::invalid,
                     "event.sequence_passed",
                     {{"sequence", std::to_string(event.id.sequence)},
                      {"highest", std::to_string(stream.taken.highest())}},
                     {}};
  return true;
}

// True when the decision is made: it is no new event.
Result<bool> Admission::answer_known(const Event& event, Decision& decision) {
  TRY(const auto known, is_known(event, decision));
  if (!known) return false;
  if (!decision.reason.code.empty()) return true;
  TRY(const auto found, finder_.find(event.stream, event.id));
  if (!found || found->erased) {
    // Its record was erased with its account; what it said cannot be compared any more.
    decision.outcome = Outcome::duplicate;
    return true;
  }
  decision.first_record = found->number;
  std::string before;
  std::string now;
  append_content(before, found->record.event, books_.rulebook());
  append_content(now, event, books_.rulebook());
  const bool same_rule =
      found->record.event.withdrawal == event.withdrawal &&
      (event.withdrawal || books_.rulebook().rules[found->record.event.rule].rule->type ==
                               books_.rulebook().rules[event.rule].rule->type) &&
      found->record.event.has_earlier == event.has_earlier;
  bool same_target = true;
  if (same_rule && event.has_earlier) {
    TRY(const auto target, finder_.find(event.stream, event.earlier));
    same_target = target && target->number == found->record.links.earlier;
  }
  if (same_rule && same_target && before == now) {
    decision.outcome = Outcome::duplicate;
    decision.credit = found->record.credit;
    return true;
  }
  decision.outcome = Outcome::conflict;
  decision.reason = {
      ErrorKind::conflict, "event.conflict", {{"record", std::to_string(found->number)}}, {}};
  return true;
}

// ---- allowed?

Status Admission::check_account(const Event& event) const {
  using State = ledger::Holder::State;
  const auto name = [&] { return Args{{"account", ledger::to_string(event.account)}}; };
  if (event.account.value >= books_.accounts().size()) {
    return refuse("event.unknown_account", name());
  }
  const auto& holder = books_.accounts().holder(event.account);
  const auto& stream = books_.rulebook().streams[event.stream];
  if (holder.state == State::erased) return refuse("event.account_erased", name());
  if (holder.programme != stream.programme) return refuse("event.other_programme", name());
  if (holder.state == State::frozen) return refuse("event.account_frozen", name());
  if (!books_.consents().allows(holder.consents, stream.source_number, purpose_credit,
                                utc_day(books_.admitted()))) {
    auto args = name();
    args.emplace_back("source", stream.source);
    return refuse("event.no_consent", std::move(args));
  }
  return {};
}

Status Admission::check_time(const Event& event) const {
  const auto& edition = *books_.rulebook()
                             .programmes[books_.rulebook().streams[event.stream].programme]
                             .editions.back();
  const auto oldest = books_.admitted() - std::chrono::days{edition.scheme().late_days};
  if (event.time < oldest || !has_a_window(utc_day(event.time))) {
    return refuse("event.too_late", {{"time", to_string(event.time)},
                                     {"days", std::to_string(edition.scheme().late_days)}});
  }
  // Days once forgotten stay closed, even when a new edition allows more days.
  if (utc_day(event.time) < books_.horizon()) {
    return refuse("event.day_closed",
                  {{"time", to_string(event.time)}, {"day", to_string(books_.horizon())}});
  }
  if (event.time > books_.admitted() + ahead_max) {
    return refuse("event.in_future",
                  {{"time", to_string(event.time)}, {"now", to_string(books_.admitted())}});
  }
  return {};
}

Status Admission::check_rule(const Event& event) const {
  const auto& place = books_.rulebook().rules[event.rule];
  const auto& rule = *place.rule;
  const auto tier = books_.rulebook().streams[event.stream].tier;
  if (rule.tier_worth[tier] < 0) {
    return refuse("event.tier_not_accepted",
                  {{"tier", std::string(1, static_cast<char>('A' + tier))}});
  }
  const auto actor = books_.accounts().holder(event.account).actor;
  if ((rule.actors >> actor & 1U) == 0) {
    return refuse("event.actor_not_accepted", {{"actor", actor_kinds[actor]}, {"type", rule.type}});
  }
  const auto day = event.day;
  if (day < rule.use->from || day > rule.use->to) {
    return refuse("event.method_not_valid", {{"method", rule.use->id.text()},
                                             {"version", rule.use->version},
                                             {"day", to_string(day)},
                                             {"from", to_string(rule.use->from)},
                                             {"to", to_string(rule.use->to)}});
  }
  return {};
}

Result<Status> Admission::find_earlier(const Event& event, Decision& decision) {
  std::optional<FoundRecord> found;
  if (event.earlier_record == ledger::no_record) {
    TRY(found, finder_.find(event.stream, event.earlier));
  } else {
    TRY(const auto bytes, finder_.bytes_of(event.earlier_record));
    TRY(found, found_in(bytes, event.earlier_record, books_.rulebook()));
  }
  const auto name = [&] {
    const bool numbered = books_.rulebook().streams[event.stream].numbered;
    return Args{{"id", numbered ? std::to_string(event.earlier.sequence) : event.earlier.text}};
  };
  if (!found || found->erased || found->record.event.account != event.account ||
      found->record.event.withdrawal) {
    return Status{refuse("event.nothing_to_replace", name())};
  }
  if (books_.is_reversed(found->number)) {
    return Status{refuse("event.replaced_before", name())};
  }
  auto& credit = decision.credit;
  const auto& rule = *books_.rulebook().rules[found->record.event.rule].rule;
  credit.reverses = true;
  credit.reversed_rule = found->record.event.rule;
  for (std::size_t at = 0; at < rule.postings.size(); ++at) {
    credit.reversed[at] = -found->record.credit.credited[at];
  }
  // Points follow the balance: what it loses, not what the event was once given.
  if (rule.point_for > 0) {
    credit.reversed[rule.postings.size()] =
        books_.points_for(event.account, rule, 0, credit.reversed[0]);
  }
  decision.links.earlier = found->number;
  decision.links.earlier_time = found->record.event.time;
  return Status{};
}

// ---- limits

Int128 Admission::used_of(const CapPlan& cap, const Event& event, const Decision& decision) const {
  const auto window = ledger::window_of(event.day, cap.window);
  Int128 used = books_.caps().used(event.account, cap.number, window);
  if (!decision.credit.reverses) return used;
  // The room of what it replaces is free again.
  const auto& zone = books_.rulebook().rules[event.rule].edition->zone();
  const auto earlier_day = zone.local_day(decision.links.earlier_time);
  for (const auto& other : books_.rulebook().rules[decision.credit.reversed_rule].rule->caps) {
    const bool same =
        other.number == cap.number && ledger::window_of(earlier_day, other.window) == window;
    if (same) used += decision.credit.reversed[other.posting];
  }
  return used;
}

// A better report of the same act is credited what it is worth more; any other, nothing.
void Admission::limit_by_acts(const Event& event, const Rule& rule, Decision& decision) {
  if (rule.group < 0) return;
  const auto tier = books_.rulebook().streams[event.stream].tier;
  bool same_act = false;
  bool better = true;
  std::int64_t before = 0;
  same_acts(event, rule, decision.links, [&](const ledger::Act& act) {
    same_act = true;
    better = better && tier < act.tier;
    before += act.credited;
  });
  if (!same_act) return;
  auto& credit = decision.credit;
  for (std::size_t at = 0; at < rule.postings.size(); ++at) {
    // Of 128 bits: what was credited before may be negative.
    const auto left = better && at == 0 ? Int128{credit.computed[0]} - before : Int128{0};
    const auto most = std::max<std::int64_t>(0, credit.computed[at]);
    credit.credited[at] = static_cast<std::int64_t>(std::clamp<Int128>(left, 0, most));
    if (credit.credited[at] < credit.computed[at]) credit.limits |= limited_by_act;
  }
}

void Admission::limit_by_caps(const Event& event, const Rule& rule, Decision& decision) const {
  auto& credit = decision.credit;
  for (const auto& cap : rule.caps) {
    const auto left = std::max<Int128>(0, cap.most - used_of(cap, event, decision));
    auto& credited = credit.credited[cap.posting];
    if (credited <= left) continue;
    credited = static_cast<std::int64_t>(left);
    credit.limits |= limited_by_cap;
  }
}

void Admission::compute_credit(const Event& event, const Computed& computed, Decision& decision) {
  const auto& rule = *books_.rulebook().rules[event.rule].rule;
  auto& credit = decision.credit;
  credit.computed = computed.amounts;
  credit.credited = computed.amounts;
  limit_by_acts(event, rule, decision);
  limit_by_caps(event, rule, decision);
  if (rule.point_for == 0) return;
  credit.credited[rule.postings.size()] = books_.points_for(
      event.account, rule, credit.reverses ? credit.reversed[0] : 0, credit.credited[0]);
}

Status Admission::check(std::size_t place, const Event& event) const {
  CHECK_OK(check_account(event));
  CHECK_OK(check_time(event));
  if (event.withdrawal) return {};
  CHECK_OK(check_rule(event));
  if (!computed_[place].is_good) return tl::unexpected(computed_[place].refusal);
  return {};
}

Result<Status> Admission::credit(std::size_t place, const Event& event, Decision& decision) {
  if (event.has_earlier) {
    TRY(auto allowed, find_earlier(event, decision));
    if (!allowed) return allowed;
  }
  if (event.withdrawal) return Status{};
  if (!computed_[place].is_good) return Status{tl::unexpected(computed_[place].refusal)};
  compute_credit(event, computed_[place], decision);
  return Status{};
}

Status Admission::decide(std::size_t place, const Event& event, Decision& decision) {
  decision.outcome = Outcome::rejected;
  if (!decision.reason.code.empty()) decision.reason = {};
  decision.first_record = ledger::no_record;
  decision.credit = {};
  decision.links = {};
  TRY(const auto answered, answer_known(event, decision));
  if (answered) return {};
  if (auto allowed = check(place, event); !allowed) {
    decision.reason = std::move(allowed).error();
    return {};
  }
  TRY(auto worth, credit(place, event, decision));
  if (!worth) {
    decision.reason = std::move(worth).error();
    return {};
  }
  if (!books_.is_comparable(event, decision.credit)) {
    decision.reason = {ErrorKind::exhausted,
                       "event.act_too_large",
                       {{"amount", std::to_string(decision.credit.credited[0])},
                        {"limit", std::to_string(ledger::Act::credited_max)}},
                       {}};
    return {};
  }
  if (!books_.fits(event, decision.credit)) {
    decision.reason = {ErrorKind::exhausted,
                       "event.account_overflow",
                       {{"account", ledger::to_string(event.account)}},
                       {}};
    return {};
  }
  decision.links.previous = books_.accounts().holder(event.account).last_record;
  decision.outcome = decision.credit.limits != 0 ? Outcome::limited : Outcome::accepted;
  return {};
}

}  // namespace partake::books
