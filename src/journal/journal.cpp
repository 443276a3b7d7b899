#include "journal/journal.h"

#include <algorithm>
#include <optional>

#include "base/require.h"
#include "journal/redo.h"

namespace partake::journal {
namespace {

using storage::Access;

// A segment starts with a page that names the log and its first block and record.
constexpr std::string_view segment_magic = "PTKSEG 1\n";
// From here on a block is large enough to pay for the growth of its file itself.
constexpr std::uint64_t large_block_bytes = 64U << 10U;
constexpr std::uint64_t note_bytes_max = 1U << 16U;

std::string segment_name(std::uint64_t first_block) {
  auto number = std::to_string(first_block);
  return "blocks-" + std::string(12 - std::min<std::size_t>(number.size(), 12), '0') + number;
}

// The first page: text, then 0xFF.
std::string segment_page(const std::string& origin, std::uint64_t first_block,
                         std::uint64_t first_record) {
  auto page = std::string{segment_magic} + origin + "\n" + std::to_string(first_block) + "\n" +
              std::to_string(first_record) + "\n";
  page += to_hex(sha256(page)) + "\n";
  PARTAKE_REQUIRE(page.size() <= page_bytes);
  page.append(page_bytes - page.size(), '\xFF');
  return page;
}

tl::unexpected<Error> damaged(const std::string& file, std::uint64_t offset,
                              const std::string& reason) {
  return fail(ErrorKind::corrupt, "journal.damaged",
              {{"file", file}, {"offset", std::to_string(offset)}, {"reason", reason}});
}

bool is_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

// Whether some sector holds a few bytes among zeros, as no write of ours leaves it.
bool has_stray_bytes(std::string_view tail) {
  constexpr std::ptrdiff_t bytes_min = 16;
  for (; !tail.empty(); tail.remove_prefix(std::min(tail.size(), storage::sector_bytes))) {
    const auto sector = tail.substr(0, storage::sector_bytes);
    const auto zeros = std::count(sector.begin(), sector.end(), '\0');
    const auto others = static_cast<std::ptrdiff_t>(sector.size()) - zeros;
    if (others > 0 && others < bytes_min) return true;
  }
  return false;
}

}  // namespace

Journal::Journal(storage::Disk& disk, std::string folder, std::string origin, JournalLimits limits)
    : disk_{&disk}, folder_{std::move(folder)}, origin_{std::move(origin)}, limits_{limits} {}

std::uint64_t Journal::block_of(std::uint64_t record) const {
  PARTAKE_REQUIRE(record < end_record_);
  const auto after = std::upper_bound(
      blocks_.begin(), blocks_.end(), record,
      [](std::uint64_t number, const BlockPlace& place) { return number < place.first_record; });
  return static_cast<std::uint64_t>(after - blocks_.begin()) - 1;
}

Result<Journal> Journal::create(storage::Disk& disk, const std::string& folder,
                                const std::string& origin, const JournalLimits& limits) {
  PARTAKE_REQUIRE(is_key_name(origin));
  CHECK_OK(disk.make_folder(folder + "/blocks"));
  CHECK_OK(disk.make_folder(folder + "/log"));
  TRY(const auto names, disk.list(folder + "/blocks"));
  if (!names.empty()) return fail(ErrorKind::conflict, "journal.exists", {{"folder", folder}});
  Journal journal{disk, folder, origin, limits};
  CHECK_OK(journal.start_segment());
  return journal;
}

Status Journal::start_segment() {
  Segment segment;
  segment.path = folder_ + "/blocks/" + segment_name(blocks_.size());
  TRY(segment.file, disk_->open(segment.path, Access::create));
  CHECK_OK(segment.file->write(0, segment_page(origin_, blocks_.size(), end_record_)));
  CHECK_OK(segment.file->sync());
  CHECK_OK(disk_->sync_folder(folder_ + "/blocks"));
  segment.end = segment.allocated = page_bytes;
  segments_.push_back(std::move(segment));
  return {};
}

// Overwriting zeros costs a third of growing the file with every small block.
Status Journal::make_room(Segment& segment, std::uint64_t bytes) const {
  const auto end = segment.end + bytes;
  if (end <= segment.allocated) return {};
  if (bytes >= large_block_bytes) {
    segment.allocated = end;
    return {};
  }
  const std::string zeros(std::max(limits_.allocation_bytes, bytes), '\0');
  CHECK_OK(segment.file->write(segment.allocated, zeros));
  CHECK_OK(segment.file->sync());
  segment.allocated += zeros.size();
  return {};
}

void Journal::add_block(const BlockFrame& frame, std::uint64_t offset, const BlockHeader& header,
                        std::string_view entry) {
  const auto hash = leaf_hash(entry);
  blocks_.push_back({header.first_record, static_cast<std::uint32_t>(segments_.size() - 1),
                     frame.body_bytes, offset, static_cast<std::uint32_t>(frame.block_bytes()),
                     static_cast<std::uint32_t>(frame.body_offset()), header.admitted, hash});
  frontier_.append(hash);
  end_record_ = header.end_record();
}

Status Journal::append(const BlockBuilder& builder, BlockHeader header) {
  if (stopped_) return fail(ErrorKind::unavailable, "journal.stopped");
  header.first_record = end_record_;
  TRY(const auto bytes, builder.finish(blocks_.size(), header));
  // Whatever fails from here on leaves the file in an unknown state.
  stopped_ = true;
  if (segments_.back().end + bytes.size() > limits_.segment_bytes &&
      segments_.back().end > page_bytes) {
    CHECK_OK(start_segment());
  }
  auto& segment = segments_.back();
  CHECK_OK(make_room(segment, bytes.size()));
  CHECK_OK(segment.file->write(segment.end, bytes));
  CHECK_OK(segment.file->sync());
  stopped_ = false;
  const auto offset = segment.end;
  segment.end += bytes.size();
  const auto frame = parse_frame(bytes);
  PARTAKE_REQUIRE(frame);
  add_block(*frame, offset, header,
            std::string_view{bytes}.substr(frame->entry_offset(), frame->entry_bytes));
  return {};
}

Result<std::string> Journal::read(std::uint64_t index) const {
  PARTAKE_REQUIRE(index < blocks_.size());
  const auto& place = blocks_[index];
  const auto& segment = segments_[place.segment];
  auto bytes = storage::read_exactly(*segment.file, place.offset, place.bytes);
  if (!bytes) {
    if (bytes.error().kind != ErrorKind::corrupt) return bytes;
    return damaged(segment.path, place.offset, "the file ends early");
  }
  const auto block = parse_block(*bytes);
  if (!block) return damaged(segment.path, place.offset, "checksum");
  if (block->frame.index != index || leaf_hash(block->entry) != place.entry_hash) {
    return damaged(segment.path, place.offset, "another block");
  }
  return bytes;
}

const std::string& Journal::file_of(std::uint64_t index) const {
  PARTAKE_REQUIRE(index < blocks_.size());
  return segments_[blocks_[index].segment].path;
}

std::uint32_t Journal::records_of(std::uint64_t index) const {
  PARTAKE_REQUIRE(index < blocks_.size());
  const auto end = index + 1 < blocks_.size() ? blocks_[index + 1].first_record : end_record_;
  return static_cast<std::uint32_t>(end - blocks_[index].first_record);
}

Result<std::string> Journal::record(std::uint64_t number) const {
  if (number >= end_record_) {
    return fail(ErrorKind::not_found, "record.unknown",
                {{"record", std::to_string(number)}, {"records", std::to_string(end_record_)}});
  }
  const auto index = block_of(number);
  const auto& place = blocks_[index];
  const auto& segment = segments_[place.segment];
  const auto in_block = static_cast<std::uint32_t>(number - place.first_record);
  const auto read_record = [&]() -> Result<std::string> {
    const auto body = place.offset + place.body_offset;
    const auto around = offsets_around(in_block, records_of(index));
    TRY(const auto offsets,
        storage::read_exactly(*segment.file, body + place.body_bytes + around.first, around.bytes));
    TRY(const auto stretch, stretch_of(offsets, place.body_bytes));
    TRY(const auto bytes,
        storage::read_exactly(*segment.file, body + stretch.first, stretch.bytes));
    TRY(const auto record, record_in_stretch(bytes, in_block));
    return std::string{record.whole};
  };
  auto bytes = read_record();
  if (bytes || bytes.error().kind != ErrorKind::corrupt) return bytes;
  return damaged(segment.path, place.offset, bytes.error().code);
}

Result<Journal> Journal::open(storage::Disk& disk, const std::string& folder,
                              const Verifier& verifier, const JournalLimits& limits, Mode mode) {
  Journal journal{disk, folder, verifier.name, limits};
  journal.mode_ = mode;
  journal.stopped_ = mode == Mode::read;
  if (mode == Mode::write) {
    CHECK_OK(journal.finish_erasure());
  } else if (disk.exists(folder + "/redo")) {
    return fail(ErrorKind::unavailable, "journal.needs_recovery");
  }
  // Before the blocks: a writer signs what is there, so that a reader finds no fewer of them.
  TRY(journal.checkpoint_note_, journal.published_checkpoint());
  CHECK_OK(journal.read_segments());
  CHECK_OK(journal.check_checkpoint(verifier));
  return journal;
}

Status Journal::read_segments() {
  TRY(const auto names, disk_->list(path("blocks")));
  for (const auto& name : names) CHECK_OK(read_segment(name, name == names.back()));
  // A crash came before the first segment was whole.
  if (segments_.empty() && mode_ == Mode::write) return start_segment();
  return {};
}

Status Journal::read_segment(const std::string& name, bool is_last) {
  Segment segment;
  segment.path = path("blocks/" + name);
  TRY(segment.file, disk_->open(segment.path, mode_ == Mode::write ? Access::write : Access::read));
  TRY(const auto size, segment.file->size());
  TRY(const auto is_whole, check_segment_page(segment, size, is_last));
  if (!is_whole && mode_ == Mode::read) {
    unfinished_ = {segment.path, 0};
    return {};
  }
  if (!is_whole) {
    segment.file.reset();
    CHECK_OK(disk_->remove(segment.path));
    return disk_->sync_folder(path("blocks"));
  }
  segment.end = page_bytes;
  segment.allocated = size;
  segments_.push_back(std::move(segment));
  auto& added = segments_.back();
  CHECK_OK(read_blocks(added, size));
  if (is_last) return find_end(added, size);
  TRY(const auto rest, storage::read_exactly(*added.file, added.end, size - added.end));
  if (!is_zero(rest)) return damaged(added.path, added.end, "after the last block");
  return {};
}

// False for a segment that a crash cut short while it was made: it holds no block yet.
Result<bool> Journal::check_segment_page(const Segment& segment, std::uint64_t size,
                                         bool is_last) const {
  std::string page(page_bytes, '\0');
  CHECK_OK(segment.file->read(0, page.data(), page.size()));
  if (page == segment_page(origin_, blocks_.size(), end_record_)) return true;
  if (is_last && size <= page_bytes && is_torn(page)) return false;
  if (!page.starts_with(segment_magic)) return damaged(segment.path, 0, "segment page");
  return fail(ErrorKind::corrupt, "journal.other_segment", {{"file", segment.path}});
}

// Follows the frames as far as they fit together.
Status Journal::read_blocks(Segment& segment, std::uint64_t size) {
  std::string page(page_bytes, '\0');
  while (segment.end + page_bytes <= size) {
    TRY(const auto count, segment.file->read(segment.end, page.data(), page.size()));
    if (count != page.size()) return {};
    const auto frame = parse_frame(page);
    if (!frame || frame->index != blocks_.size()) return {};
    if (segment.end + frame->block_bytes() > size) return {};
    const auto entry = std::string_view{page}.substr(frame->entry_offset(), frame->entry_bytes);
    const auto header = parse_entry(entry);
    const bool fits =
        header && header->first_record == end_record_ && header->records == frame->records;
    if (!fits) return {};
    add_block(*frame, segment.end, *header, entry);
    segment.end += frame->block_bytes();
  }
  return {};
}

// While somebody writes, what follows the last block was not there a moment ago, or not all of it.
// A reader that comes upon it looks again; damage stays as it is.
Status Journal::find_end(Segment& segment, std::uint64_t size) {
  constexpr int looks = 20;
  auto settled = settle_tail(segment, size);
  for (int look = 1; look < looks && !settled && mode_ == Mode::read; ++look) {
    TRY(const auto size_now, segment.file->size());
    CHECK_OK(read_blocks(segment, size_now));
    settled = settle_tail(segment, size_now);
  }
  return settled;
}

Result<bool> Journal::last_block_holds(const Segment& segment) {
  const auto& place = blocks_.back();
  TRY(const auto bytes, storage::read_exactly(*segment.file, place.offset, place.bytes));
  return parse_block(bytes).has_value();
}

void Journal::drop_last_block() {
  end_record_ = blocks_.back().first_record;
  blocks_.pop_back();
  frontier_ = {};
  for (const auto& place : blocks_) frontier_.append(place.entry_hash);
}

// One block at a time is in flight, and is synced before the next is written. So what a crash cut
// short is the last thing in the file and lacks at least a sector; anything else is damage.
Status Journal::settle_tail(Segment& segment, std::uint64_t size) {
  if (segment.end > page_bytes) {
    TRY(const auto holds, last_block_holds(segment));
    if (!holds) {
      segment.end = blocks_.back().offset;
      drop_last_block();
    }
  }
  segment.allocated = std::max(segment.end, size);
  TRY(const auto tail,
      storage::read_exactly(*segment.file, segment.end, segment.allocated - segment.end));
  if (is_zero(tail)) return {};
  for (std::size_t at = page_bytes; at + frame_bytes <= tail.size(); at += page_bytes) {
    const auto frame = parse_frame(std::string_view{tail}.substr(at));
    if (frame && frame->index > blocks_.size()) {
      return damaged(segment.path, segment.end, "a block follows it");
    }
  }
  const auto frame = parse_frame(tail);
  const auto in_flight =
      frame ? std::string_view{tail}.substr(0, frame->block_bytes()) : std::string_view{tail};
  const bool ends_early = frame && in_flight.size() < frame->block_bytes();
  const bool torn = frame ? ends_early || is_torn(in_flight)
                          : is_zero(in_flight.substr(0, storage::sector_bytes));
  if (!torn) return damaged(segment.path, segment.end, "checksum");
  if (has_stray_bytes(tail)) return damaged(segment.path, segment.end, "after the last block");
  if (mode_ == Mode::read) {
    unfinished_ = {segment.path, segment.end};
    return {};
  }
  CHECK_OK(segment.file->cut(segment.end));
  CHECK_OK(segment.file->sync());
  segment.allocated = segment.end;
  return {};
}

Result<std::string> Journal::published_checkpoint() const {
  if (!disk_->exists(path("log/checkpoint"))) return std::string{};
  return storage::read_whole(*disk_, path("log/checkpoint"), note_bytes_max);
}

Status Journal::check_checkpoint(const Verifier& verifier) {
  checkpoint_ = {origin_, 0, sha256({})};
  if (checkpoint_note_.empty()) return {};
  TRY(checkpoint_, open_checkpoint(checkpoint_note_, verifier));
  if (checkpoint_.size > blocks_.size()) {
    return fail(
        ErrorKind::corrupt, "journal.behind_checkpoint",
        {{"blocks", std::to_string(blocks_.size())}, {"size", std::to_string(checkpoint_.size)}});
  }
  Frontier then;
  for (std::uint64_t block = 0; block < checkpoint_.size; ++block) {
    then.append(blocks_[block].entry_hash);
  }
  if (then.root() != checkpoint_.root) {
    // Where a block was damaged, its place tells more.
    for (std::uint64_t block = 0; block < checkpoint_.size; ++block) CHECK_OK(read(block));
    return fail(ErrorKind::corrupt, "journal.checkpoint_differs",
                {{"size", std::to_string(checkpoint_.size)},
                 {"root", to_hex(then.root())},
                 {"signed", to_hex(checkpoint_.root)}});
  }
  return {};
}

SubtreeReader Journal::subtrees() const {
  return [this](unsigned level, std::uint64_t index) -> Result<Hash> {
    Frontier subtree;
    for (auto block = index << level; block < (index + 1) << level; ++block) {
      subtree.append(blocks_[block].entry_hash);
    }
    return subtree.root();
  };
}

Result<std::string> Journal::tile_bytes(const TileName& tile) const {
  const auto first = tile.index * tile_width;
  if (tile.level == TileName::entries) {
    std::vector<std::string> entries;
    for (auto index = first; index < first + tile.width; ++index) {
      TRY(const auto bytes, read(index));
      TRY(const auto block, parse_block(bytes));
      entries.emplace_back(block.entry);
    }
    return to_bundle(entries);
  }
  std::string bytes;
  const auto subtree = subtrees();
  for (auto node = first; node < first + tile.width; ++node) {
    TRY(const auto root, subtree(tile_height * static_cast<unsigned>(tile.level), node));
    bytes.append(root.begin(), root.end());
  }
  return bytes;
}

Status Journal::write_tile(const TileName& tile) {
  TRY(const auto bytes, tile_bytes(tile));
  const auto name = path("log/" + path_of(tile));
  CHECK_OK(disk_->make_folder(name.substr(0, name.rfind('/'))));
  return storage::replace_file(*disk_, name, bytes);
}

Status Journal::publish(const Signer& signer) {
  if (stopped_) return fail(ErrorKind::unavailable, "journal.stopped");
  if (blocks_.size() == checkpoint_.size) return {};
  TRY(const auto published, published_checkpoint());
  if (published != checkpoint_note_) {
    return fail(ErrorKind::conflict, "journal.checkpoint_differs",
                {{"size", std::to_string(checkpoint_.size)}});
  }
  // Blocks are durable already; the tiles become so before the signature exists.
  for (const auto& tile : new_tiles(checkpoint_.size, blocks_.size())) CHECK_OK(write_tile(tile));
  const Checkpoint next{origin_, blocks_.size(), frontier_.root()};
  auto note = sign_checkpoint(next, signer);
  CHECK_OK(storage::replace_file(*disk_, path("log/checkpoint"), note));
  checkpoint_ = next;
  checkpoint_note_ = std::move(note);
  return {};
}

Status Journal::add_erasure(Redo& redo, const BlockPlace& place,
                            std::span<const std::uint64_t> records) const {
  TRY(const auto before, read(static_cast<std::uint64_t>(&place - blocks_.data())));
  auto after = before;
  std::vector<std::uint32_t> numbers;
  for (const auto record : records) {
    numbers.push_back(static_cast<std::uint32_t>(record - place.first_record));
  }
  CHECK_OK(erase_records(after, numbers));
  const auto& segment = segments_[place.segment].path;
  redo.add_changes(segment.substr(segment.rfind('/') + 1), place.offset, before, after);
  return {};
}

Status Journal::erase(const std::vector<std::uint64_t>& records) {
  if (stopped_) return fail(ErrorKind::unavailable, "journal.stopped");
  Redo redo;
  for (auto first = records.begin(); first != records.end();) {
    const auto& place = blocks_[block_of(*first)];
    const auto end = std::find_if(
        first, records.end(), [&](auto record) { return &blocks_[block_of(record)] != &place; });
    CHECK_OK(add_erasure(redo, place, {first, end}));
    first = end;
  }
  if (redo.empty()) return {};
  CHECK_OK(storage::replace_file(*disk_, path("redo"), redo.to_bytes()));
  stopped_ = true;
  CHECK_OK(finish_erasure());
  stopped_ = false;
  return {};
}

Status Journal::finish_erasure() {
  if (!disk_->exists(path("redo"))) return {};
  TRY(const auto bytes, storage::read_whole(*disk_, path("redo"), redo_bytes_max));
  const auto redo = Redo::parse(bytes);
  if (!redo) return damaged(path("redo"), 0, redo.error().code);
  CHECK_OK(redo->apply(*disk_, path("blocks")));
  CHECK_OK(disk_->remove(path("redo")));
  return disk_->sync_folder(folder_);
}

}  // namespace partake::journal
