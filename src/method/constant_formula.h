// A formula of constants only: "16e8 [L] / 3.9e8 [km]".
#pragma once

#include <string>

#include "base/quantity.h"

namespace partake::method {

// The value in `unit`. Errors: formula.*, unit.mismatch.
Result<double> evaluate_constant(const std::string& formula, const Unit& unit);

}  // namespace partake::method
