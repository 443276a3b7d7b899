#include "journal/tile.h"

#include <map>

#include <doctest/doctest.h>

#include "base/file.h"
#include "journal/checkpoint.h"
#include "journal/testing.h"
#include "tests/outside_data.h"

using namespace partake;
using namespace partake::journal;
using namespace partake::journal::testing;
using partake::testing::outside_data;

namespace {

// The hash tiles of a log, by path.
std::map<std::string, std::string> tiles_of(const std::vector<Hash>& leaves) {
  std::map<std::string, std::string> tiles;
  const auto subtree = subtrees_of(leaves);
  for (const auto& tile : new_tiles(0, leaves.size())) {
    if (tile.level == TileName::entries) continue;
    std::string bytes;
    for (unsigned node = 0; node < tile.width; ++node) {
      const auto hash =
          *subtree(tile_height * static_cast<unsigned>(tile.level), tile.index * tile_width + node);
      bytes.append(hash.begin(), hash.end());
    }
    tiles[path_of(tile)] = bytes;
  }
  return tiles;
}

std::string code_of_name(const std::string& path) {
  const auto tile = parse_tile_name(path);
  return tile ? "ok" : tile.error().code;
}

}  // namespace

TEST_CASE("tile: every tile of a published log of 70,000 entries") {
  const auto path = outside_data("merkle/tiles-70000.json");
  if (path.empty()) return;
  const auto json = read_json(path);
  std::vector<Hash> leaves;
  Frontier frontier;
  for (std::uint64_t entry = 0; entry < number(json, "size"); ++entry) {
    leaves.push_back(leaf_hash("entry-" + std::to_string(entry)));
    frontier.append(leaves.back());
    if (const auto* root = json.find("roots")->find(std::to_string(leaves.size()))) {
      CHECK_EQ(to_hex(frontier.root()), *root->string());
    }
  }
  const auto tiles = tiles_of(leaves);
  const auto& published = *json.find("tiles")->object();
  CHECK_EQ(tiles.size(), published.size());
  for (const auto& [name, hash] : published) {
    REQUIRE(tiles.contains(name));
    CHECK_EQ(to_hex(sha256(tiles.at(name))), *hash.string());
  }
  // Read back, the tiles give the root and proofs.
  const auto subtree = subtrees_in_tiles(
      leaves.size(),
      [&](const TileName& tile) -> Result<std::string> { return tiles.at(path_of(tile)); });
  CHECK_EQ(*root_at(leaves.size(), subtree), frontier.root());
  for (const std::uint64_t index : {0U, 255U, 256U, 65535U, 65536U, 69999U}) {
    const auto proof = inclusion_proof(index, leaves.size(), subtree);
    REQUIRE(proof);
    CHECK(includes(leaves[index], index, leaves.size(), *proof, frontier.root()));
  }
}

TEST_CASE("tile: a signed log of 15 entries verifies entry by entry and checkpoint by checkpoint") {
  const auto folder = outside_data("merkle/log15");
  if (folder.empty()) return;
  const auto read = [&](const std::string& name) {
    auto text = read_file(folder + "/" + name);
    REQUIRE(text);
    return *text;
  };
  auto key = read("verifier");
  while (key.ends_with('\n')) key.pop_back();
  const auto verifier = parse_verifier(key);
  REQUIRE(verifier);
  CHECK_EQ(to_string(*verifier), key);

  std::vector<Checkpoint> checkpoints;
  for (unsigned size = 0; size <= 15; ++size) {
    const auto checkpoint = open_checkpoint(read("checkpoint." + std::to_string(size)), *verifier);
    REQUIRE(checkpoint);
    CHECK_EQ(checkpoint->size, size);
    checkpoints.push_back(*checkpoint);
  }
  CHECK_EQ(*open_checkpoint(read("checkpoint"), *verifier), checkpoints.back());

  for (unsigned size = 1; size <= 15; ++size) {
    const auto subtree = subtrees_in_tiles(
        size, [&](const TileName& tile) -> Result<std::string> { return read(path_of(tile)); });
    const auto& head = checkpoints[size];
    CHECK_EQ(*root_at(size, subtree), head.root);
    const auto entries = parse_bundle(read(path_of({TileName::entries, 0, size})), size);
    REQUIRE(entries);
    CHECK_EQ(to_bundle(*entries), read(path_of({TileName::entries, 0, size})));
    for (unsigned index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(index, size, subtree);
      REQUIRE(proof);
      CHECK(includes(leaf_hash((*entries)[index]), index, size, *proof, head.root));
    }
    for (unsigned old_size = 1; old_size <= size; ++old_size) {
      const auto proof = consistency_proof(old_size, size, subtree);
      REQUIRE(proof);
      CHECK(extends(old_size, checkpoints[old_size].root, size, head.root, *proof));
    }
  }
}

TEST_CASE("tile: names have one spelling") {
  CHECK_EQ(path_of({0, 1234067, tile_width}), "tile/0/x001/x234/067");
  CHECK_EQ(path_of({1, 0, 17}), "tile/1/000.p/17");
  CHECK_EQ(path_of({TileName::entries, 273, 112}), "tile/entries/273.p/112");
  for (const TileName& tile : {TileName{0, 0, 256}, TileName{3, 1000, 1}, TileName{-1, 999999, 255},
                               TileName{5, 1000000, 256}}) {
    CHECK_EQ(*parse_tile_name(path_of(tile)), tile);
  }
  for (const auto* path :
       {"", "tile", "tile/", "tile/0", "tile/0/", "tile/0/1", "tile/0/0001", "tile/0/x000/001",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/00/000", "tile/64/000", "tile/-1/000",
        "tile/0/000/", "tile/0//000", "tile/0/x001/x234/x067", "tile/0/../000",
        "tile/entries/000.p/1/2", "tile/0/x999/x999/x999/x999/x999/x999/x999/999"}) {
    CAPTURE(path);
    CHECK_EQ(code_of_name(path), "tile.malformed_name");
  }
}

TEST_CASE("tile: a log that grows writes each tile of the larger log that it lacks") {
  for (const auto& [old_size, size] : std::vector<std::pair<unsigned, unsigned>>{
           {0, 1}, {1, 1}, {255, 256}, {256, 257}, {1, 700}, {65535, 65537}}) {
    std::vector<std::string> names;
    for (const auto& tile : new_tiles(old_size, size)) names.push_back(path_of(tile));
    std::vector<std::string> expected;
    const auto old_tiles = new_tiles(0, old_size);
    for (const auto& tile : new_tiles(0, size)) {
      if (std::find(old_tiles.begin(), old_tiles.end(), tile) == old_tiles.end()) {
        expected.push_back(path_of(tile));
      }
    }
    CHECK_EQ(names, expected);
  }
}

TEST_CASE("tile: bundles and tiles of the wrong length are refused") {
  using namespace std::string_literals;
  CHECK_EQ(parse_bundle("\0"s, 1).error().code, "tile.malformed_bundle");
  CHECK_EQ(parse_bundle("\0\5abc"s, 1).error().code, "tile.malformed_bundle");
  CHECK_EQ(parse_bundle("\0\1a\0\1b"s, 1).error().code, "tile.malformed_bundle");
  CHECK_EQ(parse_bundle("\0\1a"s, 2).error().code, "tile.malformed_bundle");
  CHECK_EQ(parse_bundle("\0\0\0\1b"s, 2)->size(), 2);
  const auto subtree = subtrees_in_tiles(
      3, [](const TileName&) -> Result<std::string> { return std::string(95, 'x'); });
  CHECK_EQ(subtree(0, 2).error().code, "tile.malformed");
}
