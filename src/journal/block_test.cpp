#include "journal/block.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/varint.h"
#include "storage/disk.h"

using namespace partake;
using namespace partake::journal;

namespace {

struct Parts {
  std::string open;
  std::string hidden;
};

std::vector<Parts> some_records(std::size_t count) {
  std::vector<Parts> records;
  for (std::size_t number = 0; number < count; ++number) {
    const auto name = std::to_string(number);
    records.push_back({"open " + name, number % 3 == 0 ? "" : std::string(40, 's') + name});
  }
  return records;
}

BlockHeader header_at(std::uint64_t first_record) {
  BlockHeader header;
  header.first_record = first_record;
  header.admitted = Instant{std::chrono::microseconds{1795000000000000}};
  header.facts = {{"totals", Json{Json::Array{Json::integer(7)}}}};
  return header;
}

std::string block_of(const std::vector<Parts>& records, BlockHeader& header) {
  BlockBuilder builder;
  for (const auto& record : records) builder.add({record.open, record.hidden});
  auto block = builder.finish(5, header);
  REQUIRE(block);
  CHECK_EQ(builder.records(), records.size());
  builder.clear();
  CHECK_EQ(builder.records(), 0);
  return *block;
}

}  // namespace

TEST_CASE("block: what was written is read, record by record") {
  for (const std::size_t count : {1U, 63U, 64U, 65U, 1000U}) {
    const auto records = some_records(count);
    auto header = header_at(100);
    const auto bytes = block_of(records, header);
    CHECK_EQ(bytes.size() % page_bytes, 0);
    const auto block = parse_block(bytes);
    REQUIRE(block);
    CHECK_EQ(block->frame.index, 5);
    CHECK_EQ(block->frame.records, count);
    for (std::uint32_t number = 0; number < count; ++number) {
      const auto record = block->record(number);
      REQUIRE(record);
      CHECK_EQ(record->open, records[number].open);
      CHECK_EQ(record->hidden, records[number].hidden);
    }
    const auto leaves = leaves_of(*block);
    REQUIRE(leaves);
    const auto entry = parse_entry(block->entry);
    REQUIRE(entry);
    CHECK_EQ(entry->root, tree_root(*leaves));
    CHECK_EQ(entry->first_record, 100);
    CHECK_EQ(entry->end_record(), 100 + count);
    CHECK_EQ(entry->admitted, header.admitted);
    CHECK_EQ(to_entry(*entry), block->entry);
    CHECK_FALSE(is_torn(bytes));
  }
}

TEST_CASE("block: a changed bit anywhere is noticed") {
  auto header = header_at(0);
  auto bytes = block_of(some_records(10), header);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto& byte = bytes[bit / 8];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (bit % 8)));
    REQUIRE_FALSE(parse_block(bytes));
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (bit % 8)));
  }
  CHECK(parse_block(bytes));
  auto changed = bytes;
  changed[frame_bytes + 3] = 'x';
  CHECK_EQ(parse_block(changed).error().code, "block.checksum");
  for (std::size_t size = 0; size < bytes.size(); size += 37) {
    REQUIRE_FALSE(parse_block(std::string_view{bytes}.substr(0, size)));
  }
}

TEST_CASE("block: a missing sector is the mark of a torn write") {
  auto header = header_at(0);
  const auto bytes = block_of(some_records(500), header);
  for (std::size_t at = 0; at < bytes.size(); at += storage::sector_bytes) {
    auto torn = bytes;
    std::fill_n(torn.begin() + static_cast<std::ptrdiff_t>(at), storage::sector_bytes, '\0');
    CHECK(is_torn(torn));
  }
}

TEST_CASE("block: erasing a hidden part keeps leaves, root and neighbours") {
  const auto records = some_records(200);
  auto header = header_at(0);
  const auto before = block_of(records, header);
  auto after = before;
  REQUIRE(erase_records(after, std::vector<std::uint32_t>{1, 2, 64, 199}));
  CHECK_EQ(after.size(), before.size());
  const auto block = parse_block(after);
  REQUIRE(block);
  CHECK_EQ(*leaves_of(*block), *leaves_of(*parse_block(before)));
  for (std::uint32_t number = 0; number < records.size(); ++number) {
    const auto record = block->record(number);
    REQUIRE(record);
    CHECK_EQ(record->open, records[number].open);
    CHECK_EQ(record->erased, number == 1 || number == 2 || number == 64 || number == 199);
    if (!record->erased) CHECK_EQ(record->hidden, records[number].hidden);
  }
  CHECK_EQ(after.find(records[64].hidden), std::string::npos);
}

