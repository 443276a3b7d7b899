// What detectors share: figures, and how strong a finding is.
#pragma once

#include <algorithm>
#include <limits>

#include "rules/detector.h"

namespace partake::rules {

inline Figure figure(const char* name, std::int64_t value, const char* unit = "") {
  return {name, Decimal{value, 0}, unit};
}

// value / limit in thousandths, rounded down, as far as 63 bits go. Requires limit > 0 and a value
// within 2^116.
inline std::int64_t strength_of(Int128 value, Int128 limit) {
  constexpr Int128 most = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(most, value * 1000 / limit));
}

}  // namespace partake::rules
