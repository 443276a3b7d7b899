// An event: the short way for plain documents and the general parser give the same event or the
// same error.
#include <cstdlib>
#include <filesystem>

#include "books/sample_books.h"
#include "intake/knowledge.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace partake;
  static const auto books = books::testing::sample_books(
      std::filesystem::path{intake::find_library("", "/proc/self/exe").value()}
          .parent_path()
          .string());
  static books::EventReader reader{books->rulebook()};
  if (size == 0) return 0;
  // The first byte stands behind the document, where nothing may look.
  const std::string_view document{reinterpret_cast<const char*>(data) + 1, size - 1};
  if (!books::testing::BothWays{reader, document, static_cast<char>(data[0])}.agree()) std::abort();
  return 0;
}
