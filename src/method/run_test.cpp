#include "method/run.h"

#include "base/text.h"
#include "method/difference.h"
#include "method/testing.h"

using namespace partake;
using namespace partake::method;
using namespace partake::method::testing;

namespace {

const std::string full = method_text({.inputs = Sections{}.inputs + region_and_date,
                                      .parameters = R"([parameters.shared]
factor = "f.shared"
unit = "kgCO2/km"
years_back = 1
[parameters.scale]
from = "programme"
unit = "1"
range = "(0, 2]"
title = { en = "Scale", zh = "系数" }
)",
                                      .formula = "co2e(x * shared * scale)",
                                      .more = "[tiers]\nA = \"1\"\nC = \"0.5\"\n"});

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string outcome(Pairs set, const std::string& tier = "A") {
  const auto compiled = compile_text(full);
  const auto all = library();
  Setting setting;
  for (auto& [name, text] : set) setting.emplace_back(name, SetValue{text, {}, {}});
  const auto result = run(compiled, all, terms(), setting, tier);
  if (!result) return result.error().code;
  return partake::to_string(shown(*result->outcomes[0].output, result->outcomes[0].count));
}

Pairs given(const std::string& x, const std::string& region = "CN",
            const std::string& date = "2024-06-01", const std::string& scale = "1") {
  return {{"x", x}, {"region", region}, {"date", date}, {"scale", scale}};
}

}  // namespace

TEST_CASE("run: any unit of the right dimension, tiers, fall-back") {
  CHECK_EQ(outcome(given("8.2")), "0.82 kgCO2e");
  CHECK_EQ(outcome(given("8.2 km")), "0.82 kgCO2e");
  CHECK_EQ(outcome(given("8200米")), "0.82 kgCO2e");
  CHECK_EQ(outcome(given("8.2 km"), "C"), "0.41 kgCO2e");
  CHECK_EQ(outcome(given("1 km", "CN", "2025-06-01")), "0.2 kgCO2e");
  CHECK_EQ(outcome(given("1 km", "CN", "2026-06-01")), "0.2 kgCO2e");
  CHECK_EQ(outcome(given("1 km", "CN", "2024-06-01", "50 %")), "0.05 kgCO2e");
}

TEST_CASE("run: each wrong input has its code") {
  CHECK_EQ(outcome(given("8.2 kg")), "unit.mismatch");
  CHECK_EQ(outcome(given("8.2 furlongs")), "unit.unknown");
  CHECK_EQ(outcome(given("far")), "decimal.malformed");
  CHECK_EQ(outcome(given("nan")), "decimal.malformed");
  CHECK_EQ(outcome(given("inf")), "decimal.malformed");
  CHECK_EQ(outcome(given("1001 km")), "method.out_of_range");
  CHECK_EQ(outcome(given("-1 km")), "method.out_of_range");
  CHECK_EQ(outcome(given("1 km", "MARS")), "region.unknown");
  CHECK_EQ(outcome(given("1 km", "XX")), "factor.none");
  CHECK_EQ(outcome(given("1 km", "CN", "2019-01-01")), "factor.none");
  CHECK_EQ(outcome(given("1 km", "CN", "yesterday")), "time.malformed_day");
  CHECK_EQ(outcome(given("1 km", "CN", "2024-06-01", "3")), "method.parameter_out_of_range");
  CHECK_EQ(outcome({{"x", "1"}, {"region", "CN"}, {"date", "2024-06-01"}}),
           "method.parameter_missing");
  CHECK_EQ(outcome({{"region", "CN"}, {"date", "2024-06-01"}, {"scale", "1"}}),
           "method.input_missing");
  auto extra = given("1 km");
  extra.emplace_back("y", "1");
  CHECK_EQ(outcome(extra), "method.unknown_input");
  auto twice = given("1 km");
  twice.emplace_back("x", "1");
  CHECK_EQ(outcome(twice), "method.set_twice");
}

