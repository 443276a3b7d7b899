// From formulas to instructions: names, kinds, dimensions and ranges are checked on the way down,
// and every problem is reported with its place.

#include <algorithm>
#include <set>

#include "method/builder.h"
#include "method/interval.h"

namespace partake::method {
namespace {

// A lowered expression.
struct Value {
  enum class Kind : std::uint8_t { number, condition, broken };
  Kind kind = Kind::broken;  // Broken: already reported; nothing more is said about it.
  ValueId id = 0;
  Unit unit;
  Dimension dimension;
  Interval interval;

  [[nodiscard]] bool is_number() const { return kind == Kind::number; }
};

std::string show(const Interval& interval) {
  const auto text = [](double x) {
    auto number = std::to_string(x);
    while (number.find('.') != std::string::npos &&
           (number.back() == '0' || number.back() == '.')) {
      const bool point = number.back() == '.';
      number.pop_back();
      if (point) break;
    }
    return number;
  };
  return "[" + text(interval.low) + ", " + text(interval.high) + "]";
}

class Compiler {
 public:
  Compiler(const Method& method, Problems& problems) : method_{method}, problems_{problems} {}

  Program compile() {
    declare_columns();
    for (const auto& curve : method_.curves) program_.curves.push_back(compiled(curve));
    for (const auto& formula : method_.formulas) formula_value(formula);
    for (const auto& output : method_.outputs) compile_output(output);
    check_look_ups();
    // A formula that is missing or could not be followed may well use what nothing else does.
    if (!formula_broken_ && !method_.outputs.empty()) report_unused();
    check_limits();
    if (problems_.empty()) {
      const auto forward_size = builder_.size();
      add_sensitivities(builder_, program_);
      if (builder_.full()) {
        problems_.push_back({ErrorKind::exhausted,
                             "method.too_complex",
                             {{"limit", std::to_string(instructions_max)}},
                             method_.place});
      }
      program_.instructions = builder_.take();
      drop_dead(forward_size);
    }
    return std::move(program_);
  }

 private:
  // ---- declarations

  void declare_columns() {
    for (const auto& input : method_.inputs) {
      if (input.type == Input::Type::quantity || input.type == Input::Type::choice) {
        declare(input.name, input, 0);
      }
      if (input.type != Input::Type::table) continue;
      program_.tables.push_back(input.name);
      const auto domain = static_cast<std::uint16_t>(program_.tables.size());
      for (const auto& column : input.columns) {
        declare(input.name + "." + column.name, column, domain);
      }
    }
  }

  void declare(std::string name, const Input& input, std::uint16_t domain) {
    ColumnInput column;
    column.name = std::move(name);
    column.domain = domain;
    column.input = &input;
    if (input.type == Input::Type::choice) {
      column.high = static_cast<double>(input.choices.size()) - 1;
    } else {
      column.low = to_double(input.range.low);
      column.high = to_double(input.range.high);
      column.low_open = input.range.low_open;
      column.high_open = input.range.high_open;
    }
    program_.columns.push_back(std::move(column));
  }

  static CompiledCurve compiled(const Curve& curve) {
    CompiledCurve result;
    for (const auto& [x, y] : curve.points) {
      result.x.push_back(to_double(x));
      result.y.push_back(to_double(y));
    }
    return result;
  }

  // ---- problems

  // Already reported, or its meaning is unknown because of something that was.
  Value silent() {
    formula_broken_ = true;
    return {};
  }

  Value broken(std::uint32_t offset, std::string code, Args args = {}) {
    formula_broken_ = true;
    problems_.push_back(
        {ErrorKind::invalid, std::move(code), std::move(args), place_in(*formula_, offset)});
    return {};
  }

  void problem(const Place& place, std::string code, Args args) {
    problems_.push_back({ErrorKind::invalid, std::move(code), std::move(args), place});
  }

  // ---- values

  Value number(ValueId id, Unit unit, const Interval& interval) {
    if (!unit.is_moderate()) return broken(0, "formula.too_high_power");
    unit = unit.simplified();
    auto dimension = unit.dimension();
    return {Value::Kind::number, id, std::move(unit), std::move(dimension), interval};
  }

  Value condition(ValueId id) { return {Value::Kind::condition, id, {}, {}, {}}; }

