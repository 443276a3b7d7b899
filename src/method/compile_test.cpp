#include "method/program.h"
#include "method/testing.h"

using namespace partake;
using namespace partake::method;
using namespace partake::method::testing;

namespace {

// Codes of all problems, in order; "ok" for none.
std::string problems_of(const std::string& text) {
  Problems problems;
  compile_text(text, problems);
  std::string codes;
  for (const auto& problem : problems) codes += (codes.empty() ? "" : " ") + problem.code;
  return codes.empty() ? "ok" : codes;
}

std::string of_formula(const std::string& formula) {
  return problems_of(method_text({.formula = formula}));
}

const std::string two_inputs = R"([inputs.x]
title = { en = "X", zh = "某" }
unit = "km"
range = "[0, 1000]"
[inputs.y]
title = { en = "Y", zh = "乙" }
unit = "km"
range = "[0, 10]"
)";

const std::string strata = R"([inputs.strata]
type = "table"
title = { en = "S", zh = "层" }
columns.area = { title = { en = "A", zh = "积" }, unit = "ha", range = "(0, 10]" }
columns.stock = { title = { en = "C", zh = "碳" }, unit = "tC/ha", range = "[0, 500]" }
)";

}  // namespace

TEST_CASE("check: dimensions") {
  CHECK_EQ(of_formula("co2e(x * 1 [kgCO2/km])"), "ok");
  CHECK_EQ(of_formula("x * 1 [kgCO2/km]"), "method.output_mismatch");
  CHECK_EQ(of_formula("co2e(x)"), "formula.not_substance");
  CHECK_EQ(of_formula("co2e(co2(x * 1 [kgC/m]))"), "ok");
  CHECK_EQ(of_formula("co2e(x * 1 [kgC/km])"), "formula.not_substance");
  CHECK_EQ(of_formula("co2e((x + 5 [m]) * 1 [kgCO2/km])"), "ok");
  CHECK_EQ(of_formula("co2e((x + 5 [kg]) * 1 [kgCO2/km])"), "formula.mismatch");
  CHECK_EQ(of_formula("co2e((x + 5) * 1 [kgCO2/km])"), "formula.mismatch");
  CHECK_EQ(of_formula("co2e(min(x, 3 [kg]) * 1 [kgCO2/km])"), "formula.mismatch");
  CHECK_EQ(of_formula("co2e(exp(x) * 1 [kgCO2])"), "formula.needs_ratio");
  CHECK_EQ(of_formula("co2e(sqrt(x * x) * 1 [kgCO2/km])"), "ok");
  CHECK_EQ(of_formula("co2e(sqrt(x) * 1 [kgCO2/km])"), "formula.bad_root");
}

TEST_CASE("check: names, kinds and counts") {
  CHECK_EQ(of_formula("co2e(z * 1 [kgCO2/km])"), "formula.unknown_name");
  CHECK_EQ(of_formula("co2e(floor(x) * 1 [kgCO2/km])"), "formula.unknown_function");
  CHECK_EQ(of_formula("co2e(x, x)"), "formula.argument_count");
  CHECK_EQ(of_formula("if x then 1 [kgCO2e] else 2 [kgCO2e]"), "formula.number_as_condition");
  CHECK_EQ(of_formula("x > 1 [km]"), "formula.condition_as_number");
  CHECK_EQ(of_formula("co2e((x > 1 [km]) * 1 [kgCO2])"), "formula.condition_as_number");
  CHECK_EQ(of_formula("co2e(interpolate(x, x))"), "formula.needs_curve");
  CHECK_EQ(of_formula("co2e((x ^ 16) ^ 16 * 1 [kgCO2/km])"), "formula.too_high_power");
  CHECK_EQ(problems_of(method_text({.inputs = Sections{}.inputs + region_and_date,
                                    .formula = "co2e(x * region * 1 [kgCO2/km])"})),
           "formula.not_a_number");
  CHECK_EQ(of_formula("if x == 'paper' then 1 [kgCO2e] else 2 [kgCO2e]"), "formula.not_a_choice");
  CHECK_EQ(problems_of(method_text(
               {.formulas = "a = \"b * 1\"\nb = \"a * 1\"\n", .formula = "co2e(x * a)"})),
           "formula.cycle");
  CHECK_EQ(problems_of(method_text({.inputs = two_inputs})), "method.unused");
}

