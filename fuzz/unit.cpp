// Units and quantities: no crash, and printing what was read reads the same again.
#include <cstdlib>

#include "base/quantity.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace partake;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  static_cast<void>(parse_quantity(text));
  const auto unit = parse_unit(text);
  if (!unit) return 0;
  static_cast<void>(unit->ratio());
  for (const auto language : {Language::en, Language::zh}) {
    const auto printed = to_string(*unit, language);
    const auto again = parse_unit(printed);
    if (!again && again.error().code == "unit.too_long") continue;
    if (!again || again->dimension() != unit->dimension()) std::abort();
    const auto before = unit->ratio();
    const auto after = again->ratio();
    if (before && (!after || !(*before == *after))) std::abort();
  }
  return 0;
}
