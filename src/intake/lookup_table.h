// A small CSV held in memory and found by key: stations, strata.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace partake::intake {

class LookupTable {
 public:
  // Reads the whole file, at most 256 MiB. With `unique`, a key that stands twice is an error.
  // Errors: file.*, csv.*, mapping.column_missing, evidence.key_twice.
  static Result<LookupTable> load(const std::string& path, const std::string& key, bool unique);

  // The first row of a key, or -1; rows of one key are consecutive.
  [[nodiscard]] std::int64_t find(std::string_view key) const;
  // How many rows from `row` on have its key.
  [[nodiscard]] std::size_t run_length(std::size_t row) const { return run_length_[row]; }
  [[nodiscard]] std::size_t rows() const { return run_length_.size(); }
  // Error mapping.column_missing.
  [[nodiscard]] Result<std::size_t> column(const std::string& name) const;
  [[nodiscard]] std::string_view cell(std::size_t row, std::size_t column) const {
    return cells_[row * header_.size() + column];
  }
  [[nodiscard]] const std::string& path() const { return path_; }
  // Where in the file a row stands.
  [[nodiscard]] Place place(std::size_t row) const { return {path_, line_[row]}; }

 private:
  struct Hash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::string path_;
  std::vector<std::string> header_;
  std::vector<std::string> cells_;
  std::vector<std::uint32_t> line_;
  std::vector<std::uint32_t> run_length_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> by_key_;
};

}  // namespace partake::intake
