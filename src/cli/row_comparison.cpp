#include "cli/row_comparison.h"

#include <algorithm>

namespace partake::cli {

void RowComparison::add_before(const std::string& file, std::uint64_t line, std::int64_t count) {
  if (files_.empty() || files_.back() != file) files_.push_back(file);
  before_.push_back({files_.size() - 1, line, count});
}

void RowComparison::add_after(const std::string& file, std::uint64_t line, std::int64_t count) {
  if (after_file_ == files_.size() || files_[after_file_] != file) {
    const auto found = std::find(files_.begin(), files_.end(), file);
    after_file_ = static_cast<std::size_t>(found - files_.begin());
    if (found == files_.end()) files_.push_back(file);
  }
  const auto earlier = [&](const Row& row) {
    return row.file < after_file_ || (row.file == after_file_ && row.line < line);
  };
  for (; at_ < before_.size() && earlier(before_[at_]); ++at_) refused_after(before_[at_]);
  RowChange change{file, line, std::nullopt, count};
  const bool same_row =
      at_ < before_.size() && before_[at_].file == after_file_ && before_[at_].line == line;
  if (same_row) change.before = before_[at_++].count;
  consider(std::move(change));
}

void RowComparison::finish() {
  for (; at_ < before_.size(); ++at_) refused_after(before_[at_]);
}

void RowComparison::refused_after(const Row& row) {
  consider({files_[row.file], row.line, row.count, std::nullopt});
}

void RowComparison::consider(RowChange change) {
  ++rows_;
  if (change.before == change.after) return;
  ++changed_;
  const auto place =
      std::upper_bound(largest_.begin(), largest_.end(), change,
                       [](const RowChange& a, const RowChange& b) { return a.size() > b.size(); });
  if (place == largest_.end() && largest_.size() >= most_) return;
  largest_.insert(place, std::move(change));
  if (largest_.size() > most_) largest_.pop_back();
}

}  // namespace partake::cli
