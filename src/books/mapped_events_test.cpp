#include "books/mapped_events.h"

#include <rapidcheck.h>

#include "base/file.h"
#include "books/feed_testing.h"
#include "books/sample_books.h"

using namespace partake;
using namespace partake::books;
using testing::Pieces;
using testing::read_feed;
using testing::Seen;

namespace {

const Rulebook& rulebook() {
  static const auto books = testing::sample_books(SOURCE_DIR);
  return books->rulebook();
}

// Metro trips: local times in the zone of the programme, no column for what is always the same.
constexpr const char* trips = R"(format = 1
attributes.source = { constant = "gates" }
attributes.sequence = { column = "no" }
attributes.type = { constant = "trip.metro" }
attributes.subject = { column = "account" }
attributes.time = { column = "in", format = "%Y/%m/%d %H:%M:%S", zone = "Asia/Shanghai" }
data.trips = { constant = "1" }
data.end = { column = "out", format = "%Y/%m/%d %H:%M:%S", zone = "Asia/Shanghai" }
)";
constexpr const char* trips_header = "no,account,in,out\n";

// Every attribute a column.
constexpr const char* anything = R"(format = 1
attributes.source = { column = "source" }
attributes.id = { column = "id" }
attributes.sequence = { column = "sequence" }
attributes.type = { column = "type" }
attributes.subject = { column = "subject" }
attributes.time = { column = "time" }
attributes.replaces = { column = "replaces" }
data.trips = { column = "trips" }
data.end = { column = "end", offset = "+08:00" }
data.distance = { column = "distance" }
data.seat = { column = "seat" }
data.place = { column = "place" }
)";
constexpr const char* anything_header =
    "source,id,sequence,type,subject,time,replaces,trips,end,distance,seat,place\n";

EventMapping mapping_of(const std::string& text) {
  Problems problems;
  auto mapping = read_event_mapping(*parse_toml(text, "m.toml"), problems);
  REQUIRE(problems.empty());
  return mapping;
}

std::vector<Seen> read_pieces(const std::string& mapping, std::string_view csv,
                              std::vector<std::size_t> sizes,
                              std::size_t batch_bytes = 512U << 10U) {
  Pieces source{csv, std::move(sizes)};
  Problems problems;
  const auto feed = MappedEvents::open(source, "f.csv", mapping_of(mapping), rulebook(), problems);
  REQUIRE(problems.empty());
  REQUIRE(feed);
  feed->set_batch_bytes(batch_bytes);
  return read_feed(*feed);
}

// "line code" of each; a good event's number or id. In many pieces as in one.
std::string read(const std::string& mapping, const std::string& csv) {
  const auto whole = read_pieces(mapping, csv, {csv.size() + 1});
  for (const auto& sizes : std::vector<std::vector<std::size_t>>{{1}, {7, 100}, {4096, 1}}) {
    const bool same = read_pieces(mapping, csv, sizes, 300) == whole;
    CHECK_MESSAGE(same, sizes[0]);
  }
  std::string out;
  for (const auto& one : whole) {
    const auto& id = one.read.event.id;
    const auto name = id.text.empty() ? std::to_string(id.sequence) : id.text;
    out += (out.empty() ? "" : "; ") + std::to_string(one.line) + " " +
           (one.read.is_good ? name : one.code());
  }
  return out;
}

ReadEvent read_document(const std::string& document) {
  static EventReader reader{rulebook()};
  std::string padded = document + std::string(EventReader::json_padding, ' ');
  ReadEvent event;
  reader.read(std::string_view{padded}.substr(0, document.size()), event);
  return event;
}

std::string problems_of(const std::string& mapping, std::string_view csv) {
  Pieces source{csv, {1000}};
  Problems problems;
  CHECK_EQ(MappedEvents::open(source, "f.csv", mapping_of(mapping), rulebook(), problems), nullptr);
  std::string codes;
  for (const auto& problem : problems) codes += (codes.empty() ? "" : ", ") + problem.code;
  return codes;
}

}  // namespace

TEST_CASE("mapped events: rows become events, and the JSON that they stand for") {
  const auto seen = read_pieces(
      trips, std::string{trips_header} + "7,0000000195,2026/11/02 08:15:30,2026/11/02 08:45:31\n",
      {1000});
  REQUIRE_EQ(seen.size(), 1);
  CHECK_EQ(seen[0].code(), "good");
  CHECK_EQ(seen[0].line, 2);
  CHECK_EQ(seen[0].read.event.time, *parse_instant("2026-11-02T00:15:30Z"));
  CHECK_EQ(seen[0].read.event.length_s, 1801);
  CHECK_EQ(seen[0].document,
           R"({"specversion":"1.0","source":"gates","sequence":"7","type":"trip.metro",)"
           R"("subject":"0000000195","time":"2026-11-02T00:15:30Z",)"
           R"("data":{"trips":"1","end":"2026-11-02T00:45:31Z"}})");
}

