// Nouns that a number without a unit counts.
#pragma once

#include "claims/figure.h"

namespace partake::claims {

// The thing that a noun within `words` English words after `at` names; none at a stop before.
std::int16_t noun_after(const Reading& reading, std::size_t at, int words, const Lexicon& lexicon);

// What a number counts: the noun that follows it, or the one that it is said of.
std::int16_t counted_noun(const Reading& reading, const Number& number, const Lexicon& lexicon);

// "5,400 stoves", "28 million": so many of something, though the lexicon has no word for it.
bool is_number_of_things(std::string_view text, const Number& number);

}  // namespace partake::claims
