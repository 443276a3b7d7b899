// Ed25519 signatures (RFC 8032).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace partake {

using PublicKey = std::array<std::uint8_t, 32>;
using SecretSeed = std::array<std::uint8_t, 32>;  // RFC 8032: the private key.
using Signature = std::array<std::uint8_t, 64>;

PublicKey public_key_of(const SecretSeed& seed);
Signature sign(const SecretSeed& seed, std::string_view message);
bool verify(const PublicKey& key, std::string_view message, const Signature& signature);

}  // namespace partake
