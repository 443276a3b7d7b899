// Which factor applies: by id, kind, region and day, seeing only what was published by the day of
// admission, with the fall-back that the method declares. design.md section 7;
// docs/method-language.md, "Look-up".
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "factor/library.h"

namespace partake::factor {

enum class Prefer : std::uint8_t { region, year };

struct Rule {
  FactorId id;
  std::string kind = "default";
  std::vector<EdgeType> climb;
  int years_back = 0;
  Prefer prefer = Prefer::region;
  bool accept_unconfirmed = false;
};

struct Choice {
  const Factor* factor = nullptr;
  int years_back = 0;    // How far the look-up went back.
  bool climbed = false;  // Whether it left the region that was asked for.
};

// Errors: factor.none (says what the library has, and what was published too late),
// factor.ambiguous (names both).
Result<Choice> look_up(const Library& library, const Rule& rule, RegionIndex region, Day day,
                       Day admitted_on);

}  // namespace partake::factor
