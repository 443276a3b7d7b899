// Snapshots: the books as they were after some block, written by a reader of the journal, so that
// opening does not begin at the first record. docs/formats/snapshot.md.
#pragma once

#include <string>
#include <vector>

#include "books/books.h"
#include "journal/journal.h"
#include "storage/disk.h"

namespace partake::books {

// The journal's position that a snapshot stands for.
struct SnapshotPosition {
  std::uint64_t blocks = 0;
  std::uint64_t records = 0;
  Hash root{};  // Of the log of so many blocks.
  friend bool operator==(const SnapshotPosition&, const SnapshotPosition&) = default;
};
SnapshotPosition position_of(const journal::Journal& journal);

// Names of snapshot files, oldest first.
Result<std::vector<std::string>> snapshot_names(storage::Disk& disk);
// The number of blocks that a name stands for.
std::uint64_t blocks_of(const std::string& name);

// Writes the books of the journal's end; durable when it returns. Older ones but the last are
// removed. Returns its name.
Result<std::string> write_snapshot(storage::Disk& disk, const Books& books,
                                   const journal::Journal& journal);
// How much of the books is wanted: all; or without what only deciding needs (what was used of caps,
// acts that count once, names of events), which is most of a snapshot.
enum class Extent : std::uint8_t { all, accounts };
// Into books that hold nothing yet. Errors: snapshot.malformed, snapshot.other_journal.
Status read_snapshot(storage::Disk& disk, const std::string& name, const journal::Journal& journal,
                     Extent extent, Books& books, SnapshotPosition& position);
// Whether a snapshot says what the books say, which stand at its position in the journal. Errors:
// snapshot.other_journal; snapshot.differs names the section and, among accounts, the account.
Status compare_snapshot(storage::Disk& disk, const std::string& name, const Books& books,
                        const journal::Journal& journal);
// Removes all: what was erased must not live on in them.
Status remove_snapshots(storage::Disk& disk);

}  // namespace partake::books
