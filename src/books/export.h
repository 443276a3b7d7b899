// Writes an export: records of the books with all that is needed to check and recompute them
// elsewhere. docs/formats/export.md.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>

#include "books/directory.h"

namespace partake::books {

// Everything, as far as nothing is named.
struct ExportSelection {
  std::optional<std::string> programme;
  std::optional<AccountIndex> account;
  std::optional<Day> since;  // Of the admission of blocks, UTC.
};

struct ExportCounts {
  std::uint64_t blocks = 0;
  std::uint64_t given = 0;   // Records.
  std::uint64_t events = 0;  // Of them.
  std::uint64_t accounts = 0;
  std::array<Int128, ledger::assets> posted{};
};

using ExportProgress = std::function<void(std::uint64_t block, std::uint64_t of)>;

// Into an empty folder. Errors: export.exists; export.not_signed (the last checkpoint does not
// cover all blocks); those of the journal and of both disks.
Result<ExportCounts> write_export(const Directory& directory, storage::Disk& target,
                                  const ExportSelection& selection,
                                  const ExportProgress& progress = {});

}  // namespace partake::books
