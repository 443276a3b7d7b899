#include "books/event_reader.h"

#include <doctest/doctest.h>

#include "books/sample_books.h"

using namespace partake;
using namespace partake::books;
using testing::BothWays;
using namespace std::string_view_literals;

namespace {

const Rulebook& rulebook() {
  static const auto books = testing::sample_books(SOURCE_DIR);
  return books->rulebook();
}

EventReader& reader() {
  static EventReader reader{rulebook()};
  return reader;
}

// A good event of each source, to be changed in one place.
constexpr std::string_view numbered =
    R"({"specversion":"1.0","id":"7","source":"gates","type":"trip.bus","subject":"0000000195",)"
    R"("time":"2026-11-02T08:15:30+08:00","sequence":"7","data":{"trips":1}})";
constexpr std::string_view with_end =
    R"({"specversion":"1.0","id":"7","source":"gates","type":"trip.metro","subject":"0000000195",)"
    R"("time":"2026-11-02T08:15:30.5+08:00","sequence":7,)"
    R"("data":{"trips":1,"end":"2026-11-02T08:45:31+08:00"}})";
constexpr std::string_view every_kind =
    R"({"specversion":"1.0","id":"a-1","source":"app","type":"test.every_kind",)"
    R"("subject":"0000000195","time":"2026-11-02T23:30:00Z",)"
    R"("data":{"distance":1250.50,"seat":"soft","place":"CN-BJ"}})";
constexpr std::string_view withdrawal =
    R"({"specversion":"1.0","id":"a-2","source":"app","type":"partake.withdrawal",)"
    R"("subject":"0000000195","time":"2026-11-03T00:00:00z","replaces":"a-1"})";

std::string changed(std::string_view document, std::string_view from, std::string_view to) {
  std::string text{document};
  const auto at = text.find(from);
  REQUIRE_NE(at, std::string::npos);
  return text.replace(at, from.size(), to);
}

ReadEvent read(std::string_view document) {
  BothWays both{reader(), document};
  CHECK(both.agree());
  return std::move(both.shortest);
}

Event good(std::string_view document) {
  INFO(std::string{document});
  auto event = read(document);
  INFO(event.error.code);
  REQUIRE(event.is_good);
  return std::move(event.event);
}

// The code, and the field that the error names.
std::string refused(std::string_view document) {
  const auto event = read(document);
  if (event.is_good) return "good";
  auto text = event.error.code;
  for (const auto& [name, value] : event.error.args) {
    if (name == "field") text += " " + value;
  }
  return text;
}

std::string fields(std::size_t count) {
  std::string text = R"("trips":1)";
  for (std::size_t at = 1; at < count; ++at) text += R"(,"f)" + std::to_string(at) + R"(":0)";
  return text;
}

bool agree(std::string_view document, char padding) {
  return BothWays{reader(), document, padding}.agree();
}

}  // namespace

TEST_CASE("event reader: a numbered event") {
  const auto event = good(numbered);
  CHECK_EQ(event.account.value, 0);
  CHECK_EQ(rulebook().streams[event.stream].source, "gates");
  CHECK_EQ(event.id, EventId{7, ""});
  CHECK_EQ(event.time, *parse_instant("2026-11-02T00:15:30Z"));
  CHECK_EQ(event.day, *parse_day("2026-11-02"));
  CHECK_EQ(rulebook().rules[event.rule].rule->type, "trip.bus");
  CHECK_FALSE(event.withdrawal);
  CHECK_FALSE(event.has_earlier);
  CHECK_EQ(event.length_s, 0);
  REQUIRE_EQ(event.value_count, 1);
  CHECK_EQ(event.values[0], StoredValue{1, 0});
}

TEST_CASE("event reader: an event with an end, and a number as sequence") {
  const auto event = good(with_end);
  CHECK_EQ(event.id.sequence, 7);
  CHECK_EQ(event.length_s, 1801);  // Half a second counts as one.
  CHECK_EQ(good(changed(with_end, "08:45:31", "14:15:30")).length_s, 6 * 3600);
}

