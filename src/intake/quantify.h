// Evidence files through a programme's methods to totals. Pure but for reading the files.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "intake/evidence_reader.h"
#include "intake/knowledge.h"
#include "method/totals.h"
#include "programme/programme.h"

namespace partake::intake {

// Refused rows, grouped by what is wrong.
class RefusalLog {
 public:
  struct Group {
    std::string subject;  // What makes it one kind: the code and what it is about.
    Error example;        // Of the first row.
    std::uint64_t rows = 0;
    std::vector<std::pair<std::string, std::uint64_t>> first;  // File and line, at most five.
  };
  void add(const std::string& file, std::uint64_t line, const Error& error);
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  [[nodiscard]] std::uint64_t rows() const;

 private:
  std::vector<Group> groups_;
};

struct MethodReport {
  const method::Compiled* compiled = nullptr;
  std::unique_ptr<method::Binding> binding;
  std::unique_ptr<method::Totals> totals;
  std::uint64_t records = 0;
  RefusalLog refusals;

  [[nodiscard]] bool illustrative() const;
  [[nodiscard]] const method::Method& method() const { return *compiled->method; }
  [[nodiscard]] method::Uncertain total(std::size_t output) const;
};

// The total of one asset over all methods.
struct AssetTotal {
  method::Asset asset = method::Asset::none;
  const method::Output* output = nullptr;  // Of the first method that counts it.
  method::SharedTotal total;
};

struct Report {
  const programme::Programme* programme = nullptr;
  std::vector<MethodReport> methods;
  std::deque<factor::Factor> values;  // The programme's own parameters.

  [[nodiscard]] bool illustrative() const;
  [[nodiscard]] std::vector<AssetTotal> asset_totals() const;
  [[nodiscard]] const MethodReport* of(const MethodId& id) const;
};

struct RowOutcome {
  const std::string* file = nullptr;
  std::uint64_t line = 0;
  const MethodReport* report = nullptr;
  std::vector<std::int64_t> counts;  // By output.
};

struct QuantifyOptions {
  std::string folder;              // Of the programme; its paths are relative to it.
  std::vector<std::string> files;  // Instead of the programme's files (one [[evidence]] only).
  Day admitted_on;
  bool substitutions = true;
  std::function<void(std::uint64_t bytes, std::uint64_t total_bytes)> progress;
  std::function<void(const RowOutcome&)> row;  // Called for every good row, if set.
};

// Problems: programme.*, mapping.*, method.*. Error: a file cannot be read, or the problems.
Result<Report> quantify(const programme::Programme& programme, const Knowledge& knowledge,
                        const QuantifyOptions& options, Problems& problems);

// A published figure against what came out.
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

// The evidence of one line as settings for method::run.
Result<method::Setting> setting_of_line(const programme::Programme& programme,
                                        const Knowledge& knowledge, const QuantifyOptions& options,
                                        std::uint64_t line, Problems& problems);

// The programme's terms for one method. Values point into `values`.
Result<method::Terms> terms_of(const programme::Programme& programme, const MethodId& method,
                               const factor::Library& library, const QuantifyOptions& options,
                               std::deque<factor::Factor>& values);

}  // namespace partake::intake
