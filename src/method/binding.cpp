#include "method/binding.h"

#include <algorithm>

#include "base/require.h"
#include "method/kernels.h"

namespace partake::method {
namespace {

constexpr std::uint16_t unknown_set = 0xFFFF;
constexpr std::size_t page_days = 512;
constexpr std::size_t pages_per_region = day_key(day_max) / page_days + 1;

int index_of(std::vector<std::string>& names, const std::string& name) {
  if (name.empty()) return -1;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) names.push_back(name);
  return static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin());
}

// Written so that the compiler compares many rows at once.
bool same_throughout(const Keys& keys, std::size_t rows) {
  if (keys.values == nullptr) return true;
  const auto first = keys.values[0];
  if (keys.values[rows / 2] != first || keys.values[rows - 1] != first) return false;
  std::uint32_t different = 0;
  for (std::size_t row = 0; row < rows; ++row) different |= keys.values[row] ^ first;
  return different == 0;
}

const std::uint32_t* as_array(const Keys& keys, std::size_t rows,
                              std::array<std::uint32_t, block_rows_max>& spread) {
  if (keys.values != nullptr) return keys.values;
  std::fill_n(spread.begin(), rows, keys.uniform);
  return spread.data();
}

bool same_choice(const ChosenFactor& a, const ChosenFactor& b) {
  return a.factor == b.factor && a.years_back == b.years_back && a.climbed == b.climbed &&
         a.substitution == b.substitution;
}

// Refusals are the same by reason and region, whatever the day: evidence decides how many days
// there are, and must not decide how much is remembered.
bool same_outcome(const Binding::Set& a, const Binding::Set& b) {
  if (a.error.has_value() != b.error.has_value() || a.chosen.size() != b.chosen.size())
    return false;
  if (a.error) return a.region == b.region && a.error->code == b.error->code;
  return std::equal(a.chosen.begin(), a.chosen.end(), b.chosen.begin(), same_choice);
}

}  // namespace

Binding::Binding(const Method& method, const factor::Library& library, Terms terms)
    : method_{&method}, library_{&library}, terms_{std::move(terms)} {}

Result<Binding> Binding::make(const Method& method, const factor::Library& library, Terms terms) {
  Binding binding{method, library, std::move(terms)};
  binding.own_values_.reserve(method.parameters.size());
  for (const auto& input : method.inputs) {
    if (input.type == Input::Type::region) index_of(binding.region_inputs_, input.name);
    if (input.type == Input::Type::date) index_of(binding.date_inputs_, input.name);
  }
  for (std::size_t i = 0; i < method.parameters.size(); ++i) CHECK_OK(binding.add_parameter(i));
  binding.columns_.resize(method.parameters.size());
  binding.refused_by_.resize(block_rows_max);
  for (auto& group : binding.groups_) {
    group.set_of_row.resize(block_rows_max);
    group.page_of.assign(library.regions().size() * pages_per_region, 0);
    group.pages.assign(page_days, unknown_set);
    group.values.resize(group.parameters.size());
    if (group.region >= 0 || group.date >= 0) continue;
    // Nothing of the evidence decides: choose now, and say now what is wrong.
    const auto set = binding.set_for(group, group.fixed_region.value, day_key(group.fixed_date));
    if (group.sets[set].error) return tl::unexpected(*group.sets[set].error);
  }
  return binding;
}

Status Binding::add_parameter(std::size_t index) {
  const auto& parameter = method_->parameters[index];
  Group wanted;
  if (parameter.kind == Parameter::Kind::factor) {
    wanted.region = index_of(region_inputs_, parameter.region_input);
    wanted.date = index_of(date_inputs_, parameter.date_input);
    if (!parameter.at.empty()) {
      TRY(wanted.fixed_region, library_->regions().find(parameter.at));
    }
    if (parameter.on) wanted.fixed_date = *parameter.on;
  }
  auto same = std::find_if(groups_.begin(), groups_.end(), [&](const Group& group) {
    return group.region == wanted.region && group.date == wanted.date &&
           group.fixed_region == wanted.fixed_region && group.fixed_date == wanted.fixed_date;
  });
  if (same == groups_.end()) same = groups_.insert(groups_.end(), std::move(wanted));
  where_.emplace_back(same - groups_.begin(), same->parameters.size());
  same->parameters.push_back(static_cast<std::uint16_t>(index));
  return {};
}

