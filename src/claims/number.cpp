#include "claims/number.h"

#include <algorithm>
#include <array>
#include <string>

#include "claims/text_at.h"
#include "claims/words.h"

namespace partake::claims {
namespace {

struct Word {
  std::string_view text;
  int value;
};

// Hedges that stand before a number, the longest first.
struct HedgeWord {
  std::string_view text;
  Hedge hedge;
};
constexpr std::array<HedgeWord, 50> before_words{{
    {"approximately ", Hedge::about},
    {"no fewer than ", Hedge::at_least},
    {"not less than ", Hedge::at_least},
    {"in excess of ", Hedge::over},
    {"no more than ", Hedge::at_most},
    {"more than ", Hedge::over},
    {"less than ", Hedge::at_most},
    {"fewer than ", Hedge::at_most},
    {"close to ", Hedge::nearly},
    {"at least ", Hedge::at_least},
    {"as much as ", Hedge::at_most},
    {"as many as ", Hedge::at_most},
    {"at most ", Hedge::at_most},
    {"up to ", Hedge::at_most},
    {"around ", Hedge::about},
    {"roughly ", Hedge::about},
    {"nearly ", Hedge::nearly},
    {"almost ", Hedge::nearly},
    {"about ", Hedge::about},
    {"below ", Hedge::at_most},
    {"under ", Hedge::at_most},
    {"over ", Hedge::over},
    {"some ", Hedge::about},
    {"above ", Hedge::over},
    {"~", Hedge::about},
    {"≈", Hedge::about},
    {">", Hedge::over},
    {"<", Hedge::at_most},
    {"不低于", Hedge::at_least},
    {"不少于", Hedge::at_least},
    {"不高于", Hedge::at_most},
    {"不超过", Hedge::at_most},
    {"将近", Hedge::nearly},
    {"接近", Hedge::nearly},
    {"超过", Hedge::over},
    {"超出", Hedge::over},
    {"大约", Hedge::about},
    {"至少", Hedge::at_least},
    {"最多", Hedge::at_most},
    {"不足", Hedge::at_most},
    {"不到", Hedge::at_most},
    {"多达", Hedge::about},
    {"小于", Hedge::at_most},
    {"低于", Hedge::at_most},
    {"大于", Hedge::over},
    {"约", Hedge::about},
    {"近", Hedge::nearly},
    {"超", Hedge::over},
    {"逾", Hedge::over},
    {"仅", Hedge::exact},
}};
constexpr std::array<HedgeWord, 10> after_words{{
    {"以上", Hedge::at_least},
    {"以下", Hedge::at_most},
    {"以内", Hedge::at_most},
    {"左右", Hedge::about},
    {"上下", Hedge::about},
    {"余", Hedge::over},
    {"多", Hedge::over},
    {"来", Hedge::about},
    {"许", Hedge::about},
    {"+", Hedge::at_least},
}};

constexpr std::array<Word, 13> chinese_digits{{{"零", 0},
                                               {"〇", 0},
                                               {"一", 1},
                                               {"二", 2},
                                               {"两", 2},
                                               {"三", 3},
                                               {"四", 4},
                                               {"五", 5},
                                               {"六", 6},
                                               {"七", 7},
                                               {"八", 8},
                                               {"九", 9},
                                               {"半", -1}}};
constexpr std::array<Word, 5> chinese_powers{
    {{"十", 1}, {"百", 2}, {"千", 3}, {"万", 4}, {"亿", 8}}};
constexpr std::array<Word, 8> english_powers{{{"hundred", 2},
                                              {"thousand", 3},
                                              {"million", 6},
                                              {"billion", 9},
                                              {"trillion", 12},
                                              {"mn", 6},
                                              {"bn", 9},
                                              {"k", 3}}};
constexpr std::array<Word, 21> english_numbers{
    {{"seventeen", 17}, {"fourteen", 14}, {"thirteen", 13}, {"eighteen", 18}, {"nineteen", 19},
     {"fifteen", 15},   {"sixteen", 16},  {"eleven", 11},   {"twelve", 12},   {"twenty", 20},
     {"thirty", 30},    {"three", 3},     {"seven", 7},     {"eight", 8},     {"four", 4},
     {"five", 5},       {"nine", 9},      {"two", 2},       {"six", 6},       {"ten", 10},
     {"one", 1}}};

std::string_view at_of(std::string_view text, std::size_t at) {
  return at < text.size() ? text.substr(at) : std::string_view{};
}

// Whether a word in lower case stands at `at`, in whatever case.
bool says(std::string_view text, std::size_t at, std::string_view word) {
  const auto here = at_of(text, at).substr(0, word.size());
  return std::equal(here.begin(), here.end(), word.begin(), word.end(),
                    [](char letter, char small) { return lower(letter) == small; });
}

template <std::size_t size>
const Word* word_at(const std::array<Word, size>& words, std::string_view text, std::size_t at,
                    bool whole = false) {
  for (const auto& word : words) {
    if (!says(text, at, word.text)) continue;
    const auto end = at + word.text.size();
    if (whole && end < text.size() && is_latin(text[end])) continue;
    return &word;
  }
  return nullptr;
}

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  return at;
}

// 万, 亿, 千万, 万亿, million …, with 余 and 多 between number and multiple (2600多万).
struct Multiple {
  int power = 0;
  std::size_t end = 0;
  Hedge hedge = Hedge::exact;
};

Hedge soft_word(std::string_view text, std::size_t& at) {
  for (const char* word : {"余", "多", "来", "几"}) {
    if (!at_of(text, at).starts_with(word)) continue;
    at += std::string_view{word}.size();
    return std::string_view{word} == "来" ? Hedge::about : Hedge::over;
  }
  return Hedge::exact;
}

Multiple multiple_at(std::string_view text, std::size_t at) {
  Multiple multiple{0, at, Hedge::exact};
  std::size_t here = at;
  const auto before = soft_word(text, here);
  int power = 0;
  std::size_t end = here;
  // At most 千万亿: three signs.
  for (int i = 0; i < 3; ++i) {
    const auto* sign = word_at(chinese_powers, text, end);
    if (sign == nullptr) break;
    // 千 and 百 may already be the unit's: 千瓦时, 千克, 百公里.
    const auto next = end + sign->text.size();
    if (sign->value <= 3 && any_at(text, next, {"瓦", "克", "米", "焦", "卡", "公里", "伏"}) > 0)
      break;
    power += sign->value;
    end = next;
  }
  if (power > 0) {
    multiple = {power, end, before};
    if (before == Hedge::exact) multiple.hedge = soft_word(text, multiple.end);
    return multiple;
  }
  here = skip_space(text, at);
  for (int i = 0; i < 2; ++i) {
    const auto* word = word_at(english_powers, text, here, true);
    if (word == nullptr) break;
    // "10 k" alone is no thousand; "10k" is.
    if (word->text == "k" && here != at) break;
    multiple.power += word->value;
    multiple.end = here + word->text.size();
    here = skip_space(text, multiple.end);
  }
  return multiple;
}

// The digits themselves: groups of three may be parted by commas.
struct Digits {
  Decimal value;
  std::size_t end = 0;
};

std::optional<Digits> digits_at(std::string_view text, std::size_t at) {
  std::string plain;
  std::size_t here = at;
  std::size_t group = 0;
  bool grouped = false;
  while (here < text.size()) {
    if (is_digit(text[here])) {
      plain += text[here++];
      ++group;
      if (plain.size() > 40) break;
      continue;
    }
    const bool may_part = text[here] == ',' && (grouped ? group == 3 : group >= 1 && group <= 3);
    if (!may_part || here + 3 >= text.size()) break;
    bool three = here + 4 <= text.size();
    for (std::size_t i = 1; three && i <= 3; ++i) three = is_digit(text[here + i]);
    if (!three || (here + 4 < text.size() && is_digit(text[here + 4]))) break;
    grouped = true;
    group = 0;
    ++here;
  }
  if (here + 1 < text.size() && text[here] == '.' && is_digit(text[here + 1])) {
    plain += text[here++];
    while (here < text.size() && is_digit(text[here]) && plain.size() <= 40) plain += text[here++];
  }
  const auto value = parse_decimal(plain);
  if (!value) return std::nullopt;
  return Digits{*value, here};
}

// 三十, 一百二十, 两千, 十五, 九千八百; at most 9999, the multiples 万 and 亿 follow.
std::optional<Digits> chinese_at(std::string_view text, std::size_t at) {
  std::int64_t sum = 0;
  std::int64_t digit = -1;
  std::size_t here = at;
  int last_power = 5;
  bool any = false;
  for (int i = 0; i < 12; ++i) {
    if (const auto* word = word_at(chinese_digits, text, here); word != nullptr) {
      if (word->value < 0 || digit > 0) break;
      digit = word->value;
      here += word->text.size();
      any = true;
      continue;
    }
    const auto* power = word_at(chinese_powers, text, here);
    if (power == nullptr || power->value > 3 || power->value >= last_power) break;
    if (digit < 0 && power->value != 1) break;
    std::int64_t scale = 1;
    for (int p = 0; p < power->value; ++p) scale *= 10;
    sum += (digit < 0 ? 1 : digit) * scale;
    digit = -1;
    last_power = power->value;
    here += power->text.size();
    any = true;
  }
  if (!any) return std::nullopt;
  if (digit > 0) sum += digit;
  return Digits{Decimal{sum, 0}, here};
}

constexpr std::array<std::pair<std::string_view, std::pair<int, int>>, 16> fractions{{
    {"two-thirds", {2, 3}},
    {"two thirds", {2, 3}},
    {"three quarters", {3, 4}},
    {"three-quarters", {3, 4}},
    {"one third", {1, 3}},
    {"one-third", {1, 3}},
    {"a third", {1, 3}},
    {"one quarter", {1, 4}},
    {"one-quarter", {1, 4}},
    {"a quarter", {1, 4}},
    {"one half", {1, 2}},
    {"a tenth", {1, 10}},
    {"one tenth", {1, 10}},
    {"half", {1, 2}},
    {"一半", {1, 2}},
    {"近半", {1, 2}},
}};

// Half, two thirds, 近半.
std::optional<Number> named_fraction_at(std::string_view text, std::size_t at) {
  for (const auto& [word, parts] : fractions) {
    const auto end = at + word.size();
    if (!says(text, at, word) || (end < text.size() && is_latin(text[end]))) continue;
    Number number;
    number.end = end;
    // To four digits: a third as words is no exact third anyway.
    number.value = round_half_even(Rational{parts.first, parts.second}, 4).value_or(Decimal{});
    if (word == "近半") number.hedge = Hedge::nearly;
    return number;
  }
  return std::nullopt;
}

// What follows 分之, over `below`: 三分之一, 百分之五.
std::optional<Number> parts_at(std::string_view text, std::size_t at, const Decimal& below) {
  auto top = chinese_at(text, at);
  if (!top && at < text.size() && is_digit(text[at])) top = digits_at(text, at);
  const auto divisor = to_rational(below);
  const auto above = top ? to_rational(top->value) : std::nullopt;
  const auto ratio = above && divisor ? above->over(*divisor) : std::nullopt;
  const auto value = ratio ? round_half_even(*ratio, 4) : std::nullopt;
  if (!value) return std::nullopt;
  Number number;
  number.value = *value;
  number.end = top->end;
  return number;
}

// 八成: tenths, of which 成 at `at` is the sign.
std::optional<Number> tenths_at(std::string_view text, std::size_t at, const Decimal& tenths) {
  if (tenths.mantissa <= 0 || tenths.mantissa > 10) return std::nullopt;
  Number number;
  number.end = at + std::string_view{"成"}.size();
  // 成 is also "become": 三成 may end a clause or be followed by 以上, 的, 左右.
  const bool is_over =
      number.end >= text.size() ||
      any_at(text, number.end, {"以", "的", "，", "。", "；", "左", "多", "、"}) > 0;
  if (!is_over) return std::nullopt;
  number.value = Decimal{tenths.mantissa, -1};
  return number;
}

std::optional<Number> chinese_fraction_at(std::string_view text, std::size_t at) {
  const auto lead = chinese_at(text, at);
  if (!lead) return std::nullopt;
  constexpr std::string_view parts_of = "分之";
  if (starts(text, lead->end, parts_of)) {
    return parts_at(text, lead->end + parts_of.size(), lead->value);
  }
  if (starts(text, lead->end, "成")) return tenths_at(text, lead->end, lead->value);
  return std::nullopt;
}

// Halves and parts: a ratio by themselves.
std::optional<Number> fraction_at(std::string_view text, std::size_t at) {
  auto number = named_fraction_at(text, at);
  if (!number) number = chinese_fraction_at(text, at);
  if (number) number->in_words = number->is_fraction = true;
  return number;
}

// Whether a hedge of one character is only the end of a word: 约 in 节约, 近 in 附近.
bool ends_a_word(std::string_view hedge, std::string_view lead) {
  return hedge.size() == 3 && hedge[0] < 0 &&
         ends_in_any(lead, {"节", "集", "公", "条", "契", "制", "签", "预", "履", "最", "附", "邻",
                            "靠", "高"});
}

Hedge hedge_before(std::string_view text, std::size_t& begin) {
  for (const auto& word : before_words) {
    if (begin < word.text.size()) continue;
    const auto start = begin - word.text.size();
    if (!says(text, start, word.text) || ends_a_word(word.text, text.substr(0, start))) continue;
    // "over" needs a word's beginning.
    if (is_latin(word.text[0]) && start > 0 && is_latin(text[start - 1])) continue;
    begin = start;
    return word.hedge;
  }
  return Hedge::exact;
}

void take_hedges(std::string_view text, Number& number) {
  if (const auto hedge = hedge_before(text, number.begin); hedge != Hedge::exact) {
    number.hedge = hedge;
  }
}

// What stands between the two ends of a range.
std::size_t range_sign(std::string_view text, std::size_t at) {
  return any_at(text, at, {"——", "—", "-", "~", "～", "至", "到"});
}

// A range: 10—15, 40万~50万, 2~3. Not after 从 or "from", which say that something changed.
std::optional<Number> range_at(std::string_view text, Number number, const Multiple& multiple) {
  const auto percent = any_at(text, multiple.end, {"%"});
  const auto sign_at = multiple.end + percent;
  const auto sign = range_sign(text, sign_at);
  const auto second_at = sign_at + sign;
  if (sign == 0 || second_at >= text.size() || !is_digit(text[second_at])) return std::nullopt;
  std::size_t begin = number.digits;
  static_cast<void>(hedge_before(text, begin));
  if (ends_in_any(text.substr(0, begin), {"从", "由", "from "})) return std::nullopt;
  const auto second = digits_at(text, second_at);
  if (!second) return std::nullopt;
  const auto last = multiple_at(text, second->end);
  number.value.exponent += multiple.power > 0 || percent > 0 ? multiple.power : last.power;
  number.upper = second->value;
  number.upper->exponent += last.power;
  if (to_double(number.value) >= to_double(*number.upper)) return std::nullopt;
  number.multiple = last.power;
  number.end = last.end;
  number.hedge = Hedge::about;
  return number;
}

// 余, 以上 and their like behind a number.
void take_hedge_after(std::string_view text, Number& number) {
  if (number.hedge != Hedge::exact) return;
  const auto here = skip_space(text, number.end);
  for (const auto& word : after_words) {
    if (!starts(text, here, word.text)) continue;
    // "1+10" is no "one and more".
    const auto after = here + word.text.size();
    if (word.text == "+" && after < text.size() && text[after] != ' ') continue;
    number.hedge = word.hedge;
    number.end = after;
    return;
  }
}

void take_multiple(std::string_view text, Number& number, const Multiple& multiple) {
  number.value.exponent += multiple.power;
  number.multiple = multiple.power;
  number.end = multiple.end;
  number.hedge = multiple.hedge;
  take_hedge_after(text, number);
}

std::optional<Number> number_in_digits(std::string_view text, std::size_t at) {
  const auto digits = digits_at(text, at);
  if (!digits) return std::nullopt;
  Number number;
  number.digits = at;
  number.value = digits->value;
  number.end = digits->end;
  const auto multiple = multiple_at(text, number.end);
  if (auto range = range_at(text, number, multiple)) return range;
  take_multiple(text, number, multiple);
  return number;
}

// 数千: somewhere between two and nine thousand. 上千: a thousand at least.
std::optional<Number> vague_number_at(std::string_view text, std::size_t at) {
  const auto multiple = multiple_at(text, at + 3);
  if (multiple.power == 0) return std::nullopt;
  const bool several = starts(text, at, "数");
  Number number;
  number.value = Decimal{several ? 2 : 1, multiple.power};
  if (several) number.upper = Decimal{9, multiple.power};
  number.hedge = Hedge::about;
  number.multiple = multiple.power;
  number.end = multiple.end;
  return number;
}

// Thirty, 三十; without its multiple.
std::optional<Digits> number_word_at(std::string_view text, std::size_t at) {
  const auto* word = word_at(english_numbers, text, at, true);
  if (word != nullptr && (at == 0 || !is_latin(text[at - 1]))) {
    return Digits{Decimal{word->value, 0}, at + word->text.size()};
  }
  return chinese_at(text, at);
}

std::optional<Number> number_in_words(std::string_view text, std::size_t at) {
  if (auto fraction = fraction_at(text, at)) return fraction;
  if (any_at(text, at, {"数", "上"}) > 0) return vague_number_at(text, at);
  Number number;
  if (const auto word = number_word_at(text, at)) {
    number.value = word->value;
    take_multiple(text, number, multiple_at(text, word->end));
    return number;
  }
  const auto bare = multiple_at(text, at);
  if (bare.power == 0 || text[at] >= 0) return std::nullopt;
  // 千亿度, 亿吨: one of the multiple.
  number.value = Decimal{1, bare.power};
  number.multiple = bare.power;
  number.hedge = bare.hedge;
  number.end = bare.end;
  return number;
}

// The power of ten of the last digit that says something.
int last_power_of(const Number& number) {
  auto last = number.value;
  const bool rounded = number.hedge != Hedge::exact;
  const auto size = last.significant_digits() + last.exponent - number.multiple;
  // 4400 has two digits, but a plain 120 or 100 is meant to the unit.
  while (last.mantissa != 0 && last.mantissa % 10 == 0 && last.exponent >= number.multiple &&
         (rounded || size > 3)) {
    last.mantissa /= 10;
    ++last.exponent;
  }
  return last.exponent;
}

std::optional<Spread> spread_of_range(const Rational& low, const Decimal& upper) {
  const auto high = to_rational(upper);
  const auto sum = high ? low.plus(*high) : std::nullopt;
  const auto middle = sum ? sum->over(Rational::whole(2)) : std::nullopt;
  if (!middle) return std::nullopt;
  return Spread{low, *middle, *high};
}

std::optional<Spread> spread_around(const Rational& value, const Rational& below,
                                    const Rational& above) {
  const auto low = value.plus(Rational{-below.numerator(), below.denominator()});
  const auto high = value.plus(above);
  if (!low || !high) return std::nullopt;
  return Spread{*low, value, *high};
}

const Rational& larger(const Rational& left, const Rational& right) {
  return to_double(left) > to_double(right) ? left : right;
}

}  // namespace

