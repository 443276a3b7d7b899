// Acts that were credited, by account and group of behaviour: what a later report of the same act
// is compared with. Two reports are of the same act when their times overlap.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "ledger/account_number.h"
#include "ledger/caps.h"
#include "ledger/flat_table.h"

namespace partake::ledger {

// An act may last a quarter of a day at most, so that looking for overlaps stays short.
constexpr std::chrono::hours act_hours_max{6};
using GroupNumber = std::uint16_t;
constexpr GroupNumber groups_max = 4095;

struct Act {
  std::int64_t start_s = 0;
  std::uint32_t length_s = 0;  // act_hours_max at most.
  std::uint8_t tier = 0;       // 0 is the best; below 4.
  std::uint64_t record = 0;    // Below 2^40.
  std::int64_t credited = 0;   // In the first asset of its rule; within credited_max.

  static constexpr std::int64_t credited_max = (std::int64_t{1} << 48U) - 1;
  [[nodiscard]] std::int64_t end_s() const { return start_s + length_s; }
};

class Acts {
 public:
  void forget_before(Day day) { horizon_ = day; }

  // Calls visit(const Act&) for every act of the account and group that was not withdrawn and
  // overlaps the time from start to start + length, both widened by `within`.
  template <class Visit>
  void overlapping(AccountIndex account, GroupNumber group, std::int64_t start_s,
                   std::uint32_t length_s, std::int64_t within_s, Visit visit) const {
    const auto last = day_of_second(start_s + length_s + within_s);
    for (auto day = first_day(start_s, within_s); day <= last; ++day) {
      entries_.each_of(key_of(account, group, day), [&](const Entry& entry) {
        if (entry.active == 0) return;
        const auto act = act_of(entry, day);
        const bool overlaps =
            act.start_s <= start_s + length_s + within_s && start_s <= act.end_s() + within_s;
        if (overlaps) visit(act);
      });
    }
  }
  // Requires what Act says of its fields.
  void add(AccountIndex account, GroupNumber group, const Act& act);
  // The act that a record was about counts no more; nothing happens when it is forgotten.
  void withdraw(AccountIndex account, GroupNumber group, std::int64_t start_s,
                std::uint64_t record);
  void prefetch(AccountIndex account, GroupNumber group, std::int64_t start_s, bool soon) const {
    const auto day = day_of_second(start_s);
    if (soon) return entries_.prefetch_entry(key_of(account, group, day));
    entries_.prefetch_tags(key_of(account, group, day));
    if (const auto first = first_day(start_s, 0); first != day) {
      entries_.prefetch_tags(key_of(account, group, first));
    }
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return entries_.bytes(); }

  // An act in three words; docs/formats/snapshot.md.
  struct Entry {
    std::uint64_t place = 0;  // Account (36 bits), group + 1 (12), window_day of its start (16).
    std::uint64_t record : 40 = 0;
    std::uint64_t second : 17 = 0;  // Of the day.
    std::uint64_t tier : 2 = 0;
    std::uint64_t active : 1 = 0;  // Not withdrawn.
    std::uint64_t reserved : 4 = 0;
    std::uint64_t length_s : 15 = 0;
    std::uint64_t credited : 49 = 0;  // And 2^48 more.

    [[nodiscard]] std::uint64_t key() const { return place; }
  };
  static_assert(sizeof(Entry) == 24);
  template <class Visit>
  void each(Visit visit) const {
    entries_.each(visit);
  }
  void restore(const Entry& entry);
  // Whether it may still count.
  [[nodiscard]] bool keep(const Entry& entry) const;

 private:
  static std::int64_t day_of_second(std::int64_t second);
  // The earliest on which an act may have begun that overlaps one from there on.
  static std::int64_t first_day(std::int64_t start_s, std::int64_t within_s) {
    return day_of_second(start_s - std::chrono::seconds{act_hours_max}.count() - within_s);
  }
  static std::uint64_t key_of(AccountIndex account, GroupNumber group, std::int64_t day) {
    return account.value << 28U | std::uint64_t{group + 1U} << 16U |
           static_cast<std::uint16_t>(day - day_number(window_day_min));
  }
  static Act act_of(const Entry& entry, std::int64_t day);

  FlatTable<Entry> entries_;
  Day horizon_ = day_min;
};

}  // namespace partake::ledger