  // Exact ratio, as multiplication by its numerator and division by its denominator.
  Value scaled(const Value& value, const Rational& ratio, const Unit& unit) {
    const double top = to_double(Rational::whole(ratio.numerator()));
    const double bottom = to_double(Rational::whole(ratio.denominator()));
    auto id = builder_.binary(Op::multiply, value.id, builder_.constant(top));
    id = builder_.binary(Op::divide, id, builder_.constant(bottom));
    auto interval = value.interval * Interval::point(top) / Interval::point(bottom);
    return {Value::Kind::number, id, unit, unit.dimension(), interval};
  }

  Value in_unit(const Value& value, const Unit& unit, std::uint32_t offset) {
    if (!value.is_number()) return {};
    const auto ratio = conversion(value.unit, unit);
    if (!ratio) {
      return broken(offset, "formula.mismatch",
                    {{"left", to_string(unit)},
                     {"left_dimension", unit.dimension().name()},
                     {"right", to_string(value.unit)},
                     {"right_dimension", value.dimension.name()}});
    }
    return scaled(value, *ratio, unit);
  }

  Value plain_ratio(const Value& value, std::uint32_t offset, const std::string& function) {
    if (!value.is_number()) return {};
    if (!value.dimension.is_ratio()) {
      return broken(offset, "formula.needs_ratio",
                    {{"function", function}, {"dimension", value.dimension.name()}});
    }
    return in_unit(value, Unit{}, offset);
  }

  bool all_numbers(const std::vector<Value>& values, const Node& node, const std::string& what) {
    bool fine = true;
    for (const auto& value : values) {
      if (value.kind == Value::Kind::condition) {
        broken(node.offset, "formula.condition_as_number", {{"what", what}});
      }
      fine = fine && value.is_number();
    }
    return fine;
  }

  // ---- names

  Value formula_value(const Formula& formula) {
    const auto known = formula_values_.find(formula.name);
    if (known != formula_values_.end()) {
      if (known->second.kind == Value::Kind::broken && in_progress_.contains(formula.name)) {
        problem(formula.place, "formula.cycle", {{"name", formula.name}});
      }
      return known->second;
    }
    in_progress_.insert(formula.name);
    formula_values_.emplace(formula.name, Value{});
    auto value = lowered(formula, 0);
    in_progress_.erase(formula.name);
    if (value.kind == Value::Kind::number) {
      program_.steps.push_back({formula.name, value.id, value.unit, builder_.domain(value.id)});
    }
    formula_values_[formula.name] = value;
    return value;
  }

  // Lowers a formula in a context of its own: no table, no refinements.
  Value lowered(const Formula& formula, std::uint16_t table) {
    if (formula.tree.nodes.empty()) return silent();
    const auto* outer_formula = std::exchange(formula_, &formula);
    const auto outer_table = std::exchange(table_, table);
    auto outer_refined = std::exchange(refined_, {});
    auto value = lower(static_cast<std::uint32_t>(formula.tree.nodes.size() - 1));
    formula_ = outer_formula;
    table_ = outer_table;
    refined_ = std::move(outer_refined);
    return value;
  }

  Value named(const Node& node) {
    used_.insert(node.name);
    for (std::size_t i = 0; i < program_.columns.size(); ++i) {
      if (program_.columns[i].name == node.name) return column_value(i, node);
    }
    for (std::size_t i = 0; i < method_.parameters.size(); ++i) {
      if (method_.parameters[i].name == node.name) return parameter_value(i, node);
    }
    for (const auto& formula : method_.formulas) {
      if (formula.name != node.name) continue;
      auto value = formula_value(formula);
      refine(node.name, value);
      return value;
    }
    if (const auto* input = method_.input(node.name)) {
      if (input->broken) return silent();
      return broken(node.offset, "formula.not_a_number",
                    {{"name", node.name}, {"type", name_of(input->type)}});
    }
    return broken(node.offset, "formula.unknown_name",
                  {{"name", node.name}, {"nearest", nearest_name(node.name)}});
  }

