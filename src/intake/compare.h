// Published figures against what came out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "factor/library.h"
#include "intake/report.h"

namespace partake::intake {

// So many smallest units of an output, exactly.
Quantity quantity_of(const method::Output& output, Int128 count);

// The exact total of one output, in `unit`. Errors: method.unknown_output; programme.not_summed,
// where the output is a ratio and not exactly one row made it; unit.mismatch.
Result<Rational> total_in(const Report& report, const MethodId& method, const std::string& output,
                          const Unit& unit);

struct Comparison {
  const programme::Stated* stated = nullptr;
  Rational computed;  // In the stated unit.
  bool agrees = false;
  std::optional<Rational> implied;  // value / per, in implied_unit.
  Unit implied_unit;
  struct Candidate {
    const factor::Factor* factor = nullptr;
    double ratio = 0;  // In implied_unit.
    double gives = 0;  // What the stated figure would be, in its unit.
  };
  std::vector<Candidate> candidates;  // Nearest first.
};
Result<Comparison> compare(const programme::Stated& stated, const Report& report,
                           const factor::Library& library);

}  // namespace partake::intake
