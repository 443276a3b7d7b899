#include "method/constant_formula.h"

#include "method/evaluate.h"

namespace partake::method {

Result<double> evaluate_constant(const std::string& formula, const Unit& unit) {
  Method method;
  Formula figure;
  figure.name = "figure";
  figure.text = formula;
  TRY(figure.tree, parse_formula(formula));
  Output output;
  output.name = "value";
  output.formula.tree = parse_formula("figure").value();
  output.unit = unit;
  output.smallest = {Decimal{1, 0}, unit};
  method.formulas.push_back(std::move(figure));
  method.outputs.push_back(std::move(output));
  Problems problems;
  const auto program = compile(method, problems);
  if (!problems.empty()) return tl::unexpected(problems.front());
  Evaluator evaluator{program};
  Block block;
  block.rows = 1;
  std::array<RowState, 1> states{RowState::good};
  evaluator.run(block, states);
  const double value = evaluator.value(program.outputs.front().value, 0);
  if (states[0] == RowState::not_finite) return fail(ErrorKind::invalid, "method.not_finite");
  return value;
}

}  // namespace partake::method
