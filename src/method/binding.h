// Which factor values a program runs with: looked up once per region and day, remembered, and
// handed to blocks as columns. Also what they were, for the result.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "factor/look_up.h"
#include "method/evaluate.h"

namespace partake::method {

// A programme's leave to use another region's or year's factor where nothing else is found.
struct Substitution {
  FactorId factor;
  std::string kind = "default";
  RegionIndex evidence_region;  // Evidence of this region or below it.
  RegionIndex region;           // Where to look instead ...
  Day date;                     // ... and on which day.
  Text reason;
};

// Under which terms evidence is quantified.
struct Terms {
  Day admitted_on;  // Only what was published by then is seen.
  std::vector<Substitution> substitutions;
  // Values for parameters of kind programme, by name.
  std::vector<std::pair<std::string, const factor::Factor*>> values;
};

struct ChosenFactor {
  const factor::Factor* factor = nullptr;
  double value = 0;                                          // In the parameter's unit.
  std::optional<double> relative_half_width = std::nullopt;  // 95 %; empty: not stated.
  int years_back = 0;
  bool climbed = false;
  const Substitution* substitution = nullptr;
};

// Values that name a region or a day: one for all rows, or one a row.
struct Keys {
  const std::uint32_t* values = nullptr;
  std::uint32_t uniform = 0;
  [[nodiscard]] std::uint32_t at(std::size_t row) const { return values ? values[row] : uniform; }
};
constexpr std::uint32_t day_key(Day day) {
  return static_cast<std::uint32_t>(day_number(day) - day_number(day_min));
}
constexpr Day day_of_key(std::uint32_t key) {
  return day_of(day_number(day_min) + static_cast<std::int32_t>(key));
}

class Binding {
 public:
  // Method, library and terms must outlive the binding. Errors: method.parameter_missing,
  // method.parameter_out_of_range, unit.mismatch, region.unknown; for parameters that need no
  // evidence also factor.none and factor.ambiguous.
  static Result<Binding> make(const Method& method, const factor::Library& library, Terms terms);

  // Names of the region and date inputs, in the order of `bind`'s keys.
  [[nodiscard]] const std::vector<std::string>& region_inputs() const { return region_inputs_; }
  [[nodiscard]] const std::vector<std::string>& date_inputs() const { return date_inputs_; }

  // Fills block.parameters for block.rows rows; a row without a factor becomes refused_before and
  // refusal(row) says why.
  void bind(std::span<const Keys> regions, std::span<const Keys> days, Block& block,
            std::span<RowState> states);
  [[nodiscard]] const Error& refusal(std::size_t row) const;

  // A set is one choice for each parameter of a group, made for one region and day.
  struct Set {
    std::vector<ChosenFactor> chosen;  // By position in the group.
    std::optional<Error> error;
    RegionIndex region;  // That an error was found for.
  };
  struct Group {
    std::vector<std::uint16_t> parameters;
    int region = -1;  // Index into region_inputs; -1: fixed.
    int date = -1;
    RegionIndex fixed_region;
    Day fixed_date = day_min;
    std::vector<Set> sets;
    // Of the last bind: the set of each row, or of all.
    std::vector<std::uint16_t> set_of_row;
    bool uniform = true;
    std::vector<std::vector<double>> values;  // By position, then by set.
    // Memory of look-ups: pages of 512 days by region; page 0 knows nothing.
    std::vector<std::uint32_t> page_of;
    std::vector<std::uint16_t> pages;
  };
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  // Where a parameter stands: (group, position).
  [[nodiscard]] std::pair<std::size_t, std::size_t> where(std::size_t parameter) const {
    return where_[parameter];
  }
  [[nodiscard]] const ChosenFactor& chosen(std::size_t parameter, std::size_t row) const;

 private:
  Binding(const Method& method, const factor::Library& library, Terms terms);
  Status add_parameter(std::size_t index);
  Result<ChosenFactor> choose(const Parameter& parameter, RegionIndex region, Day day);
  Result<ChosenFactor> looked_up(const Parameter& parameter, RegionIndex region, Day day) const;
  const factor::Factor& own_value(const Parameter& parameter);
  Result<ChosenFactor> given(const Parameter& parameter) const;
  Result<ChosenFactor> checked(const Parameter& parameter, ChosenFactor chosen) const;
  std::uint16_t set_for(Group& group, std::uint32_t region, std::uint32_t day);
  Set choose_all(const Group& group, RegionIndex region, Day day);
  static std::uint16_t remembered(Group& group, Set set);
  void bind_group(Group& group, std::span<const Keys> regions, std::span<const Keys> days,
                  std::size_t rows);
  void refuse_rows(const Group& group, std::span<RowState> states);
  const double* column_of(const Group& group, std::size_t position, std::size_t rows);

  const Method* method_;
  const factor::Library* library_;
  Terms terms_;
  std::vector<factor::Factor> own_values_;  // The method's own constants, as factors.
  std::vector<std::string> region_inputs_;
  std::vector<std::string> date_inputs_;
  std::vector<Group> groups_;
  std::vector<std::pair<std::size_t, std::size_t>> where_;
  std::vector<std::vector<double>> columns_;
  std::vector<std::uint16_t> refused_by_;  // Group whose set of the row is an error.
};

}  // namespace partake::method
