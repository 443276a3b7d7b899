#include "method/syntax.h"

#include <rapidcheck.h>

using namespace partake;
using namespace partake::method;

namespace {

// The canonical print, or "code@offset".
std::string reprinted(const std::string& text) {
  const auto tree = parse_formula(text);
  if (tree) return print(*tree);
  std::string offset;
  for (const auto& [key, value] : tree.error().args) {
    if (key == "offset") offset = value;
  }
  return tree.error().code + "@" + offset;
}

}  // namespace

TEST_CASE("formula: one spelling per meaning") {
  CHECK_EQ(reprinted("a+b*c"), "a + b * c");
  CHECK_EQ(reprinted("(a+b)*c"), "(a + b) * c");
  CHECK_EQ(reprinted("a-(b-c)"), "a - (b - c)");
  CHECK_EQ(reprinted("(a-b)-c"), "a - b - c");
  CHECK_EQ(reprinted("a/(b*c)"), "a / (b * c)");
  CHECK_EQ(reprinted("-a^2"), "-a ^ 2");
  CHECK_EQ(reprinted("(-a)^2"), "(-a) ^ 2");
  CHECK_EQ(reprinted("a ^ -2"), "a ^ -2");
  CHECK_EQ(reprinted("1.50[kgCO2/kWh]*x"), "1.5 [kgCO2/kWh] * x");
  CHECK_EQ(reprinted("3.9e8 [公里]"), "390000000 [km]");
  CHECK_EQ(reprinted("if a>0 [km] and not b<1 then c else if d then e else f"),
           "if a > 0 [km] and not b < 1 then c else if d then e else f");
  CHECK_EQ(reprinted("material=='paper' or material != 'plastic'"),
           "material == 'paper' or material != 'plastic'");
  CHECK_EQ(reprinted("sum(strata,strata.area*max(a,b,c))"),
           "sum(strata, strata.area * max(a, b, c))");
}

TEST_CASE("formula: problems know their place") {
  CHECK_EQ(reprinted(""), "formula.expected.operand@0");
  CHECK_EQ(reprinted("a +"), "formula.expected.operand@3");
  CHECK_EQ(reprinted("a b"), "formula.expected.end@2");
  CHECK_EQ(reprinted("(a"), "formula.unexpected@2");
  CHECK_EQ(reprinted("a $ b"), "formula.expected.end@2");
  CHECK_EQ(reprinted("if a then b"), "formula.unexpected@11");
  CHECK_EQ(reprinted("2 [kWhh]"), "unit.unknown@2");
  CHECK_EQ(reprinted("2 [kWh"), "formula.unexpected@2");
  CHECK_EQ(reprinted("a ^ 1.5"), "formula.bad_power@4");
  CHECK_EQ(reprinted("a ^ 17"), "formula.bad_power@4");
  CHECK_EQ(reprinted("a ^ b"), "formula.bad_power@4");
  CHECK_EQ(reprinted("1e999"), "decimal.too_long@0");
  CHECK_EQ(reprinted("nan > 武"), "formula.expected.operand@6");
  CHECK_EQ(reprinted("\xFF"), "formula.not_utf8@0");
  CHECK_EQ(reprinted(std::string(5000, 'a')), "formula.too_long@0");
  CHECK_EQ(reprinted(std::string(100, '(') + "a" + std::string(100, ')')), "formula.too_deep@64");
  CHECK_EQ(reprinted(std::string(100, '-') + "a"), "formula.too_deep@63");
}

TEST_CASE("formula: printing and parsing are inverse for any tree") {
  // Random trees of the grammar, as text with every bracket written.
  std::function<std::string(int)> tree = [&](int depth) -> std::string {
    const int kind = depth == 0 ? *rc::gen::inRange(0, 3) : *rc::gen::inRange(0, 9);
    const auto sub = [&] { return "(" + tree(depth - 1) + ")"; };
    switch (kind) {
      case 0:
        return "x";
      case 1:
        return std::to_string(*rc::gen::inRange(0, 1000)) + " [km]";
      case 2:
        return "t.c";
      case 3:
        return sub() + " + " + sub();
      case 4:
        return sub() + " - " + sub();
      case 5:
        return sub() + " * " + sub();
      case 6:
        return sub() + " / " + sub();
      case 7:
        return "-" + sub();
      default:
        return "if " + sub() + " < " + sub() + " then " + sub() + " else " + sub();
    }
  };
  CHECK(rc::check([&] {
    const auto text = tree(*rc::gen::inRange(0, 6));
    if (text.size() > 4000) return;
    const auto once = reprinted(text);
    RC_ASSERT(once.find('@') == std::string::npos);
    RC_ASSERT(reprinted(once) == once);
  }));
}
