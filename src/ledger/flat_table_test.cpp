#include "ledger/flat_table.h"

#include <map>
#include <random>
#include <set>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace partake;

namespace {

struct Entry {
  std::uint64_t name = 0;
  std::uint64_t value = 0;

  [[nodiscard]] std::uint64_t key() const { return name; }
};
using Table = ledger::FlatTable<Entry>;

std::size_t groups_of(const Table& table) { return table.bytes() / (sizeof(Entry) + 1) / 8; }

// All values of a key, sorted.
std::vector<std::uint64_t> values_of(Table& table, std::uint64_t key) {
  std::vector<std::uint64_t> values;
  const auto* stopped = table.find(key, [&](const Entry& entry) {
    values.push_back(entry.value);
    return false;
  });
  CHECK_EQ(stopped, nullptr);
  std::sort(values.begin(), values.end());
  return values;
}

std::vector<std::uint64_t> values_in(const std::multimap<std::uint64_t, std::uint64_t>& model,
                                     std::uint64_t key) {
  std::vector<std::uint64_t> values;
  const auto [first, last] = model.equal_range(key);
  for (auto at = first; at != last; ++at) values.push_back(at->second);
  std::sort(values.begin(), values.end());
  return values;
}

// The next key from `from` on that belongs into that group of a table of so many groups.
std::uint64_t key_in_group(std::uint64_t& from, std::size_t group, std::size_t groups) {
  while ((spread(from) & (groups - 1)) != group) ++from;
  return from++;
}

// Whether a walk over the table meets the model's entries, each once.
bool holds_exactly(const Table& table, const std::multimap<std::uint64_t, std::uint64_t>& model) {
  std::multiset<std::pair<std::uint64_t, std::uint64_t>> contents;
  table.each([&](const Entry& entry) { contents.emplace(entry.name, entry.value); });
  return contents == decltype(contents){model.begin(), model.end()};
}

constexpr auto keep_all = [](const Entry&) { return true; };

}  // namespace

TEST_CASE("flat table: an empty one holds nothing, and a key may stand for several entries") {
  Table table;
  CHECK_EQ(table.size(), 0);
  CHECK_EQ(table.find(0), nullptr);
  CHECK_EQ(table.find(7), nullptr);
  table.insert({0, 1}, keep_all);
  table.insert({0, 2}, keep_all);
  table.insert({7, 3}, keep_all);
  CHECK_EQ(values_of(table, 0), std::vector<std::uint64_t>{1, 2});
  CHECK_EQ(values_of(table, 7), std::vector<std::uint64_t>{3});
  auto* second = table.find(0, [](const Entry& entry) { return entry.value == 2; });
  REQUIRE_NE(second, nullptr);
  second->value = 20;
  CHECK_EQ(values_of(table, 0), std::vector<std::uint64_t>{1, 20});
  CHECK_EQ(table.find(8), nullptr);
}

// Values grow with time; what is older than the horizon is given up at some renewal, not before.
TEST_CASE("flat table: like a multimap, through many renewals that give up the old") {
  CHECK(rc::check([] {
    std::mt19937_64 random{*rc::gen::arbitrary<std::uint64_t>()};
    const auto keys = *rc::gen::inRange<std::uint64_t>(1, 400);
    const auto age_max = *rc::gen::inRange<std::uint64_t>(1, 600);
    Table table;
    std::multimap<std::uint64_t, std::uint64_t> model;  // What the table holds.
    std::size_t renewals = 0;
    for (std::uint64_t time = 0; time < 3000; ++time) {
      const auto horizon = time - std::min(time, age_max);
      const auto keep = [&](const Entry& entry) { return entry.value >= horizon; };
      const auto key = random() % keys;
      const auto before = table.size();
      table.insert({key, time}, keep);
      if (table.size() != before + 1) {
        ++renewals;
        std::erase_if(model, [&](const auto& entry) { return entry.second < horizon; });
      }
      model.emplace(key, time);
      RC_ASSERT(table.size() == model.size());
      RC_ASSERT(values_of(table, key) == values_in(model, key));
      const auto other = random() % (2 * keys);
      RC_ASSERT(values_of(table, other) == values_in(model, other));
      if (time % 97 == 0) RC_ASSERT(holds_exactly(table, model));
    }
    RC_ASSERT(holds_exactly(table, model));
    RC_ASSERT(renewals > 2);
    // Most are given up again and again, so it must not have grown much beyond what is kept.
    RC_ASSERT(8 * groups_of(table) <= 4 * (age_max + 16));
  }));
}

