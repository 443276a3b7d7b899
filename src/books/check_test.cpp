// Every invariant that `check` examines is broken once in a forged directory.
#include "base/text.h"
#include "books/forge_testing.h"
#include "books/transact_testing.h"
#include "books/verify.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

struct Found {
  std::string code;
  Invariant invariant = Invariant::records;
  std::string file;
  std::string offset;
  std::string record;
};

// The faults, the first of each invariant first.
std::vector<Found> faults_of(storage::Disk& disk) {
  const auto report = check(disk);
  REQUIRE(report);
  std::vector<Found> found;
  for (const auto& finding : report->findings) {
    Found fault{finding.code, finding.invariant, {}, {}, {}};
    for (const auto& [key, value] : finding.args) {
      if (key == "file") fault.file = value;
      if (key == "offset") fault.offset = value;
      if (key == "record") fault.record = value;
    }
    found.push_back(fault);
  }
  return found;
}

bool names(storage::Disk& disk, Invariant invariant, const std::string& code) {
  const auto faults = faults_of(disk);
  return std::any_of(faults.begin(), faults.end(), [&](const Found& fault) {
    return fault.invariant == invariant && fault.code == code;
  });
}

bool leaves(storage::Disk& disk, const std::string& code) {
  const auto report = check(disk);
  REQUIRE(report);
  return std::any_of(report->leftovers.begin(), report->leftovers.end(),
                     [&](const Error& error) { return error.code == code; });
}

// The path of the only segment.
std::string segment_of(storage::Disk& disk) {
  const auto files = disk.list("journal/blocks");
  REQUIRE(files);
  return "journal/blocks/" + files->front();
}

// Changes what a transaction changes, in the first one that has a change of that kind.
template <class ChangeKind, class Edit>
void forge_change(storage::Disk& honest, storage::SimulatedDisk& disk, Edit edit) {
  bool is_done = false;
  forge_from(honest, disk, [&](std::uint64_t, std::string& open, std::string&, const Books&) {
    if (is_done || static_cast<Kind>(open[0]) != Kind::transaction) return;
    auto transaction = parse_transaction(open);
    REQUIRE(transaction);
    for (auto& change : transaction->changes) {
      auto* found = std::get_if<ChangeKind>(&change);
      if (found == nullptr || is_done) continue;
      is_done = edit(*found);
    }
    transaction->legs.resize(transaction->leg_count);
    open = open_text(*transaction);
  });
  CHECK(is_done);
}

void do_all(BooksWithDealings& books,
            const std::vector<std::pair<std::string, std::string>>& actions) {
  for (const auto& [action, data] : actions) REQUIRE_EQ(books.act(action, data), "ok");
}

const std::string to_ann = R"("flow":"grant","amount":"100","to":")" + ann() + "\"";

}  // namespace

TEST_CASE("check: good books have no fault, and every invariant was examined to its end") {
  storage::SimulatedDisk disk;
  fill(disk);
  const auto report = check(disk);
  REQUIRE(report);
  for (const auto& finding : report->findings) FAIL_CHECK(finding.code);
  CHECK(report->leftovers.empty());
  for (std::size_t at = 0; at < invariants; ++at) {
    CAPTURE(name_of(static_cast<Invariant>(at)));
    CHECK(report->examined[at].is_whole);
  }
  const auto count = [&](Invariant invariant) {
    return report->examined[static_cast<std::size_t>(invariant)].count;
  };
  CHECK_EQ(count(Invariant::chains), 20);
  CHECK_EQ(count(Invariant::snapshots), 1);
  CHECK_EQ(count(Invariant::decisions), 0);
  CHECK_EQ(count(Invariant::records), report->records);
}

TEST_CASE("check: it decides nothing again, which verify does") {
  storage::SimulatedDisk disk;
  storage::SimulatedDisk honest;
  fill(honest);
  forge_from(honest, disk,
             [](std::uint64_t number, std::string& open, std::string&, const Books& books) {
               if (number != 16) return;
               auto record = parse_open(open, books.rulebook());
               REQUIRE(record);
               record->credit.credited[0] += 1;
               open.clear();
               append_open(open, record->event, record->credit, books.rulebook());
             });
  CHECK(faults_of(disk).empty());
  const auto verified = verify(disk);
  REQUIRE(verified);
  REQUIRE_FALSE(verified->findings.empty());
  CHECK_EQ(verified->findings[0].invariant, Invariant::decisions);
}

