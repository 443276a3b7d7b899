// Snapshots that are whole in themselves and still cannot be: they are left aside, whatever they
// say.
#include "books/snapshot.h"

#include <cstring>

#include "books/testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

using Section = std::pair<std::string, std::string>;

std::string number_text(std::uint64_t number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

struct Bench : BooksOnDisk {
  std::vector<Section> sections;

  Bench() {
    REQUIRE(import_text(open, line_of({}) + line_of({.account = 1, .source = "app"})));
    open.directory->books().save(
        [&](std::string_view name, std::string_view bytes) { sections.emplace_back(name, bytes); });
  }
  // What opening makes of a snapshot of these sections: "good", or the section that is malformed.
  std::string opened(const std::vector<Section>& with) {
    const auto position = position_of(open.directory->journal());
    auto bytes = "PTKSNAP 2\n" + number_text(position.blocks) + number_text(position.records) +
                 std::string{bytes_of(position.root)};
    auto hashed = bytes;
    const auto add = [&](const std::string& name, const std::string& content) {
      const auto head = static_cast<char>(name.size()) + name + number_text(content.size()) +
                        std::string{bytes_of(sha256(content))};
      hashed += head;
      bytes += head + content;
    };
    for (const auto& [name, content] : with) add(name, content);
    add("", "");
    bytes += bytes_of(sha256(hashed));
    REQUIRE(disk.make_folder("snapshots"));
    REQUIRE(storage::replace_file(disk, "snapshots/snapshot-000000000009", bytes));
    const auto again = Directory::open(disk, journal::Mode::read);
    REQUIRE(again);
    // Whatever becomes of the snapshot, the records are what counts.
    CHECK_EQ((*again)->books().accounts().balance(ledger::Asset::co2e, {0}), 1'000'000);
    const auto& bad = (*again)->bad_snapshots();
    if (bad.empty()) return "good";
    CHECK_EQ(bad[0].code, "snapshot.malformed");
    for (const auto& [name, value] : bad[0].args) {
      if (name == "section") return value;
    }
    return "";
  }
  // With a number of a section changed.
  template <class Number>
  std::string with(const std::string& name, std::size_t offset, Number number) {
    auto changed = sections;
    for (auto& [section, bytes] : changed) {
      if (section != name) continue;
      REQUIRE_LE(offset + sizeof number, bytes.size());
      std::memcpy(bytes.data() + offset, &number, sizeof number);
    }
    return opened(changed);
  }
};

}  // namespace

TEST_CASE("snapshot: every section must be there, once and in order") {
  Bench bench;
  CHECK_EQ(bench.opened(bench.sections), "good");
  for (std::size_t at = 0; at < bench.sections.size(); ++at) {
    INFO(bench.sections[at].first);
    auto without = bench.sections;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(at));
    CHECK_EQ(bench.opened(without), "order");
    auto twice = bench.sections;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(at), twice[at]);
    CHECK_EQ(bench.opened(twice), "order");
  }
  auto more = bench.sections;
  more.emplace_back("more", "");
  CHECK_EQ(bench.opened(more), "order");
  CHECK_EQ(compare_snapshot(bench.disk, "snapshot-000000000009", bench.open.directory->books(),
                            bench.open.directory->journal())
               .error()
               .code,
           "snapshot.differs");
}

TEST_CASE("snapshot: what it names by number must be there") {
  Bench bench;
  constexpr std::uint64_t far = 1'000'000;
  CHECK_EQ(bench.with("head", 0, far), "head");
  CHECK_EQ(bench.with("head", 8, std::int64_t{1} << 62U), "head");
  CHECK_EQ(bench.with("head", 8, -(std::int64_t{1} << 62U)), "head");
  // After the empty set: how many, then source and last day of the first consent.
  CHECK_EQ(bench.with("consents", 16, far), "consents");
  CHECK_EQ(bench.with("consents", 16, (std::uint64_t{1} << 32U)), "consents");
  CHECK_EQ(bench.with("consents", 24, far), "consents");
  CHECK_EQ(bench.with("ranges", 0, far), "ranges");
  CHECK_EQ(bench.with("ranges", 8, static_cast<std::uint32_t>(far)), "ranges");
  const std::size_t last = 3 * sizeof(ledger::Holder);
  CHECK_EQ(bench.with("holders", last + 8, static_cast<std::uint32_t>(far)), "holders");
  CHECK_EQ(bench.with("holders", last + 12, std::uint16_t{1}), "holders");
  CHECK_EQ(bench.with("holders", last + 14, std::uint8_t{3}), "holders");
  CHECK_EQ(bench.with("holders", last + 15, std::uint8_t{6}), "holders");
  for (const auto& section : bench.sections) {
    if (section.second.empty()) continue;
    auto cut = bench.sections;
    for (auto& [name, bytes] : cut) {
      if (name == section.first) bytes.pop_back();
    }
    CHECK_EQ(bench.opened(cut), section.first);
  }
}

TEST_CASE("snapshot: to look at accounts it is read without what only deciding needs") {
  Bench bench;
  CHECK_EQ(bench.opened(bench.sections), "good");
  // One more event than the snapshot has, and a withdrawal of an act that it was opened without.
  REQUIRE(import_text(
      bench.open, line_of({.account = 2, .identity = sequence(7)}) +
                      R"({"specversion":"1.0","source":"gates","type":"partake.withdrawal",)"
                      R"("subject":")" +
                      account(0) +
                      R"(","time":"2026-11-20T11:00:00Z","sequence":"8","replaces":"1"})" + "\n"));
  const auto all = Directory::open(bench.disk, journal::Mode::read);
  const auto looking = Directory::open_accounts(bench.disk);
  REQUIRE(all);
  REQUIRE(looking);
  CHECK((*looking)->bad_snapshots().empty());
  CHECK_LT((*looking)->books().acts().size(), (*all)->books().acts().size());
  std::vector<Section> wanted;
  std::vector<Section> found;
  (*all)->books().save([&](auto name, auto bytes) { wanted.emplace_back(name, bytes); });
  (*looking)->books().save([&](auto name, auto bytes) { found.emplace_back(name, bytes); });
  REQUIRE_EQ(wanted.size(), found.size());
  for (std::size_t at = 0; at < wanted.size(); ++at) {
    const auto& name = wanted[at].first;
    CAPTURE(name);
    if (name != "caps" && name != "acts" && name != "ids") CHECK_EQ(found[at], wanted[at]);
  }
  // What is read is checked, though the rest is not read.
  const auto bytes = storage::read_whole(bench.disk, "snapshots/snapshot-000000000009", 1U << 24U);
  REQUIRE(bytes);
  const auto holders = bytes->find("holders");
  REQUIRE_NE(holders, std::string::npos);
  bench.disk.flip("snapshots/snapshot-000000000009", 8 * (holders + 60));
  const auto again = Directory::open_accounts(bench.disk);
  REQUIRE(again);
  REQUIRE_EQ((*again)->bad_snapshots().size(), 1);
  CHECK_EQ((*again)->bad_snapshots()[0].code, "snapshot.malformed");
}
