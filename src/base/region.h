// Regions: a dated graph with typed edges. Beijing lies in the North grid and in the
// Beijing-Tianjin-Hebei scheme; a look-up names the edges that it may climb.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/language.h"
#include "base/result.h"
#include "base/time.h"

namespace partake {

enum class EdgeType : std::uint8_t { administrative, grid, scheme };
std::optional<EdgeType> edge_type(std::string_view name);
const char* name_of(EdgeType type);

// A region by its place in the graph; meaningful only with its graph.
struct RegionIndex {
  std::uint32_t value = 0;
  friend auto operator<=>(RegionIndex, RegionIndex) = default;
};

struct Region {
  std::string code;  // CN, CN-BJ, CN-HB-420100, CN-GRID-NORTH, CN-JJJ, WORLD.
  Text title;
  std::string type;  // world country province city grid scheme
};

class RegionGraph {
 public:
  // Errors: region.twice.
  Status add(Region region, const Place& place);
  // Errors: region.unknown, region.edge_to_itself.
  Status connect(std::string_view from, std::string_view to, EdgeType type,
                 const Validity& validity, const Place& place);

  // Error region.unknown, with a near code.
  [[nodiscard]] Result<RegionIndex> find(std::string_view code) const;
  [[nodiscard]] const Region& at(RegionIndex index) const { return regions_[index.value]; }
  [[nodiscard]] std::size_t size() const { return regions_.size(); }

  // The region and what lies above it along the given edges on that day: breadth first, edge types
  // in the order given, each region once.
  [[nodiscard]] std::vector<RegionIndex> climb(RegionIndex from, const std::vector<EdgeType>& edges,
                                               Day day) const;
  // Whether `inner` is `outer` or lies below it along administrative edges.
  [[nodiscard]] bool lies_in(RegionIndex inner, RegionIndex outer, Day day) const;

 private:
  struct Edge {
    RegionIndex to;
    EdgeType type = EdgeType::administrative;
    Validity validity;
  };
  // Adds to `found` what one edge leads to.
  void step(RegionIndex from, EdgeType type, Day day, std::vector<RegionIndex>& found) const;

  std::vector<Region> regions_;
  std::vector<std::vector<Edge>> edges_;
  std::unordered_map<std::string, RegionIndex> by_code_;
};

}  // namespace partake
