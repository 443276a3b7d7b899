#include "base/csv.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <span>
#include <utility>

#include "base/utf8.h"

namespace partake {
namespace {

constexpr std::size_t chunk_bytes = 1U << 18U;

const char* encoding_guess(std::string_view head) {
  if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) return "UTF-16";
  const auto zeros = std::count(head.begin(), head.end(), '\0');
  return zeros * 4 > static_cast<std::ptrdiff_t>(head.size()) ? "UTF-16" : "GB18030";
}

}  // namespace

CsvReader::CsvReader(ByteSource& source, std::string file, const CsvLimits& limits)
    : source_{source}, file_{std::move(file)}, limits_{limits}, buffer_(chunk_bytes) {}

Place CsvReader::place() const { return {file_, static_cast<std::uint32_t>(record_line_)}; }

Error CsvReader::too_long() const {
  return {ErrorKind::exhausted,
          "csv.record_too_long",
          {{"limit", std::to_string(limits_.record_bytes)}},
          place()};
}

// Moves what is left to the front and reads on; grows the buffer only for a record that needs it.
Status CsvReader::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size()) {
    if (buffer_.size() > limits_.record_bytes) return tl::unexpected(too_long());
    buffer_.resize(buffer_.size() * 2);
  }
  TRY(const auto count, source_.read(buffer_.data() + end_, buffer_.size() - end_));
  source_ended_ = count == 0;
  bytes_read_ += count;
  end_ += count;
  return {};
}

namespace {

const char* find(const char* from, const char* end, char wanted) {
  return static_cast<const char*>(std::memchr(from, wanted, static_cast<std::size_t>(end - from)));
}

// A quote opens a field only where the field begins; elsewhere it is a stray character.
const char* opening_quote(const char* record, const char* at, const char* line_end) {
  const char* quote = find(at, line_end, '"');
  while (quote != nullptr && quote != record && quote[-1] != ',') {
    const char* const comma = find(quote, line_end, ',');
    quote = comma == nullptr ? nullptr : find(comma, line_end, '"');
  }
  return quote;
}

// The quote that is not one of a doubled pair.
const char* closing_quote(const char* from, const char* end) {
  const char* close = find(from, end, '"');
  while (close != nullptr && close + 1 < end && close[1] == '"') close = find(close + 2, end, '"');
  return close;
}

std::span<char> without_line_break(std::span<char> record) {
  if (record.back() != '\n') return record;
  record = record.first(record.size() - 1);
  return !record.empty() && record.back() == '\r' ? record.first(record.size() - 1) : record;
}

}  // namespace

std::size_t CsvReader::record_end() const {
  const char* const begin = buffer_.data();
  const char* const end = begin + end_;
  const char* const record = begin + begin_;
  for (const char* at = record; at != end;) {
    const char* const newline = find(at, end, '\n');
    const char* const quote = opening_quote(record, at, newline == nullptr ? end : newline);
    if (quote == nullptr) {
      if (newline == nullptr) break;
      return static_cast<std::size_t>(newline + 1 - begin);
    }
    const char* const close = closing_quote(quote + 1, end);
    // A quote that ends the buffer may be the first of a pair.
    if (close == nullptr || (close + 1 == end && !source_ended_)) return 0;
    at = close + 1;
  }
  return source_ended_ ? end_ : 0;
}

// Fields of one whole record without its line break; doubled quotes are joined in place.
void CsvReader::split(char* begin, char* end) {
  fields_.clear();
  stray_quote_ = false;
  const bool quoted = std::memchr(begin, '"', static_cast<std::size_t>(end - begin)) != nullptr;
  for (char* read = begin;;) {
    char* field = read;
    char* field_end = nullptr;
    if (quoted && read < end && *read == '"') {
      char* write = field = ++read;
      for (; read < end; ++read) {
        if (*read == '"' && (++read == end || *read != '"')) break;
        *write++ = *read;
      }
      field_end = write;
      stray_quote_ = stray_quote_ || (read < end && *read != ',');
      read = std::find(read, end, ',');
    } else {
      auto* comma =
          static_cast<char*>(std::memchr(read, ',', static_cast<std::size_t>(end - read)));
      read = field_end = comma == nullptr ? end : comma;
      stray_quote_ = stray_quote_ || (quoted && std::find(field, read, '"') != read);
    }
    fields_.emplace_back(field, static_cast<std::size_t>(field_end - field));
    if (read == end || fields_.size() > limits_.columns) return;
    ++read;
  }
}

namespace {

bool is_ascii(const char* at, std::size_t size) {
  std::uint64_t high = 0;
  for (; size >= 8; at += 8, size -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    high |= word;
  }
  for (; size > 0; ++at, --size) high |= static_cast<unsigned char>(*at);
  return (high & 0x8080808080808080U) == 0;
}

}  // namespace

// A byte order mark is no part of the first field.
Status CsvReader::skip_mark() {
  while (end_ < 3 && !source_ended_) CHECK_OK(fill());
  if (std::string_view{buffer_.data(), end_}.starts_with("\xEF\xBB\xBF")) begin_ = 3;
  return {};
}

// The record in the buffer has no end there and cannot become one that is short enough, not even if
// its line break is all that is missing.
bool CsvReader::is_too_long_to_keep() const {
  return limits_.tolerant && end_ - begin_ > limits_.record_bytes + 1;
}

