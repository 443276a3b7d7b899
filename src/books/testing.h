// A small programme and helpers for tests of the books, on a simulated disk.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/file.h"
#include "books/directory.h"
#include "books/erase.h"
#include "books/import.h"
#include "books/passbook.h"
#include "books/snapshot.h"
#include "books/verify.h"
#include "storage/simulated_disk.h"

namespace partake::books::testing {

inline constexpr const char* sources_text = R"toml(
[[sources]]
id = "test"
title = { en = "Test", zh = "测试" }
publisher = { en = "Test", zh = "测试" }
published = "not stated"
seen = "text"
)toml";

inline constexpr const char* regions_text = R"toml(
[[regions]]
code = "WORLD"
title = { en = "World", zh = "世界" }
type = "world"
)toml";

inline constexpr const char* method_text = R"toml(
format = 1
id = "test.trip"
version = "1.0.0"
title = { en = "Trip", zh = "出行" }
description = { en = "A rate for each kilometre.", zh = "按里程核算。" }
boundary = { en = "For tests.", zh = "测试用。" }
actors = ["person"]
[[basis]]
source = "test"
seen = "text"
[inputs.distance]
title = { en = "Distance", zh = "里程" }
unit = "km"
range = "(0, 100]"
[parameters.rate]
title = { en = "Rate", zh = "单位减排量" }
value = "100"
unit = "gCO2/km"
uncertainty = "not stated"
source = "test"
[formulas]
saved = "distance * rate"
[outputs.co2e]
formula = "co2e(saved)"
unit = "kgCO2e"
asset = "co2e"
[tiers]
A = "1"
B = "1"
C = "0.5"
[exclusivity]
group = "trip"
key = ["account", "start", "end"]
[[examples]]
title = { en = "1 km", zh = "1 公里" }
origin = "derived"
set = { distance = "1 km" }
expect = { co2e = "100 gCO2e" }
)toml";

inline constexpr const char* programme_text = R"toml(
format = 1
id = "test.programme"
version = "1.0.0"
title = { en = "Test", zh = "测试" }
description = { en = "Test", zh = "测试" }
[[methods]]
id = "test.trip"
version = "1.0.0"
from = "2026-01-01"
to = "2026-12-31"
[scheme]
zone = "UTC"
late_days = 30
point_for = "1 kgCO2e"
[[scheme.events]]
type = "trip"
method = "test.trip"
end = "end"
inputs.distance = { field = "km" }
[[scheme.events]]
type = "walk"
method = "test.trip"
inputs.distance = { field = "m", unit = "m" }
[[scheme.caps]]
asset = "co2e"
most = "3 kgCO2e"
per = "day"
[[scheme.exclusive]]
group = "trip"
within_minutes = 1
)toml";

inline std::vector<Content> small_contents() {
  return {{Content::Kind::sources, "sources.toml", sources_text},
          {Content::Kind::regions, "regions.toml", regions_text},
          {Content::Kind::method, "trip.toml", method_text},
          {Content::Kind::zone, "UTC", "UTC\n-2208988800 0\n"},
          {Content::Kind::programme, "programme.toml", programme_text}};
}

inline Instant test_time() { return *parse_instant("2026-11-20T12:00:00Z"); }

inline void test_random(char* bytes, std::size_t size) {
  for (std::size_t at = 0; at < size; ++at) bytes[at] = static_cast<char>(37 * at + 11);
}

// Three accounts of people and one of a school; source "gates" numbers its events and is of tier A,
// "app" does not and is of tier C, "other" has nobody's consent.
inline std::vector<Fact> set_up_facts(const std::vector<Content>& contents = small_contents()) {
  std::vector<Fact> facts;
  for (const auto& content : contents) facts.emplace_back(content);
  ProgrammeNumbers numbers;
  Problems problems;
  const auto edition = Edition::build(contents, numbers, problems);
  for (const auto& problem : problems) FAIL(problem.code);
  facts.emplace_back(edition->manifest(contents));
  facts.emplace_back(SourceState{"gates", "test.programme", "A", true, 0, {}, false});
  facts.emplace_back(SourceState{"app", "test.programme", "C", false, 0, {}, false});
  facts.emplace_back(SourceState{"other", "test.programme", "B", true, 0, {}, false});
  const std::vector<ConsentGiven> consents{{"gates", purpose_credit, day_max},
                                           {"app", purpose_credit, day_max}};
  facts.emplace_back(AccountsOpened{"test.programme", "person", 3, consents});
  facts.emplace_back(AccountsOpened{"test.programme", "school", 1, consents});
  return facts;
}