TEST_CASE("run: a worked example must come out, and one that differs must not") {
  const auto code = [](const std::string& from, const std::string& to) {
    auto text = method_text({});
    text.replace(text.find(from), from.size(), to);
    const auto compiled = compile_text(text);
    const auto results = run_examples(compiled, library(), terms().admitted_on);
    REQUIRE_EQ(results.size(), 1);
    return results[0].passed ? "ok" : results[0].error.code;
  };
  CHECK_EQ(code("", ""), "ok");
  CHECK_EQ(code("\"1 kgCO2e\"", "\"2 kgCO2e\""), "method.example_differs");
  CHECK_EQ(code("origin = ", "differs = true\nnote = { en = \"n\", zh = \"注\" }\norigin = "),
           "method.example_should_differ");
  CHECK_EQ(code("expect = { co2e", "expect = { co2"), "method.unknown_output");
}

TEST_CASE("run: results that are no number, and choices that are none, have their codes") {
  const auto code = [](const Sections& sections, const SetValue& x) {
    const auto compiled = compile_text(method_text(sections));
    const Setting setting{{"x", x}};
    const auto all = library();
    const auto result = run(compiled, all, terms(), setting);
    return result ? "ok" : result.error().code;
  };
  const SetValue large{"1000", {}, {}};
  CHECK_EQ(code({.formula = "exp(x / 1 [km]) * 1 [kgCO2e]"}, large), "method.not_finite");
  CHECK_EQ(code({.formula = "exp(x / 10 [km]) * 1 [kgCO2e]"}, large), "method.too_large");
  const std::string choice = R"([inputs.x]
type = "choice"
title = { en = "X", zh = "某" }
choices = { paper = { en = "Paper", zh = "纸" }, tin = { en = "Tin", zh = "罐" } }
)";
  const Sections choosing{.inputs = choice,
                          .formula = "if x == 'paper' then 1 [kgCO2e] else 2 [kgCO2e]"};
  CHECK_EQ(code(choosing, {"纸", {}, {}}), "ok");
  CHECK_EQ(code(choosing, {"plastic", {}, {}}), "method.unknown_choice");
  Problems problems;
  compile_text(
      method_text({.inputs = choice, .formula = "if x == 'glass' then 1 [kgCO2e] else 2 [kgCO2e]"}),
      problems);
  REQUIRE_EQ(problems.size(), 1);
  CHECK_EQ(problems[0].code, "formula.unknown_choice");
}

TEST_CASE("run: a cell outside its range is shown with its value and place") {
  const auto compiled = compile_text(method_text({.inputs = R"([inputs.x]
type = "table"
title = { en = "X", zh = "某" }
columns.area = { title = { en = "A", zh = "积" }, unit = "ha", range = "(0, 10]" }
)",
                                                  .formula = "sum(x, x.area) * 1 [kgCO2e/ha]"}));
  Setting setting{{"x", {"", {{{"area", "1"}}, {{"area", "11 ha"}}}, {"set.toml", 7, 3}}}};
  const auto all = library();
  const auto result = run(compiled, all, terms(), setting);
  REQUIRE_FALSE(result.has_value());
  CHECK_EQ(describe(result.error(), Language::en),
           "set.toml:7:3: x.area = 11 ha is outside (0, 10] ha [method.out_of_range]");
  setting[0].second.rows.assign(table_rows_max + 1, {{"area", "1"}});
  const auto many = run(compiled, all, terms(), setting);
  REQUIRE_FALSE(many.has_value());
  CHECK_EQ(many.error().code, "method.empty_table");
}

