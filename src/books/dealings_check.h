// Whether what a scheme says of dealings can be kept in accounts: amounts are whole smallest units
// of their asset, prices are of what they are multiplied with.
#pragma once

#include "programme/dealings.h"

namespace partake::books {

// Problems: programme.amount, programme.price_unit, programme.settles_itself,
// programme.uneven_shares.
void check_dealings(const programme::Dealings& dealings, Problems& problems);

// What accounts hold under a name keeps its meaning under a later edition: what a unit of a class
// stands for, what a split shares and settles. Problem programme.meaning_changed.
void check_succession(const programme::Dealings& before, const programme::Dealings& now,
                      Problems& problems);

}  // namespace partake::books
