#include "ledger/acts.h"

#include "base/require.h"

namespace partake::ledger {
namespace {

constexpr std::int64_t day_s = 86400;
constexpr std::int64_t credited_shift = Act::credited_max + 1;

}  // namespace

std::int64_t Acts::day_of_second(std::int64_t second) {
  return std::chrono::floor<std::chrono::days>(
             std::chrono::sys_seconds{std::chrono::seconds{second}})
      .time_since_epoch()
      .count();
}

Act Acts::act_of(const Entry& entry, std::int64_t day) {
  Act act;
  act.start_s = day * day_s + static_cast<std::int64_t>(entry.second);
  act.length_s = static_cast<std::uint32_t>(entry.length_s);
  act.tier = static_cast<std::uint8_t>(entry.tier);
  act.record = entry.record;
  act.credited = static_cast<std::int64_t>(entry.credited) - credited_shift;
  return act;
}

void Acts::add(AccountIndex account, GroupNumber group, const Act& act) {
  PARTAKE_REQUIRE(group < groups_max && act.tier < 4 && act.record >> 40U == 0);
  PARTAKE_REQUIRE(std::chrono::seconds{act.length_s} <= act_hours_max);
  PARTAKE_REQUIRE(act.credited <= Act::credited_max && act.credited >= -Act::credited_max);
  const auto day = day_of_second(act.start_s);
  Entry entry;
  entry.place = key_of(account, group, day);
  entry.record = act.record & ((std::uint64_t{1} << 40U) - 1);
  entry.second = static_cast<std::uint64_t>(act.start_s - day * day_s) & ((1U << 17U) - 1);
  entry.tier = act.tier & 3U;
  entry.active = 1;
  entry.credited =
      static_cast<std::uint64_t>(act.credited + credited_shift) & ((std::uint64_t{1} << 49U) - 1);
  entry.length_s = act.length_s & ((1U << 15U) - 1);
  entries_.insert(entry, [this](const Entry& other) { return keep(other); });
}

void Acts::withdraw(AccountIndex account, GroupNumber group, std::int64_t start_s,
                    std::uint64_t record) {
  auto* entry = entries_.find(key_of(account, group, day_of_second(start_s)),
                              [&](const Entry& other) { return other.record == record; });
  if (entry != nullptr) entry->active = 0;
}

void Acts::restore(const Entry& entry) {
  entries_.insert(entry, [](const Entry&) { return true; });
}

bool Acts::keep(const Entry& entry) const {
  if (entry.active == 0) return false;
  const auto day = day_number(window_day_min) + static_cast<std::uint16_t>(entry.place);
  return day_of_second(act_of(entry, day).end_s()) >= day_number(horizon_);
}

}  // namespace partake::ledger
