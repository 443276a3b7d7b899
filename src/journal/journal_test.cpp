#include "journal/journal.h"

#include <algorithm>
#include <optional>
#include <random>

#include <doctest/doctest.h>

#include "storage/eventful_disk.h"
#include "storage/simulated_disk.h"

using namespace partake;
using namespace partake::journal;
using storage::Fault;
using storage::SimulatedDisk;

namespace {

const Signer signer{"partake.example/test", SecretSeed{42}};
const JournalLimits small_segments{.segment_bytes = 20000, .allocation_bytes = 12000};

std::string hidden_of(std::uint64_t record) {
  auto text = "hidden part of record " + std::to_string(record) + " ";
  text.resize(60, 's');
  return text;
}

// Appends a block of `records` records that say their number.
Status append(Journal& journal, std::uint32_t records) {
  BlockBuilder builder;
  for (std::uint32_t record = 0; record < records; ++record) {
    const auto number = journal.records() + record;
    builder.add({"open " + std::to_string(number), hidden_of(number)});
  }
  BlockHeader header;
  header.admitted = Instant{std::chrono::microseconds{1'800'000'000'000'000}};
  return journal.append(builder, header);
}

// What a caller was told is durable, and what it asked for and got no answer to.
struct Told {
  std::uint64_t blocks = 0;
  std::uint64_t records = 0;
  std::uint64_t checkpoint = 0;
  std::vector<std::uint64_t> erased;
  std::vector<std::uint64_t> erasing;  // Empty when answered.
  std::uint64_t records_at_most = 0;
  std::uint64_t checkpoint_at_most = 0;
};

// A little life of a journal; stops at the first error.
Status live(SimulatedDisk& disk, Told& told) {
  auto journal = disk.exists("journal/blocks")
                     ? Journal::open(disk, "journal", verifier_of(signer), small_segments)
                     : Journal::create(disk, "journal", signer.name, small_segments);
  if (!journal) return tl::unexpected(journal.error());
  for (const std::uint32_t records : {3U, 1U, 120U, 2U, 90U, 1U}) {
    told.records_at_most = journal->records() + records;
    CHECK_OK(append(*journal, records));
    told.blocks = journal->blocks().size();
    told.records = journal->records();
    if (records == 1) {
      told.checkpoint_at_most = told.blocks;
      CHECK_OK(journal->publish(signer));
      told.checkpoint = told.blocks;
    }
    if (records == 2) {
      told.erasing = {1, 3, told.records - 1};
      CHECK_OK(journal->erase(told.erasing));
      told.erased.insert(told.erased.end(), told.erasing.begin(), told.erasing.end());
      told.erasing.clear();
    }
  }
  return {};
}

bool contains(const std::vector<std::uint64_t>& numbers, std::uint64_t number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

// Every record is there once, as it was given or erased as it was asked.
void check_records(const Journal& journal, const Told& told) {
  std::uint64_t number = 0;
  std::optional<bool> in_flight_erased;
  for (std::uint64_t index = 0; index < journal.blocks().size(); ++index) {
    const auto bytes = journal.read(index);
    REQUIRE(bytes);
    const auto block = parse_block(*bytes);
    REQUIRE(block);
    REQUIRE_EQ(parse_entry(block->entry)->root, tree_root(*leaves_of(*block)));
    for (std::uint32_t record = 0; record < block->frame.records; ++record, ++number) {
      const auto found = block->record(record);
      REQUIRE(found);
      REQUIRE_EQ(found->open, "open " + std::to_string(number));
      if (contains(told.erasing, number) && !contains(told.erased, number)) {
        if (!in_flight_erased) in_flight_erased = found->erased;
        REQUIRE_EQ(found->erased, *in_flight_erased);
      } else {
        REQUIRE_EQ(found->erased, contains(told.erased, number));
      }
      if (!found->erased) REQUIRE_EQ(found->hidden, hidden_of(number));
    }
  }
  REQUIRE_EQ(number, journal.records());
}

// The published files are a log that any client can check against its checkpoint.
void check_log(SimulatedDisk& disk, const Checkpoint& checkpoint) {
  if (checkpoint.size == 0) return;
  const auto note = storage::read_whole(disk, "journal/log/checkpoint", 10000);
  REQUIRE(note);
  REQUIRE_EQ(*open_checkpoint(*note, verifier_of(signer)), checkpoint);
  const auto read = [&](const TileName& tile) {
    return storage::read_whole(disk, "journal/log/" + path_of(tile), 1U << 20U);
  };
  const auto subtree = subtrees_in_tiles(checkpoint.size, read);
  REQUIRE_EQ(*root_at(checkpoint.size, subtree), checkpoint.root);
  const auto width = static_cast<unsigned>(checkpoint.size);
  const auto entries = parse_bundle(*read({TileName::entries, 0, width}), width);
  REQUIRE(entries);
  for (std::uint64_t index = 0; index < checkpoint.size; ++index) {
    REQUIRE_EQ(*subtree(0, index), leaf_hash((*entries)[index]));
  }
}

// What must hold after a crash, whatever landed.
void check_recovery(SimulatedDisk& disk, const Told& told) {
  if (!disk.exists("journal/blocks")) {
    REQUIRE_EQ(told.blocks, 0);
    return;
  }
  const auto journal = Journal::open(disk, "journal", verifier_of(signer), small_segments);
  if (!journal) MESSAGE(journal.error().code);
  REQUIRE(journal);
  REQUIRE_GE(journal->records(), told.records);
  REQUIRE_LE(journal->records(), told.records_at_most);
  REQUIRE_GE(journal->checkpoint().size, told.checkpoint);
  REQUIRE_LE(journal->checkpoint().size, told.checkpoint_at_most);
  check_records(*journal, told);
  check_log(disk, journal->checkpoint());
}

std::uint64_t operations_of_a_life() {
  SimulatedDisk disk;
  Told told;
  REQUIRE(live(disk, told));
  return disk.operations();
}

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "ok" : result.error().code;
}

}  // namespace

TEST_CASE("journal: what was appended is there when it is opened again") {
  SimulatedDisk disk;
  Told told;
  REQUIRE(live(disk, told));
  CHECK_GT(disk.list("journal/blocks")->size(), 1);
  check_recovery(disk, told);
  // And a second life goes on where the first ended.
  told = {};
  REQUIRE(live(disk, told));
  CHECK_EQ(told.blocks, 12);
  const auto journal = Journal::open(disk, "journal", verifier_of(signer), small_segments);
  REQUIRE(journal);
  CHECK_EQ(journal->block_of(0), 0);
  CHECK_EQ(journal->block_of(2), 0);
  CHECK_EQ(journal->block_of(3), 1);
  CHECK_EQ(journal->block_of(journal->records() - 1), 11);
  CHECK_EQ(code_of(Journal::create(disk, "journal", signer.name)), "journal.exists");
}

TEST_CASE("journal: a record read alone is the one that its block holds") {
  SimulatedDisk disk;
  Told told;
  REQUIRE(live(disk, told));
  const auto journal =
      Journal::open(disk, "journal", verifier_of(signer), small_segments, Mode::read);
  REQUIRE(journal);
  for (std::uint64_t index = 0; index < journal->blocks().size(); ++index) {
    const auto bytes = journal->read(index);
    REQUIRE(bytes);
    const auto block = parse_block(*bytes);
    REQUIRE(block);
    REQUIRE_EQ(journal->records_of(index), block->frame.records);
    REQUIRE_EQ(journal->blocks()[index].admitted, parse_entry(block->entry)->admitted);
    for (std::uint32_t number = 0; number < block->frame.records; ++number) {
      const auto alone = journal->record(journal->blocks()[index].first_record + number);
      REQUIRE(alone);
      REQUIRE_EQ(*alone, block->record(number)->whole);
    }
  }
  CHECK_EQ(code_of(journal->record(journal->records())), "record.unknown");
}

TEST_CASE("journal: a crash at any operation, landing at random, loses nothing that was told") {
  const auto operations = operations_of_a_life();
  std::mt19937_64 random{20261121};
  std::uint64_t recoveries = 0;
  for (std::uint64_t operation = 0; operation < operations; ++operation) {
    for (int landing = 0; landing < 20; ++landing) {
      SimulatedDisk disk;
      Told told;
      disk.fail_at(operation, Fault::crash);
      REQUIRE_FALSE(live(disk, told));
      const auto bias = random() % 5;
      const auto choose = [&](std::uint64_t) { return random() % 5 < bias ? 1U : 0U; };
      disk.crash(choose);
      // A second crash during recovery.
      disk.fail_at(disk.operations() + random() % 4, Fault::crash);
      static_cast<void>(Journal::open(disk, "journal", verifier_of(signer), small_segments));
      disk.crash(choose);
      CAPTURE(operation);
      check_recovery(disk, told);
      ++recoveries;
    }
  }
  CHECK_EQ(recoveries, operations * 20);
}

TEST_CASE("journal: of a block that was cut short nothing comes to light behind a shorter one") {
  const JournalLimits limits{.segment_bytes = 100'000, .allocation_bytes = page_bytes};
  SimulatedDisk disk;
  {
    auto journal = Journal::create(disk, "journal", signer.name, limits);
    REQUIRE(journal);
    // Room is made by a write and a sync; then the block is written, and all but one sector lands.
    disk.fail_at(disk.operations() + 2, Fault::crash);
    CHECK_FALSE(append(*journal, 120));
  }
  std::uint64_t sectors = 0;
  disk.crash([&](std::uint64_t) { return sectors++ == 1 ? 0U : 1U; });
  REQUIRE_GT(sectors, 2 * page_bytes / storage::sector_bytes);
  // The power fails after each block.
  for (std::uint64_t records = 0; records < 4; ++records) {
    auto journal = Journal::open(disk, "journal", verifier_of(signer), limits);
    REQUIRE_EQ(code_of(journal), "ok");
    CHECK_EQ(journal->records(), records);
    REQUIRE(append(*journal, 1));
    disk.crash([](std::uint64_t) { return 0U; });
  }
}

TEST_CASE("journal: two large blocks that are cut short at one place are not taken for damage") {
  SimulatedDisk disk;
  REQUIRE(Journal::create(disk, "journal", signer.name));
  // So large that no room is made for them. Of the first a sector is lost, and of what is pending
  // with the second the first two things: if the cut of the first were one of them, both blocks
  // together would fill their place.
  for (const std::uint32_t records : {1000U, 1100U}) {
    auto journal = Journal::open(disk, "journal", verifier_of(signer));
    REQUIRE(journal);
    disk.fail_at(disk.operations(), Fault::crash);
    CHECK_FALSE(append(*journal, records));
    std::uint64_t sectors = 0;
    disk.crash([&](std::uint64_t) {
      const auto sector = sectors++;
      return (records == 1000 ? sector != 1 : sector > 1) ? 1U : 0U;
    });
    CHECK_GT(sectors, 128);
  }
  const auto journal = Journal::open(disk, "journal", verifier_of(signer));
  REQUIRE_EQ(code_of(journal), "ok");
  CHECK_EQ(journal->records(), 0);
}

TEST_CASE("journal: an erasure that was cut short is finished before anybody reads") {
  const auto operations = operations_of_a_life();
  std::size_t cut_short = 0;
  for (std::uint64_t operation = 0; operation < operations; ++operation) {
    SimulatedDisk disk;
    Told told;
    disk.fail_at(operation, Fault::crash);
    REQUIRE_FALSE(live(disk, told));
    disk.crash([](std::uint64_t count) { return count - 1; });
    if (!disk.exists("journal/redo")) continue;
    ++cut_short;
    const auto open = [&](Mode mode) {
      return Journal::open(disk, "journal", verifier_of(signer), small_segments, mode);
    };
    CHECK_EQ(code_of(open(Mode::read)), "journal.needs_recovery");
    REQUIRE(disk.exists("journal/redo"));
    REQUIRE(open(Mode::write));
    CHECK_FALSE(disk.exists("journal/redo"));
    const auto journal = open(Mode::read);
    REQUIRE(journal);
    told.erased.insert(told.erased.end(), told.erasing.begin(), told.erasing.end());
    check_records(*journal, told);
  }
  CHECK_GT(cut_short, 2);
}

TEST_CASE("journal: an error of the disk stops the journal until it is opened again") {
  const auto operations = operations_of_a_life();
  for (const auto fault : {Fault::error, Fault::full, Fault::short_write}) {
    for (std::uint64_t operation = 0; operation < operations; ++operation) {
      SimulatedDisk disk;
      Told told;
      disk.fail_at(operation, fault);
      const auto outcome = live(disk, told);
      REQUIRE_FALSE(outcome);
      REQUIRE((outcome.error().code == "storage.failed" || outcome.error().code == "storage.full"));
      disk.crash([](std::uint64_t) { return 1U; });
      CAPTURE(operation);
      check_recovery(disk, told);
    }
  }
  SimulatedDisk disk;
  auto journal = Journal::create(disk, "journal", signer.name);
  REQUIRE(journal);
  disk.fail_at(disk.operations() + 1, Fault::error);
  CHECK_EQ(code_of(append(*journal, 1)), "storage.failed");
  // Nothing is tried again, above all no flush.
  const auto done = disk.operations();
  const auto syncs = disk.syncs();
  CHECK_EQ(code_of(append(*journal, 1)), "journal.stopped");
  CHECK_EQ(code_of(journal->publish(signer)), "journal.stopped");
  CHECK_EQ(code_of(journal->erase({0})), "journal.stopped");
  CHECK_EQ(disk.operations(), done);
  CHECK_EQ(disk.syncs(), syncs);
}

TEST_CASE("journal: a flipped bit in any file is named") {
  SimulatedDisk original;
  Told told;
  REQUIRE(live(original, told));
  // After the last block lie zeros that nothing reads but the check of the tail.
  for (const auto& path : original.files()) {
    const auto size = storage::read_whole(original, path, 10U << 20U)->size();
    const bool is_tile = path.find("/tile/") != std::string::npos;
    const auto step = std::max<std::uint64_t>(size * 8 / 60, 1) | 1U;
    for (std::uint64_t bit = 0; bit < size * 8; bit += step) {
      original.flip(path, bit);
      bool found = false;
      const auto journal = Journal::open(original, "journal", verifier_of(signer), small_segments);
      if (!journal) {
        found = true;
      } else {
        for (std::uint64_t index = 0; index < journal->blocks().size(); ++index) {
          const auto bytes = journal->read(index);
          if (!bytes) {
            CHECK_EQ(bytes.error().code, "journal.damaged");
            found = true;
          }
        }
      }
      CAPTURE(path);
      CAPTURE(bit);
      CHECK_EQ(found, !is_tile);
      original.flip(path, bit);
    }
  }
  check_recovery(original, told);
}

TEST_CASE("journal: a signed checkpoint forbids another history") {
  SimulatedDisk disk;
  Told told;
  REQUIRE(live(disk, told));
  const auto note = *storage::read_whole(disk, "journal/log/checkpoint", 10000);

  SimulatedDisk shorter;
  {
    auto journal = Journal::create(shorter, "journal", signer.name);
    REQUIRE(journal);
    REQUIRE(append(*journal, 3));
    REQUIRE(journal->publish(signer));
    // Somebody else published meanwhile.
    REQUIRE(storage::replace_file(shorter, "journal/log/checkpoint", note));
    REQUIRE(append(*journal, 1));
    CHECK_EQ(code_of(journal->publish(signer)), "journal.checkpoint_differs");
  }
  CHECK_EQ(code_of(Journal::open(shorter, "journal", verifier_of(signer))),
           "journal.behind_checkpoint");
  {
    auto journal = Journal::open(disk, "journal", verifier_of(signer), small_segments);
    REQUIRE(journal);
    const Checkpoint other{signer.name, journal->blocks().size(), sha256("other")};
    REQUIRE(storage::replace_file(disk, "journal/log/checkpoint", sign_checkpoint(other, signer)));
  }
  CHECK_EQ(code_of(Journal::open(disk, "journal", verifier_of(signer), small_segments)),
           "journal.checkpoint_differs");
  CHECK_EQ(code_of(Journal::open(disk, "journal", verifier_of({"other", signer.seed}))),
           "journal.other_segment");
}

TEST_CASE("journal: a reader finds what stood when it began, whatever is appended meanwhile") {
  std::uint64_t reads = 1;
  for (std::uint64_t at = 0; at < reads; ++at) {
    CAPTURE(at);
    SimulatedDisk disk;
    Told told;
    REQUIRE(live(disk, told));
    auto writer = Journal::open(disk, "journal", verifier_of(signer), small_segments);
    REQUIRE(writer);
    storage::EventfulDisk eventful{disk, {.before_read = [&](std::uint64_t read) {
                                     if (read != at) return;
                                     // In the room that is there, then in a segment of their own.
                                     for (const std::uint32_t records : {1U, 120U, 120U}) {
                                       REQUIRE(append(*writer, records));
                                     }
                                     REQUIRE(writer->publish(signer));
                                   }}};
    const auto reader =
        Journal::open(eventful, "journal", verifier_of(signer), small_segments, Mode::read);
    reads = std::max(reads, eventful.reads());
    CHECK_EQ(code_of(reader), "ok");
    if (!reader) continue;
    CHECK_GE(reader->blocks().size(), told.blocks);
    CHECK_LE(reader->checkpoint().size, reader->blocks().size());
  }
  CHECK_GT(reads, 8);
}

TEST_CASE("journal: a block that is half written while it is read is not there yet") {
  // The bytes of the next block, from a journal that went on.
  SimulatedDisk later;
  Told told;
  REQUIRE(live(later, told));
  auto writer = Journal::open(later, "journal", verifier_of(signer), small_segments);
  REQUIRE(writer);
  REQUIRE(append(*writer, 60));
  const auto& place = writer->blocks().back();
  const auto bytes = *writer->read(writer->blocks().size() - 1);
  const auto path = "journal/blocks/" + later.list("journal/blocks")->at(place.segment);
  for (const std::size_t visible : {1U, 20U, 40U, 64U, 500U, 513U, 4096U, 5000U}) {
    std::uint64_t reads = 1;
    for (std::uint64_t at = 0; at < reads; ++at) {
      CAPTURE(visible);
      CAPTURE(at);
      SimulatedDisk disk;
      Told told_now;
      REQUIRE(live(disk, told_now));
      const auto write = [&](std::string_view part) {
        auto file = disk.open(path, storage::Access::write);
        REQUIRE(file);
        REQUIRE((*file)->write(place.offset, part));
      };
      storage::EventfulDisk eventful{disk, {.before_read = [&](std::uint64_t read) {
                                       if (read == at)
                                         write(std::string_view{bytes}.substr(0, visible));
                                       if (read == at + 3) write(bytes);
                                     }}};
      const auto reader =
          Journal::open(eventful, "journal", verifier_of(signer), small_segments, Mode::read);
      reads = std::max(reads, eventful.reads());
      CHECK_EQ(code_of(reader), "ok");
      if (reader) CHECK_GE(reader->blocks().size(), told_now.blocks);
    }
  }
}