TEST_CASE("check: a divisor that may be zero is refused, a guarded one is not") {
  CHECK_EQ(of_formula("co2e(1 [kgCO2] * (5 [km] / x))"), "formula.may_divide_by_zero");
  CHECK_EQ(of_formula("co2e(1 [kgCO2] * (5 [km] / (x + 1 [km])))"), "ok");
  CHECK_EQ(of_formula("co2e(1 [kgCO2] * (5 [km] / (x - 1 [km])))"), "formula.may_divide_by_zero");
  CHECK_EQ(of_formula("co2e(1 [kgCO2] * (if x > 0 [km] then 5 [km] / x else 0))"), "ok");
  CHECK_EQ(of_formula("co2e(1 [kgCO2] * (if x >= 0 [km] then 5 [km] / x else 0))"),
           "formula.may_divide_by_zero");
  CHECK_EQ(of_formula("co2e(1 [kgCO2] * (if x == 0 [m] then 0 else 5 [km] / x))"), "ok");
  CHECK_EQ(of_formula("co2e(1 [kgCO2] * (if not x > 0 [km] then 0 else 5 [km] / x))"), "ok");
  CHECK_EQ(of_formula("co2e(1 [kgCO2] * (5 [km] / max(x, 1 [m])))"), "ok");
  CHECK_EQ(of_formula("co2e(1 [kgCO2/km^3] * x ^ 3)"), "ok");
  CHECK_EQ(of_formula("co2e(1 [kgCO2 km] * x ^ -1)"), "formula.may_divide_by_zero");
  CHECK_EQ(of_formula("co2e(1 [kgCO2] * ln(x / 1 [km]))"), "formula.outside_domain");
  CHECK_EQ(of_formula("co2e(1 [kgCO2] * ln(1 + x / 1 [km]))"), "ok");
  CHECK_EQ(of_formula("co2e(1 [kgCO2/km] * sqrt((x - 5 [km]) * 1 [km]))"),
           "formula.outside_domain");
}

TEST_CASE("check: look-ups say where, when and how far") {
  const auto codes = [](const std::string& parameter) {
    return problems_of(method_text({.inputs = Sections{}.inputs + region_and_date,
                                    .parameters = "[parameters.p]\nfactor = \"f.shared\"\nunit = "
                                                  "\"kgCO2/km\"\n" +
                                                  parameter,
                                    .formula = "co2e(x * p)"}));
  };
  CHECK_EQ(codes("years_back = 30\n"), "ok");
  CHECK_EQ(codes("years_back = 31\n"), "method.years_back");
  CHECK_EQ(codes("years_back = 1\nclimb = [\"grid\"]\n"), "method.prefer_missing");
  CHECK_EQ(codes("region = \"x\"\n"), "method.look_up_input method.unused");
}

TEST_CASE("check: tables of rows") {
  const auto text = [&](const std::string& formula) {
    return problems_of(method_text({.inputs = strata, .formula = formula}));
  };
  CHECK_EQ(text("co2e(co2(sum(strata, strata.area * strata.stock)))"), "ok");
  CHECK_EQ(text("co2e(co2(strata.area * strata.stock))"),
           "formula.column_outside_sum formula.column_outside_sum");
  CHECK_EQ(text("co2e(co2(sum(strata, strata.area * strata.carbon)))"), "formula.unknown_column");
  CHECK_EQ(
      text(
          "co2e(co2(sum(strata, strata.area * strata.stock) / sum(strata, strata.area) * 1 [ha]))"),
      "ok");
  CHECK_EQ(text("co2e(co2(sum(strata, strata.area * strata.stock / sum(strata, strata.stock) * 1 "
                "[tC/ha])))"),
           "formula.sum_in_sum");
  CHECK_EQ(text("co2e(co2(sum(strata, strata.area * strata.stock) / count(strata)))"), "ok");
  CHECK_EQ(text("co2e(sum(1 [kgCO2], 2))"), "formula.needs_table");
}

