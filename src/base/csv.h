// A bounded, streaming reader of CSV (RFC 4180), UTF-8 with or without BOM.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace partake {

// Bytes from somewhere. read() fills at most `size` bytes and returns how many; 0 is the end.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual Result<std::size_t> read(char* target, std::size_t size) = 0;
  // From any thread: a read that waits for more, and every later one, finds the end.
  virtual void stop() {}
};

struct CsvLimits {
  std::size_t record_bytes = 1U << 20U;
  std::size_t columns = 1024;
  // A record that is too long is a bad row and not the end of the file, and record() is kept.
  bool tolerant = false;
};

class CsvReader {
 public:
  // `file` names the source in errors.
  CsvReader(ByteSource& source, std::string file, const CsvLimits& limits = {});

  // Reads the header row. Errors: csv.empty, csv.not_utf8 (also UTF-16 and GB 18030, by name),
  // csv.column_twice, csv.record_too_long, csv.too_many_columns.
  Result<std::vector<std::string>> header();

  enum class Row : std::uint8_t { record, end, bad };
  // The next record. A bad one (wrong number of fields, a stray quote, bytes that are not UTF-8)
  // is described by problem() and reading goes on after it. Blank lines are skipped. An error is
  // something that ends the file: reading failed, a record longer than the limit, an open quote.
  // Where the source failed, the next call tries it again and nothing is lost.
  Result<Row> next();

  // Valid until the next call.
  [[nodiscard]] std::span<const std::string_view> fields() const { return fields_; }
  [[nodiscard]] std::uint64_t line() const { return record_line_; }
  [[nodiscard]] const Error& problem() const { return problem_; }
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
  [[nodiscard]] const std::string& file() const { return file_; }
  // Only where the limits are tolerant: the record as it stands in the file, without its line
  // break, and no more of it than a record may have; also where its quote is never closed.
  [[nodiscard]] std::string_view record() const { return record_; }

 private:
  Status fill();
  Status skip_mark();
  Result<std::size_t> next_record_end();
  Result<bool> next_record();
  void take_record(std::span<char> record);
  [[nodiscard]] bool is_too_long_to_keep() const;
  void begin_skipping();
  Result<std::size_t> skip_record();
  bool skip_in_buffer();
  [[nodiscard]] Error too_long() const;
  // One past the last byte of the record at begin_, its line break included; 0 when the buffer
  // does not hold it all.
  [[nodiscard]] std::size_t record_end() const;
  void split(char* begin, char* end);
  [[nodiscard]] Place place() const;

  ByteSource& source_;
  std::string file_;
  CsvLimits limits_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool source_ended_ = false;
  bool started_ = false;
  std::size_t columns_ = 0;
  std::uint64_t next_line_ = 1;
  std::uint64_t record_line_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::vector<std::string_view> fields_;
  bool stray_quote_ = false;
  bool not_utf8_ = false;
  Error problem_;
  // With tolerant limits.
  std::string kept_;
  std::string_view record_;
  bool too_long_ = false;
  // In the middle of a record that is too long.
  bool skipping_ = false;
  enum class At : std::uint8_t { field_start, field, quoted, quote_in_quoted } at_{};
  std::uint64_t skipped_lines_ = 0;
};

}  // namespace partake
