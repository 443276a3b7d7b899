#include "base/unit.h"

#include <cstdlib>

#include "base/require.h"
#include "base/unit_table.h"

namespace partake {
namespace {

std::string joined(const std::vector<std::string>& words, const char* separator) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

std::string with_exponent(std::string word, int exponent) {
  if (std::abs(exponent) == 1) return word;
  // A digit at the end of the name would run into the exponent: kgCO2^2.
  if (word.back() >= '0' && word.back() <= '9') word += '^';
  return word + std::to_string(std::abs(exponent));
}

// "a·b/c", "a/(b·c)", "1/c".
std::string fraction(const std::vector<std::string>& top, const std::vector<std::string>& bottom) {
  std::string text = top.empty() ? "1" : joined(top, "·");
  if (bottom.size() == 1) text += "/" + bottom.front();
  if (bottom.size() > 1) text += "/(" + joined(bottom, "·") + ")";
  return text;
}

struct Multiple {
  const char* zh;
  std::int16_t power;
};
constexpr std::array multiples = std::to_array<Multiple>({
    {"万亿", 12},
    {"千亿", 11},
    {"百亿", 10},
    {"十亿", 9},
    {"亿", 8},
    {"千万", 7},
    {"百万", 6},
    {"十万", 5},
    {"万", 4},
    {"千", 3},
    {"百", 2},
});

std::string term_text(const Unit::Term& term, Language language) {
  const int exponent = std::abs(term.exponent);
  if (term.word == 0 && term.power_of_ten != 0) {
    const int power = term.power_of_ten * exponent;
    if (language == Language::zh) {
      for (const auto& multiple : multiples) {
        if (multiple.power == power) return multiple.zh;
      }
    }
    if (power > 0 && power <= 3) return "1" + std::string(static_cast<std::size_t>(power), '0');
    return "10^" + std::to_string(power);
  }
  const auto& word = UnitTable::get().word(term.word);
  std::string name = language == Language::zh ? word.zh : word.en;
  if (language == Language::zh && (exponent == 2 || exponent == 3) &&
      word.dimension == UnitTable::get().word(*UnitTable::get().find("m")).dimension) {
    return (exponent == 2 ? "平方" : "立方") + name;
  }
  return with_exponent(std::move(name), exponent);
}

bool is_multiple(const Unit::Term& term) { return term.power_of_ten != 0; }

// Whether a Chinese multiple may stand directly before the term: 千米8 would be (千米)^8.
bool joins_a_multiple(const Unit::Term& term) {
  if (is_multiple(term)) return false;
  const auto text = term_text(term, Language::zh);
  return std::abs(term.exponent) == 1 || text.starts_with("平方") || text.starts_with("立方");
}

}  // namespace

Dimension Dimension::times(const Dimension& other, int power) const {
  Dimension product = *this;
  for (const auto& [base, exponent] : other.powers_) {
    auto at = std::lower_bound(product.powers_.begin(), product.powers_.end(), base,
                               [](const auto& entry, auto key) { return entry.first < key; });
    const int change = exponent * power;
    if (at == product.powers_.end() || at->first != base) {
      product.powers_.emplace(at, base, static_cast<std::int16_t>(change));
      continue;
    }
    at->second = static_cast<std::int16_t>(at->second + change);
    if (at->second == 0) product.powers_.erase(at);
  }
  std::erase_if(product.powers_, [](const auto& entry) { return entry.second == 0; });
  return product;
}

std::optional<Dimension> Dimension::exchange(std::string_view from, std::string_view to) const {
  const auto old_base = UnitTable::base(from);
  const auto new_base = UnitTable::base(to);
  PARTAKE_REQUIRE(old_base && new_base);
  const auto has_old = std::find(powers_.begin(), powers_.end(),
                                 std::pair<std::uint16_t, std::int16_t>{*old_base, 1});
  if (has_old == powers_.end()) return std::nullopt;
  Dimension tag_old;
  Dimension tag_new;
  tag_old.powers_.emplace_back(*old_base, std::int16_t{1});
  tag_new.powers_.emplace_back(*new_base, std::int16_t{1});
  return times(tag_old, -1).times(tag_new);
}

std::string Dimension::name() const {
  std::vector<std::string> top;
  std::vector<std::string> bottom;
  std::string substance;
  for (const auto& [base, exponent] : powers_) {
    const auto& entry = UnitTable::bases()[base];
    // A mass of a substance reads kgCO2, not kg·CO2.
    if (entry.substance && !top.empty() && exponent == 1 && top.front() == "kg") {
      top.front() += entry.en;
      continue;
    }
    if (entry.substance && !bottom.empty() && exponent == -1 && bottom.front() == "kg") {
      bottom.front() += entry.en;
      continue;
    }
    (exponent > 0 ? top : bottom).push_back(with_exponent(entry.en, exponent));
  }
  return fraction(top, bottom);
}

Dimension Unit::dimension() const {
  Dimension product;
  for (const auto& term : terms_) {
    if (is_multiple(term)) continue;
    product = product.times(UnitTable::get().word(term.word).dimension, term.exponent);
  }
  return product;
}

Result<Rational> Unit::ratio() const {
  std::optional<Rational> product = Rational::whole(1);
  for (const auto& term : terms_) {
    const Rational one = is_multiple(term) ? *Rational::whole(10).to_power(term.power_of_ten)
                                           : UnitTable::get().word(term.word).ratio;
    const auto power = one.to_power(term.exponent);
    product = power ? product->times(*power) : std::nullopt;
    if (!product) {
      return fail(ErrorKind::invalid, "unit.too_large", {{"unit", to_string(*this)}});
    }
  }
  return *product;
}

Rational Unit::offset() const {
  if (terms_.size() != 1 || is_multiple(terms_.front()) || terms_.front().exponent != 1) return {};
  return UnitTable::get().word(terms_.front().word).offset;
}

Unit Unit::times(const Unit& other, int power) const {
  Unit product = *this;
  for (const auto& term : other.terms_) {
    const auto same =
        std::find_if(product.terms_.begin(), product.terms_.end(), [&](const Term& entry) {
          return entry.word == term.word && entry.power_of_ten == term.power_of_ten;
        });
    const int change = term.exponent * power;
    if (same == product.terms_.end()) {
      Term added = term;
      added.exponent = static_cast<std::int8_t>(change);
      product.terms_.push_back(added);
      continue;
    }
    same->exponent = static_cast<std::int8_t>(same->exponent + change);
    if (same->exponent == 0) product.terms_.erase(same);
  }
  return product;
}

bool Unit::is_moderate() const {
  constexpr int exponent_max = 60;
  return std::all_of(terms_.begin(), terms_.end(),
                     [](const Term& term) { return std::abs(term.exponent) <= exponent_max; });
}

std::optional<Unit> Unit::exchange(std::string_view from, std::string_view to) const {
  if (!dimension().exchange(from, to)) return std::nullopt;
  const auto& table = UnitTable::get();
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    if (is_multiple(terms_[i]) || terms_[i].exponent != 1) continue;
    const auto& word = table.word(terms_[i].word);
    if (!word.en.ends_with(from) || !word.dimension.exchange(from, to)) continue;
    const auto other =
        table.find(word.en.substr(0, word.en.size() - from.size()) + std::string{to});
    if (!other) continue;
    Unit exchanged = *this;
    exchanged.terms_[i].word = *other;
    return exchanged;
  }
  return std::nullopt;
}

