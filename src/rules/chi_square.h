// Pearson's chi-square test of digits, in whole numbers: sum of (observed - expected)^2 / expected
// (K. Pearson, Philosophical Magazine 50 (1900) 157; NIST/SEMATECH e-Handbook of Statistical
// Methods, 1.3.5.15).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace partake::rules {

// Parts of 10^9 that each digit has among many.
constexpr std::int64_t digit_parts = 1'000'000'000;
// Last digits, 0 to 9: all alike.
std::span<const std::int64_t> last_digit_parts();
// First digits, 1 to 9: log10(1 + 1/d) (F. Benford, Proc. Am. Phil. Soc. 78 (1938) 551), rounded by
// largest remainders, so that they are together exactly 1.
std::span<const std::int64_t> first_digit_parts();

// The handbook asks for at least five expected values in each cell.
constexpr std::int64_t last_digits_min = 50;    // 5 / 0.1
constexpr std::int64_t first_digits_min = 110;  // 5 / 0.0458, rounded up

// In thousandths; each cell's observed^2 / expected is rounded down to a thousandth. Requires as
// many cells as parts, and a sum of at most 2^31 that is not 0.
std::int64_t chi_square_milli(std::span<const std::int64_t> observed,
                              std::span<const std::int64_t> parts);

// What chance exceeds so rarely, for one degree of freedom less than there are digits; in
// thousandths. Empty unless the significance is one of these texts.
constexpr std::array<std::string_view, 4> significances{"0.05", "0.01", "0.001", "0.0001"};
std::optional<std::int64_t> critical_milli(std::string_view significance, bool first_digits);

}  // namespace partake::rules
