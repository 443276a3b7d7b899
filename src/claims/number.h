// Numbers as texts write them, in both languages: 76.4万, 2600多万, 近亿, 10—15, 三十余, 一半,
// 1.2 million, about 40,000, two thirds.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/decimal.h"

namespace partake::claims {

enum class Hedge : std::uint8_t { exact, about, nearly, over, at_least, at_most };
const char* name_of(Hedge hedge);

struct Number {
  std::size_t begin = 0;   // Bytes, with the hedge before it.
  std::size_t digits = 0;  // Where the number itself begins.
  std::size_t end = 0;
  Decimal value;
  std::optional<Decimal> upper;  // Of a range; value is its lower end then.
  Hedge hedge = Hedge::exact;
  int multiple = 0;          // Power of ten of the written multiple: 4 for 万, 6 for million.
  bool in_words = false;     // Without digits: 三十, half.
  bool is_fraction = false;  // Half, 三分之一, 八成: a ratio by itself.
  bool is_tenths = false;    // 百分之…: value is in percent.
};

// The number that begins at `at`, which must be the first byte of it (no hedge). Empty when there
// is none, or when it cannot be read (more than 36 digits).
std::optional<Number> number_at(std::string_view text, std::size_t at);

// What a number may really be, as far as its digits and hedge tell. All in the unit as written.
struct Spread {
  Rational low;
  Rational value;
  Rational high;
};
// Empty when it does not fit.
std::optional<Spread> spread_of(const Number& number);

}  // namespace partake::claims
