#include "rules/chi_square.h"

#include <cmath>
#include <numeric>

#include <doctest/doctest.h>

using namespace partake::rules;

namespace {

// The upper tail of the chi-square distribution of k degrees of freedom, by its definition: the
// integral of x^(k/2-1) e^(-x/2) / (2^(k/2) gamma(k/2)), Simpson's rule up to where nothing is
// left.
double tail(double from, int k) {
  constexpr double end = 400;
  constexpr int steps = 200'000;
  const double width = (end - from) / steps;
  const auto density = [&](double x) {
    return std::exp((k / 2.0 - 1) * std::log(x) - x / 2 - k / 2.0 * std::log(2.0) -
                    std::lgamma(k / 2.0));
  };
  double sum = density(from) + density(end);
  for (int at = 1; at < steps; ++at) sum += (at % 2 == 1 ? 4 : 2) * density(from + at * width);
  return sum * width / 3;
}

}  // namespace

TEST_CASE("chi-square: critical values are those of the distribution, to a thousandth") {
  for (const auto text : significances) {
    const double significance = std::stod(std::string{text});
    for (const bool first : {false, true}) {
      const auto critical = critical_milli(text, first);
      REQUIRE(critical);
      const int freedom = first ? 8 : 9;
      CHECK_GT(tail(static_cast<double>(*critical) / 1000 - 0.0006, freedom), significance);
      CHECK_LT(tail(static_cast<double>(*critical) / 1000 + 0.0006, freedom), significance);
    }
  }
  CHECK_FALSE(critical_milli("0.02", false));
}

TEST_CASE("chi-square: digits are expected as their laws say") {
  const auto first = first_digit_parts();
  REQUIRE_EQ(first.size(), 9);
  for (std::size_t at = 0; at < first.size(); ++at) {
    const double digit = static_cast<double>(at) + 1;
    CHECK_LT(std::abs(static_cast<double>(first[at]) - 1e9 * std::log10(1 + 1 / digit)), 1);
  }
  CHECK_EQ(std::accumulate(first.begin(), first.end(), std::int64_t{0}), digit_parts);
  const auto last = last_digit_parts();
  CHECK_EQ(std::accumulate(last.begin(), last.end(), std::int64_t{0}), digit_parts);
  // Five of each cell, as the handbook asks.
  CHECK_GE(last_digits_min * last[0], 5 * digit_parts);
  CHECK_GE(first_digits_min * first[8], 5 * digit_parts);
  CHECK_LT((first_digits_min - 1) * first[8], 5 * digit_parts);
}

TEST_CASE("chi-square: the sum of the definition") {
  // Knuth, The Art of Computer Programming 2, 3.3.1: 144 throws of two dice; V = 7 + 7/48.
  const std::array<std::int64_t, 11> one{2, 4, 10, 12, 22, 29, 21, 15, 14, 9, 6};
  std::array<std::int64_t, 11> dice{};
  for (std::size_t at = 0; at < dice.size(); ++at) {
    const auto ways = static_cast<std::int64_t>(at < 6 ? at + 1 : 11 - at);
    dice[at] = (digit_parts * ways + 18) / 36;
  }
  CHECK_LE(std::abs(chi_square_milli(one, dice) - 7'146), 11);
  const std::array<std::int64_t, 10> alike{7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
  CHECK_EQ(chi_square_milli(alike, last_digit_parts()), 0);
  const std::array<std::int64_t, 10> all_zero{100, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  CHECK_EQ(chi_square_milli(all_zero, last_digit_parts()), 900'000);
}
