#include "base/time.h"

using namespace partake;

namespace {

std::string validity(const char* text) {
  const auto read = parse_validity(text);
  return read ? to_string(*read) : read.error().code;
}

std::string parsed(const char* pattern, const char* text) {
  const auto format = TimeFormat::compile(pattern);
  if (!format) return format.error().code;
  const auto time = format->parse(text);
  if (!time) return time.error().code;
  return std::to_string(time->local.time_since_epoch().count());
}

}  // namespace

TEST_CASE("time: days that exist") {
  CHECK_EQ(to_string(*parse_day("2024-02-29")), "2024-02-29");
  for (const char* text : {"2023-02-29", "2024-13-01", "2024-00-10", "24-01-01", "2024-1-1",
                           "1899-12-31", "2200-01-01", "9999-01-01", "2024-01-01x", ""}) {
    CAPTURE(text);
    CHECK_FALSE(parse_day(text).has_value());
  }
  CHECK_EQ(to_string(years_before(*parse_day("2024-02-29"), 1)), "2023-02-28");
}

TEST_CASE("time: validity and publication") {
  CHECK_EQ(validity("2022"), "2022");
  CHECK_EQ(validity("2024.."), "2024..");
  CHECK_EQ(validity("2024-07-01..2025-06-30"), "2024-07-01..2025-06-30");
  CHECK_EQ(validity("..2020"), "..2020-12-31");
  CHECK_EQ(validity("not stated"), "not stated");
  for (const char* text : {"..", "2025..2024", "20", "soon", "2024-13.."}) {
    CAPTURE(text);
    CHECK_EQ(validity(text), "time.malformed_validity");
  }
  CHECK(parse_validity("not stated")->contains(*parse_day("1950-01-01")));
  // Seen only when the whole stated period has passed.
  CHECK_EQ(to_string(*parse_publication("2026-01")), "2026-01-31");
  CHECK_EQ(to_string(*parse_publication("2020")), "2020-12-31");
  CHECK_EQ(*parse_publication("not stated"), day_min);
}

TEST_CASE("time: formats of real files") {
  CHECK_EQ(parsed("%m/%d/%y %H:%M", "12/31/14 23:33"), "1420068780000000");
  CHECK_EQ(parsed("%m/%d/%y %H:%M", "1/2/69 0:00"), "-31449600000000");
  CHECK_EQ(parsed("", "2014-12-31T23:33:00"), "1420068780000000");
  CHECK_EQ(parsed("", "2014-12-31 23:33"), "1420068780000000");
  CHECK_EQ(parsed("", "2014-12-31"), "1419984000000000");
  CHECK_EQ(parsed("%m/%d/%y", "12/32/14"), "time.malformed");
  CHECK_EQ(parsed("%m/%d/%y %H:%M", "12/31/14 24:00"), "time.malformed");
  CHECK_EQ(parsed("%q", "1"), "time.malformed_format");
  CHECK_EQ(parsed("%H:%M", "10:00"), "time.malformed_format");
  CHECK_EQ(parsed("", "2014-12-31T23"), "time.malformed");
  CHECK_EQ(parsed("", "2014-12-31T23:33+25:00"), "time.malformed");
}

TEST_CASE("time: an instant belongs to the day of its zone") {
  const auto shanghai = load_zone("Asia/Shanghai");
  const auto los_angeles = load_zone("America/Los_Angeles");
  REQUIRE(shanghai.has_value());
  REQUIRE(los_angeles.has_value());
  const auto format = TimeFormat::compile("");
  const auto instant = format->parse("2024-11-20T17:30:00Z")->instant;
  CHECK_EQ(to_string(shanghai->local_day(instant)), "2024-11-21");
  CHECK_EQ(to_string(los_angeles->local_day(instant)), "2024-11-20");
  CHECK(format->parse("2024-11-21T01:30:00+08:00")->instant == instant);
  // The clocks went from 02:00 to 03:00 on 9 March 2014, and back on 2 November.
  const auto utc = [&](const char* local) {
    return los_angeles->to_instant(format->parse(local)->local).time_since_epoch().count() /
           1000000;
  };
  CHECK_EQ(utc("2014-03-09T01:59:59"), 1394359199);
  CHECK_EQ(utc("2014-03-09T03:00:00"), 1394359200);
  CHECK_EQ(utc("2014-11-02T00:30:00"), 1414913400);
  CHECK_EQ(utc("2014-11-02T03:00:00"), 1414926000);
  CHECK_EQ(load_zone("Mars/Olympus").error().code, "time.unknown_zone");
}

TEST_CASE("time: instants of RFC 3339 are read to the microsecond, and printed in UTC") {
  const auto read = [](const char* text) {
    const auto instant = parse_instant(text);
    return instant ? to_string(*instant) : instant.error().code;
  };
  CHECK_EQ(parse_instant("1970-01-01T00:00:00Z")->time_since_epoch().count(), 0);
  CHECK_EQ(parse_instant("2026-01-02T08:00:00.000001Z")->time_since_epoch().count(),
           1'767'340'800'000'001);
  CHECK_EQ(read("2026-01-02T08:00:00Z"), "2026-01-02T08:00:00Z");
  CHECK_EQ(read("2026-01-02t08:00:00z"), "2026-01-02T08:00:00Z");
  CHECK_EQ(read("2026-01-02 08:00:00Z"), "2026-01-02T08:00:00Z");
  CHECK_EQ(read("2026-01-02T08:00:00+08:00"), "2026-01-02T00:00:00Z");
  CHECK_EQ(read("2026-01-01T23:30:00-01:30"), "2026-01-02T01:00:00Z");
  CHECK_EQ(read("2026-01-02T08:00:00.5Z"), "2026-01-02T08:00:00.500000Z");
  CHECK_EQ(read("2026-01-02T08:00:00.123456+00:00"), "2026-01-02T08:00:00.123456Z");
  CHECK_EQ(read("1969-12-31T23:59:59.999999Z"), "1969-12-31T23:59:59.999999Z");
  CHECK_EQ(read("2024-02-29T23:59:59Z"), "2024-02-29T23:59:59Z");
  CHECK_EQ(read("2199-12-31T23:59:59-23:59"), "2200-01-01T23:58:59Z");
  for (const char* bad : {"",
                          "2026-01-02",
                          "2026-01-02T08:00:00",
                          "2026-01-02T08:00Z",
                          "2026-01-02T08:00:00.Z",
                          "2026-01-02T08:00:00.1234567Z",
                          "2026-01-02T08:00:00,5Z",
                          "2026-01-02T08:00:00+0800",
                          "2026-01-02T08:00:00+08",
                          "2026-01-02T08:00:00+24:00",
                          "2026-01-02T08:00:00+08:60",
                          "2026-01-02T08:00:00Z ",
                          " 2026-01-02T08:00:00Z",
                          "2026-01-02T24:00:00Z",
                          "2026-01-02T08:60:00Z",
                          "2026-12-31T23:59:60Z",
                          "2025-02-29T08:00:00Z",
                          "2026-13-01T08:00:00Z",
                          "2026-00-01T08:00:00Z",
                          "2026-01-32T08:00:00Z",
                          "1899-12-31T08:00:00Z",
                          "2200-01-01T08:00:00Z",
                          "2026/01/02T08:00:00Z",
                          "2026-01-02x08:00:00Z",
                          "2o26-01-02T08:00:00Z",
                          "2026-01-02T0x:00:00Z"}) {
    CAPTURE(bad);
    CHECK_EQ(read(bad), "time.malformed_instant");
  }
}
