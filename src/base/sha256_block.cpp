#include "base/sha256_block.h"

#include "base/require.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

namespace partake {
namespace {

// FIPS 180-4, 4.2.2.
alignas(16) constexpr std::array<std::uint32_t, 64> round_constants{
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2};

bool look_for_instructions() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  constexpr unsigned sha_bit = 1U << 29U;
  constexpr unsigned sse41_bit = 1U << 19U;
  const bool has_sha = __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & sha_bit) != 0;
  return has_sha && __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & sse41_bit) != 0;
}

#define PARTAKE_SHA __attribute__((target("sha,sse4.1,ssse3"), always_inline))

PARTAKE_SHA inline __m128i load(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

// One compression in the making. The instructions hold the state as ABEF and CDGH and do two rounds
// each; the message schedule W[t] = s1(W[t-2]) + W[t-7] + s0(W[t-15]) + W[t-16] is made four words
// at a time.
struct Lane {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): it does not see the loop.
  PARTAKE_SHA Lane(const Sha256State& state, const std::uint8_t* block) {
    const __m128i big_endian = _mm_set_epi64x(0x0C0D0E0F08090A0B, 0x0405060700010203);
    const __m128i low = _mm_shuffle_epi32(load(state.data()), 0xB1);       // CDAB
    const __m128i high = _mm_shuffle_epi32(load(state.data() + 4), 0x1B);  // EFGH
    abef = abef_before = _mm_alignr_epi8(low, high, 8);
    cdgh = cdgh_before = _mm_blend_epi16(high, low, 0xF0);
    for (std::size_t i = 0; i < 4; ++i) {
      words[i] = _mm_shuffle_epi8(load(block + 16 * i), big_endian);
    }
  }

  // Rounds 4i to 4i + 3.
  PARTAKE_SHA void rounds(std::size_t i) {
    const __m128i sum = _mm_add_epi32(words[i % 4], load(&round_constants[4 * i]));
    cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
    abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
    if (i >= 12) return;
    // words[i % 4] becomes W[4i + 16 .. 4i + 19].
    const __m128i w7 = _mm_alignr_epi8(words[(i + 3) % 4], words[(i + 2) % 4], 4);
    const __m128i part = _mm_add_epi32(_mm_sha256msg1_epu32(words[i % 4], words[(i + 1) % 4]), w7);
    words[i % 4] = _mm_sha256msg2_epu32(part, words[(i + 3) % 4]);
  }

  PARTAKE_SHA void finish(Sha256State& state) const {
    const __m128i feba = _mm_shuffle_epi32(_mm_add_epi32(abef, abef_before), 0x1B);
    const __m128i dchg = _mm_shuffle_epi32(_mm_add_epi32(cdgh, cdgh_before), 0xB1);
    auto* to = reinterpret_cast<__m128i*>(state.data());
    _mm_storeu_si128(to, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128(to + 1, _mm_alignr_epi8(dchg, feba, 8));
  }

  __m128i abef, cdgh, abef_before, cdgh_before;
  __m128i words[4];  // NOLINT: an array of vectors has no std::array
};

}  // namespace

bool has_sha256_instructions() {
  static const bool has = look_for_instructions();
  return has;
}

__attribute__((target("sha,sse4.1,ssse3"))) void sha256_compress(Sha256State& state,
                                                                 const std::uint8_t* block) {
  Lane lane{state, block};
#pragma GCC unroll 16
  for (std::size_t i = 0; i < 16; ++i) lane.rounds(i);
  lane.finish(state);
}

// Each round waits for the one before, so a lane alone leaves the processor idle half the time.
__attribute__((target("sha,sse4.1,ssse3"))) void sha256_compress_pair(
    Sha256State& state, const std::uint8_t* block, Sha256State& other_state,
    const std::uint8_t* other_block) {
  Lane lane{state, block};
  Lane other{other_state, other_block};
#pragma GCC unroll 16
  for (std::size_t i = 0; i < 16; ++i) {
    lane.rounds(i);
    other.rounds(i);
  }
  lane.finish(state);
  other.finish(other_state);
}

#undef PARTAKE_SHA

}  // namespace partake

#else

namespace partake {

bool has_sha256_instructions() { return false; }
void sha256_compress(Sha256State&, const std::uint8_t*) {
  PARTAKE_REQUIRE(has_sha256_instructions());
}
void sha256_compress_pair(Sha256State&, const std::uint8_t*, Sha256State&, const std::uint8_t*) {
  PARTAKE_REQUIRE(has_sha256_instructions());
}

}  // namespace partake

#endif
