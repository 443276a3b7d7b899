// What every command needs: language, output form, where the library is, today.
#pragma once

#include <string>

#include "base/json.h"
#include "base/text.h"
#include "intake/knowledge.h"

namespace partake::cli {

// Exit codes: 0 done; 1 the check or test found something; from 2 on by ErrorKind.
constexpr int exit_findings = 1;
int exit_code(ErrorKind kind);

// Columns that line up, Chinese characters counted as two; cells are made printable.
class Table {
 public:
  explicit Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }
  void add(std::vector<std::string> row);
  [[nodiscard]] std::string text(std::size_t indent = 0) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

struct Context {
  Language language = Language::en;
  bool json = false;
  std::string program;  // argv[0], resolved.
  std::string library;  // --library, or empty.
  Day admitted_on;      // --as-of, or today.
  bool is_as_of = false;

  // Standard output, one line.
  void print(const std::string& line = "") const;
  // A text of the catalogue.
  [[nodiscard]] std::string say(std::string_view key, const Args& args = {}) const;
  void say_line(std::string_view key, const Args& args = {}) const { print(say(key, args)); }
  void print(const Json& value) const;
  // A list, as the table or as JSON.
  void print(const Table& table, Json::Array list) const;
  // To standard error: every problem, then the exit code of the first.
  int refuse(const Problems& problems) const;
  int refuse(const Error& error) const;

  // The library's folder and content. Problems are reported; empty then, and `code` is set.
  enum class Content : std::uint8_t { all, facts };  // Facts: without the methods.
  [[nodiscard]] std::optional<intake::Knowledge> knowledge(int& code,
                                                           Content content = Content::all) const;
};

// "1 234.5" style numbers are never used: digits are grouped with commas in both languages.
std::string number(const Quantity& quantity, Language language);
std::string number(double value, int significant_digits);

}  // namespace partake::cli
