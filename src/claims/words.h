// Finding the words of a lexicon in running text: the longest at a place, Latin words whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace partake::claims {

// Where a known word stands in a text, and which entries of the lexicon it names.
struct WordHit {
  std::uint32_t begin = 0;  // Bytes.
  std::uint32_t end = 0;
  std::uint16_t entry = 0;
};

class Words {
 public:
  // `exact`: upper and lower case differ (t is not T). Words are UTF-8, at most 64 bytes.
  void add(std::string_view word, std::uint16_t entry, bool exact = false);

  // The length in bytes of the longest word that begins at `at`, 0 if none does. The entries that
  // it names are in entries(word).
  struct Match {
    std::size_t length = 0;
    const std::vector<std::uint16_t>* entries = nullptr;
  };
  [[nodiscard]] Match longest(std::string_view text, std::size_t at) const;
  // All words, leftmost and longest first, none over another. A word that names several entries
  // gives a hit for each.
  [[nodiscard]] std::vector<WordHit> all(std::string_view text) const;

 private:
  struct Word {
    std::string text;  // Lower case unless exact.
    bool exact = false;
    std::vector<std::uint16_t> entries;
  };
  std::vector<Word> words_;
  // First two bytes in lower case (one for a word of one byte) to its words, the longest first.
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_start_;
};

char lower(char letter);
bool is_latin(char letter);
// The length in bytes of the character at `at` of valid UTF-8.
std::size_t character_size(std::string_view text, std::size_t at);

}  // namespace partake::claims
