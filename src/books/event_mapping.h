// A mapping of events: which columns of a CSV, or which constants, make up their attributes and
// data. docs/events.md.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/toml_reader.h"

namespace partake::books {

struct EventMapping {
  // An attribute, or a member of the data.
  struct Member {
    std::string name;
    std::string column;    // Empty where it is always the same:
    std::string constant;  // the same text.
    // Of a time that is not written as events have it, with these for what says no offset.
    bool is_time = false;
    TimeFormat format;
    std::string zone;
    std::optional<std::chrono::seconds> offset;
    Place place;
  };
  std::vector<Member> attributes;
  std::vector<Member> data;
};

// Reports every problem. Problems: toml.*, mapping.*, time.malformed_format.
EventMapping read_event_mapping(const TomlValue& file, Problems& problems);

}  // namespace partake::books
