#include "ledger/acts.h"

#include "base/require.h"

namespace partake::ledger {

std::int64_t Acts::day_of_second(std::int64_t second) {
  return std::chrono::floor<std::chrono::days>(
             std::chrono::sys_seconds{std::chrono::seconds{second}})
      .time_since_epoch()
      .count();
}

void Acts::add(AccountIndex account, GroupNumber group, Act act) {
  PARTAKE_REQUIRE(group < groups_max);
  act.place = key_of(account, group, day_of_second(act.start_s));
  act.active = 1;
  acts_.insert(act, [this](const Act& other) { return keep(other); });
}

Act* Acts::find(AccountIndex account, GroupNumber group, std::int64_t start_s,
                std::uint64_t record) {
  return acts_.find(key_of(account, group, day_of_second(start_s)),
                    [&](const Act& act) { return act.record == record; });
}

void Acts::restore(const Act& act) {
  acts_.insert(act, [](const Act&) { return true; });
}

bool Acts::keep(const Act& act) const {
  return act.active != 0 && day_of_second(act.end_s()) >= day_number(horizon_);
}

}  // namespace partake::ledger
