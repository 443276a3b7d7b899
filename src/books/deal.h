// What the actions of transactions have in common: who is asked, what may be spent, and the
// transaction as it grows.
#pragma once

#include <map>

#include "books/instruction_data.h"
#include "books/record_lookup.h"
#include "books/transaction.h"

namespace partake::books {

// Refused: nothing is wrong with the books.
tl::unexpected<Error> refuse_transaction(std::string code, Args args = {});

class Deal {
 public:
  Deal(const Books& all, RecordFinder& found, const Instruction& asked);

  const Books& books;
  RecordFinder& finder;
  const Instruction& instruction;
  ledger::ProgrammeIndex programme;
  const Edition& edition;
  const programme::Dealings& rules;
  InstructionData data;
  Transaction made;

  // The account's leg; a new one the first time.
  LegNumber leg(AccountIndex account);
  void post(AccountIndex account, ledger::Asset asset, std::int64_t amount);
  // What an account has and is not set aside, before this transaction.
  [[nodiscard]] std::int64_t available(AccountIndex account, ledger::Asset asset) const;
  // Error transaction.not_enough.
  [[nodiscard]] Status check_available(AccountIndex account, ledger::Asset asset,
                                       std::int64_t amount) const;
  // The same of all that it has, also what is set aside.
  [[nodiscard]] Status check_balance(AccountIndex account, ledger::Asset asset,
                                     std::int64_t amount) const;
  // Takes from the account, as a debit.
  Status spend(AccountIndex account, ledger::Asset asset, std::int64_t amount);
  // Whoever holds it must have allowed this source to dispose of it, unless the account is a
  // party's. Error transaction.no_consent.
  [[nodiscard]] Status check_consent(AccountIndex account) const;
  // The local day of the instruction.
  [[nodiscard]] Day day() const { return edition.zone().local_day(instruction.time); }
  // The day of the block that this goes into.
  [[nodiscard]] Day today() const { return utc_day(books.admitted()); }
  [[nodiscard]] NamedIn named(const std::string& name) const { return {programme, name}; }

  // Of all legs: open accounts of the programme, and amounts that fit. Errors: transaction.*.
  [[nodiscard]] Status check_legs() const;

  // The rule of a name. Error transaction.unknown_rule.
  template <class Rule>
  Result<const Rule*> rule(const std::vector<Rule>& all, const char* field,
                           const std::string& id) const {
    for (const auto& rule : all) {
      if (rule.id == id) return &rule;
    }
    return refuse_transaction("transaction.unknown_rule", {{"field", field}, {"name", id}});
  }

 private:
  std::map<std::uint64_t, LegNumber> legs_;
};

// Money and other assets.
Status transfer(Deal& deal);
Status place_hold(Deal& deal);
Status release_hold(Deal& deal);
Status share(Deal& deal);
Status close_period(Deal& deal);
Status reverse(Deal& deal);
// Units.
Status issue_units(Deal& deal);
Status pool_units(Deal& deal);
Status move_units(Deal& deal);
Status pledge_units(Deal& deal);
Status unpledge_units(Deal& deal);
Status call_units(Deal& deal);
Status retire_units(Deal& deal);
Status sell_units(Deal& deal);
Status cancel_units(Deal& deal);
Status buffer_units(Deal& deal);
Status unbuffer_units(Deal& deal);
// Doubted entries.
Status ask_question(Deal& deal);
Status settle_question(Deal& deal);
// Points and what they buy.
Status place_order(Deal& deal);
Status step_order(Deal& deal);
Status convert_assets(Deal& deal);
Status expire_points(Deal& deal);

}  // namespace partake::books
