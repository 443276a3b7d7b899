// What came of evidence: refusals, totals by method and by asset, the factors behind them.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "method/run.h"
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

// What a figure must not be shown without.
struct Marks {
  bool illustrative = false;  // A factor of another region or year stood in.
  bool unconfirmed = false;   // A factor or a programme's value is of quality unconfirmed.
};
Marks marks_of(const std::vector<method::FactorUse>& uses);

struct MethodReport {
  const method::Compiled* compiled = nullptr;
  std::unique_ptr<method::Binding> binding;
  std::unique_ptr<method::Totals> totals;
  std::uint64_t records = 0;
  RefusalLog refusals;

  // Every factor used, once however many regions and days led to it.
  [[nodiscard]] std::vector<method::FactorUse> factors() const;
  [[nodiscard]] const method::Method& method() const { return *compiled->method; }
  [[nodiscard]] method::Uncertain total(std::size_t output) const;
  // Whether the sum of an output means something: a ratio's does not, unless one row made it.
  [[nodiscard]] bool has_total(const method::Output& output) const {
    return output.summed ? totals->rows() > 0 : totals->rows() == 1;
  }
};

// The total of one asset over all methods that quantified something.
struct AssetTotal {
  struct Part {
    const MethodReport* report = nullptr;
    const method::Output* output = nullptr;
  };
  method::Asset asset = method::Asset::none;
  std::vector<Part> parts;  // Added up; not empty.
  method::SharedTotal total;
  Marks marks;
};

struct Report {
  const programme::Programme* programme = nullptr;
  std::vector<MethodReport> methods;
  std::deque<factor::Factor> values;  // The programme's own parameters.

  [[nodiscard]] bool illustrative() const;
  [[nodiscard]] std::vector<AssetTotal> asset_totals() const;
  [[nodiscard]] const MethodReport* of(const MethodId& id) const;
};

}  // namespace partake::intake
