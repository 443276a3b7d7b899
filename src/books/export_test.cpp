#include "books/export.h"

#include "base/varint.h"
#include "books/transact_testing.h"
#include "journal/merkle.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

std::string file_of(storage::Disk& disk, const char* path) {
  constexpr std::uint64_t bytes_max = 1U << 24U;
  const auto bytes = storage::read_whole(disk, path, bytes_max);
  REQUIRE(bytes);
  return *bytes;
}

std::uint64_t number(std::string_view& bytes) {
  std::uint64_t value = 0;
  REQUIRE(take_varint(bytes, value));
  return value;
}

// A tree of whole subtrees, as RFC 6962 joins them.
struct Subtrees {
  std::vector<std::pair<unsigned, Hash>> nodes;

  void append(unsigned level, Hash root) {
    for (; !nodes.empty() && nodes.back().first == level; ++level) {
      root = journal::node_hash(nodes.back().second, root);
      nodes.pop_back();
    }
    nodes.emplace_back(level, root);
  }
  [[nodiscard]] Hash root() const {
    auto root = nodes.back().second;
    for (auto at = nodes.size() - 1; at > 0; --at)
      root = journal::node_hash(nodes[at - 1].second, root);
    return root;
  }
};

// What an export says, read as its document says; every block's tree is checked.
struct Read {
  std::uint64_t blocks = 0;
  std::map<std::uint64_t, std::string> records;  // By number in the journal.
};

Read read(storage::Disk& disk) {
  Read read;
  std::vector<journal::BlockHeader> headers;
  const auto entries = file_of(disk, "entries");
  for (std::string_view rest{entries}; !rest.empty(); ++read.blocks) {
    const auto size = number(rest);
    const auto header = journal::parse_entry(rest.substr(0, size));
    REQUIRE(header);
    headers.push_back(*header);
    rest.remove_prefix(size);
  }
  const auto records = file_of(disk, "records");
  for (std::string_view rest{records}; !rest.empty();) {
    const auto& header = headers.at(number(rest));
    Subtrees tree;
    std::uint64_t at = 0;
    for (auto items = number(rest); items > 0; --items) {
      const auto kind = static_cast<unsigned char>(rest[0]);
      if (kind < 0x10) {
        const auto record = journal::take_record(rest);
        REQUIRE(record);
        read.records[header.first_record + at] = std::string{record->whole};
        tree.append(0, journal::leaf_of(*record));
        ++at;
        continue;
      }
      const auto level = kind - 0x10U;
      Hash root{};
      std::copy_n(rest.begin() + 1, root.size(), root.begin());
      rest.remove_prefix(1 + root.size());
      REQUIRE_EQ(at % (std::uint64_t{1} << level), 0);
      tree.append(level, root);
      at += std::uint64_t{1} << level;
    }
    CHECK_EQ(at, header.records);
    CHECK(tree.root() == header.root);
  }
  return read;
}

void sign(OpenBooks& open) {
  REQUIRE(open.writer->flush());
  const auto signer = open.directory->signer();
  REQUIRE(signer);
  REQUIRE(open.directory->journal().publish(*signer));
}

// Trips of three accounts in several blocks, transactions between them.
BooksWithDealings sample() {
  BooksWithDealings books;
  std::string trips;
  for (std::uint64_t at = 0; at < 90; ++at) {
    Trip trip;
    trip.account = at % 3 == 0 ? 0 : 1 + at % 2;
    trip.time =
        "2026-11-" + std::to_string(10 + at % 9) + "T0" + std::to_string(at / 10) + ":00:00Z";
    trip.end = trip.time.substr(0, 14) + "30:00Z";
    trip.identity = sequence(at + 1);
    trip.km = std::to_string(1 + at % 20);
    trips += line_of(trip);
  }
  REQUIRE(import_text(books.open, trips, 25));
  CHECK_EQ(books.act("transfer", R"("flow":"grant","amount":"20","to":")" + ann() + "\""), "ok");
  CHECK_EQ(books.act("transfer", R"("flow":"grant","amount":"20","to":")" + bob() + "\""), "ok");
  CHECK_EQ(books.act("order", R"("reward":"cup","account":")" + ann() + "\""), "ok");
  CHECK_EQ(books.act("convert", R"("conversion":"course","group":"7a")"), "ok");
  return books;
}

}  // namespace

