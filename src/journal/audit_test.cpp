#include "journal/audit.h"

#include "base/file.h"
#include "journal/journal.h"
#include "journal/testing.h"
#include "journal/tile.h"
#include "storage/real_disk.h"
#include "storage/simulated_disk.h"
#include "tests/outside_data.h"

using namespace partake;
using namespace partake::journal;

namespace {

Signer test_signer() { return {"test.example/log", {7}}; }

// A log of so many blocks of one record, signed.
void write_log(storage::Disk& disk, std::uint64_t blocks, bool time_goes_back = false) {
  auto journal = Journal::create(disk, "journal", "test.example/log");
  REQUIRE(journal);
  for (std::uint64_t block = 0; block < blocks; ++block) {
    BlockBuilder builder;
    builder.add({"open", {}});
    BlockHeader header;
    const auto tick = static_cast<std::int64_t>(time_goes_back ? blocks - block : block);
    header.admitted = Instant{std::chrono::seconds{1'795'000'000 + tick}};
    REQUIRE(journal->append(builder, header));
  }
  REQUIRE(journal->publish(test_signer()));
}

std::string audit_code(storage::Disk& disk) {
  const auto audit = audit_log(disk, "journal/log", verifier_of(test_signer()));
  return audit ? "" : audit.error().code;
}

}  // namespace

TEST_CASE("audit: a log is checked from its public files alone") {
  for (const std::uint64_t blocks : {1U, 3U, 256U, 300U}) {
    storage::SimulatedDisk disk;
    write_log(disk, blocks);
    const auto audit = audit_log(disk, "journal/log", verifier_of(test_signer()));
    REQUIRE(audit);
    CHECK_EQ(audit->checkpoint.size, blocks);
    CHECK_EQ(audit->records, blocks);
  }
}

TEST_CASE("audit: what was changed is named") {
  storage::SimulatedDisk empty;
  CHECK_EQ(audit_code(empty), "audit.no_checkpoint");
  storage::SimulatedDisk backwards;
  write_log(backwards, 3, true);
  CHECK_EQ(audit_code(backwards), "audit.entry_order");
  storage::SimulatedDisk tile;
  write_log(tile, 3);
  tile.flip("journal/log/" + path_of({0, 0, 3}), 5);
  CHECK_EQ(audit_code(tile), "audit.tile_differs");
  // Another digit of the first entry's root: still an entry, not the one that was signed.
  storage::SimulatedDisk entry;
  write_log(entry, 3);
  const auto path = "journal/log/" + path_of({TileName::entries, 0, 3});
  auto bundle = *storage::read_whole(entry, path, 1U << 20U);
  const auto root = bundle.find("\"root\":\"") + 8;
  bundle[root] = bundle[root] == '0' ? '1' : '0';
  REQUIRE(storage::replace_file(entry, path, bundle));
  CHECK_EQ(audit_code(entry), "audit.other_root");
  storage::SimulatedDisk signature;
  write_log(signature, 3);
  const auto other = audit_log(signature, "journal/log", verifier_of({"test.example/log", {8}}));
  CHECK_EQ(other.error().code, "note.unsigned");
}

TEST_CASE("audit: a log that others wrote") {
  const auto folder = partake::testing::outside_data("merkle/log15");
  if (folder.empty()) return;
  auto key = *read_file(folder + "/verifier");
  while (key.ends_with('\n')) key.pop_back();
  const auto verifier = parse_verifier(key);
  REQUIRE(verifier);
  const auto disk = storage::open_disk(folder);
  REQUIRE(disk);
  const auto audit = audit_log(**disk, "", *verifier);
  REQUIRE(audit);
  CHECK_EQ(audit->checkpoint.size, 15);
  CHECK_EQ(audit->records, 0);
}
