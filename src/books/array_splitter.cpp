#include "books/array_splitter.h"

#include <array>

namespace partake::books {
namespace {

constexpr std::array<bool, 256> table_of(std::string_view bytes) {
  std::array<bool, 256> table{};
  for (const char byte : bytes) table[static_cast<unsigned char>(byte)] = true;
  return table;
}

constexpr auto ends_a_run = table_of("\"\\\n");
constexpr auto is_structure = table_of("\"{}[],\n");

// The first byte from `at` on that the table has.
std::size_t find(const std::array<bool, 256>& table, std::string_view bytes, std::size_t at) {
  const auto* const data = bytes.data();
  const auto size = bytes.size();
  while (at < size && !table[static_cast<unsigned char>(data[at])]) ++at;
  return at;
}

}  // namespace

bool ArraySplitter::skip_string(std::string_view bytes, std::size_t& at) {
  while (at < bytes.size()) {
    if (escaped_) {
      if (bytes[at] == '\n') return false;
      escaped_ = false;
      ++at;
      continue;
    }
    at = find(ends_a_run, bytes, at);
    if (at == bytes.size()) return true;
    if (bytes[at] == '\n') return false;
    const bool closes = bytes[at] == '"';
    escaped_ = !closes;
    ++at;
    if (!closes) continue;
    in_string_ = false;
    return true;
  }
  return true;
}

ArraySplitter::Stop ArraySplitter::next(std::string_view bytes, std::size_t& at) {
  for (;;) {
    if (in_string_ && !skip_string(bytes, at)) return Stop::broken;
    at = find(is_structure, bytes, at);
    if (at >= bytes.size()) return Stop::none;
    switch (bytes[at]) {
      case '"':
        in_string_ = true;
        break;
      case '{':
        ++braces_;
        break;
      case '}':
        if (braces_ > 0) --braces_;
        break;
      case '[':
        ++brackets_;
        break;
      case ']':
        if (brackets_ == 0) return braces_ == 0 ? Stop::last : Stop::broken;
        --brackets_;
        break;
      case ',':
        if (braces_ == 0 && brackets_ == 0) return Stop::element;
        break;
      default:
        ++line_;
    }
    ++at;
  }
}

void ArraySplitter::skip_blanks(std::string_view bytes, std::size_t& at) {
  for (; at < bytes.size() && json_blanks.find(bytes[at]) != std::string_view::npos; ++at) {
    if (bytes[at] == '\n') ++line_;
  }
}

std::size_t object_end(std::string_view text) {
  std::uint64_t open = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '\n' || (c == '\\' && at < text.size() && text[at] == '\n')) break;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      ++open;
    } else if (c == '}' && --open == 0) {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace partake::books