inline std::string account(std::uint64_t index) { return ledger::to_string({index}); }

// A block as somebody leaves it who writes into the file and sets the checksum right.
template <class Change>
void rewrite_block(storage::Disk& disk, const std::string& folder, const journal::Journal& journal,
                   std::uint64_t index, Change change) {
  auto bytes = journal.read(index);
  REQUIRE(bytes);
  const auto block = journal::parse_block(*bytes);
  REQUIRE(block);
  const auto body = static_cast<std::size_t>(block->body.data() - bytes->data());
  const auto offsets = (block->frame.records + 63) / 64 * sizeof(std::uint32_t);
  const auto end = body + block->body.size() + offsets;
  change(*bytes, body);
  const auto checksum = sha256(bytes->substr(0, 32) + bytes->substr(64, end - 64));
  std::copy(checksum.begin(), checksum.end(), bytes->begin() + 32);
  const auto names = disk.list(folder + "/blocks");
  REQUIRE(names);
  auto file = disk.open(folder + "/blocks/" + names->front(), storage::Access::write);
  REQUIRE(file);
  REQUIRE((*file)->write(journal.blocks()[index].offset, *bytes));
  REQUIRE((*file)->sync());
}

// Books open for writing.
struct OpenBooks {
  std::unique_ptr<Directory> directory;
  std::unique_ptr<Writer> writer;
};

inline Result<OpenBooks> open_books(storage::Disk& disk, Instant time = test_time(),
                                    const journal::JournalLimits& limits = {}) {
  OpenBooks open;
  TRY(open.directory, Directory::open(disk, journal::Mode::write, limits));
  TRY(auto salter, open.directory->salter(test_random, time));
  open.writer = std::make_unique<Writer>(open.directory->journal(), open.directory->books(),
                                         std::move(salter), [time] { return time; });
  return open;
}

inline Status set_up(OpenBooks& open) {
  for (const auto& fact : set_up_facts()) CHECK_OK(open.writer->add(fact));
  return open.writer->flush();
}

// Books of set_up_facts().
struct BooksOnDisk {
  storage::SimulatedDisk disk;
  OpenBooks open;

  BooksOnDisk() {
    REQUIRE(Directory::create(disk, "test.example/log", test_random, test_time()));
    auto opened = open_books(disk);
    REQUIRE(opened);
    open = *std::move(opened);
    REQUIRE(set_up(open));
  }
};

// What became of each line.
struct Told {
  std::vector<Outcome> outcomes;
  std::vector<std::string> codes;
  std::vector<std::uint64_t> records;
};

inline Result<Told> import_text(OpenBooks& open, const std::string& text,
                                std::uint32_t block_records = 8192) {
  Told told;
  ImportOptions options;
  options.block_records = block_records;
  options.answer = [&](const Answer& answer) -> Status {
    told.outcomes.push_back(answer.decision.outcome);
    told.codes.push_back(answer.decision.reason.code);
    told.records.push_back(answer.record);
    return {};
  };
  MemorySource source{text};
  CHECK_OK(import_events(source, open.directory->books(), *open.writer, options));
  return told;
}

struct Trip {
  std::uint64_t account = 0;
  std::string time = "2026-11-20T08:00:00Z";
  std::string end = "2026-11-20T08:30:00Z";
  std::string km = "10";
  std::string source = "gates";
  std::string identity = R"("sequence":"1")";
  std::string more;
};

inline std::string line_of(const Trip& trip) {
  return R"({"specversion":"1.0","id":"x","source":")" + trip.source +
         R"(","type":"trip","subject":")" + account(trip.account) + R"(","time":")" + trip.time +
         "\"," + trip.identity + trip.more + R"(,"data":{"km":)" + trip.km + R"(,"end":")" +
         trip.end + "\"}}\n";
}

inline std::string sequence(std::uint64_t number) {
  return R"("sequence":")" + std::to_string(number) + "\"";
}

}  // namespace partake::books::testing
