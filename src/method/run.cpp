#include "method/run.h"

#include <algorithm>
#include <cmath>
#include <deque>

#include "base/require.h"
#include "method/evaluate.h"
#include "method/kernels.h"
#include "method/reading.h"

namespace partake::method {
namespace {

constexpr int shown_digits = 12;

// A double for people.
Quantity rounded_for_show(double value, const Unit& unit) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*g", shown_digits, value);
  return {parse_decimal(text).value_or(Decimal{}), unit};
}

class Run {
 public:
  Run(const Compiled& compiled, const factor::Library& library, const Setting& setting)
      : method_{*compiled.method}, compiled_{compiled}, library_{library}, setting_{setting} {}

  Result<Calculation> go(const Terms& terms, double tier) {
    CHECK_OK(check_names());
    CHECK_OK(add_given_values(terms));
    TRY(auto binding, Binding::make(method_, library_, terms_));
    CHECK_OK(read_inputs(binding));
    Evaluator evaluator{compiled_.program};
    block_.tier = tier;
    std::array<RowState, 1> states{RowState::good};
    binding.bind(regions_, days_, block_, states);
    if (states[0] != RowState::good) return tl::unexpected(binding.refusal(0));
    evaluator.run(block_, states);
    CHECK_OK(explain(evaluator, states[0]));
    return collect(evaluator, binding, states);
  }

 private:
  [[nodiscard]] const SetValue* given(const std::string& name) const {
    for (const auto& [key, value] : setting_) {
      if (key == name) return &value;
    }
    return nullptr;
  }

  Status check_names() const {
    for (auto given_at = setting_.begin(); given_at != setting_.end(); ++given_at) {
      const auto& [name, value] = *given_at;
      for (auto other = setting_.begin(); other != given_at; ++other) {
        if (other->first == name) {
          return fail(ErrorKind::invalid, "method.set_twice", {{"name", name}}, value.place);
        }
      }
      const auto* parameter = method_.parameter(name);
      const bool settable = parameter != nullptr && parameter->kind == Parameter::Kind::programme;
      if (method_.input(name) != nullptr || settable) continue;
      std::string known;
      for (const auto& input : method_.inputs) known += (known.empty() ? "" : ", ") + input.name;
      for (const auto& entry : method_.parameters) {
        if (entry.kind == Parameter::Kind::programme) known += ", " + entry.name;
      }
      return fail(ErrorKind::invalid, "method.unknown_input", {{"name", name}, {"known", known}},
                  value.place);
    }
    return {};
  }

  // A programme's parameters may be given by hand.
  Status add_given_values(const Terms& terms) {
    terms_ = terms;
    for (const auto& parameter : method_.parameters) {
      if (parameter.kind != Parameter::Kind::programme) continue;
      const auto* value = given(parameter.name);
      if (value == nullptr) continue;
      TRY(auto quantity, parse_quantity(value->text));
      if (quantity.unit == Unit{}) quantity.unit = parameter.unit;
      auto& factor = by_hand_.emplace_back();
      factor.id = FactorId{method_.id.text() + "." + parameter.name};
      factor.kind = "given";
      factor.region_code = "WORLD";
      factor.value = std::move(quantity);
      factor.hash = factor::content_hash(factor);
      std::erase_if(terms_.values,
                    [&](const auto& entry) { return entry.first == parameter.name; });
      terms_.values.emplace_back(parameter.name, &factor);
    }
    return {};
  }

  Result<std::string> text_of_input(const Input& input) {
    const auto* value = given(input.name);
    if (value == nullptr) {
      return fail(
          ErrorKind::invalid, "method.input_missing",
          {{"input", input.name},
           {"type", name_of(input.type)},
           {"unit", input.type == Input::Type::quantity ? partake::to_string(input.unit) : ""}});
    }
    calculation_.inputs.emplace_back(input.name, value->text);
    return value->text;
  }

  Status read_inputs(const Binding& binding) {
    block_.rows = 1;
    block_.columns.resize(compiled_.program.columns.size());
    for (const auto& name : binding.region_inputs()) {
      TRY(const auto text, text_of_input(*method_.input(name)));
      TRY(const auto region, library_.regions().find(text));
      regions_.push_back({nullptr, region.value});
    }
    for (const auto& name : binding.date_inputs()) {
      TRY(const auto text, text_of_input(*method_.input(name)));
      TRY(const auto day, parse_day(text));
      days_.push_back({nullptr, day_key(day)});
    }
    for (std::size_t i = 0; i < compiled_.program.columns.size(); ++i) {
      const auto& column = compiled_.program.columns[i];
      if (column.domain != 0) continue;
      TRY(const auto text, text_of_input(*column.input));
      auto value = read_value(text, *column.input);
      if (!value) return named_input(std::move(value).error(), column.name);
      block_.columns[i] = {nullptr, *value};
    }
    for (const auto& input : method_.inputs) {
      if (input.type == Input::Type::table) CHECK_OK(read_table(input));
    }
    return {};
  }

