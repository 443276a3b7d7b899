#include "intake/lookup_table.h"

#include <algorithm>
#include <numeric>

#include "base/file.h"

namespace partake::intake {

Result<LookupTable> LookupTable::load(const std::string& path, const std::string& key,
                                      bool unique) {
  constexpr std::uint64_t bytes_max = 256U << 20U;
  TRY(const auto source, FileSource::open(path));
  LookupTable table;
  table.path_ = path;
  CsvReader reader{*source, path};
  TRY(table.header_, reader.header());
  TRY(const auto key_column, table.column(key));
  struct Row {
    std::uint32_t line = 0;
    std::vector<std::string> cells;
  };
  std::vector<Row> rows;
  for (;;) {
    TRY(const auto row, reader.next());
    if (row == CsvReader::Row::end) break;
    if (row == CsvReader::Row::bad) return tl::unexpected(reader.problem());
    if (reader.bytes_read() > bytes_max) {
      return fail(ErrorKind::exhausted, "file.too_large",
                  {{"file", path}, {"limit", std::to_string(bytes_max)}});
    }
    const auto fields = reader.fields();
    const auto line = static_cast<std::uint32_t>(reader.line());
    const std::string_view row_key = fields[key_column];
    if (unique && !table.by_key_.try_emplace(std::string{row_key}, 0).second) {
      return fail(ErrorKind::invalid, "evidence.key_twice",
                  {{"key", std::string{row_key}}, {"column", key}}, {path, line});
    }
    rows.push_back({line, {fields.begin(), fields.end()}});
  }
  // Rows of one key together, otherwise in the order of the file.
  const auto key_of = [&](std::size_t row) -> const std::string& {
    return rows[row].cells[key_column];
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    return a.cells[key_column] < b.cells[key_column];
  });
  table.by_key_.clear();
  table.run_length_.resize(rows.size(), 1);
  for (std::size_t i = rows.size(); i-- > 0;) {
    const bool same_as_next = i + 1 < rows.size() && key_of(i) == key_of(i + 1);
    if (same_as_next) table.run_length_[i] = table.run_length_[i + 1] + 1;
    table.by_key_[key_of(i)] = static_cast<std::uint32_t>(i);
  }
  for (auto& row : rows) {
    table.line_.push_back(row.line);
    for (auto& cell : row.cells) table.cells_.push_back(std::move(cell));
  }
  return table;
}

std::int64_t LookupTable::find(std::string_view key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? -1 : static_cast<std::int64_t>(found->second);
}

Result<std::size_t> LookupTable::column(const std::string& name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found == header_.end()) {
    std::string known;
    for (const auto& entry : header_) known += (known.empty() ? "" : ", ") + entry;
    return fail(ErrorKind::invalid, "mapping.column_missing", {{"column", name}, {"known", known}},
                {path_, 1});
  }
  return static_cast<std::size_t>(found - header_.begin());
}

}  // namespace partake::intake
