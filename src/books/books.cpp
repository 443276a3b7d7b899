#include "books/books.h"

#include <algorithm>
#include <limits>

#include "base/require.h"

namespace partake::books {
namespace {

tl::unexpected<Error> unfit(const char* what, const std::string& value) {
  return fail(ErrorKind::corrupt, "books.record_does_not_fit", {{"what", what}, {"value", value}});
}

// Rounded down, so that what is left is not negative.
struct Division {
  std::int64_t quotient = 0;
  std::int64_t left = 0;
};
Division divide(std::int64_t value, std::int64_t by) {
  Division division{value / by, value % by};
  if (division.left < 0) {
    --division.quotient;
    division.left += by;
  }
  return division;
}

// Windows of acts and caps reach into days on both sides of an event's own.
constexpr std::chrono::days forget_margin{3};
// Fewer acts than this are not shown together.
constexpr std::uint64_t group_min = 10;

}  // namespace

void Books::begin_block(std::uint64_t block, Instant admitted) {
  using std::chrono::hours;
  const bool new_hour = std::chrono::floor<hours>(admitted) > std::chrono::floor<hours>(admitted_);
  if (new_hour && totals_.events >= published_.events + group_min) published_ = totals_;
  block_chain_ = editions_chain_;
  block_editions_ = editions_;
  block_ = block;
  block_ranges_ = ranges_.size();
  set_time(admitted);
}

// Also what nothing new can reach any more.
void Books::set_time(Instant admitted) {
  admitted_ = admitted;
  const auto horizon =
      utc_day(admitted) - std::chrono::days{rulebook_.late_days_max()} - forget_margin;
  if (editions_ > 0) horizon_ = std::max(horizon_, horizon);
  forget();
  holdings_.holds.end_before(utc_day(admitted));
  pass_years();
}

void Books::forget() {
  caps_.forget_before(horizon_);
  acts_.forget_before(horizon_);
  identities_.forget_before(horizon_);
}

Result<AccountIndex> Books::account(std::string_view text) const {
  TRY(const auto account, ledger::parse_account(text));
  if (account.value < accounts_.size()) return account;
  return fail(ErrorKind::not_found, "account.unknown", {{"account", std::string{text}}});
}

Result<ledger::ProgrammeIndex> Books::programme(const std::string& id) const {
  const auto* found = rulebook_.programme(id);
  if (found != nullptr) {
    return static_cast<ledger::ProgrammeIndex>(found - rulebook_.programmes.data());
  }
  return fail(ErrorKind::not_found, "programme.unknown", {{"programme", id}});
}

const Content* Books::content(const Hash& hash) const {
  const auto found = std::find_if(contents_.begin(), contents_.end(),
                                  [&](const auto& entry) { return entry.first == hash; });
  return found == contents_.end() ? nullptr : &found->second;
}

std::int64_t Books::points_for(AccountIndex account, const Rule& rule, std::int64_t before,
                               std::int64_t amount) const {
  // By what is left over of each, because the sums may need more than 64 bits.
  const auto by = rule.point_for;
  const auto carries = [&](std::int64_t one, std::int64_t other) { return one >= by - other; };
  auto held = divide(accounts_.balance(rule.postings[0].asset, account), by).left;
  if (before != 0) {
    const auto more = divide(before, by).left;
    held = carries(held, more) ? held - (by - more) : held + more;
  }
  const auto added = divide(amount, by);
  return added.quotient + (carries(added.left, held) ? 1 : 0);
}

void Books::prefetch(const Event& event, bool soon) const {
  if (!soon) accounts_.prefetch(event.account);
  if (!rulebook_.streams[event.stream].numbered) identities_.prefetch(event.id.hash, soon);
  if (event.withdrawal || event.account.value >= accounts_.size()) return;
  const auto& rule = *rulebook_.rules[event.rule].rule;
  if (rule.group >= 0) {
    acts_.prefetch(event.account, static_cast<ledger::GroupNumber>(rule.group),
                   act_time(rule, event.time, event.day, 0).start_s, soon);
  }
  for (const auto& cap : rule.caps) {
    caps_.prefetch(event.account, cap.number, ledger::window_of(event.day, cap.window), soon);
  }
}

Json::Object Books::block_facts() const {
  Json::Object editions{{"count", Json::integer(static_cast<std::int64_t>(block_editions_))},
                        {"hash", to_hex(block_chain_)}};
  Json::Object totals{{"events", Json::integer(static_cast<std::int64_t>(published_.events))}};
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    if (published_.credited[at] == 0) continue;
    totals.emplace_back(ledger::name_of(static_cast<ledger::Asset>(at)),
                        std::to_string(published_.credited[at]));
  }
  return {{"editions", std::move(editions)}, {"totals", std::move(totals)}};
}

