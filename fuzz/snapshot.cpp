// A snapshot of small books, whatever its sections say: refused, or books that can be used.
#define DOCTEST_CONFIG_DISABLE
#pragma clang diagnostic ignored "-Wunused-variable"
#include "books/snapshot.h"

#include <cstdlib>

#include "books/testing.h"

namespace {

using namespace partake;
using namespace partake::books;
namespace samples = partake::books::testing;

void require(bool good) {
  if (!good) std::abort();
}

struct Sample {
  storage::SimulatedDisk disk;
  samples::OpenBooks open;

  Sample() {
    require(Directory::create(disk, "test.example/log", samples::test_random, samples::test_time())
                .has_value());
    open = samples::open_books(disk).value();
    require(samples::set_up(open).has_value());
    require(samples::import_text(open, samples::line_of({.source = "app"})).has_value());
    require(disk.make_folder("snapshots").has_value());
  }
};

std::string number_text(std::uint64_t number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

void use(Books& books) {
  books.save([](auto, auto) {});
  for (std::uint64_t at = 0; at < books.accounts().size(); ++at) {
    const auto& holder = books.accounts().holder({at});
    static_cast<void>(books.consents().allows(holder.consents, 0, purpose_credit, day_min));
    require(holder.programme < books.rulebook().programmes.size());
    require(holder.actor < actor_kinds.size());
    static_cast<void>(books.accounts().issued(ledger::Asset::co2e, holder.programme));
  }
  for (const auto& range : books.ranges()) require(range.stream < books.rulebook().streams.size());
  books.begin_block(1000, samples::test_time());
  static_cast<void>(books.block_facts());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Sample sample;
  const auto& journal = sample.open.directory->journal();
  const std::string sections{reinterpret_cast<const char*>(data), size};
  const auto position = position_of(journal);
  auto bytes = "PTKSNAP 1\n" + number_text(position.blocks) + number_text(position.records) +
               std::string{bytes_of(position.root)} + sections;
  bytes += bytes_of(sha256(bytes));
  constexpr const char* name = "snapshot-000000000001";
  for (const auto& file : {bytes, sections}) {
    require(storage::replace_file(sample.disk, std::string{"snapshots/"} + name, file).has_value());
    Books books;
    SnapshotPosition read;
    if (read_snapshot(sample.disk, name, journal, books, read)) use(books);
  }
  return 0;
}
