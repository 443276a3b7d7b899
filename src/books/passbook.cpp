#include "books/passbook.h"

namespace partake::books {
namespace {

tl::unexpected<Error> broken(std::uint64_t record) {
  return fail(ErrorKind::corrupt, "passbook.broken", {{"record", std::to_string(record)}});
}

// The account of a fact, and the entry before it.
bool link_of(const Fact& fact, AccountIndex& account, std::uint64_t& previous) {
  if (const auto* consent = std::get_if<ConsentChange>(&fact)) {
    account = consent->account;
    previous = consent->previous;
    return true;
  }
  if (const auto* state = std::get_if<AccountStateChange>(&fact)) {
    account = state->account;
    previous = state->previous;
    return true;
  }
  return false;
}

}  // namespace

Status walk_passbook(const journal::Journal& journal, const Books& books, AccountIndex account,
                     std::uint64_t from, const std::function<bool(const PassbookEntry&)>& take) {
  RecordLookup lookup{journal, books};
  // Many entries of one account may stand in one block: its time is read once.
  std::optional<std::uint64_t> block;
  Instant admitted;
  for (auto number = from; number != ledger::no_record;) {
    TRY(const auto bytes, lookup.bytes_of(number));
    std::string_view rest{bytes};
    TRY(const auto record, journal::take_record(rest));
    if (record.hidden.empty() || record.erased) return broken(number);
    PassbookEntry entry;
    entry.record = number;
    if (const auto home = journal.block_of(number); block != home) {
      TRY(admitted, journal.admitted_of(home));
      block = home;
    }
    entry.admitted = admitted;
    AccountIndex owner;
    if (static_cast<Kind>(record.open[0]) == Kind::event) {
      TRY(entry.event, parse_event(record.open, record.body(), number, books.rulebook()));
      owner = entry.event->event.account;
      entry.previous = entry.event->links.previous;
    } else if (static_cast<Kind>(record.open[0]) == Kind::posting) {
      TRY(entry.leg, parse_leg(record.open, record.body(), number));
      owner = *entry.leg->account;
      entry.previous = entry.leg->previous;
      entry.leg_number = static_cast<LegNumber>(number - entry.leg->transaction - 1);
      TRY(const auto whole, lookup.bytes_of(entry.leg->transaction));
      std::string_view of{whole};
      TRY(const auto home, journal::take_record(of));
      TRY(entry.transaction, parse_transaction(home.open));
    } else {
      TRY(entry.fact, parse_fact(record.open, record.body()));
      if (!entry.fact || !link_of(*entry.fact, owner, entry.previous)) return broken(number);
    }
    const bool goes_back = entry.previous == ledger::no_record || entry.previous < number;
    if (owner != account || !goes_back) return broken(number);
    if (!take(entry)) return {};
    number = entry.previous;
  }
  return {};
}

std::int64_t change_of(const PassbookEntry& entry, ledger::Asset asset, const Rulebook& rulebook) {
  std::int64_t change = 0;
  if (entry.leg) {
    for (const auto& [of, amount] : entry.leg->amounts) change += of == asset ? amount : 0;
  }
  if (!entry.event) return change;
  const auto add = [&](RuleNumber number, const Amounts& amounts) {
    const auto& rule = *rulebook.rules[number].rule;
    for (std::size_t at = 0; at < rule.amounts(); ++at) {
      const auto of = rule.asset_of(at);
      if (of == asset) change += amounts[at];
    }
  };
  if (!entry.event->event.withdrawal) add(entry.event->event.rule, entry.event->credit.credited);
  if (entry.event->credit.reverses) {
    add(entry.event->credit.reversed_rule, entry.event->credit.reversed);
  }
  return change;
}

}  // namespace partake::books
