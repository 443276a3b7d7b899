// A block: records written and made durable together. Its header is the log's entry: what anybody
// may know of it. docs/formats/journal.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "journal/merkle.h"
#include "journal/record.h"

namespace partake::journal {

constexpr std::size_t page_bytes = 4096;  // Blocks start at multiples of it.
constexpr std::size_t block_records_max = 1U << 14U;
constexpr std::size_t block_bytes_max = 4U << 20U;
constexpr std::size_t entry_bytes_max = 1024;

struct BlockHeader {
  std::uint64_t first_record = 0;
  std::uint32_t records = 0;
  Hash root{};         // Of the records' leaves.
  Instant admitted;    // When it was written, by the writer's clock.
  Json::Object facts;  // What the writer tells of it: totals, hashes of rules.

  [[nodiscard]] std::uint64_t end_record() const { return first_record + records; }
};

// The log entry: canonical JSON (RFC 8785).
std::string to_entry(const BlockHeader& header);
// Errors: block.malformed_entry, json.*.
Result<BlockHeader> parse_entry(std::string_view entry);

// Gathers records, then makes the bytes of the block.
class BlockBuilder {
 public:
  // For a record whose two parts have so many bytes together.
  [[nodiscard]] bool has_room_for(std::size_t record_bytes) const;
  // Requires room.
  void add(const Record& record);
  [[nodiscard]] std::uint32_t records() const { return records_; }
  // Requires number < records().
  [[nodiscard]] Result<Record> record(std::uint32_t number) const;

  // The block that is number `index` of the journal. Fills in the header's count and root. Error
  // block.entry_too_large.
  Result<std::string> finish(std::uint64_t index, BlockHeader& header) const;
  void clear();

 private:
  std::string body_;
  std::vector<std::uint32_t> offsets_;  // Of every 64th record.
  std::uint32_t records_ = 0;
};

// Where the parts of a block stand, from its first page.
struct BlockFrame {
  std::uint64_t index = 0;
  std::uint32_t entry_bytes = 0;
  std::uint32_t body_bytes = 0;
  std::uint32_t records = 0;

  [[nodiscard]] std::size_t entry_offset() const;
  [[nodiscard]] std::size_t body_offset() const;
  [[nodiscard]] std::size_t block_bytes() const;  // With padding: a multiple of page_bytes.
};
constexpr std::size_t frame_bytes = 64;

// Error block.malformed: no frame starts here.
Result<BlockFrame> parse_frame(std::string_view bytes);

// A whole block whose checksum holds. Views into `bytes`.
struct Block {
  BlockFrame frame;
  std::string_view entry;
  std::string_view body;

  // Errors: record.malformed.
  [[nodiscard]] Result<Record> record(std::uint32_t number) const;
};
// Errors: block.malformed, block.checksum.
Result<Block> parse_block(std::string_view bytes);

// Where in a block's records to look for one of them, without reading the others: the offset of
// every 64th record stands after the last one.
struct Stretch {
  std::uint32_t first = 0;  // Of the body.
  std::uint32_t bytes = 0;
};
// The bytes of the offsets that bound the stretch of record `number` of so many, as a place behind
// the body and their size. Requires number < records.
Stretch offsets_around(std::uint32_t number, std::uint32_t records);
// What they say. Error block.malformed.
Result<Stretch> stretch_of(std::string_view offsets, std::uint32_t body_bytes);
// The record in the bytes of its stretch. Errors: record.malformed.
Result<Record> record_in_stretch(std::string_view stretch, std::uint32_t number);

// The leaves of a block's records, in order. Errors: record.malformed, block.malformed (count).
Result<std::vector<Hash>> leaves_of(const Block& block);

// Erases the hidden parts of records (numbers in the block) in its bytes and sets the checksum
// anew. Nothing changes where there is none, or it is erased.
Status erase_records(std::string& bytes, std::span<const std::uint32_t> numbers);

// Whether some sector of an unreadable block was never written: the mark of a write that a crash
// cut short. A block that was written whole has no sector of zeros.
bool is_torn(std::string_view bytes);

}  // namespace partake::journal
