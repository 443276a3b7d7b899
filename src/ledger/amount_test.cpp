#include "ledger/amount.h"

#include <doctest/doctest.h>

using namespace partake;
using ledger::Asset;

TEST_CASE("amount: exactly so many smallest units, or none") {
  struct Row {
    const char* text;
    Asset asset;
    std::optional<std::int64_t> whole;
  };
  const std::vector<Row> rows{
      {"1737200.00 yuan", Asset::money, 173'720'000},
      {"173.72万元", Asset::money, 173'720'000},
      {"0.01 yuan", Asset::money, 1},
      {"0.001 yuan", Asset::money, std::nullopt},
      {"-1 yuan", Asset::money, std::nullopt},
      {"1 kgCO2e", Asset::co2e, 1'000'000},
      {"1 kgCO2", Asset::co2e, std::nullopt},
      {"500", Asset::points, 500},
      {"9007199254740993", Asset::points, 9'007'199'254'740'993},  // Beyond binary64.
      {"9223372036854775807", Asset::points, 9'223'372'036'854'775'807},
      {"9223372036854775808", Asset::points, std::nullopt},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto quantity = parse_quantity(row.text);
    REQUIRE(quantity);
    CHECK_EQ(ledger::whole_in(*quantity, row.asset), row.whole);
  }
}
