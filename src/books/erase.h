// Erases a person: the balance goes to the programme by a public entry, then every record of the
// account loses its hidden part. Tree, checkpoints and totals stay as they are. What a crash cuts
// short is finished when the books are opened again.
#pragma once

#include "books/directory.h"
#include "books/writer.h"

namespace partake::books {

struct ErasureResult {
  Erasure erasure;
  std::uint64_t quarantined = 0;  // Messages about the account that were thrown away.
};

// Errors: account.erased_before, erase.why, fact.not_utf8, and those of the journal.
Result<ErasureResult> erase_account(Directory& directory, Writer& writer, AccountIndex account,
                                    const std::string& why);

// Erases what an erasure entry speaks of, unless that is done. Opening for writing calls it.
struct FinishedErasure {
  bool was_finished = true;  // Nothing was left to do.
  std::uint64_t quarantined = 0;
};
Result<FinishedErasure> finish_erasure(storage::Disk& disk, journal::Journal& journal,
                                       const Books& books, const Erasure& erasure);

}  // namespace partake::books
