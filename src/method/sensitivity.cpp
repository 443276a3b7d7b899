// First-order sensitivities by reverse accumulation over the instruction list (Griewank and
// Walther, Evaluating Derivatives, chapter 3), written as further instructions of the program.

#include <algorithm>

#include "method/builder.h"

namespace partake::method {
namespace {

bool has_uncertainty(const ColumnInput& column) {
  return column.input->uncertainty.kind != factor::Uncertainty::Kind::not_stated;
}

class Accumulation {
 public:
  Accumulation(Builder& builder, const Program& program, ValueId output)
      : builder_{builder}, active_(output + std::size_t{1}), adjoint_(output + std::size_t{1}) {
    mark_active(program);
    if (!active_[output]) return;
    adjoint_[output] = builder_.constant(1);
    for (std::size_t id = output + std::size_t{1}; id-- > 0;) {
      if (adjoint_[id]) propagate(static_cast<ValueId>(id), *adjoint_[id]);
    }
  }

  // dy/dv for a leaf v; empty when y does not depend on it.
  [[nodiscard]] std::optional<ValueId> of(std::size_t leaf) const {
    return leaf < adjoint_.size() ? adjoint_[leaf] : std::nullopt;
  }

 private:
  // Active: depends on a parameter or an uncertain column.
  void mark_active(const Program& program) {
    for (std::size_t id = 0; id < active_.size(); ++id) {
      const auto& instruction = builder_.at(static_cast<ValueId>(id));
      switch (instruction.op) {
        case Op::parameter:
          active_[id] = true;
          break;
        case Op::input:
          active_[id] = has_uncertainty(program.columns[instruction.index]);
          break;
        case Op::constant:
        case Op::tier:
        case Op::count:
          break;
        default:
          // Unused operands are 0, and value 0 may be active; that only costs dead instructions.
          active_[id] = active_[instruction.a] || active_[instruction.b] || active_[instruction.c];
      }
    }
  }

  void contribute(ValueId to, ValueId amount) {
    if (!active_[to] || builder_.constant_of(amount) == 0) return;
    amount = builder_.spread(amount, builder_.domain(to));
    auto& sum = adjoint_[to];
    sum = sum ? builder_.binary(Op::add, *sum, amount) : amount;
  }

  void propagate(ValueId id, ValueId g) {
    const Instruction instruction = builder_.at(id);
    const auto op = instruction.op;
    const auto a = instruction.a;
    const auto b = instruction.b;
    const auto c = instruction.c;
    const auto one = [&] { return builder_.constant(1); };
    const auto zero = [&] { return builder_.constant(0); };
    const auto chain = [&](ValueId slope) { return builder_.binary(Op::chain, g, slope); };
    switch (op) {
      case Op::add:
        contribute(a, g);
        contribute(b, g);
        break;
      case Op::subtract:
        contribute(a, g);
        contribute(b, builder_.unary(Op::negate, g));
        break;
      case Op::multiply:
        contribute(a, chain(b));
        contribute(b, chain(a));
        break;
      case Op::divide:
        contribute(a, chain(builder_.binary(Op::divide, one(), b)));
        contribute(b, chain(builder_.unary(Op::negate, builder_.binary(Op::divide, id, b))));
        break;
      case Op::negate:
        contribute(a, builder_.unary(Op::negate, g));
        break;
      case Op::minimum:
        choose(builder_.binary(Op::less, b, a), b, a, g);
        break;
      case Op::maximum:
        choose(builder_.binary(Op::less, a, b), b, a, g);
        break;
      case Op::select:
        choose(a, b, c, g);
        break;
      case Op::absolute: {
        const auto negative = builder_.binary(Op::less, a, zero());
        contribute(a, builder_.select(negative, builder_.unary(Op::negate, g), g));
        break;
      }
      case Op::square_root:
        contribute(a, chain(builder_.binary(Op::divide, builder_.constant(0.5), id)));
        break;
      case Op::exponential:
        contribute(a, chain(id));
        break;
      case Op::logarithm:
        contribute(a, chain(builder_.binary(Op::divide, one(), a)));
        break;
      case Op::power:
        contribute(a, chain(builder_.binary(Op::divide, builder_.binary(Op::multiply, b, id), a)));
        contribute(b, chain(builder_.binary(Op::multiply, id, builder_.unary(Op::logarithm, a))));
        break;
      case Op::interpolate:
        contribute(a, chain(builder_.emit({.op = Op::slope,
                                           .a = a,
                                           .domain = instruction.domain,
                                           .index = instruction.index})));
        break;
      case Op::spread:
        contribute(a, builder_.total(g));
        break;
      case Op::total:
        contribute(a, builder_.spread(g, instruction.index));
        break;
      default:
        break;  // Conditions are flat; leaves end here.
    }
  }

  void choose(ValueId condition, ValueId when_true, ValueId when_false, ValueId g) {
    contribute(when_true, builder_.select(condition, g, builder_.constant(0)));
    contribute(when_false, builder_.select(condition, builder_.constant(0), g));
  }

  Builder& builder_;
  std::vector<bool> active_;
  std::vector<std::optional<ValueId>> adjoint_;
};

}  // namespace

void add_sensitivities(Builder& builder, Program& program) {
  const auto forward_size = builder.size();
  for (auto& output : program.outputs) {
    const Accumulation accumulation{builder, program, output.value};
    for (std::size_t leaf = 0; leaf < forward_size; ++leaf) {
      const auto derivative = accumulation.of(leaf);
      if (!derivative) continue;
      const auto id = static_cast<ValueId>(leaf);
      const Instruction instruction = builder.at(id);
      if (instruction.op == Op::parameter) {
        const auto value =
            builder.binary(Op::multiply, *derivative, builder.unary(Op::reference, id));
        output.parameters.push_back({instruction.index, value, builder.domain(value)});
      }
      if (instruction.op != Op::input) continue;
      const auto& column = program.columns[instruction.index];
      const auto& uncertainty = column.input->uncertainty;
      if (!has_uncertainty(column)) continue;
      const bool relative = uncertainty.kind == factor::Uncertainty::Kind::relative;
      const auto width = value_in(uncertainty.half_width, relative ? Unit{} : column.input->unit);
      auto half_width = builder.constant(width.value_or(0));
      if (relative) half_width = builder.binary(Op::multiply, id, half_width);
      const auto value = builder.binary(Op::multiply, *derivative, half_width);
      output.readings.push_back({instruction.index, value, builder.domain(value)});
    }
  }
}

}  // namespace partake::method
