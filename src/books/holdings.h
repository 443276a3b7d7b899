// What there is in the books beside accounts and their balances: what is set aside, units, orders,
// questions, shared periods, ages of points, roles and groups. Changed by transactions and facts
// alone.
#pragma once

#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "ledger/holds.h"
#include "ledger/orders.h"
#include "ledger/point_ages.h"
#include "ledger/questions.h"
#include "ledger/units.h"

namespace partake::books {

using ledger::AccountIndex;
using ledger::ProgrammeIndex;
// Something that a programme names.
using NamedIn = std::pair<ProgrammeIndex, std::string>;

// What was shared after one rule in one period.
struct SharedPeriod {
  bool closed = false;
  std::int64_t amount = 0;
  std::map<std::string, std::int64_t> by_party;
};

// Accounts opened together, as one class or house.
struct AccountGroup {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  ProgrammeIndex programme = 0;
  std::string name;
};

struct AgesOfPoints {
  int year = 0;  // Of the programme's calendar, in which points are posted now.
  ledger::PointAges ages;
};

struct Holdings {
  ledger::Holds holds;
  std::map<NamedIn, ledger::Units> units;
  ledger::Orders orders;
  ledger::Questions questions;
  std::map<std::pair<NamedIn, std::string>, SharedPeriod> periods;
  std::map<NamedIn, AccountIndex> parties;
  std::vector<AccountGroup> groups;  // By their first account.
  std::map<ProgrammeIndex, AgesOfPoints> ages;

  // Null while nothing was issued.
  [[nodiscard]] const ledger::Units* units_of(const NamedIn& name) const;
  // Null when nothing was shared yet.
  [[nodiscard]] const SharedPeriod* period(const NamedIn& split, const std::string& name) const;
  // The account of a role; empty when nobody has it.
  [[nodiscard]] std::optional<AccountIndex> party(const NamedIn& name) const;
  // Whether the account has anything that must be given back or ended before it can be erased.
  [[nodiscard]] bool is_bound(AccountIndex account) const;

  // As bytes, for snapshots; docs/formats/snapshot.md.
  [[nodiscard]] std::string bytes() const;
  // False, and nothing usable, when they are no such bytes.
  bool restore(std::string_view bytes);
};

}  // namespace partake::books
