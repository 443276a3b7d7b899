#include "base/region.h"

#include <algorithm>

namespace partake {

std::optional<EdgeType> edge_type(std::string_view name) {
  for (const auto type : {EdgeType::administrative, EdgeType::grid, EdgeType::scheme}) {
    if (name == name_of(type)) return type;
  }
  return std::nullopt;
}

const char* name_of(EdgeType type) {
  switch (type) {
    case EdgeType::administrative:
      return "administrative";
    case EdgeType::grid:
      return "grid";
    case EdgeType::scheme:
      return "scheme";
  }
  return "";
}

Status RegionGraph::add(Region region, const Place& place) {
  const RegionIndex index{static_cast<std::uint32_t>(regions_.size())};
  if (!by_code_.try_emplace(region.code, index).second) {
    return fail(ErrorKind::invalid, "region.twice", {{"region", region.code}}, place);
  }
  regions_.push_back(std::move(region));
  edges_.emplace_back();
  return {};
}

Status RegionGraph::connect(std::string_view from, std::string_view to, EdgeType type,
                            const Validity& validity, const Place& place) {
  auto lower = find(from);
  auto upper = find(to);
  for (auto* end : {&lower, &upper}) {
    if (*end) continue;
    auto problem = std::move(*end).error();
    problem.place = place;
    return tl::unexpected(std::move(problem));
  }
  if (*lower == *upper) {
    return fail(ErrorKind::invalid, "region.edge_to_itself", {{"region", std::string{from}}},
                place);
  }
  edges_[lower->value].push_back({*upper, type, validity});
  return {};
}

Result<RegionIndex> RegionGraph::find(std::string_view code) const {
  const auto found = by_code_.find(std::string{code});
  if (found != by_code_.end()) return found->second;
  // Somebody who writes BJ, cn-bj or CN_BJ means CN-BJ.
  std::string wanted{code.substr(0, 40)};
  for (auto& c : wanted) {
    c = c == '_' ? '-' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  std::string nearest;
  for (const auto& region : regions_) {
    if (region.code == wanted || region.code.ends_with("-" + wanted) || region.title.en == code ||
        region.title.zh == code) {
      nearest = region.code;
      break;
    }
  }
  return fail(ErrorKind::not_found, "region.unknown",
              {{"region", std::string{code.substr(0, 40)}}, {"nearest", nearest}});
}

void RegionGraph::step(RegionIndex from, EdgeType type, Day day,
                       std::vector<RegionIndex>& found) const {
  for (const auto& edge : edges_[from.value]) {
    if (edge.type != type || !edge.validity.contains(day)) continue;
    if (std::find(found.begin(), found.end(), edge.to) == found.end()) found.push_back(edge.to);
  }
}

std::vector<RegionIndex> RegionGraph::climb(RegionIndex from, const std::vector<EdgeType>& edges,
                                            Day day) const {
  std::vector<RegionIndex> found{from};
  for (std::size_t level_begin = 0; level_begin < found.size();) {
    const std::size_t level_end = found.size();
    for (const auto type : edges) {
      for (std::size_t i = level_begin; i < level_end; ++i) step(found[i], type, day, found);
    }
    level_begin = level_end;
  }
  return found;
}

bool RegionGraph::lies_in(RegionIndex inner, RegionIndex outer, Day day) const {
  const auto above = climb(inner, {EdgeType::administrative}, day);
  return std::find(above.begin(), above.end(), outer) != above.end();
}

}  // namespace partake