TEST_CASE("event reader: fields of every kind") {
  const auto event = good(every_kind);
  CHECK_EQ(event.id.text, "a-1");
  CHECK_EQ(event.day, *parse_day("2026-11-03"));  // Of the programme's zone.
  REQUIRE_EQ(event.value_count, 3);
  const auto& place = rulebook().rules[event.rule];
  const auto value_of = [&](const char* field) {
    for (std::size_t at = 0; at < place.rule->fields.size(); ++at) {
      if (place.rule->fields[at].field == field) return event.values[at];
    }
    return StoredValue{};
  };
  CHECK_EQ(value_of("distance"), StoredValue{125050, -2});
  CHECK_EQ(value_of("seat"), StoredValue{1, 0});
  CHECK_EQ(value_of("place").mantissa,
           place.edition->knowledge().library().regions().find("CN-BJ")->value);

  const auto distance = [](std::string_view text) {
    return good(changed(every_kind, "1250.50", text)).values[0];
  };
  CHECK_EQ(distance("-0.25"), StoredValue{-25, -2});
  CHECK_EQ(distance("\"12.5\""), StoredValue{125, -1});
  CHECK_EQ(distance("1.5e3"), StoredValue{15, 2});
  CHECK_EQ(distance("4611686018427387904").mantissa, std::int64_t{1} << 62U);
}

TEST_CASE("event reader: withdrawals and corrections") {
  const auto event = good(withdrawal);
  CHECK(event.withdrawal);
  CHECK(event.has_earlier);
  CHECK_EQ(event.earlier.text, "a-1");
  CHECK_EQ(event.earlier.hash, hash_of_id(event.stream, "a-1"));
  CHECK_EQ(event.value_count, 0);
  const auto correction = good(changed(numbered, R"("sequence":"7")",  //
                                       R"("sequence":"8","replaces":"7")"));
  CHECK_FALSE(correction.withdrawal);
  CHECK(correction.has_earlier);
  CHECK_EQ(correction.earlier, EventId{7, ""});
}

TEST_CASE("event reader: escapes, white space, other members and other characters") {
  CHECK_EQ(good(changed(every_kind, "a-1", R"(\u0061\/1)")).id.text, "a/1");
  CHECK_EQ(good(changed(every_kind, "a-1", R"(a\"1)")).id.text, "a\"1");
  CHECK_EQ(good(changed(every_kind, "a-1", "硬座")).id.text, "硬座");
  CHECK_EQ(good(changed(every_kind, R"("soft")", R"("硬座")")).values[1], StoredValue{0, 0});
  CHECK_EQ(good(changed(every_kind, R"("id")", R"("\u0069d")")).id.text, "a-1");
  std::string spaced;
  for (const char c : numbered) {
    spaced += c;
    if (c == ',' || c == '{' || c == '}') spaced += " \t\r\n";
  }
  CHECK_EQ(good("\r\n " + changed(spaced, R"("trips":1})", "\"trips\" :\t1\n}")).values[0],
           StoredValue{1, 0});
  for (const auto* more : {R"("x":1)", R"("x":"y")", R"("x":null)", R"("x":true)", R"("x":[1,{}])",
                           R"("x":{"id":"8"})", R"("":"")", R"("dataschema":"")"}) {
    CHECK_EQ(good(changed(numbered, R"("id")", std::string{more} + R"(,"id")")).id.sequence, 7);
    CHECK_EQ(good(changed(numbered, R"("trips")", std::string{more} + R"(,"trips")")).values[0],
             StoredValue{1, 0});
  }
}

