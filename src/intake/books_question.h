// What can be asked of the books of an example: the text of a figure's `books` table. It is read
// here, with the other figures, and answered by who keeps the books.
#pragma once

#include <string>
#include <vector>

#include "base/toml_reader.h"

namespace partake::intake {

// One of these, over the accounts in `of` (numbers, or names of parties), or over all.
struct BooksQuestion {
  std::string asset;  // The sum of balances; with `group` of the accounts opened under that name.
  std::string group;
  std::string hold;   // What is set aside under that rule.
  std::string split;  // What was shared after that rule, in `period`; `of`: with these parties.
  std::string period;
  std::string units;   // How many units of that class are in `state`.
  std::string reward;  // How many orders of that reward are in `state`.
  std::string state;
  std::vector<std::string> of;
};

// Problems: toml.*, example.books_question.
BooksQuestion read_books_question(const TomlValue& table, Problems& problems);

}  // namespace partake::intake
