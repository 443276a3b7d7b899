// 128-bit integers, for exact decimals, ratios and totals.
#pragma once

#include <string>

namespace partake {

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

std::string to_string(Int128 value);

}  // namespace partake