// ---- events

void Books::take_identity(std::uint64_t number, const Event& event) {
  auto& stream = rulebook_.streams[event.stream];
  if (!stream.numbered) {
    identities_.add(event.id.hash, number, utc_day(event.time));
    return;
  }
  stream.taken.take(event.id.sequence);
  for (auto at = block_ranges_; at < ranges_.size(); ++at) {
    auto& range = ranges_[at];
    if (range.stream != event.stream) continue;
    range.low = std::min(range.low, event.id.sequence);
    range.high = std::max(range.high, event.id.sequence);
    return;
  }
  ranges_.push_back({block_, event.stream, 0, event.id.sequence, event.id.sequence});
}

void Books::use_caps(AccountIndex account, const Rule& rule, Day day, const Amounts& amounts) {
  for (const auto& cap : rule.caps) {
    const auto amount = amounts[cap.posting];
    if (amount == 0) continue;
    caps_.use(account, cap.number, ledger::window_of(day, cap.window), amount);
  }
}

void Books::reverse(const Event& event, const Credit& credit, const Links& links) {
  const auto& place = rulebook_.rules[credit.reversed_rule];
  const auto& rule = *place.rule;
  const auto day = place.edition->zone().local_day(links.earlier_time);
  use_caps(event.account, rule, day, credit.reversed);
  if (rule.group >= 0) {
    acts_.withdraw(event.account, static_cast<ledger::GroupNumber>(rule.group),
                   act_time(rule, links.earlier_time, day, 0).start_s, links.earlier);
  }
  for (std::size_t at = 0; at < rule.amounts(); ++at) {
    const auto asset = rule.asset_of(at);
    accounts_.post(asset, event.account, credit.reversed[at]);
    totals_.credited[static_cast<std::size_t>(asset)] += credit.reversed[at];
  }
  reversed_.insert(links.earlier);
}

void Books::post(std::uint64_t number, const Event& event, const Credit& credit,
                 const Links& links) {
  take_identity(number, event);
  if (credit.reverses) reverse(event, credit, links);
  if (!event.withdrawal) {
    const auto& rule = *rulebook_.rules[event.rule].rule;
    use_caps(event.account, rule, event.day, credit.credited);
    if (rule.group >= 0) {
      ledger::Act act;
      const auto time = act_time(rule, event.time, event.day, event.length_s);
      act.start_s = time.start_s;
      act.length_s = time.length_s;
      act.tier = rulebook_.streams[event.stream].tier;
      act.record = number;
      act.credited = credit.credited[0];
      acts_.add(event.account, static_cast<ledger::GroupNumber>(rule.group), act);
    }
    for (std::size_t at = 0; at < rule.amounts(); ++at) {
      const auto asset = rule.asset_of(at);
      accounts_.post(asset, event.account, credit.credited[at]);
      totals_.credited[static_cast<std::size_t>(asset)] += credit.credited[at];
    }
  }
  ++totals_.events;
  accounts_.holder(event.account).last_record = number;
}

// In the order of post(): what is reversed goes first.
bool Books::fits(const Event& event, const Credit& credit) const {
  const auto within = [](Int128 value) {
    using Limits = std::numeric_limits<std::int64_t>;
    return value >= Limits::min() && value <= Limits::max();
  };
  const auto programme = accounts_.holder(event.account).programme;
  std::array<Int128, ledger::assets> posted{};
  const auto good = [&](RuleNumber number, const Amounts& amounts) {
    const auto& rule = *rulebook_.rules[number].rule;
    for (std::size_t at = 0; at < rule.amounts(); ++at) {
      const auto asset = rule.asset_of(at);
      const auto index = static_cast<std::size_t>(asset);
      auto& sum = posted[index];
      sum += amounts[at];
      const bool fits = within(accounts_.balance(asset, event.account) + sum) &&
                        within(accounts_.issued(asset, programme) - sum) &&
                        within(totals_.credited[index] + sum);
      if (!fits) return false;
    }
    return true;
  };
  return (!credit.reverses || good(credit.reversed_rule, credit.reversed)) &&
         (event.withdrawal || good(event.rule, credit.credited));
}

