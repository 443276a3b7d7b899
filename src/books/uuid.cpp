#include "books/uuid.h"

#include <cstdint>

namespace partake::books {
namespace {

constexpr std::size_t text_size = 36;
constexpr std::string_view digits = "0123456789abcdef";
// Where the digits of each byte start in the text, and the dashes between them.
constexpr std::array<std::size_t, 16> places{0,  2,  4,  6,  9,  11, 14, 16,
                                             19, 21, 24, 26, 28, 30, 32, 34};
constexpr std::array<std::size_t, 4> dashes{8, 13, 18, 23};

// The digit of each character; anything above 15 is none.
constexpr auto digit_of = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(0xFF);
  for (std::size_t digit = 0; digit < digits.size(); ++digit) {
    table[static_cast<unsigned char>(digits[digit])] = static_cast<std::uint8_t>(digit);
  }
  return table;
}();

}  // namespace

bool parse_uuid(std::string_view text, Uuid& uuid) {
  if (text.size() != text_size) return false;
  for (const auto dash : dashes) {
    if (text[dash] != '-') return false;
  }
  unsigned all = 0;
  for (std::size_t at = 0; at < uuid.size(); ++at) {
    const unsigned high = digit_of[static_cast<unsigned char>(text[places[at]])];
    const unsigned low = digit_of[static_cast<unsigned char>(text[places[at] + 1])];
    all |= high | low;
    uuid[at] = static_cast<unsigned char>(high << 4U | low);
  }
  return all < 16;
}

std::string to_string(const Uuid& uuid) {
  std::string text(text_size, '-');
  for (std::size_t at = 0; at < uuid.size(); ++at) {
    text[places[at]] = digits[uuid[at] >> 4U];
    text[places[at] + 1] = digits[uuid[at] & 15U];
  }
  return text;
}

}  // namespace partake::books
