// A mapping: how the columns of a CSV become a method's inputs. docs/programmes.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "method/method.h"

namespace partake::intake {

struct Join {
  std::string name;
  std::string file;
  std::string key;
  std::string on;
  Place place;
};

struct RefuseRule {
  std::string code;
  std::vector<std::string> equal;  // Two columns.
  Text reason;
  Place place;
};

struct InputSource {
  std::string input;
  std::string column;  // One of column, constant, geodesic.
  std::string constant;
  std::vector<std::string> geodesic;  // Four columns: latitude, longitude, latitude, longitude.
  std::optional<Unit> unit;
  std::string format;
  std::string zone;
  Place place;
};

// All rows of another CSV with a key: a table input.
struct TableSource {
  std::string input;
  std::string file;
  std::string key;
  std::string on;
  std::vector<InputSource> columns;
  Place place;
};

struct Mapping {
  std::vector<Join> joins;
  std::vector<RefuseRule> refuse;
  std::vector<InputSource> inputs;
  std::vector<TableSource> tables;
};

// Reports every problem. Problems: toml.*, mapping.*, file.outside.
Mapping read_mapping(const TomlValue& file, Problems& problems);

// Without a mapping: a column "distance" or "distance [km]" feeds the input `distance`; columns
// that the method does not need are left alone. `place` is the header's.
Mapping mapping_of_header(const std::vector<std::string>& header, const method::Method& method,
                          const Place& place, Problems& problems);

}  // namespace partake::intake
