// Running the engine over labelled statements, for the test and the measurement.
#pragma once

#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/quantity.h"
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

// A label's figure: a number or a range, in a unit. "0.57 kg/kWh", "1.5..2.0 kg/d".
struct Target {
  double low = 0;  // SI.
  double high = 0;
  Dimension dimension;
};

// "12 kg; 12 kg/a": one of them.
inline std::vector<Target> targets_of(const std::string& text) {
  std::vector<Target> targets;
  std::istringstream in{text};
  for (std::string part; std::getline(in, part, ';');) {
    part.erase(0, part.find_first_not_of(' '));
    const auto space = part.find(' ');
    const auto range = part.find("..");
    const auto unit = parse_unit(part.substr(space + 1));
    if (!unit) throw std::runtime_error{"no unit: " + text};
    Target target;
    target.low = std::stod(part);
    target.high = range == std::string::npos ? target.low : std::stod(part.substr(range + 2));
    const double si = to_double(*unit->ratio());
    target.low *= si;
    target.high *= si;
    target.dimension = unit->dimension();
    targets.push_back(std::move(target));
  }
  return targets;
}

// Whether a figure of the finding lies within 2 % of the label's, in the same unit.
inline bool implies(const claims::Finding& finding, const std::vector<Target>& targets) {
  for (const auto& implied : finding.implied) {
    if (implied.code.empty()) continue;
    const auto unit = parse_unit(implied.code);
    if (!unit) throw std::runtime_error{"no unit: " + implied.code};
    const double value = std::fabs(implied.value) * to_double(*unit->ratio());
    for (const auto& target : targets) {
      if (target.dimension == unit->dimension() && value >= target.low * 0.98 &&
          value <= target.high * 1.02) {
        return true;
      }
    }
  }
  return false;
}

struct Quality {
  int rows = 0;
  int found = 0;
  int judged_right = 0;
  int good = 0;
  int good_doubted = 0;
  // Row: the label; column: what came out. The last row is "quiet", the last column "missed".
  std::array<std::array<int, 7>, 7> confusion{};
  std::vector<std::string> misses;
};

// One row: the one finding that implies the label's figure, if there is one, and whether anything
// about the statement was doubted.
inline void enter(Quality& quality, const std::string& label, const claims::Finding* finding,
                  bool doubted, const std::string& text) {
  using claims::Verdict;
  ++quality.rows;
  const auto expected = claims::verdict_of(label);
  const std::size_t row = expected ? static_cast<std::size_t>(*expected) : 6;
  std::size_t column = finding != nullptr ? static_cast<std::size_t>(finding->verdict) : 6;
  if (!expected && doubted) column = static_cast<std::size_t>(Verdict::outside);
  ++quality.confusion[row][column];
  const bool found = expected ? finding != nullptr : !doubted;
  quality.found += found;
  quality.judged_right += column == row;
  const bool good = !expected || *expected == Verdict::consistent;
  quality.good += good;
  quality.good_doubted += good && doubted;
  if (column == row && !(good && doubted)) return;
  std::string miss = label + (found ? " judged" : " not found");
  if (found && finding != nullptr) miss += std::string{" "} + name_of(finding->verdict);
  if (good && doubted) miss += ", doubted";
  quality.misses.push_back(miss + ": " + text);
}

// The verdict words of the labels and their grades, from the table beside them.
inline std::map<std::string, std::string> grades_of(const std::string& readme) {
  const std::map<std::string, std::string> names{
      {"consistent", "consistent"},           {"depends on boundary", "boundary"},
      {"outside the usual range", "outside"}, {"contradicts its own text", "contradiction"},
      {"impossible", "impossible"},           {"cannot be checked", "unchecked"}};
  std::map<std::string, std::string> grades;
  std::istringstream in{readme};
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("| ")) continue;
    const auto bar = line.find(" | ");
    const auto name = bar == std::string::npos ? names.end() : names.find(line.substr(2, bar - 2));
    if (name == names.end()) continue;
    std::istringstream words{line.substr(bar + 3, line.rfind(" |") - bar - 3)};
    for (std::string word; std::getline(words, word, ',');) {
      word.erase(0, word.find_first_not_of(' '));
      grades[word] = name->second;
    }
  }
  return grades;
}

// Where a quotation stands from a line on, spaces and line ends aside.
struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
};
inline std::optional<Stretch> find_quote(const std::string& source, std::size_t line,
                                         const std::string& quote) {
  std::size_t begin = 0;
  for (std::size_t i = 1; i < line; ++i) begin = source.find('\n', begin) + 1;
  const auto line_end = source.find('\n', begin);
  const auto is_space = [](char letter) {
    return letter == ' ' || letter == '\n' || letter == '\f' || letter == '\r';
  };
  for (auto at = begin; at < line_end; ++at) {
    auto here = at;
    std::size_t matched = 0;
    while (here < source.size() && matched < quote.size()) {
      if (is_space(source[here])) {
        ++here;
      } else if (is_space(quote[matched])) {
        ++matched;
      } else if (source[here] == quote[matched]) {
        ++here;
        ++matched;
      } else {
        break;
      }
    }
    if (matched == quote.size()) return Stretch{at, here};
  }
  return std::nullopt;
}

// How many figures of a finding stand in a stretch of the source.
inline int figures_in(const claims::Review& review, const claims::Finding& finding,
                      Stretch stretch) {
  int count = 0;
  for (const auto index : finding.figures) {
    const auto& figure = review.figures[index];
    count += figure.begin < stretch.end && figure.end > stretch.begin;
  }
  return count;
}

// A label of a claim in a text.
struct Label {
  std::string id;
  std::string path;  // Of the text.
  std::size_t line = 0;
  std::string quote;
  std::string grade;
  std::vector<Target> targets;
};

