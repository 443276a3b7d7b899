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
    auto bytes = "PTKSNAP 1\n" + number_text(position.blocks) + number_text(position.records) +
                 std::string{bytes_of(position.root)};
    for (const auto& [name, content] : with) {
      bytes += static_cast<char>(name.size()) + name + number_text(content.size()) + content;
    }
    bytes += '\0' + number_text(0);
    bytes += bytes_of(sha256(bytes));
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
