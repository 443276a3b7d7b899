#include "ledger/acts.h"

#include <random>
#include <set>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace partake;
using ledger::AccountIndex;
using ledger::Act;
using ledger::Acts;
using ledger::GroupNumber;

namespace {

constexpr std::int64_t hour_s = 3600;
constexpr std::int64_t day_s = 24 * hour_s;
constexpr std::int64_t longest_s = std::chrono::seconds{ledger::act_hours_max}.count();
// Midnight UTC of 2026-03-01.
constexpr std::int64_t midnight =
    std::chrono::sys_seconds{Day{std::chrono::year{2026} / 3 / 1}}.time_since_epoch().count();

Act act_at(std::int64_t start_s, std::int64_t length_s, std::uint64_t record) {
  Act act;
  act.start_s = start_s;
  act.length_s = static_cast<std::uint32_t>(length_s);
  act.record = record;
  return act;
}

// The records of the acts that overlap.
std::set<std::uint64_t> overlapping(Acts& acts, AccountIndex account, GroupNumber group,
                                    std::int64_t start_s, std::int64_t length_s,
                                    std::int64_t within_s = 0) {
  std::set<std::uint64_t> records;
  acts.overlapping(account, group, start_s, static_cast<std::uint32_t>(length_s), within_s,
                   [&](const Act& act) {
                     const bool is_new = records.insert(act.record).second;
                     CHECK(is_new);
                   });
  return records;
}

using Records = std::set<std::uint64_t>;

}  // namespace

TEST_CASE("acts: they overlap when they share a second, borders included") {
  Acts acts;
  const auto start = midnight + 12 * hour_s;
  acts.add({1}, 2, act_at(start, 600, 7));
  for (const std::int64_t length : {0, 60, 1200}) {
    CAPTURE(length);
    CHECK_EQ(overlapping(acts, {1}, 2, start + 600, length), Records{7});
    CHECK_EQ(overlapping(acts, {1}, 2, start + 601, length), Records{});
    CHECK_EQ(overlapping(acts, {1}, 2, start - length, length), Records{7});
    CHECK_EQ(overlapping(acts, {1}, 2, start - length - 1, length), Records{});
  }
  CHECK_EQ(overlapping(acts, {1}, 2, start + 300, 0), Records{7});
  CHECK_EQ(overlapping(acts, {1}, 2, start - hour_s, 2 * hour_s), Records{7});
}

TEST_CASE("acts: widened, they may lie apart by as much and no more") {
  Acts acts;
  const auto start = midnight + 12 * hour_s;
  acts.add({1}, 2, act_at(start, 600, 7));
  for (const std::int64_t within : {std::int64_t{1}, std::int64_t{120}, day_s}) {
    CAPTURE(within);
    CHECK_EQ(overlapping(acts, {1}, 2, start + 600 + within, 60, within), Records{7});
    CHECK_EQ(overlapping(acts, {1}, 2, start + 601 + within, 60, within), Records{});
    CHECK_EQ(overlapping(acts, {1}, 2, start - 60 - within, 60, within), Records{7});
    CHECK_EQ(overlapping(acts, {1}, 2, start - 61 - within, 60, within), Records{});
  }
}

TEST_CASE("acts: midnight does not part them") {
  Acts acts;
  acts.add({1}, 0, act_at(midnight - 600, 1200, 1));
  CHECK_EQ(overlapping(acts, {1}, 0, midnight + 600, 60), Records{1});
  CHECK_EQ(overlapping(acts, {1}, 0, midnight + 601, 60), Records{});
  CHECK_EQ(overlapping(acts, {1}, 0, midnight - 600 - 60, 60), Records{1});
  // The longest act that is allowed, seen from its last second on the next day.
  acts.add({2}, 0, act_at(midnight - 1, longest_s, 2));
  CHECK_EQ(overlapping(acts, {2}, 0, midnight - 1 + longest_s, 0), Records{2});
  CHECK_EQ(overlapping(acts, {2}, 0, midnight + longest_s, 0), Records{});
  // A long act that is asked for, from the day before.
  acts.add({3}, 0, act_at(midnight + 5 * hour_s, 0, 3));
  CHECK_EQ(overlapping(acts, {3}, 0, midnight - hour_s, longest_s), Records{3});
  // Only widening reaches across.
  acts.add({4}, 0, act_at(midnight - 60, 0, 4));
  CHECK_EQ(overlapping(acts, {4}, 0, midnight + 60, 0, 120), Records{4});
  CHECK_EQ(overlapping(acts, {4}, 0, midnight + 60, 0, 119), Records{});
}

