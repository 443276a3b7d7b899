#include "claims/article.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "claims/words.h"

namespace partake::claims {
namespace {

struct Character {
  char32_t code = 0;
  std::uint32_t size = 1;
  bool good = true;
};

Character decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const auto first = byte(0);
  if (first < 0x80) return {first, 1, true};
  const std::uint32_t size = first >= 0xF0 && first < 0xF5   ? 4
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xC2 && first < 0xE0 ? 2
                                                             : 0;
  if (size == 0 || at + size > text.size()) return {U' ', 1, false};
  char32_t code = first & (0xFFU >> (size + 1));
  for (std::uint32_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {U' ', 1, false};
    code = code << 6U | (byte(i) & 0x3FU);
  }
  const bool shortest = size == 2 || (size == 3 && code >= 0x800) || (size == 4 && code >= 0x10000);
  if (!shortest || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) return {U' ', 1, false};
  return {code, size, true};
}

bool is_cjk(char32_t code) {
  return (code >= 0x2E80 && code < 0xA000) || (code >= 0xF900 && code < 0xFB00) ||
         (code >= 0xFF00 && code < 0xFFF0) || (code >= 0x3000 && code < 0x3040);
}

char32_t plain_form(char32_t code) {
  if (code == U'\r' || code == U'\t' || code == 0xA0 || code == 0x3000 || code == 0xFEFF ||
      (code >= 0x2000 && code <= 0x200F) || code == 0x202F || code == 0x205F) {
    return U' ';
  }
  if (code < 0x20) return U' ';
  if ((code >= 0xFF10 && code <= 0xFF19) || (code >= 0xFF21 && code <= 0xFF3A) ||
      (code >= 0xFF41 && code <= 0xFF5A)) {
    return code - 0xFEE0;
  }
  if (code >= 0x2080 && code <= 0x2089) return code - 0x2080 + U'0';  // CO₂
  switch (code) {
    case 0xFF05:
      return U'%';
    case 0xFF0E:
      return U'.';
    case 0xFF0F:
      return U'/';
    case 0xFF0B:
      return U'+';
    case 0xFF1C:
      return U'<';
    case 0xFF1E:
      return U'>';
    case 0xFF5E:
    case 0x301C:
      return U'~';
    case 0xFF0D:
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2212:
      return U'-';
    default:
      return code;
  }
}

void append(std::string& out, char32_t code) {
  const auto tail = [&](unsigned shift) {
    return static_cast<char>(0x80U | (static_cast<std::uint32_t>(code) >> shift & 0x3FU));
  };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out.append({static_cast<char>(0xC0U | code >> 6U), tail(0)});
  } else if (code < 0x10000) {
    out.append({static_cast<char>(0xE0U | code >> 12U), tail(6), tail(0)});
  } else {
    out.append({static_cast<char>(0xF0U | code >> 18U), tail(12), tail(6), tail(0)});
  }
}

struct Letter {
  char32_t code = 0;
  std::uint32_t origin = 0;
  std::uint32_t end = 0;
};
using Letters = std::vector<Letter>;

// A footnote's number stands where a word, a sign or a unit has ended; ² and ³ after m stay.
bool is_footnote(char32_t code, char32_t before) {
  const bool raised = code == 0xB9 || code == 0xB2 || code == 0xB3 || code == 0x2070 ||
                      (code >= 0x2074 && code <= 0x2079);
  if (!raised) return false;
  return !((code == 0xB2 || code == 0xB3) && (before == U'm' || before == U'M'));
}

// The end of a tag that begins at `at`; bounded, for a '<' may also be a sign of comparison.
constexpr std::size_t tag_bytes_max = 4096;

std::size_t tag_end(std::string_view source, std::size_t at) {
  if (at + 1 >= source.size()) return 0;
  const char next = source[at + 1];
  if (!is_latin(next) && next != '/' && next != '!' && next != '?') return 0;
  const auto close = source.substr(at, tag_bytes_max).find('>');
  return close == std::string_view::npos ? 0 : at + close + 1;
}

bool opens(std::string_view source, std::size_t at, std::string_view name) {
  if (source.size() - at <= name.size() + 1) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (lower(source[at + 1 + i]) != name[i]) return false;
  }
  return !is_latin(source[at + 1 + name.size()]);
}

bool is_block(std::string_view source, std::size_t at) {
  if (source[at + 1] == '/') return is_block(source, at + 1);
  constexpr std::array<std::string_view, 21> names{
      "p",  "div", "br",    "li", "tr",         "h1",      "h2",
      "h3", "h4",  "h5",    "h6", "section",    "article", "table",
      "ul", "ol",  "title", "hr", "blockquote", "header",  "footer"};
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view name) { return opens(source, at, name); });
}

