#include "method/evaluate.h"

#include <algorithm>
#include <cmath>

#include "base/require.h"
#include "method/builder.h"
#include "method/kernels.h"

namespace partake::method {
namespace {

// Index of the segment that x lies in.
std::size_t segment(const CompiledCurve& curve, double x) {
  const auto after = std::upper_bound(curve.x.begin() + 1, curve.x.end() - 1, x);
  return static_cast<std::size_t>(after - curve.x.begin()) - 1;
}

double interpolated(const CompiledCurve& curve, double x) {
  const auto i = segment(curve, x);
  return curve.y[i] +
         (x - curve.x[i]) * (curve.y[i + 1] - curve.y[i]) / (curve.x[i + 1] - curve.x[i]);
}

double slope(const CompiledCurve& curve, double x) {
  const auto i = segment(curve, x);
  return (curve.y[i + 1] - curve.y[i]) / (curve.x[i + 1] - curve.x[i]);
}

}  // namespace

Evaluator::Evaluator(const Program& program)
    : program_{program},
      registers_(program.instructions.size()),
      storage_(program.instructions.size()),
      outcomes_(program.outputs.size(), std::vector<std::int64_t>(block_rows_max)),
      bad_column_(block_rows_max) {}

double* Evaluator::storage(std::size_t id, std::size_t rows) {
  auto& values = storage_[id];
  if (values.size() < rows) values.resize(std::max(rows, block_rows_max));
  return values.data();
}

std::size_t Evaluator::rows_of(std::uint16_t domain, const Block& block) const {
  if (domain == 0) return block.rows;
  const auto& offsets = block.tables[domain - 1U].offsets;
  return offsets[block.rows] - offsets[0];
}

void Evaluator::run(const Block& block, std::span<RowState> states, Detail detail) {
  PARTAKE_REQUIRE(block.rows <= block_rows_max && states.size() >= block.rows);
  PARTAKE_REQUIRE(block.columns.size() == program_.columns.size());
  tables_ = block.tables;
  check_tables(block, states);
  check_ranges(block, states);
  const auto end = detail == Detail::outcomes ? program_.outcome_end : program_.instructions.size();
  for (std::size_t id = 0; id < end; ++id) execute(id, block);
  round_outputs(block, states);
}

void Evaluator::check_tables(const Block& block, std::span<RowState> states) {
  for (const auto& table : block.tables) {
    for (std::size_t row = 0; row < block.rows; ++row) {
      const auto count = table.offsets[row + 1] - table.offsets[row];
      if (states[row] == RowState::good && (count == 0 || count > table_rows_max)) {
        states[row] = RowState::empty_table;
      }
    }
  }
}

void Evaluator::check_ranges(const Block& block, std::span<RowState> states) {
  for (std::size_t i = 0; i < program_.columns.size(); ++i) {
    const auto& range = program_.columns[i];
    const auto& column = block.columns[i];
    const bool fine = column.is_uniform()
                          ? inside(column.uniform, range)
                          : all_inside(column.values, rows_of(range.domain, block), range);
    if (!fine) check_column(i, block, states);
  }
}

// Slow path: finds the rows that break the range.
void Evaluator::check_column(std::size_t index, const Block& block, std::span<RowState> states) {
  const auto& range = program_.columns[index];
  const auto& column = block.columns[index];
  for (std::size_t row = 0; row < block.rows; ++row) {
    if (states[row] != RowState::good) continue;
    std::size_t first = row;
    std::size_t last = row + 1;
    if (range.domain != 0) {
      const auto& offsets = block.tables[range.domain - 1U].offsets;
      first = offsets[row] - offsets[0];
      last = offsets[row + 1] - offsets[0];
    }
    for (std::size_t at = first; at < last; ++at) {
      if (inside(column.at(at), range)) continue;
      states[row] = RowState::out_of_range;
      bad_column_[row] = static_cast<std::uint16_t>(index);
      break;
    }
  }
}

void Evaluator::execute(std::size_t id, const Block& block) {
  const auto& instruction = program_.instructions[id];
  auto& result = registers_[id];
  const auto uniform = [&](double value) { result = {nullptr, value}; };
  switch (instruction.op) {
    case Op::constant:
      return uniform(instruction.constant);
    case Op::tier:
      return uniform(block.tier);
    case Op::input:
      result = block.columns[instruction.index];
      return;
    case Op::parameter:
      result = block.parameters[instruction.index];
      return;
    case Op::spread:
    case Op::total:
    case Op::count:
      return execute_over_table(id, block);
    default:
      break;
  }
  const auto& a = registers_[instruction.a];
  const auto rows = rows_of(instruction.domain, block);
  if (instruction.op == Op::interpolate || instruction.op == Op::slope) {
    const auto& curve = program_.curves[instruction.index];
    const auto function = instruction.op == Op::slope ? slope : interpolated;
    if (a.is_uniform()) return uniform(function(curve, a.uniform));
    double* out = storage(id, rows);
    for (std::size_t i = 0; i < rows; ++i) out[i] = function(curve, a.values[i]);
    result = {out, 0};
    return;
  }
  // Operands that an instruction does not have must not decide its shape.
  const int operands = operand_count(instruction.op);
  const Column none{};
  const auto& b = operands > 1 ? registers_[instruction.b] : none;
  const auto& c = operands > 2 ? registers_[instruction.c] : none;
  if (a.is_uniform() && b.is_uniform() && c.is_uniform()) {
    return uniform(apply(instruction.op, a.uniform, b.uniform, c.uniform));
  }
  double* out = storage(id, rows);
  run_kernel(instruction.op, out, a, b, c, rows);
  result = {out, 0};
}

void Evaluator::execute_over_table(std::size_t id, const Block& block) {
  const auto& instruction = program_.instructions[id];
  auto& result = registers_[id];
  if (instruction.op == Op::spread) {
    const auto& a = registers_[instruction.a];
    if (a.is_uniform()) {
      result = a;
      return;
    }
    const auto& offsets = block.tables[instruction.domain - 1U].offsets;
    double* out = storage(id, rows_of(instruction.domain, block));
    for (std::size_t row = 0; row < block.rows; ++row) {
      std::fill(out + (offsets[row] - offsets[0]), out + (offsets[row + 1] - offsets[0]),
                a.values[row]);
    }
    result = {out, 0};
    return;
  }
  const auto& offsets = block.tables[instruction.index - 1U].offsets;
  double* out = storage(id, block.rows);
  for (std::size_t row = 0; row < block.rows; ++row) {
    const std::size_t first = offsets[row] - offsets[0];
    const std::size_t last = offsets[row + 1] - offsets[0];
    if (instruction.op == Op::count) {
      out[row] = static_cast<double>(last - first);
      continue;
    }
    double sum = 0;
    for (std::size_t at = first; at < last; ++at) sum += registers_[instruction.a].at(at);
    out[row] = sum;
  }
  result = {out, 0};
}

void Evaluator::round_outputs(const Block& block, std::span<RowState> states) {
  for (std::size_t i = 0; i < program_.outputs.size(); ++i) {
    const auto& value = registers_[program_.outputs[i].value];
    auto& out = outcomes_[i];
    if (!value.is_uniform() && round_fast(value.values, block.rows, out.data())) continue;
    for (std::size_t row = 0; row < block.rows; ++row) {
      const auto state = round_carefully(value.at(row), out[row]);
      if (states[row] == RowState::good) states[row] = state;
    }
  }
  const auto good = [](RowState state) { return state == RowState::good; };
  if (std::all_of(states.begin(), states.begin() + static_cast<std::ptrdiff_t>(block.rows), good)) {
    return;
  }
  for (std::size_t row = 0; row < block.rows; ++row) {
    if (states[row] == RowState::good) continue;
    for (auto& out : outcomes_) out[row] = 0;
  }
}

std::span<const std::int64_t> Evaluator::outcome(std::size_t output) const {
  return outcomes_[output];
}

double Evaluator::value(ValueId id, std::size_t row) const { return registers_[id].at(row); }

}  // namespace partake::method