std::optional<Unit> Unit::square_root() const {
  Unit root = *this;
  for (auto& term : root.terms_) {
    if (term.exponent % 2 != 0) return std::nullopt;
    term.exponent = static_cast<std::int8_t>(term.exponent / 2);
  }
  return root;
}

Unit Unit::simplified() const {
  if (terms_.size() < 2) return *this;
  const auto whole = ratio();
  if (!whole) return *this;
  if (dimension().is_ratio() && whole->is_one()) return {};
  for (const auto& term : terms_) {
    if (is_multiple(term) || term.exponent != 1) continue;
    Unit alone{{term}};
    const auto& word = UnitTable::get().word(term.word);
    if (word.ratio == *whole && word.dimension == dimension()) return alone;
  }
  return *this;
}

std::pair<int, Unit> Unit::without_multiples() const {
  int power = 0;
  Unit rest;
  for (const auto& term : terms_) {
    if (is_multiple(term) && term.exponent > 0) {
      power += term.power_of_ten * term.exponent;
    } else {
      rest.terms_.push_back(term);
    }
  }
  return {power, std::move(rest)};
}

std::string to_string(const Unit& unit, Language language) {
  std::vector<std::string> top;
  std::vector<std::string> bottom;
  std::string multiple;  // Chinese multiples stand directly before the next word: 万千瓦时.
  for (const auto& term : unit.terms()) {
    auto text = term_text(term, language);
    auto& side = term.exponent > 0 ? top : bottom;
    const bool chinese_multiple = language == Language::zh && is_multiple(term) && text[0] != '1';
    if (chinese_multiple && &term != &unit.terms().back() &&
        (&term + 1)->exponent * term.exponent > 0 && joins_a_multiple(*(&term + 1))) {
      multiple += text;
      continue;
    }
    side.push_back(multiple + text);
    multiple.clear();
  }
  return fraction(top, bottom);
}