  [[nodiscard]] std::string nearest_name(const std::string& name) const {
    std::string best;
    std::size_t best_common = 1;
    const auto consider = [&](const std::string& known) {
      const auto common = static_cast<std::size_t>(
          std::mismatch(known.begin(), known.end(), name.begin(), name.end()).first -
          known.begin());
      if (common > best_common) {
        best = known;
        best_common = common;
      }
    };
    for (const auto& entry : method_.inputs) consider(entry.name);
    for (const auto& entry : method_.parameters) consider(entry.name);
    for (const auto& entry : method_.formulas) consider(entry.name);
    return best;
  }

  Value column_value(std::size_t index, const Node& node) {
    const auto& column = program_.columns[index];
    if (column.input->broken) return silent();
    if (column.input->type == Input::Type::choice) {
      return broken(node.offset, "formula.not_a_number", {{"name", node.name}, {"type", "choice"}});
    }
    const auto id = builder_.emit(
        {.op = Op::input, .domain = column.domain, .index = static_cast<std::uint16_t>(index)});
    const bool open_zero =
        (column.low == 0 && column.low_open) || (column.high == 0 && column.high_open);
    Interval interval{column.low, column.high, column.low > 0 || column.high < 0 || open_zero};
    auto value = number(id, column.input->unit, interval);
    refine(column.name, value);
    return value;
  }

  Value parameter_value(std::size_t index, const Node& node) {
    const auto& parameter = method_.parameters[index];
    if (parameter.broken) return silent();
    const auto id =
        builder_.emit({.op = Op::parameter, .index = static_cast<std::uint16_t>(index)});
    Interval interval;
    if (parameter.kind == Parameter::Kind::value) {
      interval = Interval::point(to_double(parameter.value));
    } else if (parameter.range) {
      const auto& range = *parameter.range;
      interval.low = to_double(range.low);
      interval.high = to_double(range.high);
      interval.nonzero = interval.low > 0 || interval.high < 0 ||
                         (interval.low == 0 && range.low_open) ||
                         (interval.high == 0 && range.high_open);
    }
    auto value = number(id, parameter.unit, interval);
    refine(node.name, value);
    return value;
  }

  Value table_column(const Node& node) {
    used_.insert(node.name);
    const auto name = node.name + "." + node.column;
    used_.insert(name);
    for (std::size_t i = 0; i < program_.columns.size(); ++i) {
      if (program_.columns[i].name != name) continue;
      if (program_.columns[i].domain != table_) {
        return broken(node.offset, "formula.column_outside_sum",
                      {{"column", name}, {"table", node.name}});
      }
      return column_value(i, node);
    }
    const auto* table = method_.input(node.name);
    if (table != nullptr && table->broken) return silent();
    return broken(node.offset, "formula.unknown_column", {{"column", name}});
  }

  // `if x > 0 then …`: inside, x is known to be positive.
  void refine(const std::string& name, Value& value) const {
    const auto found = refined_.find(name);
    if (found == refined_.end() || !value.is_number()) return;
    value.interval.low = std::max(value.interval.low, found->second.low);
    value.interval.high = std::min(value.interval.high, found->second.high);
    value.interval.nonzero = value.interval.nonzero || found->second.nonzero ||
                             value.interval.low > 0 || value.interval.high < 0;
  }

  // ---- expressions

  Value lower(std::uint32_t index) {
    const Node& node = formula_->tree.at(index);
    switch (node.kind) {
      case Node::Kind::number:
        return number(builder_.constant(to_double(node.quantity.value)), node.quantity.unit,
                      Interval::point(to_double(node.quantity.value)));
      case Node::Kind::name:
        return named(node);
      case Node::Kind::column:
        return table_column(node);
      case Node::Kind::choice:
        return choice(node);
      case Node::Kind::call:
        return call(node);
      case Node::Kind::negate:
        return negate(node);
      case Node::Kind::binary:
        return binary(node);
      case Node::Kind::power:
        return power(node);
      case Node::Kind::compare:
        return compare(node);
      case Node::Kind::logical:
        return logical(node);
      case Node::Kind::logical_not:
        return logical_not(node);
      case Node::Kind::conditional:
        return conditional(node);
    }
    return {};
  }

  std::vector<Value> lower_all(const Node& node) {
    std::vector<Value> values;
    for (const auto child : node.children) values.push_back(lower(child));
    return values;
  }

