// Reads a TOML table key by key and collects every problem, each with its place, instead of
// stopping at the first. Keys that nobody asked for are problems too: a misspelt key is not
// silently ignored.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/language.h"
#include "base/quantity.h"
#include "base/time.h"
#include "base/toml.h"

namespace partake {

using Problems = std::vector<Error>;

class TomlReader {
 public:
  // `path` names the table in messages: "inputs.distance".
  TomlReader(const TomlValue& table, std::string path, Problems& problems);

  [[nodiscard]] const Place& place() const { return table_.place; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool has(std::string_view key) const { return table_.find(key) != nullptr; }
  // The place of a key's value, or of the table.
  [[nodiscard]] Place place(std::string_view key) const;

  // Required; problem toml.key_missing, and an empty value. Wrong kinds: toml.wrong_kind.
  std::string text(std::string_view key);
  Text pair(std::string_view key);
  // A text that must be one of `allowed`; problem toml.not_one_of.
  std::string one_of(std::string_view key, std::initializer_list<std::string_view> allowed);
  std::optional<Decimal> decimal(std::string_view key);
  std::optional<Unit> unit(std::string_view key);

  // Optional: empty when the key is absent.
  std::string optional_text(std::string_view key);
  std::optional<Text> optional_pair(std::string_view key);
  std::optional<std::int64_t> optional_integer(std::string_view key);
  std::optional<bool> optional_boolean(std::string_view key);
  std::vector<std::string> optional_texts(std::string_view key);
  std::optional<Day> optional_day(std::string_view key);

  // The value itself, for the caller to read; nullptr when absent.
  const TomlValue* optional_value(std::string_view key);
  // Members of a sub-table; items of an array of tables. Empty when absent.
  const std::vector<TomlValue::Member>& optional_members(std::string_view key);
  std::vector<const TomlValue*> optional_tables(std::string_view key);

  // Adds a problem at a key's place.
  void problem(std::string_view key, std::string code, Args args = {});
  // The error of a parse, moved to the key's place.
  void problem(std::string_view key, Error error);
  // Call last: problem toml.unknown_key for every key that was not asked for.
  void finish();

 private:
  const TomlValue* take(std::string_view key, std::optional<TomlValue::Kind> kind);
  const TomlValue* require_key(std::string_view key, TomlValue::Kind kind);

  const TomlValue& table_;
  std::string path_;
  Problems& problems_;
  std::vector<std::string> asked_;
};

// Names of things in files: [a-z][a-z0-9_]*, at most 64; dotted for ids.
bool is_name(std::string_view text);
bool is_dotted_name(std::string_view text);

}  // namespace partake
