// `method diff --on BOOKS`: what another method or other factors would have made of all credited
// history.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "books/history.h"
#include "cli/books_session.h"
#include "cli/commands.h"

namespace partake::cli {

bool is_books_folder(const std::string& path);

class HistoryDiff {
 public:
  HistoryDiff(const Context& context, const DiffArguments& arguments)
      : context_{context}, arguments_{arguments} {}

  // Opens the books and finds both methods. Not 0: refused, with that exit code.
  int open();
  [[nodiscard]] std::pair<const method::Compiled*, const method::Compiled*> methods() const {
    return {sides_[0].method.get(), sides_[1].method.get()};
  }
  // Compares and prints; JSON joins `result`.
  int run(Json::Object result);

 private:
  int find(std::size_t side, const std::string& name, const std::string& library);

  const Context& context_;
  const DiffArguments& arguments_;
  BooksSession session_;
  std::array<intake::Knowledge, 2> knowledge_;
  std::array<books::HistorySide, 2> sides_;
};

}  // namespace partake::cli
