#include "base/require.h"

#include <cstdio>
#include <cstdlib>

namespace partake {

void broken_invariant(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "partake: broken invariant: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace partake