void CsvReader::begin_skipping() {
  kept_.assign(buffer_.data() + begin_, limits_.record_bytes);
  skipping_ = true;
  at_ = At::field_start;
  skipped_lines_ = 0;
}

// Follows the record by the same rules as record_end(); true behind its end.
bool CsvReader::skip_in_buffer() {
  while (begin_ < end_) {
    const char c = buffer_[begin_++];
    if (at_ == At::quoted) {
      if (c == '"') at_ = At::quote_in_quoted;
      if (c == '\n') ++skipped_lines_;
    } else if (c == '\n') {
      return true;
    } else if (c == '"' && at_ != At::field) {
      at_ = At::quoted;
    } else {
      at_ = c == ',' ? At::field_start : At::field;
    }
  }
  return source_ended_ && at_ != At::quoted;
}

// Goes on where it failed before. Always 0: nothing of the record is left.
Result<std::size_t> CsvReader::skip_record() {
  if (!skipping_) begin_skipping();
  record_ = kept_;
  while (!skip_in_buffer()) {
    if (source_ended_) return fail(ErrorKind::invalid, "csv.open_quote", {}, place());
    CHECK_OK(fill());
  }
  skipping_ = false;
  too_long_ = true;
  next_line_ += skipped_lines_ + 1;
  return std::size_t{0};
}

// record_end() after reading on as far as it takes; 0 at the end of the file, and behind a record
// that was too long and skipped.
Result<std::size_t> CsvReader::next_record_end() {
  if (skipping_) return skip_record();
  for (;;) {
    if (begin_ == end_ && source_ended_) return std::size_t{0};
    const auto stop = record_end();
    if (stop != 0) return stop;
    if (is_too_long_to_keep()) return skip_record();
    if (source_ended_) {
      record_ = {buffer_.data() + begin_, std::min(end_ - begin_, limits_.record_bytes)};
      return fail(ErrorKind::invalid, "csv.open_quote", {}, place());
    }
    CHECK_OK(fill());
  }
}

// False at the end of the file.
Result<bool> CsvReader::next_record() {
  if (!started_) CHECK_OK(skip_mark());
  started_ = true;
  too_long_ = false;
  for (;;) {
    record_line_ = next_line_;
    TRY(const auto stop, next_record_end());
    if (stop == 0) return too_long_;
    const auto record = without_line_break({buffer_.data() + begin_, stop - begin_});
    begin_ = stop;
    too_long_ = record.size() > limits_.record_bytes;
    if (too_long_ && !limits_.tolerant) return tl::unexpected(too_long());
    ++next_line_;
    if (record.empty()) continue;
    take_record(record);
    return true;
  }
}

void CsvReader::take_record(std::span<char> record) {
  not_utf8_ = !is_ascii(record.data(), record.size()) && !is_utf8({record.data(), record.size()});
  record_ = {record.data(), std::min(record.size(), limits_.record_bytes)};
  if (std::memchr(record.data(), '"', record.size()) != nullptr) {
    next_line_ += static_cast<std::uint64_t>(std::count(record.begin(), record.end(), '\n'));
    // Splitting joins doubled quotes in place.
    if (limits_.tolerant) {
      kept_ = record_;
      record_ = kept_;
    }
  }
  split(record.data(), record.data() + record.size());
}

Result<std::vector<std::string>> CsvReader::header() {
  TRY(const bool found, next_record());
  if (!found) return fail(ErrorKind::invalid, "csv.empty", {}, {file_});
  if (too_long_) return tl::unexpected(too_long());
  if (not_utf8_ || (!fields_.empty() && fields_[0].find('\0') != std::string_view::npos)) {
    const std::string_view head{buffer_.data(), std::min<std::size_t>(end_, 64)};
    return fail(ErrorKind::invalid, "csv.not_utf8", {{"guess", encoding_guess(head)}}, place());
  }
  if (fields_.size() > limits_.columns) {
    return fail(ErrorKind::exhausted, "csv.too_many_columns",
                {{"limit", std::to_string(limits_.columns)}}, place());
  }
  if (stray_quote_) return fail(ErrorKind::invalid, "csv.stray_quote", {}, place());
  std::vector<std::string> names{fields_.begin(), fields_.end()};
  std::set<std::string> seen;
  for (const auto& name : names) {
    if (!seen.insert(name).second) {
      return fail(ErrorKind::invalid, "csv.column_twice", {{"column", name}}, place());
    }
  }
  columns_ = names.size();
  return names;
}

Result<CsvReader::Row> CsvReader::next() {
  TRY(const bool found, next_record());
  if (!found) return Row::end;
  if (too_long_) {
    problem_ = too_long();
    return Row::bad;
  }
  const auto bad = [&](const char* code, Args args) {
    problem_ = {ErrorKind::invalid, code, std::move(args), place()};
    return Row::bad;
  };
  if (not_utf8_) return bad("csv.not_utf8", {{"guess", encoding_guess(fields_[0])}});
  if (stray_quote_) return bad("csv.stray_quote", {});
  if (fields_.size() != columns_) {
    return bad("csv.wrong_field_count",
               {{"found", std::to_string(fields_.size())}, {"expected", std::to_string(columns_)}});
  }
  return Row::record;
}

}  // namespace partake
