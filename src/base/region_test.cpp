#include "base/region.h"

#include "base/geodesic.h"

using namespace partake;

namespace {

RegionGraph sample() {
  RegionGraph graph;
  for (const char* code : {"WORLD", "CN", "CN-BJ", "CN-GRID-NORTH", "CN-JJJ", "CN-HB"}) {
    REQUIRE(graph.add({code, {code, code}, "province"}, {}).has_value());
  }
  const auto connect = [&](const char* from, const char* to, EdgeType type, const char* valid) {
    REQUIRE(graph.connect(from, to, type, *parse_validity(valid), {}).has_value());
  };
  connect("CN", "WORLD", EdgeType::administrative, "not stated");
  connect("CN-BJ", "CN", EdgeType::administrative, "not stated");
  connect("CN-BJ", "CN-GRID-NORTH", EdgeType::grid, "not stated");
  connect("CN-GRID-NORTH", "CN", EdgeType::administrative, "not stated");
  connect("CN-BJ", "CN-JJJ", EdgeType::scheme, "2024..");
  return graph;
}

std::string climbed(const RegionGraph& graph, const std::vector<EdgeType>& edges, const char* day) {
  std::string out;
  for (const auto index : graph.climb(*graph.find("CN-BJ"), edges, *parse_day(day))) {
    out += graph.at(index).code + " ";
  }
  return out;
}

}  // namespace

TEST_CASE("regions: a look-up climbs only the edges it names, in their order, in their time") {
  const auto graph = sample();
  using enum EdgeType;
  CHECK_EQ(climbed(graph, {}, "2024-06-01"), "CN-BJ ");
  CHECK_EQ(climbed(graph, {administrative}, "2024-06-01"), "CN-BJ CN WORLD ");
  CHECK_EQ(climbed(graph, {grid, administrative}, "2024-06-01"), "CN-BJ CN-GRID-NORTH CN WORLD ");
  CHECK_EQ(climbed(graph, {scheme}, "2024-06-01"), "CN-BJ CN-JJJ ");
  CHECK_EQ(climbed(graph, {scheme}, "2023-06-01"), "CN-BJ ");
}

TEST_CASE("regions: errors name a near code") {
  auto graph = sample();
  const auto wrong = graph.find("cn_bj");
  REQUIRE_FALSE(wrong.has_value());
  CHECK_EQ(wrong.error().code, "region.unknown");
  CHECK_EQ(wrong.error().args.back().second, "CN-BJ");
  CHECK_EQ(graph.add({"CN", {}, ""}, {}).error().code, "region.twice");
  CHECK_EQ(graph.connect("CN", "CN", EdgeType::grid, {}, {}).error().code, "region.edge_to_itself");
  CHECK_EQ(graph.connect("CN", "XX", EdgeType::grid, {}, {}).error().code, "region.unknown");
  CHECK(graph.lies_in(*graph.find("CN-BJ"), *graph.find("CN"), day_min));
  CHECK_FALSE(graph.lies_in(*graph.find("CN"), *graph.find("CN-BJ"), day_min));
}

TEST_CASE("geodesic: published lengths") {
  // GeodTest (Karney 2010) and the WGS 84 quarter meridian, in whole metres.
  CHECK_EQ(geodesic_m({0, 0}, {90, 0}).value(), 10001966);
  CHECK_EQ(geodesic_m({40.6, -73.8}, {51.6, -0.5}).value(), 5551759);  // JFK to LHR, GeographicLib.
  CHECK_EQ(geodesic_m({0, 0}, {0, 180}).value(), 20003931);
  CHECK_EQ(geodesic_m({37.5, 121}, {37.5, 121}).value(), 0);
  CHECK_FALSE(geodesic_m({91, 0}, {0, 0}).has_value());
  CHECK_FALSE(geodesic_m({0, 181}, {0, 0}).has_value());
}
