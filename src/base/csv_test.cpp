#include "base/csv.h"

#include <cstring>

#include <rapidcheck.h>

using namespace partake;

namespace {

// Hands out the text in pieces, so that records are split at every place.
class TextSource final : public ByteSource {
 public:
  TextSource(std::string text, std::size_t piece) : text_{std::move(text)}, piece_{piece} {}
  Result<std::size_t> read(char* target, std::size_t size) override {
    const auto count = std::min({size, piece_, text_.size() - at_});
    std::memcpy(target, text_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t piece_;
  std::size_t at_ = 0;
};

// All rows as "a|b|c" lines; bad rows and errors as "line:code".
std::string read_all(const std::string& text, std::size_t piece = 1 << 20,
                     const CsvLimits& limits = {}) {
  TextSource source{text, piece};
  CsvReader reader{source, "f", limits};
  std::string out;
  const auto header = reader.header();
  if (!header) return header.error().code;
  for (const auto& name : *header) out += name + "|";
  for (;;) {
    const auto row = reader.next();
    if (!row) return out + "\n" + std::to_string(reader.line()) + ":" + row.error().code;
    if (*row == CsvReader::Row::end) return out;
    out += "\n";
    if (*row == CsvReader::Row::bad) {
      out += std::to_string(reader.line()) + ":" + reader.problem().code;
      if (limits.tolerant) out += " " + std::string{reader.record()};
      continue;
    }
    for (const auto field : reader.fields()) out += std::string{field} + "|";
  }
}

}  // namespace

TEST_CASE("csv: RFC 4180, with and without BOM, final newline or CRLF") {
  CHECK_EQ(read_all("a,b\n1,2\n"), "a|b|\n1|2|");
  CHECK_EQ(read_all("\xEF\xBB\xBF"
                    "a,b\r\n1,2"),
           "a|b|\n1|2|");
  CHECK_EQ(read_all("a,b\n\"x,y\",\"he said \"\"hi\"\"\"\n"), "a|b|\nx,y|he said \"hi\"|");
  CHECK_EQ(read_all("a,b\n\"two\nlines\",2\n3,4\n"), "a|b|\ntwo\nlines|2|\n3|4|");
  CHECK_EQ(read_all("a,b\n\n,\n"), "a|b|\n||");
  CHECK_EQ(read_all("名称,值\n武汉,1\n"), "名称|值|\n武汉|1|");
}

TEST_CASE("csv: bad rows are named and the good ones around them are read") {
  CHECK_EQ(read_all("a,b\n1\n2,3\n1,2,3\n4,5\n"),
           "a|b|\n2:csv.wrong_field_count\n2|3|\n4:csv.wrong_field_count\n4|5|");
  CHECK_EQ(read_all("a,b\n1,\xB3\xA4\n2,3\n"), "a|b|\n2:csv.not_utf8\n2|3|");
  CHECK_EQ(read_all("a,b\nx\"y\",2\n2,3\n"), "a|b|\n2:csv.stray_quote\n2|3|");
  CHECK_EQ(read_all("a,b\n\"x\"y,2\n2,3\n"), "a|b|\n2:csv.stray_quote\n2|3|");
  CHECK_EQ(read_all("a,b\n10,5\" a\n20,a\n30,6\" b\n40,c\n"),
           "a|b|\n2:csv.stray_quote\n20|a|\n4:csv.stray_quote\n40|c|");
}

TEST_CASE("csv: what ends the file is an error with its line") {
  CHECK_EQ(read_all(""), "csv.empty");
  CHECK_EQ(read_all("a,a\n"), "csv.column_twice");
  CHECK_EQ(read_all("a,b\n1,\"2\n3,4\n"), "a|b|\n2:csv.open_quote");
  CHECK_EQ(read_all(std::string("\xFF\xFE"
                                "a\0,\0",
                                6)),
           "csv.not_utf8");
  CHECK_EQ(read_all("\xC3\xFB\xB3\xC6,b\n"), "csv.not_utf8");
  CHECK_EQ(read_all("a\n" + std::string(100, 'x') + "\n", 7, {.record_bytes = 50}),
           "a|\n2:csv.record_too_long");
  std::string wide = "c0";
  for (int i = 1; i < 2000; ++i) wide += ",c" + std::to_string(i);
  CHECK_EQ(read_all(wide + "\n"), "csv.too_many_columns");
}

TEST_CASE("csv: an endless record is refused in bounded memory") {
  CHECK_EQ(read_all("a\n\"" + std::string(8U << 20U, 'x')), "a|\n2:csv.record_too_long");
}

TEST_CASE(
    "csv: a tolerant reader goes on after a record that is too long, and keeps its beginning") {
  const CsvLimits limits{.record_bytes = 20, .tolerant = true};
  const std::string rest = "1,2\n\"" + std::string(30, 'x') + "\n\"\"y\",z\n3,4\n" +
                           std::string(25, 'p') + "\"\n5\n\"a\"\"b\",\"c\"\n" +
                           std::string(21, ',');
  const std::string wanted = "a|b|\n1|2|\n3:csv.record_too_long \"" + std::string(19, 'x') +
                             "\n3|4|\n6:csv.record_too_long " + std::string(20, 'p') +
                             "\n7:csv.wrong_field_count 5\na\"b|c|\n9:csv.record_too_long " +
                             std::string(20, ',');
  for (const std::size_t piece : {1U, 7U, 20U, 21U, 22U, 1000U}) {
    CHECK_EQ(read_all("a,b\n" + rest, piece, limits), wanted);
  }
  // Exactly as long as it may be, whatever its line break.
  for (const std::string end : {"", "\n", "\r\n"}) {
    CHECK_EQ(read_all("a\n" + std::string(20, 'x') + end, 1, limits),
             "a|\n" + std::string(20, 'x') + "|");
  }
  CHECK_EQ(read_all("a,b\nx\"\"y,\"z\"\"\"\n", 1, limits),
           "a|b|\n2:csv.stray_quote x\"\"y,\"z\"\"\"");
  // A quote that is never closed hides what would be rows; nobody guesses.
  CHECK_EQ(read_all("a\n1\n\"2\n3\n", 1, limits), "a|\n1|\n3:csv.open_quote");
  CHECK_EQ(read_all("a\n1\n\"" + std::string(100, '\n') + "3\n", 1, limits),
           "a|\n1|\n3:csv.open_quote");
  CHECK_EQ(read_all(std::string(100, 'x'), 1, limits), "csv.record_too_long");
}

TEST_CASE("csv: a source that fails may be asked again") {
  // Fails before every piece.
  class Failing final : public ByteSource {
   public:
    explicit Failing(const std::string& text) : pieces_{text, 3} {}
    Result<std::size_t> read(char* target, std::size_t size) override {
      fails_ = !fails_;
      if (fails_) return fail(ErrorKind::unavailable, "file.unreadable");
      return pieces_.read(target, size);
    }

   private:
    TextSource pieces_;
    bool fails_ = false;
  };
  Failing source{"a,b\n\"" + std::string(60, 'x') + "\",1\n2,3\n"};
  CsvReader reader{source, "f", {.record_bytes = 20, .tolerant = true}};
  // The header fits into what is read before the failure or is asked for again.
  Result<std::vector<std::string>> header = reader.header();
  while (!header) header = reader.header();
  CHECK_EQ(header->size(), 2);
  std::string rows;
  for (;;) {
    const auto row = reader.next();
    if (!row) continue;
    if (*row == CsvReader::Row::end) break;
    rows += *row == CsvReader::Row::bad ? "bad " : std::string{reader.fields()[0]} + " ";
  }
  CHECK_EQ(rows, "bad 2 ");
}

TEST_CASE("csv: the same rows however the bytes arrive") {
  CHECK(rc::check([] {
    const auto cells = *rc::gen::container<std::vector<std::string>>(
        rc::gen::container<std::string>(rc::gen::element('a', ',', '"', '\n', 'b', ' ')));
    std::string text = "x,y\n";
    std::string wanted = "x|y|";
    for (std::size_t i = 0; i + 1 < cells.size(); i += 2) {
      const auto quoted = [](const std::string& cell) {
        std::string out = "\"";
        for (const char c : cell) out += c == '"' ? std::string{"\"\""} : std::string{c};
        return out + "\"";
      };
      text += quoted(cells[i]) + "," + quoted(cells[i + 1]) + "\n";
      wanted += "\n" + cells[i] + "|" + cells[i + 1] + "|";
    }
    const auto piece = *rc::gen::inRange<std::size_t>(1, 40);
    RC_ASSERT(read_all(text, piece) == wanted);
  }));
}
