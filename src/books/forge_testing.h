// For tests: books of a few events, and the journal of some books written anew by somebody who has
// the key and changes what it says.
#pragma once

#include "books/testing.h"

namespace partake::books::testing {

inline constexpr const char* forged_origin = "test.example/log";

inline journal::Signer test_signer() {
  journal::Signer signer{forged_origin, {}};
  test_random(reinterpret_cast<char*>(signer.seed.data()), signer.seed.size());
  return signer;
}

// A few events, a snapshot and a checkpoint.
inline void fill(storage::Disk& disk, const std::string& more = "") {
  REQUIRE(Directory::create(disk, forged_origin, test_random, test_time()));
  auto open = open_books(disk);
  REQUIRE(open);
  REQUIRE(set_up(*open));
  std::string lines;
  for (std::uint64_t at = 0; at < 20; ++at) {
    const auto time =
        "2026-11-" + std::to_string(10 + at % 5) + "T0" + std::to_string(at / 5) + ":00:00Z";
    lines += line_of({.account = at % 3, .time = time, .end = time, .identity = sequence(at + 1)});
  }
  REQUIRE(import_text(*open, lines + more, 8));
  REQUIRE(write_snapshot(disk, open->directory->books(), open->directory->journal()));
  const auto signer = open->directory->signer();
  REQUIRE(signer);
  REQUIRE(open->directory->journal().publish(*signer));
}

// Everything hangs together, only what the records say was changed on the way. `change` is called
// with the number of each record, its open and hidden part, and the honest books.
using ChangeHeader = std::function<void(std::uint64_t block, journal::BlockHeader& header)>;
template <class Change>
void forge_from(storage::Disk& honest, storage::SimulatedDisk& disk, Change change,
                const ChangeHeader& change_header = {}) {
  REQUIRE(Directory::create(disk, forged_origin, test_random, test_time()));
  const auto before = Directory::open(honest, journal::Mode::read);
  REQUIRE(before);
  auto after = Directory::open(disk, journal::Mode::write);
  REQUIRE(after);
  const auto& journal = (*before)->journal();
  for (std::uint64_t block = 0; block < journal.blocks().size(); ++block) {
    const auto bytes = journal.read(block);
    const auto parsed = journal::parse_block(*bytes);
    auto header = journal::parse_entry(parsed->entry);
    if (change_header) change_header(block, *header);
    journal::BlockBuilder builder;
    auto number = header->first_record;
    for (auto rest = parsed->body; !rest.empty(); ++number) {
      const auto record = journal::take_record(rest);
      std::string open{record->open};
      std::string hidden{record->hidden};
      change(number, open, hidden, (*before)->books());
      builder.add({open, hidden});
    }
    REQUIRE((*after)->journal().append(builder, *header));
  }
  REQUIRE((*after)->journal().publish(test_signer()));
}

}  // namespace partake::books::testing
