#include "ledger/units.h"

#include <algorithm>

#include "base/require.h"

namespace partake::ledger {
namespace {

constexpr std::array<const char*, unit_states> names{"held", "pledged", "buffer", "retired",
                                                     "cancelled"};

}  // namespace

const char* name_of(UnitState state) { return names[static_cast<std::size_t>(state)]; }

std::optional<UnitState> unit_state_of(std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<UnitState>(found - names.begin());
}

bool is_legal(UnitState from, UnitState to) {
  switch (from) {
    case UnitState::held:
      return true;
    case UnitState::pledged:
      return to == UnitState::held;
    case UnitState::buffer:
      return to == UnitState::held || to == UnitState::cancelled;
    case UnitState::retired:
    case UnitState::cancelled:
      break;
  }
  return false;
}

void Units::put(const UnitRun& run) {
  counts_[static_cast<std::size_t>(run.state)] += run.count();
  if (run.account) of_account_[{run.account->value, run.state}].insert(run.first);
  runs_.emplace(run.first, run);
}

void Units::take(const UnitRun& run) {
  counts_[static_cast<std::size_t>(run.state)] -= run.count();
  if (run.account) {
    const auto found = of_account_.find({run.account->value, run.state});
    found->second.erase(run.first);
    if (found->second.empty()) of_account_.erase(found);
  }
  runs_.erase(run.first);
}

void Units::cut(std::uint64_t at) {
  if (at > issued_ || runs_.contains(at)) return;
  const auto whole = std::prev(runs_.upper_bound(at))->second;
  auto left = whole;
  auto right = whole;
  left.last = at - 1;
  right.first = at;
  take(whole);
  put(left);
  put(right);
}

// With the run before, if nothing tells them apart.
void Units::join(std::uint64_t at) {
  const auto right = runs_.find(at);
  if (right == runs_.end() || right == runs_.begin()) return;
  auto joined = std::prev(right)->second;
  auto other = right->second;
  other.first = joined.first;
  const auto last = std::exchange(other.last, joined.last);
  if (other != joined) return;
  const auto one = joined;
  const auto two = right->second;
  take(one);
  take(two);
  joined.last = last;
  put(joined);
}

void Units::issue(std::uint64_t count, std::int32_t vintage, UnitState state,
                  AccountIndex account) {
  PARTAKE_REQUIRE(count > 0 && count <= units_max - issued_);
  PARTAKE_REQUIRE(state == UnitState::held || state == UnitState::buffer);
  const UnitBatch batch{issued_ + 1, issued_ + count, vintage};
  issued_ = batch.last;
  batches_.push_back(batch);
  put({batch.first,
       batch.last,
       state,
       static_cast<std::uint32_t>(batches_.size() - 1),
       account,
       {}});
}

void Units::change(std::uint64_t first, std::uint64_t last, UnitState state,
                   std::optional<AccountIndex> account, std::optional<AccountIndex> creditor) {
  const auto before = within(first, last);
  PARTAKE_REQUIRE(before && is_legal(before->state, state));
  cut(first);
  cut(last + 1);
  auto run = runs_.at(first);
  take(run);
  run.state = state;
  run.account = is_final(state) ? std::nullopt : account;
  run.creditor = state == UnitState::pledged ? creditor : std::nullopt;
  put(run);
  join(last + 1);
  join(first);
}

std::vector<UnitRun> Units::lowest(AccountIndex account, UnitState state, std::uint64_t count,
                                   std::int32_t vintage,
                                   std::optional<AccountIndex> creditor) const {
  std::vector<UnitRun> found;
  const auto runs = of_account_.find({account.value, state});
  if (runs == of_account_.end()) return {};
  for (const auto first : runs->second) {
    if (count == 0) break;
    auto run = runs_.at(first);
    if (vintage != 0 && batches_[run.batch].vintage != vintage) continue;
    if (creditor && run.creditor != creditor) continue;
    run.last = run.first + std::min(count, run.count()) - 1;
    count -= run.count();
    found.push_back(run);
  }
  if (count > 0) return {};
  return found;
}

std::optional<UnitRun> Units::within(std::uint64_t first, std::uint64_t last) const {
  if (first == 0 || last < first || last > issued_) return std::nullopt;
  auto run = std::prev(runs_.upper_bound(first))->second;
  if (run.last < last) return std::nullopt;
  run.first = first;
  run.last = last;
  return run;
}

std::uint64_t Units::count(AccountIndex account, UnitState state) const {
  const auto runs = of_account_.find({account.value, state});
  std::uint64_t sum = 0;
  if (runs == of_account_.end()) return 0;
  for (const auto first : runs->second) sum += runs_.at(first).count();
  return sum;
}

bool Units::is_whole() const {
  std::uint64_t next = 1;
  for (const auto& [first, run] : runs_) {
    if (first != next || run.first != first || run.last < first || run.batch >= batches_.size()) {
      return false;
    }
    const auto& batch = batches_[run.batch];
    const bool owned = run.account.has_value() || is_final(run.state);
    if (run.first < batch.first || run.last > batch.last || !owned) return false;
    next = run.last + 1;
  }
  std::uint64_t after = 1;
  for (const auto& batch : batches_) {
    if (batch.first != after || batch.last < batch.first) return false;
    after = batch.last + 1;
  }
  std::uint64_t sum = 0;
  for (const auto count : counts_) sum += count;
  return next == issued_ + 1 && after == next && sum == issued_;
}

bool Units::restore(std::vector<UnitBatch> batches, const std::vector<UnitRun>& runs) {
  *this = {};
  batches_ = std::move(batches);
  issued_ = batches_.empty() ? 0 : batches_.back().last;
  if (issued_ > units_max) return false;
  for (const auto& run : runs) {
    if (run.last < run.first || runs_.contains(run.first)) return false;
    put(run);
  }
  return is_whole();
}

}  // namespace partake::ledger