TEST_CASE("mapped events: the example's export of the gates") {
  const std::string folder = SOURCE_DIR "/examples/carbon-inclusion/";
  auto mapping = *read_file(folder + "mapping.toml");
  mapping.replace(mapping.find("metro-gates"), 11, "gates");
  CHECK_EQ(read(mapping, *read_file(folder + "gates.csv")),
           "2 1; 3 8; 4 9; 5 event.bad_account; 6 csv.wrong_field_count; 7 12");
}

TEST_CASE("mapped events: quoted fields, line breaks in them, and the lines of rows") {
  const std::string row = "gates,x,1,trip.bus,0000000195,2026-11-02T08:15:30+08:00,,1,,,,\n";
  CHECK_EQ(read(anything,
                anything_header + row + "\n" +
                    R"(app,"a ""quoted"", ",,trip.bus,"0000000195",2026-11-02T08:15:30Z,,"1",,,,)" +
                    "\n" + "app,\"two\nlines\",,trip.bus,0000000195,2026-11-02T08:15:30Z,,1,,,,\n" +
                    row),
           "2 1; 4 a \"quoted\", ; 5 two\nlines; 7 1");
}

TEST_CASE("mapped events: an empty cell is a member that is not there") {
  const auto with = [](const std::string& from, const std::string& to) {
    std::string row =
        "app,a,,trip.metro,0000000195,2026-11-02T08:15:30+08:00,,1,2026-11-02 08:20,,,\n";
    row.replace(row.find(from), from.size(), to);
    return read(anything, anything_header + row);
  };
  CHECK_EQ(with("app", "app"), "2 a");
  CHECK_EQ(with(",a,", ",,"), "2 event.bad_id");
  CHECK_EQ(with("0000000195", ""), "2 event.bad_account");
  CHECK_EQ(with("2026-11-02T08:15:30+08:00", ""), "2 time.malformed_instant");
  CHECK_EQ(with(",1,", ",,"), "2 event.field_missing");
  CHECK_EQ(with("2026-11-02 08:20", ""), "2 event.field_missing");
  CHECK_EQ(with("trip.metro", "partake.withdrawal"), "2 event.replaces_missing");
  CHECK_EQ(with("+08:00,,", "+08:00,b,"), "2 a");
}

TEST_CASE("mapped events: the checks and codes are those of JSON") {
  const auto with = [](const std::string& row) {
    return read(anything, anything_header + row + "\n");
  };
  CHECK_EQ(with("nobody,a,,trip.bus,0000000195,2026-11-02T08:15:30Z,,1,,,,"),
           "2 event.unknown_source");
  CHECK_EQ(with("gone,a,1,trip.bus,0000000195,2026-11-02T08:15:30Z,,1,,,,"),
           "2 event.source_revoked");
  CHECK_EQ(with("gates,a,x,trip.bus,0000000195,2026-11-02T08:15:30Z,,1,,,,"),
           "2 event.bad_sequence");
  CHECK_EQ(with("gates,a,1,trip.bus,0000000196,2026-11-02T08:15:30Z,,1,,,,"),
           "2 event.bad_account");
  CHECK_EQ(with("gates,a,1,trip.bus,0000000195,2026-11-02T08:15:30,,1,,,,"),
           "2 time.malformed_instant");
  CHECK_EQ(with("gates,a,1,trip.bus,0000000195,9999-11-02T08:15:30Z,,1,,,,"),
           "2 time.malformed_instant");
  CHECK_EQ(with("gates,a,1,trip.boat,0000000195,2026-11-02T08:15:30Z,,1,,,,"),
           "2 event.unknown_type");
  CHECK_EQ(with("gates,a,1,trip.bus,0000000195,2026-11-02T08:15:30Z,,one,,,,"),
           "2 decimal.malformed");
  CHECK_EQ(with("gates,a,1,trip.metro,0000000195,2026-11-02T08:15:30Z,,1,2026-11-02 08:00,,,"),
           "2 event.bad_length");
  CHECK_EQ(with("app,a,,test.every_kind,0000000195,2026-11-02T08:15:30Z,,,,12.50,soft,CN-BJ"),
           "2 a");
  CHECK_EQ(with("app,a,,test.every_kind,0000000195,2026-11-02T08:15:30Z,,,,12.50,硬座,CN-XX"),
           "2 region.unknown");
  CHECK_EQ(with("app,a,,test.every_kind,0000000195,2026-11-02T08:15:30Z,,,,12.50,none,CN-BJ"),
           "2 method.unknown_choice");
}

