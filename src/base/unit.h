// Units at run time: products of named units with exact ratios, spelled in English and Chinese.
// docs/units.md is the reference. Substances (CO2, CO2e, CH4, standard coal in each basis) and
// counted things (person, trip, tree) are dimensions of their own and never mix silently.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/language.h"
#include "base/rational.h"
#include "base/result.h"

namespace partake {

// Sorted (base quantity, exponent) pairs; empty for a plain ratio.
class Dimension {
 public:
  Dimension() = default;

  // Powers add; exponents beyond +-60 cannot occur in a bounded unit or formula.
  [[nodiscard]] Dimension times(const Dimension& other, int power = 1) const;
  // Replaces one substance by another, C by CO2 for instance; empty when `from` does not occur
  // exactly to the first power.
  [[nodiscard]] std::optional<Dimension> exchange(std::string_view from, std::string_view to) const;
  [[nodiscard]] bool is_ratio() const { return powers_.empty(); }
  // In base units: "kgCO2/person".
  [[nodiscard]] std::string name() const;

  friend bool operator==(const Dimension&, const Dimension&) = default;

 private:
  friend class UnitTable;
  std::vector<std::pair<std::uint16_t, std::int16_t>> powers_;
};

// A unit as written: its terms in order, so that it prints as it was read.
class Unit {
 public:
  struct Term {
    std::uint16_t word = 0;         // Index in the unit table: atom with its prefix and substance.
    std::int16_t power_of_ten = 0;  // For a multiple (万 is 4) instead of a word.
    std::int8_t exponent = 1;
    friend bool operator==(const Term&, const Term&) = default;
  };

  Unit() = default;  // The plain ratio 1.
  explicit Unit(std::vector<Term> terms) : terms_{std::move(terms)} {}

  [[nodiscard]] const std::vector<Term>& terms() const { return terms_; }
  [[nodiscard]] Dimension dimension() const;
  // How many coherent SI units (kg, m, s, person, ...) make one of this unit.
  [[nodiscard]] Result<Rational> ratio() const;
  // Degrees Celsius: kelvin less this. Zero for every other unit.
  [[nodiscard]] Rational offset() const;

  // The unit of a product (power 1) or quotient (power -1); equal words are merged and cancelled.
  // Requires both to be moderate.
  [[nodiscard]] Unit times(const Unit& other, int power = 1) const;

  // The same unit of another substance, kgC to kgCO2: the unit of a declared conversion. Empty when
  // `from` does not occur exactly once, above the line.
  [[nodiscard]] std::optional<Unit> exchange(std::string_view from, std::string_view to) const;
  // Half of every exponent; empty when one is odd.
  [[nodiscard]] std::optional<Unit> square_root() const;
  // One of its own words alone where that is the same unit: km·person·kgCO2/pkm is kgCO2.
  [[nodiscard]] Unit simplified() const;

  // The power of ten of the multiples above the line, and the unit that is left: 万吨 is 4 and 吨.
  [[nodiscard]] std::pair<int, Unit> without_multiples() const;

  // Whether no exponent is beyond +-60; a product of moderate units can be written down.
  [[nodiscard]] bool is_moderate() const;

  friend bool operator==(const Unit&, const Unit&) = default;

 private:
  std::vector<Term> terms_;
};

// Reads a unit in either language or in UCUM spelling; at most 200 bytes and 16 terms.
// Errors: unit.unknown (with a known spelling, if one is near), unit.malformed, unit.too_long.
Result<Unit> parse_unit(std::string_view text);

// parse_unit(to_string(unit, language)) == unit, in both languages.
std::string to_string(const Unit& unit, Language language = Language::en);

// The exact factor from one unit to another. Error unit.mismatch names both dimensions.
Result<Rational> conversion(const Unit& from, const Unit& to);

// Every known word with its titles, for `partake unit list`.
struct UnitWord {
  std::string en;
  std::string zh;
  std::string dimension;
  Rational ratio;   // One of it in base units (kg, not g, where that is the dimension's),
  Rational offset;  // and what is added to it: 273.15 for degrees Celsius.
  bool prefixable = false;
};
std::vector<UnitWord> unit_words();

}  // namespace partake
