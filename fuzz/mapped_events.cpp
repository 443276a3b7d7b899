// A mapping of events and rows that it is for: no crash; rows that arrive in any pieces give the
// same events; and the JSON that a row stands for is the same event.
#include "books/mapped_events.h"

#include <cstdlib>
#include <filesystem>

#include "books/feed_testing.h"
#include "books/sample_books.h"
#include "intake/knowledge.h"

namespace {

using namespace partake;
using books::testing::Seen;

bool agrees(const Seen& seen, books::EventReader& reader) {
  const auto& code = seen.read.error.code;
  const bool of_row =
      code.starts_with("csv.") || code == "time.malformed" || code == "event.too_large";
  if (!seen.read.is_good && of_row) return true;
  auto padded = seen.document + std::string(books::EventReader::json_padding, ' ');
  books::ReadEvent again;
  reader.read(std::string_view{padded}.substr(0, seen.document.size()), again);
  return Seen::same(seen.read, again);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto books = books::testing::sample_books(
      std::filesystem::path{intake::find_library("", "/proc/self/exe").value()}
          .parent_path()
          .string());
  static books::EventReader reader{books->rulebook()};
  if (size == 0) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  // The rows stand behind a line of three dashes.
  const auto end = text.find("---\n");
  const auto file = parse_toml(text.substr(0, end), "fuzz");
  if (!file) return 0;
  Problems problems;
  const auto mapping = books::read_event_mapping(*file, problems);
  if (!problems.empty()) return 0;
  const auto csv = end == std::string_view::npos ? std::string_view{} : text.substr(end + 4);
  const auto read = [&](std::size_t piece, std::size_t batch_bytes) {
    books::testing::Pieces source{csv, {piece}};
    Problems of_header;
    const auto feed =
        books::MappedEvents::open(source, "fuzz", mapping, books->rulebook(), of_header);
    if (feed == nullptr && of_header.empty()) std::abort();
    if (feed == nullptr) return std::vector<Seen>{};
    feed->set_batch_bytes(batch_bytes);
    return books::testing::read_feed(*feed);
  };
  const auto whole = read(size, 1U << 16U);
  if (!(read(1U + data[0], 1U + data[0]) == whole)) std::abort();
  for (const auto& seen : whole) {
    if (!agrees(seen, reader)) std::abort();
  }
  return 0;
}
