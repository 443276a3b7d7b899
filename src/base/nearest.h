// The binary64 nearest to an exact value, by exact integer arithmetic and one rounding.
#pragma once

#include <cstdint>

#include "base/int128.h"

namespace partake {

// mantissa x 10^exponent x multiplier / divisor; divisor is not zero.
struct ExactValue {
  Int128 mantissa = 0;
  std::int32_t exponent = 0;
  Int128 multiplier = 1;
  Int128 divisor = 1;
};

double nearest_double(const ExactValue& value);

}  // namespace partake
