#include "claims/words.h"

#include <algorithm>

namespace partake::claims {
namespace {

constexpr std::size_t word_bytes_max = 64;

std::uint32_t key_of(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(lower(text[at]));
  if (at + 1 >= text.size()) return first;
  return first | static_cast<std::uint32_t>(static_cast<unsigned char>(lower(text[at + 1]))) << 8U;
}

bool same(std::string_view text, std::size_t at, const std::string& word, bool exact) {
  if (text.size() - at < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char letter = exact ? text[at + i] : lower(text[at + i]);
    if (letter != word[i]) return false;
  }
  return true;
}

bool is_word_letter(char letter) { return is_latin(letter) || (letter >= '0' && letter <= '9'); }

// Whole in Latin letters: "t" is not the beginning of "trees", nor "m" of "m2".
bool is_whole(std::string_view text, std::size_t at, std::size_t size) {
  if (is_latin(text[at]) && at > 0 && is_latin(text[at - 1])) return false;
  const auto end = at + size;
  if (!is_word_letter(text[end - 1]) || end >= text.size()) return true;
  return !is_word_letter(text[end]);
}

}  // namespace

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_latin(char letter) {
  const char small = lower(letter);
  return small >= 'a' && small <= 'z';
}

std::size_t character_size(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  return std::min(size, text.size() - at);
}

void Words::add(std::string_view word, std::uint16_t entry, bool exact) {
  if (word.empty() || word.size() > word_bytes_max) return;
  std::string text{word};
  if (!exact) std::transform(text.begin(), text.end(), text.begin(), lower);
  // A word of one byte stands under its byte alone: what follows it differs.
  const auto key = text.size() == 1 ? static_cast<unsigned char>(lower(text[0])) : key_of(text, 0);
  auto& list = by_start_[key];
  for (const auto index : list) {
    auto& known = words_[index];
    if (known.text == text && known.exact == exact) {
      known.entries.push_back(entry);
      return;
    }
  }
  const auto index = static_cast<std::uint32_t>(words_.size());
  words_.push_back({std::move(text), exact, {entry}});
  const auto shorter = [&](std::uint32_t left, std::uint32_t right) {
    return words_[left].text.size() > words_[right].text.size();
  };
  list.insert(std::upper_bound(list.begin(), list.end(), index, shorter), index);
}

Words::Match Words::longest(std::string_view text, std::size_t at) const {
  if (at >= text.size()) return {};
  const auto try_key = [&](std::uint32_t key) -> Match {
    const auto found = by_start_.find(key);
    if (found == by_start_.end()) return {};
    for (const auto index : found->second) {
      const auto& word = words_[index];
      if (same(text, at, word.text, word.exact) && is_whole(text, at, word.text.size())) {
        return {word.text.size(), &word.entries};
      }
    }
    return {};
  };
  const auto long_key = key_of(text, at);
  if (const auto match = try_key(long_key); match.length > 0) return match;
  return try_key(static_cast<unsigned char>(lower(text[at])));
}

std::vector<WordHit> Words::all(std::string_view text) const {
  std::vector<WordHit> hits;
  for (std::size_t at = 0; at < text.size();) {
    const auto match = longest(text, at);
    if (match.length == 0) {
      at += character_size(text, at);
      continue;
    }
    for (const auto entry : *match.entries) {
      hits.push_back(
          {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + match.length), entry});
    }
    at += match.length;
  }
  return hits;
}

}  // namespace partake::claims
