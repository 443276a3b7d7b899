#include "method/kernels.h"

#include <bit>
#include <cmath>

#include "method/builder.h"
#include "method/scalar_functions.h"

// Wider vectors where the processor has them; the bits are the same. Not under the sanitizers,
// whose start-up does not bear indirect functions.
#if defined(__OPTIMIZE__) && defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && \
    defined(__GNUC__) && !defined(__clang__)
#define PARTAKE_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define PARTAKE_WIDE
#endif

namespace partake::method {
namespace {

template <class Function>
[[gnu::always_inline]] inline void over(double* out, const Column& a, const Column& b,
                                        std::size_t rows, Function function) {
  if (b.is_uniform()) {
    const double y = b.uniform;
    for (std::size_t i = 0; i < rows; ++i) out[i] = function(a.values[i], y);
  } else if (a.is_uniform()) {
    const double x = a.uniform;
    for (std::size_t i = 0; i < rows; ++i) out[i] = function(x, b.values[i]);
  } else {
    for (std::size_t i = 0; i < rows; ++i) out[i] = function(a.values[i], b.values[i]);
  }
}

template <class Function>
[[gnu::always_inline]] inline void over(double* out, const Column& a, std::size_t rows,
                                        Function function) {
  for (std::size_t i = 0; i < rows; ++i) out[i] = function(a.values[i]);
}

void select(double* out, const Column& a, const Column& b, const Column& c, std::size_t rows) {
  for (std::size_t i = 0; i < rows; ++i) {
    const double chosen = b.at(i);
    const double other = c.at(i);
    out[i] = a.at(i) != 0 ? chosen : other;
  }
}

// Adding and taking away 1.5 x 2^52 leaves the nearest integer, ties to even, in the low bits of
// the mantissa (round to nearest is the mode throughout).
constexpr double magic = 6755399441055744.0;
constexpr double fast_limit = 2251799813685248.0;  // 2^51

}  // namespace

// One line an instruction, all in one function: that is what the wide clones are made of.
// NOLINTNEXTLINE(readability-function-size,readability-function-cognitive-complexity)
PARTAKE_WIDE void run_kernel(Op op, double* out, const Column& a, const Column& b, const Column& c,
                             std::size_t rows) {
  switch (op) {
    case Op::add:
      return over(out, a, b, rows, [](double x, double y) { return x + y; });
    case Op::subtract:
      return over(out, a, b, rows, [](double x, double y) { return x - y; });
    case Op::multiply:
      return over(out, a, b, rows, [](double x, double y) { return x * y; });
    case Op::divide:
      return over(out, a, b, rows, [](double x, double y) { return x / y; });
    case Op::minimum:
      return over(out, a, b, rows, [](double x, double y) { return y < x ? y : x; });
    case Op::maximum:
      return over(out, a, b, rows, [](double x, double y) { return x < y ? y : x; });
    case Op::less:
      return over(out, a, b, rows, [](double x, double y) { return x < y ? 1.0 : 0.0; });
    case Op::less_equal:
      return over(out, a, b, rows, [](double x, double y) { return x <= y ? 1.0 : 0.0; });
    case Op::equal:
      return over(out, a, b, rows, [](double x, double y) { return x == y ? 1.0 : 0.0; });
    case Op::chain:
      return over(out, a, b, rows, [](double x, double y) { return x == 0 ? 0 : x * y; });
    case Op::negate:
      return over(out, a, rows, [](double x) { return -x; });
    case Op::absolute:
      return over(out, a, rows, [](double x) { return std::fabs(x); });
    case Op::square_root:
      return over(out, a, rows, [](double x) { return std::sqrt(x); });
    case Op::reference:
      return over(out, a, rows, [](double x) { return x == 0 ? 1.0 : std::fabs(x); });
    case Op::logical_not:
      return over(out, a, rows, [](double x) { return x == 0 ? 1.0 : 0.0; });
    case Op::select:
      return select(out, a, b, c, rows);
    default:
      for (std::size_t i = 0; i < rows; ++i) out[i] = apply(op, a.at(i), b.at(i), c.at(i));
  }
}

PARTAKE_WIDE bool round_fast(const double* values, std::size_t rows, std::int64_t* out) {
  // Unsigned: a value beyond the limit wraps here and is told by the count below.
  constexpr auto magic_bits = std::bit_cast<std::uint64_t>(magic);
  std::uint64_t fits = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    out[i] =
        static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(values[i] + magic) - magic_bits);
    fits += std::fabs(values[i]) < fast_limit ? 1U : 0U;
  }
  return fits == rows;
}

RowState round_carefully(double value, std::int64_t& out) {
  constexpr double limit = 9.0e18;  // Below 2^63.
  out = 0;
  if (!std::isfinite(value)) return RowState::not_finite;
  if (std::fabs(value) >= limit) return RowState::too_large;
  out = static_cast<std::int64_t>(std::fabs(value) < fast_limit ? (value + magic) - magic
                                                                : std::nearbyint(value));
  return RowState::good;
}

bool inside(double value, const ColumnInput& range) {
  const bool above = range.low_open ? value > range.low : value >= range.low;
  const bool below = range.high_open ? value < range.high : value <= range.high;
  return above && below;
}

PARTAKE_WIDE bool all_inside(const double* values, std::size_t rows, const ColumnInput& range) {
  // Closed bounds just inside the open ones keep the loop to two comparisons.
  const double low = range.low_open ? std::nextafter(range.low, INFINITY) : range.low;
  const double high = range.high_open ? std::nextafter(range.high, -INFINITY) : range.high;
  std::uint64_t above = 0;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    above += values[i] >= low ? 1U : 0U;
    below += values[i] <= high ? 1U : 0U;
  }
  return above == rows && below == rows;
}

}  // namespace partake::method
