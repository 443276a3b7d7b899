#include "journal/tile.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "base/require.h"
#include "base/whole_number.h"

namespace partake::journal {
namespace {

std::string three_digits(std::uint64_t number) {
  auto text = std::to_string(number);
  return std::string(3 - text.size(), '0') + text;
}

tl::unexpected<Error> malformed_name(std::string_view path) {
  return fail(ErrorKind::invalid, "tile.malformed_name",
              {{"found", std::string{path.substr(0, 100)}}});
}

// How many nodes of the level a log of `size` has.
std::uint64_t nodes_at(std::uint64_t size, unsigned level) {
  const auto shift = tile_height * level;
  return shift >= 64 ? 0 : size >> shift;
}

void add_new_tiles(std::vector<TileName>& tiles, int level, std::uint64_t old_nodes,
                   std::uint64_t nodes) {
  if (nodes == old_nodes) return;
  for (auto index = old_nodes / tile_width; index < nodes / tile_width; ++index) {
    tiles.push_back({level, index, tile_width});
  }
  const auto rest = static_cast<unsigned>(nodes % tile_width);
  if (rest != 0) tiles.push_back({level, nodes / tile_width, rest});
}

std::vector<Hash> hashes_in(std::string_view tile) {
  std::vector<Hash> hashes(tile.size() / sizeof(Hash));
  for (std::size_t index = 0; index < hashes.size(); ++index) {
    const auto bytes = tile.substr(index * sizeof(Hash), sizeof(Hash));
    std::copy(bytes.begin(), bytes.end(), hashes[index].begin());
  }
  return hashes;
}

}  // namespace

std::string path_of(const TileName& tile) {
  auto path = three_digits(tile.index % 1000);
  for (auto rest = tile.index / 1000; rest != 0; rest /= 1000) {
    path.insert(0, "x" + three_digits(rest % 1000) + "/");
  }
  path = "tile/" + (tile.level == TileName::entries ? "entries" : std::to_string(tile.level)) +
         "/" + path;
  if (tile.width != tile_width) path += ".p/" + std::to_string(tile.width);
  return path;
}

Result<TileName> parse_tile_name(std::string_view path) {
  auto rest = path;
  if (!rest.starts_with("tile/")) return malformed_name(path);
  rest.remove_prefix(5);
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return malformed_name(path);
  TileName tile;
  const auto level = rest.substr(0, slash);
  const auto level_number = parse_whole(level);
  if (level == "entries") {
    tile.level = TileName::entries;
  } else if (level_number && *level_number < 64) {
    tile.level = static_cast<int>(*level_number);
  } else {
    return malformed_name(path);
  }
  rest.remove_prefix(slash + 1);
  if (const auto partial = rest.find(".p/"); partial != std::string_view::npos) {
    const auto width = parse_whole(rest.substr(partial + 3));
    if (!width || *width == 0 || *width >= tile_width) return malformed_name(path);
    tile.width = static_cast<unsigned>(*width);
    rest = rest.substr(0, partial);
  }
  while (!rest.empty()) {
    const auto part = rest.substr(0, std::min(rest.find('/'), rest.size()));
    const auto number = parse_whole(part.starts_with('x') ? part.substr(1) : part);
    if (!number || *number > 999 || tile.index > (std::uint64_t{1} << 53U)) {
      return malformed_name(path);
    }
    tile.index = tile.index * 1000 + *number;
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  // One spelling only: what we would write.
  if (path_of(tile) != path) return malformed_name(path);
  return tile;
}

std::vector<TileName> new_tiles(std::uint64_t old_size, std::uint64_t size) {
  PARTAKE_REQUIRE(old_size <= size);
  std::vector<TileName> tiles;
  add_new_tiles(tiles, TileName::entries, old_size, size);
  for (unsigned level = 0; nodes_at(size, level) != 0; ++level) {
    add_new_tiles(tiles, static_cast<int>(level), nodes_at(old_size, level), nodes_at(size, level));
  }
  return tiles;
}

std::string to_bundle(const std::vector<std::string>& entries) {
  std::string bundle;
  for (const auto& entry : entries) {
    PARTAKE_REQUIRE(entry.size() < (1U << 16U));
    bundle += static_cast<char>(entry.size() >> 8U);
    bundle += static_cast<char>(entry.size() & 0xFFU);
    bundle += entry;
  }
  return bundle;
}

Result<std::vector<std::string>> parse_bundle(std::string_view bundle, unsigned width) {
  std::vector<std::string> entries;
  while (!bundle.empty()) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bundle[at]); };
    const auto size =
        bundle.size() < 2 ? bundle.size() : static_cast<std::size_t>(byte(0)) << 8U | byte(1);
    if (bundle.size() < 2 || bundle.size() - 2 < size || entries.size() == width) break;
    entries.emplace_back(bundle.substr(2, size));
    bundle.remove_prefix(2 + size);
  }
  if (!bundle.empty() || entries.size() != width) {
    return fail(ErrorKind::corrupt, "tile.malformed_bundle",
                {{"found", std::to_string(entries.size())}, {"width", std::to_string(width)}});
  }
  return entries;
}

SubtreeReader subtrees_in_tiles(std::uint64_t size, TileReader read) {
  struct Kept {
    TileName name;
    std::vector<Hash> hashes;
  };
  // Shared by the copies that std::function makes of the reader.
  auto kept = std::make_shared<std::vector<Kept>>();
  return [size, read = std::move(read), kept](unsigned level, std::uint64_t index) -> Result<Hash> {
    const auto tile_level = level / tile_height;
    const auto inside = level % tile_height;
    const auto first = index << inside;  // Among the nodes of the tile's level.
    const auto nodes = nodes_at(size, tile_level);
    PARTAKE_REQUIRE(first + (std::uint64_t{1} << inside) <= nodes);
    const auto tile_index = first / tile_width;
    const auto width = std::min<std::uint64_t>(tile_width, nodes - tile_index * tile_width);
    const TileName name{static_cast<int>(tile_level), tile_index, static_cast<unsigned>(width)};
    if (kept->size() <= tile_level) kept->resize(tile_level + 1U);
    auto& tile = (*kept)[tile_level];
    if (tile.hashes.empty() || !(tile.name == name)) {
      TRY(const auto bytes, read(name));
      if (bytes.size() != width * sizeof(Hash)) {
        return fail(ErrorKind::corrupt, "tile.malformed",
                    {{"file", path_of(name)},
                     {"found", std::to_string(bytes.size())},
                     {"bytes", std::to_string(width * sizeof(Hash))}});
      }
      tile = {name, hashes_in(bytes)};
    }
    const auto nodes_inside =
        std::span<const Hash>{tile.hashes}.subspan(first % tile_width, std::size_t{1} << inside);
    return tree_root(nodes_inside);
  };
}

}  // namespace partake::journal
