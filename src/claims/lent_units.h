// Units that stand elsewhere than beside their number.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "claims/figure.h"

namespace partake::claims {

// What a cell names for others: （万千瓦时/平方米）.
struct CellUnit {
  std::int16_t unit = none;
  std::int16_t per = none;
  int power_of_ten = 0;
};

// Of a row of a table: what its first cell names, and what the heading of each column does.
class RowUnits {
 public:
  RowUnits() = default;
  RowUnits(std::string_view row, std::string_view heading, const Lexicon& lexicon);

  // For the cell at a byte of the row; null where nothing is named, and outside tables.
  [[nodiscard]] const CellUnit* at(std::string_view row, std::size_t byte) const;

 private:
  CellUnit own_;
  std::vector<CellUnit> columns_;
};

// A mere number in the unit of another: "from 178 to 104 kBtu", "gas (4,120 t), electricity
// (2,380)", the cells of a row that names its unit.
void lend_units(Reading& reading, const RowUnits& row, const Lexicon& lexicon);

// What a figure's number spreads over, from its unit to that of SI; empty when it does not fit.
std::optional<Spread> in_si(const Spread& spread, const Figure& figure, const Lexicon& lexicon);

}  // namespace partake::claims