TEST_CASE("check: a block whose bytes were changed is named with file and offset") {
  storage::SimulatedDisk disk;
  fill(disk);
  std::uint64_t offset = 0;
  {
    const auto open = Directory::open(disk, journal::Mode::read);
    REQUIRE(open);
    offset = (*open)->journal().blocks()[1].offset;
  }
  disk.flip(segment_of(disk), 8 * (offset + 300));
  const auto faults = faults_of(disk);
  REQUIRE_FALSE(faults.empty());
  CHECK_EQ(faults[0].code, "journal.damaged");
  CHECK_EQ(faults[0].invariant, Invariant::blocks);
  CHECK_EQ(faults[0].file, segment_of(disk));
  CHECK_EQ(faults[0].offset, std::to_string(offset));
}

TEST_CASE("check: an entry that boasts is named with its block's place") {
  storage::SimulatedDisk honest;
  fill(honest);
  storage::SimulatedDisk disk;
  forge_from(
      honest, disk, [](std::uint64_t, std::string&, std::string&, const Books&) {},
      [](std::uint64_t block, journal::BlockHeader& header) {
        if (block != 2) return;
        for (auto& [key, value] : header.facts) {
          if (key == "totals") value = Json::Object{{"events", Json::integer(1000)}};
        }
      });
  const auto faults = faults_of(disk);
  REQUIRE_EQ(faults.size(), 1);
  CHECK_EQ(faults[0].code, "verify.block_facts");
  CHECK_EQ(faults[0].invariant, Invariant::entries);
  CHECK_EQ(faults[0].file, segment_of(disk));
  CHECK_FALSE(faults[0].offset.empty());
}

TEST_CASE("check: a tile or a checkpoint that is not of these blocks is named") {
  storage::SimulatedDisk tile;
  fill(tile);
  for (const auto& path : tile.files()) {
    if (path.starts_with("journal/log/tile/")) tile.flip(path, 9);
  }
  CHECK(names(tile, Invariant::log, "verify.tile_differs"));
  storage::SimulatedDisk signature;
  fill(signature);
  const auto note = storage::read_whole(signature, "journal/log/checkpoint", 10000);
  REQUIRE(note);
  signature.flip("journal/log/checkpoint", 8 * (note->size() - 10));
  const auto faults = faults_of(signature);
  REQUIRE_FALSE(faults.empty());
  CHECK_EQ(faults[0].invariant, Invariant::log);
}

TEST_CASE("check: a record that cannot be read is named with its place") {
  storage::SimulatedDisk honest;
  fill(honest);
  storage::SimulatedDisk disk;
  forge_from(honest, disk,
             [](std::uint64_t number, std::string&, std::string& hidden, const Books&) {
               if (number == 16) hidden.assign(40, '\xFF');
             });
  const auto report = check(disk);
  REQUIRE(report);
  const auto faults = faults_of(disk);
  REQUIRE_EQ(faults.size(), 1);
  CHECK_EQ(faults[0].code, "record.malformed_event");
  CHECK_EQ(faults[0].invariant, Invariant::records);
  CHECK_EQ(faults[0].record, "16");
  CHECK_EQ(faults[0].file, segment_of(disk));
  // What comes after it was not examined, and it is not said that it was.
  CHECK_FALSE(report->examined[static_cast<std::size_t>(Invariant::sums)].is_whole);
}

TEST_CASE("check: a passbook that misses an entry is named by the record after it") {
  storage::SimulatedDisk honest;
  fill(honest);
  storage::SimulatedDisk disk;
  forge_from(honest, disk,
             [](std::uint64_t number, std::string& open, std::string& hidden, const Books& books) {
               if (number != 16) return;
               auto record = parse_event(open, std::string_view{hidden}.substr(journal::salt_bytes),
                                         number, books.rulebook());
               REQUIRE(record);
               record->links.previous = ledger::no_record;
               hidden.resize(journal::salt_bytes);
               append_body(hidden, record->event, record->links, number, books.rulebook());
             });
  const auto faults = faults_of(disk);
  REQUIRE_EQ(faults.size(), 1);
  CHECK_EQ(faults[0].code, "books.record_does_not_fit");
  CHECK_EQ(faults[0].invariant, Invariant::chains);
  CHECK_EQ(faults[0].record, "16");
}

