#include "method/program.h"

namespace partake::method {
namespace {

void check_source(const SourceId& source, const Place& place, const factor::Library& library,
                  Problems& problems) {
  const bool missing = source.text().empty();  // Reported where it was read.
  if (missing || library.source(source) != nullptr) return;
  problems.push_back({ErrorKind::invalid, "source.unknown", {{"source", source.text()}}, place});
}

void check_factor(const Parameter& parameter, const factor::Library& library, Problems& problems) {
  const auto& rule = parameter.rule;
  const auto report = [&](std::string code, Args args) {
    problems.push_back({ErrorKind::invalid, std::move(code), std::move(args), parameter.place});
  };
  bool found = false;
  std::string kinds;
  for (const auto index : library.with_id(rule.id)) {
    const auto& factor = library.factors()[index];
    if (factor.kind != rule.kind) {
      if (kinds.find(factor.kind) == std::string::npos)
        kinds += (kinds.empty() ? "" : ", ") + factor.kind;
      continue;
    }
    found = true;
    if (auto ratio = conversion(factor.value.unit, parameter.unit); !ratio) {
      auto error = std::move(ratio).error();
      error.place = parameter.place;
      problems.push_back(std::move(error));
      break;
    }
  }
  if (!parameter.at.empty()) {
    if (auto region = library.regions().find(parameter.at); !region) {
      auto error = std::move(region).error();
      error.place = parameter.place;
      problems.push_back(std::move(error));
    }
  }
  if (found) return;
  if (!kinds.empty()) {
    report("factor.unknown_kind",
           {{"factor", rule.id.text()}, {"kind", rule.kind}, {"kinds", kinds}});
  } else if (library.band(rule.id) != nullptr) {
    report("factor.is_band", {{"factor", rule.id.text()}});
  } else {
    report("factor.unknown",
           {{"factor", rule.id.text()}, {"nearest", library.nearest_id(rule.id.text())}});
  }
}

}  // namespace

void check_against(const Method& method, const factor::Library& library, Problems& problems) {
  for (const auto& basis : method.basis) check_source(basis.source, basis.place, library, problems);
  for (const auto& curve : method.curves)
    check_source(curve.source, curve.place, library, problems);
  for (const auto& example : method.examples) {
    if (example.origin == "stated") check_source(example.source, example.place, library, problems);
  }
  for (const auto& parameter : method.parameters) {
    if (parameter.broken) continue;
    if (parameter.kind == Parameter::Kind::value) {
      check_source(parameter.source, parameter.place, library, problems);
    }
    if (parameter.kind == Parameter::Kind::factor) check_factor(parameter, library, problems);
  }
}

}  // namespace partake::method
