// Seeded numbers, the same on every machine, and a function that spreads keys: SplitMix64 (Steele,
// Lea and Flood 2014, "Fast splittable pseudorandom number generators").
#pragma once

#include <cstdint>

namespace partake {

// One to one; each bit of the key changes about half of the bits that come out.
constexpr std::uint64_t spread(std::uint64_t key) {
  key = (key ^ (key >> 30U)) * 0xBF58476D1CE4E5B9U;
  key = (key ^ (key >> 27U)) * 0x94D049BB133111EBU;
  return key ^ (key >> 31U);
}

class SplitMix {
 public:
  explicit SplitMix(std::uint64_t seed) : state_{seed} {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    return spread(state_);
  }
  // Below `count`, which is not 0.
  std::uint64_t operator()(std::uint64_t count) { return next() % count; }

 private:
  std::uint64_t state_;
};

}  // namespace partake