TEST_CASE("mapped events: times with and without an offset, and those that do not fit") {
  const auto time_of = [](const std::string& keys, const std::string& text) {
    std::string mapping{trips};
    const std::string from = R"(format = "%Y/%m/%d %H:%M:%S", zone = "Asia/Shanghai")";
    mapping.replace(mapping.find(from), from.size(), keys);
    mapping.replace(mapping.find("trip.metro"), 10, "trip.bus");
    const auto seen = read_pieces(mapping, trips_header + ("7,0000000195," + text + ",\n"), {1000});
    REQUIRE_EQ(seen.size(), 1);
    return seen[0].read.is_good ? to_string(seen[0].read.event.time) : seen[0].code();
  };
  CHECK_EQ(time_of(R"(zone = "Asia/Shanghai")", "2026-11-02T08:15"), "2026-11-02T00:15:00Z");
  CHECK_EQ(time_of(R"(zone = "Asia/Shanghai")", "2026-11-02 08:15:30.25"),
           "2026-11-02T00:15:30.250000Z");
  CHECK_EQ(time_of(R"(zone = "Asia/Shanghai")", "2026-11-02"), "2026-11-01T16:00:00Z");
  // Its own offset counts more.
  CHECK_EQ(time_of(R"(zone = "Asia/Shanghai")", "2026-11-02T08:15Z"), "2026-11-02T08:15:00Z");
  CHECK_EQ(time_of(R"(offset = "-03:30")", "2026-11-02T08:15"), "2026-11-02T11:45:00Z");
  CHECK_EQ(time_of(R"(format = "%y%m%d", offset = "Z")", "261102"), "2026-11-02T00:00:00Z");
  // No programme publishes this zone; the hour that does not exist is as before the change.
  CHECK_EQ(time_of(R"(zone = "Europe/Berlin")", "2026-03-29T02:30"), "2026-03-29T01:30:00Z");
  for (const auto* text : {"soon", "2026-13-02", "2026-11-02T25:00", "2026/11/02", "9999-01-01",
                           "2026-11-02T08:15:30+99:00", "2026-11-02T08:15 "}) {
    CHECK_EQ(time_of(R"(zone = "Asia/Shanghai")", text), "time.malformed");
  }
  CHECK_EQ(time_of(R"(format = "%d.%m.%Y", offset = "Z")", "2026-11-02T08:15:30Z"),
           "time.malformed");
  // The last day that a time may have, and the day after by its offset.
  CHECK_EQ(time_of(R"(offset = "-12:00")", "2199-12-31T23:00"), "time.malformed_instant");
  const auto seen =
      read_pieces(trips, std::string{trips_header} + "7,0000000195,soon,later\n", {1000});
  CHECK_EQ(seen[0].read.error.args,
           Args{{"text", "soon"}, {"format", "%Y/%m/%d %H:%M:%S"}, {"column", "in"}});
  CHECK_NE(seen[0].document.find(R"("time":"soon")"), std::string::npos);
  CHECK_NE(seen[0].document.find(R"("end":"later")"), std::string::npos);
}