Result<ChosenFactor> Binding::checked(const Parameter& parameter, ChosenFactor chosen) const {
  const auto& factor = *chosen.factor;
  TRY(chosen.value, value_in(factor.value, parameter.unit));
  TRY(chosen.relative_half_width,
      factor::relative_half_width(factor.uncertainty, chosen.value, parameter.unit));
  if (!parameter.range) return chosen;
  ColumnInput range;
  range.low = to_double(parameter.range->low);
  range.high = to_double(parameter.range->high);
  range.low_open = parameter.range->low_open;
  range.high_open = parameter.range->high_open;
  if (inside(chosen.value, range)) return chosen;
  return fail(ErrorKind::invalid, "method.parameter_out_of_range",
              {{"parameter", parameter.name},
               {"value", partake::to_string(factor.value)},
               {"range", to_string(*parameter.range)},
               {"unit", partake::to_string(parameter.unit)}});
}

Result<ChosenFactor> Binding::choose(const Parameter& parameter, RegionIndex region, Day day) {
  switch (parameter.kind) {
    case Parameter::Kind::factor:
      return looked_up(parameter, region, day);
    case Parameter::Kind::value:
      return checked(parameter, {.factor = &own_value(parameter)});
    case Parameter::Kind::programme:
      return given(parameter);
  }
  return ChosenFactor{};
}

// The method's own constant, as a factor.
const factor::Factor& Binding::own_value(const Parameter& parameter) {
  auto& own = own_values_.emplace_back();
  own.id = FactorId{method_->id.text() + "." + parameter.name};
  own.kind = "method_value";
  own.region_code = "WORLD";
  own.value = {parameter.value, parameter.unit};
  own.uncertainty = parameter.uncertainty;
  own.source = parameter.source;
  own.clause = parameter.clause;
  own.quality = factor::Quality::computed;
  if (const auto* source = library_->source(parameter.source)) own.published = source->published;
  own.hash = factor::content_hash(own);
  return own;
}

Result<ChosenFactor> Binding::given(const Parameter& parameter) const {
  for (const auto& [name, factor] : terms_.values) {
    if (name == parameter.name) return checked(parameter, {.factor = factor});
  }
  return fail(ErrorKind::invalid, "method.parameter_missing",
              {{"parameter", parameter.name},
               {"unit", partake::to_string(parameter.unit)},
               {"method", method_->id.text()}});
}

Result<ChosenFactor> Binding::looked_up(const Parameter& parameter, RegionIndex region,
                                        Day day) const {
  auto choice = factor::look_up(*library_, parameter.rule, region, day, terms_.admitted_on);
  if (choice) {
    return checked(
        parameter,
        {.factor = choice->factor, .years_back = choice->years_back, .climbed = choice->climbed});
  }
  if (choice.error().code != "factor.none") return tl::unexpected(std::move(choice).error());
  for (const auto& substitution : terms_.substitutions) {
    if (substitution.factor != parameter.rule.id || substitution.kind != parameter.rule.kind ||
        !library_->regions().lies_in(region, substitution.evidence_region, day)) {
      continue;
    }
    TRY(const auto other, factor::look_up(*library_, parameter.rule, substitution.region,
                                          substitution.date, terms_.admitted_on));
    return checked(parameter, {.factor = other.factor,
                               .years_back = other.years_back,
                               .climbed = other.climbed,
                               .substitution = &substitution});
  }
  return tl::unexpected(std::move(choice).error());
}

std::uint16_t Binding::set_for(Group& group, std::uint32_t region, std::uint32_t day) {
  auto& page = group.page_of[region * pages_per_region + day / page_days];
  if (page == 0) {
    page = static_cast<std::uint32_t>(group.pages.size() / page_days);
    group.pages.resize(group.pages.size() + page_days, unknown_set);
  }
  auto& entry = group.pages[page * page_days + day % page_days];
  if (entry != unknown_set) return entry;
  return entry = remembered(group, choose_all(group, RegionIndex{region}, day_of_key(day)));
}

Binding::Set Binding::choose_all(const Group& group, RegionIndex region, Day day) {
  Set set;
  set.region = region;
  for (const auto index : group.parameters) {
    auto chosen = choose(method_->parameters[index], region, day);
    if (!chosen) {
      set.error = std::move(chosen).error();
      break;
    }
    set.chosen.push_back(*std::move(chosen));
  }
  return set;
}

