// A programme: which methods apply to which evidence, under which terms. docs/programmes.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/toml_reader.h"
#include "factor/factor.h"
#include "programme/scheme.h"

namespace partake::programme {

struct MethodUse {
  MethodId id;
  std::string version;
  Day from = day_min;
  Day to = day_max;
  Place place;
};

// A value that a method asks the programme for; it counts as a factor of the programme's own.
struct Value {
  MethodId method;
  std::string name;
  Quantity value;
  factor::Uncertainty uncertainty;
  SourceId source;
  std::string clause;
  factor::Quality quality = factor::Quality::unconfirmed;
  std::optional<Text> note;
  Place place;
};

struct Substitution {
  FactorId factor;
  std::string kind = "default";
  std::string evidence_region;
  std::string region;
  Day date = day_min;
  Text reason;
  Place place;
};

struct Evidence {
  MethodId method;
  std::string mapping;  // Empty: the header names the inputs.
  std::vector<std::string> files;
  std::string tier = "A";
  Place place;
};

// A figure that was published, to be compared with what comes out.
struct Stated {
  Text title;
  MethodId method;
  std::string output;
  Quantity value;
  std::string per;  // Another output of the same method, or empty.
  FactorId candidates;
  std::vector<std::string> regions;
  SourceId source;
  std::string quote;
  Place place;
};

struct Programme {
  ProgrammeId id;
  std::string version;
  Text title;
  Text description;
  std::vector<MethodUse> methods;
  std::vector<Value> values;
  std::vector<Substitution> substitutions;
  std::vector<Evidence> evidence;
  std::vector<Stated> stated;
  std::optional<Scheme> scheme;  // Without one it only quantifies.
  Place place;

  [[nodiscard]] const MethodUse* use_of(const MethodId& method) const;
};

// A required path of a file in the folder of the programme. Programmes and mappings come from
// others, so they may not name files elsewhere: problem file.outside for an absolute path or `..`.
std::string file_inside(TomlReader& reader, std::string_view key);

// Reports every problem; the result is meaningful only when none was added. Problems: toml.*,
// programme.*, file.outside, unit.*, decimal.*.
Programme read_programme(const TomlValue& file, Problems& problems);

}  // namespace partake::programme
