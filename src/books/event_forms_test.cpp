// Every form in which events come, through the whole way into the books; and who is believed.
#include <rapidcheck.h>

#include "books/feed_testing.h"
#include "books/json_events.h"
#include "books/mapped_events.h"
#include "books/quarantine.h"
#include "books/record_lookup.h"
#include "books/testing.h"
#include "books/waiting_events.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

struct Bench : BooksOnDisk {
  const Books& books() { return open.directory->books(); }

  // What became of each, and every record.
  std::string import(EventFeed& feed, std::string_view tokens = "") {
    std::string told;
    ImportOptions options;
    options.tokens = SourceTokens::parse(tokens, "t").value();
    options.block_records = 50;
    options.answer = [&](const Answer& answer) -> Status {
      told += (told.empty() ? "" : "; ") + std::string{name_of(answer.decision.outcome)};
      if (!answer.decision.reason.code.empty()) told += " " + answer.decision.reason.code;
      const auto outcome = answer.decision.outcome;
      if (outcome != Outcome::rejected && outcome != Outcome::conflict) return {};
      const SourceAccess access{books().rulebook(), options.tokens};
      waiting.push_back({std::string{answer.document}, access.proven_source(answer.document)});
      return {};
    };
    const auto counts = import_events(feed, open.directory->books(), *open.writer, options);
    REQUIRE(counts);
    return told;
  }
  std::string import_json(std::string_view text, std::string_view tokens = "",
                          std::vector<std::size_t> sizes = {100'000}) {
    Pieces source{text, std::move(sizes)};
    JsonEvents feed{source, books().rulebook(), 3000};
    return import(feed, tokens);
  }
  std::string import_csv(std::string_view text, const char* mapping_text,
                         std::vector<std::size_t> sizes = {100'000}) {
    Pieces source{text, std::move(sizes)};
    Problems problems;
    auto mapping = read_event_mapping(*parse_toml(mapping_text, "m"), problems);
    const auto feed =
        MappedEvents::open(source, "f.csv", std::move(mapping), books().rulebook(), problems);
    REQUIRE(problems.empty());
    feed->set_batch_bytes(3000);
    return import(*feed);
  }
  std::string admit(std::string_view tokens = "") {
    auto messages = waiting;
    waiting.clear();
    WaitingEvents feed{std::move(messages), books().rulebook()};
    return import(feed, tokens);
  }
  std::vector<std::string> records() {
    RecordLookup lookup{open.directory->journal(), books()};
    std::vector<std::string> records;
    for (std::uint64_t number = 0; number < open.directory->journal().records(); ++number) {
      records.push_back(*lookup.bytes_of(number));
    }
    return records;
  }
  void set_token(const std::string& source, const std::string& token, bool revoked = false) {
    SourceState state{source,
                      "test.programme",
                      source == "app" ? "C" : "A",
                      source != "app",
                      0,
                      token.empty() ? Hash{} : sha256(token),
                      revoked};
    REQUIRE(open.writer->add(Fact{state}));
    REQUIRE(open.writer->flush());
  }

  std::vector<WaitingEvents::Message> waiting;
};

constexpr const char* mapping = R"(format = 1
attributes.source = { column = "source" }
attributes.id = { column = "id" }
attributes.sequence = { column = "number" }
attributes.type = { constant = "trip" }
attributes.subject = { column = "account" }
attributes.time = { column = "time", zone = "UTC" }
attributes.replaces = { column = "replaces" }
data.km = { column = "km" }
data.end = { column = "end", zone = "UTC" }
)";

// One trip as JSON and as a row.
struct Forms {
  std::string json;
  std::string row;
};
Forms forms_of(std::uint64_t at) {
  const auto hour = std::to_string(at / 60 % 10);
  const auto minute = std::to_string(10 + at % 50);
  const auto day = "2026-11-1" + std::to_string(at % 9);
  const bool numbered = at % 3 != 0;
  Trip trip{.account = at % 5, .km = std::to_string(1 + at % 20)};
  trip.time = day + "T0" + hour + ":" + minute + ":00Z";
  trip.end = trip.time;
  trip.source = numbered ? "gates" : "app";
  const auto number = std::to_string(1 + (at * 7) % 100);
  const auto replaces = at % 11 == 0 ? std::to_string(1 + at % 50) : std::string{};
  trip.identity = numbered ? R"("sequence":")" + number + "\"" : R"("sequence":"")";
  if (!replaces.empty()) trip.more = R"(,"replaces":")" + replaces + "\"";
  if (at % 17 == 0) trip.km = "-1";
  Forms forms{line_of(trip), ""};
  const auto id = "id" + std::to_string(at % 40);
  forms.json.replace(forms.json.find(R"("id":"x")"), 8, R"("id":")" + id + "\"");
  forms.json.pop_back();
  const auto local = day + " 0" + hour + ":" + minute;
  forms.row = trip.source + "," + id + "," + (numbered ? number : "") + "," +
              account(trip.account) + "," + local + "," + replaces + "," + trip.km + "," + local +
              "\n";
  return forms;
}

}  // namespace