struct Entity {
  std::string_view name;
  char32_t code;
};
constexpr std::array<Entity, 12> entities{{{"&amp;", U'&'},
                                           {"&lt;", U'<'},
                                           {"&gt;", U'>'},
                                           {"&nbsp;", U' '},
                                           {"&quot;", U'"'},
                                           {"&#39;", U'\''},
                                           {"&mdash;", 0x2014},
                                           {"&ndash;", U'-'},
                                           {"&sup2;", 0xB2},
                                           {"&sup3;", 0xB3},
                                           {"&ldquo;", 0x201C},
                                           {"&rdquo;", 0x201D}}};

// The text's letters, line by line.
class LineReader {
 public:
  LineReader(std::string_view source, Markup markup) : source_{source}, markup_{markup} {}

  // Without what ends it. False after the last one.
  bool next(Letters& line) {
    line.clear();
    if (between_blocks_) {
      between_blocks_ = false;
      return true;
    }
    if (at_ >= source_.size()) return false;
    while (at_ < source_.size()) {
      if (skip_markup(line)) {
        if (between_blocks_) return true;
        continue;
      }
      const auto character = decode(source_, at_);
      if (!character.good) ++unreadable_;
      const auto begin = static_cast<std::uint32_t>(at_);
      at_ += character.size;
      if (character.code == U'\n') return true;
      if (is_footnote(character.code, line.empty() ? U'\n' : line.back().code)) continue;
      line.push_back({plain_form(character.code), begin, static_cast<std::uint32_t>(at_)});
    }
    return true;
  }
  [[nodiscard]] std::size_t unreadable_bytes() const { return unreadable_; }

 private:
  // What is mark-up here; an entity's letter is added to the line.
  bool skip_markup(Letters& line) {
    const char letter = source_[at_];
    if (markup_ == Markup::markdown && (letter == '*' || letter == '`')) {
      ++at_;
      return true;
    }
    if (markup_ != Markup::html) return false;
    if (letter == '&') return take_entity(line);
    const auto end = letter == '<' ? tag_end(source_, at_) : 0;
    if (end == 0) return false;
    // A row of a table is a line, and its cells are parted by bars.
    if (opens(source_, at_, "td") || opens(source_, at_, "th")) {
      line.push_back({U'|', static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end)});
    }
    between_blocks_ = is_block(source_, at_);
    skip_tag(end);
    return true;
  }
  void skip_tag(std::size_t end) {
    std::size_t next = end;
    for (const char* name : {"script", "style"}) {
      // What one closing tag ended is not looked through again.
      if (!opens(source_, at_, name) || hidden_until_ == std::string_view::npos) continue;
      hidden_until_ = source_.find(std::string{"</"} + name, end);
      next = hidden_until_ == std::string_view::npos ? source_.size() : hidden_until_;
    }
    at_ = next;
  }
  bool take_entity(Letters& line) {
    for (const auto& entity : entities) {
      if (!source_.substr(at_).starts_with(entity.name)) continue;
      const auto begin = static_cast<std::uint32_t>(at_);
      at_ += entity.name.size();
      line.push_back({entity.code, begin, static_cast<std::uint32_t>(at_)});
      return true;
    }
    return false;
  }

  std::string_view source_;
  Markup markup_;
  std::size_t at_ = 0;
  std::size_t hidden_until_ = 0;
  bool between_blocks_ = false;
  std::size_t unreadable_ = 0;
};

bool is_terminal(char32_t code) {
  return code == U'。' || code == U'！' || code == U'？' || code == U'.' || code == U'!' ||
         code == U'?' || code == U':' || code == U'：' || code == U'；' || code == U';' ||
         code == U'”' || code == U'》';
}
bool is_digit(char32_t code) { return code >= U'0' && code <= U'9'; }
bool is_pause(char32_t code) { return code == U'，' || code == U'、' || code == U','; }

using Line = std::span<const Letter>;

Line trimmed(Line line) {
  while (!line.empty() && line.front().code == U' ') line = line.subspan(1);
  while (!line.empty() && line.back().code == U' ') line = line.first(line.size() - 1);
  return line;
}

// "■ …", "- …", "1. …", "# …": a new item begins.
bool starts_item(Line line) {
  const auto first = line.front().code;
  if (first == U'■' || first == U'●' || first == U'•' || first == U'#' || first == U'|' ||
      first == U'◆' || first == U'□' || first == U'（' || first == U'·' || first == U'▪' ||
      first == U'○' || first == U'➢') {
    return true;
  }
  if (first == U'-' && line.size() > 1 && line[1].code == U' ') return true;
  std::size_t digits = 0;
  while (digits < line.size() && digits < 4 && is_digit(line[digits].code)) ++digits;
  if (digits == 0 || digits >= line.size()) return false;
  const auto next = line[digits].code;
  return next == U'、' || next == U'）' || next == U')' ||
         (next == U'.' && (digits + 1 >= line.size() || !is_digit(line[digits + 1].code)));
}

