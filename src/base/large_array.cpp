#include "base/large_array.h"

#include <new>

#include <sys/mman.h>

namespace partake {
void* map_memory(std::size_t bytes) {
  void* start = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED) throw std::bad_alloc{};
  return start;
}

void* grow_memory(void* start, std::size_t bytes, std::size_t bytes_wanted) {
  start = mremap(start, bytes, bytes_wanted, MREMAP_MAYMOVE);
  if (start == MAP_FAILED) throw std::bad_alloc{};
  return start;
}

void unmap_memory(void* start, std::size_t bytes) { munmap(start, bytes); }

}  // namespace partake
