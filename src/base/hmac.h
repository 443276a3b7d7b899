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

 private:
  std::string inner_pad_;
  std::string outer_pad_;
  // The states after the pads, which are the same for every message.
  Sha256State inner_{};
  Sha256State outer_{};
};

}  // namespace partake
