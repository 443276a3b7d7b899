// What the engine knows: the lexicon, the bands of ratios, how much there is at all. Read from
// library/claims/*.toml; docs/claims.md is the reference.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "claims/lexicon.h"
#include "factor/library.h"

namespace partake::claims {

enum class Verdict : std::uint8_t {
  consistent,
  unchecked,
  boundary,
  outside,
  contradiction,
  impossible,
};
const char* name_of(Verdict verdict);
std::optional<Verdict> verdict_of(std::string_view name);

// A side that is not stated is open.
struct Range {
  std::optional<Decimal> low;
  std::optional<Decimal> high;
  double low_value = 0;  // The nearest binary64, where stated.
  double high_value = 0;
  [[nodiscard]] bool contains(double from, double to) const;  // Any of it.
};
std::string to_string(const Range& range);

struct Side {
  std::vector<std::int16_t> things;
  Measure measure = Measure::mass;
  std::vector<std::string> words;      // One of them must stand in the figure's clause.
  std::vector<std::string> not_words;  // None of them may.
};

enum class RatioTime : std::uint8_t { free, year, day };
enum class Reach : std::uint8_t { sentence, paragraph };

struct RatioMark {
  double value = 0;
  Verdict verdict = Verdict::outside;
  Text note;
};

struct RatioRule {
  std::string id;
  Text title;
  Text label;
  Text note;
  Text question;
  Side over;
  Side under;
  std::vector<std::int16_t> with;     // One of them must be named in the paragraph.
  std::vector<std::int16_t> without;  // None of them may.
  RatioTime time = RatioTime::free;
  Reach reach = Reach::sentence;
  std::string unit;    // Of `label`, for parse_unit.
  double unit_si = 1;  // One of it in SI units.
  std::optional<Range> usual;
  std::optional<Range> also;
  std::optional<Range> boundary;
  std::optional<Range> possible;
  int recent_from = 0;  // From this year on the next two hold.
  std::optional<Range> recent_usual;
  std::optional<Range> recent_boundary;
  std::int16_t pieces = none;  // A counted thing whose mass belongs to the divisor.
  double piece_si = 0;
  bool same_thing = false;  // Both figures are one saving in two units.
  bool repeats = false;     // One text should use one value.
  std::vector<RatioMark> marks;
  std::string source;
  std::string quality;
};

struct Total {
  std::int16_t thing = none;
  std::int16_t place = none;
  Rational low;
  Rational high;
  bool per_year = false;
  std::string source;
};

struct Constant {
  std::string id;
  double low = 0;  // SI.
  double high = 0;
  Text note;
  std::string source;
};

struct CheckText {
  std::string id;
  Text title;
  Text question;
};

class Knowledge {
 public:
  // Each adds one file. Problems: toml.*, unit.*, claims.*, source.unknown where `library` does
  // not know a source.
  void add(const TomlValue& file, const factor::Library& library, Problems& problems);

  [[nodiscard]] const Lexicon& lexicon() const { return lexicon_; }
  [[nodiscard]] const std::vector<RatioRule>& ratios() const { return ratios_; }
  [[nodiscard]] const std::vector<Total>& totals() const { return totals_; }
  // Null when it is not known.
  [[nodiscard]] const Constant* constant(std::string_view id) const;
  [[nodiscard]] const CheckText* check(std::string_view id) const;

 private:
  void read_ratio(const TomlValue& table, const factor::Library& library, Problems& problems);

  Lexicon lexicon_;
  std::vector<RatioRule> ratios_;
  std::vector<Total> totals_;
  std::vector<Constant> constants_;
  std::vector<CheckText> checks_;
};

}  // namespace partake::claims