  static tl::unexpected<Error> named_input(Error error, const std::string& name) {
    error.args.emplace_back("input", name);
    return tl::unexpected(std::move(error));
  }

  Status read_table(const Input& table) {
    const auto* value = given(table.name);
    if (value == nullptr || value->rows.empty()) {
      return fail(ErrorKind::invalid, "method.input_missing",
                  {{"input", table.name}, {"type", "table"}, {"unit", ""}});
    }
    calculation_.inputs.emplace_back(table.name, std::to_string(value->rows.size()));
    offsets_.push_back({0, static_cast<std::uint32_t>(value->rows.size())});
    block_.tables.push_back({offsets_.back()});
    for (const auto& row : value->rows) {
      for (const auto& cell : row) {
        const auto& name = cell.first;
        const bool known = std::any_of(table.columns.begin(), table.columns.end(),
                                       [&](const Input& column) { return column.name == name; });
        if (!known) {
          return fail(ErrorKind::invalid, "method.unknown_input",
                      {{"name", table.name + "." + name}, {"known", ""}}, value->place);
        }
      }
    }
    for (std::size_t i = 0; i < compiled_.program.columns.size(); ++i) {
      const auto& column = compiled_.program.columns[i];
      if (column.domain != block_.tables.size()) continue;
      auto& values = table_values_.emplace_back();
      for (const auto& row : value->rows) {
        const auto cell = std::find_if(row.begin(), row.end(), [&](const auto& entry) {
          return entry.first == column.input->name;
        });
        if (cell == row.end()) {
          return fail(ErrorKind::invalid, "method.input_missing",
                      {{"input", column.name},
                       {"type", "quantity"},
                       {"unit", partake::to_string(column.input->unit)}});
        }
        auto number = read_value(cell->second, *column.input);
        if (!number) return named_input(std::move(number).error(), column.name);
        values.push_back(*number);
      }
      block_.columns[i] = {values.data(), 0};
    }
    return {};
  }

  // The text that is outside the column's range: of a table, its first such cell.
  static std::string outside(const ColumnInput& column, const SetValue& value) {
    if (column.domain == 0) return value.text;
    for (const auto& row : value.rows) {
      for (const auto& [name, text] : row) {
        const auto number = read_value(text, *column.input);
        if (name == column.input->name && number && !inside(*number, column)) return text;
      }
    }
    return {};
  }

  Status explain(const Evaluator& evaluator, RowState state) const {
    switch (state) {
      case RowState::good:
      case RowState::refused_before:
        return {};
      case RowState::out_of_range: {
        const auto& column = compiled_.program.columns[evaluator.out_of_range_column(0)];
        const auto* value = given(column.name.substr(0, column.name.find('.')));
        PARTAKE_REQUIRE(value != nullptr);
        return fail(ErrorKind::invalid, "method.out_of_range",
                    {{"input", column.name},
                     {"value", outside(column, *value)},
                     {"range", to_string(column.input->range)},
                     {"unit", partake::to_string(column.input->unit)}},
                    value->place);
      }
      case RowState::empty_table:
        return fail(ErrorKind::invalid, "method.empty_table");
      case RowState::not_finite:
        return fail(ErrorKind::invalid, "method.not_finite");
      case RowState::too_large:
        return fail(ErrorKind::invalid, "method.too_large");
    }
    return {};
  }

  Calculation collect(const Evaluator& evaluator, const Binding& binding,
                      std::span<const RowState> states) {
    for (const auto& step : compiled_.program.steps) {
      StepValue shown_step;
      shown_step.name = step.name;
      for (const auto& formula : method_.formulas) {
        if (formula.name == step.name) shown_step.formula = print(formula.tree);
      }
      shown_step.value = rounded_for_show(evaluator.value(step.value, 0), step.unit);
      calculation_.steps.push_back(std::move(shown_step));
    }
    Totals totals{method_, compiled_.program};
    totals.add(evaluator, binding, states, 1);
    for (std::size_t i = 0; i < method_.outputs.size(); ++i) {
      const auto uses = factor_uses(method_, binding, totals, i);
      if (i == 0) calculation_.factors = uses;
      SharedTotal total;
      total.add(totals.outputs()[i], uses);
      calculation_.outcomes.push_back(
          {&method_.outputs[i], evaluator.outcome(i)[0], total.result()});
    }
    keep_given_factors();
    return std::move(calculation_);
  }

  // Factors given by hand live in this run; the calculation gets its own copies.
  void keep_given_factors() {
    for (auto& use : calculation_.factors) {
      const bool own =
          use.chosen.factor->kind == "given" || use.chosen.factor->kind == "method_value";
      if (!own) continue;
      calculation_.kept.push_back(std::make_shared<factor::Factor>(*use.chosen.factor));
      use.chosen.factor = calculation_.kept.back().get();
    }
  }

