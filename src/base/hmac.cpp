#include "base/hmac.h"

namespace partake {
namespace {

std::string pad_of(std::string_view key, char fill) {
  std::string pad(sha256_block_bytes, fill);
  for (std::size_t at = 0; at < key.size(); ++at) {
    pad[at] = static_cast<char>(pad[at] ^ key[at]);
  }
  return pad;
}

Sha256State state_after(const std::string& pad) {
  auto state = sha256_start;
  sha256_compress(state, reinterpret_cast<const std::uint8_t*>(pad.data()));
  return state;
}

}  // namespace

Hmac::Hmac(std::string_view key) {
  Hash hashed{};
  if (key.size() > sha256_block_bytes) {
    hashed = sha256(key);
    key = bytes_of(hashed);
  }
  inner_pad_ = pad_of(key, '\x36');
  outer_pad_ = pad_of(key, '\x5C');
  if (!has_sha256_instructions()) return;
  inner_ = state_after(inner_pad_);
  outer_ = state_after(outer_pad_);
}

Hash Hmac::of(std::string_view message) const {
  if (has_sha256_instructions() && message.size() <= sha256_short_max) {
    return sha256_short(outer_, sha256_block_bytes,
                        {bytes_of(sha256_short(inner_, sha256_block_bytes, {message}))});
  }
  return sha256_parts({outer_pad_, bytes_of(sha256_parts({inner_pad_, message}))});
}

std::array<Hash, 2> Hmac::of_pair(std::string_view message, std::string_view other) const {
  const bool short_ones = has_sha256_instructions() && message.size() <= sha256_short_max &&
                          other.size() <= sha256_short_max;
  if (!short_ones) return {of(message), of(other)};
  const auto inner = sha256_short_pair(inner_, sha256_block_bytes, {message}, {other});
  return sha256_short_pair(outer_, sha256_block_bytes, {bytes_of(inner[0])}, {bytes_of(inner[1])});
}

}  // namespace partake
