// What stands at a byte of a text, and where it ends.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace partake::claims {

using WordList = std::initializer_list<std::string_view>;

// The bytes of a text from `begin` to before `end`.
struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
};

inline bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

inline bool starts(std::string_view text, std::size_t at, std::string_view word) {
  return at <= text.size() && text.substr(at).starts_with(word);
}

// The length of the first of the words that stands at `at`; 0 where none does.
inline std::size_t any_at(std::string_view text, std::size_t at, WordList words) {
  for (const auto word : words) {
    if (starts(text, at, word)) return word.size();
  }
  return 0;
}

inline bool ends_in_any(std::string_view text, WordList words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.ends_with(word); });
}

inline bool is_one_of(std::string_view word, WordList words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace partake::claims