TEST_CASE("export: everything is every record, and its sums are the balances") {
  auto books = sample();
  storage::SimulatedDisk target;
  auto refused = write_export(*books.open.directory, target, {});
  REQUIRE_FALSE(refused);
  CHECK_EQ(refused.error().code, "export.not_signed");
  sign(books.open);
  const auto counts = write_export(*books.open.directory, target, {});
  REQUIRE(counts);
  CHECK_EQ(counts->given, books.open.directory->journal().records());
  CHECK_EQ(counts->events, 90);
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    const auto asset = static_cast<ledger::Asset>(at);
    CHECK(counts->posted[at] == -Int128{books.books().accounts().issued(asset, 0)});
  }
  const auto got = read(target);
  CHECK_EQ(got.blocks, counts->blocks);
  CHECK_EQ(got.records.size(), counts->given);
  refused = write_export(*books.open.directory, target, {});
  REQUIRE_FALSE(refused);
  CHECK_EQ(refused.error().code, "export.exists");
}

TEST_CASE("export: an account's holds all of its passbook, and nothing that is another's") {
  auto books = sample();
  sign(books.open);
  for (const std::uint64_t index : {0U, 1U, 4U}) {
    storage::SimulatedDisk target;
    ExportSelection selection;
    selection.account = AccountIndex{index};
    const auto counts = write_export(*books.open.directory, target, selection);
    REQUIRE(counts);
    CHECK_EQ(counts->accounts, 1);
    const auto got = read(target);
    std::uint64_t mine = 0;
    const auto& holder = books.books().accounts().holder({index});
    REQUIRE(walk_passbook(books.open.directory->journal(), books.books(), {index},
                          holder.last_record, [&](const PassbookEntry& entry) {
                            CHECK(got.records.contains(entry.record));
                            ++mine;
                            return true;
                          }));
    std::uint64_t given = 0;
    for (const auto& [record, bytes] : got.records) {
      std::string_view rest{bytes};
      const auto stored = journal::take_record(rest);
      REQUIRE(stored);
      const auto kind = static_cast<Kind>(stored->open[0]);
      if (kind == Kind::event) {
        const auto event =
            parse_event(stored->open, stored->body(), record, books.books().rulebook());
        REQUIRE(event);
        CHECK_EQ(event->event.account.value, index);
        ++given;
      } else if (kind == Kind::posting) {
        const auto leg = parse_leg(stored->open, stored->body(), record);
        REQUIRE(leg);
        CHECK_EQ(leg->account->value, index);
        ++given;
      }
    }
    CHECK_EQ(given, mine);
    for (std::size_t at = 0; at < ledger::assets; ++at) {
      const auto asset = static_cast<ledger::Asset>(at);
      CHECK(counts->posted[at] == Int128{books.books().accounts().balance(asset, {index})});
    }
  }
}

TEST_CASE("export: by programme and by day") {
  auto books = sample();
  books.reopen(test_time() + std::chrono::days{2});
  CHECK_EQ(books.act("transfer", R"("flow":"grant","amount":"5","to":")" + ann() + "\""), "ok");
  sign(books.open);
  storage::SimulatedDisk target;
  ExportSelection selection;
  selection.programme = "test.programme";
  selection.since = utc_day(test_time()) + std::chrono::days{1};
  const auto counts = write_export(*books.open.directory, target, selection);
  REQUIRE(counts);
  CHECK_EQ(counts->events, 0);
  CHECK(counts->posted[static_cast<std::size_t>(ledger::Asset::points)] == 5);
  CHECK_GT(read(target).records.size(), dealing_facts().size());
  selection.programme = "nobody";
  storage::SimulatedDisk other;
  CHECK_EQ(write_export(*books.open.directory, other, selection).error().code, "programme.unknown");
}

TEST_CASE("export: erased records are given erased, and nothing else is changed") {
  auto books = sample();
  REQUIRE(erase_account(*books.open.directory, *books.open.writer, AccountIndex{0}, "asked for"));
  sign(books.open);
  storage::SimulatedDisk target;
  const auto counts = write_export(*books.open.directory, target, {});
  REQUIRE(counts);
  CHECK_EQ(counts->given, books.open.directory->journal().records());
  CHECK_EQ(read(target).records.size(), counts->given);
}