TEST_CASE("check: piecewise-linear tables are used inside their range only") {
  const auto text = [&](const std::string& points) {
    return problems_of(method_text(
        {.parameters = "[tables.curve]\nx_unit = \"km\"\ny_unit = \"kgCO2\"\npoints = " + points +
                       "\nsource = \"s\"\n",
         .formula = "co2e(interpolate(curve, x))"}));
  };
  CHECK_EQ(text(R"([["0", "1"], ["1000", "5"]])"), "ok");
  CHECK_EQ(text(R"([["0", "1"], ["999", "5"]])"), "formula.outside_curve");
  CHECK_EQ(text(R"([["0", "1"]])"), "method.too_few_points");
  CHECK_EQ(text(R"([["5", "1"], ["1", "5"]])"), "method.points_not_increasing");
  CHECK_EQ(text(R"([["0", "1"], ["1000", "1e400"]])"), "method.bad_point");
}

TEST_CASE("check: problems carry line and column, and all are reported at once") {
  const auto text = method_text({.formulas = "saved = \"x * missing + 5 [kWhh]\"\n"
                                             "other = \"x + 2 [kg]\"\n",
                                 .formula = "co2e(saved * 1 [kgCO2/km] + wrong)"});
  Problems problems;
  compile_text(text, problems);
  REQUIRE_GE(problems.size(), 3);
  CHECK_EQ(problems[0].code, "unit.unknown");
  // The line of `saved`, and the column of the unit's bracket.
  const auto before = text.substr(0, text.find("saved ="));
  CHECK_EQ(problems[0].place.line, std::count(before.begin(), before.end(), '\n') + 1);
  CHECK_EQ(problems[0].place.column, std::string{"saved = \"x * missing + 5 "}.size() + 1);
  CHECK_EQ(problems[1].code, "formula.mismatch");
  CHECK_EQ(problems[1].place.line, problems[0].place.line + 1);
  CHECK_EQ(problems[1].place.column, std::string{"other = \"x "}.size() + 1);
}

TEST_CASE("check: shape of the file") {
  const auto with = [](const std::string& from, const std::string& to) {
    auto text = method_text({});
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return problems_of(text.replace(at, from.size(), to));
  };
  CHECK_EQ(with("format = 1", "format = 2"), "method.unknown_format");
  CHECK_EQ(with("\"test.method\"", "\"Test Method\""), "method.bad_id");
  CHECK_EQ(with("1.0.0", "1.0"), "method.bad_version");
  CHECK_EQ(with("1.0.0", "99999999999.0.0"), "method.bad_version");
  CHECK_EQ(with("1.0.0", "1..0"), "method.bad_version");
  CHECK_EQ(with("zh = \"题\"", "zh = \"\""), "toml.empty");
  CHECK_EQ(with(", zh = \"题\"", ""), "toml.key_missing");
  CHECK_EQ(with("[\"person\"]", "[\"robot\"]"), "method.unknown_actor");
  CHECK_EQ(with("seen = \"text\"", "seen = \"derivation\""), "method.derivation_not_shown");
  CHECK_EQ(with("[0, 1000]", "0 to 1000"), "method.bad_range");
  CHECK_EQ(with("[0, 1000]", "[10, 1]"), "method.bad_range");
  CHECK_EQ(with("[0, 1000]", "[0, inf]"), "method.bad_range");
  CHECK_EQ(with("[0, 1000]", "[0, 1e400]"), "method.bad_range");
  CHECK_EQ(with("[0, 1000]", "(5, 5)"), "method.bad_range");
  CHECK_EQ(with("[0, 1000]", "[5, 5)"), "method.bad_range");
  CHECK_EQ(with("[0, 1000]", "[5, 5]"), "ok");
  CHECK_EQ(with("unit = \"km\"", "unit = \"℃\""), "method.offset_unit");
  CHECK_EQ(with("[inputs.x]", "[inputs.x]\nunitt = \"km\""), "toml.unknown_key");
  CHECK_EQ(with("[inputs.x]", "[inputs.sum]").substr(0, 20), "method.reserved_name");
  CHECK_EQ(with("asset = \"co2e\"", "asset = \"gold\""), "toml.not_one_of");
  CHECK_EQ(with("asset = \"co2e\"", "round = \"0 [kg]\""), "method.bad_round");
  CHECK_EQ(with("asset = \"co2e\"", "asset = \"co2e\"\nround = \"1 [gCO2e]\""),
           "method.asset_rounds");
  CHECK_EQ(with("[\"person\"]", "[]"), "method.no_actors");
  CHECK_EQ(with("[[basis]]\nsource = \"s\"\nseen = \"text\"\n", ""), "method.no_basis");
  CHECK_EQ(with("origin = \"derived\"", "origin = \"stated\""), "method.stated_without_source");
  CHECK_EQ(with("origin = \"derived\"", "origin = \"derived\"\nwithin = \"2\""),
           "method.bad_within");
  CHECK_EQ(with("origin = \"derived\"", "origin = \"derived\"\nwithin = \"2 %\""),
           "method.note_missing");
  auto text = method_text({});
  CHECK_EQ(problems_of(text.substr(0, text.find("[[examples]]"))), "method.no_examples");
  CHECK_EQ(problems_of(method_text({.outputs = "\n"})), "method.no_outputs");
  CHECK_EQ(problems_of(method_text({.formulas = "Bad = \"x\"\n"})), "method.bad_name");
  CHECK_EQ(problems_of(method_text({.more = "[tiers]\nD = \"1\"\n"})), "method.bad_tier");
  CHECK_EQ(problems_of(method_text({.more = "[[limits]]\noutput = \"water\"\nmost = \"2 L\"\n"
                                            "per = \"day\"\n"})),
           "method.unknown_output");
  std::string many;
  for (int i = 0; i < 201; ++i) many += "f" + std::to_string(i) + " = \"x\"\n";
  CHECK_EQ(problems_of(method_text({.formulas = many})), "method.too_many");
}

