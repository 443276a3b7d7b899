#include "books/replay.h"

#include <map>

#include "books/testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

std::map<std::string, std::string> state_of(const Books& books) {
  std::map<std::string, std::string> sections;
  books.save([&](std::string_view name, std::string_view bytes) { sections.emplace(name, bytes); });
  return sections;
}

void publish(OpenBooks& open, const std::string& from, const std::string& to) {
  auto contents = small_contents();
  auto& text = contents.back().text;
  text.replace(text.find(from), from.size(), to);
  Problems problems;
  ProgrammeNumbers numbers;
  const auto edition = Edition::build(contents, numbers, problems);
  REQUIRE(problems.empty());
  REQUIRE(open.writer->add(Fact{contents.back()}));
  REQUIRE(open.writer->add(Fact{edition->manifest(contents)}));
}

}  // namespace

// Blocks are read ahead of what is taken in, so rules that change between them, or within one, are
// the hard part.
TEST_CASE("replay: events are read by the rules of their time, wherever those change") {
  storage::SimulatedDisk disk;
  REQUIRE(Directory::create(disk, "test.example/log", test_random, test_time()));
  auto opened = open_books(disk);
  REQUIRE(opened);
  auto open = *std::move(opened);
  REQUIRE(set_up(open));
  std::uint64_t number = 0;
  for (int round = 0; round < 12; ++round) {
    const auto source = "source-" + std::to_string(round);
    // New streams for events of every other round; a block of their own or one with events.
    REQUIRE(open.writer->add(Fact{SourceState{source, "test.programme", "A", true, 0, {}, false}}));
    if (round % 3 == 0) REQUIRE(open.writer->flush());
    if (round == 4) publish(open, "version = \"1.0.0\"\ntitle", "version = \"1.1.0\"\ntitle");
    if (round == 8) publish(open, "most = \"3 kgCO2e\"", "most = \"2 kgCO2e\"");
    std::string lines;
    for (int trip = 0; trip < 5; ++trip) {
      const auto time = "2026-11-" + std::to_string(10 + number % 10) + "T0" +
                        std::to_string(number / 10) + ":00:00Z";
      lines +=
          line_of({.account = number % 3, .time = time, .end = time, .identity = sequence(number)});
      ++number;
    }
    REQUIRE(import_text(open, lines, round % 2 == 0 ? 1 : 3));
  }
  const auto state = state_of(open.directory->books());
  CHECK_EQ(open.directory->books().totals().events, number);
  const auto again = Directory::open(disk, journal::Mode::read);
  REQUIRE(again);
  for (const auto& section : state_of((*again)->books())) {
    const bool same = state.at(section.first) == section.second;
    CHECK_MESSAGE(same, section.first);
  }
  const auto report = verify(disk);
  REQUIRE(report);
  for (const auto& finding : report->findings) FAIL_CHECK(finding.code);
  CHECK_EQ(report->events, number);
}
