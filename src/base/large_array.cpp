#include "base/large_array.h"

#include <algorithm>
#include <cstdint>
#include <new>

#include <sys/mman.h>

namespace partake {
namespace {

constexpr std::size_t page = 4096;
// What processors translate in one step where the system helps: random access to large arrays is
// a tenth faster (docs/performance.md).
constexpr std::size_t huge_page = std::size_t{2} << 20U;
constexpr int space_flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

std::uintptr_t rounded_up(std::uintptr_t value, std::size_t unit) {
  return (value + unit - 1) / unit * unit;
}
std::uintptr_t number_of(void* address) { return reinterpret_cast<std::uintptr_t>(address); }
void* address_of(std::uintptr_t number) { return reinterpret_cast<void*>(number); }  // NOLINT

// Addresses that nothing stands at, from a huge page on. Requires whole pages.
void* reserve(std::size_t bytes) {
  auto* raw = mmap(nullptr, bytes + huge_page, PROT_NONE, space_flags, -1, 0);
  if (raw == MAP_FAILED) throw std::bad_alloc{};
  const auto start = rounded_up(number_of(raw), huge_page);
  const auto before = start - number_of(raw);
  if (before > 0) munmap(raw, before);
  if (before < huge_page) munmap(address_of(start + bytes), huge_page - before);
  return address_of(start);
}

// Parts so small that nobody waits long for the lock that the system holds meanwhile.
void touch(std::uintptr_t start, std::size_t bytes, const std::atomic<bool>& stop) {
  constexpr std::size_t part = huge_page;
  const auto end = start + bytes;
  for (start = rounded_up(start, page); start < end && !stop; start += part) {
    // Kernels before 5.14 do not know it; then the memory is found when it is used.
    if (madvise(address_of(start), std::min(part, end - start), MADV_POPULATE_WRITE) != 0) return;
  }
}

}  // namespace

void* map_memory(std::size_t bytes) {
  bytes = rounded_up(bytes, page);
  const bool is_large = bytes >= huge_page;
  void* place = is_large ? reserve(bytes) : nullptr;
  void* start =
      mmap(place, bytes, PROT_READ | PROT_WRITE, space_flags | (is_large ? MAP_FIXED : 0), -1, 0);
  if (start == MAP_FAILED) throw std::bad_alloc{};
  // Advice: where it is not taken, the pages are small.
  if (is_large) static_cast<void>(madvise(start, bytes, MADV_HUGEPAGE));
  return start;
}

void* grow_memory(void* start, std::size_t bytes, std::size_t bytes_wanted) {
  bytes = rounded_up(bytes, page);
  bytes_wanted = rounded_up(bytes_wanted, page);
  if (bytes_wanted == bytes) return start;
  if (bytes_wanted < huge_page) {
    start = mremap(start, bytes, bytes_wanted, MREMAP_MAYMOVE);
  } else if (bytes < huge_page || mremap(start, bytes, bytes_wanted, 0) == MAP_FAILED) {
    start =
        mremap(start, bytes, bytes_wanted, MREMAP_MAYMOVE | MREMAP_FIXED, reserve(bytes_wanted));
  }
  if (start == MAP_FAILED) throw std::bad_alloc{};
  if (bytes_wanted >= huge_page) static_cast<void>(madvise(start, bytes_wanted, MADV_HUGEPAGE));
  return start;
}

void unmap_memory(void* start, std::size_t bytes) { munmap(start, rounded_up(bytes, page)); }

MemoryToucher::MemoryToucher(void* start, std::size_t bytes)
    : thread_{[this, start, bytes] { touch(number_of(start), bytes, stop_); }} {}

MemoryToucher::~MemoryToucher() {
  stop_ = true;
  thread_.join();
}

}  // namespace partake
