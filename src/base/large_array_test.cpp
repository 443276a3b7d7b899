#include "base/large_array.h"

#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

using namespace partake;

namespace {

constexpr std::size_t mib = std::size_t{1} << 20U;

// Sizes below and above those at which the array takes huge pages and threads of its own.
const std::vector<std::size_t> sizes{1,           7,   512,       100'000,     mib / 8 - 1, mib / 4,
                                     mib / 4 + 1, mib, mib + 511, 4 * mib + 3, 9 * mib};

}  // namespace

TEST_CASE("large array: what stood in it stays while it grows, and the rest is zero") {
  for (const bool ahead : {false, true}) {
    CAPTURE(ahead);
    LargeArray<std::uint64_t> array;
    CHECK_EQ(array.capacity(), 0);
    std::size_t before = 0;
    for (const auto size : sizes) {
      CAPTURE(size);
      ahead ? array.grow_ahead(size) : array.grow(size);
      REQUIRE_EQ(array.capacity(), size);
      for (const auto at : {before, (before + size) / 2, size - 1}) CHECK_EQ(array[at], 0);
      for (std::size_t at = before; at < size; ++at) array[at] = at + 1;
      before = size;
    }
    array.grow(10);
    CHECK_EQ(array.capacity(), sizes.back());
    std::size_t wrong = 0;
    for (std::size_t at = 0; at < before; ++at) wrong += array[at] == at + 1 ? 0 : 1;
    CHECK_EQ(wrong, 0);
  }
}

TEST_CASE("large array: it may be moved and destroyed while its memory is still fetched") {
  LargeArray<std::uint64_t> array;
  array.grow_ahead(16 * mib);
  array[16 * mib - 1] = 7;
  LargeArray<std::uint64_t> other{std::move(array)};
  other.grow_ahead(32 * mib);
  CHECK_EQ(other[16 * mib - 1], 7);
  CHECK_EQ(other[32 * mib - 1], 0);
  array = std::move(other);
  array.grow(33 * mib);
  CHECK_EQ(array[16 * mib - 1], 7);
}
