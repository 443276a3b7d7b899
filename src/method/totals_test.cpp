#include "method/totals.h"

#include <cmath>
#include <random>

#include <rapidcheck.h>

#include "method/testing.h"

using namespace partake;
using namespace partake::method;
using namespace partake::method::testing;

namespace {

const std::string two_factors = R"([parameters.shared]
factor = "f.shared"
unit = "kgCO2/km"
[parameters.other]
factor = "f.other"
unit = "kgCO2/km"
)";

const std::string uncertain_input = R"([inputs.x]
title = { en = "X", zh = "某" }
unit = "km"
range = "[0, 1000]"
uncertainty = "10 %"
)";

// Quantifies trips of `x` km on a day, in blocks of the given sizes.
class Trips {
 public:
  Trips(const Sections& sections, factor::Library library)
      : library_{std::move(library)},
        compiled_{compile_text(method_text(sections))},
        binding_{Binding::make(*compiled_.method, library_, terms()).value()},
        evaluator_{compiled_.program} {}

  Totals fresh() const { return Totals{*compiled_.method, compiled_.program}; }

  void add(Totals& totals, const std::vector<double>& x, const std::string& day = "2024-06-01") {
    for (std::size_t at = 0; at < x.size(); at += block_rows_max) {
      Block block;
      block.rows = std::min(block_rows_max, x.size() - at);
      block.columns = {{x.data() + at, 0}};
      std::vector<RowState> states(block.rows, RowState::good);
      const std::array regions{Keys{nullptr, library_.regions().find("CN")->value}};
      const std::array days{Keys{nullptr, day_key(*parse_day(day))}};
      const bool looked_up = !binding_.region_inputs().empty();
      binding_.bind(looked_up ? std::span<const Keys>{regions} : std::span<const Keys>{},
                    looked_up ? std::span<const Keys>{days} : std::span<const Keys>{}, block,
                    states);
      evaluator_.run(block, states);
      totals.add(evaluator_, binding_, states, block.rows);
    }
  }

  Uncertain result(const Totals& totals) const {
    SharedTotal shared;
    shared.add(totals.outputs()[0], factor_uses(*compiled_.method, binding_, totals, 0));
    return shared.result();
  }

 private:
  factor::Library library_;
  Compiled compiled_;
  Binding binding_;
  Evaluator evaluator_;
};

Sections looked_up(const std::string& input = Sections{}.inputs) {
  return {.inputs = input + region_and_date,
          .parameters = "[parameters.shared]\nfactor = \"f.shared\"\nunit = \"kgCO2/km\"\n",
          .formula = "co2e(x * shared)"};
}

double relative(const Uncertain& total) {
  return total.half_width / static_cast<double>(total.sum);
}

}  // namespace

TEST_CASE("uncertainty: a million trips under one factor of 20 % are known to 20 %") {
  Trips trips{looked_up(), library("20 %")};
  auto totals = trips.fresh();
  trips.add(totals, std::vector<double>(1'000'000, 8.2));
  const auto result = trips.result(totals);
  CHECK_EQ(totals.rows(), 1'000'000);
  CHECK(relative(result) == doctest::Approx(0.2).epsilon(1e-6));
  CHECK_FALSE(result.at_least);
}

TEST_CASE("uncertainty: a million independent readings of 10 % are known to 0.01 %") {
  Trips trips{{.inputs = uncertain_input, .formula = "co2e(x * 1 [kgCO2/km])"}, library()};
  auto totals = trips.fresh();
  trips.add(totals, std::vector<double>(1'000'000, 8.2));
  CHECK(relative(trips.result(totals)) == doctest::Approx(0.1 / 1000).epsilon(1e-6));
}

