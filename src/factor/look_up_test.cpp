#include "factor/look_up.h"

#include "base/text.h"

using namespace partake;
using namespace partake::factor;

namespace {

TomlValue toml(const std::string& text) {
  auto value = parse_toml(text, "test.toml");
  REQUIRE(value.has_value());
  return *std::move(value);
}

const char* const sources = R"(
[[sources]]
id = "a2021"
title = { en = "A", zh = "甲" }
publisher = { en = "P", zh = "部" }
published = "2024-04-12"
seen = "copy"
[[sources]]
id = "a2022"
title = { en = "A", zh = "甲" }
publisher = { en = "P", zh = "部" }
published = "2024-12"
seen = "copy"
)";

const char* const regions = R"(
regions = [
  { code = "CN", title = { en = "China", zh = "中国" }, type = "country" },
  { code = "CN-BJ", title = { en = "Beijing", zh = "北京" }, type = "province" },
  { code = "CN-JJJ", title = { en = "BTH", zh = "京津冀" }, type = "scheme" },
]
edges = [
  { from = "CN-BJ", to = "CN", type = "administrative" },
  { from = "CN-BJ", to = "CN-JJJ", type = "scheme" },
]
)";

std::string entry(const std::string& region, const std::string& valid, const std::string& value,
                  const std::string& source, const std::string& more = "") {
  return "[[factors]]\nid = \"grid.electricity\"\nkind = \"average\"\nregion = \"" + region +
         "\"\nvalid = \"" + valid + "\"\nvalue = \"" + value +
         "\"\nunit = \"kgCO2/kWh\"\nuncertainty = \"not stated\"\nsource = \"" + source + "\"\n" +
         (more.empty() ? "quality = \"secondary\"\n" : more);
}

Library library(const std::string& factors, Problems& problems) {
  Library result;
  result.add_sources(toml(sources), problems);
  result.add_regions(toml(regions), problems);
  result.add_factors(toml(factors), problems);
  return result;
}

Library sample() {
  Problems problems;
  auto result =
      library(entry("CN", "2021", "0.5568", "a2021") + entry("CN", "2022", "0.5366", "a2022") +
                  entry("CN-BJ", "2022", "0.5580", "a2022") +
                  entry("CN-JJJ", "2022", "0.9", "a2022", "quality = \"unconfirmed\"\n"),
              problems);
  REQUIRE(problems.empty());
  return result;
}

// "0.5580 back 1 climbed", or the code.
std::string found(const Rule& rule, const char* region, const char* day,
                  const char* admitted = "2026-11-20") {
  const auto all = sample();
  auto wanted = rule;
  wanted.id = FactorId{"grid.electricity"};
  wanted.kind = "average";
  const auto choice =
      look_up(all, wanted, *all.regions().find(region), *parse_day(day), *parse_day(admitted));
  if (!choice) return choice.error().code;
  return to_string(choice->factor->value.value) +
         (choice->years_back > 0 ? " back " + std::to_string(choice->years_back) : "") +
         (choice->climbed ? " climbed" : "");
}

std::string first_problem(const std::string& factors) {
  Problems problems;
  library(factors, problems);
  return problems.empty() ? "none" : problems.front().code;
}

}  // namespace

TEST_CASE("look-up: the region and year asked for, and nothing else, unless the rule says so") {
  CHECK_EQ(found({}, "CN-BJ", "2022-06-01"), "0.5580");
  CHECK_EQ(found({}, "CN-BJ", "2023-06-01"), "factor.none");
  CHECK_EQ(found({}, "CN-BJ", "2021-06-01"), "factor.none");
  CHECK_EQ(found({.climb = {EdgeType::administrative}}, "CN-BJ", "2021-06-01"), "0.5568 climbed");
  CHECK_EQ(found({.years_back = 1}, "CN-BJ", "2023-06-01"), "0.5580 back 1");
  CHECK_EQ(found({.years_back = 1}, "CN-BJ", "2024-06-01"), "factor.none");
}

TEST_CASE("look-up: which is held longer, the region or the year, is the rule's choice") {
  const Rule region{.climb = {EdgeType::administrative}, .years_back = 2, .prefer = Prefer::region};
  const Rule year{.climb = {EdgeType::administrative}, .years_back = 2, .prefer = Prefer::year};
  CHECK_EQ(found(region, "CN-BJ", "2021-06-01"), "0.5568 climbed");
  CHECK_EQ(found(region, "CN-BJ", "2023-06-01"), "0.5580 back 1");
  CHECK_EQ(found(year, "CN-BJ", "2022-06-01"), "0.5580");
  CHECK_EQ(found(year, "CN-BJ", "2021-06-01"), "0.5568 climbed");
}

TEST_CASE("look-up: sees only what was published by the day of admission") {
  CHECK_EQ(found({}, "CN", "2021-06-01", "2024-04-11"), "factor.none");
  CHECK_EQ(found({}, "CN", "2021-06-01", "2024-04-12"), "0.5568");
  // "2024-12" is seen when the month is over.
  CHECK_EQ(found({}, "CN-BJ", "2022-06-01", "2024-12-30"), "factor.none");
  CHECK_EQ(found({}, "CN-BJ", "2022-06-01", "2024-12-31"), "0.5580");
}

