#include "base/time.h"

#include <algorithm>
#include <charconv>

namespace partake {
namespace {

using std::chrono::days;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

// Reads exactly `count` digits at `at`, or up to that many where a format allows fewer.
bool read_digits(std::string_view text, std::size_t& at, int least, int most, int& value) {
  value = 0;
  int count = 0;
  for (; count < most && at < text.size() && text[at] >= '0' && text[at] <= '9'; ++count) {
    value = value * 10 + (text[at++] - '0');
  }
  return count >= least;
}

bool read_char(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

std::optional<Day> make_day(int y, int m, int d) {
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)},
                            std::chrono::day{static_cast<unsigned>(d)}};
  if (m < 1 || m > 12 || d < 1 || d > 31 || !date.ok()) return std::nullopt;
  const Day day{date};
  if (day < day_min || day > day_max) return std::nullopt;
  return day;
}

std::optional<Day> read_day(std::string_view text, std::size_t& at) {
  int y = 0;
  int m = 0;
  int d = 0;
  if (!read_digits(text, at, 4, 4, y) || !read_char(text, at, '-') ||
      !read_digits(text, at, 2, 2, m) || !read_char(text, at, '-') ||
      !read_digits(text, at, 2, 2, d)) {
    return std::nullopt;
  }
  return make_day(y, m, d);
}

tl::unexpected<Error> malformed(const char* code, std::string_view text) {
  return fail(ErrorKind::invalid, code, {{"text", std::string{text.substr(0, 60)}}});
}

// A day, month or year as its first and last day.
std::optional<std::pair<Day, Day>> read_period(std::string_view text) {
  std::size_t at = 0;
  int y = 0;
  int m = 0;
  if (text.size() == 4 && read_digits(text, at, 4, 4, y)) {
    const auto first = make_day(y, 1, 1);
    const auto last = make_day(y, 12, 31);
    if (first && last) return {{*first, *last}};
    return std::nullopt;
  }
  if (text.size() == 7 && read_digits(text, at, 4, 4, y) && read_char(text, at, '-') &&
      read_digits(text, at, 2, 2, m) && m >= 1 && m <= 12) {
    const auto last = Day{year{y} / month{static_cast<unsigned>(m)} / std::chrono::last};
    const auto first = make_day(y, m, 1);
    if (first && last <= day_max) return {{*first, last}};
    return std::nullopt;
  }
  const auto day = read_day(text, at);
  if (!day || at != text.size()) return std::nullopt;
  return {{*day, *day}};
}

struct Clock {
  int hour = 0;
  int minute = 0;
  int second = 0;
  int microsecond = 0;

  [[nodiscard]] bool valid() const { return hour <= 23 && minute <= 59 && second <= 59; }
  [[nodiscard]] std::chrono::microseconds since_midnight() const {
    return std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second} +
           std::chrono::microseconds{microsecond};
  }
};

CivilTime civil(Day day, const Clock& clock) {
  return CivilTime{day.time_since_epoch() + clock.since_midnight()};
}

}  // namespace

Result<Day> parse_day(std::string_view text) {
  std::size_t at = 0;
  const auto day = read_day(text, at);
  if (!day || at != text.size()) return malformed("time.malformed_day", text);
  return *day;
}

namespace {

void append_two(std::string& text, std::int64_t value) {
  text += static_cast<char>('0' + value / 10 % 10);
  text += static_cast<char>('0' + value % 10);
}

}  // namespace

std::string to_string(Day day) {
  const year_month_day date{day};
  auto text = std::to_string(static_cast<int>(date.year()));
  text += '-';
  append_two(text, static_cast<unsigned>(date.month()));
  text += '-';
  append_two(text, static_cast<unsigned>(date.day()));
  return text;
}

Day years_before(Day day, int years) {
  const year_month_day date{day};
  const year_month_day moved{date.year() - std::chrono::years{years}, date.month(), date.day()};
  if (moved.ok()) return Day{moved};
  return Day{moved.year() / moved.month() / std::chrono::last};
}

Result<Validity> parse_validity(std::string_view text) {
  if (text == "not stated") return Validity{};
  const auto dots = text.find("..");
  Validity validity{.stated = true};
  const auto first = text.substr(0, dots);
  const auto last = dots == std::string_view::npos ? first : text.substr(dots + 2);
  const auto from = read_period(first);
  const auto to = read_period(last);
  const bool open_first = dots != std::string_view::npos && first.empty();
  const bool open_last = dots != std::string_view::npos && last.empty();
  if ((!from && !open_first) || (!to && !open_last) || (open_first && open_last)) {
    return malformed("time.malformed_validity", text);
  }
  if (from) validity.first = from->first;
  if (to) validity.last = to->second;
  if (validity.first > validity.last) return malformed("time.malformed_validity", text);
  return validity;
}