TEST_CASE("uncertainty: a factor that states none gives at least the rest") {
  Trips stated{{.inputs = Sections{}.inputs + region_and_date,
                .parameters = two_factors,
                .formula = "co2e(x * (shared - other))"},
               library("20 %", "not stated")};
  auto totals = stated.fresh();
  stated.add(totals, {10});
  const auto result = stated.result(totals);
  CHECK(result.at_least);
  CHECK(result.stated_any);
  // 20 % of 0.1 kg/km over 10 km is 0.2 kg, whatever the other factor does.
  CHECK(result.half_width == doctest::Approx(200'000).epsilon(1e-6));

  Trips silent{looked_up(), library("not stated")};
  auto none = silent.fresh();
  silent.add(none, {10});
  CHECK(silent.result(none).at_least);
  CHECK_FALSE(silent.result(none).stated_any);
  CHECK_EQ(silent.result(none).half_width, 0);
}

TEST_CASE("uncertainty: absolute half-widths, and factors of different years are independent") {
  Trips trips{looked_up(), library("0.02 [kgCO2/km]")};
  auto totals = trips.fresh();
  trips.add(totals, {10}, "2024-06-01");
  trips.add(totals, {10}, "2025-06-01");
  // Both years' factors have 0.02 kg/km: 0.2 kg each over 10 km, independent.
  CHECK(trips.result(totals).half_width == doctest::Approx(std::sqrt(2.0) * 200'000).epsilon(1e-6));
}

TEST_CASE("uncertainty: a factor shared by two methods is one unknown") {
  const auto shared_library = library("20 %");
  const auto compiled = compile_text(method_text(looked_up()));
  SharedTotal shared;
  for (int i = 0; i < 2; ++i) {
    auto binding = Binding::make(*compiled.method, shared_library, terms()).value();
    Evaluator evaluator{compiled.program};
    Totals totals{*compiled.method, compiled.program};
    Block block;
    block.rows = 1;
    block.columns = {{nullptr, 10}};
    std::array<RowState, 1> states{RowState::good};
    const std::array regions{Keys{nullptr, shared_library.regions().find("CN")->value}};
    const std::array days{Keys{nullptr, day_key(*parse_day("2024-06-01"))}};
    binding.bind(regions, days, block, states);
    evaluator.run(block, states);
    totals.add(evaluator, binding, states, 1);
    shared.add(totals.outputs()[0], factor_uses(*compiled.method, binding, totals, 0));
  }
  CHECK(relative(shared.result()) == doctest::Approx(0.2).epsilon(1e-6));
  CHECK_EQ(shared.uses().size(), 1);
}

TEST_CASE("totals: the same however the evidence is split or ordered") {
  Trips trips{{.inputs = uncertain_input + region_and_date,
               .parameters = two_factors,
               .formula = "co2e(x * (shared - other) + min(x, 3 [km]) * other)"},
              library("20 %", "7 %")};
  CHECK(rc::check([&] {
    const auto count = *rc::gen::inRange<std::size_t>(1, 1500);
    std::mt19937_64 random{*rc::gen::arbitrary<std::uint64_t>()};
    std::vector<double> x(count);
    for (auto& value : x) value = std::uniform_real_distribution<>{0, 1000}(random);
    auto whole = trips.fresh();
    trips.add(whole, x);
    std::shuffle(x.begin(), x.end(), random);
    auto parts = trips.fresh();
    auto other = trips.fresh();
    const auto cut = *rc::gen::inRange<std::size_t>(0, count + 1);
    trips.add(parts, {x.begin(), x.begin() + static_cast<std::ptrdiff_t>(cut)});
    trips.add(other, {x.begin() + static_cast<std::ptrdiff_t>(cut), x.end()});
    parts.merge(other);
    RC_ASSERT(whole == parts);
  }));
}

TEST_CASE("uncertainty: a seeded Monte Carlo agrees with first order where it is exact") {
  // y = sum over trips of x_i (a - b), x_i within 10 %, a within 20 %, b within 7 %.
  Trips trips{{.inputs = uncertain_input + region_and_date,
               .parameters = two_factors,
               .formula = "co2e(x * (shared - other))"},
              library("20 %", "7 %")};
  const std::vector<double> x{3, 5, 8, 13, 21};
  auto totals = trips.fresh();
  trips.add(totals, x);
  const auto result = trips.result(totals);

  std::mt19937_64 random{20261120};
  std::normal_distribution<> normal;
  constexpr double to_sigma = 1 / 1.959963984540054;  // A 95 % half-width in standard deviations.
  constexpr int draws = 200'000;
  double sum = 0;
  double sum_of_squares = 0;
  for (int draw = 0; draw < draws; ++draw) {
    const double a = 0.1 * (1 + 0.20 * to_sigma * normal(random));
    const double b = 0.03 * (1 + 0.07 * to_sigma * normal(random));
    double y = 0;
    for (const double trip : x) y += trip * (1 + 0.10 * to_sigma * normal(random)) * (a - b);
    sum += y;
    sum_of_squares += y * y;
  }
  const double mean = sum / draws;
  const double deviation = std::sqrt(sum_of_squares / draws - mean * mean);
  CHECK(static_cast<double>(result.sum) / 1e6 == doctest::Approx(mean).epsilon(0.005));
  CHECK(result.half_width / 1e6 == doctest::Approx(deviation / to_sigma).epsilon(0.01));
}

TEST_CASE("sensitivity: agrees with differences of the outcome, for every operation") {
  const std::vector<std::string> formulas{
      "co2e(x * p)",
      "co2e(x * 1 [km] * p / (x + 2 [km]))",
      "co2e(sqrt(x * 5 [km]) * p)",
      "co2e(exp(p / 0.05 [kgCO2/km] - 2) * x * 0.01 [kgCO2/km])",
      "co2e(ln(1 + p / 0.05 [kgCO2/km]) * x * 1 [kgCO2/km])",
      "co2e(pow(1 + p / 1 [kgCO2/km], 1 + x / 10 [km]) * 1 [kgCO2])",
      "co2e(max(p, 0.05 [kgCO2/km]) * min(x, 2 [km] + x * 0.5))",
      "co2e(abs(p - 1 [kgCO2/km]) * x)",
      "co2e((if p > 0.05 [kgCO2/km] then p * 2 else p / 3) * x)",
      "co2e((p * x) ^ 2 / (1 [kgCO2] + x * p))",
      "co2e(-x * p + 3 [kgCO2])",
  };
  for (const auto& formula : formulas) {
    CAPTURE(formula);
    const auto at = [&](const std::string& p, double x, const char* uncertainty) {
      const auto compiled = compile_text(
          method_text({.parameters = "[parameters.p]\nvalue = \"" + p +
                                     "\"\nunit = \"kgCO2/km\"\nsource = \"s\"\nuncertainty = \"" +
                                     uncertainty + "\"\n",
                       .formula = formula}));
      Calculation calculation =
          run(compiled, library(), terms(), {{"x", {std::to_string(x), {}, {}}}}).value();
      return calculation.outcomes[0];
    };
    const double x = 7.25;
    const auto middle = at("0.1", x, "1 %");
    const auto above = at("0.1001", x, "not stated").uncertain.sum;
    const auto below = at("0.0999", x, "not stated").uncertain.sum;
    // 1 % of 0.1 is ten steps of 0.0001.
    const double slope = static_cast<double>(above - below) / 2 * 10;
    CHECK(middle.uncertain.half_width == doctest::Approx(std::fabs(slope)).epsilon(0.002));
  }
}

TEST_CASE("sensitivity: rows of a table are independent readings") {
  const auto compiled = compile_text(method_text({.inputs = R"([inputs.t]
type = "table"
title = { en = "T", zh = "表" }
columns.a = { title = { en = "A", zh = "甲" }, unit = "km", range = "[0, 10]", uncertainty = "10 %" }
)",
                                                  .formula = "co2e(sum(t, t.a) * 1 [kgCO2/km])"}));
  Setting setting{{"t", {}}};
  for (int i = 0; i < 100; ++i) setting[0].second.rows.push_back({{"a", "2 km"}});
  const auto result = run(compiled, library(), terms(), setting).value();
  // 100 readings of 2 kg, 0.2 kg each: 0.2 x 10 kg.
  CHECK_EQ(result.outcomes[0].count, 200'000'000);
  CHECK(result.outcomes[0].uncertain.half_width == doctest::Approx(2'000'000).epsilon(1e-6));
}

TEST_CASE("uncertainty: rows of any accepted size keep theirs") {
  // 8e12 kg in one row: 8e18 mg, just below the limit, whose contribution is beyond 63 bits.
  Trips trips{{.inputs = uncertain_input + region_and_date,
               .parameters = "[parameters.shared]\nfactor = \"f.shared\"\nunit = \"kgCO2/km\"\n",
               .formula = "co2e(x * shared * 1e11)"},
              library("20 %")};
  auto totals = trips.fresh();
  trips.add(totals, {800});
  CHECK(relative(trips.result(totals)) == doctest::Approx(std::hypot(0.2, 0.1)).epsilon(1e-6));
}

TEST_CASE("uncertainty: a sensitivity that is not finite makes the total \"at least\"") {
  Trips trips{
      {.inputs = uncertain_input,
       .formula =
           "co2e(sqrt(x * x * x * x) * 1 [kgCO2/km^2] + sqrt((x * 1 [km]) ^ 2) * 1 [kgCO2/km^2])"},
      library()};
  auto totals = trips.fresh();
  trips.add(totals, {0});
  CHECK(trips.result(totals).at_least);
}

TEST_CASE("sum of squares: carries past 128 bits") {
  WideSum square;
  square.add_square(Uint128{1} << 90U);
  CHECK(square.value() == doctest::Approx(std::ldexp(1.0, 180)));
  WideSum sum;
  const Uint128 large = ~Uint128{0};
  sum.add(large);
  sum.add(large);
  sum.add(Uint128{2});
  CHECK(sum.value() == doctest::Approx(6.80564733841876926926749214863536e38));
}
