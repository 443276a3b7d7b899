#include "books/anomalies.h"

#include "books/finding_plan.h"
#include "books/transact_testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

constexpr const char* findings_text = R"toml(
[[scheme.findings]]
id = "speed"
detector = "speed"
events = ["trip"]
field = "km"
most = "80 km/h"
[[scheme.findings]]
id = "copies"
detector = "repetition"
events = ["trip", "walk"]
fields = ["km"]
more_than = 2
days = 7
[[scheme.findings]]
id = "timer"
detector = "repetition"
events = ["trip"]
time_of_day = true
more_than = 2
days = 7
[[scheme.findings]]
id = "typed"
detector = "digits"
events = ["trip"]
of = "source"
field = "km"
digit = "last"
resolution = "10 m"
count = 50
significance = "0.001"
[[scheme.findings]]
id = "benford"
detector = "digits"
events = ["trip"]
of = "account"
field = "km"
digit = "first"
count = 110
significance = "0.01"
[[scheme.findings]]
id = "burst"
detector = "rate"
events = ["trip"]
of = "account"
asset = "co2e"
days = 30
history = 2
most = "3.5"
at_least = "2 kgCO2e"
)toml";

std::string programme_with(const std::string& findings) {
  std::string text = programme_text;
  const auto put = [&](const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
  };
  put("{ field = \"m\", unit = \"m\" }", "{ field = \"km\" }");
  put("most = \"3 kgCO2e\"", "most = \"300 kgCO2e\"");
  return text + findings;
}

std::string codes_of(const std::string& from, const std::string& to) {
  std::string findings = findings_text;
  const auto at = findings.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  findings.replace(at, from.size(), to);
  auto contents = small_contents();
  contents.back().text = programme_with(findings);
  ProgrammeNumbers numbers;
  Problems problems;
  const auto edition = Edition::build(contents, numbers, problems);
  std::string codes;
  for (const auto& problem : problems) {
    codes += (codes.empty() ? "" : " ") + problem.code;
    CHECK_MESSAGE(problem.place.line > 0, problem.code);
  }
  return codes;
}

struct Watched {
  storage::SimulatedDisk disk;
  OpenBooks open;

  Watched() {
    REQUIRE(Directory::create(disk, "test.example/log", test_random, test_time()));
    auto opened = open_books(disk);
    REQUIRE(opened);
    open = *std::move(opened);
    auto contents = small_contents();
    contents.back().text = programme_with(findings_text);
    for (const auto& fact : set_up_facts(contents)) REQUIRE(open.writer->add(fact));
    const SourceState office{"office", "test.programme", "A", false, 0, {}, false, {"question"}};
    const SourceState board{"board", "test.programme", "A", false, 0, {}, false, {"settle"}};
    REQUIRE(open.writer->add(Fact{office}));
    REQUIRE(open.writer->add(Fact{board}));
    REQUIRE(open.writer->flush());
  }

  // "speed 17": each finding's rule and records.
  [[nodiscard]] std::string found() const {
    std::string all;
    const auto status = find_anomalies(open.directory->journal(), open.directory->books(),
                                       std::nullopt, [&](const Anomaly& anomaly) -> Status {
                                         std::string text = anomaly.rule->id;
                                         const auto& records = anomaly.finding.records;
                                         text += " " + std::to_string(records.back());
                                         if (records.size() > 1)
                                           text += " of " + std::to_string(records.size());
                                         CHECK_GE(anomaly.finding.strength, 1000);
                                         all += text + "\n";
                                         return {};
                                       });
    REQUIRE(status);
    return all;
  }
};

std::string trip(std::uint64_t number, const std::string& start, const std::string& end,
                 const std::string& km, const std::string& more = {}) {
  Trip trip;
  trip.identity = sequence(number);
  trip.time = "2026-11-" + start + "Z";
  trip.end = "2026-11-" + end + "Z";
  trip.km = km;
  trip.more = more;
  return line_of(trip);
}

std::string findings(std::initializer_list<std::string> all) {
  std::string text;
  for (const auto& one : all) text += one + "\n";
  return text;
}

}  // namespace