// Days with the same outcome share a set, so that there are as many sets as distinct choices.
std::uint16_t Binding::remembered(Group& group, Set set) {
  const auto same = std::find_if(group.sets.begin(), group.sets.end(),
                                 [&](const Set& known) { return same_outcome(known, set); });
  if (same != group.sets.end()) return static_cast<std::uint16_t>(same - group.sets.begin());
  PARTAKE_REQUIRE(group.sets.size() < unknown_set);
  for (std::size_t i = 0; i < group.parameters.size(); ++i) {
    group.values[i].push_back(set.error ? 0 : set.chosen[i].value);
  }
  group.sets.push_back(std::move(set));
  return static_cast<std::uint16_t>(group.sets.size() - 1);
}

void Binding::bind_group(Group& group, std::span<const Keys> regions, std::span<const Keys> days,
                         std::size_t rows) {
  const Keys region = group.region >= 0 ? regions[static_cast<std::size_t>(group.region)]
                                        : Keys{nullptr, group.fixed_region.value};
  const Keys day = group.date >= 0 ? days[static_cast<std::size_t>(group.date)]
                                   : Keys{nullptr, day_key(group.fixed_date)};
  const auto first_set = set_for(group, region.at(0), day.at(0));
  group.set_of_row[0] = first_set;
  group.uniform = same_throughout(region, rows) && same_throughout(day, rows);
  if (group.uniform) return;
  // Plain arrays, so that the loop holds nothing but the two loads.
  std::array<std::uint32_t, block_rows_max> spread_region;  // NOLINT(*-member-init): filled where
  std::array<std::uint32_t, block_rows_max> spread_day;     // NOLINT(*-member-init): it is read.
  const auto* regions_at = as_array(region, rows, spread_region);
  const auto* days_at = as_array(day, rows, spread_day);
  const auto* page_of = group.page_of.data();
  const auto* pages = group.pages.data();
  auto* set_of_row = group.set_of_row.data();
  unsigned different = 0;
  unsigned unknown = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto d = days_at[row];
    const auto page = page_of[regions_at[row] * pages_per_region + d / page_days];
    const unsigned set = pages[page * page_days + d % page_days];
    set_of_row[row] = static_cast<std::uint16_t>(set);
    different |= set ^ first_set;
    unknown |= static_cast<unsigned>(set == unknown_set);
  }
  if (unknown != 0) {
    different = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      auto& set = group.set_of_row[row];
      if (set == unknown_set) set = set_for(group, region.at(row), day.at(row));
      different |= static_cast<unsigned>(set ^ first_set);
    }
  }
  group.uniform = different == 0;
}

void Binding::bind(std::span<const Keys> regions, std::span<const Keys> days, Block& block,
                   std::span<RowState> states) {
  block.parameters.resize(method_->parameters.size());
  if (block.rows == 0) return;
  for (auto& group : groups_) {
    bind_group(group, regions, days, block.rows);
    if (group.uniform) std::fill_n(group.set_of_row.begin(), block.rows, group.set_of_row[0]);
    refuse_rows(group, states.first(block.rows));
    for (std::size_t i = 0; i < group.parameters.size(); ++i) {
      block.parameters[group.parameters[i]] =
          group.uniform ? Column{nullptr, group.values[i][group.set_of_row[0]]}
                        : Column{column_of(group, i, block.rows), 0};
    }
  }
}

void Binding::refuse_rows(const Group& group, std::span<RowState> states) {
  const bool any_error = std::any_of(group.sets.begin(), group.sets.end(),
                                     [](const Set& set) { return set.error.has_value(); });
  if (!any_error) return;
  const auto group_index = static_cast<std::uint16_t>(&group - groups_.data());
  for (std::size_t row = 0; row < states.size(); ++row) {
    if (states[row] != RowState::good || !group.sets[group.set_of_row[row]].error) continue;
    states[row] = RowState::refused_before;
    refused_by_[row] = group_index;
  }
}

const double* Binding::column_of(const Group& group, std::size_t position, std::size_t rows) {
  auto& column = columns_[group.parameters[position]];
  column.resize(block_rows_max);
  const auto& values = group.values[position];
  for (std::size_t row = 0; row < rows; ++row) column[row] = values[group.set_of_row[row]];
  return column.data();
}

const Error& Binding::refusal(std::size_t row) const {
  const auto& group = groups_[refused_by_[row]];
  return *group.sets[group.set_of_row[row]].error;
}

const ChosenFactor& Binding::chosen(std::size_t parameter, std::size_t row) const {
  const auto& [group, position] = where_[parameter];
  return groups_[group].sets[groups_[group].set_of_row[row]].chosen[position];
}

}  // namespace partake::method
