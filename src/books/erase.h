// Erases a person: the balance goes to the programme by a public entry, then every record of the
// account loses its hidden part. Tree, checkpoints and totals stay as they are, and this is
// checked: the records before, the records and the books after. What a crash cuts short is finished
// when the books are opened again.
#pragma once

#include <span>

#include "books/directory.h"
#include "books/writer.h"

namespace partake::books {

// What was found to be as it must be.
struct ErasureChecks {
  // Before: so many records could be read, and added up to the balance that was moved.
  std::uint64_t records_read = 0;
  // After: so many cannot be read any more; the blocks that they stand in still have their roots.
  std::uint64_t records_hidden = 0;
  std::uint64_t blocks_changed = 0;
  // ... and so has the log of all blocks that stood before.
  std::uint64_t blocks = 0;
  Hash root{};
  PublicTotals totals;         // As before.
  std::uint64_t accounts = 0;  // Over them and the programmes, every asset adds up to zero.
};

struct ErasureResult {
  Erasure erasure;
  std::uint64_t record = 0;       // Where the erasure was written down.
  std::uint64_t quarantined = 0;  // Messages about the account that were thrown away.
  ErasureChecks checks;
};

// Errors: account.erased_before, erase.why, fact.not_utf8, erase.balance_differs (then nothing was
// changed); those of check_hidden and check_standing; and those of the journal.
Result<ErasureResult> erase_account(Directory& directory, Writer& writer, AccountIndex account,
                                    const std::string& why);

// Erases what an erasure entry speaks of, unless that is done, and checks it. Opening for writing
// calls it.
struct FinishedErasure {
  bool was_finished = true;  // Nothing was left to do.
  std::uint64_t quarantined = 0;
  std::uint64_t hidden = 0;
  std::uint64_t blocks_changed = 0;
};
Result<FinishedErasure> finish_erasure(storage::Disk& disk, journal::Journal& journal,
                                       const Books& books, const Erasure& erasure);

// That none of the records (numbers in the journal, ascending) can be read, and that the blocks in
// which they stand still make the roots that their entries state. The number of those blocks.
// Errors: erase.still_readable, erase.root_differs; those of the journal.
Result<std::uint64_t> check_hidden(const journal::Journal& journal,
                                   std::span<const std::uint64_t> records);

// What an erasure leaves as it is, but for the one balance that goes to its programme.
struct Standing {
  std::uint64_t blocks = 0;
  Hash root{};  // Of the log of these blocks.
  PublicTotals totals;
  std::vector<ledger::Accounts::Programme> programmes;
  std::uint64_t accounts = 0;
};
Standing standing_of(const journal::Journal& journal, const Books& books);
// Errors: erase.root_differs, erase.total_differs, verify.erased_not_settled, verify.sum_not_zero.
Status check_standing(const Standing& before, const Erasure& erasure,
                      const journal::Journal& journal, const Books& books);

}  // namespace partake::books
