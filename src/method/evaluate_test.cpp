#include "method/evaluate.h"

#include <bit>
#include <cmath>

#include <rapidcheck.h>

#include "method/kernels.h"
#include "method/scalar_functions.h"
#include "method/testing.h"

using namespace partake;
using namespace partake::method;
using namespace partake::method::testing;

namespace {

// The outcome in mg of a one-input method at x, or the state as text.
std::string outcome(const Compiled& compiled, double x) {
  Evaluator evaluator{compiled.program};
  Block block;
  block.rows = 1;
  block.columns = {{nullptr, x}};
  std::array<RowState, 1> states{RowState::good};
  evaluator.run(block, states);
  switch (states[0]) {
    case RowState::good:
      return std::to_string(evaluator.outcome(0)[0]);
    case RowState::out_of_range:
      return "out of range";
    case RowState::not_finite:
      return "not finite";
    case RowState::too_large:
      return "too large";
    default:
      return "refused";
  }
}

Compiled of(const std::string& formula) { return compile_text(method_text({.formula = formula})); }

}  // namespace

TEST_CASE("evaluate: worked by hand") {
  CHECK_EQ(outcome(of("co2e(x * 1 [kgCO2/km])"), 8.2), "8200000");
  CHECK_EQ(outcome(of("co2e((x + 5 [m]) * 1 [kgCO2/km])"), 1), "1005000");
  CHECK_EQ(outcome(of("co2e(min(x, 3 [km]) * 1 [kgCO2/km])"), 8), "3000000");
  CHECK_EQ(outcome(of("co2e(clamp(x, 2 [km], 3 [km]) * 1 [kgCO2/km])"), 1), "2000000");
  CHECK_EQ(outcome(of("co2e(abs(x - 5 [km]) * 1 [kgCO2/km])"), 3), "2000000");
  CHECK_EQ(outcome(of("if x > 2 [km] and x < 4 [km] then 1 [gCO2e] else 2 [gCO2e]"), 3), "1000");
  CHECK_EQ(outcome(of("if x > 2 [km] and x < 4 [km] then 1 [gCO2e] else 2 [gCO2e]"), 5), "2000");
  CHECK_EQ(outcome(of("if not x <= 2 [km] or x == 0 [km] then 1 [gCO2e] else 2 [gCO2e]"), 0),
           "1000");
  CHECK_EQ(outcome(of("co2e(co2(x * 3 [kgC/km]))"), 2), "22000000");
  CHECK_EQ(outcome(of("exp(x / 1 [km]) * 1 [kgCO2e]"), 1), "2718282");
  CHECK_EQ(outcome(of("ln(1 + x / 1 [km]) * 1 [kgCO2e]"), 1), "693147");
  CHECK_EQ(outcome(of("pow(1 + x / 1 [km], 0.5) * 1 [kgCO2e]"), 8), "3000000");
  CHECK_EQ(outcome(of("co2e(x ^ 3 * 1 [kgCO2/km^3])"), 3), "27000000");
  CHECK_EQ(outcome(of("co2e((x + 1 [km]) ^ -1 * 1 [kgCO2 km])"), 3), "250000");
  // One rounding at the end, half to even: 0.5 mg is 0, 1.5 mg is 2.
  CHECK_EQ(outcome(of("co2e(x * 1 [mgCO2/km])"), 0.5), "0");
  CHECK_EQ(outcome(of("co2e(x * 1 [mgCO2/km])"), 1.5), "2");
  CHECK_EQ(outcome(of("co2e(-x * 1 [mgCO2/km])"), 2.5), "-2");
}

TEST_CASE("evaluate: nothing that is not a proper number passes") {
  const auto compiled = of("co2e(x * 1 [kgCO2/km])");
  CHECK_EQ(outcome(compiled, 1000), "1000000000");
  CHECK_EQ(outcome(compiled, 1000.1), "out of range");
  CHECK_EQ(outcome(compiled, -0.1), "out of range");
  CHECK_EQ(outcome(compiled, NAN), "out of range");
  CHECK_EQ(outcome(compiled, INFINITY), "out of range");
  CHECK_EQ(outcome(of("exp(x / 1 [km]) * 1 [kgCO2e]"), 800), "not finite");
  CHECK_EQ(outcome(of("co2e(x * 1e12 [tCO2/km])"), 1), "too large");
}

TEST_CASE("evaluate: a piecewise-linear table") {
  const auto compiled = compile_text(method_text(
      {.parameters =
           "[tables.curve]\nx_unit = \"km\"\ny_unit = \"kgCO2\"\n"
           "points = [[\"0\", \"1\"], [\"10\", \"3\"], [\"1000\", \"3\"]]\nsource = \"s\"\n",
       .formula = "co2e(interpolate(curve, x))"}));
  CHECK_EQ(outcome(compiled, 0), "1000000");
  CHECK_EQ(outcome(compiled, 5), "2000000");
  CHECK_EQ(outcome(compiled, 10), "3000000");
  CHECK_EQ(outcome(compiled, 500), "3000000");
  CHECK_EQ(outcome(compiled, 1000), "3000000");
}

