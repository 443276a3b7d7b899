// A compiled method: a short list of typed instructions in static single assignment, run over
// columns. Value i is the result of instruction i. Pure data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "method/method.h"

namespace partake::method {

using ValueId = std::uint16_t;
constexpr std::size_t instructions_max = 8192;
constexpr std::size_t table_rows_max = 100'000;

enum class Op : std::uint8_t {
  constant,
  input,      // index: place among Program::columns
  parameter,  // index: place among Method::parameters
  tier,       // what the evidence's tier is worth
  add,
  subtract,
  multiply,
  divide,
  negate,
  minimum,  // b < a ? b : a
  maximum,  // a < b ? b : a
  absolute,
  square_root,
  exponential,
  logarithm,
  power,
  less,  // conditions are 1 and 0
  less_equal,
  equal,
  logical_and,
  logical_or,
  logical_not,
  select,       // a != 0 ? b : c
  interpolate,  // index: curve
  slope,        // of the curve at a
  spread,       // from the row to its table rows
  total,        // from the table rows to their row, added in order
  count,        // number of table rows
  chain,        // a == 0 ? 0 : a * b; a derivative times a slope that may be infinite where unused
  reference,    // a == 0 ? 1 : |a|
};

// How many of a, b and c an operation reads; the rest are 0 and mean nothing.
int operand_count(Op op);

struct Instruction {
  Op op = Op::constant;
  ValueId a = 0;
  ValueId b = 0;
  ValueId c = 0;
  std::uint16_t domain = 0;  // 0: one value a row; t + 1: one value a row of table t.
  std::uint16_t index = 0;
  double constant = 0;

  friend bool operator==(const Instruction&, const Instruction&) = default;
};

// A column that evidence fills: a quantity or choice input, or a column of a table.
struct ColumnInput {
  std::string name;  // "distance", "strata.area"
  std::uint16_t domain = 0;
  const Input* input = nullptr;  // Into the method.
  double low = 0;                // Range in the input's unit; choices are 0, 1, 2, ...
  double high = 0;
  bool low_open = false;
  bool high_open = false;
};

// Piecewise-linear, in binary64: y0 + (x - x0) * (y1 - y0) / (x1 - x0), from the left.
struct CompiledCurve {
  std::vector<double> x;
  std::vector<double> y;
};

// What an outcome owes to one uncertain thing: in smallest units of the output.
struct Sensitivity {
  std::uint16_t index = 0;  // A parameter, or a column.
  ValueId value = 0;        // dy/dp times the reference of p; or dy/dx times x's half-width.
  std::uint16_t domain = 0;
};

struct CompiledOutput {
  ValueId value = 0;  // In smallest units, before rounding.
  std::vector<Sensitivity> parameters;
  std::vector<Sensitivity> readings;
};

// A formula's value, for showing the calculation.
struct Step {
  std::string name;
  ValueId value = 0;
  Unit unit;
  std::uint16_t domain = 0;
};

struct Program {
  std::vector<Instruction> instructions;
  std::vector<ColumnInput> columns;
  std::vector<std::string> tables;  // Names of table inputs; domain t + 1 is tables[t].
  std::vector<CompiledCurve> curves;
  std::vector<CompiledOutput> outputs;  // In the order of Method::outputs.
  std::vector<Step> steps;
  std::size_t outcome_end = 0;  // Instructions before it suffice for outcomes and steps.
};

// Checks and compiles. The method must outlive the program. Problems: formula.*, method.*; the
// program is meaningful only when none was added.
Program compile(const Method& method, Problems& problems);

// What only the factor library can tell: sources, factors, bands, regions. Problems: method.*,
// source.unknown, factor.*, region.unknown, unit.mismatch.
void check_against(const Method& method, const factor::Library& library, Problems& problems);

}  // namespace partake::method
