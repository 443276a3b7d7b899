// The journal: blocks in segment files, one writer, append only; the log's tiles and signed
// checkpoints beside them, for any static file server. docs/formats/journal.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "journal/block.h"
#include "journal/checkpoint.h"
#include "journal/tile.h"
#include "storage/disk.h"

namespace partake::journal {

class Redo;

struct JournalLimits {
  std::uint64_t segment_bytes = 256U << 20U;
  std::uint64_t allocation_bytes = 1U << 20U;  // By which a file grows for small blocks.
};

// Where a block stands, and what the log says of it.
struct BlockPlace {
  std::uint64_t first_record = 0;
  std::uint32_t segment = 0;     // Position among the segments.
  std::uint32_t body_bytes = 0;  // Of its records ...
  std::uint64_t offset = 0;
  std::uint32_t bytes = 0;
  std::uint32_t body_offset = 0;  // ... and from where in the block.
  Instant admitted;
  Hash entry_hash{};  // Its leaf in the log.
};

// write: repairs what a crash left. read: changes nothing, and may go on while another process
// writes; it finds at least what stood when it began. An erasure that a crash cut short is
// refused (journal.needs_recovery), since half of it may be done.
enum class Mode : std::uint8_t { write, read };

class Journal {
 public:
  // Makes a journal in the folder, which must hold none. Error journal.exists.
  static Result<Journal> create(storage::Disk& disk, const std::string& folder,
                                const std::string& origin, const JournalLimits& limits = {});
  // Finds every block. A write that a crash cut short is cut off; damage before that is an error
  // that names file and offset: journal.damaged; journal.other_segment (of another log, or out of
  // order); journal.behind_checkpoint when a signed checkpoint knows of more blocks;
  // journal.checkpoint_differs when it knows others.
  static Result<Journal> open(storage::Disk& disk, const std::string& folder,
                              const Verifier& verifier, const JournalLimits& limits = {},
                              Mode mode = Mode::write);

  [[nodiscard]] const std::string& origin() const { return origin_; }
  [[nodiscard]] const std::vector<BlockPlace>& blocks() const { return blocks_; }
  [[nodiscard]] std::uint64_t records() const { return end_record_; }
  // The last signed checkpoint; size 0 before the first.
  [[nodiscard]] const Checkpoint& checkpoint() const { return checkpoint_; }
  [[nodiscard]] const std::string& checkpoint_note() const { return checkpoint_note_; }
  [[nodiscard]] Hash root() const { return frontier_.root(); }
  // Of the log of entries, as far as there are blocks. The journal must outlive it.
  [[nodiscard]] SubtreeReader subtrees() const;
  // The number of the block that holds a record. Requires record < records().
  [[nodiscard]] std::uint64_t block_of(std::uint64_t record) const;

  // Makes the block durable, then returns. After an error nothing more can be appended
  // (journal.stopped): open again. Requires a builder that is not empty.
  Status append(const BlockBuilder& builder, BlockHeader header);

  // What a tile of the log holds, from the blocks. Requires that they are there.
  [[nodiscard]] Result<std::string> tile_bytes(const TileName& tile) const;

  // The bytes of a block, checked. Errors: journal.damaged.
  [[nodiscard]] Result<std::string> read(std::uint64_t index) const;
  // The bytes of one record, without the rest of its block: two short reads. What is read is taken
  // apart but not compared with the block's checksum, which `read` is for. Errors: record.unknown,
  // journal.damaged.
  [[nodiscard]] Result<std::string> record(std::uint64_t number) const;
  // Where a write stands that a crash, or a writer at work, has left unfinished; only in
  // Mode::read, because a writer cuts it off.
  struct Unfinished {
    std::string file;
    std::uint64_t offset = 0;
  };
  [[nodiscard]] const std::optional<Unfinished>& unfinished() const { return unfinished_; }
  // The file of a block, from the disk's folder.
  [[nodiscard]] const std::string& file_of(std::uint64_t index) const;
  [[nodiscard]] std::uint32_t records_of(std::uint64_t index) const;

  // Erases hidden parts of records (numbers in the journal, ascending; those without one, or
  // erased already, are passed over). Durable when it returns; after a crash, `open` finishes it:
  // either none of them is erased or all. Leaves, root and checkpoints stay as they are.
  Status erase(const std::vector<std::uint64_t>& records);

  // Writes the tiles of all blocks, then signs and publishes the checkpoint, unless the last one
  // is of this size. Errors: journal.checkpoint_differs when the published checkpoint is not the
  // one that we know.
  Status publish(const Signer& signer);

 private:
  struct Segment {
    std::string path;
    std::unique_ptr<storage::File> file;
    std::uint64_t end = 0;        // Of the last block.
    std::uint64_t allocated = 0;  // Zeros up to here.
  };

  Journal(storage::Disk& disk, std::string folder, std::string origin, JournalLimits limits);

  Status start_segment();
  Status make_room(Segment& segment, std::uint64_t bytes) const;
  Status read_segments();
  Status read_segment(const std::string& name, bool is_last);
  [[nodiscard]] Result<bool> check_segment_page(const Segment& segment, std::uint64_t size,
                                                bool is_last) const;
  Status read_blocks(Segment& segment, std::uint64_t size);
  Status find_end(Segment& segment, std::uint64_t size);
  Status settle_tail(Segment& segment, std::uint64_t size);
  Status check_checkpoint(const Verifier& verifier);
  Result<bool> last_block_holds(const Segment& segment);
  void drop_last_block();
  void add_block(const BlockFrame& frame, std::uint64_t offset, const BlockHeader& header,
                 std::string_view entry);
  Status add_erasure(Redo& redo, const BlockPlace& place,
                     std::span<const std::uint64_t> records) const;
  Status finish_erasure();
  Status write_tile(const TileName& tile);
  [[nodiscard]] Result<std::string> published_checkpoint() const;
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }

  storage::Disk* disk_;
  std::string folder_;
  std::string origin_;
  JournalLimits limits_;
  std::vector<Segment> segments_;
  std::vector<BlockPlace> blocks_;
  std::uint64_t end_record_ = 0;
  Frontier frontier_;
  Checkpoint checkpoint_;
  std::string checkpoint_note_;  // As published; empty before the first.
  Mode mode_ = Mode::write;
  std::optional<Unfinished> unfinished_;
  bool stopped_ = false;
};

}  // namespace partake::journal