TEST_CASE("check: one mistake is one problem, whatever rests on it") {
  const auto with = [](const Sections& sections, const std::string& from, const std::string& to) {
    auto text = method_text(sections);
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return problems_of(text.replace(at, from.size(), to));
  };
  const std::string limit = "[[limits]]\noutput = \"co2e\"\nmost = \"2 kgCO2e\"\nper = \"day\"\n";
  CHECK_EQ(with({}, "unit = \"km\"", "unit = \"kmm\""), "unit.unknown");
  CHECK_EQ(with({}, "unit = \"km\"", "type = \"quanttiy\"\nunit = \"km\""), "toml.not_one_of");
  CHECK_EQ(with({.more = limit}, "unit = \"kgCO2e\"", "unit = \"kgCO2ee\""), "unit.unknown");
  CHECK_EQ(with({.more = limit}, "2 kgCO2e", "2 kgCO2ee"), "unit.unknown");
  CHECK_EQ(with({.outputs = "[outputs.w]\ntitle = { en = \"W\", zh = \"水\" }\nformula = \"x\"\n"
                            "unit = \"kmm\"\nround = \"1 [m]\"\n"},
                "x", "x"),
           "unit.unknown");
  CHECK_EQ(with({.inputs = strata, .formula = "co2e(co2(sum(strata, strata.area * strata.stock)))"},
                "\"ha\"", "\"haa\""),
           "unit.unknown");
  CHECK_EQ(with({.inputs = strata, .formula = "co2e(co2(sum(strata, strata.area * strata.stock)))"},
                "type = \"table\"", "type = \"tabel\""),
           "toml.not_one_of");
  const std::string parameter =
      "[parameters.p]\nvalue = \"1\"\nunit = \"kgCO2/km\"\nsource = \"s\"\n";
  const Sections scaled{.parameters = parameter, .formula = "co2e(x * p)"};
  CHECK_EQ(with(scaled, "value = \"1\"", "value = \"one\""), "decimal.malformed");
  CHECK_EQ(with(scaled, "kgCO2/km", "kgCO2/kmm"), "unit.unknown");
  CHECK_EQ(with(scaled, "value = \"1\"\n", ""), "method.parameter_kind");
  const Sections formula{.formulas = "saved = \"x * 1 [kgCO2/km]\"\n", .formula = "co2e(saved)"};
  CHECK_EQ(with(formula, "x * 1 [kgCO2/km]", "x * "), "formula.expected.operand");
  CHECK_EQ(with(formula, "\"x * 1 [kgCO2/km]\"", "1"), "toml.wrong_kind");
  CHECK_EQ(with({.parameters = "[tables.curve]\nx_unit = \"km\"\ny_unit = \"kgCO2\"\n"
                               "points = [[\"0\", \"1\"], [\"a\", \"5\"]]\nsource = \"s\"\n",
                 .formula = "co2e(interpolate(curve, x))"},
                "x", "x"),
           "method.bad_point");
}

