#include "base/decimal.h"

#include <charconv>
#include <cstdlib>

#include "base/nearest.h"

namespace partake {
namespace {

constexpr int digits_max = 36;
constexpr int exponent_max = 400;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

tl::unexpected<Error> malformed(std::string_view text) {
  return fail(ErrorKind::invalid, "decimal.malformed", {{"text", std::string{text.substr(0, 60)}}});
}

tl::unexpected<Error> too_long(std::string_view text) {
  return fail(ErrorKind::invalid, "decimal.too_long",
              {{"text", std::string{text.substr(0, 60)}},
               {"digits", std::to_string(digits_max)},
               {"exponent", std::to_string(exponent_max)}});
}

constexpr auto powers_of_ten = [] {
  std::array<double, 23> powers{};
  double power = 1;
  for (auto& entry : powers) {
    entry = power;  // Exact up to 10^22.
    power *= 10;
  }
  return powers;
}();

std::optional<Int128> power_of_ten(int exponent) {
  if (exponent < 0 || exponent > 38) return std::nullopt;
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace

int Decimal::significant_digits() const {
  int count = 0;
  for (Int128 rest = mantissa; rest != 0; rest /= 10) ++count;
  return std::max(count, 1);
}

namespace {

enum class Scan : std::uint8_t { fits, malformed, too_long };

// Digits with at most one point between them; `text` is left after them.
Scan read_mantissa(std::string_view& text, Decimal& value) {
  int digits = 0;
  bool after_point = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (!is_digit(text[i])) break;
    value.mantissa = value.mantissa * 10 + (text[i] - '0');
    if (value.mantissa != 0 && ++digits > digits_max) return Scan::too_long;
    if (after_point) --value.exponent;
    if (value.exponent < -exponent_max) return Scan::too_long;
  }
  if (i == 0 || text[i - 1] == '.') return Scan::malformed;
  text.remove_prefix(i);
  return Scan::fits;
}

// All of "e-3".
Scan read_exponent(std::string_view text, Decimal& value) {
  if (text[0] != 'e' && text[0] != 'E') return Scan::malformed;
  text.remove_prefix(1);
  if (text.starts_with("+-")) return Scan::malformed;
  if (text.starts_with('+')) text.remove_prefix(1);
  int exponent = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, exponent);
  if (problem == std::errc::result_out_of_range) return Scan::too_long;
  if (problem != std::errc{} || rest != end) return Scan::malformed;
  if (std::abs(exponent) > exponent_max) return Scan::too_long;
  value.exponent += exponent;
  return Scan::fits;
}

}  // namespace

Result<Decimal> parse_decimal(std::string_view text) {
  auto rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  Decimal value;
  auto scan = read_mantissa(rest, value);
  if (scan == Scan::fits && !rest.empty()) scan = read_exponent(rest, value);
  if (scan == Scan::malformed) return malformed(text);
  if (scan == Scan::too_long) return too_long(text);
  if (negative) value.mantissa = -value.mantissa;
  return value;
}

std::string to_string(const Decimal& value) {
  std::string digits = to_string(value.mantissa < 0 ? -value.mantissa : value.mantissa);
  const std::string sign = value.mantissa < 0 ? "-" : "";
  if (value.exponent > 18 || value.exponent < -30) {
    return sign + digits + "e" + (value.exponent > 0 ? "+" : "") + std::to_string(value.exponent);
  }
  if (value.exponent >= 0) {
    if (value.mantissa != 0) digits.append(static_cast<std::size_t>(value.exponent), '0');
    return sign + digits;
  }
  const auto places = static_cast<std::size_t>(-value.exponent);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  return sign + digits.substr(0, digits.size() - places) + "." +
         digits.substr(digits.size() - places);
}

std::string to_shortest(const Decimal& value) {
  Decimal shortest = value;
  if (shortest.mantissa == 0) return "0";
  for (; shortest.mantissa % 10 == 0; shortest.mantissa /= 10) ++shortest.exponent;
  return to_string(shortest);
}

double to_double(const Decimal& value) {
  const Int128 magnitude = value.mantissa < 0 ? -value.mantissa : value.mantissa;
  if (magnitude < (Int128{1} << 53) && value.exponent >= -22 && value.exponent <= 22) {
    // Both operands are exact, so the one operation rounds correctly (Clinger 1990).
    const auto exact = static_cast<double>(static_cast<std::int64_t>(value.mantissa));
    return value.exponent < 0 ? exact / powers_of_ten[static_cast<std::size_t>(-value.exponent)]
                              : exact * powers_of_ten[static_cast<std::size_t>(value.exponent)];
  }
  const std::string text = to_string(value.mantissa) + "e" + std::to_string(value.exponent);
  return std::strtod(text.c_str(), nullptr);  // glibc rounds correctly.
}

std::optional<Rational> to_rational(const Decimal& value) {
  if (value.mantissa == 0) return Rational{};
  const auto power = power_of_ten(std::abs(value.exponent));
  if (!power) return std::nullopt;
  if (value.exponent < 0) return Rational{value.mantissa, *power};
  return Rational::whole(value.mantissa).times(Rational::whole(*power));
}

double to_double(const Decimal& value, const Rational& ratio) {
  if (ratio.is_one()) return to_double(value);
  // A power of ten only moves the point.
  Int128 top = ratio.numerator();
  Int128 bottom = ratio.denominator();
  Decimal moved = value;
  for (; top % 10 == 0 && top != 0; top /= 10) ++moved.exponent;
  for (; bottom % 10 == 0; bottom /= 10) --moved.exponent;
  if (top == 1 && bottom == 1) return to_double(moved);
  return nearest_double({.mantissa = moved.mantissa,
                         .exponent = moved.exponent,
                         .multiplier = top,
                         .divisor = bottom});
}

std::optional<Decimal> round_half_even(const Rational& value, int digits) {
  const auto power = power_of_ten(std::abs(digits));
  if (!power) return std::nullopt;
  const auto scaled =
      digits >= 0 ? value.times(Rational::whole(*power)) : value.over(Rational::whole(*power));
  if (!scaled) return std::nullopt;
  const Int128 bottom = scaled->denominator();
  Int128 floor = scaled->numerator() / bottom;
  Int128 rest = scaled->numerator() % bottom;
  if (rest < 0) {
    rest += bottom;
    --floor;
  }
  const Int128 other = bottom - rest;
  if (rest > other || (rest == other && floor % 2 != 0)) ++floor;
  return Decimal{floor, -digits};
}

std::optional<Decimal> exact_decimal(const Rational& value) {
  for (int digits = 0; digits <= 18; ++digits) {
    const auto rounded = round_half_even(value, digits);
    if (!rounded) return std::nullopt;
    if (to_rational(*rounded) == value) return rounded;
  }
  return std::nullopt;
}

}  // namespace partake
