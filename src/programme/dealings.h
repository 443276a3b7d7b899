// What may be done with what accounts hold: paying, setting aside, sharing, issuing units, ordering
// rewards. A scheme names each by an id; a transaction can do nothing that its programme did not
// publish. docs/transactions.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/language.h"
#include "base/rational.h"
#include "base/toml_reader.h"

namespace partake::programme {

// In place of a party: not an account of these books, or any account of the programme.
constexpr std::string_view party_outside = "outside";
constexpr std::string_view party_any = "any";

// Amounts of an asset may go from one of these parties to one of those.
struct Flow {
  std::string id;
  std::string asset;
  std::vector<std::string> from;
  std::vector<std::string> to;
  std::string held_by;  // Only out of a hold of this rule; empty: freely.
  Place place;
};

// Amounts of an asset may be set aside.
struct HoldRule {
  std::string id;
  std::string asset;
  std::vector<std::string> of;  // Parties.
  std::int64_t days = 0;        // At most so long.
  // So many of these parties must have approved it.
  std::vector<std::string> approvers;
  std::int64_t approvals = 0;
  Place place;
};

struct Share {
  std::string party;
  Rational part;
  bool named = false;  // Each transaction names the account of the party.
};

// How an amount is shared. Several may have one id: the first whose conditions hold is taken.
struct SplitRule {
  std::string id;
  std::string asset;
  std::string from;  // A party, or outside.
  std::vector<Share> shares;
  std::optional<Quantity> price;  // Of what is measured; then transactions give a quantity.
  // What is measured, of which party; it is set aside, so that it is settled once.
  std::string settles;
  std::string settled_party;
  std::optional<Quantity> most;      // In one period.
  std::optional<Quantity> at_least;  // Condition on the amount.
  Validity valid;                    // Condition on the day.
  Place place;
};

// A class of units with serial numbers.
struct UnitClass {
  std::string id;
  Text title;
  Quantity unit;                  // What one unit stands for.
  Rational buffer;                // The share of an issue that is kept back.
  std::string pool;               // The asset that is pooled into units; empty: they are issued.
  bool verified = false;          // By an outside standard. What is pooled never is.
  std::optional<Quantity> price;  // Of one unit, for retail.
  Place place;
};

struct Reward {
  std::string id;
  Text title;
  std::string asset;
  Quantity cost;
  std::int64_t stock = 0;        // 0: as many as are ordered.
  std::int64_t per_account = 0;  // 0: no limit.
  bool funded = false;           // Somebody pays for it before it is done.
  Place place;
};

// So much of one asset becomes so much of another.
struct Conversion {
  std::string id;
  std::string from;
  Quantity each;
  std::string to;
  Quantity gives;
  Place place;
};

struct Dealings {
  std::vector<Flow> flows;
  std::vector<HoldRule> holds;
  std::vector<SplitRule> splits;
  std::vector<UnitClass> units;
  std::vector<Reward> rewards;
  std::vector<Conversion> conversions;
  // Points end with so many further years after the one in which they were posted.
  std::optional<std::int64_t> point_years;

  [[nodiscard]] bool are_none() const {
    return flows.empty() && holds.empty() && splits.empty() && units.empty() && rewards.empty() &&
           conversions.empty();
  }
};

constexpr std::int64_t hold_days_max = 36525;
constexpr std::int64_t point_years_limit = 5;

// Takes its keys from the reader of [scheme]. Problems: toml.*, programme.*, unit.*, decimal.*.
Dealings read_dealings(TomlReader& scheme, Problems& problems);

}  // namespace partake::programme
