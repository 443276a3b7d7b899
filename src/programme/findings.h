// What a scheme wants to be told of: acts that look wrong, each kind with its own thresholds. They
// only lead to questions that a person decides. docs/findings.md.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/toml_reader.h"

namespace partake::programme {

// A way that is farther than the time allows.
struct SpeedRule {
  std::string field;  // The distance.
  Quantity most;      // A speed.
};

// The same again and again.
struct RepetitionRule {
  std::vector<std::string> fields;  // What must be the same,
  bool time_of_day = false;         // and whether the second of the day.
  std::int64_t more_than = 0;
  std::int64_t days = 0;
};

// Digits that do not fall as they should.
struct DigitsRule {
  std::string of;  // account source
  std::string field;
  std::string digit;                   // first last
  std::optional<Quantity> resolution;  // Of last digits: a step of the last one.
  std::int64_t count = 0;              // Of values that are looked at together.
  std::string significance;
};

// More than ever before.
struct RateRule {
  std::string of;     // account source
  std::string asset;  // Empty: acts are counted.
  std::int64_t days = 0;
  std::int64_t history = 0;
  Decimal most;
  Quantity at_least;
};

struct FindingRule {
  std::string id;
  std::string detector;             // speed repetition digits rate
  std::vector<std::string> events;  // Types.
  std::variant<SpeedRule, RepetitionRule, DigitsRule, RateRule> rule;
  Place place;
};

constexpr std::int64_t finding_days_max = 366;
constexpr std::int64_t finding_count_max = 1'000'000;

// Takes its key from the reader of [scheme]; `types` are those of its events. Problems: toml.*,
// programme.*, unit.*, decimal.*.
std::vector<FindingRule> read_findings(TomlReader& scheme, const std::vector<std::string>& types,
                                       Problems& problems);

}  // namespace partake::programme
