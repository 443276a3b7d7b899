#include "base/geodesic.h"

#include <cmath>

#include <GeographicLib/Geodesic.hpp>

namespace partake {
namespace {

bool valid(const Position& position) {
  return std::fabs(position.latitude_deg) <= 90 && std::fabs(position.longitude_deg) <= 180;
}

}  // namespace

std::optional<std::int64_t> geodesic_m(const Position& from, const Position& to) {
  if (!valid(from) || !valid(to)) return std::nullopt;
  constexpr double semi_major_m = 6378137;
  constexpr double flattening = 1 / 298.257223563;
  static const GeographicLib::Geodesic ellipsoid{semi_major_m, flattening};
  double length_m = 0;
  ellipsoid.Inverse(from.latitude_deg, from.longitude_deg, to.latitude_deg, to.longitude_deg,
                    length_m);
  return std::llrint(length_m);
}

}  // namespace partake