// Labels against whole texts.
inline Quality judge(const claims::Knowledge& knowledge, const std::vector<Label>& labels) {
  Quality quality;
  std::map<std::string, std::pair<std::string, claims::Review>> texts;
  struct Row {
    const Label* label = nullptr;
    const claims::Review* review = nullptr;
    Stretch quote;
    Stretch statement;  // The sentence around the quotation.
    const claims::Finding* finding = nullptr;
  };
  std::vector<Row> rows;
  for (const auto& label : labels) {
    auto& [source, review] = texts[label.path];
    if (source.empty()) {
      source = file_text(label.path);
      review = *claims::review(source, knowledge);
    }
    Row row{&label, &review, {}, {}, nullptr};
    const auto quote = find_quote(source, label.line, label.quote);
    if (!quote) throw std::runtime_error{"not in its line: " + label.id + " " + label.quote};
    row.quote = row.statement = *quote;
    for (const auto& statement : review.statements) {
      if (statement.begin > quote->begin || statement.end < quote->end) continue;
      row.statement = {statement.begin, statement.end};
    }
    // Of the findings with a figure in its sentence that imply its figure, the one with most
    // figures in the quotation. Where nothing is implied: what says so.
    int most = -1;
    for (const auto& finding : review.findings) {
      const int quoted = figures_in(review, finding, row.quote);
      const bool meant = label.targets.empty() ? finding.verdict == claims::Verdict::unchecked
                                               : implies(finding, label.targets);
      if (quoted <= most || figures_in(review, finding, row.statement) == 0 || !meant) continue;
      most = quoted;
      row.finding = &finding;
    }
    rows.push_back(row);
  }
  for (const auto& row : rows) {
    // A doubt about a figure of the quotation; not what another row's label itself says of it, nor
    // what the engine lays to a figure elsewhere.
    bool doubted = false;
    for (const auto& finding : row.review->findings) {
      if (finding.verdict < claims::Verdict::outside) continue;
      if (figures_in(*row.review, finding, row.quote) == 0) continue;
      const bool labelled = std::any_of(rows.begin(), rows.end(), [&](const Row& other) {
        return other.finding == &finding && other.label->grade != "consistent";
      });
      const bool elsewhere = finding.repair && [&] {
        const auto& figure = row.review->figures[finding.repair->figure];
        return figure.begin >= row.quote.end || figure.end <= row.quote.begin;
      }();
      doubted = doubted || (!labelled && !elsewhere);
    }
    enter(quality, row.label->grade, row.finding, doubted, row.label->id + " " + row.label->quote);
  }
  return quality;
}

// The labelled rows of seed texts. `shared` is the folder that has facts and seeds.
inline Quality judge_labelled(const claims::Knowledge& knowledge, const std::string& shared) {
  std::map<std::string, std::vector<Target>> targets;
  for (const auto& row : tab_rows(SOURCE_DIR "/tests/claims/labelled.tsv")) {
    targets[row[0]] = targets_of(row[1]);
  }
  const auto grades = grades_of(file_text(shared + "/facts/README.md"));
  std::vector<Label> labels;
  for (const auto& cells : tab_rows(shared + "/facts/claims-labelled.tsv")) {
    if (cells[0] == "id") continue;
    auto word = cells[10];
    if (const auto sign = word.find("×"); sign != std::string::npos) word.replace(sign, 2, "x");
    labels.push_back({cells[0], shared + "/seeds/" + cells[2], std::stoul(cells[3]), cells[5],
                      grades.at(word), targets.at(cells[0])});
  }
  return judge(knowledge, labels);
}

// The labels of invented texts: of the folder `set` and the table of that name; of the texts that
// `wanted` says by their names.
template <class Wanted>
Quality judge_texts(const claims::Knowledge& knowledge, const std::string& set, Wanted wanted) {
  const auto folder = std::string{SOURCE_DIR "/tests/claims/"} + set;
  std::vector<Label> labels;
  for (const auto& cells : tab_rows(folder + ".tsv")) {
    if (!wanted(cells[1])) continue;
    labels.push_back({cells[0], folder + "/" + cells[1], std::stoul(cells[2]), cells[5], cells[3],
                      cells[4] == "-" ? std::vector<Target>{} : targets_of(cells[4])});
  }
  return judge(knowledge, labels);
}
inline Quality judge_cases(const claims::Knowledge& knowledge, bool odd) {
  return judge_texts(knowledge, "cases", [&](const std::string& name) {
    return (std::stoi(name.substr(2, 2)) % 2 == 1) == odd;
  });
}
// Of most the misses were looked at; of these never.
inline Quality judge_blind(const claims::Knowledge& knowledge, bool looked_at) {
  return judge_texts(knowledge, "blind", [&](const std::string& name) {
    const auto text = name.substr(0, 4);
    const bool unseen = text == "zh22" || text == "en26";
    return unseen != looked_at;
  });
}

// Sentences of our own: language, grade, implied figure, sentence.
inline Quality judge_sentences(const claims::Knowledge& knowledge, const char* file) {
  Quality quality;
  for (const auto& row : tab_rows(std::string{SOURCE_DIR "/tests/claims/"} + file)) {
    const auto review = claims::review(row[3], knowledge);
    if (!review) std::abort();
    const auto targets = row[2] == "-" ? std::vector<Target>{} : targets_of(row[2]);
    const claims::Finding* found = nullptr;
    bool doubted = false;
    for (const auto& finding : review->findings) {
      doubted = doubted || finding.verdict >= claims::Verdict::outside;
      if (row[1] == "quiet" || found != nullptr) continue;
      if (row[2] == "-" || implies(finding, targets)) found = &finding;
    }
    enter(quality, row[1], found, doubted, row[3]);
  }
  return quality;
}

}  // namespace partake::testing
