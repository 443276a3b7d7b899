#include "base/unit.h"

#include <rapidcheck.h>

#include "base/quantity.h"
#include "base/text.h"

using namespace partake;

namespace {

// "390000000 km (2)": the exact value with its significant digits as written, or the error's code.
std::string converted(const std::string& quantity, const std::string& unit) {
  const auto from = parse_quantity(quantity);
  if (!from) return from.error().code;
  const auto to = parse_unit(unit);
  if (!to) return to.error().code;
  const auto exact = convert(*from, *to);
  if (!exact) return exact.error().code;
  return to_string(round_to_significant(*exact, 12)) == "0"
             ? "0"
             : to_shortest(round_to_significant(*exact, 12)) + " (" +
                   std::to_string(from->value.significant_digits()) + ")";
}

std::string code_of(const std::string& unit) {
  const auto read = parse_unit(unit);
  return read ? "ok" : read.error().code;
}

}  // namespace

TEST_CASE("unit: what the field writes, in both languages, converts exactly") {
  CHECK_EQ(converted("3.9亿公里", "km"), "390000000 (2)");
  CHECK_EQ(converted("76.4万千瓦时", "kWh"), "764000 (3)");
  CHECK_EQ(converted("16亿升", "m3"), "1600000 (2)");
  CHECK_EQ(converted("1 度", "J"), "3600000 (1)");
  CHECK_EQ(converted("15 亩", "公顷"), "1 (2)");
  CHECK_EQ(converted("8.4平方公里", "ha"), "840 (2)");
  CHECK_EQ(converted("2斤", "公斤"), "1 (1)");
  CHECK_EQ(converted("636吨二氧化碳", "kgCO2"), "636000 (3)");
  CHECK_EQ(converted("17万吨二氧化碳当量", "tCO2e"), "170000 (2)");
  CHECK_EQ(converted("5立方米", "升"), "5000 (1)");
  CHECK_EQ(converted("25.24万吨标准煤", "tce"), "252400 (4)");
  CHECK_EQ(converted("1 吨标准煤(等价值)", "kgce_supply"), "1000 (1)");
  CHECK_EQ(converted("0.5580 千克二氧化碳/千瓦时", "tCO2/MWh"), "0.558 (4)");
  CHECK_EQ(converted("104 gCO2/人公里", "kgCO2/pkm"), "0.104 (3)");
  CHECK_EQ(converted("1 kW.h", "MJ"), "3.6 (1)");
  CHECK_EQ(converted("9.37亿元", "yuan"), "937000000 (3)");
  CHECK_EQ(converted("100 Cel", "K"), "373.15 (3)");
  CHECK_EQ(converted("20 Cel", "mK"), "293150 (2)");
  CHECK_EQ(converted("293150 mK", "Cel"), "20 (6)");
  CHECK_EQ(converted("310.15 K", "℃"), "37 (5)");
  CHECK_EQ(converted("１２．５ km", "m"), "12500 (3)");
  CHECK_EQ(converted("172,356 t", "t"), "172356 (6)");
  CHECK_EQ(converted("41 L/100km", "L/km"), "0.41 (2)");
  CHECK_EQ(converted("41 升/百公里", "L/(100 km)"), "41 (2)");
  CHECK_EQ(converted("0.41 L/km", "L/100 km"), "41 (2)");
  CHECK_EQ(converted("3.6亿人次", "ptrip"), "360000000 (2)");
  CHECK_EQ(converted("120 人次 公里/趟", "pkm"), "120 (3)");
  CHECK_EQ(converted("8 万辆次", "车次"), "80000 (1)");
  CHECK_EQ(converted("12 ㎡", "平方米"), "12 (2)");
  CHECK_EQ(to_string(*parse_unit("千m8"), Language::zh), "千·米8");
  CHECK_EQ(converted("3 kg/㎥", "g/L"), "3 (1)");
  CHECK_EQ(converted("1.5㎞", "m"), "1500 (2)");
  CHECK_EQ(converted("1 t标准煤", "tce"), "1 (1)");
  CHECK_EQ(converted("2 kg标煤", "kgce"), "2 (1)");
  CHECK_EQ(converted("1 t标准煤(等价值)", "tce_supply"), "1 (1)");
  CHECK_EQ(converted("636 t二氧化碳", "tCO2"), "636 (3)");
  CHECK_EQ(converted("1万 km", "km"), "10000 (1)");
  CHECK_EQ(converted("3 元/万 千瓦时", "元/千瓦时"), "0.0003 (1)");
  CHECK_EQ(converted("2 千 米", "m"), "2000 (1)");
  CHECK_EQ(converted("1 kcal", "J"), "4186.8 (1)");
}

