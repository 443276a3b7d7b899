// Examples: systems as data, and the figures that they must reproduce. docs/programmes.md.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "intake/books_question.h"
#include "intake/knowledge.h"
#include "intake/quantify.h"

namespace partake::intake {

struct SystemEntry {
  int row = 0;
  Text title;
  bool working = false;
  std::string folder;
  Place place;
};

// `index.toml`: every row once, working rows with a folder. Problems: toml.*, example.*.
std::vector<SystemEntry> read_index(const std::string& examples, Problems& problems);

struct Figure {
  Text title;
  SourceId source;
  std::string quote;
  std::string method;
  method::Setting set;
  std::string output;
  std::string programme;
  std::string formula;
  std::optional<BooksQuestion> books;
  std::optional<Unit> unit;
  std::string expect;
  std::optional<Decimal> within;
  bool differs = false;
  std::string inside;
  std::string outside;
  std::optional<Text> note;
  Place place;
};

struct Expected {
  std::vector<int> rows;
  std::vector<Figure> figures;
};
Expected read_expected(const std::string& path, Problems& problems);

struct FigureResult {
  const Figure* figure = nullptr;
  std::string computed;  // In the unit of the expected figure.
  bool passed = false;
  Error error;  // Why not.
};

// Who keeps the example's books answers.
using AskBooks = std::function<Result<Quantity>(const BooksQuestion&)>;

// One example ready to run: its own factors and methods on top of the library.
class Example {
 public:
  // Its own factors and methods join this copy of the library. Problems of any of its files.
  Example(Knowledge library, std::string folder, Problems& problems);

  [[nodiscard]] const Knowledge& knowledge() const { return knowledge_; }
  [[nodiscard]] const std::optional<programme::Programme>& programme() const { return programme_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] const Expected& expected() const { return expected_; }

  // Recomputes every figure. Without `ask` there are no books: example.no_books.
  [[nodiscard]] std::vector<FigureResult> check(Day admitted_on, const AskBooks& ask = {}) const;

 private:
  Result<FigureResult> check_figure(const Figure& figure, Day admitted_on,
                                    const AskBooks& ask) const;
  Result<FigureResult> check_method(const Figure& figure, Day admitted_on) const;
  Result<FigureResult> check_programme(const Figure& figure, Day admitted_on) const;
  Result<FigureResult> check_formula(const Figure& figure) const;
  static Result<FigureResult> check_books(const Figure& figure, const AskBooks& ask);

  std::string folder_;
  Knowledge knowledge_;
  std::optional<programme::Programme> programme_;
  Expected expected_;
};

// Reads programme.toml at a path.
std::optional<programme::Programme> read_programme_file(const std::string& path,
                                                        Problems& problems);

}  // namespace partake::intake
