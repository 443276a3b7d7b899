// Writing CSV (RFC 4180).
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace partake::cli {

// A record with its line end; a cell that needs quotation marks gets them.
std::string csv_line(std::initializer_list<std::string_view> cells);

}  // namespace partake::cli
