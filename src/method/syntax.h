// Formulas as text and as trees. docs/method-language.md, "Grammar of formulas".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"

namespace partake::method {

struct Node {
  enum class Kind : std::uint8_t {
    number,       // quantity
    name,         // name
    column,       // name "." column
    choice,       // name, column holds the choice: material == 'paper'; negated for !=
    call,         // name(children...)
    negate,       // -child
    binary,       // op: + - * /
    power,        // child ^ exponent
    compare,      // op: < <= > >= == !=
    logical,      // op: and or
    logical_not,  // not child
    conditional,  // if child0 then child1 else child2
  };
  Kind kind = Kind::number;
  std::uint32_t offset = 0;  // In the formula's text.
  std::string op;
  std::string name;
  std::string column;
  bool negated = false;
  int exponent = 0;
  Quantity quantity;
  std::vector<std::uint32_t> children;
};

// Children come before their parents; the last node is the whole formula.
struct Expression {
  std::vector<Node> nodes;
  [[nodiscard]] const Node& root() const { return nodes.back(); }
  [[nodiscard]] const Node& at(std::uint32_t index) const { return nodes[index]; }
};

// Errors carry the offset in the text as the argument "offset": formula.too_long,
// formula.too_deep, formula.unexpected, formula.not_utf8, formula.bad_power, decimal.*, unit.*.
Result<Expression> parse_formula(std::string_view text);

// One spelling per tree: single spaces, only the brackets that the grammar needs, numbers in
// shortest form, units in canonical spelling. parse_formula(print(e)) prints the same again.
std::string print(const Expression& expression);

}  // namespace partake::method
