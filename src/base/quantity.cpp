#include "base/quantity.h"

#include <cmath>

namespace partake {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Full-width digits and signs to their plain forms (U+FF0B to U+FF19 are three bytes each).
std::string plain_digits(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool wide = text.size() - i >= 3 && text.substr(i, 2) == "\xEF\xBC";
    const auto last = wide ? static_cast<unsigned char>(text[i + 2]) : 0U;
    if (wide && last >= 0x8B && last <= 0x99) {
      result += static_cast<char>(last - 0x8BU + '+');
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::size_t number_length(std::string_view text) {
  std::size_t i = 0;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  while (i < text.size() && (is_digit(text[i]) || text[i] == '.' || text[i] == ',')) ++i;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    std::size_t after = i + 1;
    if (after < text.size() && (text[after] == '-' || text[after] == '+')) ++after;
    if (after < text.size() && is_digit(text[after])) {
      while (after < text.size() && is_digit(text[after])) ++after;
      i = after;
    }
  }
  return i;
}

// 1,234,567.8 to 1234567.8; commas anywhere else stay and make the number malformed.
std::string without_separators(std::string_view number) {
  const auto point = number.find('.');
  const auto whole = number.substr(0, point);
  const auto first = whole.find(',');
  if (first == std::string_view::npos) return std::string{number};
  const bool leading_fits = first >= 1 && first <= 3;
  bool groups_fit = leading_fits && (whole.size() - first) % 4 == 0;
  for (std::size_t i = first; groups_fit && i < whole.size(); ++i) {
    groups_fit = ((i - first) % 4 == 0) == (whole[i] == ',');
  }
  std::string result{number};
  if (groups_fit) std::erase(result, ',');
  return result;
}

}  // namespace

Result<Quantity> parse_quantity(std::string_view text) {
  const std::string plain = plain_digits(text);
  std::string_view rest = plain;
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  while (rest.ends_with(' ')) rest.remove_suffix(1);
  const auto length = number_length(rest);
  TRY(const auto value, parse_decimal(without_separators(rest.substr(0, length))));
  rest.remove_prefix(length);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  if (rest.starts_with('[') && rest.ends_with(']')) rest = rest.substr(1, rest.size() - 2);
  if (rest.empty()) return Quantity{value, {}};
  TRY(auto unit, parse_unit(rest));
  return Quantity{value, std::move(unit)};
}

Quantity in_words_of(Language language, const Quantity& quantity) {
  if (language == Language::zh) return quantity;
  auto [power, unit] = quantity.unit.without_multiples();
  return {Decimal{quantity.value.mantissa, quantity.value.exponent + power}, std::move(unit)};
}

std::string to_string(const Quantity& quantity, Language language) {
  const auto spelled = in_words_of(language, quantity);
  auto number = to_string(spelled.value);
  if (spelled.unit == Unit{}) return number;
  return number + " " + to_string(spelled.unit, language);
}

Result<Rational> convert(const Quantity& quantity, const Unit& to) {
  TRY(const auto ratio, conversion(quantity.unit, to));
  const auto value = to_rational(quantity.value);
  auto converted = value ? value->times(ratio) : std::nullopt;
  const auto from_offset = quantity.unit.offset();
  const auto to_offset = to.offset();
  if (converted && !(from_offset == to_offset)) {
    TRY(const auto kelvins, to.ratio());
    const auto shift = from_offset.plus(Rational{-to_offset.numerator(), to_offset.denominator()});
    const auto shift_in_unit = shift ? shift->over(kelvins) : std::nullopt;
    converted = shift_in_unit ? converted->plus(*shift_in_unit) : std::nullopt;
  }
  if (!converted) {
    return fail(ErrorKind::invalid, "unit.too_large", {{"unit", to_string(quantity)}});
  }
  return *converted;
}

Result<double> value_in(const Quantity& quantity, const Unit& to) {
  if (!(quantity.unit.offset() == to.offset())) {
    TRY(const auto exact, convert(quantity, to));
    return to_double(exact);
  }
  TRY(const auto ratio, conversion(quantity.unit, to));
  return to_double(quantity.value, ratio);
}

Result<Quantity> convert_keeping_digits(const Quantity& quantity, const Unit& to) {
  TRY(const auto exact, convert(quantity, to));
  if (!(quantity.unit.offset() == to.offset())) {
    // What a degree is known to does not depend on where the scale begins: 20 ℃ is 293 K. The ratio
    // is a power of ten here.
    TRY(const auto ratio, conversion(quantity.unit, to));
    const auto moved = static_cast<int>(std::lround(std::log10(to_double(ratio))));
    const auto rounded = round_half_even(exact, -quantity.value.exponent - moved);
    if (rounded) return Quantity{*rounded, to};
  }
  return Quantity{round_to_significant(exact, quantity.value.significant_digits()), to};
}

Decimal round_to_significant(const Rational& value, int digits) {
  if (value.numerator() == 0) return {};
  // Start from the estimate of a binary64 logarithm and correct it: rounding may carry.
  const int magnitude = static_cast<int>(std::floor(std::log10(std::fabs(to_double(value))))) + 1;
  for (int places = digits - magnitude + 1; places >= digits - magnitude - 1; --places) {
    const auto rounded = round_half_even(value, places);
    if (rounded && rounded->significant_digits() <= digits) return *rounded;
  }
  const auto whole = round_half_even(value, 0);
  return whole ? *whole : Decimal{};
}

std::string grouped(const std::string& number) {
  const auto end = std::min(number.find('.'), number.find('e'));
  const auto digits_end = end == std::string::npos ? number.size() : end;
  const std::size_t start = number.starts_with('-') ? 1 : 0;
  std::string result = number;
  for (std::size_t at = digits_end; at > start + 3;) {
    at -= 3;
    result.insert(at, 1, ',');
  }
  return result;
}

}  // namespace partake
