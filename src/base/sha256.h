// SHA-256 (FIPS 180-4).
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/sha256_block.h"

namespace partake {

using Hash = std::array<std::uint8_t, 32>;

Hash sha256(std::string_view bytes);
// Of the parts, one after the other.
Hash sha256_parts(std::initializer_list<std::string_view> parts);
// Of two messages, each given by its parts: the same hashes, where both are short in little more
// than the time of one.
std::array<Hash, 2> sha256_pair(std::initializer_list<std::string_view> parts,
                                std::initializer_list<std::string_view> other_parts);
// Finishes a hash whose `bytes_before` (a multiple of 64) are taken in already, with parts of at
// most sha256_short_max bytes together. Requires has_sha256_instructions().
constexpr std::size_t sha256_short_max = 119;
Hash sha256_short(Sha256State state, std::size_t bytes_before,
                  std::initializer_list<std::string_view> parts);
std::array<Hash, 2> sha256_short_pair(const Sha256State& state, std::size_t bytes_before,
                                      std::initializer_list<std::string_view> parts,
                                      std::initializer_list<std::string_view> other_parts);
// Hash of domain, a zero byte, and the bytes: content of one kind cannot pass for another.
Hash sha256_of(std::string_view domain, std::string_view bytes);

// Of bytes that come piece by piece.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  void add(std::string_view bytes);
  // Once, at the end.
  Hash finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

inline std::string_view bytes_of(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}
// In a time that does not depend on where they differ: for secrets.
bool same_secret(const Hash& one, const Hash& other);
std::string to_hex(const Hash& hash);
// Empty unless `text` is 64 lower-case hexadecimal digits.
std::optional<Hash> hash_from_hex(std::string_view text);
// "sha256:" and the first twelve hex digits, for people.
std::string short_name(const Hash& hash);

}  // namespace partake