Result<Rational> conversion(const Unit& from, const Unit& to) {
  if (from.dimension() != to.dimension()) {
    return fail(ErrorKind::invalid, "unit.mismatch",
                {{"from", to_string(from)},
                 {"from_dimension", from.dimension().name()},
                 {"to", to_string(to)},
                 {"to_dimension", to.dimension().name()}});
  }
  TRY(const auto top, from.ratio());
  TRY(const auto bottom, to.ratio());
  const auto ratio = top.over(bottom);
  if (!ratio) return fail(ErrorKind::invalid, "unit.too_large", {{"unit", to_string(from)}});
  return *ratio;
}

std::vector<UnitWord> unit_words() {
  std::vector<UnitWord> words;
  for (const auto& word : UnitTable::get().words()) {
    if (!word.listed) continue;
    words.push_back(
        {word.en, word.zh, word.dimension.name(), word.ratio, word.offset, word.prefixable});
  }
  return words;
}

namespace {

constexpr std::size_t unit_bytes_max = 200;
constexpr std::size_t unit_terms_max = 16;
constexpr int unit_depth_max = 8;
constexpr int exponent_max = 9;       // Of a word.
constexpr int power_of_ten_max = 38;  // More does not fit a ratio.

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// Typographic variants to plain ones, so that the grammar below sees one spelling.
std::string plain(std::string_view text) {
  std::string result{text};
  constexpr std::array variants = std::to_array<std::pair<const char*, const char*>>({
      {"₂", "2"},    {"₃", "3"},    {"₄", "4"},    {"₆", "6"},   {"²", "^2"},  {"³", "^3"},
      {"⁻¹", "^-1"}, {"⁻²", "^-2"}, {"⁻³", "^-3"}, {"·", "."},   {"⋅", "."},   {"×", "."},
      {"*", "."},    {"／", "/"},   {"（", "("},   {"）", ")"},  {"％", "%"},  {"每", "/"},
      {"μ", "u"},    {"µ", "u"},    {"　", " "},   {"㎡", "m2"}, {"㎥", "m3"}, {"㎢", "km2"},
      {"㎞", "km"},  {"㎝", "cm"},  {"㎜", "mm"},  {"㎏", "kg"}, {"㎎", "mg"}, {"㏊", "ha"},
      {"㎾", "kW"},
  });
  for (const auto& [from, to] : variants) replace_all(result, from, to);
  return result;
}

class UnitParser {
 public:
  explicit UnitParser(std::string_view whole) : whole_{whole}, text_{plain(whole)} {}

