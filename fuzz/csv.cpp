// CSV: any bytes, arriving in any pieces, give the same rows.
#include "base/csv.h"

#include <cstdlib>
#include <cstring>

namespace {

class Pieces final : public partake::ByteSource {
 public:
  Pieces(std::string_view text, std::size_t piece) : text_{text}, piece_{piece} {}
  partake::Result<std::size_t> read(char* target, std::size_t size) override {
    const auto count = std::min({size, piece_, text_.size() - at_});
    std::memcpy(target, text_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string_view text_;
  std::size_t piece_;
  std::size_t at_ = 0;
};

std::string read_all(std::string_view text, std::size_t piece) {
  Pieces source{text, piece};
  partake::CsvReader reader{source, "fuzz", {.record_bytes = 4096, .columns = 64}};
  std::string out;
  const auto header = reader.header();
  if (!header) return header.error().code;
  for (;;) {
    const auto row = reader.next();
    if (!row) return out + row.error().code;
    if (*row == partake::CsvReader::Row::end) return out;
    if (*row == partake::CsvReader::Row::bad)
      out += reader.problem().code;
    else
      for (const auto field : reader.fields()) out += std::string{field} + "\x1f";
    out += std::to_string(reader.line()) + "\n";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  if (read_all(text, 1U << 20U) != read_all(text, 1U + data[0])) std::abort();
  return 0;
}
