#include "base/decimal.h"

#include <bit>
#include <cmath>
#include <cstdlib>

#include <rapidcheck.h>

using namespace partake;

namespace {

std::string read(const std::string& text) {
  const auto value = parse_decimal(text);
  return value ? to_string(*value) : value.error().code;
}

}  // namespace

TEST_CASE("decimal: keeps the digits as written") {
  CHECK_EQ(read("0.5500"), "0.5500");
  CHECK_EQ(parse_decimal("0.5500")->significant_digits(), 4);
  CHECK_EQ(parse_decimal("764000")->significant_digits(), 6);
  CHECK_EQ(parse_decimal("0")->significant_digits(), 1);
  CHECK_EQ(read("-1.2e3"), "-1200");
  CHECK_EQ(read("1e-3"), "0.001");
  CHECK_EQ(to_shortest(*parse_decimal("0.5500")), "0.55");
  CHECK_EQ(to_shortest(*parse_decimal("1200")), "1200");
}

TEST_CASE("decimal: refuses what is not a plain decimal") {
  for (const char* text : {"", "-", ".", "5.", "1.2.3", "1e", "1e+", "nan", "NaN", "inf",
                           "Infinity", "0x10", "1,000", " 1", "1 ", "--1", "1e5.5", "1e+-5"}) {
    CAPTURE(text);
    CHECK_EQ(read(text), "decimal.malformed");
  }
  CHECK_EQ(read(std::string(37, '9')), "decimal.too_long");
  CHECK_EQ(read("1e401"), "decimal.too_long");
  CHECK_EQ(read("1e99999999999"), "decimal.too_long");
  CHECK_EQ(read("0." + std::string(500, '0') + "1"), "decimal.too_long");
  CHECK_EQ(read(std::string(1000, '0') + "7"), "7");
}

TEST_CASE("decimal: the nearest binary64, as the C library reads the same text") {
  CHECK(rc::check([] {
    const auto mantissa = *rc::gen::arbitrary<std::int64_t>();
    const auto exponent = *rc::gen::inRange(-320, 300);
    const auto text = std::to_string(mantissa) + "e" + std::to_string(exponent);
    const double ours = to_double(*parse_decimal(text));
    RC_ASSERT(std::bit_cast<std::uint64_t>(ours) ==
              std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr)));
  }));
}

TEST_CASE("decimal: a unit ratio is applied exactly and rounded once") {
  // 0.1 x 3 is 0.3 when rounded once; 0.1 * 3.0 in binary64 is 0.30000000000000004.
  CHECK_EQ(to_double(*parse_decimal("0.1"), Rational::whole(3)), 0.3);
  CHECK_EQ(to_double(*parse_decimal("8.2"), Rational{1, 1000}), 0.0082);
  CHECK_EQ(to_double(Rational{1, 3}), 1.0 / 3.0);
  CHECK(rc::check([] {
    const auto mantissa = *rc::gen::arbitrary<std::int32_t>();
    const auto power = *rc::gen::inRange(0, 10);
    const auto scale = Rational::whole(10).to_power(power);
    const Decimal value{mantissa, -5};
    RC_ASSERT(to_double(value, *scale) == to_double(Decimal{mantissa, power - 5}));
  }));
}

TEST_CASE("decimal: print and parse are inverse") {
  CHECK(rc::check([] {
    const Decimal value{*rc::gen::arbitrary<std::int64_t>(), *rc::gen::inRange(-30, 1)};
    const auto again = parse_decimal(to_string(value));
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->mantissa == value.mantissa);
    RC_ASSERT(again->exponent == value.exponent);
  }));
}

TEST_CASE("decimal: rounding is half to even") {
  const auto rounded = [](const char* text, int digits) {
    return to_string(*round_half_even(*to_rational(*parse_decimal(text)), digits));
  };
  CHECK_EQ(rounded("0.5", 0), "0");
  CHECK_EQ(rounded("1.5", 0), "2");
  CHECK_EQ(rounded("2.5", 0), "2");
  CHECK_EQ(rounded("-2.5", 0), "-2");
  CHECK_EQ(rounded("-1.51", 0), "-2");
  CHECK_EQ(rounded("67.5", 0), "68");
  CHECK_EQ(rounded("172356", -4), "170000");
}

TEST_CASE("rational: arithmetic is exact and overflow is noticed") {
  CHECK(*Rational{44, 12}.times(Rational{12, 44}) == Rational::whole(1));
  CHECK((Rational{2, -4} == Rational{-1, 2}));
  CHECK_FALSE(Rational::whole(1).over(Rational::whole(0)).has_value());
  CHECK_FALSE(Rational::whole(10).to_power(39).has_value());
  CHECK_EQ(to_string(*to_rational(*parse_decimal("1e30")).value().times(Rational{1, 1}) ==
                             *Rational::whole(10).to_power(30)
                         ? Decimal{1, 0}
                         : Decimal{0, 0}),
           "1");
}
