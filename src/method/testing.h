// Small methods and libraries for tests.
#pragma once

#include <doctest/doctest.h>

#include "method/run.h"

namespace partake::method::testing {

inline TomlValue toml(const std::string& text) {
  auto value = parse_toml(text, "test.toml");
  if (!value) MESSAGE(value.error().code);
  REQUIRE(value.has_value());
  return *std::move(value);
}

// Factor `f.shared` (unit kgCO2/km) is 0.1 with the given uncertainty; `f.other` is 0.03.
inline factor::Library library(const std::string& shared = "20 %",
                               const std::string& other = "not stated") {
  factor::Library result;
  Problems problems;
  result.add_sources(toml(R"([[sources]]
id = "s"
title = { en = "S", zh = "源" }
publisher = { en = "P", zh = "者" }
published = "2020"
seen = "text")"),
                     problems);
  result.add_regions(toml(R"([[regions]]
code = "CN"
title = { en = "China", zh = "中国" }
type = "country"
[[regions]]
code = "XX"
title = { en = "Nowhere", zh = "无" }
type = "country")"),
                     problems);
  const auto factor = [](const char* id, const char* valid, const char* value,
                         const std::string& uncertainty) {
    return std::string{"[[factors]]\nid = \""} + id + "\"\nregion = \"CN\"\nvalid = \"" + valid +
           "\"\nvalue = \"" + value + "\"\nunit = \"kgCO2/km\"\nuncertainty = \"" + uncertainty +
           "\"\nsource = \"s\"\nquality = \"primary\"\n";
  };
  result.add_factors(
      toml(factor("f.shared", "2024", "0.1", shared) + factor("f.shared", "2025", "0.2", shared) +
           factor("f.other", "2024..", "0.03", other)),
      problems);
  REQUIRE(problems.empty());
  return result;
}

// A method around the given sections; sections that are not given get something that works.
struct Sections {
  std::string inputs = R"([inputs.x]
title = { en = "X", zh = "某" }
unit = "km"
range = "[0, 1000]"
)";
  std::string parameters;
  std::string formulas;
  std::string outputs;  // Empty: one output `y` in kgCO2e from `formula`.
  std::string formula = "co2e(x * 1 [kgCO2/km])";
  std::string more;
};

inline std::string method_text(const Sections& sections) {
  const std::string outputs = sections.outputs.empty()
                                  ? "[outputs.co2e]\nformula = \"" + sections.formula +
                                        "\"\nunit = \"kgCO2e\"\nasset = \"co2e\"\n"
                                  : sections.outputs;
  return R"(format = 1
id = "test.method"
version = "1.0.0"
title = { en = "T", zh = "题" }
description = { en = "D", zh = "述" }
boundary = { en = "B", zh = "界" }
actors = ["person"]
[[basis]]
source = "s"
seen = "text"
)" + sections.inputs +
         sections.parameters +
         (sections.formulas.empty() ? "" : "[formulas]\n" + sections.formulas) + outputs +
         sections.more + R"(
[[examples]]
title = { en = "E", zh = "例" }
origin = "derived"
set = { x = "1" }
expect = { co2e = "1 kgCO2e" }
)";
}

inline Compiled compile_text(const std::string& text, Problems& problems) {
  Compiled compiled;
  compiled.method = std::make_unique<Method>(read_method(toml(text), problems));
  compiled.program = compile(*compiled.method, problems);
  if (problems.empty()) compiled.hash = content_hash(*compiled.method);
  return compiled;
}

inline Compiled compile_text(const std::string& text) {
  Problems problems;
  auto compiled = compile_text(text, problems);
  for (const auto& problem : problems) {
    MESSAGE(problem.code << " " << problem.place.line << ":" << problem.place.column);
  }
  REQUIRE(problems.empty());
  return compiled;
}

inline const std::string region_and_date = R"([inputs.region]
type = "region"
title = { en = "R", zh = "地" }
[inputs.date]
type = "date"
title = { en = "D", zh = "日" }
)";

inline Terms terms() {
  Terms result;
  result.admitted_on = *parse_day("2026-11-20");
  return result;
}

}  // namespace partake::method::testing