bool Books::is_comparable(const Event& event, const Credit& credit) const {
  if (event.withdrawal || rulebook_.rules[event.rule].rule->group < 0) return true;
  constexpr auto most = ledger::Act::credited_max;
  return credit.credited[0] <= most && credit.credited[0] >= -most;
}

// What a record written by us always fulfils, so that posting it cannot go wrong.
Status Books::check(const EventRecord& record) const {
  const auto& event = record.event;
  if (event.account.value >= accounts_.size()) {
    return unfit("account", std::to_string(event.account.value));
  }
  const auto& holder = accounts_.holder(event.account);
  if (holder.last_record != record.links.previous) {
    return unfit("previous record", std::to_string(record.links.previous));
  }
  if (!fits(event, record.credit) || !is_comparable(event, record.credit)) {
    return unfit("amount", std::to_string(record.credit.credited[0]));
  }
  return {};
}

Status Books::apply_erased_event(const EventRecord& record) {
  const auto post = [&](RuleNumber number, const Amounts& amounts) -> Status {
    const auto& place = rulebook_.rules[number];
    for (std::size_t at = 0; at < place.rule->amounts(); ++at) {
      const auto asset = place.rule->asset_of(at);
      const auto index = static_cast<std::size_t>(asset);
      const bool fits =
          accounts_.fits_unnamed(asset, place.programme, amounts[at]) &&
          !__builtin_add_overflow(totals_.credited[index], amounts[at], &totals_.credited[index]) &&
          !__builtin_add_overflow(erased_.credited[index], amounts[at], &erased_.credited[index]);
      if (!fits) return unfit("amount", std::to_string(amounts[at]));
      accounts_.post_unnamed(asset, place.programme, amounts[at]);
    }
    return {};
  };
  if (!record.event.withdrawal) CHECK_OK(post(record.event.rule, record.credit.credited));
  if (record.credit.reverses) {
    CHECK_OK(post(record.credit.reversed_rule, record.credit.reversed));
  }
  ++totals_.events;
  ++erased_.events;
  return {};
}

Status Books::apply(std::uint64_t number, const journal::Record& record) {
  const auto kind = static_cast<Kind>(record.open[0]);
  if (kind == Kind::transaction) return apply_transaction(number, record);
  if (kind == Kind::posting) return apply_leg(number, record);
  if (pending_) return unfit("record inside a transaction", std::to_string(number));
  if (kind == Kind::event) {
    if (record.erased) {
      TRY(const auto erased, parse_open(record.open, rulebook_));
      return apply_erased_event(erased);
    }
    if (record.hidden.empty()) return unfit("hidden part", "none");
    TRY(const auto event, parse_event(record.open, record.body(), number, rulebook_));
    return apply(number, event);
  }
  const bool readable = !record.hidden.empty() && !record.erased;
  TRY(const auto fact, parse_fact(record.open, readable ? record.body() : std::string_view{}));
  if (fact) return apply(number, *fact);
  ++erased_.events;
  return {};
}

Status Books::apply(std::uint64_t number, const EventRecord& event) {
  CHECK_OK(check(event));
  post(number, event.event, event.credit, event.links);
  return {};
}

// ---- facts

Status Books::apply(std::uint64_t number, const Fact& fact) {
  const bool lasting = std::holds_alternative<Content>(fact) ||
                       std::holds_alternative<Manifest>(fact) ||
                       std::holds_alternative<SourceState>(fact);
  struct Visitor {
    Books& books;
    std::uint64_t number;
    Status operator()(const Content& content) const { return books.apply_content(content); }
    Status operator()(const Manifest& manifest) const { return books.apply_edition(manifest); }
    Status operator()(const AccountsOpened& opened) const { return books.apply_accounts(opened); }
    Status operator()(const SourceState& state) const { return books.apply_source(state); }
    Status operator()(const ConsentChange& change) const {
      return books.apply_consent(number, change);
    }
    Status operator()(const AccountStateChange& change) const {
      return books.apply_account_state(number, change);
    }
    Status operator()(const Erasure& erasure) const { return books.apply_erasure(erasure); }
    Status operator()(const PartyNamed& named) const { return books.apply_party(named); }
  };
  CHECK_OK(std::visit(Visitor{*this, number}, fact));
  // Only now: a fact that does not fit is no record.
  if (lasting) lasting_.push_back(number);
  return {};
}

