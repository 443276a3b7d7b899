// Words that say for which time an amount is, where no word of the lexicon does.
#pragma once

#include <string_view>

#include "claims/figure.h"

namespace partake::claims {

// 年 before a verb (年节约, 年处理, 年产) and 日 in the same way (日清运量): the last between two
// bytes; unstated where there is none.
struct GluedPeriod {
  Period period = Period::unstated;
  std::size_t at = 0;
};
GluedPeriod glued_period(std::string_view text, std::size_t from, std::size_t to);

// "as of 2018", 自2018年以来: no amount is of that year alone.
bool is_as_of(std::string_view text, const YearMention& year);

}  // namespace partake::claims
