#include "books/import.h"

#include "books/testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

struct Bench : BooksOnDisk {
  Told import(const std::string& text) {
    auto told = import_text(open, text);
    REQUIRE(told);
    return *std::move(told);
  }
  // Of one line: its outcome, and the code if there is one.
  std::string outcome(const std::string& line) {
    const auto told = import(line);
    REQUIRE_EQ(told.outcomes.size(), 1);
    return std::string{name_of(told.outcomes[0])} +
           (told.codes[0].empty() ? "" : " " + told.codes[0]);
  }
  [[nodiscard]] std::int64_t co2e(std::uint64_t index) const {
    return open.directory->books().accounts().balance(ledger::Asset::co2e, {index});
  }
  [[nodiscard]] std::int64_t points(std::uint64_t index) const {
    return open.directory->books().accounts().balance(ledger::Asset::points, {index});
  }
  VerifyReport verified() {
    auto report = verify(disk);
    REQUIRE(report);
    for (const auto& finding : report->findings) {
      std::string args;
      for (const auto& [key, value] : finding.args) args += " " + key + "=" + value;
      CHECK_MESSAGE(false, finding.code, args);
    }
    return *std::move(report);
  }
};

}  // namespace

TEST_CASE("import: a trip is credited, with points, and can be read in the passbook") {
  Bench bench;
  CHECK_EQ(bench.outcome(line_of({})), "accepted");
  CHECK_EQ(bench.co2e(0), 1'000'000);  // 10 km at 100 g, in mg.
  CHECK_EQ(bench.points(0), 1);
  // By foot: the field is in metres; 5,500 m, one tier, no act's end.
  CHECK_EQ(
      bench.outcome(R"({"specversion":"1.0","id":"a","source":"app","type":"walk","subject":")" +
                    account(0) + R"(","time":"2026-11-20T10:00:00Z","data":{"m":5500}})" + "\n"),
      "accepted");
  CHECK_EQ(bench.co2e(0), 1'275'000);  // Declared: half.
  std::vector<std::int64_t> changes;
  const auto& books = bench.open.directory->books();
  REQUIRE(walk_passbook(bench.open.directory->journal(), books, {0},
                        books.accounts().holder({0}).last_record, [&](const PassbookEntry& entry) {
                          changes.push_back(changes_of(entry, books.rulebook())[0]);
                          return true;
                        }));
  CHECK_EQ(changes, std::vector<std::int64_t>{275'000, 1'000'000});
  CHECK_EQ(bench.verified().events, 2);
}

TEST_CASE("import: the same event again is a duplicate, another content a conflict") {
  Bench bench;
  const auto first = bench.import(line_of({}));
  const auto again = bench.import(line_of({}));
  CHECK(again.outcomes[0] == Outcome::duplicate);
  CHECK_EQ(again.records[0], first.records[0]);
  CHECK_EQ(bench.outcome(line_of({.km = "11"})), "conflict event.conflict");
  CHECK_EQ(bench.outcome(line_of({.account = 1})), "conflict event.conflict");
  CHECK_EQ(bench.co2e(0), 1'000'000);
  // 10 and 10.0 were written differently, and are told apart.
  CHECK_EQ(bench.outcome(line_of({.km = "10.0"})), "conflict event.conflict");
  // Within one batch, before anything is durable.
  const Trip later{
      .time = "2026-11-20T09:00:00Z", .end = "2026-11-20T09:10:00Z", .identity = sequence(2)};
  auto other = later;
  other.km = "12";
  const auto told = bench.import(line_of(later) + line_of(later) + line_of(other));
  CHECK(told.outcomes == std::vector{Outcome::accepted, Outcome::duplicate, Outcome::conflict});
  // And with ids instead of numbers.
  const Trip with_id{.account = 2, .source = "app", .identity = R"("subject2":"")"};
  CHECK_EQ(bench.outcome(line_of(with_id)), "accepted");
  CHECK_EQ(bench.outcome(line_of(with_id)), "duplicate");
  bench.verified();
}

TEST_CASE("import: numbers may come out of order, but not far ahead") {
  Bench bench;
  const auto at = [](std::uint64_t number, const char* hour) {
    return line_of({.time = std::string{"2026-11-20T"} + hour + ":00:00Z",
                    .end = std::string{"2026-11-20T"} + hour + ":10:00Z",
                    .km = "1",
                    .identity = sequence(number)});
  };
  const auto told = bench.import(at(70'000, "01") + at(69'999, "02") + at(10'000, "03") +
                                 at(1, "04") + at(70'000 + (1U << 20U) + 1, "05"));
  CHECK_EQ(told.codes,
           std::vector<std::string>{"", "", "", "event.sequence_passed", "event.sequence_ahead"});
}

TEST_CASE("import: caps clamp, and what was cut off is written down") {
  Bench bench;
  std::string lines;
  for (int hour = 1; hour <= 4; ++hour) {
    const auto at = "2026-11-20T0" + std::to_string(hour);
    lines += line_of({.time = at + ":00:00Z",
                      .end = at + ":10:00Z",
                      .identity = sequence(static_cast<std::uint64_t>(hour))});
  }
  const auto told = bench.import(lines);
  CHECK(told.outcomes ==
        std::vector{Outcome::accepted, Outcome::accepted, Outcome::accepted, Outcome::limited});
  CHECK_EQ(bench.co2e(0), 3'000'000);
  CHECK_EQ(bench.points(0), 3);
  // A withdrawal gives the room back from then on.
  CHECK_EQ(
      bench.outcome(
          R"({"specversion":"1.0","id":"w","source":"gates","type":"partake.withdrawal","subject":")" +
          account(0) + R"(","time":"2026-11-20T11:00:00Z","sequence":"5","replaces":"2"})" + "\n"),
      "accepted");
  CHECK_EQ(bench.co2e(0), 2'000'000);
  CHECK_EQ(bench.points(0), 2);
  CHECK_EQ(bench.outcome(line_of({.time = "2026-11-20T06:00:00Z",
                                  .end = "2026-11-20T06:10:00Z",
                                  .km = "4",
                                  .identity = sequence(6)})),
           "accepted");
  CHECK_EQ(bench.co2e(0), 2'400'000);
  bench.verified();
}

TEST_CASE("import: an act is credited once; better evidence is credited the difference") {
  Bench bench;
  // Declared first, then seen by the gates.
  CHECK_EQ(bench.outcome(line_of({.source = "app", .identity = R"("x":1)"})), "accepted");
  CHECK_EQ(bench.co2e(0), 500'000);
  CHECK_EQ(bench.outcome(line_of({.time = "2026-11-20T08:05:00Z"})), "limited");
  CHECK_EQ(bench.co2e(0), 1'000'000);
  // Declared once more, under another id: nothing.
  CHECK_EQ(
      bench.outcome(
          R"({"specversion":"1.0","id":"y","source":"app","type":"trip","subject":")" + account(0) +
          R"(","time":"2026-11-20T08:10:00Z","data":{"km":99,"end":"2026-11-20T08:20:00Z"}})" +
          "\n"),
      "limited");
  CHECK_EQ(bench.co2e(0), 1'000'000);
  // Somebody else at the same time is somebody else.
  CHECK_EQ(bench.outcome(line_of({.account = 1, .identity = sequence(2)})), "accepted");
  // A minute apart still touches; more does not.
  CHECK_EQ(bench.outcome(line_of({.account = 1,
                                  .time = "2026-11-20T08:31:00Z",
                                  .end = "2026-11-20T08:40:00Z",
                                  .identity = sequence(3)})),
           "limited");
  CHECK_EQ(bench.outcome(line_of({.account = 1,
                                  .time = "2026-11-20T08:41:01Z",
                                  .end = "2026-11-20T08:50:00Z",
                                  .identity = sequence(4)})),
           "accepted");
  bench.verified();
}