  Value choice(const Node& node) {
    used_.insert(node.name);
    for (std::size_t i = 0; i < program_.columns.size(); ++i) {
      const auto& column = program_.columns[i];
      if (column.name != node.name || column.input->type != Input::Type::choice) continue;
      if (column.input->broken) return silent();
      const auto& choices = column.input->choices;
      const auto found = std::find_if(choices.begin(), choices.end(), [&](const Named& entry) {
        return entry.name == node.column;
      });
      if (found == choices.end()) {
        return broken(node.offset, "formula.unknown_choice",
                      {{"choice", node.column}, {"name", node.name}});
      }
      const auto id = builder_.emit({.op = Op::input, .index = static_cast<std::uint16_t>(i)});
      const auto wanted = builder_.constant(static_cast<double>(found - choices.begin()));
      const auto equal = builder_.binary(Op::equal, id, wanted);
      return condition(node.negated ? builder_.unary(Op::logical_not, equal) : equal);
    }
    const auto* input = method_.input(node.name);
    if (input != nullptr && input->broken) return silent();
    return broken(node.offset, "formula.not_a_choice", {{"name", node.name}});
  }

  Value negate(const Node& node) {
    const auto values = lower_all(node);
    if (!all_numbers(values, node, "-")) return {};
    return number(builder_.unary(Op::negate, values[0].id), values[0].unit, -values[0].interval);
  }

  Value binary(const Node& node) {
    auto values = lower_all(node);
    if (!all_numbers(values, node, node.op)) return {};
    const auto& left = values[0];
    if (node.op == "*") {
      return number(builder_.binary(Op::multiply, left.id, values[1].id),
                    left.unit.times(values[1].unit), left.interval * values[1].interval);
    }
    if (node.op == "/") return quotient(left, values[1], node);
    const auto right = in_unit(values[1], left.unit, node.offset);
    if (!right.is_number()) return {};
    const bool adds = node.op == "+";
    return number(builder_.binary(adds ? Op::add : Op::subtract, left.id, right.id), left.unit,
                  adds ? left.interval + right.interval : left.interval - right.interval);
  }

  Value quotient(const Value& top, const Value& bottom, const Node& node) {
    if (!bottom.interval.nonzero) {
      return broken(node.offset, "formula.may_divide_by_zero",
                    {{"range", show(bottom.interval)}, {"unit", to_string(bottom.unit)}});
    }
    return number(builder_.binary(Op::divide, top.id, bottom.id), top.unit.times(bottom.unit, -1),
                  top.interval / bottom.interval);
  }

  Value power(const Node& node) {
    const auto values = lower_all(node);
    if (!all_numbers(values, node, "^")) return {};
    const auto& base = values[0];
    auto result = base;
    for (int i = 1; i < std::abs(node.exponent); ++i) {
      if (!result.is_number()) return {};
      result = number(builder_.binary(Op::multiply, result.id, base.id),
                      result.unit.times(base.unit), result.interval * base.interval);
    }
    if (!result.is_number()) return {};
    if (node.exponent % 2 == 0) result.interval.low = std::max(result.interval.low, 0.0);
    if (node.exponent > 0) return result;
    const Value one{Value::Kind::number, builder_.constant(1), {}, {}, Interval::point(1)};
    return quotient(one, result, node);
  }

  Value compare(const Node& node) {
    const auto values = lower_all(node);
    if (!all_numbers(values, node, node.op)) return {};
    const auto right = in_unit(values[1], values[0].unit, node.offset);
    if (!right.is_number()) return {};
    const auto left_id = values[0].id;
    if (node.op == "<") return condition(builder_.binary(Op::less, left_id, right.id));
    if (node.op == "<=") return condition(builder_.binary(Op::less_equal, left_id, right.id));
    if (node.op == ">") return condition(builder_.binary(Op::less, right.id, left_id));
    if (node.op == ">=") return condition(builder_.binary(Op::less_equal, right.id, left_id));
    const auto equal = builder_.binary(Op::equal, left_id, right.id);
    return condition(node.op == "==" ? equal : builder_.unary(Op::logical_not, equal));
  }

  bool all_conditions(const std::vector<Value>& values, const Node& node) {
    bool fine = true;
    for (const auto& value : values) {
      if (value.is_number()) broken(node.offset, "formula.number_as_condition");
      fine = fine && value.kind == Value::Kind::condition;
    }
    return fine;
  }

