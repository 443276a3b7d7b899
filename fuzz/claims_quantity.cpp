// Numbers and quantities of running text: no crash, and what is read lies within its own spread.
#include <cstdlib>

#include "fuzz/claims_knowledge.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace partake;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  for (std::size_t at = 0; at < text.size() && at < 64; ++at) {
    const auto number = claims::number_at(text, at);
    if (!number) continue;
    if (number->end <= at || number->end > text.size() || number->begin > at) std::abort();
    const auto spread = claims::spread_of(*number);
    if (!spread) continue;
    const double low = to_double(spread->low);
    const double value = to_double(spread->value);
    const double high = to_double(spread->high);
    if (!(low <= value && value <= high)) std::abort();
  }
  return 0;
}
