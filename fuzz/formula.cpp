// Formula text: no crash, and printing what was read reads the same again.
#include <cstdlib>

#include "method/syntax.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace partake::method;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto tree = parse_formula(text);
  if (!tree) return 0;
  const auto printed = print(*tree);
  // A print may be longer than a formula is allowed to be; then it cannot be read again.
  const auto again = parse_formula(printed);
  if (!again && again.error().code == "formula.too_long") return 0;
  if (!again || print(*again) != printed) std::abort();
  return 0;
}
