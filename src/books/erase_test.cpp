#include "books/erase.h"

#include "books/testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

constexpr std::uint64_t trips = 30;

struct Bench : BooksOnDisk {
  Bench() {
    std::string lines;
    for (std::uint64_t number = 1; number <= trips; ++number) {
      const auto time = "2026-11-1" + std::to_string(number % 10) + "T0" +
                        std::to_string(number / 10) + ":00:00Z";
      lines +=
          line_of({.account = number % 3, .time = time, .end = time, .identity = sequence(number)});
    }
    REQUIRE(import_text(open, lines, 4));
  }
  [[nodiscard]] journal::Journal& journal() { return open.directory->journal(); }
  [[nodiscard]] Books& books() { return open.directory->books(); }
  [[nodiscard]] std::vector<std::uint64_t> records_of(AccountIndex account) {
    std::vector<std::uint64_t> records;
    REQUIRE(walk_passbook(journal(), books(), account,
                          books().accounts().holder(account).last_record,
                          [&](const PassbookEntry& entry) {
                            records.insert(records.begin(), entry.record);
                            return true;
                          }));
    return records;
  }
  Result<ErasureResult> erase(AccountIndex account) {
    return erase_account(*open.directory, *open.writer, account, "asked");
  }
};

}  // namespace

TEST_CASE("erase: what it says that it checked is so") {
  Bench bench;
  const auto records = bench.records_of({1});
  CHECK_EQ(records.size(), trips / 3);
  const auto before = standing_of(bench.journal(), bench.books());
  const auto held = bench.books().accounts().balance(ledger::Asset::co2e, {1});
  const auto others = bench.books().accounts().balance(ledger::Asset::co2e, {2});
  const auto erased = bench.erase({1});
  REQUIRE(erased);
  CHECK_EQ(erased->record, bench.journal().records() - 1);
  CHECK_EQ(erased->checks.records_read, records.size());
  CHECK_EQ(erased->checks.records_hidden, records.size());
  CHECK_GT(erased->checks.blocks_changed, 5);
  CHECK_EQ(erased->checks.blocks, before.blocks);
  CHECK_EQ(erased->checks.root, before.root);
  CHECK_EQ(erased->checks.totals.events, trips);
  CHECK_EQ(erased->checks.accounts, 4);
  REQUIRE_EQ(erased->erasure.balances.size(), 2);
  CHECK_EQ(erased->erasure.balances[0].second, held);
  CHECK_EQ(*check_hidden(bench.journal(), records), erased->checks.blocks_changed);
  CHECK(check_standing(before, erased->erasure, bench.journal(), bench.books()));
  CHECK_EQ(bench.books().accounts().balance(ledger::Asset::co2e, {2}), others);
  const auto report = verify(bench.disk);
  REQUIRE(report);
  CHECK(report->findings.empty());
}

TEST_CASE("erase: an account without records is erased, too") {
  Bench bench;
  const auto erased = bench.erase({3});
  REQUIRE(erased);
  CHECK_EQ(erased->checks.records_read, 0);
  CHECK_EQ(erased->checks.blocks_changed, 0);
}

TEST_CASE("erase: of snapshots nothing is left, nor of one that a crash cut short") {
  Bench bench;
  REQUIRE(write_snapshot(bench.disk, bench.books(), bench.journal()));
  REQUIRE(storage::replace_file(bench.disk, "snapshots/unfinished", "a balance of somebody"));
  REQUIRE(bench.erase({1}));
  const auto names = bench.disk.list("snapshots");
  REQUIRE(names);
  CHECK_EQ(*names, std::vector<std::string>{});
}

TEST_CASE("erase: a balance that the records do not add up to is told, and nothing is changed") {
  Bench bench;
  const auto records = bench.journal().records();
  const auto last = bench.books().accounts().holder({1}).last_record;
  // In memory alone, as a snapshot that somebody changed would have it.
  Credit credit;
  credit.credited = credit.computed = {5, 0};
  const Event event{.account = {1}, .stream = 0, .time = test_time(), .id = {900, ""}, .rule = 1};
  bench.books().post(last, event, credit, {});
  const auto erased = bench.erase({1});
  REQUIRE_FALSE(erased);
  CHECK_EQ(erased.error().code, "erase.balance_differs");
  CHECK_EQ(erased.error().kind, ErrorKind::corrupt);
  CHECK_EQ(bench.journal().records(), records);
  CHECK_EQ(check_hidden(bench.journal(), std::vector{last}).error().code, "erase.still_readable");
}

