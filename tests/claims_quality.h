// Running the engine over labelled statements, for the test and the measurement.
#pragma once

#include <array>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "claims/review.h"
#include "cli/claims_knowledge.h"

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif

namespace partake::testing {

inline claims::Knowledge claims_knowledge() {
  Problems problems;
  auto knowledge = cli::read_claims_knowledge(SOURCE_DIR "/library", problems);
  if (!knowledge) std::abort();
  return *std::move(knowledge);
}

inline std::string file_text(const std::string& path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline std::vector<std::vector<std::string>> tab_rows(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream in{file_text(path)};
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::vector<std::string> cells;
    std::istringstream cell_in{line};
    for (std::string cell; std::getline(cell_in, cell, '\t');) cells.push_back(cell);
    rows.push_back(std::move(cells));
  }
  return rows;
}

struct Quality {
  int rows = 0;
  int found = 0;
  int judged_right = 0;
  int good_doubted = 0;
  // Row: the label; column: what came out. The last row is "quiet", the last column "missed".
  std::array<std::array<int, 7>, 7> confusion{};
  std::vector<std::string> misses;
};

// The label's figure, within 2 %, among those that a finding implies. Labels may leave a power of
// ten to the multiple that the text writes (17.2万吨).
inline bool implies(const claims::Finding& finding, double target, bool any_multiple) {
  for (const auto& implied : finding.implied) {
    for (const double value : {implied.value, implied.low, implied.high}) {
      for (const double multiple : {1.0, 1e4, 1e8}) {
        if (multiple > 1 && !any_multiple) continue;
        if (std::fabs(std::fabs(value) / (std::fabs(target) * multiple) - 1) <= 0.02) return true;
      }
    }
  }
  return false;
}

inline void enter(Quality& quality, const std::string& label, std::vector<claims::Verdict> verdicts,
                  const std::string& text, bool doubted_anywhere) {
  using claims::Verdict;
  ++quality.rows;
  const auto expected = claims::verdict_of(label);
  const std::size_t row = expected ? static_cast<std::size_t>(*expected) : 6;
  std::size_t column = 6;
  if (!expected) {
    column = doubted_anywhere ? static_cast<std::size_t>(Verdict::outside) : 6;
  } else if (!verdicts.empty()) {
    column = static_cast<std::size_t>(*std::max_element(verdicts.begin(), verdicts.end()));
    if (std::find(verdicts.begin(), verdicts.end(), *expected) != verdicts.end()) column = row;
  }
  ++quality.confusion[row][column];
  quality.found += expected ? !verdicts.empty() : !doubted_anywhere;
  quality.judged_right += column == row;
  const bool good = label == "consistent" || label == "quiet";
  const bool doubted =
      column != row && column != 6 && column >= static_cast<std::size_t>(Verdict::outside);
  quality.good_doubted += good && doubted;
  if (column != row) quality.misses.push_back(label + ": " + text);
}

inline Quality judge_labelled(const claims::Knowledge& knowledge) {
  Quality quality;
  const auto review = claims::review(file_text(SOURCE_DIR "/tests/claims/casebook.txt"), knowledge);
  if (!review) std::abort();
  for (const auto& row : tab_rows(SOURCE_DIR "/tests/claims/labelled.tsv")) {
    const auto line = std::stoul(row[2]);
    std::vector<claims::Verdict> verdicts;
    for (const auto& finding : review->findings) {
      bool here = false;
      for (const auto index : finding.figures) {
        const auto at = review->figures[index].place.line;
        // A paragraph that a page broke goes on in the next line of text.
        here = here || at == line || at == line + 2 || at + 2 == line;
      }
      if (here && implies(finding, std::stod(row[3]), true)) verdicts.push_back(finding.verdict);
    }
    enter(quality, row[1], verdicts, row[0] + " " + row[4], false);
  }
  return quality;
}

inline Quality judge_sentences(const claims::Knowledge& knowledge) {
  Quality quality;
  for (const auto& row : tab_rows(SOURCE_DIR "/tests/claims/sentences.tsv")) {
    const auto review = claims::review(row[3], knowledge);
    if (!review) std::abort();
    std::vector<claims::Verdict> verdicts;
    bool doubted = false;
    for (const auto& finding : review->findings) {
      doubted = doubted || finding.verdict >= claims::Verdict::outside;
      if (row[2] == "-" || implies(finding, std::stod(row[2]), false)) {
        verdicts.push_back(finding.verdict);
      }
    }
    enter(quality, row[1], verdicts, row[3], doubted);
  }
  return quality;
}

}  // namespace partake::testing
