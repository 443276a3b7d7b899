// Integers in as few bytes as they need: seven bits a byte, least significant first (LEB128).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace partake {

constexpr std::size_t varint_bytes_max = 10;

inline void append_varint(std::string& bytes, std::uint64_t value) {
  char buffer[varint_bytes_max];  // NOLINT: one append is faster than ten
  std::size_t size = 0;
  while (value >= 0x80) {
    buffer[size++] = static_cast<char>(value | 0x80U);
    value >>= 7U;
  }
  buffer[size++] = static_cast<char>(value);
  bytes.append(buffer, size);
}

// Takes a number from the front of `bytes`. False, and nothing taken, where there is none or it is
// not in its shortest form: each number has one spelling.
inline bool take_varint(std::string_view& bytes, std::uint64_t& value) {
  std::uint64_t result = 0;
  const auto size_max = bytes.size() < varint_bytes_max ? bytes.size() : varint_bytes_max;
  for (std::size_t at = 0; at < size_max; ++at) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    result |= std::uint64_t{byte & 0x7FU} << (7 * at);
    if (byte >= 0x80) continue;
    if ((byte == 0 && at != 0) || (at == varint_bytes_max - 1 && byte > 1)) return false;
    bytes.remove_prefix(at + 1);
    value = result;
    return true;
  }
  return false;
}

// Signed numbers of small magnitude become small: 0, -1, 1, -2, ... are 0, 1, 2, 3, ...
constexpr std::uint64_t to_zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t from_zigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
}

}  // namespace partake
