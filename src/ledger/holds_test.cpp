#include "ledger/holds.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace partake;
using ledger::AccountIndex;
using ledger::Asset;
using ledger::Hold;
using ledger::Holds;

namespace {

constexpr AccountIndex owner{7};
Day day(int number) { return Day{std::chrono::days{20000 + number}}; }
Hold of(std::int64_t amount, int until) {
  return {"pledge", owner, Asset::money, amount, day(until), {}};
}

}  // namespace

TEST_CASE("holds: placed, used in part, released, ended") {
  Holds holds;
  const auto one = holds.place(of(100, 10));
  const auto two = holds.place(of(50, 5));
  CHECK_EQ(holds.held(owner, Asset::money), 150);
  CHECK_EQ(holds.held(owner, Asset::points), 0);
  holds.take(one, 30);
  CHECK_EQ(holds.find(one)->left, 70);
  holds.end_before(day(5));  // Its last day is still a day of it.
  CHECK_NE(holds.find(two), nullptr);
  holds.end_before(day(6));
  CHECK_EQ(holds.find(two), nullptr);
  CHECK_EQ(holds.held(owner, Asset::money), 70);
  holds.take(one, 70);
  CHECK_EQ(holds.find(one), nullptr);
  CHECK_EQ(holds.held(owner, Asset::money), 0);
  CHECK_EQ(holds.count(), 2);
}

TEST_CASE("holds: what is held is what all open holds have left, also when restored") {
  CHECK(rc::check([] {
    Holds holds;
    const auto steps = *rc::gen::container<std::vector<std::tuple<int, int, int>>>(
        rc::gen::tuple(rc::gen::inRange(0, 3), rc::gen::inRange(1, 100), rc::gen::inRange(0, 30)));
    for (const auto& [kind, amount, other] : steps) {
      if (kind == 0) holds.place(of(amount, other));
      if (kind == 1) holds.end_before(day(other));
      const auto* hold = holds.find(static_cast<std::uint64_t>(other));
      if (kind == 2 && hold != nullptr) {
        holds.take(static_cast<std::uint64_t>(other), std::min<std::int64_t>(amount, hold->left));
      }
      std::int64_t sum = 0;
      for (const auto& [number, open] : holds.open()) sum += open.left;
      RC_ASSERT(sum == holds.held(owner, Asset::money));
    }
    Holds again;
    again.restore(holds.open(), holds.count());
    RC_ASSERT(again.held(owner, Asset::money) == holds.held(owner, Asset::money));
    again.end_before(day(100));
    RC_ASSERT(again.held(owner, Asset::money) == 0);
    RC_ASSERT(again.place(of(1, 1)) == holds.count());
  }));
}
