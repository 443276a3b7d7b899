// A snapshot of small books, whatever its sections say: refused, or books that can be used.
#define DOCTEST_CONFIG_DISABLE
#pragma clang diagnostic ignored "-Wunused-variable"
#include "books/snapshot.h"

#include <cstdlib>
#include <cstring>

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

// The sections, as far as the bytes are framed as sections are, each with the hash that fits; so
// that what is wrong with a section is not found by its hash already.
std::string hashed(std::string_view bytes, const std::string& head) {
  auto whole = head;
  auto named = head;
  const auto add = [&](std::string_view frame, std::string_view content) {
    const auto hash = sha256(content);
    for (auto* to : {&whole, &named}) (*to += frame) += bytes_of(hash);
    whole += content;
  };
  while (!bytes.empty()) {
    const auto name =
        std::min<std::size_t>(static_cast<unsigned char>(bytes.front()), bytes.size() - 1);
    std::uint64_t size = 0;
    if (bytes.size() < 1 + name + sizeof size) break;
    std::memcpy(&size, bytes.data() + 1 + name, sizeof size);
    const auto frame = bytes.substr(0, 1 + name + sizeof size);
    bytes.remove_prefix(frame.size());
    if (size > bytes.size()) break;
    add(frame, bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  add(std::string(1 + sizeof(std::uint64_t), '\0'), {});
  return whole + std::string{bytes_of(sha256(named))};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Sample sample;
  const auto& journal = sample.open.directory->journal();
  const std::string sections{reinterpret_cast<const char*>(data), size};
  const auto position = position_of(journal);
  const auto bytes =
      hashed(sections, "PTKSNAP 2\n" + number_text(position.blocks) +
                           number_text(position.records) + std::string{bytes_of(position.root)});
  constexpr const char* name = "snapshot-000000000001";
  for (const auto& file : {bytes, sections}) {
    require(storage::replace_file(sample.disk, std::string{"snapshots/"} + name, file).has_value());
    for (const auto extent : {Extent::all, Extent::accounts}) {
      Books books;
      SnapshotPosition read;
      if (read_snapshot(sample.disk, name, journal, extent, books, read)) use(books);
    }
  }
  return 0;
}