TEST_CASE("look-up: a factor that was published too late is named with its publication") {
  const auto all = sample();
  const Rule rule{.id = FactorId{"grid.electricity"}, .kind = "average"};
  const auto refused = [&](const char* admitted) {
    const auto choice = look_up(all, rule, *all.regions().find("CN-BJ"), *parse_day("2022-06-01"),
                                *parse_day(admitted));
    REQUIRE_FALSE(choice.has_value());
    return message(choice.error(), Language::en);
  };
  CHECK_EQ(refused("2024-05-01"),
           "No factor grid.electricity of kind average for CN-BJ on 2022-06-01: grid.electricity "
           "average CN-BJ 2022 fits, but was published (2024-12) after the day of admission, "
           "2024-05-01. The library has: CN 2021");
  const auto never = look_up(all, rule, *all.regions().find("CN-BJ"), *parse_day("2019-06-01"),
                             *parse_day("2024-05-01"));
  REQUIRE_FALSE(never.has_value());
  CHECK(message(never.error(), Language::en).find("published") == std::string::npos);
}

TEST_CASE("look-up: unconfirmed factors are passed over unless accepted") {
  const Rule strict{.climb = {EdgeType::scheme}};
  CHECK_EQ(found(strict, "CN-JJJ", "2022-06-01"), "factor.none");
  CHECK_EQ(found({.accept_unconfirmed = true}, "CN-JJJ", "2022-06-01"), "0.9");
}

TEST_CASE("look-up: two factors that fit are an error, not a choice") {
  Problems problems;
  const auto all =
      library(entry("CN", "2021", "0.5568", "a2021") + entry("CN", "2021..2022", "0.5366", "a2022"),
              problems);
  REQUIRE(problems.empty());
  const Rule rule{.id = FactorId{"grid.electricity"}, .kind = "average"};
  const auto choice = look_up(all, rule, *all.regions().find("CN"), *parse_day("2021-06-01"),
                              *parse_day("2026-01-01"));
  REQUIRE_FALSE(choice.has_value());
  CHECK_EQ(choice.error().code, "factor.ambiguous");
}

TEST_CASE("library: what is wrong with a factor is named") {
  CHECK_EQ(first_problem(entry("CN", "2022", "0.5", "nobody")), "source.unknown");
  CHECK_EQ(first_problem(entry("XX", "2022", "0.5", "a2021")), "region.unknown");
  CHECK_EQ(first_problem(entry("CN", "sometime", "0.5", "a2021")), "time.malformed_validity");
  CHECK_EQ(first_problem(entry("CN", "2022", "half", "a2021")), "decimal.malformed");
  CHECK_EQ(first_problem(entry("CN", "2022", "0.5", "a2021", "quality = \"good\"\n")),
           "toml.not_one_of");
  CHECK_EQ(first_problem(entry("CN", "2022", "0.5", "a2021", "quality = \"primary\"\nvlaue = 1\n")),
           "toml.unknown_key");
  const auto with = [](const std::string& from, const std::string& to) {
    auto text = entry("CN", "2022", "0.5", "a2021");
    return first_problem(text.replace(text.find(from), from.size(), to));
  };
  CHECK_EQ(with("grid.electricity", "Grid"), "factor.bad_id");
  CHECK_EQ(with("average", "the average"), "factor.bad_kind");
  Problems problems;
  Library twice;
  twice.add_sources(toml(sources), problems);
  twice.add_sources(toml(sources), problems);
  REQUIRE_FALSE(problems.empty());
  CHECK_EQ(problems.front().code, "source.twice");
  problems.clear();
  std::string soon = sources;
  soon.replace(soon.find("2024-04-12"), 10, "soon");
  Library unknown_day;
  unknown_day.add_sources(toml(soon), problems);
  REQUIRE_FALSE(problems.empty());
  CHECK_EQ(problems.front().code, "time.malformed_publication");
  CHECK_EQ(
      first_problem(entry("CN", "2022", "0.5", "a2021") + entry("CN", "2022", "0.50", "a2021")),
      "factor.twice");
  CHECK_EQ(
      first_problem("[[bands]]\nid = \"x.y\"\nregion = \"CN\"\nvalid = \"2022\"\nrange = \"4..5\"\n"
                    "unit = \"1\"\nsource = \"a2021\"\nquality = \"primary\"\n"),
      "factor.bad_range");
}

TEST_CASE("library: the hash covers the meaning, not the digits or the note") {
  Problems problems;
  const auto a = library(entry("CN", "2022", "0.5500", "a2022"), problems);
  const auto b = library(entry("CN", "2022", "0.55", "a2022",
                               "quality = \"secondary\"\nnote = { en = \"n\", zh = \"注\" }\n"),
                         problems);
  const auto c = library(entry("CN", "2022", "0.56", "a2022"), problems);
  REQUIRE(problems.empty());
  CHECK(a.factors()[0].hash == b.factors()[0].hash);
  CHECK(a.factors()[0].hash != c.factors()[0].hash);
  CHECK_EQ(canonical_form(a.factors()[0]),
           R"({"clause":"","id":"grid.electricity","kind":"average","published":"2024-12",)"
           R"("quality":"secondary","region":"CN","source":"a2022","uncertainty":"not stated",)"
           R"("unit":"kgCO2/kWh","valid":"2022","value":"0.55"})");
}

TEST_CASE("uncertainty: relative, absolute, not stated") {
  const auto relative = [](const char* text, double value) {
    const auto read = parse_uncertainty(text);
    REQUIRE(read.has_value());
    const auto ratio = relative_half_width(*read, value, *parse_unit("km"));
    REQUIRE(ratio.has_value());
    return *ratio;
  };
  CHECK_EQ(relative("5 %", 3).value(), 0.05);
  CHECK_EQ(relative("0.5 [km]", 10).value(), 0.05);
  CHECK_EQ(relative("500 m", 10).value(), 0.05);
  CHECK_FALSE(relative("not stated", 1).has_value());
  CHECK_EQ(parse_uncertainty("a lot").error().code, "uncertainty.malformed");
  CHECK_EQ(parse_uncertainty("-5 %").error().code, "uncertainty.negative");
}