  Value logical(const Node& node) {
    const auto values = lower_all(node);
    if (!all_conditions(values, node)) return {};
    return condition(builder_.binary(node.op == "and" ? Op::logical_and : Op::logical_or,
                                     values[0].id, values[1].id));
  }

  Value logical_not(const Node& node) {
    const auto values = lower_all(node);
    if (!all_conditions(values, node)) return {};
    return condition(builder_.unary(Op::logical_not, values[0].id));
  }

  Value conditional(const Node& node) {
    const auto test = lower(node.children[0]);
    const auto outer = refined_;
    learn(node.children[0], true);
    const auto chosen = lower(node.children[1]);
    refined_ = outer;
    learn(node.children[0], false);
    auto other = lower(node.children[2]);
    refined_ = outer;
    if (!all_conditions({test}, node)) return {};
    if (!all_numbers({chosen, other}, node, "if")) return {};
    other = in_unit(other, chosen.unit, node.offset);
    if (!other.is_number()) return {};
    return number(builder_.select(test.id, chosen.id, other.id), chosen.unit,
                  hull(chosen.interval, other.interval));
  }

  // What a condition says about a name compared with a constant, if it holds or does not.
  void learn(std::uint32_t index, bool holds) {
    const auto& node = formula_->tree.at(index);
    if (node.kind == Node::Kind::logical_not) return learn(node.children[0], !holds);
    if (node.kind == Node::Kind::logical && (node.op == "and") == holds) {
      learn(node.children[0], holds);
      learn(node.children[1], holds);
      return;
    }
    if (node.kind != Node::Kind::compare) return;
    const auto& left = formula_->tree.at(node.children[0]);
    const bool column = left.kind == Node::Kind::column;
    if (left.kind != Node::Kind::name && !column) return;
    const auto problems_before = problems_.size();
    const auto subject = lower(node.children[0]);
    const auto bound = in_unit(lower(node.children[1]), subject.unit, node.offset);
    problems_.resize(problems_before);  // Whatever is wrong was said when the test was lowered.
    const auto constant = bound.is_number() ? builder_.constant_of(bound.id) : std::nullopt;
    if (!constant) return;
    const auto name = column ? left.name + "." + left.column : left.name;
    auto& known = refined_[name];
    static const std::map<std::string, std::string> opposite{
        {"<", ">="}, {"<=", ">"}, {">", "<="}, {">=", "<"}, {"==", "!="}, {"!=", "=="}};
    const auto& op = holds ? node.op : opposite.at(node.op);
    if (op == "<" || op == "<=") known.high = std::min(known.high, *constant);
    if (op == ">" || op == ">=") known.low = std::max(known.low, *constant);
    if (op == "==") known.low = known.high = *constant;
    const bool excludes = op == "!=" || op == "<" || op == ">";
    known.nonzero =
        known.nonzero || (*constant == 0 && excludes) || known.low > 0 || known.high < 0;
  }

  // ---- functions

  Value call(const Node& node) {
    if (node.name == "sum" || node.name == "count") return over_table(node);
    if (node.name == "interpolate") return interpolate(node);
    struct Signature {
      const char* name;
      std::size_t least;
      std::size_t most;
      Value (Compiler::*lower)(const Node&, std::vector<Value>&);
    };
    static constexpr std::array signatures = std::to_array<Signature>({
        {"min", 2, 16, &Compiler::extreme},
        {"max", 2, 16, &Compiler::extreme},
        {"clamp", 3, 3, &Compiler::clamp},
        {"abs", 1, 1, &Compiler::magnitude},
        {"sqrt", 1, 1, &Compiler::root},
        {"exp", 1, 1, &Compiler::exponential},
        {"ln", 1, 1, &Compiler::logarithm},
        {"pow", 2, 2, &Compiler::general_power},
        {"co2", 1, 1, &Compiler::carbon_dioxide},
        {"co2e", 1, 1, &Compiler::equivalent},
    });
    for (const auto& signature : signatures) {
      if (node.name != signature.name) continue;
      auto values = lower_all(node);
      if (values.size() < signature.least || values.size() > signature.most) {
        return broken(node.offset, "formula.argument_count",
                      {{"function", node.name},
                       {"found", std::to_string(values.size())},
                       {"expected", signature.least == signature.most
                                        ? std::to_string(signature.least)
                                        : std::to_string(signature.least) + "…" +
                                              std::to_string(signature.most)}});
      }
      if (!all_numbers(values, node, node.name)) return {};
      return (this->*signature.lower)(node, values);
    }
    return broken(node.offset, "formula.unknown_function", {{"function", node.name}});
  }

