// Checks a data directory from its bytes up, and recomputes every outcome from what was published.
// It reads no clock and no answer that was stored: what it computes is compared with what stands.
#pragma once

#include <functional>
#include <vector>

#include "books/directory.h"

namespace partake::books {

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
  std::vector<Error> findings;  // Everything that is not as it must be, at most findings_max.
};
constexpr std::size_t findings_max = 100;

using VerifyProgress = std::function<void(std::uint64_t records, std::uint64_t of)>;

// Error: the directory cannot be read at all. What is wrong with it is in the findings:
// journal.*, block.*, note.*, verify.*, snapshot.*, books.*.
Result<VerifyReport> verify(storage::Disk& disk, const VerifyProgress& progress = {});

}  // namespace partake::books