Status Books::apply_content(const Content& content) {
  const auto hash = hash_of(content);
  if (this->content(hash) == nullptr) contents_.emplace_back(hash, content);
  return {};
}

Status Books::apply_edition(const Manifest& manifest) {
  std::vector<Content> contents;
  for (const auto& hash : manifest.contents) {
    const auto* found = content(hash);
    if (found == nullptr) return unfit("content", to_hex(hash));
    contents.push_back(*found);
  }
  auto known = std::find_if(rulebook_.programmes.begin(), rulebook_.programmes.end(),
                            [&](const Programme& entry) { return entry.id == manifest.programme; });
  const bool is_new = known == rulebook_.programmes.end();
  Problems problems;
  auto numbers = is_new ? ProgrammeNumbers{} : known->numbers;
  std::shared_ptr<const Edition> edition = Edition::build(contents, numbers, problems);
  if (problems.empty() && !is_new) edition->check_after(known->editions, problems);
  if (!problems.empty()) return tl::unexpected(problems.front());
  const auto built = edition->manifest(contents);
  if (hash_of(built) != hash_of(manifest)) return unfit("edition", manifest.programme);
  if (is_new) known = rulebook_.programmes.insert(known, Programme{manifest.programme, {}, {}, {}});
  known->numbers = std::move(numbers);
  editions_chain_ = sha256_parts({bytes_of(editions_chain_), bytes_of(hash_of(manifest))});
  ++editions_;
  known->first_rules.push_back(static_cast<RuleNumber>(rulebook_.rules.size()));
  known->editions.push_back(std::move(edition));
  const auto number = static_cast<ledger::ProgrammeIndex>(known - rulebook_.programmes.begin());
  for (const auto& rule : known->editions.back()->rules()) {
    rulebook_.rules.push_back({&rule, known->editions.back().get(), number});
    for (std::size_t at = 0; at < rule.amounts(); ++at) accounts_.use(rule.asset_of(at));
  }
  // From now on, whenever the next block comes.
  pass_years();
  return {};
}

Result<Consent> Books::consent_of(const ConsentGiven& given) const {
  const auto* source = rulebook_.source(given.source);
  if (source == nullptr) return unfit("source", given.source);
  return Consent{static_cast<std::uint32_t>(source - rulebook_.sources.data()), given.purpose,
                 given.until};
}

Status Books::apply_accounts(const AccountsOpened& opened) {
  ledger::Holder holder;
  const auto programme_number = programme(opened.programme);
  if (!programme_number) return unfit("programme", opened.programme);
  holder.programme = *programme_number;
  std::vector<Consent> consents;
  for (const auto& given : opened.consents) {
    TRY(auto consent, consent_of(given));
    consents.push_back(std::move(consent));
  }
  holder.consents = consents_.number_of(std::move(consents));
  holder.actor = actor_kind_of(opened.actor).value_or(0);
  TRY(const auto first, accounts_.open(holder, opened.count));
  if (!opened.group.empty()) {
    holdings_.groups.push_back({first.value, opened.count, holder.programme, opened.group});
  }
  return {};
}

Status Books::apply_party(const PartyNamed& named) {
  const auto number = programme(named.programme);
  if (!number) return unfit("programme", named.programme);
  const bool good = named.account.value < accounts_.size() &&
                    accounts_.holder(named.account).programme == *number &&
                    accounts_.holder(named.account).state != ledger::Holder::State::erased;
  if (!good) return unfit("account", ledger::to_string(named.account));
  holdings_.parties[{*number, named.party}] = named.account;
  return {};
}

