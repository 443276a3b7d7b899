#include "books/writer.h"

#include "books/event_reader.h"
#include "books/quarantine.h"
#include "books/testing.h"
#include "storage/eventful_disk.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

std::string trips(std::uint64_t first, std::uint64_t count) {
  std::string lines;
  for (auto number = first; number < first + count; ++number) {
    const auto time = "2026-11-" + std::to_string(10 + number % 10) + "T08:00:00Z";
    lines +=
        line_of({.account = number % 3, .time = time, .end = time, .identity = sequence(number)});
  }
  return lines;
}

// Where flushes wait while it is shut.
class Gate {
 public:
  void shut(bool is_shut) {
    const std::lock_guard lock{mutex_};
    is_shut_ = is_shut;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return !is_shut_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_shut_ = false;
};

struct Bench : BooksOnDisk {
  Status add_fact() {
    TRY(const auto number,
        open.writer->add(Fact{AccountsOpened{"test.programme", "person", 1, {}}}));
    static_cast<void>(number);
    return {};
  }
};

}  // namespace

TEST_CASE("writer: records of a block that could not be made durable are not called durable") {
  Bench bench;
  const auto before = bench.open.writer->durable_records();
  CHECK_EQ(before, bench.open.writer->records());
  bench.disk.fail_at(bench.disk.operations() + 1, storage::Fault::error);  // Its flush.
  REQUIRE(bench.add_fact());
  const auto flushed = bench.open.writer->flush();
  REQUIRE_FALSE(flushed);
  CHECK_EQ(flushed.error().code, "storage.failed");
  CHECK_EQ(bench.open.writer->records(), before + 1);
  CHECK_EQ(bench.open.writer->durable_records(), before);
  // Also once the next block was begun, as it is while the failing one is on its way.
  static_cast<void>(bench.add_fact());
  CHECK_EQ(bench.open.writer->durable_records(), before);
}

TEST_CASE("writer: a block that was begun for nothing does not keep its time") {
  BooksOnDisk bench;
  auto now = test_time();
  auto& directory = *bench.open.directory;
  auto salter = directory.salter(test_random, now);
  REQUIRE(salter);
  bench.open.writer.reset();
  Writer writer{directory.journal(), directory.books(), *std::move(salter), [&] { return now; }};
  REQUIRE(writer.begin_event());  // Nothing comes of it.
  REQUIRE(writer.flush());
  now += std::chrono::hours{50};
  REQUIRE(writer.begin_event());
  CHECK_EQ(directory.books().admitted(), now);
  REQUIRE(writer.add(Fact{AccountsOpened{"test.programme", "person", 1, {}}}));
  REQUIRE(writer.flush());
  CHECK(verify(bench.disk)->findings.empty());
}

TEST_CASE("writer: while blocks wait for the disk, their records are found and none is durable") {
  storage::SimulatedDisk simulated;
  REQUIRE(Directory::create(simulated, "test.example/log", test_random, test_time()));
  Gate gate;
  storage::EventfulDisk disk{simulated, {.before_sync = [&] { gate.pass(); }}};
  auto opened = open_books(disk);
  REQUIRE(opened);
  auto open = *std::move(opened);
  REQUIRE(set_up(open));
  auto& books = open.directory->books();
  auto& writer = *open.writer;
  const auto before = writer.records();
  gate.shut(true);
  const std::shared_ptr<void> opener{nullptr, [&](void*) { gate.shut(false); }};  // In any case.
  // Three blocks on their way, and one that is being gathered; by number and by id.
  EventReader reader{books.rulebook()};
  Admission admission{books, writer};
  Salter salter = writer.salter();
  std::vector<ReadEvent> events(4);
  for (std::size_t at = 0; at < events.size(); ++at) {
    const auto name = std::to_string(at + 1);
    auto line = line_of({.account = at % 3,
                         .time = "2026-11-1" + name + "T08:00:00Z",
                         .end = "2026-11-1" + name + "T08:30:00Z",
                         .source = at % 2 == 0 ? "gates" : "app",
                         .identity = at % 2 == 0 ? sequence(at + 1) : R"("x":1)"});
    // Each its own id.
    line.replace(line.find(R"("id":"x")"), 8, R"("id":")" + name + "\"");
    line.reserve(line.size() + EventReader::json_padding);
    reader.read(line, events[at]);
    REQUIRE(events[at].is_good);
    REQUIRE(writer.begin_event());
    const Event* const event = &events[at].event;
    REQUIRE(admission.quantify({&event, 1}));
    Decision decision;
    REQUIRE(admission.decide(0, *event, decision));
    REQUIRE(decision.outcome == Outcome::accepted);
    std::vector<journal::Salt> salts;
    salter.salt({&events[at], 1}, salts);
    REQUIRE(writer.add(*event, salts[0], decision));
    if (at < 3) REQUIRE(writer.seal());
  }
  CHECK_EQ(writer.durable_records(), before);
  for (std::size_t at = 0; at < events.size(); ++at) {
    const auto& event = events[at].event;
    const auto found = writer.at(before + at);
    REQUIRE(found);
    CHECK_EQ(found->record.event.id, event.id);
    CHECK_EQ(found->record.event.account, event.account);
    // Numbered ones are looked for in whole blocks, once those are durable.
    if (at % 2 == 0 && at < 3) continue;
    const auto by_id = writer.find(event.stream, event.id);
    REQUIRE(by_id);
    REQUIRE(by_id->has_value());
    CHECK_EQ((*by_id)->number, before + at);
  }
  gate.shut(false);
  REQUIRE(writer.flush());
  CHECK_EQ(writer.durable_records(), before + events.size());
}

