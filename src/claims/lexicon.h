// The words of quantities in both languages, as data: library/claims/lexicon.toml.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/toml_reader.h"
#include "claims/words.h"

namespace partake::claims {

// In what a figure is stated. `bare` has no unit at all; `times` is a multiple (倍), `point` a
// percentage point.
enum class Measure : std::uint8_t {
  mass,
  volume,
  energy,
  power,
  area,
  length,
  time,
  money,
  ratio,
  point,
  times,
  temperature,
  count,
  bare,
};
const char* name_of(Measure measure);

// Words around a figure that say how it is meant.
enum class Marker : std::uint8_t {
  annual,
  daily,
  monthly,
  cumulative,
  equals,
  sum,
  part,
  each,
  not_included,
  future,
  before,
  after,
  rise,
  fall,
  share,
  saving_share,
  produced,
  discarded,
};

constexpr std::int16_t none = -1;

struct UnitEntry {
  Unit unit;       // As the library knows it.
  Rational to_si;  // How many coherent SI units one is.
  Measure measure = Measure::bare;
  std::int16_t thing = none;     // What it measures by itself (tce).
  std::int16_t fallback = none;  // What it measures where the text does not say (kWh).
  Text title;                    // Its first word in each language.
};

struct ThingEntry {
  std::string id;
  Text title;
  std::uint32_t in = 0;                 // Bits by Measure.
  std::vector<std::int16_t> ancestors;  // Itself first.

  [[nodiscard]] bool stated_in(Measure measure) const {
    return (in >> static_cast<unsigned>(measure) & 1U) != 0;
  }
};

class Lexicon {
 public:
  // Adds a file's content. Problems: toml.*, unit.*, claims.unknown_thing.
  void add(const TomlValue& file, Problems& problems);

  [[nodiscard]] const std::vector<UnitEntry>& units() const { return units_; }
  [[nodiscard]] const std::vector<ThingEntry>& things() const { return things_; }
  [[nodiscard]] const std::vector<std::string>& places() const { return places_; }
  // none when unknown.
  [[nodiscard]] std::int16_t thing(std::string_view id) const;
  // Whether a thing is `other` or a kind of it.
  [[nodiscard]] bool is(std::int16_t thing, std::int16_t other) const;

  // Entries of unit words: below counter_base an index of units(), from there on the thing that a
  // classifier counts (thing - none).
  static constexpr std::uint16_t counter_base = 0x4000;
  [[nodiscard]] const Words& unit_words() const { return unit_words_; }
  [[nodiscard]] const Words& thing_words() const { return thing_words_; }
  [[nodiscard]] const Words& marker_words() const { return marker_words_; }
  [[nodiscard]] const Words& place_words() const { return place_words_; }

 private:
  void read_unit(const TomlValue& table, Problems& problems);
  void read_thing(const TomlValue& table, Problems& problems);

  std::vector<UnitEntry> units_;
  std::vector<ThingEntry> things_;
  std::vector<std::string> places_;
  Words unit_words_;
  Words thing_words_;
  Words marker_words_;
  Words place_words_;
};

}  // namespace partake::claims
