// Units with serial numbers in the shapes of others: CAD Trust's data model and CDOP's schemas.
// docs/unit-exports.md says which versions, what goes where, and what they cannot hold.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/toml_reader.h"
#include "books/unit_fates.h"

namespace partake::books {

enum class UnitShape : std::uint8_t { cad_trust, cdop };
std::optional<UnitShape> unit_shape_of(std::string_view name);

// What the books do not know, from a file beside the command: which class of units it is about, and
// what a registry knows of the project.
struct UnitDetails {
  std::string programme;
  std::string units;
  // By table and field of the shape; texts, or lists of them.
  std::vector<std::pair<std::string, Json>> values;  // "project.projectName".
  // What CAD Trust called our issues, once it has them.
  std::vector<std::pair<std::string, std::string>> issuance_ids;

  [[nodiscard]] const Json* value(std::string_view field) const;
};
// Reports every problem: toml.*, units.bad_value.
UnitDetails read_unit_details(const TomlValue& file, UnitShape shape, Problems& problems);

struct ShapedUnits {
  std::vector<std::pair<std::string, std::string>> files;  // Name and content.
  std::vector<std::string> missing;                        // Required fields without a value.
  // What the shape cannot hold, for people; texts of the catalogue.
  std::vector<std::pair<std::string, Args>> notes;
  std::uint64_t rows = 0;
  std::uint64_t units = 0;
};

// Errors: units.unknown_class, units.not_tonnes.
Result<ShapedUnits> shape_units(const Directory& directory, const UnitFates& fates, UnitShape shape,
                                const UnitDetails& details);

}  // namespace partake::books
