// Appends instructions, each distinct one once, folding constants. Private to the compiler.
#pragma once

#include <optional>
#include <unordered_map>

#include "method/program.h"

namespace partake::method {

class Builder {
 public:
  ValueId constant(double value);
  ValueId emit(Instruction instruction);
  ValueId unary(Op op, ValueId a);
  ValueId binary(Op op, ValueId a, ValueId b);  // Spreads the operand that is one value a row.
  ValueId select(ValueId condition, ValueId chosen, ValueId other);
  ValueId spread(ValueId a, std::uint16_t domain);
  ValueId total(ValueId a);

  [[nodiscard]] const Instruction& at(ValueId id) const { return instructions_[id]; }
  [[nodiscard]] std::uint16_t domain(ValueId id) const { return instructions_[id].domain; }
  [[nodiscard]] std::optional<double> constant_of(ValueId id) const;
  [[nodiscard]] std::size_t size() const { return instructions_.size(); }
  [[nodiscard]] bool full() const { return instructions_.size() >= instructions_max; }
  [[nodiscard]] std::vector<Instruction> take() { return std::move(instructions_); }

 private:
  [[nodiscard]] std::optional<ValueId> simplify(const Instruction& instruction) const;

  std::vector<Instruction> instructions_;
  std::unordered_map<std::string, ValueId> known_;
};

// The instruction on plain numbers; the columns compute the same (evaluate.cpp).
double apply(Op op, double a, double b, double c);

// Adds to each output its sensitivities to parameters and uncertain columns (reverse mode).
void add_sensitivities(Builder& builder, Program& program);

}  // namespace partake::method