// Each flush of an import fails in turn. The books then say why, and leave the disk alone until
// they are opened again: whatever is asked of them, no flush is tried a second time.
TEST_CASE("writer: after a flush that failed nothing is tried again") {
  const std::string lines = trips(1, 6);
  std::uint64_t calm_operations = 0;
  {
    Bench bench;
    const auto start = bench.disk.operations();
    REQUIRE(import_text(bench.open, lines, 2));
    calm_operations = bench.disk.operations() - start;
  }
  std::uint64_t failed_flushes = 0;
  for (std::uint64_t operation = 0; operation < calm_operations; ++operation) {
    CAPTURE(operation);
    Bench bench;
    const auto syncs_before = bench.disk.syncs();
    bench.disk.fail_at(bench.disk.operations() + operation, storage::Fault::error);
    const auto told = import_text(bench.open, lines, 2);
    REQUIRE_FALSE(told);
    CHECK_EQ(told.error().code, "storage.failed");
    if (bench.disk.syncs() > syncs_before) ++failed_flushes;
    const auto syncs = bench.disk.syncs();
    const auto operations = bench.disk.operations();
    CHECK_EQ(bench.open.writer->flush().error().code, "storage.failed");
    CHECK_EQ(import_text(bench.open, trips(7, 1)).error().code, "storage.failed");
    CHECK_EQ(bench.open.writer->flush().error().code, "storage.failed");
    const auto signer = bench.open.directory->signer();
    REQUIRE(signer);
    CHECK_EQ(bench.open.directory->journal().publish(*signer).error().code, "journal.stopped");
    const auto erased = erase_account(*bench.open.directory, *bench.open.writer, {0}, "asked");
    CHECK_EQ(erased.error().code, "storage.failed");
    CHECK_EQ(bench.disk.syncs(), syncs);
    CHECK_EQ(bench.disk.operations(), operations);
  }
  CHECK_GT(failed_flushes, 2);
}

TEST_CASE("quarantine: after a flush that failed nothing is tried again") {
  const auto refused = [](const std::string& document) {
    Refused entry;
    entry.reason.code = "event.malformed_json";
    entry.document = document;
    return entry;
  };
  storage::SimulatedDisk disk;
  auto quarantine = Quarantine::open(disk);
  REQUIRE(quarantine);
  REQUIRE(quarantine->add(refused("a")));
  REQUIRE(quarantine->flush());
  REQUIRE(quarantine->add(refused("b")));
  disk.fail_at(disk.operations() + 1, storage::Fault::error);
  CHECK_EQ(quarantine->flush().error().code, "storage.failed");
  const auto syncs = disk.syncs();
  CHECK_EQ(quarantine->flush().error().code, "storage.failed");
  CHECK_EQ(quarantine->remove({1}).error().code, "storage.failed");
  REQUIRE(quarantine->add(refused("c")));
  CHECK_EQ(quarantine->flush().error().code, "storage.failed");
  CHECK_EQ(disk.syncs(), syncs);
  // Opened again, it holds what was flushed and perhaps the rest, and goes on.
  disk.crash([](std::uint64_t) { return 0U; });
  auto again = Quarantine::open(disk);
  REQUIRE(again);
  CHECK_EQ(again->entries().size(), 1);
  REQUIRE(again->add(refused("b")));
  CHECK(again->flush());
}
