// Tiles: a log as static files. C2SP tlog-tiles: height 8, entry bundles beside them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "journal/merkle.h"

namespace partake::journal {

constexpr unsigned tile_height = 8;
constexpr unsigned tile_width = 1U << tile_height;

struct TileName {
  static constexpr int entries = -1;

  int level = 0;  // Or `entries`: a bundle of entries.
  std::uint64_t index = 0;
  unsigned width = tile_width;  // Below tile_width: a partial tile.

  friend bool operator==(const TileName&, const TileName&) = default;
};
// tile/0/x001/x234/067, tile/1/000.p/17, tile/entries/000.p/3.
std::string path_of(const TileName& tile);
// Error tile.malformed_name.
Result<TileName> parse_tile_name(std::string_view path);

// The tiles that a log of `size` has and one of `old_size` had not, full or partial at `size`:
// what must be written when it grows. Every level, and the entry bundles.
std::vector<TileName> new_tiles(std::uint64_t old_size, std::uint64_t size);

// Content of an entry bundle. Requires entries below 64 KiB. Error tile.malformed_bundle.
std::string to_bundle(const std::vector<std::string>& entries);
Result<std::vector<std::string>> parse_bundle(std::string_view bundle, unsigned width);

using TileReader = std::function<Result<std::string>(const TileName&)>;

// Subtrees of a log of `size`, read from its hash tiles. The last tile of each level is kept.
// Errors: those of `read`, tile.malformed (its length).
SubtreeReader subtrees_in_tiles(std::uint64_t size, TileReader read);

}  // namespace partake::journal
