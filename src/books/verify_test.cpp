#include "books/verify.h"

#include "base/require.h"
#include "books/forge_testing.h"
#include "journal/tile.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

std::vector<std::string> codes_of(storage::Disk& disk) {
  const auto report = verify(disk);
  if (!report) return {report.error().code};
  std::vector<std::string> codes;
  for (const auto& finding : report->findings) codes.push_back(finding.code);
  return codes;
}

bool names(const std::vector<std::string>& codes, const std::string& code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// All records of such books, written anew.
template <class Change>
void forge(storage::SimulatedDisk& disk, Change change, const std::string& more = "",
           const ChangeHeader& change_header = {}) {
  storage::SimulatedDisk honest;
  fill(honest, more);
  forge_from(honest, disk, change, change_header);
}

}  // namespace

TEST_CASE("verify: good books have no findings") {
  storage::SimulatedDisk disk;
  fill(disk);
  const auto report = verify(disk);
  REQUIRE(report);
  for (const auto& finding : report->findings) FAIL(finding.code);
  CHECK_EQ(report->events, 20);
  CHECK_EQ(report->snapshots, 1);
  CHECK_GT(report->tiles, 0);
  CHECK_EQ(report->accounts, 4);
}

TEST_CASE("verify: an amount that was changed by who holds the key is named") {
  storage::SimulatedDisk disk;
  forge(disk, [](std::uint64_t number, std::string& open, std::string&, const Books& books) {
    if (number != 16) return;
    auto record = parse_open(open, books.rulebook());
    REQUIRE(record);
    record->credit.credited[0] += 1;
    open.clear();
    append_open(open, record->event, record->credit, books.rulebook());
  });
  const auto report = verify(disk);
  REQUIRE(report);
  REQUIRE_FALSE(report->findings.empty());
  CHECK_EQ(report->findings[0].code, "verify.amount_differs");
  CHECK_EQ(report->findings[0].args[0].second, "16");
}

TEST_CASE("verify: an input that was changed is named, by its amount") {
  storage::SimulatedDisk disk;
  forge(disk, [](std::uint64_t number, std::string& open, std::string& hidden, const Books& books) {
    if (number != 16) return;
    auto record = parse_event(open, std::string_view{hidden}.substr(journal::salt_bytes), number,
                              books.rulebook());
    REQUIRE(record);
    record->event.values[0].mantissa = 11;
    hidden.resize(journal::salt_bytes);
    append_body(hidden, record->event, record->links, number, books.rulebook());
  });
  CHECK(names(codes_of(disk), "verify.amount_differs"));
}

TEST_CASE("verify: an event twice, or one that nobody may report, is named") {
  storage::SimulatedDisk disk;
  forge(disk, [](std::uint64_t number, std::string& open, std::string& hidden, const Books& books) {
    if (number != 16) return;
    auto record = parse_event(open, std::string_view{hidden}.substr(journal::salt_bytes), number,
                              books.rulebook());
    REQUIRE(record);
    record->event.id.sequence = 1;
    hidden.resize(journal::salt_bytes);
    append_body(hidden, record->event, record->links, number, books.rulebook());
  });
  CHECK(names(codes_of(disk), "verify.not_admissible"));
}

TEST_CASE("verify: a method that was changed does not fit its edition") {
  storage::SimulatedDisk honest;
  fill(honest);
  const auto before = Directory::open(honest, journal::Mode::read);
  REQUIRE(before);
  // What is published is named by its hash, so the changed text is another content.
  auto contents = small_contents();
  for (auto& content : contents) {
    if (content.kind == Content::Kind::method)
      content.text.replace(content.text.find("\"100\""), 5, "\"101\"");
  }
  storage::SimulatedDisk disk;
  forge(disk, [&](std::uint64_t number, std::string& open, std::string&, const Books&) {
    if (number < contents.size()) open = text_of(Fact{contents[number]}).open;
  });
  CHECK(names(codes_of(disk), "books.record_does_not_fit"));
}

TEST_CASE("verify: a snapshot's balance that was changed is named with its account") {
  storage::SimulatedDisk disk;
  fill(disk);
  auto open = open_books(disk);
  REQUIRE(open);
  // The books of somebody who has more; written as a snapshot that is whole in itself.
  const Event event{.account = {1}, .stream = 0, .time = test_time(), .id = {900, ""}, .rule = 1};
  Credit credit;
  credit.credited = credit.computed = {5, 0};
  auto& books = open->directory->books();
  Links links;
  links.previous = books.accounts().holder({1}).last_record;
  books.post(books.accounts().holder({1}).last_record, event, credit, links);
  REQUIRE(write_snapshot(disk, books, open->directory->journal()));
  const auto report = verify(disk);
  REQUIRE(report);
  REQUIRE_FALSE(report->findings.empty());
  CHECK(names(codes_of(disk), "snapshot.differs"));
}

TEST_CASE("verify: a flipped bit of any file is found") {
  storage::SimulatedDisk model;
  fill(model);
  std::size_t found = 0;
  std::size_t tried = 0;
  for (const auto& path : model.files()) {
    if (path == "lock" || path.starts_with("keys/")) continue;
    const auto size = storage::read_whole(model, path, 1U << 26U)->size();
    // A few places of each file, the first and the last byte among them; zeros that wait for
    // blocks are left out.
    for (const auto at : {std::size_t{0}, size / 3, size / 2, size - 1}) {
      const auto bytes = *storage::read_whole(model, path, 1U << 26U);
      if (path.starts_with("journal/blocks") && at > 4096 && bytes[at] == '\0') continue;
      storage::SimulatedDisk disk;
      fill(disk);
      disk.flip(path, 8 * at + 1);
      ++tried;
      const bool named = !codes_of(disk).empty();
      CHECK_MESSAGE(named, path, " at ", at);
      if (named) ++found;
    }
  }
  CHECK_GT(tried, 15);
  CHECK_EQ(found, tried);
}