TEST_CASE("import: a correction reverses and credits anew") {
  Bench bench;
  bench.import(line_of({}));
  CHECK_EQ(
      bench.outcome(line_of({.km = "20", .identity = sequence(2), .more = R"(,"replaces":"1")"})),
      "accepted");
  CHECK_EQ(bench.co2e(0), 2'000'000);
  CHECK_EQ(bench.points(0), 2);
  CHECK_EQ(bench.outcome(line_of({.identity = sequence(3), .more = R"(,"replaces":"1")"})),
           "rejected event.replaced_before");
  CHECK_EQ(bench.outcome(line_of({.identity = sequence(3), .more = R"(,"replaces":"99")"})),
           "rejected event.nothing_to_replace");
  CHECK_EQ(
      bench.outcome(line_of({.account = 1, .identity = sequence(3), .more = R"(,"replaces":"2")"})),
      "rejected event.nothing_to_replace");
  bench.verified();
}

TEST_CASE("import: what is not allowed is refused, and good lines around it go on") {
  Bench bench;
  auto number = std::uint64_t{1};
  const auto refused = [&](Trip trip) {
    if (trip.identity == R"("sequence":"1")") trip.identity = sequence(number);
    return bench.outcome(line_of(trip));
  };
  CHECK_EQ(refused({.account = 77}), "rejected event.unknown_account");
  CHECK_EQ(refused({.account = 3}), "rejected event.actor_not_accepted");
  CHECK_EQ(refused({.source = "other"}), "rejected event.no_consent");
  CHECK_EQ(refused({.source = "nobody"}), "rejected event.unknown_source");
  CHECK_EQ(refused({.time = "2026-10-20T08:00:00Z", .end = "2026-10-20T08:10:00Z"}),
           "rejected event.too_late");
  CHECK_EQ(refused({.time = "2026-11-20T14:00:00Z", .end = "2026-11-20T14:10:00Z"}),
           "rejected event.in_future");
  CHECK_EQ(refused({.time = "9999-11-20T14:00:00Z"}), "rejected time.malformed_instant");
  CHECK_EQ(refused({.time = "2026-11-20T08:00:00"}), "rejected time.malformed_instant");
  CHECK_EQ(refused({.km = "-1"}), "rejected method.out_of_range");
  CHECK_EQ(refused({.km = "1e300"}), "rejected method.out_of_range");
  CHECK_EQ(refused({.km = "12345678901234567890"}), "rejected event.too_many_digits");
  CHECK_EQ(refused({.km = R"("ten")"}), "rejected decimal.malformed");
  CHECK_EQ(refused({.km = "true"}), "rejected event.wrong_type");
  CHECK_EQ(refused({.end = "2026-11-20T07:00:00Z"}), "rejected event.bad_length");
  CHECK_EQ(bench.outcome("{\"specversion\":\"1.0\",\n"), "rejected event.malformed_json");
  const auto told = bench.import(std::string(70'000, 'x') + "\n" + line_of({}) + "[1]\n");
  CHECK_EQ(told.codes, std::vector<std::string>{"event.too_large", "", "event.malformed_json"});
  CHECK_EQ(bench.verified().events, 1);
}

// Any split of the same input into blocks and batches gives the same records and balances.
TEST_CASE("import: results do not depend on how the input was split") {
  std::string lines;
  for (std::uint64_t at = 0; at < 300; ++at) {
    const auto hour = at % 10;
    const auto minute = 10 + at % 50;
    const auto time = "2026-11-1" + std::to_string(at % 9) + "T0" + std::to_string(hour) + ":" +
                      std::to_string(minute) + ":00Z";
    Trip trip{.account = at % 4, .time = time, .end = time, .km = std::to_string(1 + at % 20)};
    trip.source = at % 3 == 0 ? "app" : "gates";
    trip.identity = at % 3 == 0 ? R"("x":1)" : sequence(1 + (at * 7) % 100);
    if (at % 11 == 0) trip.more = R"(,"replaces":")" + std::to_string(1 + at % 50) + "\"";
    auto line = line_of(trip);
    if (at % 3 == 0) line.replace(line.find("\"x\""), 3, "\"id" + std::to_string(at % 60) + "\"");
    lines += line;
    if (at % 13 == 0) lines += line;
  }
  struct Result {
    Told told;
    std::vector<std::string> records;
    std::vector<std::int64_t> balances;
  };
  const auto run = [&](std::uint32_t block_records, std::size_t chunk) {
    Bench bench;
    Result result;
    for (std::size_t at = 0; at < lines.size();) {
      auto end = chunk == 0 ? lines.size() : std::min(lines.size(), at + chunk);
      end = end == lines.size() ? end : lines.find('\n', end) + 1;
      const auto told = import_text(bench.open, lines.substr(at, end - at), block_records);
      REQUIRE(told);
      result.told.outcomes.insert(result.told.outcomes.end(), told->outcomes.begin(),
                                  told->outcomes.end());
      result.told.codes.insert(result.told.codes.end(), told->codes.begin(), told->codes.end());
      at = end;
    }
    RecordLookup lookup{bench.open.directory->journal(), bench.open.directory->books()};
    for (std::uint64_t number = 0; number < bench.open.directory->journal().records(); ++number) {
      result.records.push_back(*lookup.bytes_of(number));
    }
    for (std::uint64_t at = 0; at < 4; ++at) result.balances.push_back(bench.co2e(at));
    bench.verified();
    return result;
  };
  const auto whole = run(8192, 0);
  std::array<int, outcomes> seen{};
  for (const auto outcome : whole.told.outcomes) ++seen[static_cast<std::size_t>(outcome)];
  for (std::size_t at = 0; at < outcomes; ++at) {
    CHECK_MESSAGE(seen[at] > 0, std::string{name_of(static_cast<Outcome>(at))});
  }
  for (const auto& [block_records, chunk] :
       {std::pair<std::uint32_t, std::size_t>{1, 0}, {7, 0}, {8192, 1}, {3, 1000}}) {
    const auto split = run(block_records, chunk);
    CHECK(split.told.outcomes == whole.told.outcomes);
    CHECK(split.told.codes == whole.told.codes);
    CHECK(split.records == whole.records);
    CHECK(split.balances == whole.balances);
  }
}

TEST_CASE("import: opening again, from records or a snapshot, gives the same books") {
  Bench bench;
  bench.import(line_of({}) + line_of({.account = 1, .identity = sequence(2)}));
  const auto state = [](const Books& books) {
    std::string bytes;
    books.save([&](std::string_view name, std::string_view section) {
      bytes += name;
      bytes += section;
    });
    return bytes;
  };
  const auto before = state(bench.open.directory->books());
  REQUIRE(
      write_snapshot(bench.disk, bench.open.directory->books(), bench.open.directory->journal()));
  bench.import(line_of({.account = 2, .source = "app", .identity = R"("x":1)"}));
  const auto after = state(bench.open.directory->books());
  CHECK(before != after);
  const auto with = Directory::open(bench.disk, journal::Mode::read);
  REQUIRE(with);
  CHECK((*with)->bad_snapshots().empty());
  CHECK(state((*with)->books()) == after);
  REQUIRE(remove_snapshots(bench.disk));
  const auto without = Directory::open(bench.disk, journal::Mode::read);
  REQUIRE(without);
  CHECK(state((*without)->books()) == after);
}

TEST_CASE("erase: the person is gone, totals and proofs stay") {
  Bench bench;
  bench.import(line_of({}) + line_of({.account = 1, .identity = sequence(2)}));
  REQUIRE(bench.open.writer->add(
      Fact{ConsentChange{{0},
                         {"other", purpose_credit, day_max},
                         true,
                         bench.open.directory->books().accounts().holder({0}).last_record}}));
  REQUIRE(bench.open.writer->flush());
  const auto root = bench.open.directory->journal().root();
  const auto blocks = bench.open.directory->journal().blocks().size();
  const auto erased = erase_account(*bench.open.directory, *bench.open.writer, {0}, "asked for it");
  if (!erased)
    FAIL(erased.error().code, erased.error().args.empty() ? "" : erased.error().args[0].second);
  CHECK_EQ(erased->erasure.records, 2);
  CHECK_EQ(bench.co2e(0), 0);
  CHECK_EQ(bench.open.directory->journal().blocks().size(), blocks + 1);
  CHECK(bench.open.directory->journal().root() != root);
  const auto report = bench.verified();
  CHECK_EQ(report.erased.events, 2);
  CHECK_EQ(report.erased.credited[0], 1'000'000);
  CHECK_EQ(report.totals.credited[0], 2'000'000);
  CHECK_EQ(bench.outcome(line_of({.time = "2026-11-20T10:00:00Z",
                                  .end = "2026-11-20T10:10:00Z",
                                  .identity = sequence(3)})),
           "rejected event.account_erased");
  CHECK_EQ(erase_account(*bench.open.directory, *bench.open.writer, {0}, "").error().code,
           "account.erased_before");
  bench.open = {};
  auto again = open_books(bench.disk);
  REQUIRE(again);
  CHECK_EQ(again->directory->books().accounts().unnamed(ledger::Asset::co2e, 0), 0);
  CHECK_EQ(again->directory->books().accounts().balance(ledger::Asset::co2e, {1}), 1'000'000);
}
