#include "programme/scheme.h"

#include <fstream>

#include "programme/programme.h"

using namespace partake;

namespace {

const std::string head =
    "format = 1\nid = \"p\"\nversion = \"1.0.0\"\ntitle = { en = \"P\", zh = \"P\" }\n"
    "description = { en = \"P\", zh = \"P\" }\n"
    "[[methods]]\nid = \"transport.metro_trip\"\nversion = \"1.0.0\"\n"
    "[[methods]]\nid = \"transport.walk_steps\"\nversion = \"1.0.0\"\n";
const std::string scheme = "[scheme]\nzone = \"Asia/Shanghai\"\nlate_days = 30\n";
const std::string metro =
    "[[scheme.events]]\ntype = \"trip.metro\"\nmethod = \"transport.metro_trip\"\n";
const std::string cap = "[[scheme.caps]]\nasset = \"co2e\"\nmost = \"2 kgCO2e\"\nper = \"day\"\n";
const std::string exclusive = "[[scheme.exclusive]]\ngroup = \"trip\"\n";

struct Read {
  programme::Programme programme;
  Problems problems;
};

Read read(const std::string& text) {
  const auto file = parse_toml(text, "programme.toml");
  REQUIRE(file.has_value());
  Read read;
  read.programme = programme::read_programme(*file, read.problems);
  return read;
}

// What is wrong, in order: each code, the line it stands on, and what it names.
std::string problems(const std::string& text) {
  std::string list;
  for (const auto& problem : read(text).problems) {
    CHECK_EQ(problem.place.file, "programme.toml");
    list += (list.empty() ? "" : "; ") + problem.code + ":" + std::to_string(problem.place.line);
    for (const auto& [name, value] : problem.args) list += " " + name + "=" + value;
  }
  return list;
}

// The first line of a scheme in these files, for reckoning places.
const auto first_line = std::count(head.begin(), head.end(), '\n') + 1;
std::string at(std::int64_t line) { return std::to_string(first_line + line); }

// With the head, [scheme] and one good event; `more` starts three lines after the event's first.
std::string with(const std::string& more) { return problems(head + scheme + metro + more); }
constexpr std::int64_t more_line = 6;

}  // namespace

