// Amounts as people write them, and as accounts count them.
#pragma once

#include <optional>

#include "base/quantity.h"
#include "ledger/accounts.h"

namespace partake::ledger {

// As a whole number of the smallest unit; empty when it is none, negative, or beyond 63 bits.
std::optional<std::int64_t> whole_in(const Quantity& quantity, const Unit& smallest);
std::optional<std::int64_t> whole_in(const Quantity& quantity, Asset asset);

}  // namespace partake::ledger
