// Sums of outcomes and of what they owe to each factor: integers only, so the result does not
// depend on how the evidence was split or ordered. docs/method-language.md, "Uncertainty".
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/int128.h"
#include "method/binding.h"
#include "method/evaluate.h"

namespace partake::method {

// A sum of 128-bit squares that cannot overflow in 2^64 additions.
class WideSum {
 public:
  void add(Uint128 value) {
    low_ += value;
    if (low_ < value) ++high_;
  }
  // Adds the square of a magnitude below 2^96.
  void add_square(Uint128 magnitude) {
    const auto low = static_cast<std::uint64_t>(magnitude);
    const auto top = static_cast<std::uint64_t>(magnitude >> 64U);
    add(Uint128{low} * low);
    const Uint128 middle = 2 * (Uint128{low} * top);
    add(middle << 64U);
    high_ += static_cast<std::uint64_t>(middle >> 64U) + top * top;
  }
  void add(const WideSum& other) {
    add(other.low_);
    high_ += other.high_;
  }
  [[nodiscard]] double value() const;
  friend bool operator==(const WideSum&, const WideSum&) = default;

 private:
  Uint128 low_ = 0;
  std::uint64_t high_ = 0;
};

// Contributions are counted in 1/1024 of the output's smallest unit.
constexpr double contribution_scale = 1024;

// For one method under one binding.
class Totals {
 public:
  Totals(const Method& method, const Program& program);

  // Adds the good rows of the evaluator's last block.
  void add(const Evaluator& evaluator, const Binding& binding, std::span<const RowState> states,
           std::size_t rows);
  // The same as having added the other's rows here. Both must share one binding.
  void merge(const Totals& other);

  struct Output {
    Int128 sum = 0;
    // By parameter, then by set of its group.
    std::vector<std::vector<Int128>> factor_contributions;
    WideSum reading_variance;  // In squares of 1/1024 of the smallest unit.
    bool unbounded = false;    // Some sensitivity is not finite: the half-width is "at least".
    friend bool operator==(const Output&, const Output&) = default;
  };
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] const std::vector<Output>& outputs() const { return outputs_; }
  // Rows by group, then by set.
  [[nodiscard]] const std::vector<std::vector<std::uint64_t>>& set_rows() const {
    return set_rows_;
  }
  friend bool operator==(const Totals&, const Totals&);

 private:
  void count_rows(const Binding& binding, std::span<const RowState> states, bool clean);
  bool add_contributions(const Column& column, const Binding::Group& group,
                         std::span<const RowState> states, bool clean, std::vector<Int128>& by_set);
  void add_readings(std::size_t output, const Evaluator& evaluator,
                    std::span<const RowState> states, std::size_t rows);

  const Program* program_;
  std::uint64_t rows_ = 0;
  std::vector<Output> outputs_;
  std::vector<std::vector<std::uint64_t>> set_rows_;
  std::vector<std::int64_t> fixed_;
  std::vector<double> scaled_;
};

// One factor's part in a total.
struct FactorUse {
  ChosenFactor chosen;
  std::string parameter;
  std::uint64_t rows = 0;
  Int128 contribution = 0;  // Of the total looked at.
};

// A total with its uncertainty. `sum` and `half_width` are in smallest units.
struct Uncertain {
  Int128 sum = 0;
  double half_width = 0;    // 95 %.
  bool at_least = false;    // Some factor's uncertainty is not stated.
  bool stated_any = false;  // Some uncertainty entered the half-width.
};

// All factors used, with their contribution to `output`.
std::vector<FactorUse> factor_uses(const Method& method, const Binding& binding,
                                   const Totals& totals, std::size_t output);

// Adds totals of one asset over methods: a factor shared by two methods is one unknown.
class SharedTotal {
 public:
  void add(const Totals::Output& output, const std::vector<FactorUse>& uses);
  [[nodiscard]] Uncertain result() const;
  [[nodiscard]] const std::vector<FactorUse>& uses() const { return uses_; }

 private:
  Int128 sum_ = 0;
  std::vector<FactorUse> uses_;  // One a factor.
  WideSum reading_variance_;
  bool unbounded_ = false;
};

// One good row of the last block as a total of its own.
Uncertain row_total(const Program& program, const Evaluator& evaluator, const Binding& binding,
                    std::size_t output, std::size_t row);

}  // namespace partake::method
