// A figure: a number with its unit, what it counts, for which time, and how it is meant.
#pragma once

#include <bitset>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "claims/lexicon.h"
#include "claims/number.h"

namespace partake::claims {

enum class Period : std::uint8_t { unstated, year, month, day, total };
const char* name_of(Period period);

// What one of is meant: 每亩, 元/吨, per household. `measure` is bare when there is none.
struct Per {
  Measure measure = Measure::bare;
  std::int16_t unit = none;
  std::int16_t thing = none;
  [[nodiscard]] bool stated() const { return measure != Measure::bare; }
};

struct Figure {
  std::uint32_t begin = 0;  // Bytes of the paragraph's read form, hedge and unit included.
  std::uint32_t end = 0;
  std::uint32_t paragraph = 0;
  std::uint32_t sentence = 0;  // Within the paragraph, as segment and clause are.
  std::uint32_t segment = 0;   // Parted by semicolons.
  std::uint32_t clause = 0;    // Parted by commas.
  Number number;
  // The nearest binary64 of si: what verdicts are formed with.
  struct Real {
    double low = 0;
    double value = 0;
    double high = 0;
  };
  Real real;
  Spread si;  // Exact; in coherent SI units, yuan, or one; per SI unit of `per`, if that is stated.
  std::int16_t unit = none;
  Measure measure = Measure::bare;
  std::int16_t thing = none;
  bool thing_is_near = false;  // Beside the number, not from an earlier clause.
  Per per;
  Period period = Period::unstated;
  bool period_is_own = false;
  double years = 0;  // That a total was gathered over; 0: not stated.
  int year = 0;      // The calendar year that it speaks of; 0: not stated.
  std::int16_t place = none;
  std::bitset<18> marks;  // Markers in its own clause before it, by Marker.
  std::string text;       // As written.

  void set(const Spread& exact) {
    si = exact;
    real = {to_double(exact.low), to_double(exact.value), to_double(exact.high)};
  }
  [[nodiscard]] bool has(Marker marker) const { return marks[static_cast<std::size_t>(marker)]; }
};

struct YearMention {
  std::uint32_t at = 0;
  std::uint32_t end = 0;
  std::uint32_t sentence = 0;
  int from = 0;
  int to = 0;  // The same for one year.
};

struct Sentence {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// What a paragraph says. Depends on its text and the lexicon alone, so it can be kept.
struct Reading {
  std::string text;
  std::string heading;  // The first row of its table, where it is a later one.
  std::vector<Sentence> sentences;
  std::vector<Figure> figures;
  std::vector<YearMention> years;
  std::vector<WordHit> things;
  std::vector<WordHit> markers;
  std::vector<WordHit> places;
  std::size_t unread_numbers = 0;  // Too long to be read.

  // The things whose words begin at a byte.
  [[nodiscard]] std::span<const WordHit> things_at(std::size_t at) const;
  // Whether a marker's word stands between two bytes.
  [[nodiscard]] bool marker_between(Marker marker, std::size_t begin, std::size_t end) const;
};

constexpr std::size_t figures_per_paragraph_max = 500;

// `heading`: of the table whose row the text is; empty elsewhere.
Reading read_paragraph(std::string_view text, std::string_view heading, const Lexicon& lexicon);

// Rows of tables begin with a bar, in Markdown and as HTML's are read.
inline bool is_row(std::string_view text) { return text.starts_with('|'); }
std::vector<std::string_view> cells_of(std::string_view row);
// In which of them a byte of the row stands.
std::size_t column_of(std::string_view row, std::size_t byte);

}  // namespace partake::claims
