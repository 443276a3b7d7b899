#include "rules/chi_square.h"

#include <algorithm>

#include "base/int128.h"
#include "base/require.h"

namespace partake::rules {
namespace {

constexpr std::array<std::int64_t, 10> alike{100'000'000, 100'000'000, 100'000'000, 100'000'000,
                                             100'000'000, 100'000'000, 100'000'000, 100'000'000,
                                             100'000'000, 100'000'000};
constexpr std::array<std::int64_t, 9> benford{301'029'996, 176'091'259, 124'938'737,
                                              96'910'013,  79'181'246,  66'946'790,
                                              57'991'947,  51'152'522,  45'757'490};

// chi_square_test.cpp computes them from the distribution's definition.
constexpr std::array<std::int64_t, 4> of_nine{16'919, 21'666, 27'877, 33'720};   // Ten digits.
constexpr std::array<std::int64_t, 4> of_eight{15'507, 20'090, 26'124, 31'828};  // Nine.

}  // namespace

std::span<const std::int64_t> last_digit_parts() { return alike; }
std::span<const std::int64_t> first_digit_parts() { return benford; }

std::int64_t chi_square_milli(std::span<const std::int64_t> observed,
                              std::span<const std::int64_t> parts) {
  PARTAKE_REQUIRE(observed.size() == parts.size());
  std::int64_t count = 0;
  for (const auto cell : observed) count += cell;
  constexpr std::int64_t count_max = std::int64_t{1} << 31U;
  PARTAKE_REQUIRE(0 < count && count <= count_max);
  // The sum of squares over expected, less the count, is the sum of the definition.
  Int128 sum = 0;
  for (std::size_t at = 0; at < observed.size(); ++at) {
    const auto square = Int128{observed[at]} * observed[at];
    sum += square * 1000 * digit_parts / (Int128{count} * parts[at]);
  }
  return static_cast<std::int64_t>(std::max<Int128>(0, sum - Int128{count} * 1000));
}

std::optional<std::int64_t> critical_milli(std::string_view significance, bool first_digits) {
  const auto* const found = std::find(significances.begin(), significances.end(), significance);
  if (found == significances.end()) return std::nullopt;
  const auto at = static_cast<std::size_t>(found - significances.begin());
  return first_digits ? of_eight[at] : of_nine[at];
}

}  // namespace partake::rules
