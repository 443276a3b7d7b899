#include "base/int128.h"

#include <algorithm>

namespace partake {

std::string to_string(Int128 value) {
  if (value == 0) return "0";
  const bool negative = value < 0;
  Uint128 rest = negative ? -static_cast<Uint128>(value) : static_cast<Uint128>(value);
  std::string text;
  for (; rest != 0; rest /= 10) text += static_cast<char>('0' + static_cast<int>(rest % 10));
  if (negative) text += '-';
  std::reverse(text.begin(), text.end());
  return text;
}

}  // namespace partake
