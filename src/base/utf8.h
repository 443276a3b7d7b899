// UTF-8: validation, normalisation, width on a terminal.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace partake {

bool is_utf8(std::string_view bytes);
// The first byte that is not UTF-8; size() when all is.
std::size_t utf8_error_at(std::string_view bytes);
// Normalisation Form C. Requires valid UTF-8.
std::string to_nfc(std::string_view text);
// Columns on a terminal: Chinese characters take two.
std::size_t display_width(std::string_view text);
// For a line of a terminal, where a text from outside must not move the cursor, change colours or
// the direction of writing, or begin a line of its own: line breaks and tabs become spaces, other
// controls, directional overrides and what is not UTF-8 become U+FFFD.
std::string printable(std::string_view text);

}  // namespace partake