TEST_CASE("findings: what a scheme says of them has its code and place") {
  CHECK_EQ(codes_of("80 km/h", "80 km/h"), "");
  CHECK_EQ(codes_of("80 km/h", "80 km"), "programme.finding_limit");
  CHECK_EQ(codes_of("80 km/h", "0 km/h"), "programme.not_positive");
  CHECK_EQ(codes_of("80 km/h", "fast"), "decimal.malformed");
  CHECK_EQ(codes_of("field = \"km\"", "field = \"miles\""), "programme.finding_field");
  CHECK_EQ(codes_of("events = [\"trip\"]", "events = [\"walk\"]"), "programme.finding_end");
  CHECK_EQ(codes_of("events = [\"trip\"]", "events = [\"swim\"]"), "programme.unknown_event");
  CHECK_EQ(codes_of("events = [\"trip\"]", ""), "toml.key_missing");
  CHECK_EQ(codes_of("id = \"copies\"", "id = \"speed\""), "programme.twice");
  CHECK_EQ(codes_of("id = \"copies\"", "id = \"Two Copies\""), "programme.bad_name");
  CHECK_EQ(codes_of("\"repetition\"", "\"repeating\""), "toml.not_one_of");
  CHECK_EQ(codes_of("fields = [\"km\"]", ""), "toml.key_missing");
  CHECK_EQ(codes_of("fields = [\"km\"]", "fields = [\"km\", \"end\"]"),
           "programme.finding_field programme.finding_field");
  CHECK_EQ(codes_of("more_than = 2", "more_than = 0"), "programme.out_of_range");
  CHECK_EQ(codes_of("days = 7", ""), "toml.key_missing");
  CHECK_EQ(codes_of("days = 7", "weeks = 1\ndays = 7"), "toml.unknown_key");
  CHECK_EQ(codes_of("resolution = \"10 m\"", ""), "toml.key_missing");
  CHECK_EQ(codes_of("resolution = \"10 m\"", "resolution = \"10 kg\""), "programme.finding_field");
  CHECK_EQ(codes_of("count = 50", "count = 49"), "programme.out_of_range");
  CHECK_EQ(codes_of("count = 110", "count = 109"), "programme.out_of_range");
  CHECK_EQ(codes_of("\"0.001\"", "\"0.002\""), "programme.significance");
  CHECK_EQ(codes_of("asset = \"co2e\"", "asset = \"water\""),
           "programme.finding_field programme.finding_limit");
  CHECK_EQ(codes_of("\"2 kgCO2e\"", "\"1.5 mgCO2e\""), "programme.finding_limit");
  CHECK_EQ(codes_of("\"3.5\"", "\"much\""), "decimal.malformed");
  CHECK_EQ(codes_of("history = 2", "history = 31"), "programme.out_of_range");
}

TEST_CASE("findings: what credited events show, in the journal's order, however it was split") {
  std::string lines;
  lines += trip(1, "01T08:00:00", "01T08:30:00", "9.12");
  lines += trip(2, "02T08:01:00", "02T08:31:00", "9.12");
  lines += trip(3, "03T08:02:00", "03T08:32:00", "9.120");  // The third copy.
  lines += trip(4, "04T08:00:00", "04T08:06:00", "8.01");   // 80.1 km/h.
  lines += trip(5, "05T08:00:00", "05T08:30:00", "9.5");    // The third at that second.
  lines += trip(6, "06T09:00:00", "06T10:30:00", "95");     // Ten times as much as ever.
  // In the place of the third: so still three, and then four.
  lines += trip(7, "07T12:00:00", "07T12:30:00", "9.12", R"(,"replaces":"3")");
  lines += trip(8, "07T14:00:00", "07T14:30:00", "9.12");
  for (const std::uint32_t block_records : {1U, 3U, 8192U}) {
    Watched books;
    const auto told = import_text(books.open, lines, block_records);
    REQUIRE(told);
    for (const auto& code : told->codes) CHECK_EQ(code, "");
    const auto& record = told->records;
    const auto name = [&](const char* rule, std::size_t number) {
      return std::string{rule} + " " + std::to_string(record[number - 1]);
    };
    const auto all = books.found();
    CHECK_EQ(all, findings({name("copies", 3), name("speed", 4), name("timer", 5), name("burst", 6),
                            name("copies", 7), name("copies", 8)}));
  }
}

