#include "method/syntax.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf8.h"

namespace partake::method {
namespace {

constexpr std::size_t length_max = 4096;
constexpr int depth_max = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

struct Token {
  enum class Kind : std::uint8_t { end, number, unit, word, choice, symbol };
  Kind kind = Kind::end;
  std::string_view text;
  std::uint32_t offset = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_{text} {}

  Result<Expression> parse() {
    if (text_.size() > length_max) {
      return fail(ErrorKind::exhausted, "formula.too_long",
                  {{"limit", std::to_string(length_max)}, {"offset", "0"}});
    }
    if (!is_utf8(text_)) return fail(ErrorKind::invalid, "formula.not_utf8", {{"offset", "0"}});
    CHECK_OK(advance());
    CHECK_OK(expression().map([](auto) {}));
    if (token_.kind != Token::Kind::end) return unexpected("end");
    return std::move(tree_);
  }

 private:
  using Index = std::uint32_t;

  tl::unexpected<Error> unexpected(std::string_view wanted) const {
    const bool named = wanted == "operand" || wanted == "end" || wanted == "column";
    return fail(ErrorKind::invalid,
                named ? "formula.expected." + std::string{wanted} : "formula.unexpected",
                {{"found", token_.kind == Token::Kind::end ? "" : std::string{token_.text}},
                 {"wanted", std::string{wanted}},
                 {"offset", std::to_string(token_.offset)}});
  }
  static Error located(Error error, std::uint32_t offset) {
    error.args.emplace_back("offset", std::to_string(offset));
    return error;
  }

  // A unit in brackets or a choice in quotes; both end with the character given.
  Status enclosed(Token::Kind kind, char close) {
    const auto begin = at_;
    const auto end = text_.find(close, begin + 1);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    if (end == std::string_view::npos) {
      token_.text = text_.substr(begin, 20);
      return unexpected({&close, 1});
    }
    return finish(kind, begin);
  }

  Status finish(Token::Kind kind, std::size_t begin) {
    token_.kind = kind;
    token_.text = text_.substr(begin, at_ - begin);
    return {};
  }

  Status advance() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    const std::size_t begin = at_;
    token_ = {Token::Kind::end, {}, static_cast<std::uint32_t>(begin)};
    if (at_ == text_.size()) return {};
    const char c = text_[at_];
    if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
      skip_number();
      return finish(Token::Kind::number, begin);
    }
    if (is_letter(c)) {
      while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
      return finish(Token::Kind::word, begin);
    }
    if (c == '[') return enclosed(Token::Kind::unit, ']');
    if (c == '\'') return enclosed(Token::Kind::choice, '\'');
    skip_symbol();
    return finish(Token::Kind::symbol, begin);
  }

