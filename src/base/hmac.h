// HMAC-SHA-256 (RFC 2104): a keyed function of a message.
#pragma once

#include <string>
#include <string_view>

#include "base/sha256.h"
#include "base/sha256_block.h"

namespace partake {

class Hmac {
 public:
  explicit Hmac(std::string_view key);
  [[nodiscard]] Hash of(std::string_view message) const;
  // Of two messages: short ones in little more than the time of one.
  [[nodiscard]] std::array<Hash, 2> of_pair(std::string_view message, std::string_view other) const;

 private:
  std::string inner_pad_;
  std::string outer_pad_;
  // The states after the pads, which are the same for every message.
  Sha256State inner_{};
  Sha256State outer_{};
};

}  // namespace partake
