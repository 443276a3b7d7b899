// The holdings of a snapshot, whatever their bytes: refused, or what is written again just so.
#include "books/holdings.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  partake::books::Holdings holdings;
  if (!holdings.restore({reinterpret_cast<const char*>(data), size})) return 0;
  const auto bytes = holdings.bytes();
  partake::books::Holdings again;
  if (!again.restore(bytes) || again.bytes() != bytes) std::abort();
  return 0;
}