TEST_CASE("run: a substitution is used only where nothing else is found, and is told") {
  const auto compiled = compile_text(full);
  const auto all = library();
  Terms allowed = terms();
  Substitution substitution;
  substitution.factor = FactorId{"f.shared"};
  substitution.evidence_region = *all.regions().find("XX");
  substitution.region = *all.regions().find("CN");
  substitution.date = *parse_day("2025-01-01");
  allowed.substitutions.push_back(substitution);
  const auto result_for = [&](const char* region) {
    Setting setting;
    for (auto& [name, text] : given("1 km", region)) {
      setting.emplace_back(name, SetValue{text, {}, {}});
    }
    return run(compiled, all, allowed, setting).value();
  };
  const auto substituted = result_for("XX");
  CHECK_EQ(substituted.outcomes[0].count, 200'000);
  CHECK(substituted.illustrative());
  const auto own = result_for("CN");
  CHECK_EQ(own.outcomes[0].count, 100'000);
  CHECK_FALSE(own.illustrative());
}

TEST_CASE("matches: to the digits as written, or within a ratio") {
  Output output;
  output.unit = *parse_unit("tCO2e");
  output.smallest = {Decimal{1, 0}, *parse_unit("mgCO2e")};
  const auto same = [&](std::int64_t count, const char* expected,
                        const std::optional<Decimal>& within = std::nullopt) {
    return matches(output, count, expected, within).value();
  };
  CHECK(same(635'970'000'000, "636 tCO2e"));
  CHECK_FALSE(same(635'400'000'000, "636 tCO2e"));
  CHECK(same(172'356'000'000'000, "17万tCO2e"));
  CHECK(same(172'356'000'000'000, "172,356 tCO2e"));
  CHECK_FALSE(same(172'356'000'000'000, "172,357 tCO2e"));
  CHECK(same(100, "102 mgCO2e", Decimal{2, -2}));
  CHECK_FALSE(same(100, "103 mgCO2e", Decimal{2, -2}));
}

TEST_CASE("canonical form: specified bytes, blind to titles, order and comments") {
  const auto a = compile_text(full);
  auto text = full;
  const auto change = [&](const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
  };
  change("en = \"T\"", "en = \"Another title\"");
  change("x * shared * scale", "(x*shared)  *  scale");
  change("[0, 1000]", "[0.0, 1e3]");
  text += "\n# a comment\n";
  const auto b = compile_text(text);
  CHECK(a.hash == b.hash);
  change("(x*shared)  *  scale", "x * (shared * scale)");
  CHECK(a.hash != compile_text(text).hash);
  CHECK_EQ(canonical_form(*a.method),
           R"j({"actors":["person"],"basis":[{"clause":"","seen":"text","source":"s"}],)j"
           R"j("formulas":{},"id":"test.method","inputs":{"date":{"type":"date"},)j"
           R"j("region":{"type":"region"},"x":{"range":"[0, 1000]","type":"quantity",)j"
           R"j("uncertainty":"not stated","unit":"km"}},"limits":[],)j"
           R"j("outputs":{"co2e":{"asset":"co2e","formula":"co2e(x * shared * scale)",)j"
           R"j("smallest":"1 mgCO2e","summed":true,"unit":"kgCO2e"}},)j"
           R"j("parameters":{"scale":{"from":"programme","range":"(0, 2]","unit":"1"},)j"
           R"j("shared":{"climb":[],"date":"date","factor":"f.shared","fixed_date":false,)j"
           R"j("fixed_region":false,"kind":"default","prefer":"region","region":"region",)j"
           R"j("unconfirmed":false,"unit":"kgCO2/km","years_back":1}},"tables":{},)j"
           R"j("tiers":{"A":"1","C":"0.5"},"version":"1.0.0"})j");
  CHECK(content_hash(*a.method) == sha256_of("partake.method.v1", canonical_form(*a.method)));
}

TEST_CASE("diff: says which formula, parameter or limit changed") {
  const auto a = compile_text(full);
  auto text = full;
  const auto change = [&](const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
  };
  change("x * shared * scale", "x * shared * scale * 2");
  change("years_back = 1", "years_back = 3");
  change("C = \"0.5\"", "C = \"0.4\"");
  const auto b = compile_text(text);
  std::string all;
  for (const auto& entry : differences(*a.method, *b.method)) {
    all += entry.section + "/" + entry.name + "/" + entry.field + ": " + entry.before + " -> " +
           entry.after + "\n";
  }
  CHECK_EQ(all,
           "outputs/co2e/formula: co2e(x * shared * scale) -> co2e(x * shared * scale * 2)\n"
           "parameters/shared/years_back: 1 -> 3\n"
           "tiers/C/: 0.5 -> 0.4\n");
  CHECK(differences(*a.method, *a.method).empty());
}
