// Helpers for the journal's tests.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "base/file.h"
#include "base/json.h"
#include "journal/merkle.h"

namespace partake::journal::testing {

inline std::string from_hex(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    bytes += static_cast<char>(std::stoi(std::string{text.substr(at, 2)}, nullptr, 16));
  }
  return bytes;
}

inline Json read_json(const std::string& path) {
  const auto text = read_file(path);
  REQUIRE(text);
  auto json = parse_json(*text);
  REQUIRE(json);
  return *std::move(json);
}

inline std::uint64_t number(const Json& object, std::string_view key) {
  return std::stoull(object.find(key)->number()->text);
}

}  // namespace partake::journal::testing
