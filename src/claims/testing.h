// A small lexicon and a few bands, for tests.
#pragma once

#include <string>

#include "claims/review.h"

namespace partake::claims::testing {

inline constexpr const char* small_lexicon = R"toml(
[[things]]
id = "co2"
in = ["mass"]
title = { en = "CO2", zh = "二氧化碳" }
words = ["二氧化碳", "碳排放", "co2", "carbon emissions"]
[[things]]
id = "electricity"
in = ["energy", "power"]
title = { en = "electricity", zh = "电" }
words = ["用电", "发电量", "electricity"]
[[things]]
id = "tree"
in = ["count"]
title = { en = "trees", zh = "树" }
words = ["树", "trees"]
[[units]]
unit = "kWh"
dimension = "energy"
fallback = "electricity"
words = ["千瓦时", "度"]
symbols = ["kWh"]
[[units]]
unit = "t"
dimension = "mass"
words = ["吨", "tonnes"]
symbols = ["t"]
[[units]]
unit = "mu"
dimension = "area"
words = ["亩"]
[[units]]
unit = "a"
dimension = "time"
words = ["年", "years"]
[[units]]
unit = "%"
dimension = "ratio"
symbols = ["%"]
[[counters]]
thing = "tree"
words = ["棵"]
[[markers]]
kind = "annual"
words = ["每年", "a year"]
[[markers]]
kind = "sum"
words = ["合计"]
[[markers]]
kind = "fall"
words = ["减少", "节约", "cut"]
[[markers]]
kind = "each"
words = ["每亩"]
[[places]]
id = "nation"
words = ["全国"]
)toml";

inline constexpr const char* small_bands = R"toml(
[[ratios]]
id = "co2_electricity"
title = { en = "CO2 per kilowatt hour", zh = "每千瓦时二氧化碳" }
over = ["co2"]
under = ["electricity"]
unit = "kg/kWh"
label = { en = "kgCO2/kWh", zh = "千克二氧化碳/千瓦时" }
usual = "[0.5, 0.7]"
boundary = "[0.05, 0.95]"
possible = "[0, 3]"
source = "definition"
quality = "computed"
[[ratios]]
id = "co2_tree"
title = { en = "CO2 per tree and year", zh = "每棵树每年二氧化碳" }
over = ["co2"]
under = ["tree"]
time = "year"
unit = "kg/a"
label = { en = "kgCO2 per tree and year", zh = "千克二氧化碳/（棵·年）" }
usual = "[6, 25]"
boundary = "[3, 60]"
possible = "[0, 1000]"
repeats = true
source = "definition"
quality = "computed"
)toml";

inline factor::Library small_library() {
  Problems problems;
  factor::Library library;
  library.add_sources(*parse_toml(R"toml(
[[sources]]
id = "definition"
title = { en = "By definition", zh = "定义" }
publisher = { en = "-", zh = "-" }
published = "not stated"
seen = "derivation"
)toml",
                                  "sources.toml"),
                      problems);
  return library;
}

inline std::string add(Knowledge& knowledge, const std::string& text) {
  Problems problems;
  const auto file = parse_toml(text, "claims.toml");
  if (!file) return file.error().code;
  knowledge.add(*file, small_library(), problems);
  return problems.empty() ? "ok" : problems.front().code;
}

inline Knowledge small_knowledge() {
  Knowledge knowledge;
  add(knowledge, small_lexicon);
  add(knowledge, small_bands);
  return knowledge;
}

}  // namespace partake::claims::testing
