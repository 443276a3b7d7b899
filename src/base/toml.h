// TOML as a small tree of values that know their place, in the order of the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace partake {

struct TomlValue {
  enum class Kind : std::uint8_t { text, integer, boolean, array, table };
  struct Member;

  Kind kind = Kind::table;
  Place place;
  std::string text;          // Of a string.
  bool plain_text = true;    // The string holds no escapes: column + 1 + i is character i.
  std::int64_t integer = 0;  // Also 0 or 1 for a boolean.
  std::vector<TomlValue> items;
  std::vector<Member> members;

  [[nodiscard]] const TomlValue* find(std::string_view key) const;
};

struct TomlValue::Member {
  std::string key;
  Place place;
  TomlValue value;
};

// At most 1 MiB, 32 levels. Floats and dates are refused: numbers with a meaning are strings.
// Errors: toml.too_large, toml.malformed, toml.number_not_string, toml.not_utf8.
Result<TomlValue> parse_toml(std::string_view text, const std::string& file);

const char* name_of(TomlValue::Kind kind);

}  // namespace partake