TEST_CASE("findings: an entry that was taken back by decision counts no more") {
  Watched books;
  std::string lines;
  for (std::uint64_t number = 1; number <= 3; ++number) {
    const auto day = "0" + std::to_string(number) + "T1" + std::to_string(number) + ":0";
    lines += trip(number, day + "0:00", day + "9:00", "5.5");
  }
  const auto told = import_text(books.open, lines);
  REQUIRE(told);
  const auto third = std::to_string(told->records[2]);
  CHECK_EQ(books.found(), findings({"copies " + third}));
  const auto send = [&](const std::string& source, const std::string& action,
                        const std::string& data) {
    const auto text = R"({"specversion":"1.0","source":")" + source + R"(","id":")" + action +
                      R"(","type":"partake.)" + action +
                      R"(","time":"2026-11-20T12:00:00Z","data":{)" + data + "}}\n";
    MemorySource input{text};
    TransactOptions options;
    const auto counts = transact(input, books.open.directory->books(), *books.open.writer, options);
    REQUIRE(counts);
    CHECK_EQ(counts->of(Outcome::accepted), 1);
  };
  send("office", "question", R"("finding":"copies","reason":"x","record":)" + third);
  send("board", "settle", R"("question":0,"decision":"take_back","reason":"x")");
  const auto later = import_text(books.open, trip(4, "04T15:00:00", "04T15:09:00", "5.5") +
                                                 trip(5, "05T16:00:00", "05T16:09:00", "5.5"));
  REQUIRE(later);
  // The third copy again, and the fourth.
  CHECK_EQ(books.found(),
           findings({"copies " + third, "copies " + std::to_string(later->records[0]),
                     "copies " + std::to_string(later->records[1])}));
  const auto report = verify(books.disk);
  REQUIRE(report);
  for (const auto& finding : report->findings) FAIL_CHECK(finding.code);
}

TEST_CASE("findings: digits of a source are looked at so many at a time") {
  Watched books;
  std::string lines;
  for (std::uint64_t number = 1; number <= 60; ++number) {
    const auto hour = number % 20;
    const auto clock = std::string{hour < 10 ? "0" : ""} + std::to_string(hour);
    const auto day = std::to_string(10 + number / 20) + "T" + clock;
    // In the tens of metres always 7.
    lines += trip(number, day + ":00:0" + std::to_string(number % 10), day + ":50:00",
                  std::to_string(number % 17 + 1) + "." + std::to_string(number % 10) + "7" +
                      std::to_string(number % 9));
  }
  const auto told = import_text(books.open, lines);
  REQUIRE(told);
  for (const auto& code : told->codes) CHECK_EQ(code, "");
  const auto expected = "typed " + std::to_string(told->records[49]) + " of 50\n";
  CHECK_NE(books.found().find(expected), std::string::npos);
}

TEST_CASE("findings: quantities become whole steps exactly, or are not known") {
  const auto measure = [](std::int64_t mantissa, std::int32_t exponent, const Rational& scale) {
    EventRecord record;
    record.event.values[0] = {mantissa, exponent};
    ActPlan plan;
    plan.fields = {0};
    plan.scale = scale;
    std::vector<rules::Value> values;
    return act_of(record, 1, 0, plan, values).measure;
  };
  const auto mm = Rational::whole(1'000'000);  // Of a kilometre.
  CHECK_EQ(measure(91234567, -6, mm), 91'234'567);
  CHECK_EQ(measure(91234567, -7, mm), 9'123'456);
  CHECK_EQ(measure(-1, -7, mm), -1);
  CHECK_EQ(measure(9, 3, mm), 9'000'000'000);
  CHECK_EQ(measure(9, 30, mm), std::nullopt);
  CHECK_EQ(measure(9, 400, mm), std::nullopt);
  CHECK_EQ(measure(0, 400, mm), 0);
  CHECK_EQ(measure(9, -400, mm), std::nullopt);
  CHECK_EQ(measure(10, 0, Rational{1, 3}), 3);
}
