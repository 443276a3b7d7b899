// Timing in one process: the best of several runs, and the ratio to a limit measured beside it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace partake::bench {

// Seconds of the fastest of `runs`.
template <class Work>
double best_of(int runs, Work work) {
  double best = 1e300;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count());
  }
  return best;
}

inline void figure(const char* what, double value, const char* unit, double limit,
                   const char* limit_name) {
  std::printf("%-52s %12.1f %-12s %6.2f of %s\n", what, value, unit, value / limit, limit_name);
}

}  // namespace partake::bench
