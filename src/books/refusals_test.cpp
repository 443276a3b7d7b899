// Refusals that need a programme or books of their own kind; the lines around them go on.
#include "books/testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE_NE(at, std::string::npos);
  return text.replace(at, from.size(), to);
}

// Books of a programme and a method that were changed.
struct Bench {
  storage::SimulatedDisk disk;
  OpenBooks open;
  ProgrammeNumbers numbers;

  explicit Bench(const std::string& programme = programme_text,
                 const std::string& method = method_text) {
    REQUIRE(Directory::create(disk, "test.example/log", test_random, test_time()));
    auto opened = open_books(disk);
    REQUIRE(opened);
    open = *std::move(opened);
    publish(programme, method);
    add(SourceState{"gates", "test.programme", "A", true, 0, {}, false});
    add(SourceState{"app", "test.programme", "C", false, 0, {}, false});
    const std::vector<ConsentGiven> consents{{"gates"}, {"app"}};
    add(AccountsOpened{"test.programme", "person", 4, consents});
  }
  void add(const Fact& fact) {
    REQUIRE(open.writer->add(fact));
    REQUIRE(open.writer->flush());
  }
  void publish(const std::string& programme, const std::string& method = method_text) {
    auto contents = small_contents();
    contents[2].text = method;
    contents[4].text = programme;
    Problems problems;
    ProgrammeNumbers of_edition;
    const auto edition = Edition::build(contents, of_edition, problems);
    for (const auto& problem : problems) FAIL(problem.code);
    for (const auto& content : contents) {
      if (open.directory->books().content(hash_of(content)) == nullptr) add(content);
    }
    add(edition->manifest(contents));
  }
  // "outcome code" of each line.
  std::string import(const std::string& lines) {
    const auto told = import_text(open, lines);
    REQUIRE(told);
    std::string text;
    for (std::size_t at = 0; at < told->outcomes.size(); ++at) {
      text += (at == 0 ? "" : "; ") + std::string{name_of(told->outcomes[at])};
      if (!told->codes[at].empty()) text += " " + told->codes[at];
    }
    return text;
  }
  [[nodiscard]] std::int64_t balance(ledger::Asset asset, std::uint64_t index) const {
    return open.directory->books().accounts().balance(asset, {index});
  }
  ~Bench() { CHECK_EQ(verify(disk)->findings.size(), 0); }
};

// Trips one after the other, an hour each.
std::string trip(std::uint64_t number, std::uint64_t account, const std::string& km = "10",
                 const std::string& day = "2026-11-20") {
  const auto hour = day + "T0" + std::to_string(number % 10);
  return line_of({.account = account,
                  .time = hour + ":00:00Z",
                  .end = hour + ":10:00Z",
                  .km = km,
                  .identity = sequence(number)});
}

}  // namespace

TEST_CASE("refusals: a day before or after the programme's dates of the method") {
  const auto dates = [](const std::string& from, const std::string& to) {
    auto text = changed(programme_text, "from = \"2026-01-01\"", "from = \"" + from + "\"");
    return changed(text, "to = \"2026-12-31\"", "to = \"" + to + "\"");
  };
  const auto lines = trip(1, 0, "1", "2026-11-17") + trip(2, 0, "1", "2026-11-18") +
                     trip(3, 0, "1", "2026-11-19") + trip(4, 0, "1", "2026-11-20");
  CHECK_EQ(Bench{dates("2026-11-18", "2026-11-19")}.import(lines),
           "rejected event.method_not_valid; accepted; accepted; rejected event.method_not_valid");
}

TEST_CASE("refusals: an account of another programme") {
  Bench bench;
  bench.publish(changed(programme_text, "test.programme", "test.other"));
  bench.add(SourceState{"foreign", "test.other", "A", true, 0, {}, false});
  bench.add(AccountsOpened{"test.other", "person", 1, {{"foreign"}, {"gates"}}});
  auto foreign = line_of({.account = 0, .source = "foreign"});
  CHECK_EQ(bench.import(trip(1, 4) + foreign + trip(2, 0) +
                        line_of({.account = 4, .source = "foreign"})),
           "rejected event.other_programme; rejected event.other_programme; accepted; accepted");
}

TEST_CASE("refusals: a frozen account is credited again once it is open") {
  Bench bench;
  const auto freeze = [&](bool frozen) {
    const auto& holder = bench.open.directory->books().accounts().holder({0});
    bench.add(AccountStateChange{{0}, frozen, holder.last_record});
  };
  freeze(true);
  CHECK_EQ(bench.import(trip(1, 0) + trip(2, 1)), "rejected event.account_frozen; accepted");
  freeze(false);
  CHECK_EQ(bench.import(trip(1, 0)), "accepted");
  freeze(true);
  // What was taken in before is answered as it was.
  CHECK_EQ(bench.import(trip(1, 0)), "duplicate");
}

TEST_CASE("refusals: consent that has ended or was for something else") {
  Bench bench;
  bench.add(AccountsOpened{
      "test.programme", "person", 1, {{"gates", purpose_credit, *parse_day("2026-11-19")}}});
  bench.add(AccountsOpened{
      "test.programme", "person", 1, {{"gates", purpose_credit, *parse_day("2026-11-20")}}});
  bench.add(AccountsOpened{"test.programme", "person", 1, {{"gates", "research", day_max}}});
  CHECK_EQ(bench.import(trip(1, 4) + trip(2, 5) + trip(3, 6)),
           "rejected event.no_consent; accepted; rejected event.no_consent");
}

