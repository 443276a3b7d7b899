#include "cli/csv_line.h"

#include <algorithm>

namespace partake::cli {

std::string csv_line(std::initializer_list<std::string_view> cells) {
  std::string line;
  for (const auto& cell : cells) {
    if (&cell != cells.begin()) line += ',';
    if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
      line += cell;
      continue;
    }
    line += '"';
    for (const char c : cell) line.append(c == '"' ? 2 : 1, c);
    line += '"';
  }
  return line += '\n';
}

}  // namespace partake::cli
