// One calculation, from named texts to outcomes, with everything that went into it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "method/binding.h"
#include "method/program.h"
#include "method/totals.h"

namespace partake::method {

// A method ready to run. The method is kept at a fixed address: programs point into it.
struct Compiled {
  std::unique_ptr<Method> method;
  Program program;
  Hash hash{};
};

struct OutcomeValue {
  const Output* output = nullptr;
  std::int64_t count = 0;  // Of output->smallest.
  Uncertain uncertain;
};

struct StepValue {
  std::string name;
  std::string formula;
  Quantity value;  // For people: 12 significant digits.
};

struct Calculation {
  std::vector<std::pair<std::string, std::string>> inputs;  // As given.
  std::vector<FactorUse> factors;                           // One a parameter, in order.
  std::vector<StepValue> steps;
  std::vector<OutcomeValue> outcomes;
  std::vector<std::shared_ptr<const factor::Factor>> kept;  // Factors that only this run has.
  [[nodiscard]] bool illustrative() const;
};

// Runs one piece of evidence. `tier` is A, B or C. Errors: method.input_missing,
// method.unknown_input, method.out_of_range (names input, value and range), method.not_finite,
// method.too_large, method.empty_table, and those of read_value and Binding.
Result<Calculation> run(const Compiled& compiled, const factor::Library& library,
                        const Terms& terms, const Setting& setting, const std::string& tier = "A");

// The same for evidence that is worth so much, where a programme says so and not the method.
Result<Calculation> run(const Compiled& compiled, const factor::Library& library,
                        const Terms& terms, const Setting& setting, double worth);

// The worth of a tier; 1 where the method does not name it.
double tier_worth(const Method& method, const std::string& tier);

// The outcome in the output's own unit, exactly.
Quantity shown(const Output& output, Int128 count);
// Smallest units in one unit of the output.
double smallest_in(const Output& output);

// An expected figure against an outcome: equal when the exact outcome, rounded half to even to the
// digits of `expected`, is `expected`; or within a ratio of it. Errors: decimal.*, unit.*.
Result<bool> matches(const Output& output, std::int64_t count, const std::string& expected,
                     const std::optional<Decimal>& within);
Result<bool> matches(const Rational& value, const Quantity& expected,
                     const std::optional<Decimal>& within);

struct ExampleResult {
  bool passed = false;
  Error
      error;  // Why not: method.example_differs, method.example_should_differ, or what stopped it.
};
std::vector<ExampleResult> run_examples(const Compiled& compiled, const factor::Library& library,
                                        Day admitted_on);

}  // namespace partake::method