TEST_CASE("mapped events: bad rows are kept as they stand, and the rows around them are read") {
  const std::string good = ",0000000195,2026/11/02 08:15:30,2026/11/02 08:45:31\n";
  const auto csv = trips_header + ("1" + good) + "2,0000000195\n" + "3" + good + "\"4\"x" + good +
                   "5" + good + "6\xFF" + good + "7" + good + "\"" + std::string(70'000, '\n') +
                   "\"" + good + "8" + good;
  CHECK_EQ(read(trips, csv),
           "2 1; 3 csv.wrong_field_count; 4 3; 5 csv.stray_quote; 6 5; 7 csv.not_utf8; 8 7; "
           "9 csv.record_too_long; 70010 8");
  const auto seen = read_pieces(trips, csv, {1000});
  CHECK_EQ(seen[1].document, "2,0000000195");
  CHECK_EQ(seen[3].document, "\"4\"x" + good.substr(0, good.size() - 1));
  CHECK_EQ(seen[5].document, "6\xFF" + good.substr(0, good.size() - 1));
  CHECK_EQ(seen[7].document, "\"" + std::string(event_bytes_max - 1, '\n'));
}

TEST_CASE("mapped events: a quote that is never closed ends the file, once") {
  const std::string good = ",0000000195,2026/11/02 08:15:30,2026/11/02 08:45:31\n";
  CHECK_EQ(read(trips, trips_header + ("1" + good) + "\"2" + good + "3" + good),
           "2 1; 3 csv.open_quote");
  CHECK_EQ(read(trips, trips_header + ("1" + good) + "\"2" + std::string(200'000, '\n')),
           "2 1; 3 csv.open_quote");
}

TEST_CASE("mapped events: a row whose JSON is too large is refused") {
  const std::string row(20'000, '\x01');
  CHECK_EQ(read(anything, anything_header + ("app," + row + ",,,,,,,,,,\n")), "2 event.too_large");
}

TEST_CASE("mapped events: what is wrong with the header or the mapping is told at once") {
  CHECK_EQ(problems_of(trips, ""), "csv.empty");
  CHECK_EQ(problems_of(trips, "no,account,no\n"), "csv.column_twice");
  CHECK_EQ(problems_of(trips, std::string(70'000, 'x')), "csv.record_too_long");
  CHECK_EQ(problems_of(trips, "no,in\n"), "mapping.column_missing, mapping.column_missing");
  std::string mapping{trips};
  mapping.replace(mapping.find("Asia/Shanghai"), 13, "Asia/Wuhan");
  CHECK_EQ(problems_of(mapping, trips_header), "time.unknown_zone");
}

TEST_CASE("mapped events: rows do not wait for those that are not there yet") {
  const std::string row = "7,0000000195,2026/11/02 08:15:30,2026/11/02 08:45:31\n";
  const auto csv = trips_header + row + row + "8,";
  Pieces source{csv, {csv.size()}, true};
  Problems problems;
  const auto feed = MappedEvents::open(source, "f.csv", mapping_of(trips), rulebook(), problems);
  REQUIRE(feed);
  EventBatch batch;
  REQUIRE(feed->fill(batch));
  CHECK_EQ(batch.count, 2);
  CHECK(batch.is_idle);
  batch.clear();
  CHECK_EQ(feed->fill(batch).error().code, "file.unreadable");
}

// The document that a refused row is kept as says the same as the row; in any pieces.
TEST_CASE("mapped events: a row and its document are the same event, or refused alike") {
  CHECK(rc::check([] {
    const auto cell = [](std::initializer_list<const char*> usual) {
      std::vector<std::string> texts(usual.begin(), usual.end());
      texts.insert(texts.end(), {"", " ", "\"", "x,\n", "\\", "硬座", "\x01", "1e5", "-0.50"});
      return rc::gen::map(rc::gen::inRange<std::size_t>(0, texts.size() + 30),
                          [texts](std::size_t at) { return texts[at < texts.size() ? at : 0]; });
    };
    std::string csv{anything_header};
    const auto rows = *rc::gen::inRange(0, 12);
    for (int row = 0; row < rows; ++row) {
      const std::vector<std::string> cells{
          *cell({"app", "gates", "gone"}),
          *cell({"a"}),
          *cell({"7"}),
          *cell({"trip.metro", "trip.bus", "test.every_kind", "partake.withdrawal"}),
          *cell({"0000000195"}),
          *cell({"2026-11-02T08:15:30+08:00"}),
          *cell({"", "6"}),
          *cell({"1"}),
          *cell({"2026-11-02 08:20", "2026-11-02T08:20:00Z"}),
          *cell({"12.5"}),
          *cell({"soft"}),
          *cell({"CN-BJ"})};
      std::string line;
      for (const auto& text : cells) {
        line += line.empty() ? "\"" : ",\"";
        for (const char c : text) line += c == '"' ? std::string{"\"\""} : std::string{c};
        line += '"';
      }
      csv += line + (*rc::gen::inRange(0, 10) == 0 ? ",\n" : "\n");
    }
    const auto sizes = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 300)));
    const auto seen = read_pieces(anything, csv, sizes, *rc::gen::inRange<std::size_t>(1, 1000));
    RC_ASSERT(seen == read_pieces(anything, csv, {csv.size()}));
    RC_ASSERT(seen.size() == static_cast<std::size_t>(rows));
    for (const auto& one : seen) {
      const bool of_row = one.code().starts_with("csv.") || one.code() == "time.malformed";
      RC_ASSERT(of_row || Seen::same(one.read, read_document(one.document)));
    }
  }));
}
