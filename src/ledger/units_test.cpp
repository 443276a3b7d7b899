#include "ledger/units.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace partake;
using ledger::AccountIndex;
using ledger::UnitRun;
using ledger::Units;
using ledger::UnitState;

namespace {

constexpr AccountIndex owner{1};
constexpr AccountIndex buyer{2};
constexpr AccountIndex bank{3};

std::string text(const Units& units) {
  std::string text;
  for (const auto& [first, run] : units.runs()) {
    if (!text.empty()) text += ' ';
    text +=
        std::to_string(first) + "-" + std::to_string(run.last) + ":" + ledger::name_of(run.state);
    if (run.account) text += "@" + std::to_string(run.account->value);
  }
  return text;
}

}  // namespace

TEST_CASE("units: a batch is issued, sold in part, pledged, retired, and every number stays") {
  Units units;
  units.issue(100, 2024, UnitState::held, owner);
  units.issue(20, 2025, UnitState::buffer, owner);
  CHECK_EQ(text(units), "1-100:held@1 101-120:buffer@1");
  units.change(11, 20, UnitState::held, buyer);
  units.change(15, 16, UnitState::retired, buyer);
  units.change(1, 5, UnitState::pledged, owner, bank);
  CHECK_EQ(text(units),
           "1-5:pledged@1 6-10:held@1 11-14:held@2 15-16:retired 17-20:held@2 21-100:held@1 "
           "101-120:buffer@1");
  CHECK_EQ(units.count(owner, UnitState::held), 85);
  CHECK_EQ(units.count(buyer, UnitState::held), 8);
  CHECK_EQ(units.count(UnitState::retired), 2);
  // What was released is as if nothing had been.
  units.change(1, 5, UnitState::held, owner);
  CHECK_EQ(units.runs().at(1).last, 10);
  CHECK(units.is_whole());
}

TEST_CASE("units: the lowest numbers are taken first, over gaps and by vintage") {
  Units units;
  units.issue(10, 2024, UnitState::held, owner);
  units.issue(10, 2025, UnitState::held, owner);
  units.change(3, 4, UnitState::held, buyer);
  const auto spans = [](const std::vector<UnitRun>& runs) {
    std::string text;
    for (const auto& run : runs) {
      text += std::to_string(run.first) + "-" + std::to_string(run.last) + " ";
    }
    return text;
  };
  CHECK_EQ(spans(units.lowest(owner, UnitState::held, 2)), "1-2 ");
  CHECK_EQ(spans(units.lowest(owner, UnitState::held, 5)), "1-2 5-7 ");
  CHECK_EQ(spans(units.lowest(owner, UnitState::held, 12)), "1-2 5-10 11-14 ");
  CHECK_EQ(spans(units.lowest(owner, UnitState::held, 3, 2025)), "11-13 ");
  CHECK_EQ(spans(units.lowest(owner, UnitState::held, 19)), "");
  CHECK_EQ(spans(units.lowest(bank, UnitState::held, 1)), "");
  units.change(1, 2, UnitState::pledged, owner, bank);
  CHECK_EQ(spans(units.lowest(owner, UnitState::pledged, 1, 0, bank)), "1-1 ");
  CHECK_EQ(spans(units.lowest(owner, UnitState::pledged, 1, 0, buyer)), "");
}

TEST_CASE("units: only legal changes") {
  using enum UnitState;
  constexpr std::array all{held, pledged, buffer, retired, cancelled};
  std::string legal;
  for (const auto from : all) {
    for (const auto to : all) {
      if (ledger::is_legal(from, to)) {
        legal += std::string{ledger::name_of(from)} + ">" + ledger::name_of(to) + " ";
      }
    }
  }
  CHECK_EQ(legal,
           "held>held held>pledged held>buffer held>retired held>cancelled pledged>held "
           "buffer>held buffer>cancelled ");
}

TEST_CASE("units: what cannot have been is not restored") {
  const std::vector<ledger::UnitBatch> batches{{1, 10, 2024}, {11, 20, 2025}};
  const UnitRun one{1, 10, UnitState::held, 0, owner, {}};
  const UnitRun two{11, 20, UnitState::retired, 1, {}, {}};
  Units units;
  CHECK(units.restore(batches, {one, two}));
  CHECK_FALSE(units.restore(batches, {one}));
  CHECK_FALSE(units.restore(batches, {one, one}));
  CHECK_FALSE(units.restore({{1, 10, 2024}, {12, 20, 2025}}, {one, two}));
  CHECK_FALSE(units.restore(batches, {{1, 11, UnitState::held, 0, owner, {}}, two}));
  CHECK_FALSE(units.restore(batches, {{1, 10, UnitState::held, 0, {}, {}}, two}));
  CHECK_FALSE(units.restore(batches, {one, {11, 20, UnitState::retired, 2, {}, {}}}));
}

TEST_CASE("units: whatever is done, nothing is lost and all is restored as it was") {
  CHECK(rc::check([] {
    Units units;
    units.issue(60, 2024, UnitState::held, owner);
    units.issue(40, 2025, UnitState::buffer, owner);
    const auto steps = *rc::gen::container<std::vector<std::tuple<int, int, int, int>>>(
        rc::gen::tuple(rc::gen::inRange(1, 101), rc::gen::inRange(1, 20), rc::gen::inRange(0, 5),
                       rc::gen::inRange(1, 4)));
    for (const auto& [first, count, to, account] : steps) {
      const auto run = units.within(static_cast<std::uint64_t>(first),
                                    static_cast<std::uint64_t>(first + count - 1));
      const auto state = static_cast<UnitState>(to);
      if (!run || !ledger::is_legal(run->state, state)) continue;
      units.change(run->first, run->last, state, AccountIndex{static_cast<std::uint64_t>(account)},
                   bank);
      RC_ASSERT(units.is_whole());
      std::uint64_t owned = units.count(UnitState::retired) + units.count(UnitState::cancelled);
      for (std::uint64_t of = 0; of < 5; ++of) {
        for (const auto in : {UnitState::held, UnitState::pledged, UnitState::buffer}) {
          owned += units.count(AccountIndex{of}, in);
        }
      }
      RC_ASSERT(owned == units.issued());
    }
    std::vector<UnitRun> runs;
    for (const auto& [first, run] : units.runs()) runs.push_back(run);
    Units other;
    RC_ASSERT(other.restore(units.batches(), runs));
    RC_ASSERT(other.runs() == units.runs());
    // Neighbours that nothing tells apart are one run.
    for (std::size_t at = 1; at < runs.size(); ++at) {
      auto next = runs[at];
      next.first = runs[at - 1].first;
      next.last = runs[at - 1].last;
      RC_ASSERT(next != runs[at - 1]);
    }
  }));
}
