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

// An account's part of a transaction. What was asked for is hidden with all its accounts, so it may
// be erased while this part is not.
Status read_leg(const journal::Journal& journal, const journal::Record& record,
                PassbookEntry& entry) {
  TRY(entry.leg, parse_leg(record.open, record.body(), entry.record));
  entry.previous = entry.leg->previous;
  entry.leg_number = static_cast<LegNumber>(entry.record - entry.leg->transaction - 1);
  TRY(const auto whole, journal.record(entry.leg->transaction));
  std::string_view of{whole};
  TRY(const auto home, journal::take_record(of));
  TRY(entry.transaction, parse_transaction(home.open));
  if (home.hidden.empty() || home.erased) return {};
  TRY(entry.instruction, parse_instruction(home.body(), entry.transaction->action));
  return {};
}

}  // namespace

Result<PassbookEntry> passbook_entry(const journal::Journal& journal, const Rulebook& rulebook,
                                     AccountIndex account, std::uint64_t number) {
  TRY(const auto bytes, journal.record(number));
  std::string_view rest{bytes};
  TRY(const auto record, journal::take_record(rest));
  if (record.hidden.empty() || record.erased) return broken(number);
  PassbookEntry entry;
  entry.record = number;
  entry.admitted = journal.blocks()[journal.block_of(number)].admitted;
  AccountIndex owner;
  const auto kind = static_cast<Kind>(record.open[0]);
  if (kind == Kind::event) {
    TRY(entry.event, parse_event(record.open, record.body(), number, rulebook));
    owner = entry.event->event.account;
    entry.previous = entry.event->links.previous;
  } else if (kind == Kind::posting) {
    CHECK_OK(read_leg(journal, record, entry));
    owner = *entry.leg->account;
  } else {
    TRY(entry.fact, parse_fact(record.open, record.body()));
    if (!entry.fact || !link_of(*entry.fact, owner, entry.previous)) return broken(number);
  }
  const bool goes_back = entry.previous == ledger::no_record || entry.previous < number;
  if (owner != account || !goes_back) return broken(number);
  return entry;
}

Status walk_passbook(const journal::Journal& journal, const Books& books, AccountIndex account,
                     std::uint64_t from, const std::function<bool(const PassbookEntry&)>& take) {
  for (auto number = from; number != ledger::no_record;) {
    TRY(const auto entry, passbook_entry(journal, books.rulebook(), account, number));
    if (!take(entry)) return {};
    number = entry.previous;
  }
  return {};
}

Instant time_of(const PassbookEntry& entry) {
  if (entry.event) return entry.event->event.time;
  return entry.instruction ? entry.instruction->time : entry.admitted;
}

AssetAmounts changes_of(const PassbookEntry& entry, const Rulebook& rulebook) {
  AssetAmounts changes{};
  // A record that was tampered with may leave 64 bits; its sums are then wrong, not undefined.
  const auto add = [&](ledger::Asset asset, std::int64_t amount) {
    auto& sum = changes[static_cast<std::size_t>(asset)];
    sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) +
                                    static_cast<std::uint64_t>(amount));
  };
  if (entry.leg) {
    for (const auto& [asset, amount] : entry.leg->amounts) add(asset, amount);
  }
  if (!entry.event) return changes;
  const auto add_all = [&](RuleNumber number, const Amounts& amounts) {
    const auto& rule = *rulebook.rules[number].rule;
    for (std::size_t at = 0; at < rule.amounts(); ++at) add(rule.asset_of(at), amounts[at]);
  };
  const auto& [event, credit, links] = *entry.event;
  if (!event.withdrawal) add_all(event.rule, credit.credited);
  if (credit.reverses) add_all(credit.reversed_rule, credit.reversed);
  return changes;
}

}  // namespace partake::books