TEST_CASE("event forms: lines, an array, a CSV give the same records, however their bytes arrive") {
  CHECK(rc::check([] {
    const auto picks = *rc::gen::container<std::vector<std::uint64_t>>(
        60, rc::gen::inRange<std::uint64_t>(0, 300));
    std::string lines;
    std::string array = "[";
    std::string csv = "source,id,number,account,time,replaces,km,end\n";
    for (const auto pick : picks) {
      const auto forms = forms_of(pick);
      lines += forms.json + "\n";
      array += (array.size() == 1 ? "" : ",\n") + forms.json;
      csv += forms.row;
    }
    array += "]";
    const auto sizes = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 2000)));
    Bench by_lines;
    const auto told = by_lines.import_json(lines);
    Bench by_lines_in_pieces;
    RC_ASSERT(by_lines_in_pieces.import_json(lines, "", sizes) == told);
    Bench by_array;
    RC_ASSERT(by_array.import_json(array, "", sizes) == told);
    Bench by_rows;
    RC_ASSERT(by_rows.import_csv(csv, mapping, sizes) == told);
    const auto records = by_lines.records();
    RC_ASSERT(by_lines_in_pieces.records() == records);
    RC_ASSERT(by_array.records() == records);
    RC_ASSERT(by_rows.records() == records);
    // What could be taken in is in: as another form it is known.
    auto settled = records;
    do {
      settled = by_lines.records();
      static_cast<void>(by_lines.import_json(lines));
    } while (by_lines.records() != settled);
    static_cast<void>(by_lines.import_json(array));
    static_cast<void>(by_lines.import_csv(csv, mapping));
    RC_ASSERT(by_lines.records() == settled);
  }));
}

TEST_CASE("event forms: a refused row waits as JSON that can be mended") {
  Bench bench;
  const std::string header = "source,id,number,account,time,replaces,km,end\n";
  const auto row = "gates,,1," + account(77) + ",2026-11-20 08:00,,10,2026-11-20 08:30\n";
  CHECK_EQ(bench.import_csv(header + row, mapping), "rejected event.unknown_account");
  REQUIRE_EQ(bench.waiting.size(), 1);
  auto& document = bench.waiting[0].document;
  document.replace(document.find(account(77)), account(77).size(), account(1));
  CHECK_EQ(bench.admit(), "accepted");
  CHECK_EQ(bench.books().accounts().balance(ledger::Asset::co2e, {1}), 1'000'000);
}

