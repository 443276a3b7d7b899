#include "base/utf8.h"

#include <algorithm>
#include <cstdlib>

#include <simdjson.h>
#include <utf8proc.h>

#include "base/require.h"

namespace partake {
namespace {

const utf8proc_uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

}  // namespace

bool is_utf8(std::string_view bytes) { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

std::size_t utf8_error_at(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    utf8proc_int32_t code = 0;
    const auto length = utf8proc_iterate(bytes_of(bytes.substr(at)),
                                         static_cast<utf8proc_ssize_t>(bytes.size() - at), &code);
    if (length <= 0) return at;
    at += static_cast<std::size_t>(length);
  }
  return at;
}

std::string to_nfc(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return c > 0; })) {
    return std::string{text};
  }
  utf8proc_uint8_t* normal = nullptr;
  const auto size =
      utf8proc_map(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &normal,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  PARTAKE_REQUIRE(size >= 0);
  std::string result{reinterpret_cast<const char*>(normal), static_cast<std::size_t>(size)};
  std::free(normal);
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    utf8proc_int32_t code = 0;
    const auto length = utf8proc_iterate(bytes_of(text.substr(at)),
                                         static_cast<utf8proc_ssize_t>(text.size() - at), &code);
    if (length <= 0) return width + text.size() - at;
    width += static_cast<std::size_t>(utf8proc_charwidth(code));
    at += static_cast<std::size_t>(length);
  }
  return width;
}

std::string printable(std::string_view text) {
  const auto is_plain = [](char c) { return c >= ' ' && c != '\x7f'; };
  if (std::all_of(text.begin(), text.end(), is_plain)) return std::string{text};
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  std::string result;
  while (!text.empty()) {
    utf8proc_int32_t code = -1;
    const auto length =
        utf8proc_iterate(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &code);
    const auto taken = text.substr(0, length > 0 ? static_cast<std::size_t>(length) : 1);
    const bool overrides = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    if (code == '\n' || code == '\r' || code == '\t') {
      result += ' ';
    } else if (code < 0 || overrides || utf8proc_category(code) == UTF8PROC_CATEGORY_CC) {
      result += replacement;
    } else {
      result += taken;
    }
    text.remove_prefix(taken.size());
  }
  return result;
}

}  // namespace partake
