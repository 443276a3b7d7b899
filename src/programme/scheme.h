// How a programme credits events: which types it takes and what they mean, how late they may come,
// what they are worth, and their limits. docs/programmes.md, "Events and credit".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/toml_reader.h"
#include "programme/dealings.h"
#include "programme/findings.h"

namespace partake::programme {

// Where an event's input comes from: a field of its data (or a column), or always the same value.
struct FieldSource {
  std::string input;
  std::string field;  // One of field and constant.
  std::string constant;
  std::optional<Unit> unit;  // Of the field; the input's own, where none is given.
  Place place;
};

struct EventType {
  std::string type;
  MethodId method;
  std::string end;  // The field with the time at which the act ended; empty: it was a moment.
  std::vector<FieldSource> inputs;
  Place place;
};

// At most so much of an asset for each account and window of the programme's calendar.
struct Cap {
  std::string asset;
  Quantity most;
  std::string per;                  // day week month year
  std::vector<std::string> events;  // Types; empty: all of them together.
  Place place;
};

// Acts of one group (as methods name it) that overlap in time, widened on both sides, are one act.
struct Exclusive {
  std::string group;
  std::int64_t within_minutes = 0;
  Place place;
};

struct Scheme {
  std::string zone;  // Whose calendar days count.
  std::int64_t late_days = 0;
  std::vector<std::string> actors;  // Kinds that may take part; empty: all that the method names.
  std::vector<std::pair<std::string, Decimal>> tiers;  // Worth; empty: as the method says.
  std::vector<EventType> events;
  std::vector<Cap> caps;
  std::vector<Exclusive> exclusive;
  std::optional<Quantity> point_for;  // One point for each full so much CO2e; empty: no points.
  Dealings dealings;
  std::vector<FindingRule> findings;
  Place place;

  [[nodiscard]] const Exclusive* exclusive_in(const std::string& group) const;
};

constexpr std::int64_t late_days_max = 366;
constexpr std::int64_t within_minutes_max = std::int64_t{24} * 60;

// Reads [scheme] and what belongs to it. Problems: toml.*, programme.*, unit.*, decimal.*.
Scheme read_scheme(const TomlValue& table, const std::vector<MethodId>& methods,
                   Problems& problems);

}  // namespace partake::programme
