// A method file from bytes to a program that runs: problems or outcomes, never a crash.
#include "method/evaluate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace partake;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto file = parse_toml(text, "fuzz");
  if (!file) return 0;
  Problems problems;
  const auto method = method::read_method(*file, problems);
  const auto program = method::compile(method, problems);
  if (!problems.empty()) return 0;
  static_cast<void>(method::content_hash(method));
  method::Evaluator evaluator{program};
  method::Block block;
  block.rows = 1;
  const std::vector<std::uint32_t> offsets{0, 1};
  for (const auto& column : program.columns) {
    static thread_local std::vector<double> middle(1);
    middle[0] = column.low + (column.high - column.low) / 2;
    block.columns.push_back(column.domain == 0 ? method::Column{nullptr, middle[0]}
                                               : method::Column{middle.data(), 0});
  }
  block.parameters.assign(method.parameters.size(), method::Column{nullptr, 0.5});
  block.tables.assign(program.tables.size(), {offsets});
  std::vector<method::RowState> states{method::RowState::good};
  evaluator.run(block, states);
  return 0;
}
