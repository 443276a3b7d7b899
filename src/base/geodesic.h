// Distances on the WGS 84 ellipsoid (Karney 2013, through GeographicLib).
#pragma once

#include <cstdint>
#include <optional>

namespace partake {

struct Position {
  double latitude_deg = 0;
  double longitude_deg = 0;
};

// Length of the shortest path, in whole metres, half to even. Empty when a coordinate is out of
// range (latitude +-90, longitude +-180) or not a number.
// Whole metres because the mathematical library may differ in the last bits between machines: the
// algorithm is good to 15 nm, so only a length within that of half a metre could round elsewhere.
std::optional<std::int64_t> geodesic_m(const Position& from, const Position& to);

}  // namespace partake
