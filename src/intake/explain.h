// One line of an evidence file, calculated step by step.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "intake/quantify.h"

namespace partake::intake {

struct Explanation {
  struct Section {
    const method::Compiled* compiled = nullptr;
    method::Calculation calculation;
  };
  std::vector<Section> sections;  // Of each evidence section that reads the file.
  Problems refused;               // By the others, at the file and line.
  std::deque<factor::Factor> values;
};

// `file` as the programme or the options name it; empty: the first evidence file. Errors:
// evidence.no_such_file, and what stops `quantify`.
Result<Explanation> explain(const programme::Programme& programme, const Knowledge& knowledge,
                            const QuantifyOptions& options, const Place& line, Problems& problems);

}  // namespace partake::intake