TEST_CASE("check: what was erased without going back to the programme is missing from a sum") {
  storage::SimulatedDisk disk;
  fill(disk);
  auto open = open_books(disk);
  REQUIRE(open);
  const auto last = open->directory->books().accounts().holder({1}).last_record;
  REQUIRE(open->directory->journal().erase({last}));
  *open = {};
  CHECK(names(disk, Invariant::sums, "verify.erased_not_settled"));
}

TEST_CASE("check: units that are not there, or a change that is not legal, are named") {
  BooksWithDealings books;
  do_all(books, {{"issue", R"("units":"forest","account":"host","count":100,"vintage":2024,)"
                           R"("reference":"F-1")"},
                 {"move", R"("units":"forest","account":"host","to":"community","count":5)"}});
  storage::SimulatedDisk disk;
  forge_change<UnitsChanged>(books.disk, disk, [](UnitsChanged& changed) {
    changed.last += 1000;
    return true;
  });
  const auto faults = faults_of(disk);
  REQUIRE_FALSE(faults.empty());
  CHECK_EQ(faults[0].invariant, Invariant::units);
  CHECK_FALSE(faults[0].record.empty());
  CHECK_FALSE(faults[0].offset.empty());
}

TEST_CASE("check: what is set aside beyond the balance is named") {
  BooksWithDealings books;
  do_all(books, {{"transfer", to_ann},
                 {"hold", R"("rule":"deposit","amount":"40","account":")" + ann() + "\""}});
  CHECK(faults_of(books.disk).empty());
  storage::SimulatedDisk disk;
  forge_change<HoldPlaced>(books.disk, disk, [](HoldPlaced& placed) {
    placed.amount = 101;
    return true;
  });
  const auto faults = faults_of(disk);
  REQUIRE_EQ(faults.size(), 1);
  CHECK_EQ(faults[0].code, "check.held_beyond");
  CHECK_EQ(faults[0].invariant, Invariant::set_aside);
  CHECK_FALSE(faults[0].record.empty());
  storage::SimulatedDisk taken;
  do_all(books, {{"release", R"("hold":0)"}});
  forge_change<HoldTaken>(books.disk, taken, [](HoldTaken& change) {
    change.amount += 1;
    return true;
  });
  REQUIRE_FALSE(faults_of(taken).empty());
  CHECK_EQ(faults_of(taken)[0].invariant, Invariant::set_aside);
}

TEST_CASE("check: an order that changed as none may is named") {
  BooksWithDealings books;
  do_all(books, {{"transfer", to_ann},
                 {"order", R"("reward":"tree","account":")" + ann() + "\""},
                 {"step", R"("order":0,"state":"funded","funder":"bank")"}});
  storage::SimulatedDisk disk;
  forge_change<OrderChanged>(books.disk, disk, [](OrderChanged& changed) {
    changed.state = ledger::OrderState::replaced;
    return true;
  });
  REQUIRE_FALSE(faults_of(disk).empty());
  CHECK_EQ(faults_of(disk)[0].invariant, Invariant::orders);
}

TEST_CASE("check: a share of a closed period is named") {
  BooksWithDealings books;
  const auto stay = [](const std::string& period) {
    return R"("split":"stay","amount":"100 yuan","accounts":{"host":"host"},"period":")" + period +
           "\"";
  };
  do_all(books, {{"split", stay("2026-09")},
                 {"close", R"("split":"stay","period":"2026-09")"},
                 {"split", stay("2026-10")}});
  storage::SimulatedDisk disk;
  forge_change<SplitDone>(books.disk, disk, [](SplitDone& done) {
    if (done.period != "2026-10") return false;
    done.period = "2026-09";
    return true;
  });
  REQUIRE_FALSE(faults_of(disk).empty());
  CHECK_EQ(faults_of(disk)[0].invariant, Invariant::periods);
}

TEST_CASE("check: a transaction without all of its postings is named") {
  BooksWithDealings books;
  do_all(books, {{"transfer", to_ann}});
  storage::SimulatedDisk disk;
  forge_from(books.disk, disk, [](std::uint64_t, std::string& open, std::string&, const Books&) {
    if (static_cast<Kind>(open[0]) != Kind::transaction) return;
    auto transaction = parse_transaction(open);
    REQUIRE(transaction);
    transaction->legs.resize(transaction->leg_count + 1);
    open = open_text(*transaction);
  });
  REQUIRE_FALSE(faults_of(disk).empty());
  CHECK_EQ(faults_of(disk)[0].code, "books.record_does_not_fit");
  CHECK_EQ(faults_of(disk)[0].invariant, Invariant::records);
}

