// Checks a data directory from its bytes up: whether all that is stored hangs together, and, when
// asked, whether every outcome comes out again from what was published. It reads no clock and no
// answer that was stored: what it computes is compared with what stands.
#pragma once

#include <functional>
#include <vector>

#include "books/directory.h"

namespace partake::books {

// What must hold, in the order in which it is told.
enum class Invariant : std::uint8_t {
  blocks,      // Every frame and checksum of the segments; counted: blocks.
  entries,     // What a block's entry says: its root, time, totals, editions; blocks.
  log,         // The signed checkpoint, and tiles as the entries make them; tiles.
  records,     // Each can be read, and fits what stands before it; records.
  chains,      // Each entry of a passbook follows the one before; entries.
  sums,        // Each asset adds up to zero, erased holders included; assets and programmes.
  units,       // Of each batch all units are there; changes were legal; batches.
  set_aside,   // What is set aside was there; changes of holds.
  orders,      // Changes were legal; orders.
  periods,     // Nothing is shared in a closed period; periods.
  decisions,   // Decided again; events and transactions. Only by `verify`.
  snapshots,   // Say what the records say; snapshots.
  quarantine,  // Can be read; messages. Only by `check`.
};
constexpr std::size_t invariants = 13;
const char* name_of(Invariant invariant);

struct Finding : Error {
  Invariant invariant = Invariant::records;
};

struct VerifyReport {
  std::uint64_t blocks = 0;
  std::uint64_t records = 0;
  std::uint64_t events = 0;
  std::uint64_t facts = 0;
  std::uint64_t transactions = 0;
  PublicTotals totals;
  PublicTotals erased;
  std::uint64_t accounts = 0;
  std::uint64_t tiles = 0;
  std::uint64_t snapshots = 0;
  journal::Checkpoint checkpoint;
  // Everything that is not as it must be, at most findings_max. A finding that tells of a record or
  // block has the arguments `file` and `offset` of its block.
  std::vector<Finding> findings;
  // By invariant: how much of it was examined, and whether that is all.
  struct Examined {
    std::uint64_t count = 0;
    bool is_whole = false;
  };
  std::array<Examined, invariants> examined{};
  // What crashes, or a writer at work, have left; no fault. Only by `check`.
  std::vector<Error> leftovers;
};
constexpr std::size_t findings_max = 100;

using VerifyProgress = std::function<void(std::uint64_t records, std::uint64_t of)>;

// Error: the directory cannot be read at all. What is wrong with it is in the findings:
// journal.*, block.*, note.*, verify.*, snapshot.*, books.*.
Result<VerifyReport> verify(storage::Disk& disk, const VerifyProgress& progress = {});
// The same without deciding anything again, and with what only the machine's owner has: quarantine
// (quarantine.*) and leftovers (check.*).
Result<VerifyReport> check(storage::Disk& disk, const VerifyProgress& progress = {});

}  // namespace partake::books
