// Units with serial numbers: of each class one row of numbers from 1 on, and for each run of them
// what became of it. Nothing is ever taken out of the row, so that what was issued is always what
// is held, pledged, kept as buffer, retired or cancelled.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/account_number.h"

namespace partake::ledger {

enum class UnitState : std::uint8_t { held, pledged, buffer, retired, cancelled };
constexpr std::size_t unit_states = 5;
const char* name_of(UnitState state);
std::optional<UnitState> unit_state_of(std::string_view name);
// For good: no owner any more, and no way out.
constexpr bool is_final(UnitState state) {
  return state == UnitState::retired || state == UnitState::cancelled;
}
// Issued units begin as held or buffer. From then on: held to held (a transfer), pledged, buffer,
// retired or cancelled; pledged to held (released, or called in); buffer to held or cancelled.
bool is_legal(UnitState from, UnitState to);

// Issued together.
struct UnitBatch {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::int32_t vintage = 0;  // The year in which the outcome was.
};

// Neighbours of one batch to whom the same happened.
struct UnitRun {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  UnitState state = UnitState::held;
  std::uint32_t batch = 0;
  std::optional<AccountIndex> account;   // The owner; none in a final state.
  std::optional<AccountIndex> creditor;  // To whom it is pledged.

  [[nodiscard]] std::uint64_t count() const { return last - first + 1; }
  friend bool operator==(const UnitRun&, const UnitRun&) = default;
};
// Of a class. Every reader of JSON can count so far.
constexpr std::uint64_t units_max = std::uint64_t{1} << 53U;

class Units {
 public:
  // Serial numbers follow those of the batch before. Requires 1 to units_max of the class, a state
  // that issued units may begin with.
  void issue(std::uint64_t count, std::int32_t vintage, UnitState state, AccountIndex account);
  // Requires that the numbers first to last are of one run and the change is legal. Final states
  // forget the account.
  void change(std::uint64_t first, std::uint64_t last, UnitState state,
              std::optional<AccountIndex> account, std::optional<AccountIndex> creditor = {});

  // The lowest `count` units of an account in a state, as runs, ascending; empty when there are not
  // so many. `vintage` 0: any. `creditor`: only what is pledged to that one.
  [[nodiscard]] std::vector<UnitRun> lowest(AccountIndex account, UnitState state,
                                            std::uint64_t count, std::int32_t vintage = 0,
                                            std::optional<AccountIndex> creditor = {}) const;
  // The part of a run that lies in first to last; empty when they are not of one run.
  [[nodiscard]] std::optional<UnitRun> within(std::uint64_t first, std::uint64_t last) const;
  [[nodiscard]] std::uint64_t issued() const { return issued_; }
  [[nodiscard]] std::uint64_t count(UnitState state) const {
    return counts_[static_cast<std::size_t>(state)];
  }
  [[nodiscard]] std::uint64_t count(AccountIndex account, UnitState state) const;
  [[nodiscard]] const std::vector<UnitBatch>& batches() const { return batches_; }
  // By their first number.
  [[nodiscard]] const std::map<std::uint64_t, UnitRun>& runs() const { return runs_; }
  // Whether every number is in one run, and states and batches add up; our own mistake otherwise.
  [[nodiscard]] bool is_whole() const;
  // False, and nothing usable, unless it is whole.
  bool restore(std::vector<UnitBatch> batches, const std::vector<UnitRun>& runs);

 private:
  using Key = std::pair<std::uint64_t, UnitState>;
  void put(const UnitRun& run);
  void take(const UnitRun& run);
  // Makes a run begin at that number.
  void cut(std::uint64_t at);
  void join(std::uint64_t at);

  std::vector<UnitBatch> batches_;
  std::map<std::uint64_t, UnitRun> runs_;
  std::map<Key, std::set<std::uint64_t>> of_account_;  // First numbers of runs not final.
  std::array<std::uint64_t, unit_states> counts_{};
  std::uint64_t issued_ = 0;
};

}  // namespace partake::ledger