  Result<Unit> parse() {
    if (whole_.size() > unit_bytes_max) return too_long();
    CHECK_OK(product(1, 0));
    if (at_ != text_.size()) return malformed();
    if (terms_.size() > unit_terms_max) return too_long();
    int exponents = 0;
    for (const auto& term : terms_) exponents += std::abs(term.exponent);
    if (exponents > 60) return too_long();
    for (const auto& term : terms_) {
      const bool offset =
          !is_multiple(term) && UnitTable::get().word(term.word).offset != Rational{};
      if (offset && (terms_.size() > 1 || term.exponent != 1)) {
        return fail(ErrorKind::invalid, "unit.offset_in_product", {{"unit", std::string{whole_}}});
      }
    }
    return Unit{std::move(terms_)};
  }

 private:
  tl::unexpected<Error> malformed() const {
    return fail(ErrorKind::invalid, "unit.malformed",
                {{"unit", std::string{whole_.substr(0, 60)}}, {"rest", text_.substr(at_, 20)}});
  }
  tl::unexpected<Error> too_long() const {
    return fail(ErrorKind::exhausted, "unit.too_long",
                {{"unit", std::string{whole_.substr(0, 60)}},
                 {"bytes", std::to_string(unit_bytes_max)},
                 {"terms", std::to_string(unit_terms_max)}});
  }

  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  Status product(int sign, int depth) {
    if (depth > unit_depth_max) return malformed();
    skip_spaces();
    CHECK_OK(factor(sign, depth));
    for (;;) {
      skip_spaces();
      const char next = peek();
      if (next == '\0' || next == ')') return {};
      int direction = sign;
      if (next == '/') {
        direction = -sign;
        ++at_;
      } else if (next == '.') {
        ++at_;
      }
      skip_spaces();
      CHECK_OK(factor(direction, depth));
    }
  }

  Status factor(int sign, int depth) {
    if (terms_.size() > unit_terms_max) return too_long();
    if (peek() == '(') {
      ++at_;
      CHECK_OK(product(sign, depth + 1));
      if (peek() != ')') return malformed();
      ++at_;
      return {};
    }
    if (peek() == '1' && (at_ + 1 == text_.size() || text_[at_ + 1] == '/' ||
                          text_[at_ + 1] == ' ' || text_[at_ + 1] == ')')) {
      ++at_;
      return {};
    }
    if (peek() >= '0' && peek() <= '9') {
      CHECK_OK(power_of_ten(sign));
    } else if (!chinese_multiple(sign)) {
      return word(sign);
    }
    // A number belongs to the word after it: L/100 km is per hundred kilometres, 1万 km ten
    // thousand.
    skip_spaces();
    const char next = peek();
    if (next == '\0' || next == '/' || next == '.' || next == ')') return {};
    return factor(sign, depth + 1);
  }

  // 10^4, or 100 and other round numbers.
  Status power_of_ten(int sign) {
    int power = 0;
    if (text_.compare(at_, 3, "10^") == 0) {
      at_ += 3;
      if (!integer(power)) return malformed();
    } else {
      if (text_[at_] != '1') return malformed();
      for (++at_; peek() == '0'; ++at_) ++power;
      if (peek() >= '0' && peek() <= '9') return malformed();
    }
    if (power == 0 || std::abs(power) > power_of_ten_max) return malformed();
    push_multiple(power, sign);
    return {};
  }

  // One that stands alone; directly before a word it is read with the word.
  bool chinese_multiple(int sign) {
    const auto name = run();
    const auto* const multiple = std::find_if(multiples.begin(), multiples.end(),
                                              [&](const auto& entry) { return name == entry.zh; });
    if (multiple == multiples.end()) return false;
    at_ += name.size();
    push_multiple(multiple->power, sign);
    return true;
  }

  void push_multiple(int power, int sign) {
    terms_.push_back({.word = 0,
                      .power_of_ten = static_cast<std::int16_t>(power),
                      .exponent = static_cast<std::int8_t>(sign)});
  }

