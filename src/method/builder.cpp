#include "method/builder.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "method/scalar_functions.h"

namespace partake::method {
namespace {

std::string key_of(const Instruction& instruction) {
  const std::array<std::uint64_t, 3> words{
      static_cast<std::uint64_t>(instruction.op) | std::uint64_t{instruction.a} << 16U |
          std::uint64_t{instruction.b} << 32U | std::uint64_t{instruction.c} << 48U,
      std::uint64_t{instruction.domain} | std::uint64_t{instruction.index} << 16U,
      std::bit_cast<std::uint64_t>(instruction.constant)};
  std::string key(sizeof words, '\0');
  std::memcpy(key.data(), words.data(), sizeof words);
  return key;
}

bool foldable(Op op) {
  switch (op) {
    case Op::constant:
    case Op::input:
    case Op::parameter:
    case Op::tier:
    case Op::interpolate:
    case Op::slope:
    case Op::spread:
    case Op::total:
    case Op::count:
      return false;
    default:
      return true;
  }
}

}  // namespace

int operand_count(Op op) {
  switch (op) {
    case Op::constant:
    case Op::input:
    case Op::parameter:
    case Op::tier:
    case Op::count:
      return 0;
    case Op::negate:
    case Op::absolute:
    case Op::square_root:
    case Op::exponential:
    case Op::logarithm:
    case Op::logical_not:
    case Op::interpolate:
    case Op::slope:
    case Op::spread:
    case Op::total:
    case Op::reference:
      return 1;
    case Op::select:
      return 3;
    default:
      return 2;
  }
}

double apply(Op op, double a, double b, double c) {
  switch (op) {
    case Op::add:
      return a + b;
    case Op::subtract:
      return a - b;
    case Op::multiply:
      return a * b;
    case Op::divide:
      return a / b;
    case Op::negate:
      return -a;
    case Op::minimum:
      return b < a ? b : a;
    case Op::maximum:
      return a < b ? b : a;
    case Op::absolute:
      return std::fabs(a);
    case Op::square_root:
      return std::sqrt(a);
    case Op::exponential:
      return rounded_exp(a);
    case Op::logarithm:
      return rounded_ln(a);
    case Op::power:
      return rounded_pow(a, b);
    case Op::less:
      return a < b ? 1 : 0;
    case Op::less_equal:
      return a <= b ? 1 : 0;
    case Op::equal:
      return a == b ? 1 : 0;
    case Op::logical_and:
      return a != 0 && b != 0 ? 1 : 0;
    case Op::logical_or:
      return a != 0 || b != 0 ? 1 : 0;
    case Op::logical_not:
      return a == 0 ? 1 : 0;
    case Op::select:
      return a != 0 ? b : c;
    case Op::chain:
      return a == 0 ? 0 : a * b;
    case Op::reference:
      return a == 0 ? 1 : std::fabs(a);
    default:
      return 0;
  }
}

std::optional<double> Builder::constant_of(ValueId id) const {
  const auto& instruction = instructions_[id];
  if (instruction.op == Op::spread) return constant_of(instruction.a);
  if (instruction.op != Op::constant) return std::nullopt;
  return instruction.constant;
}

ValueId Builder::constant(double value) { return emit({.op = Op::constant, .constant = value}); }

// Identities that hold bit for bit for finite numbers, and the zero of a derivative.
std::optional<ValueId> Builder::simplify(const Instruction& instruction) const {
  const auto is = [&](ValueId id, double value) {
    const auto known = constant_of(id);
    return known.has_value() && known.value_or(0) == value;
  };
  switch (instruction.op) {
    case Op::multiply:
      if (is(instruction.a, 1)) return instruction.b;
      if (is(instruction.b, 1)) return instruction.a;
      return std::nullopt;
    case Op::divide:
      if (is(instruction.b, 1)) return instruction.a;
      return std::nullopt;
    case Op::chain:
      if (is(instruction.a, 0) || is(instruction.b, 1)) return instruction.a;
      if (is(instruction.a, 1)) return instruction.b;
      return std::nullopt;
    case Op::select:
      if (instruction.b == instruction.c) return instruction.b;
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

ValueId Builder::emit(Instruction instruction) {
  const int operands = operand_count(instruction.op);
  if (foldable(instruction.op) && operands > 0) {
    const auto a = constant_of(instruction.a);
    const auto b = operands > 1 ? constant_of(instruction.b) : std::optional{0.0};
    const auto c = operands > 2 ? constant_of(instruction.c) : std::optional{0.0};
    if (a && b && c) {
      const auto folded = constant(apply(instruction.op, *a, *b, *c));
      return instruction.domain == 0 ? folded : spread(folded, instruction.domain);
    }
    if (const auto same = simplify(instruction)) return *same;
  }
  const auto key = key_of(instruction);
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  if (full()) return 0;  // The compiler reports method.too_complex and drops the program.
  const auto id = static_cast<ValueId>(instructions_.size());
  instructions_.push_back(instruction);
  known_.emplace(key, id);
  return id;
}

ValueId Builder::unary(Op op, ValueId a) { return emit({.op = op, .a = a, .domain = domain(a)}); }

ValueId Builder::binary(Op op, ValueId a, ValueId b) {
  const auto where = std::max(domain(a), domain(b));
  return emit({.op = op, .a = spread(a, where), .b = spread(b, where), .domain = where});
}

ValueId Builder::select(ValueId condition, ValueId chosen, ValueId other) {
  const auto where = std::max({domain(condition), domain(chosen), domain(other)});
  return emit({.op = Op::select,
               .a = spread(condition, where),
               .b = spread(chosen, where),
               .c = spread(other, where),
               .domain = where});
}

ValueId Builder::spread(ValueId a, std::uint16_t domain_to) {
  if (domain(a) == domain_to) return a;
  return emit({.op = Op::spread, .a = a, .domain = domain_to});
}

ValueId Builder::total(ValueId a) {
  return emit({.op = Op::total, .a = a, .domain = 0, .index = domain(a)});
}

}  // namespace partake::method