  void skip_symbol() {
    for (const std::string_view symbol : {"<=", ">=", "==", "!="}) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      return;
    }
    ++at_;
    // A character of several bytes is one symbol, so that the message shows it whole.
    while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xC0U) == 0x80U) ++at_;
  }

  void skip_number() {
    const auto digits = [&] {
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    };
    digits();
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      digits();
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      std::size_t after = at_ + 1;
      if (after < text_.size() && (text_[after] == '+' || text_[after] == '-')) ++after;
      if (after < text_.size() && is_digit(text_[after])) {
        at_ = after;
        digits();
      }
    }
  }

  [[nodiscard]] bool is(std::string_view text) const {
    return (token_.kind == Token::Kind::symbol || token_.kind == Token::Kind::word) &&
           token_.text == text;
  }
  Status expect(std::string_view text) {
    if (!is(text)) return unexpected(text);
    return advance();
  }

  Index add(Node node) {
    tree_.nodes.push_back(std::move(node));
    return static_cast<Index>(tree_.nodes.size() - 1);
  }
  Index add(Node::Kind kind, std::uint32_t offset, std::string op, std::vector<Index> children) {
    Node node;
    node.kind = kind;
    node.offset = offset;
    node.op = std::move(op);
    node.children = std::move(children);
    return add(std::move(node));
  }

  // Counts nesting; every recursive rule passes through here.
  struct Level {
    explicit Level(int& level) : depth{level} { ++depth; }
    ~Level() { --depth; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    int& depth;
  };
  Status check_depth() const {
    if (depth_ <= depth_max) return {};
    return fail(ErrorKind::exhausted, "formula.too_deep",
                {{"limit", std::to_string(depth_max)}, {"offset", std::to_string(token_.offset)}});
  }

  Result<Index> expression() {
    const Level level{depth_};
    CHECK_OK(check_depth());
    if (!is("if")) return disjunction();
    const auto offset = token_.offset;
    CHECK_OK(advance());
    TRY(const auto condition, disjunction());
    CHECK_OK(expect("then"));
    TRY(const auto chosen, expression());
    CHECK_OK(expect("else"));
    TRY(const auto other, expression());
    return add(Node::Kind::conditional, offset, "", {condition, chosen, other});
  }

  Result<Index> disjunction() { return logical("or", &Parser::conjunction); }
  Result<Index> conjunction() { return logical("and", &Parser::negation); }
  Result<Index> logical(const char* op, Result<Index> (Parser::*operand)()) {
    TRY(auto left, (this->*operand)());
    while (is(op)) {
      const auto offset = token_.offset;
      CHECK_OK(advance());
      TRY(const auto right, (this->*operand)());
      left = add(Node::Kind::logical, offset, op, {left, right});
    }
    return left;
  }

  Result<Index> negation() {
    if (!is("not")) return comparison();
    const Level level{depth_};
    CHECK_OK(check_depth());
    const auto offset = token_.offset;
    CHECK_OK(advance());
    TRY(const auto child, negation());
    return add(Node::Kind::logical_not, offset, "", {child});
  }

  [[nodiscard]] bool is_comparison() const {
    constexpr std::array<std::string_view, 6> comparisons{"<", "<=", ">", ">=", "==", "!="};
    return std::any_of(comparisons.begin(), comparisons.end(),
                       [&](std::string_view op) { return is(op); });
  }

  Result<Index> comparison() {
    TRY(const auto left, sum());
    if (!is_comparison()) return left;
    const auto offset = token_.offset;
    std::string op{token_.text};
    CHECK_OK(advance());
    const bool equality = op == "==" || op == "!=";
    if (equality && token_.kind == Token::Kind::choice && tree_.at(left).kind == Node::Kind::name) {
      Node& node = tree_.nodes[left];
      node.kind = Node::Kind::choice;
      node.column = token_.text.substr(1, token_.text.size() - 2);
      node.negated = op == "!=";
      CHECK_OK(advance());
      return left;
    }
    TRY(const auto right, sum());
    return add(Node::Kind::compare, offset, std::move(op), {left, right});
  }

  Result<Index> sum() { return chain('+', '-', &Parser::product); }
  Result<Index> product() { return chain('*', '/', &Parser::unary); }
  Result<Index> chain(char first, char second, Result<Index> (Parser::*operand)()) {
    TRY(auto left, (this->*operand)());
    while (token_.kind == Token::Kind::symbol && token_.text.size() == 1 &&
           (token_.text[0] == first || token_.text[0] == second)) {
      const auto offset = token_.offset;
      std::string op{token_.text};
      CHECK_OK(advance());
      TRY(const auto right, (this->*operand)());
      left = add(Node::Kind::binary, offset, std::move(op), {left, right});
    }
    return left;
  }

  Result<Index> unary() {
    if (!is("-")) return power();
    const Level level{depth_};
    CHECK_OK(check_depth());
    const auto offset = token_.offset;
    CHECK_OK(advance());
    TRY(const auto child, unary());
    return add(Node::Kind::negate, offset, "", {child});
  }

  Result<Index> power() {
    TRY(const auto base, primary());
    if (!is("^")) return base;
    const auto offset = token_.offset;
    CHECK_OK(advance());
    const bool negative = is("-");
    if (negative) CHECK_OK(advance());
    int exponent = 0;
    const auto* begin = token_.text.data();
    const auto* end = begin + token_.text.size();
    const auto read = std::from_chars(begin, end, exponent);
    if (token_.kind != Token::Kind::number || read.ec != std::errc{} || read.ptr != end ||
        exponent < 1 || exponent > 16) {
      return fail(ErrorKind::invalid, "formula.bad_power",
                  {{"offset", std::to_string(token_.offset)}});
    }
    CHECK_OK(advance());
    Node node;
    node.kind = Node::Kind::power;
    node.offset = offset;
    node.exponent = negative ? -exponent : exponent;
    node.children = {base};
    return add(std::move(node));
  }

  Result<Index> primary() {
    if (token_.kind == Token::Kind::number) return number();
    if (token_.kind == Token::Kind::word) return name();
    if (!is("(")) return unexpected("operand");
    CHECK_OK(advance());
    TRY(const auto inner, expression());
    CHECK_OK(expect(")"));
    return inner;
  }

  Result<Index> number() {
    Node node;
    node.kind = Node::Kind::number;
    node.offset = token_.offset;
    auto value = parse_decimal(token_.text);
    if (!value) return tl::unexpected(located(std::move(value).error(), token_.offset));
    node.quantity.value = *value;
    CHECK_OK(advance());
    if (token_.kind == Token::Kind::unit) {
      auto unit = parse_unit(token_.text.substr(1, token_.text.size() - 2));
      if (!unit) return tl::unexpected(located(std::move(unit).error(), token_.offset));
      node.quantity.unit = *std::move(unit);
      CHECK_OK(advance());
    }
    return add(std::move(node));
  }

  Result<Index> name() {
    constexpr std::array<std::string_view, 6> reserved{"if", "then", "else", "and", "or", "not"};
    for (const auto word : reserved) {
      if (token_.text == word) return unexpected("operand");
    }
    Node node;
    node.kind = Node::Kind::name;
    node.offset = token_.offset;
    node.name = token_.text;
    CHECK_OK(advance());
    if (is(".")) {
      CHECK_OK(advance());
      if (token_.kind != Token::Kind::word) return unexpected("column");
      node.kind = Node::Kind::column;
      node.column = token_.text;
      CHECK_OK(advance());
      return add(std::move(node));
    }
    if (!is("(")) return add(std::move(node));
    node.kind = Node::Kind::call;
    CHECK_OK(advance());
    for (;;) {
      TRY(const auto argument, expression());
      node.children.push_back(argument);
      if (!is(",")) break;
      CHECK_OK(advance());
    }
    CHECK_OK(expect(")"));
    return add(std::move(node));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Token token_;
  int depth_ = 0;
  Expression tree_;
};

// How tightly a node binds, as in the grammar; a looser child needs brackets.
int binding(const Node& node) {
  switch (node.kind) {
    case Node::Kind::conditional:
      return 0;
    case Node::Kind::logical:
      return node.op == "or" ? 1 : 2;
    case Node::Kind::logical_not:
      return 3;
    case Node::Kind::compare:
    case Node::Kind::choice:
      return 4;
    case Node::Kind::binary:
      return node.op == "+" || node.op == "-" ? 5 : 6;
    case Node::Kind::negate:
      return 7;
    case Node::Kind::power:
      return 8;
    default:
      return 9;
  }
}

class Printer {
 public:
  explicit Printer(const Expression& tree) : tree_{tree} {}

  std::string print(std::uint32_t index, int least) const {
    const auto& node = tree_.at(index);
    const auto text = inner(node);
    return binding(node) < least ? "(" + text + ")" : text;
  }

 private:
  [[nodiscard]] std::string inner(const Node& node) const {
    const int own = binding(node);
    const auto child = [&](std::size_t i, int least) { return print(node.children[i], least); };
    switch (node.kind) {
      case Node::Kind::number: {
        const auto number = to_shortest(node.quantity.value);
        return node.quantity.unit == Unit{} ? number
                                            : number + " [" + to_string(node.quantity.unit) + "]";
      }
      case Node::Kind::name:
        return node.name;
      case Node::Kind::column:
        return node.name + "." + node.column;
      case Node::Kind::choice:
        return node.name + (node.negated ? " != '" : " == '") + node.column + "'";
      case Node::Kind::negate:
        return "-" + child(0, own);
      case Node::Kind::power:
        return child(0, own + 1) + " ^ " + std::to_string(node.exponent);
      case Node::Kind::logical_not:
        return "not " + child(0, own);
      case Node::Kind::binary:
      case Node::Kind::logical:
        return child(0, own) + " " + node.op + " " + child(1, own + 1);
      case Node::Kind::compare:
        return child(0, own + 1) + " " + node.op + " " + child(1, own + 1);
      case Node::Kind::conditional:
        return "if " + child(0, 1) + " then " + child(1, 0) + " else " + child(2, 0);
      case Node::Kind::call:
        break;
    }
    std::string text = node.name + "(";
    for (std::size_t i = 0; i < node.children.size(); ++i)
      text += (i > 0 ? ", " : "") + child(i, 0);
    return text + ")";
  }

  const Expression& tree_;
};

}  // namespace

Result<Expression> parse_formula(std::string_view text) { return Parser{text}.parse(); }

std::string print(const Expression& expression) {
  return Printer{expression}.print(static_cast<std::uint32_t>(expression.nodes.size() - 1), 0);
}

}  // namespace partake::method
