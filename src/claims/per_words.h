// What a figure is for one of: 每亩, 单个站点, 亩均 before it; /亩, per hectare after it.
#pragma once

#include "claims/figure.h"

namespace partake::claims {

// Sets what the figure at `index` is for one of, where the text says so; a period, where it is for
// a year or a day. `clause` is where the figure's clause begins.
void find_per(Reading& reading, std::size_t index, std::size_t clause, const Lexicon& lexicon);

// Makes an amount one per unit; false when it does not fit.
bool state_per(Figure& figure, std::int16_t unit, const Lexicon& lexicon);

}  // namespace partake::claims
