#include "ledger/amount.h"

#include <limits>

namespace partake::ledger {

std::optional<std::int64_t> whole_in(const Quantity& quantity, const Unit& smallest) {
  const auto value = convert(quantity, smallest);
  const bool good = value && value->denominator() == 1 && value->numerator() >= 0 &&
                    value->numerator() <= std::numeric_limits<std::int64_t>::max();
  if (!good) return std::nullopt;
  return static_cast<std::int64_t>(value->numerator());
}

std::optional<std::int64_t> whole_in(const Quantity& quantity, Asset asset) {
  const auto smallest = parse_unit(unit_of(asset));
  return smallest ? whole_in(quantity, *smallest) : std::nullopt;
}

}  // namespace partake::ledger
