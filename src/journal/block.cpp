#include "journal/block.h"

#include <algorithm>
#include <cstring>

#include "base/require.h"
#include "base/whole_number.h"
#include "storage/disk.h"

namespace partake::journal {
namespace {

// Layout of the frame, all integers little endian:
//   0 magic "PTKBLK" 0x00 and the format's number; 8 index; 16 entry bytes; 20 body bytes;
//   24 records; 28 reserved 0xFFFFFFFF; 32 checksum: SHA-256 of everything else up to the padding.
// Then the entry, the body, the offsets of every 64th record in the body, padding of 0xFF.
constexpr std::string_view magic{"PTKBLK\0\1", 8};
constexpr std::size_t checksum_offset = 32;
constexpr std::uint32_t records_per_offset = 64;
constexpr char padding = '\xFF';

template <class T>
void append_integer(std::string& bytes, T value) {
  for (std::size_t at = 0; at < sizeof(T); ++at) {
    bytes += static_cast<char>(static_cast<unsigned char>(value >> (8 * at)));
  }
}

template <class T>
T read_integer(std::string_view bytes, std::size_t offset) {
  T value = 0;
  for (std::size_t at = sizeof(T); at-- > 0;) {
    value = static_cast<T>(value << 8U) | static_cast<unsigned char>(bytes[offset + at]);
  }
  return value;
}

std::size_t offsets_bytes(std::uint32_t records) {
  return (records + records_per_offset - 1) / records_per_offset * sizeof(std::uint32_t);
}

std::size_t content_bytes(const BlockFrame& frame) {
  return frame_bytes + frame.entry_bytes + frame.body_bytes + offsets_bytes(frame.records);
}

Hash checksum_of(std::string_view block, const BlockFrame& frame) {
  return sha256_parts({block.substr(0, checksum_offset),
                       block.substr(frame_bytes, content_bytes(frame) - frame_bytes)});
}

void set_checksum(std::string& block, const BlockFrame& frame) {
  const auto checksum = checksum_of(block, frame);
  std::copy(checksum.begin(), checksum.end(),
            block.begin() + static_cast<std::ptrdiff_t>(checksum_offset));
}

tl::unexpected<Error> malformed(const char* rule) {
  return fail(ErrorKind::corrupt, "block.malformed", {{"rule", rule}});
}

tl::unexpected<Error> malformed_entry(const char* field) {
  return fail(ErrorKind::corrupt, "block.malformed_entry", {{"field", field}});
}

// A whole number of a log entry. Empty when it is missing or something else.
std::optional<std::uint64_t> number_in(const Json& entry, std::string_view key) {
  const auto* value = entry.find(key);
  const auto* number = value == nullptr ? nullptr : value->number();
  if (number == nullptr) return std::nullopt;
  return parse_whole(number->text);
}

Result<std::vector<Hash>> leaves_in(std::string_view body, std::uint32_t records) {
  std::vector<Hash> leaves;
  leaves.reserve(records);
  while (!body.empty()) {
    if (leaves.size() == records) return malformed("count");
    TRY(const auto record, take_record(body));
    // In pairs, because two hashes at once cost little more than one.
    if (body.empty() || leaves.size() + 1 == records) {
      leaves.push_back(leaf_of(record));
      continue;
    }
    TRY(const auto next, take_record(body));
    for (const auto& leaf : leaves_of(record, next)) leaves.push_back(leaf);
  }
  if (leaves.size() != records) return malformed("count");
  return leaves;
}

}  // namespace

std::string to_entry(const BlockHeader& header) {
  Json::Object entry = header.facts;
  entry.emplace_back("admitted", Json::integer(header.admitted.time_since_epoch().count()));
  entry.emplace_back("first", Json::integer(static_cast<std::int64_t>(header.first_record)));
  entry.emplace_back("format", Json::integer(1));
  entry.emplace_back("records", Json::integer(header.records));
  entry.emplace_back("root", to_hex(header.root));
  return canonical(Json{std::move(entry)});
}

Result<BlockHeader> parse_entry(std::string_view entry) {
  TRY(const auto json, parse_json(entry, {.bytes = entry_bytes_max, .depth = 8}));
  if (json.object() == nullptr) return malformed_entry("object");
  if (number_in(json, "format") != 1) return malformed_entry("format");
  const auto first = number_in(json, "first");
  const auto records = number_in(json, "records");
  const auto admitted = number_in(json, "admitted");
  const auto* root = json.find("root") == nullptr ? nullptr : json.find("root")->string();
  if (!first || *first >> 62U != 0) return malformed_entry("first");
  if (!records || *records == 0 || *records > block_records_max) return malformed_entry("records");
  if (!admitted || *admitted >> 62U != 0) return malformed_entry("admitted");
  const auto root_hash = root == nullptr ? std::nullopt : hash_from_hex(*root);
  if (!root_hash) return malformed_entry("root");
  BlockHeader header{*first,
                     static_cast<std::uint32_t>(*records),
                     *root_hash,
                     Instant{std::chrono::microseconds{static_cast<std::int64_t>(*admitted)}},
                     {}};
  for (const auto& [key, value] : *json.object()) {
    const bool ours =
        key == "format" || key == "first" || key == "records" || key == "admitted" || key == "root";
    if (!ours) header.facts.emplace_back(key, value);
  }
  // One spelling only, so that the leaf of what was read is the leaf of what was written.
  if (to_entry(header) != entry) return malformed_entry("canonical form");
  return header;
}

bool BlockBuilder::has_room_for(std::size_t record_bytes) const {
  constexpr std::size_t sizes_bytes_max = 16;
  return records_ < block_records_max &&
         body_.size() + record_bytes + sizes_bytes_max <= block_bytes_max;
}

void BlockBuilder::add(const Record& record) {
  PARTAKE_REQUIRE(has_room_for(record.open.size() + record.hidden.size()));
  if (records_ % records_per_offset == 0) {
    offsets_.push_back(static_cast<std::uint32_t>(body_.size()));
  }
  append_record(body_, record);
  ++records_;
}

Result<Record> BlockBuilder::record(std::uint32_t number) const {
  PARTAKE_REQUIRE(number < records_);
  return record_in_stretch(std::string_view{body_}.substr(offsets_[number / records_per_offset]),
                           number);
}

void BlockBuilder::clear() {
  body_.clear();
  offsets_.clear();
  records_ = 0;
}

Result<std::string> BlockBuilder::finish(std::uint64_t index, BlockHeader& header) const {
  PARTAKE_REQUIRE(records_ > 0);
  header.records = records();
  TRY(const auto leaves, leaves_in(body_, records_));
  header.root = tree_root(leaves);
  const auto entry = to_entry(header);
  if (entry.size() > entry_bytes_max) {
    return fail(
        ErrorKind::exhausted, "block.entry_too_large",
        {{"bytes", std::to_string(entry.size())}, {"limit", std::to_string(entry_bytes_max)}});
  }
  const BlockFrame frame{index, static_cast<std::uint32_t>(entry.size()),
                         static_cast<std::uint32_t>(body_.size()), header.records};
  std::string block;
  block.reserve(frame.block_bytes());
  block += magic;
  append_integer(block, frame.index);
  append_integer(block, frame.entry_bytes);
  append_integer(block, frame.body_bytes);
  append_integer(block, frame.records);
  block.append(frame_bytes - block.size(), padding);
  block += entry;
  block += body_;
  for (const auto offset : offsets_) append_integer(block, offset);
  block.append(frame.block_bytes() - block.size(), padding);
  set_checksum(block, frame);
  return block;
}

std::size_t BlockFrame::entry_offset() const { return frame_bytes; }
std::size_t BlockFrame::body_offset() const { return frame_bytes + entry_bytes; }
std::size_t BlockFrame::block_bytes() const {
  return (content_bytes(*this) + page_bytes - 1) / page_bytes * page_bytes;
}

Result<BlockFrame> parse_frame(std::string_view bytes) {
  if (bytes.size() < frame_bytes) return malformed("length");
  if (!bytes.starts_with(magic)) return malformed("first bytes");
  const BlockFrame frame{
      read_integer<std::uint64_t>(bytes, 8), read_integer<std::uint32_t>(bytes, 16),
      read_integer<std::uint32_t>(bytes, 20), read_integer<std::uint32_t>(bytes, 24)};
  const bool good = frame.entry_bytes > 0 && frame.entry_bytes <= entry_bytes_max &&
                    frame.records > 0 && frame.records <= block_records_max &&
                    frame.body_bytes > 0 && frame.body_bytes <= block_bytes_max &&
                    bytes.substr(28, 4) == std::string_view{"\xFF\xFF\xFF\xFF"};
  if (!good) return malformed("sizes");
  return frame;
}

Result<Block> parse_block(std::string_view bytes) {
  TRY(const auto frame, parse_frame(bytes));
  if (bytes.size() != frame.block_bytes()) return malformed("length");
  const auto checksum = checksum_of(bytes, frame);
  const auto rest = bytes.substr(content_bytes(frame));
  const bool good = std::equal(checksum.begin(), checksum.end(), bytes.begin() + checksum_offset,
                               [](std::uint8_t ours, char theirs) {
                                 return ours == static_cast<std::uint8_t>(theirs);
                               }) &&
                    rest.find_first_not_of(padding) == std::string_view::npos;
  if (!good) return fail(ErrorKind::corrupt, "block.checksum");
  return Block{frame, bytes.substr(frame.entry_offset(), frame.entry_bytes),
               bytes.substr(frame.body_offset(), frame.body_bytes)};
}

Stretch offsets_around(std::uint32_t number, std::uint32_t records) {
  PARTAKE_REQUIRE(number < records);
  const auto stretch = number / records_per_offset;
  const bool is_last = stretch == (records - 1) / records_per_offset;
  constexpr std::uint32_t bytes = sizeof(std::uint32_t);
  return {stretch * bytes, is_last ? bytes : 2 * bytes};
}

Result<Stretch> stretch_of(std::string_view offsets, std::uint32_t body_bytes) {
  const auto first = read_integer<std::uint32_t>(offsets, 0);
  const auto end = offsets.size() == sizeof(std::uint32_t)
                       ? body_bytes
                       : read_integer<std::uint32_t>(offsets, sizeof(std::uint32_t));
  if (first >= end || end > body_bytes) return malformed("offsets");
  return Stretch{first, end - first};
}

// It starts at the last record before `number` whose offset is known.
Result<Record> record_in_stretch(std::string_view stretch, std::uint32_t number) {
  for (auto skipped = number % records_per_offset; skipped > 0; --skipped) {
    CHECK_OK(take_record(stretch));
  }
  return take_record(stretch);
}

Result<Record> Block::record(std::uint32_t number) const {
  const auto around = offsets_around(number, frame.records);
  // The offsets follow the body.
  TRY(const auto stretch,
      stretch_of({body.data() + body.size() + around.first, around.bytes}, frame.body_bytes));
  return record_in_stretch(body.substr(stretch.first, stretch.bytes), number);
}

Result<std::vector<Hash>> leaves_of(const Block& block) {
  return leaves_in(block.body, block.frame.records);
}

Status erase_records(std::string& bytes, std::span<const std::uint32_t> numbers) {
  TRY(const auto block, parse_block(bytes));
  bool changed = false;
  for (const auto number : numbers) {
    TRY(const auto record, block.record(number));
    if (record.hidden.empty() || record.erased) continue;
    erase_in_place(bytes.data() + (record.whole.data() - bytes.data()), record.whole.size());
    changed = true;
  }
  if (changed) set_checksum(bytes, block.frame);
  return {};
}

bool is_torn(std::string_view bytes) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), storage::sector_bytes))) {
    const auto sector = bytes.substr(0, storage::sector_bytes);
    if (sector.find_first_not_of('\0') == std::string_view::npos) return true;
  }
  return false;
}

}  // namespace partake::journal
