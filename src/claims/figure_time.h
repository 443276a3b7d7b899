// For which time a figure is meant.
#pragma once

#include "claims/figure.h"
#include "claims/text_at.h"

namespace partake::claims {

// `clause`: the figure's own. The periods of the figures before it must be known.
void find_period(Reading& reading, std::size_t index, Stretch clause);

// The calendar year, and the years that a total was gathered over. All periods must be known.
void find_time(Reading& reading, std::size_t index);

}  // namespace partake::claims