TEST_CASE("evaluate: a row alone and in any column gives the same bits") {
  const auto compiled =
      of("co2e((if x > 100 [km] then sqrt(x * 3 [km]) else x / (x + 7 [m]) * 1 [km]) * 0.1234 "
         "[kgCO2/km]"
         " + max(1 [gCO2], min(x * 0.7 [gCO2/km], 33 [gCO2])) * exp(-x / 77 [km]))");
  CHECK(rc::check([&] {
    const auto rows = *rc::gen::inRange<std::size_t>(1, 513);
    std::vector<double> x(rows);
    for (auto& value : x) value = *rc::gen::inRange(0, 1000000) / 1000.0;
    Evaluator evaluator{compiled.program};
    Block block;
    block.rows = rows;
    block.columns = {{x.data(), 0}};
    std::vector<RowState> states(rows, RowState::good);
    evaluator.run(block, states);
    for (std::size_t row = 0; row < rows; row += 1 + rows / 7) {
      RC_ASSERT(std::to_string(evaluator.outcome(0)[row]) == outcome(compiled, x[row]));
    }
  }));
}

TEST_CASE("evaluate: tables of rows add up in order, and only their own row is refused") {
  const auto compiled = compile_text(
      method_text({.inputs = R"([inputs.t]
type = "table"
title = { en = "T", zh = "表" }
columns.a = { title = { en = "A", zh = "甲" }, unit = "km", range = "[0, 10]" }
[inputs.x]
title = { en = "X", zh = "某" }
unit = "1"
range = "[0, 100]"
)",
                   .formula = "co2e(sum(t, t.a * x) * 1 [gCO2/km] + count(t) * 1 [mgCO2])"}));
  Evaluator evaluator{compiled.program};
  const std::vector<double> a{1, 2, 3, 4, 99, 6};
  const std::vector<double> x{10, 100, 1, 1};
  const std::vector<std::uint32_t> offsets{0, 2, 3, 5, 5};
  Block block;
  block.rows = 4;
  for (const auto& column : compiled.program.columns) {
    block.columns.push_back(column.domain == 0 ? Column{x.data(), 0} : Column{a.data(), 0});
  }
  block.tables = {{offsets}};
  std::vector<RowState> states(4, RowState::good);
  evaluator.run(block, states);
  CHECK_EQ(evaluator.outcome(0)[0], 30002);
  CHECK_EQ(evaluator.outcome(0)[1], 300001);
  CHECK(states[2] == RowState::out_of_range);
  CHECK(states[3] == RowState::empty_table);
  CHECK_EQ(evaluator.outcome(0)[2], 0);
}

TEST_CASE("round: half to even, fast and careful alike") {
  CHECK(rc::check([] {
    const auto whole = *rc::gen::inRange<std::int64_t>(-(1LL << 50), 1LL << 50);
    const auto quarter = *rc::gen::inRange(0, 4);
    const double value = static_cast<double>(whole) + quarter / 4.0;
    std::int64_t fast = 0;
    std::int64_t careful = 0;
    RC_ASSERT(round_fast(&value, 1, &fast));
    RC_ASSERT(round_carefully(value, careful) == RowState::good);
    RC_ASSERT(fast == careful);
    RC_ASSERT(fast == static_cast<std::int64_t>(std::nearbyint(value)));
  }));
  std::int64_t out = 0;
  const double large = 4e15;
  CHECK_FALSE(round_fast(&large, 1, &out));
  CHECK(round_carefully(large, out) == RowState::good);
  CHECK_EQ(out, 4000000000000000);
  CHECK(round_carefully(1e19, out) == RowState::too_large);
  CHECK(round_carefully(NAN, out) == RowState::not_finite);
}

TEST_CASE("functions: correctly rounded, to the last bit of published constants") {
  CHECK_EQ(rounded_exp(0), 1);
  CHECK_EQ(rounded_exp(1), 0x1.5bf0a8b145769p+1);  // e
  CHECK_EQ(rounded_ln(1), 0);
  CHECK_EQ(rounded_ln(2), 0x1.62e42fefa39efp-1);   // ln 2
  CHECK_EQ(rounded_ln(10), 0x1.26bb1bbb55516p+1);  // ln 10
  CHECK_EQ(rounded_pow(2, 0.5), 0x1.6a09e667f3bcdp+0);
  CHECK_EQ(rounded_pow(10, 22), 1e22);
  // The ends of the range: underflow to zero, the smallest subnormal, overflow.
  CHECK_EQ(rounded_exp(-745.2), 0);
  CHECK_EQ(rounded_exp(-744.4), 0x0.0000000000001p-1022);
  CHECK(std::isinf(rounded_exp(710)));
}
