// Test data from outside the project, beside it in ../shared.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

namespace partake::testing {

// The path, or empty: then the test skips, except in CI, where missing data is a failure.
inline std::string outside(const std::string& name) {
  const auto path = std::filesystem::path{SOURCE_DIR}.parent_path() / "shared" / name;
  if (std::filesystem::exists(path)) return path.string();
  const char* ci = std::getenv("CI");
  if (ci != nullptr && std::string{ci} == "true") FAIL("outside data is missing: " << name);
  MESSAGE("skipped: outside data is missing: " << name);
  return {};
}
inline std::string outside_data(const std::string& name) { return outside("data/" + name); }

}  // namespace partake::testing
