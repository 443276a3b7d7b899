// What looks wrong in a row of acts: impossible speeds, repetitions, made-up digits, sudden bursts.
// A detector is a pure function of the acts that it was given, in the journal's order. It says what
// it computed from; whether somebody cheated is for a person to decide. docs/findings.md.
//
// Memory is bounded by what each detector looks back on, and by `forget_before`, which changes no
// result as long as no act comes that began earlier.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/time.h"

namespace partake::rules {

// A number as it was sent.
struct Value {
  std::int64_t mantissa = 0;
  std::int32_t exponent = 0;
};

// One act as one detector sees it.
struct Act {
  std::uint64_t record = 0;  // Ascending.
  std::uint64_t account = 0;
  std::uint32_t source = 0;
  std::int64_t start_s = 0;   // Of UTC.
  std::int64_t length_s = 0;  // Rounded up to whole seconds.
  Day day{};                  // Of its start, in the calendar that counts.
  // Of the fields that the detector asks for, in its order.
  std::span<const Value> values;
  // What it measures. Speed: millimetres, rounded down; last digits: whole steps of the resolution,
  // rounded down; rate: smallest units of the asset, or 1. Empty: not known, and not looked at.
  std::optional<std::int64_t> measure;
  bool again = false;  // The same act was credited before by another report.
};

// "12000 m": what a finding was computed from. `name` says what it is; docs/findings.md.
struct Figure {
  const char* name = "";
  Decimal value;
  std::string unit;  // Empty: a plain number.
};

struct Finding {
  // The entries that it rests on, ascending; the last is the one that made it.
  std::vector<std::uint64_t> records;
  // How many times the threshold was reached, in thousandths; at least 1000.
  std::int64_t strength = 0;
  std::vector<Figure> figures;
};

class Detector {
 public:
  Detector() = default;
  Detector(const Detector&) = delete;
  Detector& operator=(const Detector&) = delete;
  virtual ~Detector() = default;

  // Takes an act in, and says what it finds in it.
  virtual std::optional<Finding> take(const Act& act) = 0;
  // An act that was taken counts no more: it was withdrawn, corrected or taken back.
  virtual void take_back(const Act& act) = 0;
  // No act that began before this day, in its calendar, will come.
  virtual void forget_before(Day day) = 0;
};

// By itself, and together with those of the account that it overlaps: nobody is in two places at
// once, so all that was travelled in a time without a gap was travelled one after the other.
struct SpeedTerms {
  Rational most_mm_s;  // Positive; numerator up to 2^62, denominator up to 2^31.
};
constexpr std::int64_t speed_numerator_max = std::int64_t{1} << 62U;
constexpr std::int64_t speed_denominator_max = std::int64_t{1} << 31U;
std::unique_ptr<Detector> make_speed(const SpeedTerms& terms);

// The same values of one account, to the last digit (1.5 is 1.50), or the same second of the day.
struct RepetitionTerms {
  bool time_of_day = false;
  std::int64_t more_than = 1;
  std::int64_t days = 1;  // Acts fewer days apart than this are counted together.
};
std::unique_ptr<Detector> make_repetition(const RepetitionTerms& terms);

enum class Of : std::uint8_t { account, source };

// Digits of `count` values at a time against the distribution that they should have: Pearson's
// chi-square. Each value is looked at once, so that the significance means what it says.
struct DigitsTerms {
  Of of = Of::source;
  bool first = false;               // Benford's law of first digits; else last digits, all alike.
  std::int64_t count = 0;           // At least digits_count_min.
  std::int64_t critical_milli = 0;  // chi_square.h.
  std::string significance;         // As it is shown.
};
std::unique_ptr<Detector> make_digits(const DigitsTerms& terms);

// A day's sum against the days before it on which there was anything: farther above their median
// than `most` by Iglewicz and Hoaglin's modified z-score, and by `at_least`.
struct RateTerms {
  Of of = Of::account;
  std::int64_t days = 1;      // How far back it looks.
  std::int64_t history = 1;   // So many earlier days are needed to say anything.
  Rational most;              // Positive; numerator and denominator up to 2^20.
  std::int64_t at_least = 1;  // Above the median. Within 2^40.
  std::string unit;           // Of sums, as it is shown.
};
constexpr std::int64_t rate_ratio_max = std::int64_t{1} << 20U;
constexpr std::int64_t rate_amount_max = std::int64_t{1} << 40U;
std::unique_ptr<Detector> make_rate(const RateTerms& terms);

}  // namespace partake::rules
