// A decimal with a unit, as people write it: "8.2 km", "76.4万千瓦时", "16亿升".
#pragma once

#include <string>
#include <string_view>

#include "base/decimal.h"
#include "base/unit.h"

namespace partake {

struct Quantity {
  Decimal value;
  Unit unit;
};

// A number, optional spaces, a unit (none: the plain ratio 1). Thousands separators in groups of
// three are accepted. Errors: decimal.*, unit.*.
Result<Quantity> parse_quantity(std::string_view text);

// As the language writes it. English has no 万: 17 万吨 is 170000 t, the multiple in the number.
Quantity in_words_of(Language language, const Quantity& quantity);
// In the language's spelling: "8.2 km", "8.2 公里".
std::string to_string(const Quantity& quantity, Language language = Language::en);

// The exact value in another unit. Error unit.mismatch.
Result<Rational> convert(const Quantity& quantity, const Unit& to);
// The same as the nearest binary64.
Result<double> value_in(const Quantity& quantity, const Unit& to);
// The same, rounded half to even to the significant digits that the quantity was written with;
// between degrees Celsius and kelvin, to the decimal place.
Result<Quantity> convert_keeping_digits(const Quantity& quantity, const Unit& to);

// value rounded half to even to `digits` significant digits.
Decimal round_to_significant(const Rational& value, int digits);

// With thousands separators, for people: 172,356.
std::string grouped(const std::string& number);

}  // namespace partake
