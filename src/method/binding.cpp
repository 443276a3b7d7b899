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

Result<ChosenFactor> Binding::choose(const Parameter& parameter, RegionIndex region,
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
  Set set;
  set.region = RegionIndex{region};
  for (const auto index : group.parameters) {
    const auto& parameter = method_->parameters[index];
    Result<ChosenFactor> chosen = ChosenFactor{};
    if (parameter.kind == Parameter::Kind::factor) {
      chosen = choose(parameter, RegionIndex{region}, day_of_key(day));
    } else if (parameter.kind == Parameter::Kind::value) {
      auto& own = own_values_.emplace_back();
      own.id = FactorId{method_->id.text() + "." + parameter.name};
      own.kind = "method_value";
      own.region_code = "WORLD";
      own.value = {parameter.value, parameter.unit};
      own.uncertainty = parameter.uncertainty;
      own.source = parameter.source;
      own.clause = parameter.clause;
      own.quality = factor::Quality::computed;
      if (const auto* source = library_->source(parameter.source))
        own.published = source->published;
      own.hash = factor::content_hash(own);
      chosen = checked(parameter, {.factor = &own});
    } else {
      const auto given =
          std::find_if(terms_.values.begin(), terms_.values.end(),
                       [&](const auto& value) { return value.first == parameter.name; });
      if (given == terms_.values.end()) {
        chosen = fail(ErrorKind::invalid, "method.parameter_missing",
                      {{"parameter", parameter.name},
                       {"unit", partake::to_string(parameter.unit)},
                       {"method", method_->id.text()}});
      } else {
        chosen = checked(parameter, {.factor = given->second});
      }
    }
    if (!chosen) {
      set.error = std::move(chosen).error();
      break;
    }
    set.chosen.push_back(*chosen);
  }
  // Days with the same outcome share a set, so that there are as many sets as distinct choices.
  // Refusals share one by reason and region, whatever the day: evidence decides how many days there
  // are, and must not decide how much is remembered.
  const auto same = std::find_if(group.sets.begin(), group.sets.end(), [&](const Set& known) {
    if (known.error && set.error) {
      return known.region.value == region && known.error->code == set.error->code &&
             known.chosen.size() == set.chosen.size();
    }
    if (known.error || set.error || known.chosen.size() != set.chosen.size()) return false;
    return std::equal(known.chosen.begin(), known.chosen.end(), set.chosen.begin(),
                      [](const ChosenFactor& a, const ChosenFactor& b) {
                        return a.factor == b.factor && a.years_back == b.years_back &&
                               a.climbed == b.climbed && a.substitution == b.substitution;
                      });
  });
  if (same != group.sets.end()) {
    return entry = static_cast<std::uint16_t>(same - group.sets.begin());
  }
  PARTAKE_REQUIRE(group.sets.size() < unknown_set);
  for (std::size_t i = 0; i < group.parameters.size(); ++i) {
    group.values[i].push_back(set.error ? 0 : set.chosen[i].value);
  }
  group.sets.push_back(std::move(set));
  return entry = static_cast<std::uint16_t>(group.sets.size() - 1);
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
  std::array<std::uint32_t, block_rows_max> spread_region;
  std::array<std::uint32_t, block_rows_max> spread_day;
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
    const auto group_index = static_cast<std::uint16_t>(&group - groups_.data());
    const auto refuse = [&](std::size_t row) {
      if (states[row] != RowState::good) return;
      states[row] = RowState::refused_before;
      refused_by_[row] = group_index;
    };
    if (group.uniform) {
      const auto& set = group.sets[group.set_of_row[0]];
      std::fill_n(group.set_of_row.begin(), block.rows, group.set_of_row[0]);
      for (std::size_t row = 0; set.error && row < block.rows; ++row) refuse(row);
      for (std::size_t i = 0; i < group.parameters.size(); ++i) {
        block.parameters[group.parameters[i]] = {nullptr, set.error ? 0 : set.chosen[i].value};
      }
      continue;
    }
    for (std::size_t i = 0; i < group.parameters.size(); ++i) {
      auto& column = columns_[group.parameters[i]];
      column.resize(block_rows_max);
      const auto& values = group.values[i];
      for (std::size_t row = 0; row < block.rows; ++row) {
        column[row] = values[group.set_of_row[row]];
      }
      block.parameters[group.parameters[i]] = {column.data(), 0};
    }
    const bool any_error = std::any_of(group.sets.begin(), group.sets.end(),
                                       [](const Set& set) { return set.error.has_value(); });
    for (std::size_t row = 0; any_error && row < block.rows; ++row) {
      if (group.sets[group.set_of_row[row]].error) refuse(row);
    }
  }
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