TEST_CASE("record: leaves differ when any part differs") {
  const std::string hidden(40, 'h');
  const auto leaf = leaf_of(Record{"open", hidden});
  CHECK_NE(leaf, leaf_of(Record{"open", {}}));
  CHECK_NE(leaf, leaf_of(Record{"opem", hidden}));
  CHECK_NE(leaf, leaf_of(Record{"open", std::string(40, 'i')}));
  CHECK_NE(leaf, leaf_of(Record{"openh", std::string_view{hidden}.substr(1)}));
  const auto commitment = commitment_of(hidden);
  CHECK_EQ(leaf, leaf_of("open", &commitment));
}

TEST_CASE("record: malformed bytes are refused") {
  using namespace std::string_literals;
  const auto code = [](std::string bytes) {
    std::string_view rest{bytes};
    const auto record = take_record(rest);
    return record ? "ok" : record.error().code;
  };
  CHECK_EQ(code("\0\1a"s), "ok");
  for (const auto& bytes :
       {""s, "\3\1a"s, "\xFF\1a"s, "\0"s, "\0\0"s, "\0\2a"s, "\0\x81\0a"s, "\1\1a"s, "\1\1a\3abc"s,
        "\1\1a\x21"s + std::string(32, 'x'), "\2\1a\x21"s + std::string(33, 'x')}) {
    CAPTURE(bytes);
    CHECK_EQ(code(bytes), "record.malformed");
  }
}

TEST_CASE("block: malformed entries are refused") {
  auto header = header_at(3);
  header.records = 1;
  const auto entry = to_entry(header);
  CHECK(parse_entry(entry));
  const auto code = [](const std::string& text) {
    const auto parsed = parse_entry(text);
    return parsed ? "ok" : parsed.error().code;
  };
  const auto with = [&](const std::string& from, const std::string& to) {
    auto text = entry;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  CHECK_EQ(code("{"), "json.malformed");
  CHECK_EQ(code("[]"), "block.malformed_entry");
  CHECK_EQ(code(with("\"format\":1", "\"format\":2")), "block.malformed_entry");
  CHECK_EQ(code(with("\"records\":1", "\"records\":0")), "block.malformed_entry");
  CHECK_EQ(code(with("\"records\":1", "\"records\":1.5")), "block.malformed_entry");
  CHECK_EQ(code(with("\"first\":3", "\"first\":-3")), "block.malformed_entry");
  CHECK_EQ(code(with("\"first\":3", "\"first\": 3")), "block.malformed_entry");
  CHECK_EQ(code(with("\"root\":\"", "\"root\":\"A")), "block.malformed_entry");
}

TEST_CASE("block: an entry above the limit is an error") {
  auto header = header_at(0);
  header.facts.emplace_back("zz", std::string(entry_bytes_max, 'x'));
  BlockBuilder builder;
  builder.add({"open", {}});
  CHECK_EQ(builder.finish(0, header).error().code, "block.entry_too_large");
}

TEST_CASE("varint: round trip, and one spelling") {
  CHECK(rc::check([](std::uint64_t value, std::int64_t other) {
    std::string bytes;
    append_varint(bytes, value);
    append_varint(bytes, to_zigzag(other));
    std::string_view rest{bytes};
    std::uint64_t read = 0;
    RC_ASSERT(take_varint(rest, read));
    RC_ASSERT(read == value);
    RC_ASSERT(take_varint(rest, read));
    RC_ASSERT(from_zigzag(read) == other);
    RC_ASSERT(rest.empty());
  }));
  using namespace std::string_literals;
  for (const auto& bytes : {""s, "\x80"s, "\x80\0"s, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"s,
                            "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"s}) {
    std::string_view rest{bytes};
    std::uint64_t read = 0;
    CHECK_FALSE(take_varint(rest, read));
    CHECK_EQ(rest.size(), bytes.size());
  }
}

TEST_CASE(
    "block: the stretch of a record lies between two offsets, and those that lie are refused") {
  for (const std::uint32_t records : {1U, 63U, 64U, 65U, 128U, 200U}) {
    auto header = header_at(0);
    const auto bytes = block_of(some_records(records), header);
    const auto block = parse_block(bytes);
    REQUIRE(block);
    for (std::uint32_t number = 0; number < records; ++number) {
      CAPTURE(number);
      const auto around = offsets_around(number, records);
      CHECK_EQ(around.first, number / 64 * 4);
      const std::string_view offsets{block->body.data() + block->body.size() + around.first,
                                     around.bytes};
      const auto stretch = stretch_of(offsets, block->frame.body_bytes);
      REQUIRE(stretch);
      const auto record =
          record_in_stretch(block->body.substr(stretch->first, stretch->bytes), number);
      REQUIRE(record);
      CHECK_EQ(record->whole, block->record(number)->whole);
    }
  }
  using namespace std::string_literals;
  CHECK_EQ(stretch_of("\5\0\0\0\5\0\0\0"s, 100).error().code, "block.malformed");
  CHECK_EQ(stretch_of("\5\0\0\0\xFF\0\0\0"s, 100).error().code, "block.malformed");
  CHECK_EQ(stretch_of("\xFF\xFF\xFF\xFF"s, 100).error().code, "block.malformed");
}
