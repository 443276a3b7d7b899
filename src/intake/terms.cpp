#include "intake/terms.h"

namespace partake::intake {
namespace {

// A value that no parameter of the method asks for is a misspelling.
Status check_values(const programme::Programme& programme, const method::Method& method) {
  for (const auto& value : programme.values) {
    if (value.method != method.id) continue;
    const auto* parameter = method.parameter(value.name);
    if (parameter != nullptr && parameter->kind == method::Parameter::Kind::programme) continue;
    std::string known;
    for (const auto& entry : method.parameters) {
      if (entry.kind != method::Parameter::Kind::programme) continue;
      known += (known.empty() ? "" : ", ") + entry.name;
    }
    return fail(ErrorKind::invalid, "programme.unknown_parameter",
                {{"method", method.id.text()}, {"name", value.name}, {"known", known}},
                value.place);
  }
  return {};
}

// A programme's value counts as a factor of the programme's own.
Result<factor::Factor> as_factor(const programme::Value& value, const ProgrammeId& programme,
                                 const factor::Library& library, Day admitted_on) {
  const auto* source = library.source(value.source);
  if (source == nullptr) {
    return fail(ErrorKind::invalid, "source.unknown", {{"source", value.source.text()}},
                value.place);
  }
  if (source->visible_from > admitted_on) {
    return fail(ErrorKind::invalid, "programme.not_published",
                {{"name", value.name},
                 {"source", value.source.text()},
                 {"published", source->published},
                 {"day", to_string(admitted_on)}},
                value.place);
  }
  factor::Factor factor;
  factor.id = FactorId{programme.text() + "." + value.name};
  factor.kind = "programme_value";
  factor.region_code = "WORLD";
  factor.value = value.value;
  factor.uncertainty = value.uncertainty;
  factor.source = value.source;
  factor.clause = value.clause;
  factor.quality = value.quality;
  factor.note = value.note;
  factor.published = source->published;
  factor.hash = factor::content_hash(factor);
  return factor;
}

Result<method::Substitution> substitution_of(const programme::Substitution& entry,
                                             const factor::Library& library) {
  if (library.with_id(entry.factor).empty()) {
    return fail(
        ErrorKind::not_found, "factor.unknown",
        {{"factor", entry.factor.text()}, {"nearest", library.nearest_id(entry.factor.text())}});
  }
  method::Substitution substitution;
  substitution.factor = entry.factor;
  substitution.kind = entry.kind;
  substitution.date = entry.date;
  substitution.reason = entry.reason;
  TRY(substitution.evidence_region, library.regions().find(entry.evidence_region));
  TRY(substitution.region, library.regions().find(entry.region));
  return substitution;
}

}  // namespace

Result<const method::Compiled*> method_of(const programme::Programme& programme,
                                          const programme::MethodUse& use,
                                          const Knowledge& knowledge) {
  const auto* compiled = knowledge.method(use.id, use.version);
  if (compiled == nullptr) {
    return fail(ErrorKind::not_found, "method.unknown",
                {{"method", use.id.text()},
                 {"version", use.version},
                 {"nearest", knowledge.nearest_method(use.id.text())}},
                use.place);
  }
  CHECK_OK(check_values(programme, *compiled->method));
  return compiled;
}

Result<method::Terms> terms_of(const programme::Programme& programme, const MethodId& method,
                               const factor::Library& library, const TermsOptions& options,
                               std::deque<factor::Factor>& values) {
  method::Terms terms;
  terms.admitted_on = options.admitted_on;
  for (const auto& value : programme.values) {
    if (value.method != method) continue;
    TRY(auto factor, as_factor(value, programme.id, library, options.admitted_on));
    terms.values.emplace_back(value.name, &values.emplace_back(std::move(factor)));
  }
  if (!options.substitutions) return terms;
  for (const auto& entry : programme.substitutions) {
    auto substitution = substitution_of(entry, library);
    if (!substitution) {
      substitution.error().place = entry.place;
      return tl::unexpected(std::move(substitution).error());
    }
    terms.substitutions.push_back(*std::move(substitution));
  }
  return terms;
}

}  // namespace partake::intake
