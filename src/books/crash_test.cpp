// A small life of the books on a disk that crashes at every operation, with random landings: after
// each, everything that was acknowledged is there exactly once and verification agrees.
#include <map>

#include "books/testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

// SplitMix64 (Steele, Lea and Flood 2014).
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_{seed} {}
  std::uint64_t operator()(std::uint64_t count) {
    state_ += 0x9E3779B97F4A7C15U;
    return ledger::spread(state_) % count;
  }

 private:
  std::uint64_t state_;
};

constexpr std::uint64_t trips = 12;

std::string trip(std::uint64_t number) {
  const auto time = "2026-11-" + std::to_string(10 + number % 9) + "T0" +
                    std::to_string(1 + number / 9) + ":00:00Z";
  return line_of({.account = number % 3, .time = time, .end = time, .identity = sequence(number)});
}

// What was acknowledged, however often the power failed.
struct Acknowledged {
  bool created = false;
  bool set_up = false;
  std::map<std::uint64_t, std::uint64_t> records;  // By the trip's number.
  std::uint64_t checkpoint = 0;
  bool erased = false;
};

// Goes on from wherever the books stand; stops at the first error.
Status live(storage::SimulatedDisk& disk, Acknowledged& acknowledged) {
  if (!disk.exists("books")) {
    // What an unfinished making left is thrown away, as the operator is told to.
    for (const auto& path : disk.files()) CHECK_OK(disk.remove(path));
    CHECK_OK(Directory::create(disk, "test.example/log", test_random, test_time()));
  }
  acknowledged.created = true;
  TRY(auto open, open_books(disk, test_time(), {.segment_bytes = 60000, .allocation_bytes = 8192}));
  const auto& books = open.directory->books();
  const auto facts = set_up_facts();
  // Each fact again from where the last life ended.
  for (auto at = open.directory->journal().records(); at < facts.size(); ++at) {
    CHECK_OK(open.writer->add(facts[at]));
    CHECK_OK(open.writer->flush());
  }
  acknowledged.set_up = true;
  for (std::uint64_t first = 1; first <= trips; first += 4) {
    std::string lines;
    for (auto number = first; number < first + 4; ++number) lines += trip(number);
    // The same lines in every life: what is there already must be told so.
    TRY(const auto told, import_text(open, lines, 2));
    for (std::uint64_t at = 0; at < 4; ++at) {
      const auto number = first + at;
      const auto outcome = told.outcomes[at];
      const bool was_erased =
          told.codes[at] == "event.account_erased" ||
          (outcome == Outcome::duplicate && told.records[at] == ledger::no_record);
      if (was_erased) continue;
      const bool fits = outcome == Outcome::accepted || outcome == Outcome::duplicate;
      if (!fits) return fail(ErrorKind::corrupt, "test.outcome", {{"code", told.codes[at]}});
      const auto [known, is_new] = acknowledged.records.emplace(number, told.records[at]);
      if (known->second != told.records[at]) return fail(ErrorKind::corrupt, "test.another_record");
      if (!is_new && outcome != Outcome::duplicate) return fail(ErrorKind::corrupt, "test.twice");
    }
    TRY(const auto signer, open.directory->signer());
    CHECK_OK(open.directory->journal().publish(signer));
    acknowledged.checkpoint = open.directory->journal().checkpoint().size;
    if (first == 5) CHECK_OK(write_snapshot(disk, books, open.directory->journal()));
  }
  if (books.accounts().holder({1}).state != ledger::Holder::State::erased) {
    CHECK_OK(erase_account(*open.directory, *open.writer, {1}, "asked"));
  }
  acknowledged.erased = true;
  return {};
}

// Everything that was acknowledged stands.
void check(storage::SimulatedDisk& disk, const Acknowledged& acknowledged) {
  const auto open = Directory::open(disk, journal::Mode::read);
  REQUIRE(open);
  const auto& books = (*open)->books();
  RecordLookup lookup{(*open)->journal(), books};
  for (const auto& [number, record] : acknowledged.records) {
    const auto found = lookup.at(record);
    REQUIRE(found);
    if (found->erased) {
      CHECK_EQ(number % 3, 1);
      continue;
    }
    CHECK_EQ(found->record.event.id.sequence, number);
  }
  CHECK_GE((*open)->journal().checkpoint().size, acknowledged.checkpoint);
  if (acknowledged.erased) {
    CHECK(books.accounts().holder({1}).state == ledger::Holder::State::erased);
    CHECK_EQ(books.accounts().balance(ledger::Asset::co2e, {1}), 0);
  }
  const auto report = verify(disk);
  REQUIRE(report);
  for (const auto& finding : report->findings) FAIL_CHECK(finding.code);
}

}  // namespace

TEST_CASE("crash: at every operation of a life of the books, nothing acknowledged is lost") {
  storage::SimulatedDisk calm;
  Acknowledged whole;
  REQUIRE(live(calm, whole));
  CHECK_EQ(whole.records.size(), trips);
  check(calm, whole);
  const auto operations = calm.operations();
  CHECK_GT(operations, 100);
  std::uint64_t recovered = 0;
  for (std::uint64_t operation = 0; operation < operations; ++operation) {
    // Twice for every fourth operation, the second time with another crash on the way back.
    for (std::uint64_t landing = 0; landing < (operation % 4 == 0 ? 2U : 1U); ++landing) {
      CAPTURE(operation);
      CAPTURE(landing);
      storage::SimulatedDisk disk;
      Acknowledged acknowledged;
      Draw draw{1000 * operation + landing};
      disk.fail_at(operation, storage::Fault::crash);
      const auto first = live(disk, acknowledged);
      if (first) break;  // The last operations may be those of another run.
      disk.crash([&](std::uint64_t count) { return draw(count); });
      if (landing == 1) {
        disk.fail_at(disk.operations() + draw(40), storage::Fault::crash);
        static_cast<void>(live(disk, acknowledged));
        disk.crash([&](std::uint64_t count) { return draw(count); });
      }
      disk.fail_at(~std::uint64_t{0}, storage::Fault::none);
      const auto again = live(disk, acknowledged);
      if (!again) {
        FAIL(again.error().code);
      }
      CHECK_EQ(acknowledged.erased, true);
      check(disk, acknowledged);
      ++recovered;
    }
  }
  CHECK_GT(recovered, operations);
}

TEST_CASE("crash: a full disk, a failed write or flush stops with its error, and nothing is lost") {
  for (const auto fault :
       {storage::Fault::error, storage::Fault::full, storage::Fault::short_write}) {
    for (std::uint64_t operation = 40; operation < 140; operation += 3) {
      CAPTURE(operation);
      storage::SimulatedDisk disk;
      Acknowledged acknowledged;
      disk.fail_at(operation, fault);
      const auto first = live(disk, acknowledged);
      if (!first) {
        const auto& code = first.error().code;
        const bool named = code.starts_with("storage.") || code == "journal.stopped";
        CHECK_MESSAGE(named, code);
      }
      Draw draw{operation};
      disk.crash([&](std::uint64_t count) { return draw(count); });
      disk.fail_at(~std::uint64_t{0}, storage::Fault::none);
      const auto again = live(disk, acknowledged);
      if (!again) FAIL(again.error().code);
      check(disk, acknowledged);
    }
  }
}
