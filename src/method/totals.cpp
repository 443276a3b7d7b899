#include "method/totals.h"

#include <algorithm>
#include <cmath>

#include "base/require.h"
#include "method/kernels.h"

namespace partake::method {
namespace {

// A contribution in 1/1024 units. Outcomes are below 2^63, their sensitivities may be larger: 2^96
// bounds what is kept, and what is beyond (or not finite) makes the total "at least".
std::optional<Int128> fixed_point(double value) {
  constexpr double limit = 79228162514264337593543950336.0;
  const double scaled = value * contribution_scale;
  if (!(std::fabs(scaled) < limit)) return std::nullopt;
  return static_cast<Int128>(std::nearbyint(scaled));
}

bool all_good(std::span<const RowState> states) {
  return std::all_of(states.begin(), states.end(),
                     [](RowState state) { return state == RowState::good; });
}

}  // namespace

double WideSum::value() const {
  constexpr double two_to_64 = 18446744073709551616.0;
  return (static_cast<double>(high_) * two_to_64 +
          static_cast<double>(static_cast<std::uint64_t>(low_ >> 64U))) *
             two_to_64 +
         static_cast<double>(static_cast<std::uint64_t>(low_));
}

Totals::Totals(const Method& method, const Program& program)
    : program_{&program},
      outputs_(program.outputs.size()),
      fixed_(block_rows_max),
      scaled_(block_rows_max) {
  for (auto& output : outputs_) output.factor_contributions.resize(method.parameters.size());
}

void Totals::add(const Evaluator& evaluator, const Binding& binding,
                 std::span<const RowState> states, std::size_t rows) {
  states = states.first(rows);
  const bool clean = all_good(states);
  count_rows(binding, states, clean);
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    // 512 outcomes below 2^51 fit 64 bits; larger ones are added one by one.
    for (std::size_t row = 0; row < rows; ++row) outputs_[i].sum += evaluator.outcome(i)[row];
    for (const auto& sensitivity : program_->outputs[i].parameters) {
      const auto& group = binding.groups()[binding.where(sensitivity.index).first];
      auto& by_set = outputs_[i].factor_contributions[sensitivity.index];
      by_set.resize(group.sets.size());
      if (!add_contributions(evaluator.column(sensitivity.value), group, states, clean, by_set))
        outputs_[i].unbounded = true;
    }
    add_readings(i, evaluator, states, rows);
  }
}

void Totals::count_rows(const Binding& binding, std::span<const RowState> states, bool clean) {
  rows_ += static_cast<std::uint64_t>(std::count(states.begin(), states.end(), RowState::good));
  set_rows_.resize(binding.groups().size());
  for (std::size_t g = 0; g < binding.groups().size(); ++g) {
    const auto& group = binding.groups()[g];
    set_rows_[g].resize(group.sets.size());
    if (group.uniform && clean && !states.empty()) {
      set_rows_[g][group.set_of_row[0]] += states.size();
      continue;
    }
    for (std::size_t row = 0; row < states.size(); ++row) {
      if (states[row] == RowState::good) ++set_rows_[g][group.set_of_row[row]];
    }
  }
}

// False when a good row's contribution is not finite or too large.
bool Totals::add_contributions(const Column& column, const Binding::Group& group,
                               std::span<const RowState> states, bool clean,
                               std::vector<Int128>& by_set) {
  const auto rows = states.size();
  for (std::size_t row = 0; row < rows; ++row) scaled_[row] = column.at(row) * contribution_scale;
  const bool fast = round_fast(scaled_.data(), rows, fixed_.data());
  if (fast && group.uniform && clean && rows > 0) {
    std::int64_t sum = 0;  // 512 values below 2^51.
    for (std::size_t row = 0; row < rows; ++row) sum += fixed_[row];
    by_set[group.set_of_row[0]] += sum;
    return true;
  }
  bool bounded = true;
  for (std::size_t row = 0; row < rows; ++row) {
    if (states[row] != RowState::good) continue;
    const auto fixed = fast ? std::optional<Int128>{fixed_[row]} : fixed_point(column.at(row));
    if (fixed) by_set[group.set_of_row[row]] += *fixed;
    bounded = bounded && fixed.has_value();
  }
  return bounded;
}

void Totals::add_readings(std::size_t output, const Evaluator& evaluator,
                          std::span<const RowState> states, std::size_t rows) {
  for (const auto& sensitivity : program_->outputs[output].readings) {
    const auto& column = evaluator.column(sensitivity.value);
    const auto add_square = [&](double value) {
      const auto fixed = fixed_point(value);
      if (!fixed) {
        outputs_[output].unbounded = true;
        return;
      }
      outputs_[output].reading_variance.add_square(
          static_cast<Uint128>(*fixed < 0 ? -*fixed : *fixed));
    };
    for (std::size_t row = 0; row < rows; ++row) {
      if (states[row] != RowState::good) continue;
      if (sensitivity.domain == 0) {
        add_square(column.at(row));
        continue;
      }
      const auto& offsets = evaluator.table(sensitivity.domain).offsets;
      for (auto at = offsets[row]; at < offsets[row + 1]; ++at) {
        add_square(column.at(at - offsets[0]));
      }
    }
  }
}

