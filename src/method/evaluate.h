// Runs a program over columns, a block of rows at a time. The same code serves one row and a
// billion; values, order of operations and rounding are those of docs/method-language.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "method/program.h"

namespace partake::method {

constexpr std::size_t block_rows_max = 512;

// A column of a block: one value for all rows, or one a row.
struct Column {
  const double* values = nullptr;
  double uniform = 0;

  [[nodiscard]] bool is_uniform() const { return values == nullptr; }
  [[nodiscard]] double at(std::size_t row) const { return values ? values[row] : uniform; }
};

// Rows of one table input: row r owns [offsets[r], offsets[r + 1]).
struct TableRows {
  std::span<const std::uint32_t> offsets;
};

struct Block {
  std::size_t rows = 0;
  std::vector<Column> columns;     // As Program::columns.
  std::vector<Column> parameters;  // As Method::parameters.
  std::vector<TableRows> tables;   // As Program::tables.
  double tier = 1;
};

enum class RowState : std::uint8_t {
  good,
  refused_before,  // By whoever filled the block; such rows are skipped.
  out_of_range,    // A column: see out_of_range_column.
  empty_table,
  not_finite,
  too_large,
};

class Evaluator {
 public:
  // The program must outlive the evaluator.
  explicit Evaluator(const Program& program);

  // Outcomes only, or also what they owe to factors and readings (for Totals).
  enum class Detail : std::uint8_t { outcomes, sensitivities };
  // Computes the block; `states` holds one entry a row and is updated.
  void run(const Block& block, std::span<RowState> states, Detail detail = Detail::sensitivities);

  // Results of the last run, by output. Rows that are not good hold 0.
  [[nodiscard]] std::span<const std::int64_t> outcome(std::size_t output) const;
  // The column whose range a row broke.
  [[nodiscard]] std::size_t out_of_range_column(std::size_t row) const { return bad_column_[row]; }
  // Any value of the last run.
  [[nodiscard]] double value(ValueId id, std::size_t row) const;
  [[nodiscard]] Column column(ValueId id) const { return registers_[id]; }
  [[nodiscard]] const TableRows& table(std::uint16_t domain) const { return tables_[domain - 1U]; }

 private:
  void check_ranges(const Block& block, std::span<RowState> states);
  void check_column(std::size_t index, const Block& block, std::span<RowState> states);
  void check_tables(const Block& block, std::span<RowState> states);
  void execute(std::size_t id, const Block& block);
  void execute_over_table(std::size_t id, const Block& block);
  [[nodiscard]] std::size_t rows_of(std::uint16_t domain, const Block& block) const;
  double* storage(std::size_t id, std::size_t rows);
  void round_outputs(const Block& block, std::span<RowState> states);

  const Program& program_;
  std::vector<Column> registers_;
  std::vector<std::vector<double>> storage_;
  std::vector<std::vector<std::int64_t>> outcomes_;
  std::vector<TableRows> tables_;
  std::vector<std::uint16_t> bad_column_;
};

}  // namespace partake::method
