// As much of the library as examples/carbon-inclusion needs: what is published is read again at
// every start, and tests start the program often.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace partake::testing {

inline constexpr const char* small_regions = R"toml(
[[regions]]
code = "CN"
title = { en = "China", zh = "中国" }
type = "country"
[[regions]]
code = "CN-HB"
title = { en = "Hubei", zh = "湖北" }
type = "province"
[[regions]]
code = "CN-LN"
title = { en = "Liaoning", zh = "辽宁" }
type = "province"
[[regions]]
code = "CN-HB-420100"
title = { en = "Wuhan", zh = "武汉" }
type = "city"
[[edges]]
from = "CN-HB"
to = "CN"
type = "administrative"
[[edges]]
from = "CN-LN"
to = "CN"
type = "administrative"
[[edges]]
from = "CN-HB-420100"
to = "CN-HB"
type = "administrative"
)toml";

// Makes it in a folder and returns the option that names it.
inline std::string small_library(const std::string& folder) {
  namespace fs = std::filesystem;
  const fs::path from{SOURCE_DIR "/library"};
  const fs::path to{folder};
  fs::create_directories(to / "factors");
  fs::create_directories(to / "methods/transport");
  std::ofstream{to / "regions.toml"} << small_regions;
  for (const char* file :
       {"sources.toml", "factors/programme-credits.toml", "methods/transport/metro_trip.toml",
        "methods/transport/bus_trip.toml", "methods/transport/walk_steps.toml"}) {
    fs::copy_file(from / file, to / file, fs::copy_options::overwrite_existing);
  }
  return "--library " + folder;
}

}  // namespace partake::testing