TEST_CASE("erase: a block whose records do not make its root any more is found") {
  storage::SimulatedDisk disk;
  auto journal = journal::Journal::create(disk, "journal", "test.example/log");
  REQUIRE(journal);
  journal::BlockBuilder builder;
  const std::string hidden(40, 'h');
  builder.add({"open", hidden});
  REQUIRE(journal->append(builder, {}));
  REQUIRE(journal->erase({0}));
  const std::vector<std::uint64_t> records{0};
  CHECK_EQ(*check_hidden(*journal, records), 1);
  // The same block with another commitment in place of the first, and a checksum that fits it.
  rewrite_block(disk, "journal", *journal, 0, [](std::string& bytes, std::size_t body) {
    bytes[body + 8] = static_cast<char>(bytes[body + 8] ^ 1);
  });
  const auto found = check_hidden(*journal, records);
  REQUIRE_FALSE(found);
  CHECK_EQ(found.error().code, "erase.root_differs");
}

TEST_CASE("erase: whatever should have stayed and did not is named") {
  Bench bench;
  const auto before = standing_of(bench.journal(), bench.books());
  const auto erased = bench.erase({1});
  REQUIRE(erased);
  const auto code_of = [&](const Standing& standing, const Erasure& erasure) {
    const auto status = check_standing(standing, erasure, bench.journal(), bench.books());
    return status ? std::string{"ok"} : status.error().code;
  };
  CHECK_EQ(code_of(before, erased->erasure), "ok");
  auto other = before;
  other.root[0] ^= 1U;
  CHECK_EQ(code_of(other, erased->erasure), "erase.root_differs");
  other = before;
  ++other.totals.events;
  CHECK_EQ(code_of(other, erased->erasure), "erase.total_differs");
  other = before;
  ++other.totals.credited[0];
  CHECK_EQ(code_of(other, erased->erasure), "erase.total_differs");
  other = before;
  ++other.programmes[0].issued[0];
  CHECK_EQ(code_of(other, erased->erasure), "erase.total_differs");
  auto erasure = erased->erasure;
  erasure.account = {2};  // Still holds something.
  CHECK_EQ(code_of(before, erasure), "erase.total_differs");
  // An erased act that no erasure took back.
  Books half;
  const auto facts = set_up_facts();
  for (std::uint64_t number = 0; number < facts.size(); ++number) {
    REQUIRE(half.apply(number, facts[number]));
  }
  auto standing = standing_of(bench.journal(), half);
  const std::string commitment(32, 'c');
  std::string open;
  Credit credit;
  credit.credited = {7, 0};
  append_open(open, Event{.rule = 0}, credit, half.rulebook());
  REQUIRE(half.apply(facts.size(), journal::Record{open, commitment, true}));
  standing.totals = half.totals();
  standing.programmes = half.accounts().programmes();
  const Erasure nobody{{0}, "test.programme", 0, 0, {}, "asked"};
  const auto unsettled = check_standing(standing, nobody, bench.journal(), half);
  REQUIRE_FALSE(unsettled);
  CHECK_EQ(unsettled.error().code, "verify.erased_not_settled");
  // A balance that nobody issued.
  Books rich;
  for (std::uint64_t number = 0; number < facts.size(); ++number) {
    REQUIRE(rich.apply(number, facts[number]));
  }
  const std::array<std::int64_t, 4> balances{0, 1, 0, 0};
  REQUIRE(rich.restore("balances.water",
                       {reinterpret_cast<const char*>(balances.data()), sizeof balances}));
  const auto uneven =
      check_standing(standing_of(bench.journal(), rich), nobody, bench.journal(), rich);
  REQUIRE_FALSE(uneven);
  CHECK_EQ(uneven.error().code, "verify.sum_not_zero");
}
