// require(condition): an invariant of our own. It stays on in release and stops the program;
// no input may be able to reach it.
#pragma once

namespace partake {

[[noreturn]] void broken_invariant(const char* condition, const char* file, int line);

}  // namespace partake

#define PARTAKE_REQUIRE(condition) \
  ((condition) ? void(0) : ::partake::broken_invariant(#condition, __FILE__, __LINE__))
