// Asks memory for what will be needed soon.
#pragma once

namespace partake {

inline void prefetch(const void* address) {
  __builtin_prefetch(address, 1);
  // GCC takes a function that only prefetches for one without effect and drops the call.
  asm volatile("" : : "r"(address));  // NOLINT(hicpp-no-assembler): nothing else stops it
}

}  // namespace partake