Status Books::apply_source(const SourceState& state) {
  const auto programme_number = programme(state.programme);
  if (!programme_number) return unfit("programme", state.programme);
  auto known = std::find_if(rulebook_.sources.begin(), rulebook_.sources.end(),
                            [&](const Source& entry) { return entry.name == state.source; });
  const bool is_new = known == rulebook_.sources.end();
  if (is_new) known = rulebook_.sources.insert(known, Source{state.source});
  const auto tier = static_cast<std::uint8_t>(state.tier[0] - 'A');
  // Transactions are known by id.
  if (!state.may.empty() && state.numbered) return unfit("source", state.source);
  if (!is_new) {
    const auto& current = rulebook_.streams[known->stream];
    const bool same = current.tier == tier && current.numbered == state.numbered &&
                      current.programme == *programme_number &&
                      known->may.empty() == state.may.empty();
    if (!same || state.epoch < current.epoch) return unfit("source", state.source);
  }
  known->key_hash = state.key_hash;
  known->revoked = state.revoked;
  known->may = state.may;
  if (!is_new && rulebook_.streams[known->stream].epoch == state.epoch) return {};
  known->stream = static_cast<StreamNumber>(rulebook_.streams.size());
  Stream stream;
  stream.source = state.source;
  stream.source_number = static_cast<std::uint32_t>(known - rulebook_.sources.begin());
  stream.epoch = state.epoch;
  stream.tier = tier;
  stream.programme = *programme_number;
  stream.numbered = state.numbered;
  rulebook_.streams.push_back(std::move(stream));
  return {};
}

Status Books::apply_consent(std::uint64_t number, const ConsentChange& change) {
  if (change.account.value >= accounts_.size()) return unfit("account", "");
  auto& holder = accounts_.holder(change.account);
  if (holder.last_record != change.previous) return unfit("previous record", "");
  TRY(const auto consent, consent_of(change.consent));
  holder.consents = change.granted
                        ? consents_.with(holder.consents, consent)
                        : consents_.without(holder.consents, consent.source, consent.purpose);
  holder.last_record = number;
  return {};
}

Status Books::apply_account_state(std::uint64_t number, const AccountStateChange& change) {
  using State = ledger::Holder::State;
  if (change.account.value >= accounts_.size()) return unfit("account", "");
  auto& holder = accounts_.holder(change.account);
  if (holder.last_record != change.previous || holder.state == State::erased) {
    return unfit("previous record", "");
  }
  holder.state = change.frozen ? State::frozen : State::open;
  holder.last_record = number;
  return {};
}

// While the records are still readable the account holds its balance; once they are not, what they
// credited stands unnamed. Either way it goes back to the programme here.
Status Books::apply_erasure(const Erasure& erasure) {
  if (erasure.account.value >= accounts_.size()) return unfit("account", "");
  auto& holder = accounts_.holder(erasure.account);
  for (const auto& [name, amount] : erasure.balances) {
    const auto asset = ledger::asset_of(name);
    if (!asset) return unfit("asset", name);
    const auto held = accounts_.balance(*asset, erasure.account);
    if (held == amount) {
      accounts_.post(*asset, erasure.account, -amount);
    } else if (held == 0) {
      if (!accounts_.fits_unnamed(*asset, holder.programme, -amount)) {
        return unfit("balance", std::to_string(amount));
      }
      accounts_.post_unnamed(*asset, holder.programme, -amount);
    } else {
      return unfit("balance", std::to_string(held));
    }
  }
  erasures_.push_back(erasure);
  holder.state = ledger::Holder::State::erased;
  holder.consents = 0;
  holder.last_record = ledger::no_record;
  return {};
}

const Source* Rulebook::source(std::string_view name) const {
  const auto found = std::find_if(sources.begin(), sources.end(),
                                  [&](const Source& entry) { return entry.name == name; });
  return found == sources.end() ? nullptr : &*found;
}

std::int64_t Rulebook::late_days_max() const {
  std::int64_t late_days = 0;
  for (const auto& entry : programmes) {
    for (const auto& edition : entry.editions) {
      late_days = std::max(late_days, edition->scheme().late_days);
    }
  }
  return late_days;
}

const Programme* Rulebook::programme(std::string_view id) const {
  const auto found = std::find_if(programmes.begin(), programmes.end(),
                                  [&](const Programme& entry) { return entry.id == id; });
  return found == programmes.end() ? nullptr : &*found;
}

}  // namespace partake::books