std::string to_string(const Validity& validity) {
  if (!validity.stated) return "not stated";
  const auto first = to_string(validity.first);
  const auto last = to_string(validity.last);
  if (validity.last == day_max) {
    return (first.ends_with("-01-01") ? first.substr(0, 4) : first) + "..";
  }
  if (validity.first == day_min) return ".." + last;
  if (first.ends_with("-01-01") && last == first.substr(0, 4) + "-12-31") return first.substr(0, 4);
  return first + ".." + last;
}

Result<Day> parse_publication(std::string_view text) {
  if (text == "not stated") return day_min;
  const auto period = read_period(text);
  if (!period) return malformed("time.malformed_publication", text);
  return period->second;
}

Result<TimeFormat> TimeFormat::compile(std::string_view pattern) {
  TimeFormat format;
  format.pattern_ = pattern;
  bool date = pattern.empty();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') continue;
    ++i;
    if (i == pattern.size() ||
        std::string_view{"YymdHMS"}.find(pattern[i]) == std::string_view::npos) {
      return malformed("time.malformed_format", pattern);
    }
    date = date || pattern[i] == 'd';
  }
  if (!date || pattern.size() > 64) return malformed("time.malformed_format", pattern);
  return format;
}

Result<TimeFormat::Parsed> TimeFormat::parse(std::string_view text) const {
  if (pattern_.empty()) return parse_iso(text);
  int y = 1970;
  int m = 1;
  int d = 1;
  Clock clock;
  std::size_t at = 0;
  bool fits = true;
  for (std::size_t i = 0; i < pattern_.size() && fits; ++i) {
    if (pattern_[i] != '%') {
      fits = read_char(text, at, pattern_[i]);
      continue;
    }
    switch (pattern_[++i]) {
      case 'Y':
        fits = read_digits(text, at, 4, 4, y);
        break;
      case 'y':
        // POSIX: 69 to 99 are the 1900s.
        fits = read_digits(text, at, 2, 2, y);
        y += y >= 69 ? 1900 : 2000;
        break;
      case 'm':
        fits = read_digits(text, at, 1, 2, m);
        break;
      case 'd':
        fits = read_digits(text, at, 1, 2, d);
        break;
      case 'H':
        fits = read_digits(text, at, 1, 2, clock.hour);
        break;
      case 'M':
        fits = read_digits(text, at, 1, 2, clock.minute);
        break;
      default:
        fits = read_digits(text, at, 1, 2, clock.second);
        break;
    }
  }
  const auto day = fits && at == text.size() ? make_day(y, m, d) : std::nullopt;
  if (!day || !clock.valid()) {
    return fail(ErrorKind::invalid, "time.malformed",
                {{"text", std::string{text.substr(0, 60)}}, {"format", pattern_}});
  }
  return Parsed{.local = civil(*day, clock), .has_offset = false, .instant = {}};
}

namespace {

// hh:mm[:ss][.fraction]
bool read_clock(std::string_view text, std::size_t& at, Clock& clock) {
  if (!read_digits(text, at, 2, 2, clock.hour) || !read_char(text, at, ':') ||
      !read_digits(text, at, 2, 2, clock.minute)) {
    return false;
  }
  if (read_char(text, at, ':') && !read_digits(text, at, 2, 2, clock.second)) return false;
  if (!read_char(text, at, '.')) return clock.valid();
  int scale = 100000;
  int digits = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && digits < 9; ++at, ++digits) {
    clock.microsecond += (text[at] - '0') * scale;  // Digits beyond the sixth are dropped.
    scale /= 10;
  }
  return digits > 0 && clock.valid();
}

// Z, +hh:mm, -hhmm
bool read_offset(std::string_view text, std::size_t& at, std::chrono::minutes& offset) {
  if (read_char(text, at, 'Z')) return true;
  const bool west = text[at] == '-';
  if (text[at] != '+' && !west) return false;
  ++at;
  int hours = 0;
  int minutes = 0;
  if (!read_digits(text, at, 2, 2, hours)) return false;
  read_char(text, at, ':');
  if (!read_digits(text, at, 2, 2, minutes) || hours > 18 || minutes > 59) return false;
  offset = std::chrono::minutes{(west ? -1 : 1) * (hours * 60 + minutes)};
  return true;
}

}  // namespace

Result<TimeFormat::Parsed> TimeFormat::parse_iso(std::string_view text) const {
  const auto bad = [&] {
    return fail(ErrorKind::invalid, "time.malformed",
                {{"text", std::string{text.substr(0, 60)}}, {"format", "YYYY-MM-DD[Thh:mm[:ss]]"}});
  };
  std::size_t at = 0;
  const auto day = read_day(text, at);
  if (!day) return bad();
  if (at == text.size())
    return Parsed{.local = civil(*day, {}), .has_offset = false, .instant = {}};
  if (text[at] != 'T' && text[at] != ' ') return bad();
  ++at;
  Clock clock;
  if (!read_clock(text, at, clock)) return bad();
  Parsed parsed{.local = civil(*day, clock), .has_offset = false, .instant = {}};
  if (at == text.size()) return parsed;
  std::chrono::minutes offset{0};
  if (!read_offset(text, at, offset) || at != text.size()) return bad();
  parsed.has_offset = true;
  parsed.instant = Instant{parsed.local.time_since_epoch() - offset};
  return parsed;
}