TEST_CASE("refusals: a tier that the scheme does not name") {
  Bench bench{changed(programme_text, "late_days = 30", "late_days = 30\ntiers = { A = \"1\" }")};
  CHECK_EQ(bench.import(line_of({.source = "app", .identity = R"("x":1)"}) + trip(1, 0)),
           "rejected event.tier_not_accepted; accepted");
}

TEST_CASE("refusals: what the scheme says of tiers holds for a method that names none") {
  auto method = std::string{method_text};
  const auto tiers = method.find("[tiers]");
  method.erase(tiers, method.find("[exclusivity]") - tiers);
  Bench bench{changed(programme_text, "late_days = 30",
                      "late_days = 30\ntiers = { A = \"1\", C = \"0.5\" }"),
              method};
  CHECK_EQ(
      bench.import(trip(1, 0) +
                   line_of({.account = 1, .km = "10", .source = "app", .identity = R"("x":1)"})),
      "accepted; accepted");
  CHECK_EQ(bench.balance(ledger::Asset::co2e, 0), 1'000'000);
  CHECK_EQ(bench.balance(ledger::Asset::co2e, 1), 500'000);
}

TEST_CASE("refusals: under a cap of zero everything is taken in and nothing credited") {
  Bench bench{changed(programme_text, "most = \"3 kgCO2e\"", "most = \"0 kgCO2e\"")};
  CHECK_EQ(bench.import(trip(1, 0) + trip(2, 0) + trip(3, 1)), "limited; limited; limited");
  CHECK_EQ(bench.balance(ledger::Asset::co2e, 0), 0);
  CHECK_EQ(bench.balance(ledger::Asset::points, 0), 0);
  CHECK_EQ(bench.import(trip(4, 0).replace(trip(4, 0).find(",\"data\""), 1, R"(,"replaces":"1",)")),
           "limited");
}

namespace {

// 90 million t for a kilometre, without a cap.
std::pair<std::string, std::string> enormous() {
  const auto rate = changed(method_text, "value = \"100\"", "value = \"90000000000000\"");
  const auto text = rate.substr(0, rate.find("[[examples]]")) + R"([[examples]]
title = { en = "1 km", zh = "1 公里" }
origin = "derived"
set = { distance = "1 km" }
expect = { co2e = "90000000000000 gCO2e" }
)";
  auto programme = std::string{programme_text};
  const auto caps = programme.find("[[scheme.caps]]");
  programme.erase(caps, programme.find("[[scheme.exclusive]]") - caps);
  return {programme, text};
}

}  // namespace

TEST_CASE("refusals: an amount that would leave 63 bits, of the account or of the programme") {
  auto [programme, text] = enormous();
  programme.erase(programme.find("[[scheme.exclusive]]"));
  Bench bench{programme, text};
  CHECK_EQ(bench.import(trip(1, 0, "99") + trip(2, 0, "99") + trip(3, 1, "0.1") + trip(4, 2, "99") +
                        trip(5, 0, "1")),
           "accepted; rejected event.account_overflow; accepted; rejected event.account_overflow; "
           "accepted");
  CHECK_EQ(bench.balance(ledger::Asset::co2e, 0), 9'000'000'000'000'000'000);
  // Taken back, there is room again.
  CHECK_EQ(bench.import(
               R"({"specversion":"1.0","source":"gates","type":"partake.withdrawal","subject":")" +
               account(0) + R"(","time":"2026-11-20T11:00:00Z","sequence":"6","replaces":"1"})" +
               "\n" + trip(4, 2, "99")),
           "accepted; accepted");
}

TEST_CASE("refusals: an act that counts once, credited more than can be compared") {
  const auto [programme, text] = enormous();
  Bench bench{programme, text};
  // The limit is 2^48 - 1 mg: 281,475 t.
  CHECK_EQ(bench.import(trip(1, 0, "0.004") + trip(2, 0, "0.003")),
           "rejected event.act_too_large; accepted");
}

TEST_CASE("refusals: a day that was closed stays closed when a new edition allows more") {
  Bench bench{changed(programme_text, "late_days = 30", "late_days = 1")};
  CHECK_EQ(bench.import(trip(1, 0, "1", "2026-11-10") + trip(2, 0)),
           "rejected event.too_late; accepted");
  bench.publish(
      changed(programme_text, "version = \"1.0.0\"\ntitle", "version = \"1.1.0\"\ntitle"));
  CHECK_EQ(bench.import(trip(3, 0, "1", "2026-11-10") + trip(4, 0)),
           "rejected event.day_closed; accepted");
}

TEST_CASE("refusals: an edition needs the zone that its scheme names") {
  const auto build = [](const std::string& zone, const std::string& content) {
    auto contents = small_contents();
    contents[3].text = content;
    contents[4].text = changed(programme_text, "zone = \"UTC\"", "zone = \"" + zone + "\"");
    ProgrammeNumbers numbers;
    Problems problems;
    Edition::build(contents, numbers, problems);
    return problems.empty() ? "good" : problems.front().code;
  };
  CHECK_EQ(build("UTC", "UTC\n-2208988800 0\n"), "good");
  CHECK_EQ(build("Mars/Phobos", "UTC\n-2208988800 0\n"), "programme.zone_missing");
  CHECK_EQ(build("UTC", "UTC\n"), "content.malformed");
  CHECK_EQ(build("UTC", "UTC\n-2208988800 east\n"), "content.malformed");
}
