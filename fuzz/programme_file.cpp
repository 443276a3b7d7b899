// A programme with a scheme, from its text to an edition that credits: problems or rules, no crash.
#define DOCTEST_CONFIG_DISABLE
#pragma clang diagnostic ignored "-Wunused-variable"
#include "books/testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace partake;
  const std::string text{reinterpret_cast<const char*>(data), size};
  const auto file = parse_toml(text, "fuzz");
  if (!file) return 0;
  Problems problems;
  static_cast<void>(programme::read_programme(*file, problems));
  if (!problems.empty()) return 0;
  auto contents = books::testing::small_contents();
  contents.back().text = text;
  books::ProgrammeNumbers numbers;
  const auto edition = books::Edition::build(contents, numbers, problems);
  if (!problems.empty()) return 0;
  static_cast<void>(books::hash_of(edition->manifest(contents)));
  return 0;
}