TEST_CASE("unit: substances, counts and bases of coal do not mix") {
  CHECK_EQ(converted("1 kgCO2", "kgCO2e"), "unit.mismatch");
  CHECK_EQ(converted("1 kgC", "kgCO2"), "unit.mismatch");
  CHECK_EQ(converted("1 kgCH4", "kgCO2e"), "unit.mismatch");
  CHECK_EQ(converted("1 tce", "tce_supply"), "unit.mismatch");
  CHECK_EQ(converted("1 tce", "t"), "unit.mismatch");
  CHECK_EQ(converted("1 %", "pp"), "unit.mismatch");
  CHECK_EQ(converted("1 person", "trip"), "unit.mismatch");
  CHECK_EQ(converted("1 人次", "trip"), "unit.mismatch");
  CHECK_EQ(converted("1 人次", "车次"), "unit.mismatch");
  CHECK_EQ(converted("1 pkm", "vkm"), "unit.mismatch");
  CHECK_EQ(converted("1 kgCO2/kWh", "kgCO2/km"), "unit.mismatch");
  CHECK_EQ(converted("50 %", "1"), "0.5 (2)");
}

TEST_CASE("unit: refuses what it does not know, and says what is near") {
  const auto nearest = [](const std::string& unit) {
    const auto read = parse_unit(unit);
    REQUIRE_FALSE(read.has_value());
    const auto& args = read.error().args;
    const auto found = std::find_if(args.begin(), args.end(),
                                    [](const auto& arg) { return arg.first == "nearest"; });
    REQUIRE(found != args.end());
    return found->second;
  };
  CHECK_EQ(nearest("kWhh"), "kWh");
  CHECK_EQ(nearest("KWH"), "kWh");
  CHECK_EQ(nearest("tco2e"), "tCO2e");
  CHECK_EQ(nearest("Kg"), "kg");
  CHECK_EQ(nearest("persn"), "person");
  CHECK_EQ(nearest("ft"), "");
  CHECK_EQ(nearest("lb"), "");
  CHECK_EQ(nearest("furlong"), "");
  CHECK_EQ(nearest("间"), "");
  CHECK_EQ(code_of("kWhh"), "unit.unknown");
  CHECK_EQ(converted("1 Em9", "m9"), "unit.too_large");
  CHECK_EQ(code_of("furlong"), "unit.unknown");
  CHECK_EQ(code_of(""), "unit.malformed");
  CHECK_EQ(code_of("kg/"), "unit.unknown");
  CHECK_EQ(code_of("(kg"), "unit.malformed");
  CHECK_EQ(code_of("kg)"), "unit.malformed");
  // No power above 9, however it is written.
  CHECK_EQ(code_of("m^10"), "unit.malformed");
  CHECK_EQ(code_of("平方m8"), "unit.malformed");
  CHECK_EQ(code_of("m0"), "unit.unknown");
  CHECK_EQ(code_of("250 km"), "unit.malformed");
  CHECK_EQ(code_of("Cel/m"), "unit.offset_in_product");
  CHECK_EQ(code_of(std::string(201, 'm')), "unit.too_long");
  CHECK_EQ(code_of("m m m m m m m m m m m m m m m m m m"), "unit.too_long");
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "(";
  CHECK_EQ(code_of(deep + "m"), "unit.malformed");
  const auto wrong = parse_unit("kgC02");
  REQUIRE_FALSE(wrong.has_value());
  CHECK(message(wrong.error(), Language::en).find("did you mean kgCO2?") != std::string::npos);
}

