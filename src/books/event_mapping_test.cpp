#include "books/event_mapping.h"

using namespace partake;
using namespace partake::books;

namespace {

constexpr const char* good = R"(format = 1
attributes.source = { constant = "gates" }
attributes.sequence = { column = "no" }
attributes.type = { column = "kind" }
attributes.subject = { column = "account" }
attributes.time = { column = "in", format = "%d.%m.%Y %H:%M", zone = "Asia/Shanghai" }
attributes.replaces = { column = "instead of" }
data.trips = { constant = "1" }
data.end = { column = "out", offset = "-03:30" }
)";

struct Read {
  EventMapping mapping;
  std::string problems;  // "line:code key" each.
};

Read read(const std::string& text) {
  const auto file = parse_toml(text, "m.toml");
  REQUIRE(file);
  Problems problems;
  Read read{read_event_mapping(*file, problems), ""};
  for (const auto& problem : problems) {
    read.problems += (read.problems.empty() ? "" : ", ") + std::to_string(problem.place.line) +
                     ":" + problem.code;
    for (const auto& [name, value] : problem.args) {
      if (name == "key") read.problems += " " + value;
    }
  }
  return read;
}

std::string problems_with(const std::string& from, const std::string& to) {
  std::string text{good};
  const auto at = text.find(from);
  REQUIRE_NE(at, std::string::npos);
  return read(text.replace(at, from.size(), to)).problems;
}

}  // namespace

TEST_CASE("event mapping: a column or a constant for each attribute and member") {
  const auto [mapping, problems] = read(good);
  CHECK_EQ(problems, "");
  REQUIRE_EQ(mapping.attributes.size(), 6);
  CHECK_EQ(mapping.attributes[0].name, "source");
  CHECK_EQ(mapping.attributes[0].constant, "gates");
  CHECK_EQ(mapping.attributes[1].column, "no");
  const auto& time = mapping.attributes[4];
  CHECK(time.is_time);
  CHECK_EQ(time.zone, "Asia/Shanghai");
  REQUIRE_EQ(mapping.data.size(), 2);
  CHECK_EQ(mapping.data[0].name, "trips");
  CHECK_FALSE(mapping.data[0].is_time);
  CHECK_EQ(mapping.data[1].offset, std::chrono::seconds{-12'600});
}

TEST_CASE("event mapping: every problem with its place") {
  CHECK_EQ(problems_with("format = 1", "format = 2"), "1:mapping.unknown_format format");
  CHECK_EQ(problems_with("format = 1", "form = 1"),
           "1:mapping.unknown_format format, 1:toml.unknown_key form");
  CHECK_EQ(problems_with("attributes.type = { column = \"kind\" }\n", ""),
           "2:toml.key_missing attributes.type");
  CHECK_EQ(problems_with("attributes.sequence = { column = \"no\" }\n", ""),
           "2:mapping.id_missing attributes.");
  CHECK_EQ(problems_with("attributes.type", "attributes.kind"),
           "2:toml.key_missing attributes.type, 4:toml.unknown_key attributes.kind");
  CHECK_EQ(problems_with("{ constant = \"gates\" }", "\"gates\""),
           "2:mapping.column_or_constant attributes.source.");
  CHECK_EQ(problems_with("{ column = \"kind\" }", "{ column = \"kind\", constant = \"x\" }"),
           "4:mapping.column_or_constant attributes.type.");
  CHECK_EQ(
      problems_with("{ column = \"kind\" }", "{ column = 4 }"),
      "4:toml.wrong_kind attributes.type.column, 4:mapping.column_or_constant attributes.type.");
  CHECK_EQ(problems_with("column = \"account\"", "column = \"account\", zone = \"UTC\""),
           "5:toml.unknown_key attributes.subject.zone");
  CHECK_EQ(problems_with("constant = \"1\"", "constant = \"1\", offset = \"Z\""),
           "8:toml.unknown_key data.trips.offset");
  CHECK_EQ(problems_with(", zone = \"Asia/Shanghai\"", ""),
           "6:mapping.zone_or_offset attributes.time.");
  CHECK_EQ(problems_with(", zone = \"Asia/Shanghai\"", ", zone = \"UTC\", offset = \"Z\""),
           "6:mapping.zone_or_offset attributes.time.");
  CHECK_EQ(problems_with("%d.%m.%Y", "%d.%m.%Q"), "6:time.malformed_format attributes.time.format");
  for (const auto* offset : {"", "8", "+8:00", "+0800", "+24:00", ".5Z", "Asia"}) {
    CHECK_EQ(problems_with("-03:30", offset), "9:mapping.bad_offset data.end.offset");
  }
  CHECK_EQ(problems_with("-03:30", "Z"), "");
  CHECK_EQ(read("format = 1").problems, "1:toml.key_missing attributes");
  CHECK_EQ(read("format = 1\nattributes = 1\ndata = 2").problems,
           "2:toml.wrong_kind attributes, 3:toml.wrong_kind data");
  std::string many{good};
  for (int at = 0; at < 63; ++at)
    many += "data.f" + std::to_string(at) + " = { constant = \"1\" }\n";
  CHECK_EQ(read(many).problems, "8:mapping.too_many_fields data");
}