  bool integer(int& value) {
    const bool negative = peek() == '-';
    if (negative) ++at_;
    int digits = 0;
    value = 0;
    for (; digits < 3 && peek() >= '0' && peek() <= '9'; ++digits)
      value = value * 10 + text_[at_++] - '0';
    if (negative) value = -value;
    return digits > 0;
  }

  // The longest run that may be a name; names may hold brackets of their own: 标准煤(等价值).
  std::string_view run() const {
    std::size_t end = at_;
    int brackets = 0;
    while (end < text_.size()) {
      const char c = text_[end];
      if (c == '(' && end > at_ && static_cast<unsigned char>(text_[end - 1]) >= 0x80)
        ++brackets;
      else if (c == ')' && brackets > 0)
        --brackets;
      else if (c == '.' || c == '/' || c == ' ' || c == '(' || c == ')')
        break;
      ++end;
    }
    return std::string_view{text_}.substr(at_, end - at_);
  }

  Status word(int sign) {
    const auto whole_run = run();
    // The name may end before an exponent, so try the longest prefix first.
    for (std::size_t length = whole_run.size(); length > 0; --length) {
      const auto tail = whole_run.substr(length);
      if (!tail.empty() && !exponent_ahead(tail)) continue;
      if (const auto found = named(whole_run.substr(0, length), sign)) {
        at_ += length;
        int exponent = found->second;
        if (!tail.empty()) {
          if (peek() == '^') ++at_;
          int given = 0;
          if (!integer(given) || given == 0) return malformed();
          exponent *= given;
          if (std::abs(exponent) > exponent_max) return malformed();
        }
        auto term = found->first;
        term.exponent = static_cast<std::int8_t>(exponent * sign);
        terms_.push_back(term);
        return {};
      }
    }
    return fail(ErrorKind::invalid, "unit.unknown",
                {{"word", std::string{whole_run.substr(0, 40)}},
                 {"unit", std::string{whole_.substr(0, 60)}},
                 {"nearest", UnitTable::get().nearest(whole_run)}});
  }

  static bool exponent_ahead(std::string_view tail) {
    std::size_t i = tail[0] == '^' ? 1 : 0;
    if (i < tail.size() && tail[i] == '-') ++i;
    const auto digits = tail.substr(i);
    return !digits.empty() && digits.size() <= 2 && digits[0] != '0' &&
           std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  }

  // A known word, after any Chinese multiples and 平方/立方; multiples become terms of their own.
  std::optional<std::pair<Unit::Term, int>> named(std::string_view name, int sign) {
    const auto& table = UnitTable::get();
    if (const auto index = table.find(name)) return {{Unit::Term{.word = *index}, 1}};
    for (const auto& [prefix, power] : {std::pair{"平方", 2}, std::pair{"立方", 3}}) {
      if (!name.starts_with(prefix)) continue;
      if (const auto index = table.find(name.substr(std::string_view{prefix}.size()))) {
        return {{Unit::Term{.word = *index}, power}};
      }
    }
    for (const auto& multiple : multiples) {
      if (!name.starts_with(multiple.zh)) continue;
      const auto rest = name.substr(std::string_view{multiple.zh}.size());
      push_multiple(multiple.power, sign);
      if (auto found = named(rest, sign)) return found;
      terms_.pop_back();
    }
    return std::nullopt;
  }

  std::string_view whole_;
  std::string text_;
  std::size_t at_ = 0;
  std::vector<Unit::Term> terms_;
};

}  // namespace

Result<Unit> parse_unit(std::string_view text) {
  if (text.empty() || text == "1")
    return text.empty() ? Result<Unit>{fail(ErrorKind::invalid, "unit.malformed",
                                            {{"unit", ""}, {"rest", ""}})}
                        : Result<Unit>{Unit{}};
  return UnitParser{text}.parse();
}

}  // namespace partake
