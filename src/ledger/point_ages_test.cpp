#include "ledger/point_ages.h"

#include <deque>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace partake;
using ledger::AccountIndex;
using ledger::PointAges;

namespace {

constexpr AccountIndex first{0};

// The same with a lot for each year, the slow and plain way.
struct Lots {
  std::deque<std::int64_t> by_year{0};  // Newest last.
  void earn(std::int64_t amount) { by_year.back() += amount; }
  void spend(std::int64_t amount) {
    for (auto& lot : by_year) {
      const auto part = std::min(lot, amount);
      lot -= part;
      amount -= part;
    }
  }
  [[nodiscard]] std::int64_t sum() const {
    std::int64_t sum = 0;
    for (const auto lot : by_year) sum += lot;
    return sum;
  }
  // Of years that ended more than `years` years ago.
  [[nodiscard]] std::int64_t due(std::size_t years) const {
    std::int64_t sum = 0;
    for (std::size_t at = 0; at + years + 1 < by_year.size(); ++at) sum += by_year[at];
    return sum;
  }
};

}  // namespace

TEST_CASE("point ages: points of a year end with the next year, the oldest being spent first") {
  PointAges ages;
  ages.set_years(1);
  ages.end_year({100});  // Year 1.
  CHECK_EQ(ages.due(first, 100), 0);
  ages.spend(first, 30);
  // 50 more in year 2: 120 in all, 70 of them of year 1.
  ages.end_year({120});
  CHECK_EQ(ages.due(first, 120), 70);
  CHECK_EQ(ages.due(first, 40), 40);
  CHECK_EQ(ages.due(first, -5), 0);
  ages.spend(first, 70);
  CHECK_EQ(ages.due(first, 50), 0);
  ages.end_year({50});
  CHECK_EQ(ages.due(first, 50), 50);
  CHECK_EQ(ages.due(AccountIndex{9}, 50), 0);
}

TEST_CASE("point ages: another number of years holds from then on") {
  PointAges ages;
  ages.set_years(1);
  ages.end_year({100});
  ages.end_year({100});
  CHECK_EQ(ages.due(first, 100), 100);
  ages.set_years(2);
  CHECK_EQ(ages.due(first, 100), 0);
  ages.end_year({100});
  CHECK_EQ(ages.due(first, 100), 100);
  ages.set_years(0);
  CHECK_EQ(ages.due(first, 100), 100);
}

TEST_CASE("point ages: whose points are due is found in order, without looking at the others") {
  PointAges ages;
  ages.set_years(0);
  constexpr AccountIndex none{ledger::accounts_max};
  CHECK(ages.next_due(first) == none);
  ages.end_year({0, 5, -3, 7, 0});
  CHECK(ages.next_due(first) == AccountIndex{1});
  CHECK(ages.next_due({2}) == AccountIndex{3});
  CHECK(ages.next_due({4}) == none);
  ages.spend({1}, 5);
  CHECK(ages.next_due(first) == AccountIndex{3});
  // A later one may be done first.
  ages.end_year({2, 0, 4});
  ages.spend({2}, 4);
  CHECK(ages.next_due(first) == AccountIndex{0});
  CHECK(ages.next_due({1}) == none);
  PointAges again;
  again.restore(ages.marks());
  CHECK(again.next_due(first) == AccountIndex{0});
}

TEST_CASE("point ages: as with a lot for each year") {
  CHECK(rc::check([] {
    const auto years = *rc::gen::inRange<std::size_t>(0, 6);
    PointAges ages;
    ages.set_years(years);
    Lots lots;
    const auto steps = *rc::gen::container<std::vector<std::pair<int, std::int64_t>>>(
        rc::gen::pair(rc::gen::inRange(0, 4), rc::gen::inRange<std::int64_t>(1, 100)));
    for (const auto& [kind, amount] : steps) {
      if (kind == 0) lots.earn(amount);
      if (kind == 1) {
        const auto part = std::min(amount, lots.sum());
        lots.spend(part);
        ages.spend(first, part);
      }
      if (kind == 2) {
        ages.end_year({lots.sum()});
        lots.by_year.push_back(0);
      }
      if (kind == 3) {
        const auto due = ages.due(first, lots.sum());
        ages.spend(first, due);
        lots.spend(due);
      }
      RC_ASSERT(ages.due(first, lots.sum()) == lots.due(years));
    }
  }));
}
