// Events as JSON, in lines, an array or one object: any bytes, arriving in any pieces, give the
// same events and refusals.
#include "books/json_events.h"

#include <cstdlib>
#include <filesystem>

#include "books/feed_testing.h"
#include "books/sample_books.h"
#include "intake/knowledge.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace partake;
  static const auto books = books::testing::sample_books(
      std::filesystem::path{intake::find_library("", "/proc/self/exe").value()}
          .parent_path()
          .string());
  if (size < 2) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 2, size - 2};
  const auto read = [&](std::vector<std::size_t> sizes, std::size_t batch_bytes) {
    books::testing::Pieces source{text, std::move(sizes)};
    books::JsonEvents feed{source, books->rulebook(), batch_bytes};
    return books::testing::read_feed(feed);
  };
  const auto whole = read({size}, 1U << 16U);
  const std::size_t piece = data[0];
  if (!(read({piece, 1U + piece / 3U}, 1U + 8U * data[1]) == whole)) std::abort();
  return 0;
}