  Value extreme(const Node& node, std::vector<Value>& values) {
    auto result = values[0];
    for (std::size_t i = 1; i < values.size(); ++i) {
      const auto next = in_unit(values[i], result.unit, node.offset);
      if (!next.is_number()) return {};
      const bool least = node.name == "min";
      result = number(builder_.binary(least ? Op::minimum : Op::maximum, result.id, next.id),
                      result.unit,
                      least ? minimum(result.interval, next.interval)
                            : maximum(result.interval, next.interval));
    }
    return result;
  }

  Value clamp(const Node& node, std::vector<Value>& values) {
    const auto low = in_unit(values[1], values[0].unit, node.offset);
    const auto high = in_unit(values[2], values[0].unit, node.offset);
    if (!low.is_number() || !high.is_number()) return {};
    const auto at_least = builder_.binary(Op::maximum, values[0].id, low.id);
    return number(builder_.binary(Op::minimum, at_least, high.id), values[0].unit,
                  minimum(maximum(values[0].interval, low.interval), high.interval));
  }

  Value magnitude(const Node&, std::vector<Value>& values) {
    return number(builder_.unary(Op::absolute, values[0].id), values[0].unit,
                  absolute(values[0].interval));
  }

  Value root(const Node& node, std::vector<Value>& values) {
    const auto unit = values[0].unit.square_root();
    if (!unit)
      return broken(node.offset, "formula.bad_root", {{"unit", to_string(values[0].unit)}});
    const auto& interval = values[0].interval;
    if (interval.low < 0) {
      return broken(node.offset, "formula.outside_domain",
                    {{"function", "sqrt"}, {"range", show(interval)}});
    }
    return number(builder_.unary(Op::square_root, values[0].id), *unit,
                  {std::sqrt(interval.low), std::sqrt(interval.high), interval.nonzero});
  }

  Value exponential(const Node& node, std::vector<Value>& values) {
    const auto x = plain_ratio(values[0], node.offset, "exp");
    if (!x.is_number()) return {};
    return number(builder_.unary(Op::exponential, x.id), Unit{},
                  {std::exp(x.interval.low), std::exp(x.interval.high), true});
  }

  Value logarithm(const Node& node, std::vector<Value>& values) {
    const auto x = plain_ratio(values[0], node.offset, "ln");
    if (!x.is_number()) return {};
    if (!x.interval.positive()) {
      return broken(node.offset, "formula.outside_domain",
                    {{"function", "ln"}, {"range", show(x.interval)}});
    }
    Interval interval{std::log(x.interval.low), std::log(x.interval.high), false};
    interval.nonzero = interval.low > 0 || interval.high < 0;
    return number(builder_.unary(Op::logarithm, x.id), Unit{}, interval);
  }

  Value general_power(const Node& node, std::vector<Value>& values) {
    const auto x = plain_ratio(values[0], node.offset, "pow");
    const auto y = plain_ratio(values[1], node.offset, "pow");
    if (!x.is_number() || !y.is_number()) return {};
    if (!x.interval.positive()) {
      return broken(node.offset, "formula.outside_domain",
                    {{"function", "pow"}, {"range", show(x.interval)}});
    }
    return number(builder_.binary(Op::power, x.id, y.id), Unit{}, {0, infinity, true});
  }

  Value carbon_dioxide(const Node& node, std::vector<Value>& values) {
    const auto unit = values[0].unit.exchange("C", "CO2");
    if (!unit) {
      return broken(node.offset, "formula.not_substance",
                    {{"function", "co2"}, {"substance", "C"}, {"unit", to_string(values[0].unit)}});
    }
    return scaled(values[0], Rational{44, 12}, *unit);
  }

