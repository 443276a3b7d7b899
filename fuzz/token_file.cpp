// A file of tokens: no crash, and what was read prints and reads the same again.
#include <cstdlib>

#include "books/source_tokens.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace partake::books;
  const auto tokens = SourceTokens::parse({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!tokens) return 0;
  const auto again = SourceTokens::parse(tokens->text(), "fuzz");
  if (!again || again->text() != tokens->text()) std::abort();
  return 0;
}
