// SHA-256's compression function by the processor's own instructions: several times the speed of a
// library call for the short inputs that records are. base/sha256.h is the way to use it.
#pragma once

#include <array>
#include <cstdint>

namespace partake {

constexpr std::size_t sha256_block_bytes = 64;
using Sha256State = std::array<std::uint32_t, 8>;

constexpr Sha256State sha256_start{0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                   0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};

// Whether this processor has the instructions (x86-64 SHA extensions).
bool has_sha256_instructions();
// Takes in one block of 64 bytes. Requires has_sha256_instructions().
void sha256_compress(Sha256State& state, const std::uint8_t* block);
// The same for two states that are not the same one, in little more than the time of one.
void sha256_compress_pair(Sha256State& state, const std::uint8_t* block, Sha256State& other_state,
                          const std::uint8_t* other_block);

}  // namespace partake
