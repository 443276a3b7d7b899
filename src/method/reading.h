// Text of a cell or an argument to the number that a program computes with.
#pragma once

#include <string_view>

#include "base/region.h"
#include "method/program.h"

namespace partake::method {

// A quantity, bare or with a unit, in the input's unit; or a choice as its number. Errors:
// decimal.*, unit.*, method.unknown_choice. NaN and infinity are not numbers here.
Result<double> read_value(std::string_view text, const Input& input);

// A bare decimal in a unit that is `ratio` of the input's unit.
inline Result<double> read_decimal(std::string_view text, const Rational& ratio) {
  TRY(const auto value, parse_decimal(text));
  return to_double(value, ratio);
}

}  // namespace partake::method
