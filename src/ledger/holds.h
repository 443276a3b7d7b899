// Amounts of an account that are set aside: they stay in its balance but cannot be spent or set
// aside again. A hold is used in parts, released, or ends with its last day.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/time.h"
#include "ledger/accounts.h"

namespace partake::ledger {

// Holds are counted in the order in which they are placed, from 0.
using HoldNumber = std::uint64_t;

// What set an amount aside, and so what may free it again. The numbers stand in snapshots.
enum class HeldBy : std::uint8_t {
  rule = 0,      // Somebody, by a rule of the programme.
  split = 1,     // What a split settled: for good.
  question = 2,  // An entry that waits for a decision.
};
constexpr std::size_t held_by_kinds = 3;

struct Hold {
  std::string rule;
  std::optional<AccountIndex> account;  // Not of an erased holder.
  Asset asset = Asset::co2e;
  std::int64_t left = 0;  // Positive while it is open.
  Day until{};            // The last day of it.
  // For whom it is, if for somebody: only they may be paid from it.
  std::optional<AccountIndex> payee;
  HeldBy by = HeldBy::rule;
};

class Holds {
 public:
  // Requires an amount above 0.
  HoldNumber place(Hold hold);
  // Uses or releases so much. Requires an open hold with at least so much left.
  void take(HoldNumber number, std::int64_t amount);
  // Ends all whose last day is before `today`.
  void end_before(Day today);

  // Null when it is not open (any more).
  [[nodiscard]] const Hold* find(HoldNumber number) const;
  // How many were ever placed.
  [[nodiscard]] HoldNumber count() const { return count_; }
  // What is set aside of an account.
  [[nodiscard]] std::int64_t held(AccountIndex account, Asset asset) const;

  [[nodiscard]] const std::map<HoldNumber, Hold>& open() const { return open_; }
  // Requires holds that are all open, and a count above their numbers.
  void restore(std::map<HoldNumber, Hold> open, HoldNumber count);

 private:
  using Key = std::pair<std::uint64_t, Asset>;
  void add_held(const Hold& hold, std::int64_t amount);

  std::map<HoldNumber, Hold> open_;
  std::set<std::pair<Day, HoldNumber>> by_end_;
  std::map<Key, std::int64_t> held_;
  HoldNumber count_ = 0;
};

}  // namespace partake::ledger