TEST_CASE("unit: printing and parsing are inverse, in both languages") {
  const std::vector<std::string> words{"kWh",  "km",         "m",  "kgCO2", "tCO2e",  "pkm",
                                       "ha",   "mu",         "L",  "yuan",  "person", "a",
                                       "tce",  "tce_supply", "%",  "pp",    "gCH4",   "kgHFC134a",
                                       "trip", "GJ",         "MW", "kgN"};
  CHECK(rc::check([&] {
    std::string text;
    const auto count = *rc::gen::inRange(1, 5);
    for (int i = 0; i < count; ++i) {
      if (i > 0) text += *rc::gen::arbitrary<bool>() ? "·" : "/";
      if (*rc::gen::inRange(0, 4) == 0) text += *rc::gen::element<std::string>("千", "万", "100 ");
      text += words[*rc::gen::inRange<std::size_t>(0, words.size())];
      const auto power = *rc::gen::inRange(1, 10);
      if (power > 1) text += "^" + std::to_string(power);
    }
    const auto unit = parse_unit(text);
    RC_ASSERT(unit.has_value());
    const auto merged = Unit{}.times(*unit);
    if (!merged.ratio()) return;  // Too large to convert exactly, and said to be.
    const auto& terms = merged.terms();
    if (std::any_of(terms.begin(), terms.end(), [](const auto& term) {
          return std::abs(term.exponent) > 9;  // More than can be read.
        })) {
      return;
    }
    for (const auto language : {Language::en, Language::zh}) {
      const auto printed = to_string(merged, language);
      const auto again = parse_unit(printed);
      RC_ASSERT(again.has_value());
      RC_ASSERT(again->dimension() == merged.dimension());
      // In another order an intermediate ratio may be too large; that is an error, never a wrong
      // one.
      if (again->ratio()) RC_ASSERT(*again->ratio() == *merged.ratio());
    }
  }));
}

TEST_CASE("unit: every listed word is read in both languages") {
  for (const auto& word : unit_words()) {
    CAPTURE(word.en);
    const auto english = parse_unit(word.en);
    const auto chinese = parse_unit(word.zh);
    REQUIRE(english.has_value());
    REQUIRE(chinese.has_value());
    CHECK(*english == *chinese);
    CHECK_EQ(to_string(*english, Language::zh), word.zh);
  }
}

TEST_CASE("unit: multiples stay with the unit when printed") {
  const auto quantity = parse_quantity("76.4万千瓦时");
  REQUIRE(quantity.has_value());
  CHECK_EQ(to_string(*quantity, Language::zh), "76.4 万千瓦时");
  CHECK(parse_unit("10^4·kWh").value() == quantity->unit);
  CHECK_EQ(to_string(parse_unit("元/万千瓦时").value(), Language::zh), "元/万千瓦时");
}

TEST_CASE("quantity: English, which has no 万, writes its multiple into the number") {
  for (const auto& entry :
       {std::pair{"76.4万千瓦时", "764000 kWh"}, std::pair{"17 万tCO2e", "170000 tCO2e"},
        std::pair{"3.9亿", "390000000"}, std::pair{"1.25万元/万 km", "12500 yuan/(10^4·km)"},
        std::pair{"41 L/100 km", "41 L/(100·km)"}}) {
    const std::string written = entry.first;
    const std::string english = entry.second;
    CAPTURE(written);
    const auto quantity = parse_quantity(written);
    REQUIRE(quantity.has_value());
    CHECK_EQ(to_string(*quantity, Language::en), english);
    const auto again = parse_quantity(to_string(*quantity, Language::en));
    REQUIRE(again.has_value());
    CHECK(convert(*again, quantity->unit).value() == convert(*quantity, quantity->unit).value());
    const auto chinese = to_string(*quantity, Language::zh);
    CHECK_EQ(to_string(parse_quantity(chinese).value(), Language::zh), chinese);
  }
}

TEST_CASE("quantity: significant digits survive a conversion") {
  const auto keep = [](const char* text, const char* unit) {
    return to_string(*convert_keeping_digits(*parse_quantity(text), *parse_unit(unit)));
  };
  CHECK_EQ(keep("58.4万亩", "ha"), "38900 ha");
  CHECK_EQ(keep("0.5500 kgCO2/kWh", "gCO2/kWh"), "550.0 gCO2/kWh");
  CHECK_EQ(keep("9.96 km", "m"), "9960 m");
}

TEST_CASE("quantity: between degrees Celsius and kelvin the decimal place survives") {
  const auto keep = [](const char* text, const char* unit) {
    return to_string(*convert_keeping_digits(*parse_quantity(text), *parse_unit(unit)));
  };
  CHECK_EQ(keep("20 °C", "K"), "293 K");
  CHECK_EQ(keep("20.0 °C", "K"), "293.2 K");
  CHECK_EQ(keep("20.00 °C", "K"), "293.15 K");
  CHECK_EQ(keep("-273.15 °C", "K"), "0.00 K");
  CHECK_EQ(keep("293.15 K", "°C"), "20.00 Cel");
  CHECK_EQ(keep("300 K", "°C"), "27 Cel");
  CHECK_EQ(keep("293150 mK", "°C"), "20.000 Cel");
  CHECK_EQ(keep("20 °C", "kK"), "0.293 kK");
}
