#include "books/quantifier.h"

#include "base/require.h"

namespace partake::books {
namespace {

using method::Input;
using method::RowState;

// What a region or choice is counted as.
std::int64_t number_in(const StoredValue& value, const FieldPlan& plan) {
  const auto number = static_cast<std::uint64_t>(value.mantissa);
  return number < plan.renumbered.size() ? plan.renumbered[number] : value.mantissa;
}

double in_unit(const StoredValue& value, const FieldPlan& plan) {
  if (plan.input->type != Input::Type::quantity) return static_cast<double>(number_in(value, plan));
  return to_double(Decimal{value.mantissa, value.exponent}, plan.ratio);
}

}  // namespace

Quantifier::Quantifier(const Rule& rule, std::size_t tier)
    : rule_{rule}, evaluator_{rule.compiled->program} {
  const auto& program = rule.compiled->program;
  block_.columns.resize(program.columns.size());
  block_.tier = rule.tier_worth[tier];
  columns_.resize(program.columns.size());
  region_keys_.resize(rule.region_inputs);
  regions_.resize(rule.region_inputs);
  for (const auto& plan : rule.fields) {
    if (plan.input->type == Input::Type::region) {
      region_keys_[plan.column].resize(method::block_rows_max);
      regions_[plan.column].values = region_keys_[plan.column].data();
    } else {
      columns_[plan.column].resize(method::block_rows_max);
      block_.columns[plan.column].values = columns_[plan.column].data();
    }
  }
  for (const auto& constant : rule.constants) {
    block_.columns[constant.column] = {nullptr, constant.value};
  }
  for (const auto& constant : rule.constant_regions) {
    regions_[constant.input].uniform = constant.value;
  }
  day_keys_.resize(method::block_rows_max);
  days_.assign(rule.date_inputs, method::Keys{day_keys_.data(), 0});
  states_.resize(method::block_rows_max);
}

Result<std::unique_ptr<Quantifier>> Quantifier::make(const Edition& edition, const Rule& rule,
                                                     std::size_t tier, Day admitted_on) {
  std::unique_ptr<Quantifier> made{new Quantifier{rule, tier}};
  const auto& library = edition.knowledge().library();
  TRY(auto terms, intake::terms_of(edition.programme(), rule.compiled->method->id, library,
                                   {.admitted_on = admitted_on}, made->values_));
  TRY(auto binding, method::Binding::make(*rule.compiled->method, library, std::move(terms)));
  made->binding_ = std::make_unique<method::Binding>(std::move(binding));
  return made;
}

void Quantifier::fill(std::span<const Event* const> events) {
  const auto rows = events.size();
  for (const auto& plan : rule_.fields) {
    const auto field = plan.value;
    if (plan.input->type == Input::Type::region) {
      auto* keys = region_keys_[plan.column].data();
      for (std::size_t row = 0; row < rows; ++row) {
        keys[row] = static_cast<std::uint32_t>(number_in(events[row]->values[field], plan));
      }
      continue;
    }
    auto* column = columns_[plan.column].data();
    for (std::size_t row = 0; row < rows; ++row) {
      column[row] = in_unit(events[row]->values[field], plan);
    }
  }
  if (rule_.date_inputs == 0) return;
  for (std::size_t row = 0; row < rows; ++row) {
    day_keys_[row] = method::day_key(events[row]->day);
  }
}

void Quantifier::run(std::span<const Event* const> events) {
  PARTAKE_REQUIRE(events.size() <= method::block_rows_max);
  fill(events);
  block_.rows = events.size();
  std::fill_n(states_.begin(), events.size(), RowState::good);
  const std::span<RowState> states{states_.data(), events.size()};
  binding_->bind(regions_, days_, block_, states);
  evaluator_.run(block_, states, method::Evaluator::Detail::outcomes);
}

std::int64_t Quantifier::amount(std::size_t row, std::size_t posting) const {
  return evaluator_.outcome(rule_.postings[posting].output)[row];
}

Error Quantifier::refusal(std::size_t row) const {
  switch (states_[row]) {
    case RowState::refused_before:
      return binding_->refusal(row);
    case RowState::out_of_range: {
      const auto index = evaluator_.out_of_range_column(row);
      const auto& column = rule_.compiled->program.columns[index];
      char text[32];
      std::snprintf(text, sizeof text, "%.12g", block_.columns[index].at(row));
      return {ErrorKind::invalid,
              "method.out_of_range",
              {{"input", column.name},
               {"value", text},
               {"range", method::to_string(column.input->range)},
               {"unit", to_string(column.input->unit)}},
              {}};
    }
    case RowState::not_finite:
      return {ErrorKind::invalid, "method.not_finite", {}, {}};
    default:
      return {ErrorKind::invalid, "method.too_large", {}, {}};
  }
}

}  // namespace partake::books