TEST_CASE("acts: other accounts and groups are not seen, and one withdrawn is none any more") {
  Acts acts;
  const auto start = midnight + 12 * hour_s;
  acts.add({1}, 2, act_at(start, 600, 7));
  acts.add({1}, 2, act_at(start + 60, 600, 8));
  acts.add({1}, 3, act_at(start, 600, 9));
  acts.add({2}, 2, act_at(start, 600, 10));
  acts.add({ledger::accounts_max - 1}, ledger::groups_max - 1, act_at(start, 600, 11));
  CHECK_EQ(overlapping(acts, {1}, 2, start, 600), Records{7, 8});
  CHECK_EQ(overlapping(acts, {1}, 3, start, 600), Records{9});
  CHECK_EQ(overlapping(acts, {2}, 2, start, 600), Records{10});
  CHECK_EQ(overlapping(acts, {ledger::accounts_max - 1}, ledger::groups_max - 1, start, 600),
           Records{11});
  CHECK_EQ(overlapping(acts, {0}, 2, start, 600), Records{});
  // Not what was: another group's act, another day's, none at all.
  acts.withdraw({1}, 2, start, 9);
  acts.withdraw({1}, 2, start + day_s, 8);
  acts.withdraw({1}, 2, start, 70);
  CHECK_EQ(overlapping(acts, {1}, 2, start, 600), Records{7, 8});
  acts.withdraw({1}, 2, start, 7);
  CHECK_EQ(overlapping(acts, {1}, 2, start, 600), Records{8});
}

TEST_CASE("acts: what is kept of an act is what it was, at the borders of each field") {
  for (const std::int64_t credited : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1},
                                      Act::credited_max, -Act::credited_max}) {
    for (const auto start : {midnight, midnight + day_s - 1, -day_s * 365 + 20 * 366 * day_s}) {
      Act act;
      act.start_s = start;
      act.length_s = static_cast<std::uint32_t>(longest_s);
      act.tier = 2;
      act.record = (std::uint64_t{1} << 40U) - 1;
      act.credited = credited;
      Acts acts;
      acts.add({3}, 1, act);
      std::size_t met = 0;
      acts.overlapping({3}, 1, start, 0, 0, [&](const Act& kept) {
        ++met;
        CHECK_EQ(kept.start_s, act.start_s);
        CHECK_EQ(kept.length_s, act.length_s);
        CHECK_EQ(kept.tier, act.tier);
        CHECK_EQ(kept.record, act.record);
        CHECK_EQ(kept.credited, act.credited);
      });
      CHECK_EQ(met, 1);
    }
  }
}

// Days go by; the table may forget acts that ended before the horizon and those withdrawn.
TEST_CASE("acts: like a plain list, while days go by and old acts are forgotten") {
  std::size_t seen = 0;
  std::size_t dropped = 0;
  CHECK(rc::check([&] {
    std::mt19937_64 random{*rc::gen::arbitrary<std::uint64_t>()};
    const auto accounts = *rc::gen::inRange<std::uint64_t>(1, 12);
    const auto within = *rc::gen::element<std::int64_t>(0, 120, 3 * hour_s, day_s);
    constexpr std::int64_t late_s = 3 * day_s;
    struct Listed {
      std::uint64_t account = 0;
      GroupNumber group = 0;
      Act act;
      bool active = true;
    };
    Acts acts;
    std::vector<Listed> list;
    auto now = midnight;
    for (std::uint64_t record = 0; record < 1200; ++record) {
      now += static_cast<std::int64_t>(random() % 1800);
      // Late acts may still lie three days back, and overlap with what ended `within` before.
      const auto oldest = now - late_s - within;
      acts.forget_before(std::chrono::floor<std::chrono::days>(
          std::chrono::sys_seconds{std::chrono::seconds{oldest}}));
      const AccountIndex account{random() % accounts};
      const auto group = static_cast<GroupNumber>(random() % 2);
      const auto start = now - static_cast<std::int64_t>(random() % late_s);
      const auto length =
          random() % 4 == 0 ? longest_s : static_cast<std::int64_t>(random() % 3000);
      Records expected;
      for (const auto& [other, other_group, act, active] : list) {
        if (other != account.value || other_group != group || !active) continue;
        const auto gap = std::max(act.start_s - (start + length), start - act.end_s());
        if (gap <= within) expected.insert(act.record);
      }
      seen += expected.size();
      RC_ASSERT(overlapping(acts, account, group, start, length, within) == expected);
      acts.add(account, group, act_at(start, length, record));
      list.push_back({account.value, group, act_at(start, length, record)});
      if (random() % 5 != 0) continue;
      auto& withdrawn = list[random() % list.size()];
      acts.withdraw({withdrawn.account}, withdrawn.group, withdrawn.act.start_s,
                    withdrawn.act.record);
      withdrawn.active = false;
    }
    dropped += list.size() - acts.size();
    Acts again;
    acts.each([&](const Acts::Entry& entry) { again.restore(entry); });
    for (const auto& [account, group, act, active] : list) {
      const auto records = overlapping(acts, {account}, group, act.start_s, 60, within);
      RC_ASSERT(overlapping(again, {account}, group, act.start_s, 60, within) == records);
    }
  }));
  CHECK_GT(seen, 1000);
  CHECK_GT(dropped, 1000);
}