TEST_CASE("scheme: a good one reads as written") {
  const auto good = read(head + R"(
[scheme]
zone = "Asia/Shanghai"
late_days = 30
actors = ["person", "household"]
tiers = { A = "1", C = "0.25" }
point_for = "100 gCO2e"

[[scheme.events]]
type = "trip.metro"
method = "transport.metro_trip"
end = "arrived"
inputs.trips = { field = "count" }
inputs.distance = { field = "metres", unit = "m" }
inputs.region = { constant = "CN-HB-420100" }

[[scheme.events]]
type = "walk.steps"
method = "transport.walk_steps"

[[scheme.caps]]
asset = "co2e"
most = "2 kgCO2e"
per = "day"

[[scheme.caps]]
asset = "water"
most = "1.5 m3"
per = "year"
events = ["trip.metro", "walk.steps"]

[[scheme.exclusive]]
group = "trip"
within_minutes = 1440

[[scheme.exclusive]]
group = "steps"
)");
  REQUIRE_EQ(good.problems.size(), 0);
  REQUIRE(good.programme.scheme.has_value());
  const auto& read = *good.programme.scheme;
  CHECK_EQ(read.zone, "Asia/Shanghai");
  CHECK_EQ(read.late_days, 30);
  CHECK_EQ(read.actors, std::vector<std::string>{"person", "household"});
  REQUIRE_EQ(read.tiers.size(), 2);
  CHECK_EQ(read.tiers[0].first, "A");
  CHECK_EQ(to_string(read.tiers[0].second), "1");
  CHECK_EQ(read.tiers[1].first, "C");
  CHECK_EQ(to_string(read.tiers[1].second), "0.25");
  REQUIRE(read.point_for.has_value());
  CHECK_EQ(to_string(*read.point_for), "100 gCO2e");

  REQUIRE_EQ(read.events.size(), 2);
  const auto& trip = read.events[0];
  CHECK_EQ(trip.type, "trip.metro");
  CHECK_EQ(trip.method.text(), "transport.metro_trip");
  CHECK_EQ(trip.end, "arrived");
  REQUIRE_EQ(trip.inputs.size(), 3);
  CHECK_EQ(trip.inputs[0].input, "trips");
  CHECK_EQ(trip.inputs[0].field, "count");
  CHECK_EQ(trip.inputs[0].constant, "");
  CHECK_FALSE(trip.inputs[0].unit.has_value());
  CHECK_EQ(trip.inputs[1].field, "metres");
  CHECK_EQ(to_string(trip.inputs[1].unit.value()), "m");
  CHECK_EQ(trip.inputs[2].field, "");
  CHECK_EQ(trip.inputs[2].constant, "CN-HB-420100");
  CHECK_EQ(read.events[1].end, "");
  CHECK_EQ(read.events[1].inputs.size(), 0);

  REQUIRE_EQ(read.caps.size(), 2);
  CHECK_EQ(read.caps[0].asset, "co2e");
  CHECK_EQ(to_string(read.caps[0].most), "2 kgCO2e");
  CHECK_EQ(read.caps[0].per, "day");
  CHECK_EQ(read.caps[0].events.size(), 0);
  CHECK_EQ(read.caps[1].asset, "water");
  CHECK_EQ(read.caps[1].per, "year");
  CHECK_EQ(read.caps[1].events, std::vector<std::string>{"trip.metro", "walk.steps"});

  REQUIRE_EQ(read.exclusive.size(), 2);
  REQUIRE_NE(read.exclusive_in("trip"), nullptr);
  CHECK_EQ(read.exclusive_in("trip")->within_minutes, 1440);
  REQUIRE_NE(read.exclusive_in("steps"), nullptr);
  CHECK_EQ(read.exclusive_in("steps")->within_minutes, 0);
  CHECK_EQ(read.exclusive_in("other"), nullptr);
}

TEST_CASE(
    "scheme: a programme without one only quantifies, and the least that is needed is little") {
  const auto without = read(head);
  CHECK_EQ(without.problems.size(), 0);
  CHECK_FALSE(without.programme.scheme.has_value());
  const auto least = read(head + scheme + metro);
  CHECK_EQ(least.problems.size(), 0);
  CHECK(least.programme.scheme.value().actors.empty());
  CHECK(least.programme.scheme->tiers.empty());
  CHECK_FALSE(least.programme.scheme->point_for.has_value());
}

