// What a figure counts or measures.
#pragma once

#include "claims/figure.h"
#include "claims/text_at.h"

namespace partake::claims {

// `clause`: the figure's own. The figures before it must have been read to their ends.
void find_thing(Reading& reading, std::size_t index, Stretch clause, const Lexicon& lexicon);

}  // namespace partake::claims
