// What a check found: the figures, the arithmetic, the verdict and what to ask the author.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "claims/knowledge.h"

namespace partake::claims {

// A figure that follows from the text's own.
struct Implied {
  double low = 0;
  double value = 0;
  double high = 0;
  Text unit;
  std::string code;  // The same unit for parse_unit ("kg/kWh", "1"); empty if the house has none.
};

// One edit of one figure that makes every check of it pass.
struct Repair {
  std::uint32_t figure = 0;  // Of the review.
  std::string before;        // As written.
  std::string after;
  int power_of_ten = 0;
  int satisfied = 0;  // Of `checks`, after the edit.
  int checks = 0;
};

struct Finding {
  std::string check;  // "co2_electricity", "sum", …
  Verdict verdict = Verdict::unchecked;
  std::vector<std::uint32_t> figures;  // Of the review, in the order of the arithmetic.
  Text title;
  Text arithmetic;
  std::vector<Implied> implied;
  Text expected;  // What was expected, with unit.
  Text note;
  Text question;
  Text missing;  // What is needed to check it.
  std::string source;
  std::string quality;
  std::optional<Repair> repair;
  std::optional<Repair> other_repair;  // Of the other figure, where an edit of either would do.
};

}  // namespace partake::claims