TEST_CASE("event forms: refused messages go with their account, in whatever form they name it") {
  Bench bench;
  const auto name = account(0);
  std::string escaped;
  for (const char digit : name) escaped += std::string{"\\u003"} + digit;
  {
    auto quarantine = Quarantine::open(bench.disk);
    REQUIRE(quarantine);
    for (const auto& document :
         {"gates,1," + name + ",soon\n", R"({"subject":")" + escaped + R"("})",
          R"({"subject":"00)" + escaped.substr(12) + R"(",)", "[" + account(1) + ",\n" + name,
          R"({"subject":")" + account(1) + R"("})", std::string{"\\u003"},
          std::string{"\\u003x"}}) {
      Refused refused;
      refused.reason.code = "event.unknown_type";
      refused.document = document;
      REQUIRE(quarantine->add(refused));
    }
    REQUIRE(quarantine->flush());
  }
  const auto erased = erase_account(*bench.open.directory, *bench.open.writer, {0}, "asked for it");
  REQUIRE(erased);
  CHECK_EQ(erased->quarantined, 4);
  const auto left = Quarantine::open(bench.disk);
  REQUIRE(left);
  REQUIRE_EQ(left->entries().size(), 3);
  CHECK_EQ(left->entries()[0].document, R"({"subject":")" + account(1) + R"("})");
}

TEST_CASE("event forms: a source with a token is credited only with it") {
  Bench bench;
  bench.set_token("gates", "right");
  CHECK_EQ(bench.import_json(line_of({})), "rejected event.source_not_authenticated");
  CHECK_EQ(bench.import_json(line_of({}), "gates wrong\n"), "rejected event.wrong_token");
  CHECK_EQ(
      bench.import_json("[" + line_of({}) + "," + line_of({.account = 1, .source = "app"}) + "]"),
      "rejected event.source_not_authenticated; accepted");
  CHECK_EQ(bench.import_json(line_of({}), "gates right\n"), "accepted");
  // What was taken in is not told to somebody else either.
  CHECK_EQ(bench.import_json(line_of({})), "rejected event.source_not_authenticated");
  CHECK_EQ(bench.import_json(line_of({}), "gates right\n"), "duplicate");
  // A new token takes the place of the old one.
  bench.set_token("gates", "newer");
  const auto second = line_of({.account = 2, .identity = sequence(2)});
  CHECK_EQ(bench.import_json(second, "gates right\n"), "rejected event.wrong_token");
  CHECK_EQ(bench.import_json(second, "gates newer\n"), "accepted");
  bench.set_token("gates", "", true);
  CHECK_EQ(bench.import_json(second, "gates newer\n"), "rejected event.source_revoked");
  CHECK_EQ(verify(bench.disk)->findings.size(), 0);
}

TEST_CASE("event forms: what came with its token is tried again without, anything else is not") {
  Bench bench;
  bench.set_token("gates", "right");
  const auto early = line_of({.account = 3});
  CHECK_EQ(bench.import_json(early, "gates right\n"), "rejected event.actor_not_accepted");
  CHECK_EQ(bench.waiting[0].proven, "gates");
  // Tried again: refused for what is wrong with it, not for want of a token.
  CHECK_EQ(bench.admit(), "rejected event.actor_not_accepted");
  // It waits on as it came: only the import's tokens are written down.
  bench.waiting = {{line_of({}), "gates"}};
  bench.set_token("gates", "newer");
  CHECK_EQ(bench.admit(), "accepted");
  bench.waiting = {{line_of({.identity = sequence(2)}), ""}};
  CHECK_EQ(bench.admit(), "rejected event.source_not_authenticated");
  CHECK_EQ(bench.admit("gates right\n"), "rejected event.wrong_token");
  CHECK_EQ(bench.admit("gates newer\n"), "limited");
  // A message cannot borrow the proof of another source.
  bench.set_token("app", "its own");
  bench.waiting = {{line_of({.account = 1, .source = "app"}), "gates"}};
  CHECK_EQ(bench.admit(), "rejected event.source_not_authenticated");
  bench.set_token("gates", "", true);
  bench.waiting = {{line_of({.identity = sequence(3)}), "gates"}};
  CHECK_EQ(bench.admit(), "rejected event.source_revoked");
}
