// A text as the engine reads it: one spelling of digits and spaces, broken lines joined, mark-up
// taken out, and for every byte the place in the source that it came from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace partake::claims {

enum class Markup : std::uint8_t { plain, markdown, html };

struct Article {
  struct Paragraph {
    std::string text;                   // Read form, UTF-8.
    std::vector<std::uint32_t> origin;  // For each byte of text, and its end: the source's byte.
  };
  std::vector<Paragraph> paragraphs;
  std::size_t unreadable_bytes = 0;  // Not UTF-8; each is read as a space.
};

constexpr std::size_t article_bytes_max = 16U << 20U;

// Error claims.too_large.
Result<Article> read_article(std::string_view source, Markup markup = Markup::plain);

// 1-based line and column (in characters) of each byte offset; offsets must be ascending.
struct LineColumn {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};
std::vector<LineColumn> lines_of(std::string_view source,
                                 const std::vector<std::uint32_t>& offsets);

}  // namespace partake::claims
