// A method as written: what docs/method-language.md describes, read and checked for shape.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/toml_reader.h"
#include "factor/look_up.h"
#include "method/syntax.h"

namespace partake::method {

// An interval in the unit of what it bounds, with both ends finite and some value inside.
struct Range {
  Decimal low;
  Decimal high;
  bool low_open = false;
  bool high_open = false;
};
// "(0, 200]". Error method.bad_range.
Result<Range> parse_range(std::string_view text);
std::string to_string(const Range& range);

struct Named {
  std::string name;
  Text title;
};

struct Input {
  enum class Type : std::uint8_t { quantity, region, date, choice, table };
  std::string name;
  Type type = Type::quantity;
  Text title;
  Unit unit;
  Range range;
  factor::Uncertainty uncertainty;
  std::vector<Named> choices;
  std::vector<Input> columns;
  bool broken = false;  // Reported already; what uses it is not reported too.
  Place place;
};
const char* name_of(Input::Type type);

struct Parameter {
  enum class Kind : std::uint8_t { factor, value, programme };
  std::string name;
  Kind kind = Kind::value;
  Text title;
  Unit unit;
  std::optional<Range> range;
  // A factor:
  factor::Rule rule;
  std::string region_input;  // Name of the input, unless `at` fixes it.
  std::string date_input;
  std::string at;
  std::optional<Day> on;
  // A value:
  Decimal value;
  factor::Uncertainty uncertainty;
  SourceId source;
  std::string clause;
  bool broken = false;  // Reported already; what uses it is not reported too.
  Place place;
};

// Piecewise-linear, x increasing.
struct Curve {
  std::string name;
  Unit x_unit;
  Unit y_unit;
  std::vector<std::pair<Decimal, Decimal>> points;
  SourceId source;
  std::string clause;
  bool broken = false;  // Reported already; what uses it is not reported too.
  Place place;
};

struct Formula {
  std::string name;
  std::string text;
  Expression tree;
  Place place;             // Of the text's first character.
  bool plain_text = true;  // Offsets in the text are columns in the file.
};
// Where in the file an offset of the formula lies.
Place place_in(const Formula& formula, std::size_t offset);

enum class Asset : std::uint8_t { none, co2e, water, electricity, time, money };
const char* name_of(Asset asset);

struct Output {
  std::string name;
  Text title;
  Formula formula;
  Unit unit;
  Asset asset = Asset::none;
  Quantity smallest;  // The outcome is an integer count of this.
  bool summed = false;
  bool broken = false;  // Reported already; what uses it is not reported too.
  Place place;
};

struct Basis {
  SourceId source;
  std::string clause;
  std::string seen;  // text copy derivation
  std::optional<Text> note;
  Place place;
};

struct Limit {
  std::string output;
  Quantity most;
  std::string per;  // day week month year
};

struct Exclusivity {
  std::string group;
  std::vector<std::string> key;
};

// A value in `set`: a text, or the rows of a table.
struct SetValue {
  std::string text;
  std::vector<std::vector<std::pair<std::string, std::string>>> rows;
  Place place;
};
using Setting = std::vector<std::pair<std::string, SetValue>>;

struct Example {
  Text title;
  std::string origin;  // derived stated
  Setting set;
  std::vector<std::pair<std::string, std::string>> expect;
  std::optional<Decimal> within;  // A ratio.
  bool differs = false;
  SourceId source;
  std::string quote;
  std::optional<Text> note;
  Place place;
};

struct Method {
  MethodId id;
  std::string version;
  Text title;
  Text description;
  Text boundary;
  std::vector<std::string> actors;
  std::vector<Basis> basis;
  std::vector<Input> inputs;
  std::vector<Parameter> parameters;
  std::vector<Curve> curves;
  std::vector<Formula> formulas;
  std::vector<Output> outputs;
  std::vector<std::pair<std::string, Decimal>> tiers;
  std::vector<Limit> limits;
  std::optional<Exclusivity> exclusivity;
  std::vector<Example> examples;
  Place place;

  [[nodiscard]] const Input* input(std::string_view name) const;
  [[nodiscard]] const Output* output(std::string_view name) const;
  [[nodiscard]] const Parameter* parameter(std::string_view name) const;
};

// Reads a method's shape; every problem is reported. The result is meaningful only when no problem
// was added. Problems: toml.*, method.*, formula.*, unit.*, decimal.*.
Method read_method(const TomlValue& file, Problems& problems);

// The rows of a TOML `set` table.
Setting read_setting(const TomlValue& table, Problems& problems);

// Canonical form and content hash (docs/method-language.md).
std::string canonical_form(const Method& method);
Hash content_hash(const Method& method);

}  // namespace partake::method