void Totals::merge(const Totals& other) {
  const auto add_all = [](auto& to, const auto& from) {
    if (to.size() < from.size()) to.resize(from.size());
    for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
  };
  rows_ += other.rows_;
  if (set_rows_.size() < other.set_rows_.size()) set_rows_.resize(other.set_rows_.size());
  for (std::size_t g = 0; g < other.set_rows_.size(); ++g) {
    add_all(set_rows_[g], other.set_rows_[g]);
  }
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    outputs_[i].sum += other.outputs_[i].sum;
    outputs_[i].reading_variance.add(other.outputs_[i].reading_variance);
    outputs_[i].unbounded = outputs_[i].unbounded || other.outputs_[i].unbounded;
    for (std::size_t p = 0; p < outputs_[i].factor_contributions.size(); ++p) {
      add_all(outputs_[i].factor_contributions[p], other.outputs_[i].factor_contributions[p]);
    }
  }
}

bool operator==(const Totals& a, const Totals& b) {
  return a.rows_ == b.rows_ && a.outputs_ == b.outputs_ && a.set_rows_ == b.set_rows_;
}

std::vector<FactorUse> factor_uses(const Method& method, const Binding& binding,
                                   const Totals& totals, std::size_t output) {
  std::vector<FactorUse> uses;
  for (std::size_t p = 0; p < method.parameters.size(); ++p) {
    const auto [group_index, position] = binding.where(p);
    const auto& group = binding.groups()[group_index];
    for (std::size_t set = 0; set < group.sets.size(); ++set) {
      if (group.sets[set].error || group_index >= totals.set_rows().size() ||
          set >= totals.set_rows()[group_index].size()) {
        continue;
      }
      const auto rows = totals.set_rows()[group_index][set];
      if (rows == 0) continue;
      const auto& by_set = totals.outputs()[output].factor_contributions[p];
      uses.push_back({group.sets[set].chosen[position], method.parameters[p].name, rows,
                      set < by_set.size() ? by_set[set] : Int128{0}});
    }
  }
  return uses;
}

void SharedTotal::add(const Totals::Output& output, const std::vector<FactorUse>& uses) {
  sum_ += output.sum;
  reading_variance_.add(output.reading_variance);
  unbounded_ = unbounded_ || output.unbounded;
  for (const auto& use : uses) {
    const auto same = std::find_if(uses_.begin(), uses_.end(), [&](const FactorUse& known) {
      return known.chosen.factor->hash == use.chosen.factor->hash;
    });
    if (same == uses_.end()) {
      uses_.push_back(use);
    } else {
      same->contribution += use.contribution;
      same->rows += use.rows;
    }
  }
}

Uncertain SharedTotal::result() const {
  Uncertain total;
  total.sum = sum_;
  double variance = reading_variance_.value() / (contribution_scale * contribution_scale);
  total.stated_any = variance > 0;
  total.at_least = unbounded_;
  // By hash, so that the order of the evidence does not decide the last bit.
  auto ordered = uses_;
  std::sort(ordered.begin(), ordered.end(), [](const FactorUse& a, const FactorUse& b) {
    return a.chosen.factor->hash < b.chosen.factor->hash;
  });
  for (const auto& use : ordered) {
    if (use.contribution == 0) continue;
    if (!use.chosen.relative_half_width) {
      total.at_least = true;
      continue;
    }
    total.stated_any = true;
    const double half_width = static_cast<double>(use.contribution) / contribution_scale *
                              *use.chosen.relative_half_width;
    variance += half_width * half_width;
  }
  total.half_width = std::sqrt(variance);
  return total;
}

Uncertain row_total(const Program& program, const Evaluator& evaluator, const Binding& binding,
                    std::size_t output, std::size_t row) {
  Totals::Output single;
  single.sum = evaluator.outcome(output)[row];
  const auto fixed_or_unbounded = [&](double value) {
    const auto fixed = fixed_point(value);
    if (!fixed) single.unbounded = true;
    return fixed.value_or(0);
  };
  std::vector<FactorUse> uses;
  for (const auto& sensitivity : program.outputs[output].parameters) {
    const auto fixed = fixed_or_unbounded(evaluator.value(sensitivity.value, row));
    uses.push_back({binding.chosen(sensitivity.index, row), "", 1, fixed});
  }
  for (const auto& sensitivity : program.outputs[output].readings) {
    const auto& column = evaluator.column(sensitivity.value);
    auto first = row;
    auto end = row + 1;
    if (sensitivity.domain != 0) {
      const auto& offsets = evaluator.table(sensitivity.domain).offsets;
      first = offsets[row] - offsets[0];
      end = offsets[row + 1] - offsets[0];
    }
    for (auto at = first; at < end; ++at) {
      const auto fixed = fixed_or_unbounded(column.at(at));
      single.reading_variance.add_square(static_cast<Uint128>(fixed < 0 ? -fixed : fixed));
    }
  }
  SharedTotal total;
  total.add(single, uses);
  return total.result();
}

}  // namespace partake::method