TEST_CASE("event reader: of members given twice the last counts, of fields the first") {
  CHECK_EQ(good(changed(numbered, R"("id")", R"("sequence":"5","id")")).id.sequence, 7);
  CHECK_EQ(
      good(changed(numbered, R"("sequence":"7")", R"("sequence":"7","sequence":9)")).id.sequence,
      9);
  const auto trips = [](std::string_view data) {
    return good(changed(numbered, R"("data":{"trips":1})", data)).values[0];
  };
  CHECK_EQ(trips(R"("data":{"trips":2,"trips":3})"), StoredValue{2, 0});
  CHECK_EQ(trips(R"("data":{"trips":4},"data":{"trips":5})"), StoredValue{4, 0});
  CHECK_EQ(trips(R"("data":{},"data":{"trips":6})"), StoredValue{6, 0});
}

TEST_CASE("event reader: what is no event of ours is refused with the field's name") {
  const auto bus = [](std::string_view from, std::string_view to) {
    return refused(changed(numbered, from, to));
  };
  CHECK_EQ(bus("1.0", "0.3"), "event.bad_version specversion");
  CHECK_EQ(bus(R"("specversion":"1.0",)", ""), "event.bad_version specversion");
  CHECK_EQ(bus("gates", "nobody"), "event.unknown_source source");
  CHECK_EQ(bus("gates", "gone"), "event.source_revoked source");
  for (const auto* sequence : {R"("")", R"("-1")", "-1", "7.0", R"("x")", "4611686018427387904"}) {
    CHECK_EQ(bus(R"("7","data")", std::string{sequence} + R"(,"data")"),
             "event.bad_sequence sequence");
  }
  CHECK_EQ(bus("0000000195", "0000000196"), "event.bad_account subject");
  CHECK_EQ(bus("2026-11-02T", "2026-11-31T"), "time.malformed_instant time");
  CHECK_EQ(bus("trip.bus", "trip.boat"), "event.unknown_type type");
  CHECK_EQ(bus("trip.bus", "partake.withdrawal"), "event.replaces_missing replaces");
  CHECK_EQ(bus("trips", "trip"), "event.field_missing trips");
  CHECK_EQ(bus(R"(,"data":{"trips":1})", ""), "event.field_missing trips");
  CHECK_EQ(bus(R"({"trips":1})", "1"), "event.wrong_type data");
  CHECK_EQ(bus(R"({"trips":1})", R"(["trips"])"), "event.wrong_type data");
  for (const auto* value : {"true", "null", "[1]", "{}"}) {
    CHECK_EQ(bus(R"("7","source")", std::string{value} + R"(,"source")"), "event.wrong_type id");
    CHECK_EQ(bus(R"(:1})", ":" + std::string{value} + "}"), "event.wrong_type trips");
  }
  CHECK_EQ(bus(":1}", R"(:"one"})"), "decimal.malformed trips");
  CHECK_EQ(bus(":1}", ":4611686018427387905}"), "event.too_many_digits trips");
  CHECK_EQ(refused(changed(every_kind, "a-1", "")), "event.bad_id id");
  CHECK_EQ(refused(changed(every_kind, "a-1", std::string(id_bytes_max + 1, 'a'))),
           "event.bad_id id");
  CHECK_EQ(good(changed(every_kind, "a-1", std::string(id_bytes_max, 'a'))).id.text.size(),
           id_bytes_max);
  CHECK_EQ(refused(changed(every_kind, "soft", "none")), "method.unknown_choice seat");
  CHECK_EQ(refused(changed(every_kind, R"("soft")", "1")), "event.wrong_type seat");
  CHECK_EQ(refused(changed(every_kind, "CN-BJ", "CN-XX")), "region.unknown place");
}

TEST_CASE("event reader: the end must be a time up to six hours later") {
  const auto end = [](std::string_view to) {
    return refused(changed(with_end, R"("2026-11-02T08:45:31+08:00")", to));
  };
  CHECK_EQ(end(R"("2026-11-02T08:15:29+08:00")"), "event.bad_length end");
  CHECK_EQ(end(R"("2026-11-02T14:15:31+08:00")"), "event.bad_length end");
  CHECK_EQ(end(R"("soon")"), "time.malformed_instant end");
  CHECK_EQ(end("5"), "event.field_missing end");
  CHECK_EQ(refused(changed(with_end, R"("end")", R"("start")")), "event.field_missing end");
}