  Value equivalent(const Node& node, std::vector<Value>& values) {
    const auto unit = values[0].unit.exchange("CO2", "CO2e");
    if (!unit) {
      return broken(
          node.offset, "formula.not_substance",
          {{"function", "co2e"}, {"substance", "CO2"}, {"unit", to_string(values[0].unit)}});
    }
    return number(values[0].id, *unit, values[0].interval);
  }

  Value over_table(const Node& node) {
    const auto& first = formula_->tree.at(node.children[0]);
    const auto found = std::find(program_.tables.begin(), program_.tables.end(), first.name);
    const std::size_t expected = node.name == "sum" ? 2 : 1;
    const auto* input = method_.input(first.name);
    if (input != nullptr && input->broken) return silent();
    if (first.kind != Node::Kind::name || found == program_.tables.end() ||
        node.children.size() != expected) {
      return broken(node.offset, "formula.needs_table",
                    {{"function", node.name}, {"expected", std::to_string(expected)}});
    }
    used_.insert(first.name);
    const auto domain = static_cast<std::uint16_t>(found - program_.tables.begin() + 1);
    if (node.name == "count") {
      const auto id = builder_.emit({.op = Op::count, .index = domain});
      return number(id, Unit{}, {1, static_cast<double>(table_rows_max), true});
    }
    if (table_ != 0) return broken(node.offset, "formula.sum_in_sum");
    table_ = domain;
    const auto value = lower(node.children[1]);
    table_ = 0;
    if (!all_numbers({value}, node, "sum")) return {};
    const auto rows = static_cast<double>(table_rows_max);
    Interval interval = value.interval;
    if (interval.low < 0) interval.low *= rows;
    if (interval.high > 0) interval.high *= rows;
    interval.nonzero = value.interval.positive() || value.interval.negative();
    return number(builder_.total(builder_.spread(value.id, domain)), value.unit, interval);
  }

  Value interpolate(const Node& node) {
    const auto& first = formula_->tree.at(node.children[0]);
    const auto& curves = method_.curves;
    const auto found = std::find_if(curves.begin(), curves.end(),
                                    [&](const Curve& curve) { return curve.name == first.name; });
    if (first.kind != Node::Kind::name || found == curves.end() || node.children.size() != 2) {
      return broken(node.offset, "formula.needs_curve");
    }
    used_.insert(first.name);
    if (found->broken) return silent();
    const auto given = lower(node.children[1]);
    if (!all_numbers({given}, node, "interpolate")) return {};
    const auto x = in_unit(given, found->x_unit, node.offset);
    if (!x.is_number()) return {};
    const auto index = static_cast<std::uint16_t>(found - curves.begin());
    const auto& curve = program_.curves[index];
    if (x.interval.low < curve.x.front() || x.interval.high > curve.x.back()) {
      return broken(node.offset, "formula.outside_curve",
                    {{"table", first.name},
                     {"range", show(x.interval)},
                     {"curve", show({curve.x.front(), curve.x.back(), false})}});
    }
    const auto [low, high] = std::minmax_element(curve.y.begin(), curve.y.end());
    return number(
        builder_.emit(
            {.op = Op::interpolate, .a = x.id, .domain = builder_.domain(x.id), .index = index}),
        found->y_unit, {*low, *high, *low > 0 || *high < 0});
  }

  // ---- outputs and what is left

  void compile_output(const Output& output) {
    auto value = lowered(output.formula, 0);
    formula_ = &output.formula;
    const auto end = static_cast<std::uint32_t>(0);
    if (value.kind == Value::Kind::condition) {
      broken(end, "formula.condition_as_number", {{"what", output.name}});
    }
    if (!value.is_number() || output.broken) return;
    const auto ratio = conversion(value.unit, output.smallest.unit);
    if (!ratio) {
      broken(end, "method.output_mismatch",
             {{"output", output.name},
              {"unit", to_string(output.unit)},
              {"formula_unit", to_string(value.unit)},
              {"formula_dimension", value.dimension.name()}});
      return;
    }
    const auto smallest = to_rational(output.smallest.value);
    const auto whole = smallest ? ratio->over(*smallest) : std::nullopt;
    if (!whole) {
      problem(output.place, "unit.too_large", {{"unit", to_string(output.smallest)}});
      return;
    }
    auto id = scaled(value, *whole, output.smallest.unit).id;
    // Also where the method names no tiers: a scheme's hold for every method.
    if (output.asset != Asset::none) {
      id = builder_.binary(Op::multiply, id, builder_.emit({.op = Op::tier}));
    }
    program_.outputs.push_back({id, {}, {}});
  }

