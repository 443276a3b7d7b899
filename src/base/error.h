// Errors that callers are expected to handle, as values.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace partake {

// What the caller can do about it, not where it came from. It alone decides the exit code.
enum class ErrorKind : std::uint8_t {
  invalid,       // The input breaks a rule; sending it unchanged fails again.
  unauthorized,  // The actor may not do this.
  not_found,     // The named thing does not exist.
  conflict,      // The state moved on; reload and decide again.
  exhausted,     // A declared limit is reached.
  unavailable,   // Something outside failed; trying later may succeed.
  corrupt,       // Stored data breaks an invariant: stop.
};

// Where in a text; 0 means "not known".
struct Place {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend bool operator==(const Place&, const Place&) = default;
};

// Values that the message names: the field, what was found, the rule.
using Args = std::vector<std::pair<std::string, std::string>>;

struct Error {
  ErrorKind kind = ErrorKind::invalid;
  std::string code;  // Stable and dotted, "csv.column_missing"; the key of its text in locales/.
  Args args;
  Place place;
};

}  // namespace partake
