#include "claims/number.h"

#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace partake;
using claims::number_at;

namespace {

// "764000 exact [759500, 768500]": the number that stands first in a text.
std::string read(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto number = number_at(text, at);
    if (!number) continue;
    std::string line = to_shortest(number->value);
    if (number->upper) line += ".." + to_shortest(*number->upper);
    return line + " " + name_of(number->hedge) + " to " + std::to_string(number->end);
  }
  return "none";
}

}  // namespace

TEST_CASE("number: Chinese and English writing, multiples, hedges and ranges") {
  CHECK_EQ(read("76.4万"), "764000 exact to 7");
  CHECK_EQ(read("2600多万"), "26000000 over to 10");
  CHECK_EQ(read("650万余"), "6500000 over to 9");
  CHECK_EQ(read("约16亿"), "1600000000 about to 8");
  CHECK_EQ(read("节约16亿"), "1600000000 exact to 11");
  CHECK_EQ(read("近4万"), "40000 nearly to 7");
  CHECK_EQ(read("超过3000余"), "3000 over to 13");
  CHECK_EQ(read("30%以上"), "30 exact to 2");  // The hedge stands after the unit.
  CHECK_EQ(read("10—15%"), "10..15 about to 7");
  CHECK_EQ(read("40万~50万元"), "400000..500000 about to 11");
  CHECK_EQ(read("3%~5%"), "3..5 about to 4");
  CHECK_EQ(read("千亿"), "100000000000 exact to 6");
  CHECK_EQ(read("三十余"), "30 over to 9");
  CHECK_EQ(read("一百二十"), "120 exact to 12");
  CHECK_EQ(read("三分之一"), "0.3333 exact to 12");
  CHECK_EQ(read("数千"), "2000..9000 about to 6");
  CHECK_EQ(read("1,234,567 tonnes"), "1234567 exact to 9");
  CHECK_EQ(read("about 40,000 people"), "40000 about to 12");
  CHECK_EQ(read("more than 1.2 million"), "1200000 over to 21");
  CHECK_EQ(read("two-thirds"), "0.6667 exact to 10");
  CHECK_EQ(read("76.4万千瓦时"), "764000 exact to 7");  // 千 is the unit's.
  CHECK_EQ(read("从180增至208"), "180 exact to 6");
  CHECK_FALSE(number_at(std::string(200, '9'), 0).has_value());
}

TEST_CASE("number: the spread comes from digits and hedges") {
  const auto spread = [](std::string_view text) {
    std::size_t at = 0;
    while (!number_at(text, at)) ++at;
    const auto read = claims::spread_of(*number_at(text, at));
    return std::pair{to_double(read->low), to_double(read->high)};
  };
  CHECK_EQ(spread("636"), std::pair{635.5, 636.5});
  CHECK_EQ(spread("76.4万"), std::pair{763500.0, 764500.0});
  CHECK_EQ(spread("约100"), std::pair{50.0, 150.0});
  CHECK_EQ(spread("超6"), std::pair{6.0, 7.0});
  CHECK_EQ(spread("近100"), std::pair{90.0, 100.0});
}

TEST_CASE("number: whatever is read lies within its spread") {
  CHECK(rc::check([] {
    const auto digits = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
    const auto* multiple =
        *rc::gen::elementOf(std::vector<const char*>{"", "万", "亿", " million"});
    const auto* hedge =
        *rc::gen::elementOf(std::vector<const char*>{"", "约", "近", "超", "about "});
    const auto text = hedge + std::to_string(digits) + multiple;
    const auto number = number_at(text, std::string_view{hedge}.size());
    RC_ASSERT(number.has_value());
    RC_ASSERT(number->end == text.size());
    const auto spread = claims::spread_of(*number);
    RC_ASSERT(spread.has_value());
    RC_ASSERT(to_double(spread->low) <= to_double(spread->value));
    RC_ASSERT(to_double(spread->value) <= to_double(spread->high));
  }));
}