TEST_CASE("verify: a block that says something else of itself or comes before its time is named") {
  const auto nothing = [](std::uint64_t, std::string&, std::string&, const Books&) {};
  storage::SimulatedDisk early;
  forge(early, nothing, "", [](std::uint64_t block, journal::BlockHeader& header) {
    if (block == 2) header.admitted -= std::chrono::seconds{1};
  });
  CHECK(names(codes_of(early), "verify.time_goes_back"));
  storage::SimulatedDisk boastful;
  forge(boastful, nothing, "", [](std::uint64_t block, journal::BlockHeader& header) {
    if (block != 2) return;
    for (auto& [key, value] : header.facts) {
      if (key == "totals") value = Json::Object{{"events", Json::integer(1000)}};
    }
  });
  CHECK_EQ(codes_of(boastful), std::vector<std::string>{"verify.block_facts"});
}

TEST_CASE(
    "verify: a record that was changed in its file, checksum and all, is named by its block") {
  storage::SimulatedDisk disk;
  fill(disk);
  {
    const auto open = Directory::open(disk, journal::Mode::read);
    REQUIRE(open);
    // In the salt of the first record: no meaning changes, only what its leaf commits to.
    rewrite_block(disk, "journal", (*open)->journal(), 1, [](std::string& bytes, std::size_t body) {
      const auto open_bytes = static_cast<std::size_t>(bytes[body + 1]);
      const auto salt = body + 2 + open_bytes + 1;
      bytes[salt] = static_cast<char>(bytes[salt] ^ 1);
    });
  }
  CHECK(names(codes_of(disk), "verify.block_root"));
}

TEST_CASE("verify: what a correction says of the event before is compared, too") {
  const std::string withdrawal =
      R"({"specversion":"1.0","source":"gates","type":"partake.withdrawal","subject":")" +
      account(1) + R"(","time":"2026-11-20T11:00:00Z","sequence":"99","replaces":"2"})" + "\n";
  storage::SimulatedDisk disk;
  bool found = false;
  forge(
      disk,
      [&](std::uint64_t number, std::string& open, std::string& hidden, const Books& books) {
        if (hidden.empty() || static_cast<Kind>(open[0]) != Kind::event) return;
        auto record = parse_event(open, std::string_view{hidden}.substr(journal::salt_bytes),
                                  number, books.rulebook());
        REQUIRE(record);
        if (!record->event.withdrawal) return;
        found = true;
        record->links.earlier_time += std::chrono::seconds{1};
        hidden.resize(journal::salt_bytes);
        append_body(hidden, record->event, record->links, number, books.rulebook());
      },
      withdrawal);
  CHECK(found);
  CHECK_EQ(codes_of(disk), std::vector<std::string>{"verify.record_differs"});
}

TEST_CASE("verify: a record of an event that cannot be read ends it") {
  for (const bool has_hidden : {true, false}) {
    CAPTURE(has_hidden);
    storage::SimulatedDisk disk;
    forge(disk, [&](std::uint64_t number, std::string&, std::string& hidden, const Books&) {
      if (number == 16) hidden.assign(has_hidden ? 40 : 0, '\xFF');
    });
    CHECK(names(codes_of(disk), "record.malformed_event"));
  }
}

TEST_CASE("verify: a tile that is not what the blocks make is named") {
  storage::SimulatedDisk disk;
  fill(disk);
  for (const auto& path : disk.files()) {
    if (path.starts_with("journal/log/tile/")) disk.flip(path, 9);
  }
  const auto codes = codes_of(disk);
  CHECK_EQ(codes, std::vector<std::string>(codes.size(), "verify.tile_differs"));
  CHECK_GE(codes.size(), 2);
}

TEST_CASE("passbook: a record of somebody else, or of nobody, is none of it") {
  storage::SimulatedDisk disk;
  fill(disk);
  const auto open = Directory::open(disk, journal::Mode::read);
  REQUIRE(open);
  const auto& books = (*open)->books();
  const auto code_of_walk = [&](AccountIndex of, std::uint64_t from) {
    const auto walked = walk_passbook((*open)->journal(), books, of, from,
                                      [](const PassbookEntry&) { return true; });
    return walked ? std::string{"ok"} : walked.error().code;
  };
  const auto last = books.accounts().holder({0}).last_record;
  CHECK_EQ(code_of_walk({0}, last), "ok");
  CHECK_EQ(code_of_walk({1}, last), "passbook.broken");
  CHECK_EQ(code_of_walk({0}, 0), "passbook.broken");  // A content.
  CHECK_EQ(code_of_walk({0}, (*open)->journal().records()), "record.unknown");
}

TEST_CASE("snapshot: one of another journal is left aside") {
  storage::SimulatedDisk disk;
  fill(disk);
  storage::SimulatedDisk other;
  fill(other, line_of({.identity = sequence(700)}));
  const auto names_there = snapshot_names(other);
  REQUIRE(names_there);
  const auto& name = names_there->front();
  const auto bytes = storage::read_whole(other, "snapshots/" + name, 1U << 26U);
  REQUIRE(bytes);
  REQUIRE(remove_snapshots(disk));
  REQUIRE(storage::replace_file(disk, "snapshots/" + name, *bytes));
  const auto open = Directory::open(disk, journal::Mode::read);
  REQUIRE(open);
  REQUIRE_EQ((*open)->bad_snapshots().size(), 1);
  CHECK_EQ((*open)->bad_snapshots()[0].code, "snapshot.other_journal");
  CHECK_EQ((*open)->books().totals().events, 20);
}
