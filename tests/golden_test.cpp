// The same bytes in every build: outcomes of every library method on generated rows, hashed, and
// compared with the committed golden file. UPDATE_GOLDEN=1 rewrites it; the change is reviewed.
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/sha256.h"
#include "base/split_mix.h"
#include "intake/knowledge.h"
#include "method/evaluate.h"

using namespace partake;

namespace {

// Numbers that are the same everywhere, without the C library's generators.
class Sequence {
 public:
  explicit Sequence(std::uint64_t seed) : numbers_{seed} {}
  // In [0, 1).
  double next() { return static_cast<double>(numbers_.next() >> 11U) * 0x1.0p-53; }

 private:
  SplitMix numbers_;
};

// Between the ends of a range, spread over its orders of magnitude where it has several.
double inside(const method::ColumnInput& column, Sequence& numbers) {
  const double share = numbers.next();
  if (column.input->type == method::Input::Type::choice)
    return std::floor(share * (column.high + 1));
  return column.low + (column.high - column.low) * share * share * share;
}

std::string line_of(const method::Compiled& compiled, bool one_by_one) {
  constexpr std::size_t rows = 300;
  const auto& program = compiled.program;
  Sequence numbers{20261120};
  std::vector<std::vector<double>> columns(program.columns.size());
  std::vector<std::vector<std::uint32_t>> offsets(program.tables.size(), {0});
  for (std::size_t row = 0; row < rows; ++row) {
    for (auto& table : offsets) {
      table.push_back(table.back() + 1 + static_cast<std::uint32_t>(numbers.next() * 4));
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto domain = program.columns[i].domain;
      const auto count =
          domain == 0 ? 1U : offsets[domain - 1U][row + 1] - offsets[domain - 1U][row];
      for (std::uint32_t k = 0; k < count; ++k) {
        columns[i].push_back(inside(program.columns[i], numbers));
      }
    }
  }
  std::vector<double> parameters;
  for (const auto& parameter : compiled.method->parameters) {
    double value = 0.05 + numbers.next();
    if (parameter.range) {
      const double low = to_double(parameter.range->low);
      const double high = to_double(parameter.range->high);
      value = low + (high - low) * (0.1 + 0.8 * numbers.next());
    }
    parameters.push_back(value);
  }
  std::string bytes;
  method::Evaluator evaluator{program};
  const std::size_t step = one_by_one ? 1 : rows;
  for (std::size_t begin = 0; begin < rows; begin += step) {
    method::Block block;
    block.rows = step;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto domain = program.columns[i].domain;
      const std::size_t at = domain == 0 ? begin : offsets[domain - 1U][begin];
      block.columns.push_back({columns[i].data() + at, 0});
    }
    for (const double value : parameters) block.parameters.push_back({nullptr, value});
    for (const auto& table : offsets) {
      block.tables.push_back({std::span{table}.subspan(begin, step + 1)});
    }
    std::vector<method::RowState> states(step, method::RowState::good);
    evaluator.run(block, states);
    for (std::size_t row = 0; row < step; ++row) {
      bytes += std::to_string(static_cast<int>(states[row]));
      for (std::size_t i = 0; i < program.outputs.size(); ++i) {
        bytes += " " + std::to_string(evaluator.outcome(i)[row]);
        for (const auto& entry : program.outputs[i].parameters) {
          if (states[row] != method::RowState::good) continue;
          char text[40];
          std::snprintf(text, sizeof text, " %a", evaluator.value(entry.value, row));
          bytes += text;
        }
      }
      bytes += "\n";
    }
  }
  return compiled.method->id.text() + " " + compiled.method->version + " method " +
         to_hex(compiled.hash) + " outcomes " + to_hex(sha256(bytes)) + "\n";
}

}  // namespace

TEST_CASE("golden: every build computes the same bytes, row by row and in columns") {
  intake::Knowledge knowledge;
  Problems problems;
  knowledge.add_folder(SOURCE_DIR "/library", problems);
  REQUIRE(problems.empty());
  std::string computed;
  for (const auto& compiled : knowledge.methods()) {
    const auto columns = line_of(*compiled, false);
    CHECK_EQ(columns, line_of(*compiled, true));
    computed += columns;
  }
  const std::string path = SOURCE_DIR "/tests/golden/outcomes.txt";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream{path} << computed;
  std::ifstream in{path};
  std::stringstream golden;
  golden << in.rdbuf();
  CHECK_EQ(computed, golden.str());
}