TEST_CASE("check: names stand for one thing, and methods have a size") {
  CHECK_EQ(problems_of(method_text({.formulas = "x = \"1 [km]\"\n"})), "method.name_twice");
  std::string many;
  for (int i = 0; i < 150; ++i) {
    many += "f" + std::to_string(i) + " = \"" + (i == 0 ? "x" : "f" + std::to_string(i - 1));
    for (int k = 0; k < 60; ++k)
      many += " + " + std::to_string(1000 * i + k) + " [m] * (x / 1 [m])";
    many += "\"\n";
  }
  CHECK_EQ(problems_of(method_text({.formulas = many, .formula = "co2e(f149 * 1 [kgCO2/km])"})),
           "method.too_complex");
}

TEST_CASE("check: what makes an act the same is known") {
  const auto key = [](const std::string& names) {
    return problems_of(
        method_text({.more = "[exclusivity]\ngroup = \"trip\"\nkey = [" + names + "]\n"}));
  };
  CHECK_EQ(key(R"("account", "start", "end")"), "ok");
  CHECK_EQ(key(R"("account", "x")"), "ok");
  CHECK_EQ(key(R"("acount", "start")"), "method.unknown_key_part");
}

TEST_CASE("check: a file that is too large, too deep or not TOML") {
  const auto code = [](const std::string& text) {
    const auto read = parse_toml(text, "f");
    return read ? "ok" : read.error().code;
  };
  CHECK_EQ(code(std::string(2U << 20U, '#')), "toml.too_large");
  CHECK_EQ(code("a = "), "toml.malformed");
  CHECK_EQ(code("[\u51fa]\na = 1"), "toml.malformed");
  CHECK_EQ(code("a = 0.5"), "toml.number_not_string");
  CHECK_EQ(code("a = nan"), "toml.number_not_string");
  CHECK_EQ(code("a = 2024-01-01"), "toml.number_not_string");
  CHECK_EQ(code("a = \"\xFF\""), "toml.not_utf8");
  std::string deep = "a = ";
  for (int i = 0; i < 40; ++i) deep += "[";
  for (int i = 0; i < 40; ++i) deep += "]";
  CHECK_EQ(code(deep), "toml.too_deep");
}

TEST_CASE("check: what only the library knows") {
  const auto codes = [](const std::string& parameter) {
    Problems problems;
    const auto compiled = compile_text(method_text({.inputs = Sections{}.inputs + region_and_date,
                                                    .parameters = "[parameters.p]\n" + parameter,
                                                    .formula = "co2e(x * p)"}),
                                       problems);
    auto all = library();
    all.add_factors(toml(R"([[bands]]
id = "f.band"
region = "CN"
valid = "2024"
range = "[0.1, 0.2]"
unit = "kgCO2/km"
source = "s"
quality = "primary"
)"),
                    problems);
    check_against(*compiled.method, all, problems);
    std::string list;
    for (const auto& problem : problems) list += (list.empty() ? "" : " ") + problem.code;
    return list.empty() ? "ok" : list;
  };
  CHECK_EQ(codes("factor = \"f.shared\"\nunit = \"kgCO2/km\"\n"), "ok");
  CHECK_EQ(codes("factor = \"f.shared\"\nunit = \"kgCO2/kmm\"\n"), "unit.unknown");
  CHECK_EQ(codes("factor = \"\"\nunit = \"kgCO2/km\"\n"), "toml.empty");
  CHECK_EQ(codes("factor = \"f.shared\"\nunit = \"gCO2/m\"\n"), "ok");
  CHECK_EQ(codes("factor = \"f.band\"\nunit = \"kgCO2/km\"\n"), "factor.is_band");
  CHECK_EQ(codes("factor = \"f.sharde\"\nunit = \"kgCO2/km\"\n"), "factor.unknown");
  CHECK_EQ(codes("factor = \"f.shared\"\nkind = \"market\"\nunit = \"kgCO2/km\"\n"),
           "factor.unknown_kind");
}