TEST_CASE("event reader: limits") {
  const auto with_fields = [](std::size_t count) {
    return changed(numbered, R"("trips":1)", fields(count));
  };
  CHECK_EQ(refused(with_fields(64)), "good");
  CHECK_EQ(refused(with_fields(65)), "event.too_many_fields");
  CHECK_EQ(
      refused(changed(with_fields(40), R"("data")", R"("data":{)" + fields(25) + R"(},"data")")),
      "event.too_many_fields");
  const auto of_size = [](std::size_t size) {
    return std::string(size - numbered.size(), ' ') + std::string{numbered};
  };
  CHECK_EQ(refused(of_size(event_bytes_max)), "good");
  CHECK_EQ(refused(of_size(event_bytes_max + 1)), "event.too_large");
}

TEST_CASE("event reader: what is no JSON is refused") {
  for (const auto* document : {"",
                               " ",
                               "{",
                               "[]",
                               "1",
                               "\"\"",
                               "{}}",
                               "{}{}",
                               "{\"id\"}",
                               "{\"id\":}",
                               "{\"id\":\"}",
                               "{\"id\":\"1\",}",
                               "{,}",
                               "{\"id\":\"1\"\"type\":\"2\"}",
                               "{\"id\":01}",
                               "{\"id\":1.}",
                               "{\"id\":-}",
                               "{\"id\":.5}",
                               "{\"id\":+1}",
                               "{\"id\":1e}",
                               "{\"id\":1e999}",
                               "{id:\"1\"}",
                               "{'id':'1'}",
                               "{\"id\":\"\t\"}",
                               "{\"id\":\"\\x\"}",
                               "{\"id\":\"\xff\"}",
                               "{\"id\":1 2}",
                               "{\"id\":nul}",
                               "{\"id\":nulll}",
                               "{\"id\":n\"1\"}",
                               "{\"id\":tru}",
                               "{\"data\":{\"a\":n}}"}) {
    INFO(document);
    CHECK_EQ(refused(document), "event.malformed_json");
  }
  for (std::size_t size = 0; size < numbered.size(); ++size) {
    REQUIRE_EQ(refused(numbered.substr(0, size)), "event.malformed_json");
  }
  CHECK_EQ(refused("{}"), "event.bad_version specversion");
}

// One byte is replaced, put in or left out at every place, and pieces are moved: the short way and
// the general parser must agree, whatever stands behind the document.
TEST_CASE("event reader: both ways agree on mutated documents") {
  constexpr std::string_view bytes{"\"\\{}[]:,.-+eE019 \t\n\0\x1F\x7F\x80\xC3u/tn"sv};
  constexpr std::string_view paddings{" \"}1,{"};
  std::size_t tried = 0;
  for (const auto document : {numbered, with_end, every_kind, withdrawal}) {
    for (std::size_t at = 0; at <= document.size(); ++at) {
      const auto before = std::string{document.substr(0, at)};
      const auto after = document.substr(at);
      const char padding = paddings[at % paddings.size()];
      const auto rest = after.substr(after.empty() ? 0 : 1);
      for (const char byte : bytes) {
        INFO(before, " | ", byte);
        REQUIRE(agree(before + byte + std::string{after}, padding));
        REQUIRE(agree(before + byte + std::string{rest}, padding));
        tried += 2;
      }
      REQUIRE(agree(before + std::string{rest}, padding));
      REQUIRE(agree(before, padding));
      // A piece from elsewhere.
      const auto from = (at * 7) % document.size();
      REQUIRE(agree(before + std::string{document.substr(from, 1 + at % 40)} + std::string{after},
                    padding));
    }
  }
  CHECK_GT(tried, 30'000);
}
