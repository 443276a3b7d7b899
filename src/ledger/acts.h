// Acts that were credited, by account and group of behaviour: what a later report of the same act
// is compared with. Two reports are of the same act when their times overlap.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "ledger/account_number.h"
#include "ledger/flat_table.h"

namespace partake::ledger {

// An act may last a quarter of a day at most, so that looking for overlaps stays short.
constexpr std::chrono::hours act_hours_max{6};
using GroupNumber = std::uint16_t;
constexpr GroupNumber groups_max = 4095;

struct Act {
  std::uint64_t place = 0;  // Account (36 bits), group + 1 (12), day of its start (16).
  std::uint64_t record : 40 = 0;
  std::uint64_t length_s : 16 = 0;
  std::uint64_t tier : 7 = 0;    // 0 is the best.
  std::uint64_t active : 1 = 0;  // Not withdrawn.
  std::int64_t start_s = 0;
  std::int64_t credited = 0;  // In the first asset of its rule.

  [[nodiscard]] std::uint64_t key() const { return place; }
  [[nodiscard]] std::int64_t end_s() const { return start_s + static_cast<std::int64_t>(length_s); }
};
static_assert(sizeof(Act) == 32);

class Acts {
 public:
  void forget_before(Day day) { horizon_ = day; }

  // Calls visit(const Act&) for every active act of the account and group that overlaps the time
  // from start to start + length, both widened by `within`.
  template <class Visit>
  void overlapping(AccountIndex account, GroupNumber group, std::int64_t start_s,
                   std::uint32_t length_s, std::int64_t within_s, Visit visit) {
    const auto longest = std::chrono::seconds{act_hours_max}.count();
    const auto first = day_of_second(start_s - longest - within_s);
    const auto last = day_of_second(start_s + length_s + within_s);
    for (auto day = first; day <= last; ++day) {
      const auto key = key_of(account, group, day);
      static_cast<void>(acts_.find(key, [&](const Act& act) {
        const bool overlaps =
            act.start_s <= start_s + length_s + within_s && start_s <= act.end_s() + within_s;
        if (act.active != 0 && overlaps) visit(act);
        return false;
      }));
    }
  }
  void add(AccountIndex account, GroupNumber group, Act act);
  // The act that a record was about; null when it is forgotten.
  [[nodiscard]] Act* find(AccountIndex account, GroupNumber group, std::int64_t start_s,
                          std::uint64_t record);
  void prefetch(AccountIndex account, GroupNumber group, std::int64_t start_s, bool soon) const {
    const auto day = day_of_second(start_s);
    if (soon) return acts_.prefetch_entry(key_of(account, group, day));
    acts_.prefetch_tags(key_of(account, group, day));
    const auto longest = std::chrono::seconds{act_hours_max}.count();
    acts_.prefetch_tags(key_of(account, group, day_of_second(start_s - longest)));
  }

  [[nodiscard]] std::size_t size() const { return acts_.size(); }
  [[nodiscard]] std::size_t bytes() const { return acts_.bytes(); }
  template <class Visit>
  void each(Visit visit) const {
    acts_.each(visit);
  }
  void restore(const Act& act);
  // Whether it may still count.
  [[nodiscard]] bool keep(const Act& act) const;

 private:
  static std::int64_t day_of_second(std::int64_t second);
  static std::uint64_t key_of(AccountIndex account, GroupNumber group, std::int64_t day) {
    return account.value << 28U | std::uint64_t{group + 1U} << 16U |
           static_cast<std::uint16_t>(day);
  }

  FlatTable<Act> acts_;
  Day horizon_ = day_min;
};

}  // namespace partake::ledger
