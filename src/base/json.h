// JSON: a bounded reader, and a writer whose output is canonical (RFC 8785).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace partake {

// A JSON value. Numbers keep their text, so that no digit is lost.
class Json {
 public:
  struct Number {
    std::string text;
    friend bool operator==(const Number&, const Number&) = default;
  };
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;
  Json(bool value) : value_{value} {}                           // NOLINT: a value type
  Json(std::string value) : value_{std::move(value)} {}         // NOLINT
  Json(std::string_view value) : value_{std::string{value}} {}  // NOLINT
  Json(const char* value) : value_{std::string{value}} {}       // NOLINT
  Json(Number value) : value_{std::move(value)} {}              // NOLINT
  Json(Array value) : value_{std::move(value)} {}               // NOLINT
  Json(Object value) : value_{std::move(value)} {}              // NOLINT
  [[nodiscard]] static Json integer(std::int64_t value) {
    return Json{Number{std::to_string(value)}};
  }

  [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&value_); }
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&value_); }
  [[nodiscard]] const Number* number() const { return std::get_if<Number>(&value_); }
  [[nodiscard]] const Array* array() const { return std::get_if<Array>(&value_); }
  [[nodiscard]] const Object* object() const { return std::get_if<Object>(&value_); }
  [[nodiscard]] bool is_null() const { return value_.index() == 0; }
  // The member of an object, or null.
  [[nodiscard]] const Json* find(std::string_view key) const;

 private:
  std::variant<std::monostate, bool, std::string, Number, Array, Object> value_;
};

struct JsonLimits {
  std::size_t bytes = 16U << 20U;
  std::size_t depth = 64;
};

// Errors: json.too_large, json.too_deep, json.malformed.
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

// RFC 8785: keys sorted by UTF-16 code units, no white space, strings in NFC. Numbers are written
// as their text, so canonical content holds integers only (decimals go as strings).
std::string canonical(const Json& value);
// Indented, keys in the order given; for people and pipes.
std::string pretty(const Json& value);
// The text as a JSON string, its letters as they are.
void append_quoted(std::string& out, std::string_view text);

// How many JSON documents stand in the lines, each parsed by simdjson and thrown away, in one
// thread: what the speed of reading events is compared with. 0 if one is malformed.
std::size_t count_documents(std::string_view lines);

}  // namespace partake
