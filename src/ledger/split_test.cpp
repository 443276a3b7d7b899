#include "ledger/split.h"

#include <limits>
#include <numeric>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace partake;
using ledger::are_shares;
using ledger::split;

namespace {

using Amounts = std::vector<std::int64_t>;
const std::vector<Rational> visits{{45, 100}, {45, 100}, {10, 100}};

}  // namespace

TEST_CASE("split: what a text states about shares of an income") {
  // 45/45/10 of 1,737,200.00 yuan; the funds together get 955,460.00.
  const auto parts = split(173'720'000, visits);
  CHECK_EQ(parts, Amounts{78'174'000, 78'174'000, 17'372'000});
  CHECK_EQ(parts[1] + parts[2], 95'546'000);
}

TEST_CASE("split: what is left goes to the largest remainders, the earlier of equal ones first") {
  struct Row {
    std::int64_t amount;
    std::vector<Rational> shares;
    Amounts parts;
  };
  const std::vector<Rational> thirds{{1, 3}, {1, 3}, {1, 3}};
  const std::vector<Row> rows{
      {0, visits, {0, 0, 0}},           {1, visits, {1, 0, 0}},
      {2, visits, {1, 1, 0}},           {3, visits, {2, 1, 0}},
      {7, visits, {3, 3, 1}},           {10, thirds, {4, 3, 3}},
      {11, thirds, {4, 4, 3}},          {-11, thirds, {-4, -4, -3}},
      {1, {{1, 10}, {9, 10}}, {0, 1}},  {5, {{1, 2}, {1, 3}, {1, 6}}, {2, 2, 1}},
      {12, {Rational::whole(1)}, {12}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.amount);
    CHECK_EQ(split(row.amount, row.shares), row.parts);
  }
}

TEST_CASE("split: shares are positive, simple, and together one") {
  CHECK(are_shares(visits));
  CHECK_FALSE(are_shares({}));
  CHECK_FALSE(are_shares(std::vector<Rational>{{1, 2}, {1, 3}}));
  CHECK_FALSE(are_shares(std::vector<Rational>{{1, 2}, {1, 1}, {-1, 2}}));
  CHECK_FALSE(are_shares(std::vector<Rational>{Rational::whole(1), Rational::whole(0)}));
  const Int128 large = ledger::share_denominator_max + 1;
  CHECK_FALSE(are_shares(std::vector<Rational>{{1, large}, {large - 1, large}}));
  CHECK_FALSE(are_shares(std::vector<Rational>(65, Rational{1, 65})));
}

TEST_CASE("split: parts add up to the amount, and none is a unit away from its share") {
  CHECK(rc::check([] {
    const auto weights =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 1'000'000)));
    RC_PRE(weights.size() <= ledger::shares_max);
    const auto total = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
    std::vector<Rational> shares;
    for (const auto weight : weights) shares.emplace_back(weight, total);
    const auto amount = *rc::gen::oneOf(rc::gen::arbitrary<std::int64_t>(),
                                        rc::gen::inRange<std::int64_t>(-1000, 1000),
                                        rc::gen::element(std::numeric_limits<std::int64_t>::min(),
                                                         std::numeric_limits<std::int64_t>::max()));
    const auto parts = split(amount, shares);
    Int128 sum = 0;
    for (std::size_t at = 0; at < parts.size(); ++at) {
      sum += parts[at];
      const auto away = Int128{parts[at]} * total - Int128{amount} * weights[at];
      RC_ASSERT(-Int128{total} < away && away < Int128{total});
    }
    RC_ASSERT(sum == Int128{amount});
  }));
}