  void check_look_ups() {
    for (const auto& parameter : method_.parameters) {
      if (parameter.kind != Parameter::Kind::factor) continue;
      check_look_up(parameter, parameter.region_input, Input::Type::region);
      check_look_up(parameter, parameter.date_input, Input::Type::date);
    }
  }

  void check_look_up(const Parameter& parameter, const std::string& name, Input::Type type) {
    if (name.empty()) return;
    used_.insert(name);
    const auto* input = method_.input(name);
    if (input != nullptr && (input->broken || input->type == type)) return;
    problem(parameter.place, "method.look_up_input",
            {{"parameter", parameter.name}, {"role", name_of(type)}, {"input", name}});
  }

  void report_unused() {
    for (const auto& parameter : method_.parameters) {
      report_if_unused(parameter.name, parameter.place);
    }
    for (const auto& input : method_.inputs) {
      report_if_unused(input.name, input.place);
      for (const auto& column : input.columns) {
        report_if_unused(input.name + "." + column.name, column.place);
      }
    }
    for (const auto& curve : method_.curves) report_if_unused(curve.name, curve.place);
    for (const auto& formula : method_.formulas) report_if_unused(formula.name, formula.place);
  }

  void report_if_unused(const std::string& name, const Place& place) {
    if (!used_.contains(name)) problem(place, "method.unused", {{"name", name}});
  }

  void check_limits() {
    for (const auto& limit : method_.limits) {
      const auto* output = method_.output(limit.output);
      if (output == nullptr) {
        problem(method_.place, "method.unknown_output", {{"output", limit.output}});
      } else if (auto ratio = conversion(limit.most.unit, output->unit);
                 !ratio && !output->broken) {
        auto error = std::move(ratio).error();
        error.place = method_.place;
        problems_.push_back(std::move(error));
      }
    }
  }

  // Keeps what outputs, sensitivities and steps need, in order, with new numbers.
  void drop_dead(std::size_t forward_size) {
    auto& all = program_.instructions;
    std::vector<bool> needed(all.size());
    const auto need = [&](ValueId id) { needed[id] = true; };
    for (const auto& output : program_.outputs) {
      need(output.value);
      for (const auto& entry : output.parameters) need(entry.value);
      for (const auto& entry : output.readings) need(entry.value);
    }
    for (const auto& step : program_.steps) need(step.value);
    for (std::size_t id = all.size(); id-- > 0;) {
      if (!needed[id]) continue;
      // Unused operands are 0: instruction 0 is kept for nothing at worst.
      need(all[id].a);
      need(all[id].b);
      need(all[id].c);
    }
    std::vector<ValueId> renumbered(all.size());
    std::vector<Instruction> kept;
    for (std::size_t id = 0; id < all.size(); ++id) {
      if (!needed[id]) continue;
      auto instruction = all[id];
      instruction.a = renumbered[instruction.a];
      instruction.b = renumbered[instruction.b];
      instruction.c = renumbered[instruction.c];
      renumbered[id] = static_cast<ValueId>(kept.size());
      kept.push_back(instruction);
      if (id < forward_size) program_.outcome_end = kept.size();
    }
    all = std::move(kept);
    for (auto& output : program_.outputs) {
      output.value = renumbered[output.value];
      for (auto& entry : output.parameters) entry.value = renumbered[entry.value];
      for (auto& entry : output.readings) entry.value = renumbered[entry.value];
    }
    for (auto& step : program_.steps) step.value = renumbered[step.value];
  }

  const Method& method_;
  Problems& problems_;
  Builder builder_;
  Program program_;
  const Formula* formula_ = nullptr;
  std::uint16_t table_ = 0;
  std::map<std::string, Interval> refined_;
  std::map<std::string, Value> formula_values_;
  std::set<std::string> in_progress_;
  std::set<std::string> used_;
  bool formula_broken_ = false;
};

}  // namespace

Program compile(const Method& method, Problems& problems) {
  return Compiler{method, problems}.compile();
}

}  // namespace partake::method
