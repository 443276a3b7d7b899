// Whether what a scheme says of dealings can be kept in accounts: amounts are whole smallest units
// of their asset, prices are of what they are multiplied with.
#pragma once

#include "programme/dealings.h"

namespace partake::books {

// Problems: programme.amount, programme.price_unit, programme.pool_unit, programme.settles_itself.
void check_dealings(const programme::Dealings& dealings, Problems& problems);

}  // namespace partake::books
