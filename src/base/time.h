// Instants are microseconds of UTC; days are civil dates. Neither reads a clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace partake {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Day = std::chrono::sys_days;
using CivilTime = std::chrono::local_time<std::chrono::microseconds>;

constexpr Day day_min = std::chrono::year{1900} / 1 / 1;
constexpr Day day_max = std::chrono::year{2199} / 12 / 31;

constexpr std::int32_t day_number(Day day) {
  return static_cast<std::int32_t>(day.time_since_epoch().count());
}
constexpr Day day_of(std::int32_t number) { return Day{std::chrono::days{number}}; }

// YYYY-MM-DD, a date that exists, 1900 to 2199. Error time.malformed_day.
Result<Day> parse_day(std::string_view text);
std::string to_string(Day day);

// The same day some years earlier; 29 February becomes 28 February.
Day years_before(Day day, int years);

// RFC 3339: 2026-01-02T08:00:00Z, with up to six digits of a second and an offset instead of Z.
// A leap second is refused, because it has no instant of its own. Error time.malformed_instant.
Result<Instant> parse_instant(std::string_view text);
std::string to_string(Instant instant);
inline Day utc_day(Instant instant) { return std::chrono::floor<std::chrono::days>(instant); }

// An inclusive range of days, open at either end.
struct Validity {
  Day first = day_min;
  Day last = day_max;
  bool stated = false;  // False: the source does not say; taken as always, and shown as such.

  [[nodiscard]] bool contains(Day day) const { return first <= day && day <= last; }
  [[nodiscard]] bool overlaps(const Validity& other) const {
    return first <= other.last && other.first <= last;
  }
  friend bool operator==(const Validity&, const Validity&) = default;
};

// "2022", "2024..", "..2020", "2024-07-01..2025-06-30", "not stated". Error
// time.malformed_validity.
Result<Validity> parse_validity(std::string_view text);
std::string to_string(const Validity& validity);

// A day, a month or a year; the last day of it. "not stated" is day_min: always visible.
Result<Day> parse_publication(std::string_view text);

// How a column writes time: %Y %y %m %d %H %M %S and literal characters. Compiled once.
class TimeFormat {
 public:
  // Error time.malformed_format. An empty pattern is ISO 8601: a date, or date and time with an
  // optional fraction and offset.
  static Result<TimeFormat> compile(std::string_view pattern);

  struct Parsed {
    CivilTime local;
    bool has_offset = false;
    Instant instant;  // With has_offset.
  };
  // Error time.malformed names the text and the pattern.
  [[nodiscard]] Result<Parsed> parse(std::string_view text) const;

 private:
  [[nodiscard]] Result<Parsed> parse_iso(std::string_view text) const;
  std::string pattern_;
};

// A time zone as data: the instants at which its offset changes. Engines use this; only
// load_zone reads the system's database.
class Zone {
 public:
  struct Transition {
    std::int64_t at_s = 0;  // Seconds of UTC.
    std::int32_t offset_s = 0;
  };
  Zone() = default;
  Zone(std::string name, std::vector<Transition> transitions);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::vector<Transition>& transitions() const { return transitions_; }
  [[nodiscard]] Day local_day(Instant instant) const;
  // Times that a clock change skips or repeats take the offset before the change.
  [[nodiscard]] Instant to_instant(CivilTime local) const;

 private:
  [[nodiscard]] std::int32_t offset_at(std::int64_t utc_s) const;
  std::string name_;
  std::vector<Transition> transitions_;
};

// By IANA name, 1900 to 2199. Error time.unknown_zone.
Result<Zone> load_zone(const std::string& name);

}  // namespace partake
