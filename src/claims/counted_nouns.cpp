#include "claims/counted_nouns.h"

#include <algorithm>
#include <cmath>

#include "claims/text_at.h"

namespace partake::claims {
namespace {

std::int16_t counted_at(const Reading& reading, std::size_t at, const Lexicon& lexicon) {
  for (const auto& hit : reading.things_at(at)) {
    if (lexicon.things()[hit.entry].stated_in(Measure::count)) {
      return static_cast<std::int16_t>(hit.entry);
    }
  }
  return none;
}

// At a word's beginning, or after a hyphen in it: "85 e-buses".
std::int16_t counted_in_word(const Reading& reading, Stretch word, const Lexicon& lexicon) {
  auto found = counted_at(reading, word.begin, lexicon);
  for (auto at = word.begin; at < word.end && found == none; ++at) {
    if (reading.text[at] == '-') found = counted_at(reading, at + 1, lexicon);
  }
  return found;
}

// A Chinese noun right after the number, or a word of two characters further: 5000志愿者,
// 1020万常住人口.
std::int16_t noun_glued(const Reading& reading, std::size_t at, const Lexicon& lexicon) {
  const std::string_view text = reading.text;
  constexpr int characters_between_max = 2;
  for (int i = 0; i <= characters_between_max; ++i) {
    if (at >= text.size() || text[at] > 0 ||
        any_at(text, at, {"，", "；", "：", "（", "。", "、"}) > 0) {
      return none;
    }
    if (const auto thing = counted_at(reading, at, lexicon); thing != none) return thing;
    at += character_size(text, at);
  }
  return none;
}

// "人口超过2000万，": a count whose noun stands before it, with nothing else between.
std::int16_t noun_named(const Reading& reading, const Number& number, const Lexicon& lexicon) {
  if (number.in_words || number.multiple == 0) return none;
  constexpr std::size_t near = 12;
  const auto last = std::find_if(reading.things.rbegin(), reading.things.rend(),
                                 [&](const WordHit& hit) { return hit.end <= number.begin; });
  if (last == reading.things.rend() || last->end + near < number.begin) return none;
  const auto& thing = lexicon.things()[last->entry];
  return thing.stated_in(Measure::count) ? static_cast<std::int16_t>(last->entry) : none;
}

}  // namespace

std::int16_t noun_after(const Reading& reading, std::size_t at, int words, const Lexicon& lexicon) {
  const std::string_view text = reading.text;
  for (int i = 0; i < words; ++i) {
    while (at < text.size() && text[at] == ' ') ++at;
    if (at >= text.size() || !is_latin(text[at])) return none;
    auto end = at;
    while (end < text.size() && (is_latin(text[end]) || text[end] == '-')) ++end;
    const auto thing = counted_in_word(reading, {at, end}, lexicon);
    if (thing != none) return thing;
    if (is_one_of(
            text.substr(at, end - at),
            {"in",  "at",   "by", "for", "to",   "with", "than", "from", "per", "which", "that",
             "are", "were", "is", "was", "have", "has",  "on",   "into", "as",  "a"})) {
      return none;
    }
    at = end;
  }
  return none;
}

std::int16_t counted_noun(const Reading& reading, const Number& number, const Lexicon& lexicon) {
  constexpr int words_after_max = 5;
  auto thing = noun_after(reading, number.end, words_after_max, lexicon);
  if (thing == none) thing = noun_glued(reading, number.end, lexicon);
  return thing != none ? thing : noun_named(reading, number, lexicon);
}

bool is_number_of_things(std::string_view text, const Number& number) {
  const double value = to_double(number.value);
  const bool grouped =
      text.substr(number.digits, number.end - number.digits).find(',') != std::string_view::npos;
  if (!number.in_words && value >= 1000 && (grouped || number.multiple >= 6)) return true;
  if (value < 2 || value != std::floor(value) || !starts(text, number.end, " ")) return false;
  const auto at = number.end + 1;
  auto end = at;
  while (end < text.size() && text[end] >= 'a' && text[end] <= 'z') ++end;
  if (end < at + 3) return false;
  const auto word = text.substr(at, end - at);
  // "four measures: …" announces a list; other numbers in words seldom count what matters.
  if (number.in_words) {
    const auto rest = text.substr(end).substr(0, 20);
    return value <= 12 && word.ends_with("s") &&
           rest.substr(0, rest.find_first_of(",.;")).find(": ") != std::string_view::npos;
  }
  return !is_one_of(
      word,
      {"and",   "for",    "the",     "with",  "than",  "from", "per",   "that",  "are",    "were",
       "was",   "have",   "has",     "into",  "which", "when", "while", "but",   "over",   "under",
       "after", "before", "percent", "times", "out",   "off",  "above", "below", "against"});
}

}  // namespace partake::claims