TEST_CASE("flat table: keys that belong into one group overflow into the next ones") {
  constexpr std::size_t groups = 64;
  Table table;
  std::uint64_t from = 1;
  std::multimap<std::uint64_t, std::uint64_t> model;
  // 40 keys want group 5; a few others live where those flow over to.
  for (std::uint64_t count = 0; count < 40; ++count) {
    const auto key = key_in_group(from, 5, groups);
    table.insert({key, count}, keep_all);
    model.emplace(key, count);
  }
  for (std::uint64_t count = 0; count < 250; ++count) {
    const auto key = key_in_group(from, count % 4 + 4, groups);
    table.insert({key, count}, keep_all);
    model.emplace(key, count);
  }
  REQUIRE_EQ(groups_of(table), groups);
  for (const auto& [key, value] : model) REQUIRE_EQ(values_of(table, key), values_in(model, key));
  for (int count = 0; count < 100; ++count) {
    REQUIRE_EQ(table.find(key_in_group(from, 5, groups)), nullptr);
  }
}

TEST_CASE("flat table: keys of one hash byte in one group are told apart") {
  Table table;
  std::uint64_t from = 1;
  std::vector<std::uint64_t> keys;
  while (keys.size() < 12) {
    const auto key = key_in_group(from, 3, 4);
    if (spread(key) >> 57U == 0x2AU) keys.push_back(key);
  }
  for (std::size_t at = 0; at < 11; ++at) table.insert({keys[at], at}, keep_all);
  for (std::size_t at = 0; at < 11; ++at) {
    const auto* entry = table.find(keys[at]);
    REQUIRE_NE(entry, nullptr);
    CHECK_EQ(entry->value, at);
  }
  CHECK_EQ(table.find(keys[11]), nullptr);
}

TEST_CASE("flat table: entries that went around the end survive a renewal in place") {
  // Four groups hold 28 entries. 12 belong into the last one, so some stand in the first.
  Table table;
  std::uint64_t from = 1;
  std::vector<std::uint64_t> last;
  for (std::uint64_t count = 0; count < 12; ++count) {
    last.push_back(key_in_group(from, 3, 4));
    table.insert({last.back(), 1}, keep_all);
  }
  for (std::uint64_t count = 12; count < 28; ++count) {
    table.insert({key_in_group(from, count % 3, 4), 0}, keep_all);
  }
  REQUIRE_EQ(groups_of(table), 4);
  REQUIRE_EQ(table.size(), 28);
  const auto keep = [](const Entry& entry) { return entry.value == 1; };
  table.insert({key_in_group(from, 0, 4), 1}, keep);
  CHECK_EQ(groups_of(table), 4);
  CHECK_EQ(table.size(), 13);
  for (const auto key : last) CHECK_EQ(values_of(table, key), std::vector<std::uint64_t>{1});
}

// Crowds at both ends of the table, so that renewals, with and without growth, meet full groups,
// entries that went around, and entries pushed on by those.
TEST_CASE("flat table: crowded ends, like a multimap through renewals with and without growth") {
  std::size_t in_place = 0;
  std::size_t grown = 0;
  CHECK(rc::check([&] {
    std::mt19937_64 random{*rc::gen::arbitrary<std::uint64_t>()};
    const auto kept_of_eight = *rc::gen::inRange<std::uint64_t>(1, 8);
    constexpr std::array<std::size_t, 6> wanted{63, 62, 0, 31, 15, 1};
    Table table;
    std::multimap<std::uint64_t, std::uint64_t> model;
    std::uint64_t from = random() >> 1U;
    for (int count = 0; count < 400; ++count) {
      // Groups of a table of 64; smaller tables see them folded, at their ends as well.
      const auto key = key_in_group(from, wanted[random() % wanted.size()], 64);
      const auto keep = [&](const Entry& entry) { return entry.value % 8 < kept_of_eight; };
      const auto value = random() % 1000;
      const auto before = table.size();
      const auto groups_before = groups_of(table);
      table.insert({key, value}, keep);
      const bool dropped = table.size() != before + 1;
      if (dropped) {
        std::erase_if(model, [&](const auto& entry) { return !keep({entry.first, entry.second}); });
      }
      in_place += dropped && groups_of(table) == groups_before ? 1 : 0;
      grown += groups_of(table) != groups_before ? 1 : 0;
      model.emplace(key, value);
      RC_ASSERT(table.size() == model.size());
      if (!dropped && groups_of(table) == groups_before && count % 50 != 0) continue;
      for (const auto& entry : model) {
        RC_ASSERT(values_of(table, entry.first) == values_in(model, entry.first));
      }
    }
    RC_ASSERT(holds_exactly(table, model));
  }));
  CHECK_GT(in_place, 100);
  CHECK_GT(grown, 100);
}