// Whether a line that ends like this goes on in the next one. Extraction from PDF breaks lines
// anywhere, also over pages with empty lines between.
constexpr std::size_t broken_line_letters_min = 12;
constexpr std::size_t wrapped_line_letters_min = 40;

bool goes_on(Line line, Line next, bool empty_between) {
  const auto last = line.back().code;
  if (starts_item(next)) return false;
  if (is_terminal(last)) {
    // A wrapped line may end where a sentence does.
    const bool ends_sentence = last == U'.' || last == U'!' || last == U'?';
    return ends_sentence && !empty_between && line.size() >= wrapped_line_letters_min &&
           !is_cjk(next.front().code);
  }
  if (is_pause(last)) return true;
  if (line.size() < broken_line_letters_min) return false;
  const bool chinese = is_cjk(last);
  const auto first = next.front().code;
  if (!chinese) {
    const bool lower_case = first >= U'a' && first <= U'z';
    return empty_between ? lower_case : !is_cjk(first);
  }
  if (!is_cjk(first) && !is_digit(first) && empty_between) return false;
  // A heading has no pause in it; text that a page broke has.
  const auto pauses = std::count_if(line.begin(), line.end(), [](const Letter& letter) {
    return is_pause(letter.code) || letter.code == U'。';
  });
  return pauses > 0;
}

constexpr std::size_t paragraph_bytes_max = 16384;

class Writer {
 public:
  explicit Writer(Article& article) : article_{article} {}

  void line(Line line) {
    for (const auto& letter : line) {
      const auto code = letter.code;
      if (code == U' ') {
        space_ = letter;
        has_space_ = true;
        continue;
      }
      // Between Chinese characters, and between them and digits, a space says nothing.
      const bool tight = before_ == 0 || is_cjk(before_) || is_cjk(code);
      if (has_space_ && !tight) put(space_, U' ');
      has_space_ = false;
      put(letter, code);
      before_ = code;
      // What has no end is read in pieces, if possible between sentences.
      const auto size = paragraph_.text.size();
      if (size > paragraph_bytes_max ||
          (size > paragraph_bytes_max / 2 && (is_terminal(code) || is_pause(code)))) {
        finish();
      }
    }
  }
  void join(const Letter& at) {
    space_ = {U' ', at.end, at.end};
    has_space_ = true;
  }
  void finish() {
    if (!paragraph_.text.empty()) {
      paragraph_.origin.push_back(end_);
      article_.paragraphs.push_back(std::move(paragraph_));
    }
    paragraph_ = {};
    before_ = 0;
    has_space_ = false;
  }

 private:
  void put(const Letter& letter, char32_t code) {
    append(paragraph_.text, code);
    while (paragraph_.origin.size() < paragraph_.text.size()) {
      paragraph_.origin.push_back(letter.origin);
    }
    end_ = letter.end;
  }

  Article& article_;
  Article::Paragraph paragraph_;
  Letter space_;
  bool has_space_ = false;
  char32_t before_ = 0;
  std::uint32_t end_ = 0;
};

}  // namespace

Result<Article> read_article(std::string_view source, Markup markup) {
  if (source.size() > article_bytes_max) {
    return fail(
        ErrorKind::exhausted, "claims.too_large",
        {{"bytes", std::to_string(source.size())}, {"limit", std::to_string(article_bytes_max)}});
  }
  Article article;
  LineReader reader{source, markup};
  Writer writer{article};
  Letters letters;
  Letters last_letters;
  std::optional<Line> open;
  bool empty_between = false;
  while (reader.next(letters)) {
    const auto line = trimmed(letters);
    if (line.empty()) {
      empty_between = true;
      continue;
    }
    if (open && goes_on(*open, line, empty_between)) {
      writer.join(open->back());
    } else {
      writer.finish();
    }
    writer.line(line);
    open = line;
    std::swap(letters, last_letters);  // Where the open line lies.
    empty_between = false;
  }
  article.unreadable_bytes = reader.unreadable_bytes();
  writer.finish();
  return article;
}

std::vector<LineColumn> lines_of(std::string_view source,
                                 const std::vector<std::uint32_t>& offsets) {
  std::vector<LineColumn> places;
  places.reserve(offsets.size());
  LineColumn here;
  std::size_t at = 0;
  for (const auto offset : offsets) {
    for (; at < offset && at < source.size(); ++at) {
      if (source[at] == '\n') {
        ++here.line;
        here.column = 1;
      } else if ((static_cast<unsigned char>(source[at]) & 0xC0U) != 0x80U) {
        ++here.column;
      }
    }
    places.push_back(here);
  }
  return places;
}

}  // namespace partake::claims
