// A factor: a published value with unit, region, validity, kind, uncertainty, source and quality.
// docs/factor-library.md is the reference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/id.h"
#include "base/language.h"
#include "base/quantity.h"
#include "base/region.h"
#include "base/sha256.h"
#include "base/time.h"

namespace partake::factor {

struct Source {
  SourceId id;
  Text title;
  Text publisher;
  std::string published;  // As stated: a day, a month, a year or "not stated".
  Day visible_from;       // The last day of that; always, where it is not stated.
  std::string identifier;
  std::string seen;  // text copy derivation
};

enum class Quality : std::uint8_t { primary, secondary, computed, unconfirmed };
const char* name_of(Quality quality);
std::optional<Quality> quality_of(std::string_view name);

// A 95 % half-width.
struct Uncertainty {
  enum class Kind : std::uint8_t { not_stated, relative, absolute };
  Kind kind = Kind::not_stated;
  Quantity half_width;  // relative: written in percent; absolute: a quantity.
};
// "not stated", "5 %", "0.5 [km]". Errors: uncertainty.malformed, uncertainty.negative, unit.*.
Result<Uncertainty> parse_uncertainty(std::string_view text);
std::string text_of(const Uncertainty& uncertainty, Language language = Language::en);
// Relative to `value` in `unit`; empty when not stated. Errors: unit.mismatch.
Result<std::optional<double>> relative_half_width(const Uncertainty& uncertainty, double value,
                                                  const Unit& unit);

struct Factor {
  FactorId id;
  std::string kind = "default";
  RegionIndex region;
  std::string region_code;
  Validity validity;
  Quantity value;
  Uncertainty uncertainty;
  SourceId source;
  std::string clause;
  Quality quality = Quality::unconfirmed;
  std::optional<Text> note;
  Day visible_from = day_min;
  std::string published;
  Hash hash{};
  Place place;
};

// The bytes that a factor's hash covers (docs/method-language.md, "Canonical form and hash").
std::string canonical_form(const Factor& factor);
Hash content_hash(const Factor& factor);

// A range: for checking claims, never for crediting.
struct Band {
  FactorId id;
  std::string kind = "default";
  std::string region_code;
  Validity validity;
  std::optional<Decimal> low;
  std::optional<Decimal> high;
  Unit unit;
  SourceId source;
  std::string clause;
  Quality quality = Quality::unconfirmed;
  std::optional<Text> note;
  Place place;
};

// "kind" left out where it is the default: "grid.electricity average CN-BJ 2022".
std::string label(const Factor& factor);

}  // namespace partake::factor
