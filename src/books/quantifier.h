// Runs a rule's method over events: from stored values to amounts in smallest units.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "books/edition.h"

namespace partake::books {

class Quantifier {
 public:
  // For events of one tier (0 is A), with the factors published by that day. Error: what the
  // method needs is not there.
  static Result<std::unique_ptr<Quantifier>> make(const Edition& edition, const Rule& rule,
                                                  std::size_t tier, Day admitted_on);

  // Computes up to method::block_rows_max events of the rule.
  void run(std::span<const Event* const> events);
  [[nodiscard]] bool is_good(std::size_t row) const {
    return states_[row] == method::RowState::good;
  }
  // By posting. Requires is_good(row).
  [[nodiscard]] std::int64_t amount(std::size_t row, std::size_t posting) const;
  // Why a row has no amounts: method.out_of_range, method.not_finite, method.too_large, factor.*.
  [[nodiscard]] Error refusal(std::size_t row) const;

 private:
  Quantifier(const Rule& rule, std::size_t tier);
  void fill(std::span<const Event* const> events);

  const Rule& rule_;
  std::deque<factor::Factor> values_;
  std::unique_ptr<method::Binding> binding_;
  method::Evaluator evaluator_;
  method::Block block_;
  std::vector<std::vector<double>> columns_;
  std::vector<std::vector<std::uint32_t>> region_keys_;
  std::vector<std::uint32_t> day_keys_;
  std::vector<method::Keys> regions_;
  std::vector<method::Keys> days_;
  std::vector<method::RowState> states_;
};

}  // namespace partake::books
