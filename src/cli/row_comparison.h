// Outcomes of two passes over the same evidence, row against row.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/int128.h"

namespace partake::cli {

struct RowChange {
  std::string file;
  std::uint64_t line = 0;
  std::optional<std::int64_t> before;
  std::optional<std::int64_t> after;

  [[nodiscard]] Int128 size() const {
    const Int128 difference = Int128{after.value_or(0)} - before.value_or(0);
    return difference < 0 ? -difference : difference;
  }
};

// Compares the outcomes of two passes over the same files, row by row, and keeps the largest
// changes. Rows come in the order of the files in both passes; a row that one pass lacks was
// refused there.
class RowComparison {
 public:
  explicit RowComparison(std::size_t most) : most_{most} {}

  void add_before(const std::string& file, std::uint64_t line, std::int64_t count);
  void add_after(const std::string& file, std::uint64_t line, std::int64_t count);
  void finish();

  [[nodiscard]] const std::vector<RowChange>& largest() const { return largest_; }
  [[nodiscard]] std::uint64_t changed() const { return changed_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  struct Row {
    std::size_t file = 0;
    std::uint64_t line = 0;
    std::int64_t count = 0;
  };
  void refused_after(const Row& row);
  void consider(RowChange change);

  std::size_t most_;
  std::vector<std::string> files_;
  std::vector<Row> before_;
  std::size_t at_ = 0;
  std::size_t after_file_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t changed_ = 0;
  std::vector<RowChange> largest_;
};

}  // namespace partake::cli