  const Method& method_;
  const Compiled& compiled_;
  const factor::Library& library_;
  const Setting& setting_;
  Terms terms_;
  std::deque<factor::Factor> by_hand_;
  std::vector<Keys> regions_;
  std::vector<Keys> days_;
  Block block_;
  std::deque<std::array<std::uint32_t, 2>> offsets_;
  std::deque<std::vector<double>> table_values_;
  Calculation calculation_;
};

}  // namespace

bool Calculation::illustrative() const {
  return std::any_of(factors.begin(), factors.end(),
                     [](const FactorUse& use) { return use.chosen.substitution != nullptr; });
}

Result<Calculation> run(const Compiled& compiled, const factor::Library& library,
                        const Terms& terms, const Setting& setting, const std::string& tier) {
  return run(compiled, library, terms, setting, tier_worth(*compiled.method, tier));
}

Result<Calculation> run(const Compiled& compiled, const factor::Library& library,
                        const Terms& terms, const Setting& setting, double worth) {
  return Run{compiled, library, setting}.go(terms, worth);
}

double tier_worth(const Method& method, const std::string& tier) {
  for (const auto& [name, worth] : method.tiers) {
    if (name == tier) return to_double(worth);
  }
  return 1;
}

Quantity shown(const Output& output, Int128 count) {
  // Exact where the decimal point can show it: counts of mg shown in kg, fen in yuan.
  const auto ratio = conversion(output.smallest.unit, output.unit);
  const auto smallest = to_rational(output.smallest.value);
  const auto step = ratio && smallest ? ratio->times(*smallest) : std::nullopt;
  const auto exact = step ? step->times(Rational::whole(count)) : std::nullopt;
  if (!exact) return {Decimal{count, 0}, output.smallest.unit};
  if (const auto decimal = exact_decimal(*exact)) return {*decimal, output.unit};
  return {round_to_significant(*exact, 15), output.unit};
}

double smallest_in(const Output& output) {
  const auto ratio = conversion(output.smallest.unit, output.unit);
  const auto smallest = to_rational(output.smallest.value);
  const auto step = ratio && smallest ? ratio->times(*smallest) : std::nullopt;
  return step ? to_double(*step) : 1;
}

Result<bool> matches(const Rational& value, const Quantity& expected,
                     const std::optional<Decimal>& within) {
  if (within) {
    const double wanted = to_double(expected.value);
    return std::fabs(to_double(value) - wanted) <= to_double(*within) * std::fabs(wanted);
  }
  const auto rounded = round_half_even(value, -expected.value.exponent);
  return rounded && rounded->mantissa == expected.value.mantissa;
}

Result<bool> matches(const Output& output, std::int64_t count, const std::string& expected,
                     const std::optional<Decimal>& within) {
  TRY(const auto wanted, parse_quantity(expected));
  const Quantity smallest{
      Decimal{output.smallest.value.mantissa * count, output.smallest.value.exponent},
      output.smallest.unit};
  TRY(const auto exact, convert(smallest, wanted.unit));
  return matches(exact, wanted, within);
}

std::vector<ExampleResult> run_examples(const Compiled& compiled, const factor::Library& library,
                                        Day admitted_on) {
  std::vector<ExampleResult> results;
  const auto& method = *compiled.method;
  for (const auto& example : method.examples) {
    const auto failed = [&](Error error) {
      if (error.place.file.empty() || error.place.line == 0) error.place = example.place;
      return ExampleResult{false, std::move(error)};
    };
    Terms terms;
    terms.admitted_on = admitted_on;
    auto calculation = run(compiled, library, terms, example.set);
    if (!calculation) {
      results.push_back(failed(std::move(calculation).error()));
      continue;
    }
    ExampleResult result{true, {}};
    for (const auto& wanted : example.expect) {
      const auto& name = wanted.first;
      const auto& expected = wanted.second;
      const auto found =
          std::find_if(calculation->outcomes.begin(), calculation->outcomes.end(),
                       [&](const OutcomeValue& outcome) { return outcome.output->name == name; });
      if (found == calculation->outcomes.end()) {
        result = failed({ErrorKind::invalid, "method.unknown_output", {{"output", name}}, {}});
        break;
      }
      auto same = matches(*found->output, found->count, expected, example.within);
      if (!same) {
        result = failed(std::move(same).error());
        break;
      }
      if (*same == example.differs) {
        result =
            failed({ErrorKind::invalid,
                    example.differs ? "method.example_should_differ" : "method.example_differs",
                    {{"output", name},
                     {"expected", expected},
                     {"computed", partake::to_string(shown(*found->output, found->count))}},
                    {}});
        break;
      }
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace partake::method
