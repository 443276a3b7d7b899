#include "claims/number.h"

#include <algorithm>
#include <array>
#include <string>

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

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::string_view at_of(std::string_view text, std::size_t at) {
  return at < text.size() ? text.substr(at) : std::string_view{};
}

template <std::size_t size>
const Word* word_at(const std::array<Word, size>& words, std::string_view text, std::size_t at,
                    bool whole = false) {
  for (const auto& word : words) {
    if (text.size() - std::min(at, text.size()) < word.text.size()) continue;
    bool same = true;
    for (std::size_t i = 0; same && i < word.text.size(); ++i) {
      same = lower(text[at + i]) == word.text[i];
    }
    if (!same) continue;
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
    const auto next = at_of(text, end + sign->text.size());
    bool of_unit = false;
    for (const std::string_view unit : {"瓦", "克", "米", "焦", "卡", "公里", "伏"}) {
      of_unit = of_unit || (sign->value <= 3 && next.starts_with(unit));
    }
    if (of_unit) break;
    power += sign->value;
    end += sign->text.size();
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
    if (!may_part || here + 3 >= text.size() + 0) break;
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

// Halves and parts: a ratio by themselves.
std::optional<Number> fraction_at(std::string_view text, std::size_t at) {
  for (const auto& [word, parts] : fractions) {
    const auto rest = at_of(text, at);
    if (rest.size() < word.size()) continue;
    bool same = true;
    for (std::size_t i = 0; same && i < word.size(); ++i) same = lower(rest[i]) == word[i];
    if (!same || (rest.size() > word.size() && is_latin(rest[word.size()]))) continue;
    Number number;
    number.begin = number.digits = at;
    number.end = at + word.size();
    number.in_words = number.is_fraction = true;
    // To four digits: a third as words is no exact third anyway.
    number.value = round_half_even(Rational{parts.first, parts.second}, 4).value_or(Decimal{});
    if (word == "近半") number.hedge = Hedge::nearly;
    return number;
  }
  // 三分之一, 百分之五, 八成.
  const auto lead = chinese_at(text, at);
  if (!lead) return std::nullopt;
  Number number;
  number.begin = number.digits = at;
  number.in_words = true;
  if (at_of(text, lead->end).starts_with("分之")) {
    auto top_at = lead->end + std::string_view{"分之"}.size();
    auto top = chinese_at(text, top_at);
    if (!top && top_at < text.size() && is_digit(text[top_at])) top = digits_at(text, top_at);
    const auto below = to_rational(lead->value);
    const auto above = top ? to_rational(top->value) : std::nullopt;
    if (!above || !below) return std::nullopt;
    const auto ratio = above->over(*below);
    if (!ratio) return std::nullopt;
    const auto value = round_half_even(*ratio, 4);
    if (!value) return std::nullopt;
    number.value = *value;
    number.is_fraction = true;
    number.end = top->end;
    return number;
  }
  if (at_of(text, lead->end).starts_with("成") && lead->value.mantissa <= 10 &&
      lead->value.mantissa > 0) {
    const auto next = at_of(text, lead->end + 3);
    // 成 is also "become": 三成 may end a clause or be followed by 以上, 的, 左右.
    if (!next.empty() && !next.starts_with("以") && !next.starts_with("的") &&
        !next.starts_with("，") && !next.starts_with("。") && !next.starts_with("；") &&
        !next.starts_with("左") && !next.starts_with("多") && !next.starts_with("、")) {
      return std::nullopt;
    }
    number.value = Decimal{lead->value.mantissa, -1};
    number.is_fraction = true;
    number.end = lead->end + 3;
    return number;
  }
  return std::nullopt;
}

Hedge hedge_before(std::string_view text, std::size_t& begin) {
  const auto lead = text.substr(0, begin);
  for (const auto& word : before_words) {
    auto size = word.text.size();
    if (lead.size() < size) continue;
    bool same = true;
    for (std::size_t i = 0; same && i < size; ++i) {
      same = lower(lead[lead.size() - size + i]) == word.text[i];
    }
    if (!same) continue;
    // 约 is also in 节约, 近 in 附近; "over" needs a word's beginning.
    const auto start = begin - size;
    if (is_latin(word.text[0]) && start > 0 && is_latin(text[start - 1])) continue;
    const auto lead_word = text.substr(0, start);
    bool of_word = false;
    for (const std::string_view first :
         {"节", "集", "公", "条", "契", "制", "签", "预", "履", "最", "附", "邻", "靠", "高"}) {
      of_word = of_word || (size == 3 && word.text[0] < 0 && lead_word.ends_with(first));
    }
    if (of_word) continue;
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
  for (const std::string_view sign : {"——", "—", "-", "~", "～", "至", "到"}) {
    if (at_of(text, at).starts_with(sign)) return sign.size();
  }
  return 0;
}

}  // namespace

const char* name_of(Hedge hedge) {
  constexpr std::array<const char*, 6> names{"exact", "about",    "nearly",
                                             "over",  "at_least", "at_most"};
  return names[static_cast<std::size_t>(hedge)];
}

std::optional<Number> number_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return std::nullopt;
  Number number;
  number.begin = number.digits = at;
  if (is_digit(text[at])) {
    const auto digits = digits_at(text, at);
    if (!digits) return std::nullopt;
    number.value = digits->value;
    number.end = digits->end;
  } else {
    if (auto fraction = fraction_at(text, at); fraction) {
      take_hedges(text, *fraction);
      return fraction;
    }
    number.in_words = true;
    if (at_of(text, at).starts_with("数") || at_of(text, at).starts_with("上")) {
      const auto multiple = multiple_at(text, at + 3);
      if (multiple.power == 0) return std::nullopt;
      // 数千: somewhere between two and nine thousand.
      number.value = Decimal{at_of(text, at).starts_with("数") ? 2 : 1, multiple.power};
      if (at_of(text, at).starts_with("数")) number.upper = Decimal{9, multiple.power};
      number.hedge = Hedge::about;
      number.multiple = multiple.power;
      number.end = multiple.end;
      take_hedges(text, number);
      return number;
    }
    if (const auto* word = word_at(english_numbers, text, at, true);
        word != nullptr && (at == 0 || !is_latin(text[at - 1]))) {
      number.value = Decimal{word->value, 0};
      number.end = at + word->text.size();
    } else if (const auto chinese = chinese_at(text, at); chinese) {
      number.value = chinese->value;
      number.end = chinese->end;
    } else if (const auto bare = multiple_at(text, at); bare.power > 0 && text[at] < 0) {
      // 千亿度, 亿吨: one of the multiple.
      number.value = Decimal{1, bare.power};
      number.multiple = bare.power;
      number.hedge = bare.hedge;
      number.end = bare.end;
      take_hedges(text, number);
      return number;
    } else {
      return std::nullopt;
    }
  }
  auto multiple = multiple_at(text, number.end);
  // A range: 10—15, 40万~50万, 2~3. Not after 从 or "from", which say that something changed.
  std::size_t begin = number.digits;
  static_cast<void>(hedge_before(text, begin));
  const auto lead = text.substr(0, begin);
  const bool changes = lead.ends_with("从") || lead.ends_with("由") || lead.ends_with("from ");
  auto sign_at = multiple.end;
  if (at_of(text, sign_at).starts_with("%")) ++sign_at;
  const auto sign = number.in_words || changes ? 0 : range_sign(text, sign_at);
  if (sign > 0 && sign_at + sign < text.size() && is_digit(text[sign_at + sign])) {
    const auto second = digits_at(text, sign_at + sign);
    if (second) {
      const auto last = multiple_at(text, second->end);
      auto low = number.value;
      auto high = second->value;
      high.exponent += last.power;
      low.exponent += multiple.power > 0 || sign_at != multiple.end ? multiple.power : last.power;
      if (to_double(low) < to_double(high)) {
        number.value = low;
        number.upper = high;
        number.multiple = last.power;
        number.end = last.end;
        number.hedge = Hedge::about;
        take_hedges(text, number);
        return number;
      }
    }
  }
  number.value.exponent += multiple.power;
  number.multiple = multiple.power;
  number.end = multiple.end;
  number.hedge = multiple.hedge;
  for (const auto& word : after_words) {
    const auto here = skip_space(text, number.end);
    if (number.hedge != Hedge::exact || !at_of(text, here).starts_with(word.text)) continue;
    // "1+10" is no "one and more".
    const auto after = here + word.text.size();
    if (word.text == "+" && after < text.size() && text[after] != ' ') continue;
    number.hedge = word.hedge;
    number.end = here + word.text.size();
    break;
  }
  take_hedges(text, number);
  return number;
}

std::optional<Spread> spread_of(const Number& number) {
  const auto low = to_rational(number.value);
  if (!low) return std::nullopt;
  if (number.upper) {
    const auto high = to_rational(*number.upper);
    const auto sum = high ? low->plus(*high) : std::nullopt;
    const auto middle = sum ? sum->over(Rational::whole(2)) : std::nullopt;
    if (!middle) return std::nullopt;
    return Spread{*low, *middle, *high};
  }
  auto last = number.value;  // The last digit that says something.
  const bool rounded = number.hedge != Hedge::exact;
  const auto size = last.significant_digits() + last.exponent - number.multiple;
  // 4400 has two digits, but a plain 120 or 100 is meant to the unit.
  while (last.mantissa != 0 && last.mantissa % 10 == 0 && (last.exponent - number.multiple >= 0) &&
         (rounded || size > 3)) {
    last.mantissa /= 10;
    ++last.exponent;
  }
  const auto unit = to_rational(Decimal{1, last.exponent});
  const auto half = to_rational(Decimal{5, last.exponent - 1});
  if (!unit || !half) return std::nullopt;
  const auto less = [&](const Rational& by) {
    return low->plus(Rational{-by.numerator(), by.denominator()});
  };
  const auto tenth = low->over(Rational::whole(10));
  std::optional<Rational> from = low;
  std::optional<Rational> to = low;
  switch (number.hedge) {
    case Hedge::exact: {
      // Whoever writes a round number means it within a tenth at least.
      const bool wide = tenth && to_double(*half) > to_double(*tenth) && to_double(*low) > 0;
      from = less(wide ? *tenth : *half);
      to = low->plus(wide ? *tenth : *half);
      break;
    }
    case Hedge::about: {
      const auto wide = low->over(Rational::whole(20));
      if (!wide) return std::nullopt;
      const bool digits_wider = to_double(*half) > to_double(*wide);
      from = less(digits_wider ? *half : *wide);
      to = low->plus(digits_wider ? *half : *wide);
      break;
    }
    case Hedge::nearly:
      from = tenth ? less(*tenth) : std::nullopt;
      break;
    case Hedge::over:
      to = low->plus(*unit);
      break;
    case Hedge::at_least:
      to = low->plus(*low);
      break;
    case Hedge::at_most:
      from = less(*low);
      break;
  }
  if (!from || !to) return std::nullopt;
  return Spread{*from, *low, *to};
}

}  // namespace partake::claims