TEST_CASE("scheme: the bundled example is good") {
  std::ifstream file{SOURCE_DIR "/examples/carbon-inclusion/programme.toml"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto example = read(text);
  CHECK_EQ(example.problems.size(), 0);
  CHECK_EQ(example.programme.scheme.value().events.size(), 3);
}

TEST_CASE("scheme: its own keys") {
  CHECK_EQ(problems(head + scheme), "programme.no_events:" + at(0) + " key=scheme.events");
  CHECK_EQ(problems(head + "[scheme]\nlate_days = 0\n" + metro),
           "toml.key_missing:" + at(0) + " key=scheme.zone");
  CHECK_EQ(problems(head + "[scheme]\nzone = \"\"\nlate_days = 0\n" + metro),
           "toml.empty:" + at(1) + " key=scheme.zone");
  CHECK_EQ(problems(head + "[scheme]\nzone = \"UTC\"\n" + metro),
           "toml.key_missing:" + at(0) + " key=scheme.late_days");
  CHECK_EQ(problems(head + "[scheme]\nzone = \"UTC\"\nlate_days = \"3\"\n" + metro),
           "toml.wrong_kind:" + at(2) + " expected=integer found=string key=scheme.late_days");
  CHECK_EQ(problems(head + scheme + "late_day = 3\n" + metro),
           "toml.unknown_key:" + at(3) + " key=scheme.late_day");
  CHECK_EQ(problems(head + scheme + "actors = [1]\n" + metro),
           "toml.wrong_kind:" + at(3) + " expected=string found=integer key=scheme.actors");
  for (const auto* good : {"0", "366"}) {
    CHECK_EQ(problems(head + "[scheme]\nzone = \"UTC\"\nlate_days = " + good + "\n" + metro), "");
  }
  for (const std::string bad : {"-1", "367"}) {
    CHECK_EQ(problems(head + "[scheme]\nzone = \"UTC\"\nlate_days = " + bad + "\n" + metro),
             "programme.out_of_range:" + at(2) + " value=" + bad +
                 " low=0 high=366 key=scheme.late_days");
  }
}

TEST_CASE("scheme: tiers are A, B and C, and worth 0 to 1") {
  const auto tiers = [](const std::string& keys) {
    return problems(head + scheme + "tiers = { " + keys + " }\n" + metro);
  };
  CHECK_EQ(tiers("A = \"1\", B = \"0\", C = \"0.5\""), "");
  CHECK_EQ(tiers("D = \"1\""), "programme.unknown_tier:" + at(3) + " tier=D key=scheme.tiers");
  CHECK_EQ(tiers("a = \"1\""), "programme.unknown_tier:" + at(3) + " tier=a key=scheme.tiers");
  for (const auto* bad : {"\"1.0001\"", "\"-0.1\"", "\"half\"", "\"\"", "1"}) {
    CAPTURE(bad);
    CHECK_EQ(tiers(std::string{"B = "} + bad),
             "programme.tier_worth:" + at(3) + " tier=B key=scheme.tiers");
  }
  CHECK_EQ(problems(head + scheme + "tiers = \"A\"\n" + metro),
           "toml.wrong_kind:" + at(3) + " expected=table found=string key=scheme.tiers");
}

TEST_CASE("scheme: event types") {
  CHECK_EQ(with("kind = \"x\"\n"), "toml.unknown_key:" + at(more_line) + " key=scheme.events.kind");
  CHECK_EQ(problems(head + scheme + "[[scheme.events]]\nmethod = \"transport.metro_trip\"\n"),
           "toml.key_missing:" + at(3) + " key=scheme.events.type");
  CHECK_EQ(problems(head + scheme +
                    "[[scheme.events]]\ntype = \"trip.bus\"\nmethod = \"transport.bus_trip\"\n"),
           "programme.method_not_listed:" + at(5) +
               " method=transport.bus_trip key=scheme.events.method");
  CHECK_EQ(with(metro),
           "programme.twice:" + at(more_line + 1) + " name=trip.metro key=scheme.events.type");
  CHECK_EQ(problems(head + scheme + "events = [\"trip.metro\"]\n"),
           "toml.wrong_kind:" + at(3) +
               " expected=table found=string key=scheme.events; programme.no_events:" + at(3) +
               " key=scheme.events");
}

TEST_CASE("scheme: an input comes from a field or is constant") {
  const auto input = [](const std::string& value) {
    return with("inputs.trips = " + value + "\n");
  };
  const auto place = at(more_line);
  CHECK_EQ(input("{ field = \"trips\" }"), "");
  CHECK_EQ(input("{ constant = \"1\", unit = \"1\" }"), "");
  const std::string key = " key=scheme.events.inputs.trips.";
  CHECK_EQ(input("{}"), "programme.field_or_constant:" + place + key);
  CHECK_EQ(input("{ field = \"a\", constant = \"1\" }"),
           "programme.field_or_constant:" + place + key);
  CHECK_EQ(input("\"trips\""), "programme.field_or_constant:" + place + key);
  CHECK_EQ(input("{ field = 5, constant = \"1\" }"),
           "toml.wrong_kind:" + place + " expected=string found=integer" + key + "field");
  CHECK_EQ(input("{ field = \"a\", column = \"b\" }"),
           "toml.unknown_key:" + place + key + "column");
  CHECK_EQ(input("{ field = \"a\", unit = \"furlongs per\" }").substr(0, 5), "unit.");
}

TEST_CASE("scheme: caps") {
  CHECK_EQ(with(cap), "");
  CHECK_EQ(with(cap + "events = [\"trip.metro\"]\n"), "");
  CHECK_EQ(
      with(cap + "events = [\"trip.metro\", \"trip.bus\"]\n"),
      "programme.unknown_event:" + at(more_line + 4) + " type=trip.bus key=scheme.caps.events");
  CHECK_EQ(with("[[scheme.caps]]\nasset = \"points\"\nmost = \"5\"\nper = \"day\"\n"),
           "toml.not_one_of:" + at(more_line + 1) +
               " value=points allowed=co2e, water, electricity, time, money"
               " key=scheme.caps.asset");
  CHECK_EQ(with("[[scheme.caps]]\nasset = \"co2e\"\nmost = \"2 kgCO2e\"\nper = \"hour\"\n"),
           "toml.not_one_of:" + at(more_line + 3) +
               " value=hour allowed=day, week, month, year key=scheme.caps.per");
  CHECK_EQ(with("[[scheme.caps]]\nasset = \"co2e\"\nper = \"day\"\n"),
           "toml.key_missing:" + at(more_line) + " key=scheme.caps.most");
  CHECK_EQ(
      with("[[scheme.caps]]\nasset = \"co2e\"\nmost = \"2 kgSO9\"\nper = \"day\"\n").substr(0, 13),
      "unit.unknown:");
  CHECK_EQ(
      with("[[scheme.caps]]\nasset = \"co2e\"\nmost = \"much\"\nper = \"day\"\n").substr(0, 18),
      "decimal.malformed:");
  CHECK_EQ(with(cap + "event = []\n"),
           "toml.unknown_key:" + at(more_line + 4) + " key=scheme.caps.event");
}

TEST_CASE("scheme: exclusive groups") {
  CHECK_EQ(with(exclusive), "");
  CHECK_EQ(with(exclusive + "within_minutes = 0\n"), "");
  CHECK_EQ(with(exclusive + "within_minutes = 1440\n"), "");
  for (const std::string bad : {"-1", "1441"}) {
    CHECK_EQ(with(exclusive + "within_minutes = " + bad + "\n"),
             "programme.out_of_range:" + at(more_line + 2) + " value=" + bad +
                 " low=0 high=1440 key=scheme.exclusive.within_minutes");
  }
  CHECK_EQ(with(exclusive + exclusive),
           "programme.twice:" + at(more_line + 3) + " name=trip key=scheme.exclusive.group");
  CHECK_EQ(with("[[scheme.exclusive]]\nwithin_minutes = 2\n"),
           "toml.key_missing:" + at(more_line) + " key=scheme.exclusive.group");
  CHECK_EQ(with(exclusive + "within = 2\n"),
           "toml.unknown_key:" + at(more_line + 2) + " key=scheme.exclusive.within");
}

TEST_CASE("scheme: every problem is reported, not the first alone") {
  CHECK_EQ(problems(head + "[scheme]\nzone = \"UTC\"\nlate_days = 1000\n"
                           "point_for = \"a lot\"\n[[scheme.caps]]\nasset = \"gold\"\n"
                           "most = \"2 kg\"\nper = \"day\"\n")
               .substr(0, 22),
           "programme.out_of_range");
  CHECK_EQ(read(head + "[scheme]\nzone = \"UTC\"\nlate_days = 1000\n"
                       "point_for = \"a lot\"\n[[scheme.caps]]\nasset = \"gold\"\n"
                       "most = \"2 kg\"\nper = \"day\"\n")
               .problems.size(),
           4);
}
