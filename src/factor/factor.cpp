#include "factor/factor.h"

#include <cmath>

#include "base/json.h"

namespace partake::factor {

const char* name_of(Quality quality) {
  switch (quality) {
    case Quality::primary:
      return "primary";
    case Quality::secondary:
      return "secondary";
    case Quality::computed:
      return "computed";
    case Quality::unconfirmed:
      return "unconfirmed";
  }
  return "";
}

std::optional<Quality> quality_of(std::string_view name) {
  for (const auto quality :
       {Quality::primary, Quality::secondary, Quality::computed, Quality::unconfirmed}) {
    if (name == name_of(quality)) return quality;
  }
  return std::nullopt;
}

Result<Uncertainty> parse_uncertainty(std::string_view text) {
  if (text == "not stated") return Uncertainty{};
  auto quantity = parse_quantity(text);
  if (!quantity) {
    return fail(ErrorKind::invalid, "uncertainty.malformed",
                {{"text", std::string{text.substr(0, 60)}}});
  }
  if (quantity->value.mantissa < 0) {
    return fail(ErrorKind::invalid, "uncertainty.negative", {{"text", std::string{text}}});
  }
  const bool relative = quantity->unit.dimension().is_ratio() && text.ends_with('%');
  return Uncertainty{relative ? Uncertainty::Kind::relative : Uncertainty::Kind::absolute,
                     *std::move(quantity)};
}

std::string text_of(const Uncertainty& uncertainty, Language language) {
  if (uncertainty.kind == Uncertainty::Kind::not_stated) return "not stated";
  return to_string(uncertainty.half_width, language);
}

Result<std::optional<double>> relative_half_width(const Uncertainty& uncertainty, double value,
                                                  const Unit& unit) {
  if (uncertainty.kind == Uncertainty::Kind::not_stated) return std::nullopt;
  if (uncertainty.kind == Uncertainty::Kind::relative) {
    TRY(const auto ratio, value_in(uncertainty.half_width, Unit{}));
    return ratio;
  }
  TRY(const auto absolute, value_in(uncertainty.half_width, unit));
  // The contribution of a factor is taken relative to it; a zero factor to one unit of it.
  return absolute / (value == 0 ? 1 : std::fabs(value));
}

std::string canonical_form(const Factor& factor) {
  Json::Object members{{"id", factor.id.text()},
                       {"kind", factor.kind},
                       {"region", factor.region_code},
                       {"valid", to_string(factor.validity)},
                       {"value", to_shortest(factor.value.value)},
                       {"unit", to_string(factor.value.unit)},
                       {"uncertainty", text_of(factor.uncertainty)},
                       {"source", factor.source.text()},
                       {"clause", factor.clause},
                       {"quality", name_of(factor.quality)},
                       {"published", factor.published}};
  return canonical(members);
}

Hash content_hash(const Factor& factor) {
  return sha256_of("partake.factor.v1", canonical_form(factor));
}

std::string label(const Factor& factor) {
  std::string text = factor.id.text();
  if (factor.kind != "default") text += " " + factor.kind;
  text += " " + factor.region_code;
  if (factor.validity.stated) text += " " + to_string(factor.validity);
  return text;
}

}  // namespace partake::factor