namespace {

// Two digits at a fixed place; beyond 99 where they are none.
int two_digits(const char* text) {
  const int tens = text[0] - '0';
  const int ones = text[1] - '0';
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? 1000 : 10 * tens + ones;
}

// What follows the seconds: a fraction, in microseconds. False where it is malformed.
bool take_fraction(std::string_view& rest, std::int64_t& us) {
  if (!rest.starts_with('.')) return true;
  rest.remove_prefix(1);
  std::int64_t unit = 100'000;
  std::size_t digits = 0;
  for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits) {
    us += unit * (rest[digits] - '0');
    unit /= 10;
  }
  rest.remove_prefix(digits);
  return digits >= 1 && digits <= 6;
}

// Z or +hh:mm, in seconds.
bool take_offset(std::string_view rest, std::int64_t& offset_s) {
  if (rest == "Z" || rest == "z") return true;
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return false;
  const int hours = two_digits(&rest[1]);
  const int minutes = two_digits(&rest[4]);
  if (hours > 23 || minutes > 59) return false;
  offset_s = std::int64_t{60} * (60 * hours + minutes);
  if (rest[0] == '-') offset_s = -offset_s;
  return true;
}

}  // namespace

Result<Instant> parse_instant(std::string_view text) {
  constexpr std::size_t seconds_end = 19;  // Of 2026-01-02T08:00:00.
  const auto malformed = [&] {
    return fail(ErrorKind::invalid, "time.malformed_instant",
                {{"text", std::string{text.substr(0, 60)}}});
  };
  const bool shaped = text.size() > seconds_end && text[4] == '-' && text[7] == '-' &&
                      (text[10] == 'T' || text[10] == 't' || text[10] == ' ') && text[13] == ':' &&
                      text[16] == ':';
  if (!shaped) return malformed();
  const std::chrono::year_month_day date{
      std::chrono::year{100 * two_digits(&text[0]) + two_digits(&text[2])},
      std::chrono::month{static_cast<unsigned>(two_digits(&text[5]))},
      std::chrono::day{static_cast<unsigned>(two_digits(&text[8]))}};
  const int hours = two_digits(&text[11]);
  const int minutes = two_digits(&text[14]);
  const int seconds = two_digits(&text[17]);
  const bool exists = date.ok() && date >= std::chrono::year_month_day{day_min} &&
                      date <= std::chrono::year_month_day{day_max} && hours <= 23 &&
                      minutes <= 59 && seconds <= 59;
  std::int64_t us = 0;
  std::int64_t offset_s = 0;
  auto rest = text.substr(seconds_end);
  if (!exists || !take_fraction(rest, us) || !take_offset(rest, offset_s)) return malformed();
  const auto second = 60 * (60 * std::int64_t{hours} + minutes) + seconds - offset_s;
  return Instant{Day{date}.time_since_epoch() + std::chrono::seconds{second} +
                 std::chrono::microseconds{us}};
}

std::string to_string(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::hh_mm_ss time{instant - day};
  auto text = to_string(day);
  text += 'T';
  append_two(text, time.hours().count());
  text += ':';
  append_two(text, time.minutes().count());
  text += ':';
  append_two(text, time.seconds().count());
  if (const auto us = time.subseconds().count(); us != 0) {
    text += '.';
    append_two(text, us / 10'000);
    append_two(text, us / 100);
    append_two(text, us);
  }
  text += 'Z';
  return text;
}

Zone::Zone(std::string name, std::vector<Transition> transitions)
    : name_{std::move(name)}, transitions_{std::move(transitions)} {}

std::int32_t Zone::offset_at(std::int64_t utc_s) const {
  const auto after = std::upper_bound(
      transitions_.begin(), transitions_.end(), utc_s,
      [](std::int64_t value, const Transition& transition) { return value < transition.at_s; });
  return after == transitions_.begin() ? 0 : std::prev(after)->offset_s;
}

Day Zone::local_day(Instant instant) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  const auto local = seconds + std::chrono::seconds{offset_at(seconds.time_since_epoch().count())};
  return std::chrono::floor<days>(local);
}

Instant Zone::to_instant(CivilTime local) const {
  const auto local_s = std::chrono::floor<std::chrono::seconds>(local).time_since_epoch().count();
  // The offset in force just before the earliest instant that this civil time could be.
  const auto first = offset_at(local_s - std::int64_t{26} * 3600);
  const auto as_first = local_s - first;
  const auto later = offset_at(as_first);
  const auto as_later = local_s - later;
  const auto offset = offset_at(as_later) == later ? later : first;
  return Instant{local.time_since_epoch() - std::chrono::seconds{offset}};
}

}  // namespace partake