TEST_CASE("check: a snapshot that says something else, or of blocks that are not there, is named") {
  storage::SimulatedDisk disk;
  fill(disk);
  {
    auto open = open_books(disk);
    REQUIRE(open);
    auto& books = open->directory->books();
    const Event event{.account = {1}, .stream = 0, .time = test_time(), .id = {900, ""}, .rule = 1};
    Credit credit;
    credit.credited = credit.computed = {5, 0};
    Links links;
    links.previous = books.accounts().holder({1}).last_record;
    books.post(links.previous, event, credit, links);
    REQUIRE(write_snapshot(disk, books, open->directory->journal()));
  }
  CHECK(names(disk, Invariant::snapshots, "snapshot.differs"));
  storage::SimulatedDisk beyond;
  fill(beyond);
  const auto snapshots = snapshot_names(beyond);
  REQUIRE(snapshots);
  REQUIRE(beyond.rename("snapshots/" + snapshots->front(), "snapshots/snapshot-000000009999"));
  CHECK(names(beyond, Invariant::snapshots, "snapshot.other_journal"));
}

TEST_CASE("check: a quarantine that cannot be read is named with its line") {
  storage::SimulatedDisk disk;
  fill(disk);
  REQUIRE(disk.make_folder("quarantine"));
  REQUIRE(storage::replace_file(disk, "quarantine/refused.ndjson", "{\n"));
  CHECK(names(disk, Invariant::quarantine, "quarantine.malformed"));
}

TEST_CASE("check: what crashes have left is told and is no fault") {
  storage::SimulatedDisk disk;
  fill(disk);
  for (const auto* path : {"keys/salt.new", "snapshots/unfinished", "journal/log/checkpoint.new"}) {
    const auto file = disk.open(path, storage::Access::create);
    REQUIRE(file);
    REQUIRE((*file)->write(0, "half"));
  }
  // Half a block behind the last one, as a crash leaves it.
  std::uint64_t end = 0;
  std::string block;
  {
    const auto open = Directory::open(disk, journal::Mode::read);
    REQUIRE(open);
    const auto& last = (*open)->journal().blocks().back();
    end = last.offset + last.bytes;
    const auto bytes = (*open)->journal().read((*open)->journal().blocks().size() - 1);
    REQUIRE(bytes);
    block = *bytes;
  }
  const auto file = disk.open(segment_of(disk), storage::Access::write);
  REQUIRE(file);
  block[8] = static_cast<char>(block[8] + 1);  // The next block's number.
  REQUIRE((*file)->write(end, block.substr(0, 512) + std::string(512, '\0')));
  const auto report = check(disk);
  REQUIRE(report);
  for (const auto& finding : report->findings) FAIL_CHECK(finding.code);
  CHECK_EQ(report->leftovers.size(), 4);
  CHECK(leaves(disk, "check.unfinished_file"));
  CHECK(leaves(disk, "check.unfinished_write"));
}

TEST_CASE("check: an erasure that a crash cut short is told, or refused when it is half done") {
  storage::SimulatedDisk disk;
  fill(disk);
  {
    auto open = open_books(disk);
    REQUIRE(open);
    const auto& books = open->directory->books();
    Erasure erasure;
    erasure.account = {1};
    erasure.programme = "test.programme";
    erasure.last_record = books.accounts().holder({1}).last_record;
    erasure.why = "asked";
    for (const auto asset : {ledger::Asset::co2e, ledger::Asset::points}) {
      const auto held = books.accounts().balance(asset, {1});
      if (held != 0) erasure.balances.emplace_back(ledger::name_of(asset), held);
    }
    REQUIRE(open->writer->add(Fact{erasure}));
    REQUIRE(open->writer->flush());
  }
  CHECK(leaves(disk, "check.unfinished_erasure"));
  REQUIRE(storage::replace_file(disk, "journal/redo", "half"));
  CHECK(names(disk, Invariant::blocks, "journal.needs_recovery"));
}

TEST_CASE("check: what only a mistake of ours could bring about can be told, too") {
  const Error error{ErrorKind::corrupt, "check.units_not_whole", {{"units", "forest"}}, {}};
  CHECK_NE(message(error, Language::en).find("forest"), std::string::npos);
  CHECK_NE(message(error, Language::zh).find("forest"), std::string::npos);
}
