// Which numbers of a stream were taken: the highest, and a bit for each of the last 65,536.
#pragma once

#include <cstdint>
#include <vector>

namespace partake::books {

class SequenceWindow {
 public:
  static constexpr std::uint64_t width = 1U << 16U;
  // A number so far ahead of the highest is a mistake of the source, not progress.
  static constexpr std::uint64_t ahead_max = 1U << 20U;

  enum class Place : std::uint8_t {
    fresh,
    taken,
    passed,  // Too far behind to know from here: the journal tells whether it was taken.
    far_ahead,
  };

  [[nodiscard]] Place of(std::uint64_t sequence) const {
    if (bits_.empty()) return Place::fresh;
    if (sequence > highest_) {
      return sequence - highest_ > ahead_max ? Place::far_ahead : Place::fresh;
    }
    if (highest_ - sequence >= width) return Place::passed;
    return bit(sequence) ? Place::taken : Place::fresh;
  }

  void take(std::uint64_t sequence) {
    if (bits_.empty()) {
      bits_.resize(width / 64);
      highest_ = sequence;
    }
    if (sequence > highest_) {
      if (sequence - highest_ >= width) {
        bits_.assign(bits_.size(), 0);
      } else {
        for (auto between = highest_ + 1; between < sequence; ++between) set(between, false);
      }
      highest_ = sequence;
    }
    if (highest_ - sequence < width) set(sequence, true);
  }

  [[nodiscard]] bool is_used() const { return !bits_.empty(); }
  [[nodiscard]] std::uint64_t highest() const { return highest_; }
  [[nodiscard]] const std::vector<std::uint64_t>& bits() const { return bits_; }
  // Requires width / 64 words.
  void restore(std::uint64_t highest, std::vector<std::uint64_t> bits) {
    highest_ = highest;
    bits_ = std::move(bits);
  }

 private:
  [[nodiscard]] bool bit(std::uint64_t sequence) const {
    const auto at = sequence % width;
    return (bits_[at / 64] >> (at % 64) & 1U) != 0;
  }
  void set(std::uint64_t sequence, bool value) {
    const auto at = sequence % width;
    const auto mask = std::uint64_t{1} << (at % 64);
    bits_[at / 64] = value ? bits_[at / 64] | mask : bits_[at / 64] & ~mask;
  }

  std::uint64_t highest_ = 0;
  std::vector<std::uint64_t> bits_;
};

}  // namespace partake::books
