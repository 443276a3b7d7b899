// Where the elements of a JSON array end, whatever they hold.
#pragma once

#include <cstdint>
#include <string_view>

namespace partake::books {

// Blanks of JSON.
constexpr std::string_view json_blanks = " \t\r\n";

// Follows strings with their escapes, and counts braces and brackets. An element ends at a comma or
// the array's bracket where all that it opened is closed; so elements that are no JSON can still be
// told apart. A brace too many that closes is part of the element.
class ArraySplitter {
 public:
  enum class Stop : std::uint8_t {
    none,     // The bytes end first.
    element,  // A comma.
    last,     // The array's closing bracket.
    broken,   // A line ends in a string, or the array would end in an open brace.
  };

  // Begins behind the array's opening bracket, on that line.
  explicit ArraySplitter(std::uint64_t line) : line_{line} {}

  // Moves `at` to what stops it. It goes on behind that, or where more bytes follow.
  Stop next(std::string_view bytes, std::size_t& at);
  // Moves `at` beyond blanks between elements.
  void skip_blanks(std::string_view bytes, std::size_t& at);
  // Of the byte that comes next.
  [[nodiscard]] std::uint64_t line() const { return line_; }

 private:
  // True at the end of the bytes and behind the string; false where it is broken.
  bool skip_string(std::string_view bytes, std::size_t& at);

  std::uint64_t line_;
  std::uint64_t braces_ = 0;
  std::uint64_t brackets_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
};

// One past the brace that closes the object at the beginning; npos where none does, or a line ends
// in a string.
std::size_t object_end(std::string_view text);

}  // namespace partake::books
