// What changed between two versions of a method, from their canonical forms.
#pragma once

#include <string>
#include <vector>

#include "method/method.h"

namespace partake::method {

struct Change {
  std::string section;  // "formulas", "parameters", "limits", ...
  std::string name;     // "saved"; empty for the section itself.
  std::string field;    // "years_back"; empty for the whole entry.
  std::string before;   // Empty: added.
  std::string after;    // Empty: removed.
};

// In the order of the canonical form. Empty when nothing that can change a result differs.
std::vector<Change> differences(const Method& before, const Method& after);

}  // namespace partake::method
