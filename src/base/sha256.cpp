#include "base/sha256.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/require.h"
#include "base/sha256_block.h"

namespace partake {
namespace {

using Parts = std::initializer_list<std::string_view>;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeDigest {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};

// Through OpenSSL, of any length.
Hash sha256_of_any(Parts parts) {
  // Fetching the algorithm is the slow part in OpenSSL 3; a thread does it once.
  thread_local const std::unique_ptr<EVP_MD, FreeDigest> algorithm{
      EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
  PARTAKE_REQUIRE(algorithm && context);
  PARTAKE_REQUIRE(EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) == 1);
  for (const auto part : parts) {
    PARTAKE_REQUIRE(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  }
  Hash hash{};
  unsigned size = 0;
  PARTAKE_REQUIRE(EVP_DigestFinal_ex(context.get(), hash.data(), &size) == 1);
  PARTAKE_REQUIRE(size == hash.size());
  return hash;
}

std::size_t size_of(Parts parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  return size;
}

// A short message with what SHA-256 appends to it.
struct Padded {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): what is read was written.
  Padded(std::size_t bytes_before, Parts parts) {
    std::size_t size = 0;
    for (const auto part : parts) {
      PARTAKE_REQUIRE(part.size() <= sha256_short_max - size);
      if (part.empty()) continue;
      std::memcpy(bytes.data() + size, part.data(), part.size());
      size += part.size();
    }
    const auto bits = __builtin_bswap64(8 * (bytes_before + size));
    end = (size + 1 + sizeof bits + sha256_block_bytes - 1) & ~(sha256_block_bytes - 1);
    std::memset(bytes.data() + size, 0, end - size);
    bytes[size] = 0x80;
    std::memcpy(bytes.data() + end - sizeof bits, &bits, sizeof bits);
  }

  // Takes in the blocks from `at` on.
  void compress_into(Sha256State& state, std::size_t at = 0) const {
    for (; at < end; at += sha256_block_bytes) sha256_compress(state, bytes.data() + at);
  }

  alignas(16) std::array<std::uint8_t, 2 * sha256_block_bytes> bytes;
  std::size_t end;  // Of the last block; nothing is written beyond it.
};

void write(const Sha256State& state, Hash& hash) {
  for (std::size_t word = 0; word < state.size(); ++word) {
    const auto big_endian = __builtin_bswap32(state[word]);
    std::memcpy(hash.data() + word * sizeof big_endian, &big_endian, sizeof big_endian);
  }
}

}  // namespace

Hash sha256_short(Sha256State state, std::size_t bytes_before,
                  std::initializer_list<std::string_view> parts) {
  Padded{bytes_before, parts}.compress_into(state);
  Hash hash{};
  write(state, hash);
  return hash;
}

Hash sha256_parts(std::initializer_list<std::string_view> parts) {
  if (size_of(parts) > sha256_short_max || !has_sha256_instructions()) return sha256_of_any(parts);
  return sha256_short(sha256_start, 0, parts);
}

std::array<Hash, 2> sha256_short_pair(const Sha256State& state, std::size_t bytes_before,
                                      std::initializer_list<std::string_view> parts,
                                      std::initializer_list<std::string_view> other_parts) {
  const Padded message{bytes_before, parts};
  const Padded other{bytes_before, other_parts};
  auto message_state = state;
  auto other_state = state;
  std::size_t at = 0;
  for (; at < std::min(message.end, other.end); at += sha256_block_bytes) {
    sha256_compress_pair(message_state, message.bytes.data() + at, other_state,
                         other.bytes.data() + at);
  }
  message.compress_into(message_state, at);
  other.compress_into(other_state, at);
  std::array<Hash, 2> hashes{};
  write(message_state, hashes[0]);
  write(other_state, hashes[1]);
  return hashes;
}

std::array<Hash, 2> sha256_pair(std::initializer_list<std::string_view> parts,
                                std::initializer_list<std::string_view> other_parts) {
  const bool short_ones = size_of(parts) <= sha256_short_max &&
                          size_of(other_parts) <= sha256_short_max && has_sha256_instructions();
  if (!short_ones) return {sha256_parts(parts), sha256_parts(other_parts)};
  return sha256_short_pair(sha256_start, 0, parts, other_parts);
}

struct Sha256Stream::State {
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

Sha256Stream::Sha256Stream() : state_{std::make_unique<State>()} {
  PARTAKE_REQUIRE(state_->context);
  PARTAKE_REQUIRE(EVP_DigestInit_ex2(state_->context.get(), EVP_sha256(), nullptr) == 1);
}
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::add(std::string_view bytes) {
  PARTAKE_REQUIRE(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

Hash Sha256Stream::finish() {
  Hash hash{};
  unsigned size = 0;
  PARTAKE_REQUIRE(EVP_DigestFinal_ex(state_->context.get(), hash.data(), &size) == 1);
  return hash;
}

Hash sha256(std::string_view bytes) { return sha256_parts({bytes}); }

Hash sha256_of(std::string_view domain, std::string_view bytes) {
  return sha256_parts({domain, std::string_view{"\0", 1}, bytes});
}

bool same_secret(const Hash& one, const Hash& other) {
  return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::string to_hex(const Hash& hash) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * hash.size());
  for (const auto byte : hash) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::optional<Hash> hash_from_hex(std::string_view text) {
  Hash hash{};
  if (text.size() != 2 * hash.size()) return std::nullopt;
  for (std::size_t at = 0; at < hash.size(); ++at) {
    const auto* first = text.data() + 2 * at;
    const auto [end, problem] = std::from_chars(first, first + 2, hash[at], 16);
    if (problem != std::errc{} || end != first + 2) return std::nullopt;
  }
  // One spelling only.
  if (to_hex(hash) != text) return std::nullopt;
  return hash;
}

std::string short_name(const Hash& hash) { return "sha256:" + to_hex(hash).substr(0, 12); }

}  // namespace partake
