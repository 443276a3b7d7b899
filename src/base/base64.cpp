#include "base/base64.h"

#include <limits>

#include <openssl/evp.h>

#include "base/require.h"

namespace partake {
namespace {

const unsigned char* unsigned_bytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  PARTAKE_REQUIRE(bytes.size() < std::numeric_limits<int>::max() / 2);
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a zero.
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   unsigned_bytes(bytes), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() >= std::numeric_limits<int>::max()) return std::nullopt;
  if (text.empty()) return std::string{};
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   unsigned_bytes(text), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // OpenSSL decodes padding to zero bytes, and overlooks blanks and stray bits.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  if (to_base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace partake
