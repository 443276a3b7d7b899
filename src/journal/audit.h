// Audits a published log with nothing but its files and its key: what anybody can do.
#pragma once

#include <string>

#include "journal/checkpoint.h"
#include "storage/disk.h"

namespace partake::journal {

struct LogAudit {
  Checkpoint checkpoint;
  // Counted by the entries; 0 for a log of other entries than ours.
  std::uint64_t records = 0;
};

// Reads every entry and every tile of the log in the folder ("" is the disk's own) and computes the
// root from the entries. Errors: audit.no_checkpoint, note.*, checkpoint.*, tile.*, storage.*;
// audit.other_root, audit.tile_differs, audit.entry_order (names file or entry).
Result<LogAudit> audit_log(storage::Disk& disk, const std::string& folder,
                           const Verifier& verifier);

}  // namespace partake::journal
