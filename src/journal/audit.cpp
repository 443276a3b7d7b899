#include "journal/audit.h"

#include "journal/block.h"
#include "journal/tile.h"

namespace partake::journal {
namespace {

constexpr std::uint64_t note_bytes_max = 1U << 20U;
// 256 entries of at most 64 KiB and their sizes.
constexpr std::uint64_t bundle_bytes_max = std::uint64_t{256} * (2 + 65536);

std::string path_in(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

}  // namespace

Result<LogAudit> audit_log(storage::Disk& disk, const std::string& folder,
                           const Verifier& verifier) {
  const auto checkpoint_path = path_in(folder, "checkpoint");
  if (!disk.exists(checkpoint_path)) {
    return fail(ErrorKind::not_found, "audit.no_checkpoint", {{"file", checkpoint_path}});
  }
  TRY(const auto note, storage::read_whole(disk, checkpoint_path, note_bytes_max));
  LogAudit audit;
  TRY(audit.checkpoint, open_checkpoint(note, verifier));
  const auto size = audit.checkpoint.size;
  std::vector<Hash> leaves;
  bool ours = true;
  std::uint64_t records = 0;
  Instant admitted = Instant::min();
  const auto take_entry = [&](const std::string& entry) -> Status {
    leaves.push_back(leaf_hash(entry));
    const auto header = parse_entry(entry);
    ours = ours && header.has_value();
    if (!ours) return {};
    if (header->first_record != records || header->admitted < admitted) {
      return fail(ErrorKind::corrupt, "audit.entry_order",
                  {{"entry", std::to_string(leaves.size() - 1)}});
    }
    records = header->end_record();
    admitted = header->admitted;
    return {};
  };
  const auto tiles = new_tiles(0, size);
  for (const auto& tile : tiles) {
    if (tile.level != TileName::entries) continue;
    TRY(const auto bundle,
        storage::read_whole(disk, path_in(folder, path_of(tile)), bundle_bytes_max));
    TRY(const auto entries, parse_bundle(bundle, tile.width));
    for (const auto& entry : entries) CHECK_OK(take_entry(entry));
  }
  if (leaves.size() != size || tree_root(leaves) != audit.checkpoint.root) {
    return fail(ErrorKind::corrupt, "audit.other_root", {{"size", std::to_string(size)}});
  }
  const SubtreeReader subtree = [&](unsigned level, std::uint64_t index) -> Result<Hash> {
    Frontier frontier;
    for (auto leaf = index << level; leaf < (index + 1) << level; ++leaf) {
      frontier.append(leaves[leaf]);
    }
    return frontier.root();
  };
  for (const auto& tile : tiles) {
    if (tile.level == TileName::entries) continue;
    std::string expected;
    const auto first = tile.index * tile_width;
    for (auto node = first; node < first + tile.width; ++node) {
      TRY(const auto hash, subtree(tile_height * static_cast<unsigned>(tile.level), node));
      expected.append(hash.begin(), hash.end());
    }
    const auto path = path_in(folder, path_of(tile));
    const auto stored = storage::read_whole(disk, path, bundle_bytes_max);
    if (stored && *stored == expected) continue;
    return fail(ErrorKind::corrupt, "audit.tile_differs", {{"file", path}});
  }
  if (ours) audit.records = records;
  return audit;
}

}  // namespace partake::journal
