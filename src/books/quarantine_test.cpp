#include "books/quarantine.h"

#include <limits>

#include "storage/simulated_disk.h"

using namespace partake;
using namespace partake::books;

namespace {

constexpr const char* path = "quarantine/refused.ndjson";

Refused refused(const std::string& document) {
  Refused entry;
  entry.time = *parse_instant("2026-11-20T12:00:00.25Z");
  entry.reason = {
      ErrorKind::invalid, "event.unknown_source", {{"field", "source"}, {"value", "\"\n"}}, {}};
  entry.document = document;
  return entry;
}

Quarantine open(storage::Disk& disk) {
  auto quarantine = Quarantine::open(disk);
  REQUIRE(quarantine);
  return *std::move(quarantine);
}

std::string code_of_file(const std::string& bytes) {
  storage::SimulatedDisk disk;
  REQUIRE(disk.make_folder("quarantine"));
  REQUIRE(storage::replace_file(disk, path, bytes));
  const auto quarantine = Quarantine::open(disk);
  return quarantine ? std::to_string(quarantine->entries().size()) : quarantine.error().code;
}

}  // namespace

TEST_CASE("quarantine: what was added is there again, as it came") {
  storage::SimulatedDisk disk;
  const std::vector<std::string> documents{
      "{}", "", "two\nlines", "quoted \" \\ \x01", "é e\u0301 硬座", "\xFF\x00x"};
  {
    auto quarantine = open(disk);
    for (const auto& document : documents) {
      auto entry = refused(document);
      if (document == "{}") entry.source = "gates";
      if (document.empty()) entry.outcome = Outcome::conflict;
      REQUIRE(quarantine.add(entry));
      REQUIRE(quarantine.add(entry));  // Waits already.
    }
    REQUIRE(quarantine.flush());
  }
  const auto again = open(disk);
  REQUIRE_EQ(again.entries().size(), documents.size());
  for (std::size_t at = 0; at < documents.size(); ++at) {
    const auto& entry = again.entries()[at];
    CHECK_EQ(entry.number, at + 1);
    CHECK_EQ(entry.document, documents[at]);
    CHECK_EQ(entry.time, refused("").time);
    CHECK_EQ(entry.reason.code, "event.unknown_source");
    CHECK_EQ(entry.reason.args, refused("").reason.args);
    CHECK_EQ(entry.source, documents[at] == "{}" ? "gates" : "");
    CHECK_EQ(entry.outcome, documents[at].empty() ? Outcome::conflict : Outcome::rejected);
  }
  CHECK_EQ(again.find(3)->document, "two\nlines");
  CHECK_EQ(again.find(99), nullptr);
}

TEST_CASE(
    "quarantine: what is removed is gone, and numbers are not given twice while others wait") {
  storage::SimulatedDisk disk;
  {
    auto quarantine = open(disk);
    for (const auto* document : {"a", "b", "c"}) REQUIRE(quarantine.add(refused(document)));
    REQUIRE(quarantine.remove({1, 2}));
    REQUIRE(quarantine.add(refused("a")));
    REQUIRE(quarantine.flush());
  }
  const auto again = open(disk);
  REQUIRE_EQ(again.entries().size(), 2);
  CHECK_EQ(again.entries()[0].number, 3);
  CHECK_EQ(again.entries()[1].number, 4);
}

TEST_CASE(
    "quarantine: a last line without its end is left out, anything else that is no entry named") {
  const std::string entry =
      R"({"number":1,"time":5,"outcome":"rejected","code":"x.y","args":{"a":"b"},"document":"d"})";
  CHECK_EQ(code_of_file(""), "0");
  CHECK_EQ(code_of_file(entry + "\n"), "1");
  CHECK_EQ(code_of_file(entry + "\n" + entry), "1");
  for (std::size_t size = 0; size < entry.size(); ++size) {
    CHECK_EQ(code_of_file(entry.substr(0, size)), "0");
    CHECK_EQ(code_of_file(entry.substr(0, size) + "\n"), "quarantine.malformed");
  }
  const auto changed = [&](const std::string& from, const std::string& to) {
    auto text = entry;
    return code_of_file(text.replace(text.find(from), from.size(), to) + "\n");
  };
  CHECK_EQ(changed("\"number\":1", "\"number\":-1"), "quarantine.malformed");
  CHECK_EQ(changed("\"number\":1", "\"number\":\"1\""), "quarantine.malformed");
  CHECK_EQ(changed("\"time\":5", "\"time\":9223372036854775808"), "quarantine.malformed");
  CHECK_EQ(changed("\"time\":5", "\"time\":9223372036854775807"), "quarantine.malformed");
  CHECK_EQ(changed("\"number\":1", "\"number\":18446744073709551615"), "quarantine.malformed");
  CHECK_EQ(changed("\"b\"", "1"), "quarantine.malformed");
  CHECK_EQ(changed("\"document\"", "\"document64\""), "quarantine.malformed");
  CHECK_EQ(changed("\"document\":\"d\"", "\"document64\":\"ZA==\""), "1");
  CHECK_EQ(changed("\"rejected\"", "\"accepted\""), "quarantine.malformed");
  CHECK_EQ(changed("\"code\"", "\"source\":7,\"code\""), "quarantine.malformed");
  storage::SimulatedDisk disk;
  REQUIRE(disk.make_folder("quarantine"));
  REQUIRE(storage::replace_file(disk, path, entry + "\n\n"));
  CHECK_EQ(Quarantine::open(disk).error().args, Args{{"file", path}, {"line", "2"}});
}

TEST_CASE("quarantine: at its limit nothing more is added, and what waits can still be removed") {
  storage::SimulatedDisk disk;
  auto one = Quarantine::open(disk);
  REQUIRE(one);
  REQUIRE(one->add(refused("a")));
  REQUIRE(one->flush());
  const auto size = *(*disk.open(path, storage::Access::read))->size();
  auto full = Quarantine::open(disk, 2 * size + 1);
  REQUIRE(full);
  REQUIRE(full->add(refused("b")));
  const auto third = full->add(refused("c"));
  REQUIRE_FALSE(third);
  CHECK_EQ(third.error().code, "quarantine.full");
  CHECK_EQ(third.error().kind, ErrorKind::exhausted);
  REQUIRE(full->remove({1}));
  CHECK(full->add(refused("c")));
  CHECK(full->flush());
}