const char* name_of(Hedge hedge) {
  constexpr std::array<const char*, 6> names{"exact", "about",    "nearly",
                                             "over",  "at_least", "at_most"};
  return names[static_cast<std::size_t>(hedge)];
}

std::optional<Number> number_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return std::nullopt;
  const bool in_words = !is_digit(text[at]);
  auto number = in_words ? number_in_words(text, at) : number_in_digits(text, at);
  if (!number) return std::nullopt;
  number->begin = number->digits = at;
  number->in_words = in_words;
  take_hedges(text, *number);
  return number;
}

std::optional<Spread> spread_of(const Number& number) {
  const auto value = to_rational(number.value);
  if (!value) return std::nullopt;
  if (number.upper) return spread_of_range(*value, *number.upper);
  const auto power = last_power_of(number);
  const auto unit = to_rational(Decimal{1, power});
  const auto half = to_rational(Decimal{5, power - 1});
  const auto tenth = value->over(Rational::whole(10));
  if (!unit || !half) return std::nullopt;
  const auto nothing = Rational::whole(0);
  switch (number.hedge) {
    case Hedge::exact: {
      // Whoever writes a round number means it within a tenth at least.
      const bool wide = tenth && to_double(*half) > to_double(*tenth) && to_double(*value) > 0;
      const auto& by = wide ? *tenth : *half;
      return spread_around(*value, by, by);
    }
    case Hedge::about: {
      const auto twentieth = value->over(Rational::whole(20));
      if (!twentieth) return std::nullopt;
      const auto& by = larger(*half, *twentieth);
      return spread_around(*value, by, by);
    }
    case Hedge::nearly:
      return tenth ? spread_around(*value, *tenth, nothing) : std::nullopt;
    case Hedge::over:
      return spread_around(*value, nothing, *unit);
    case Hedge::at_least:
      return spread_around(*value, nothing, *value);
    case Hedge::at_most:
      return spread_around(*value, *value, nothing);
  }
  return std::nullopt;
}

}  // namespace partake::claims
