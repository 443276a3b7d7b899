// The same text in two languages: figures that differ or stand in one of them only.
#pragma once

#include <vector>

#include "claims/review.h"

namespace partake::claims {

struct Comparison {
  struct Difference {
    std::uint32_t first = 0;  // Index of a figure of each review.
    std::uint32_t second = 0;
    double factor = 1;  // Second over first.
  };
  std::size_t pairs = 0;  // Figures that agree.
  std::vector<Difference> differ;
  std::vector<std::uint32_t> only_first;
  std::vector<std::uint32_t> only_second;
};

Comparison compare(const Review& first, const Review& second);

}  // namespace partake::claims
