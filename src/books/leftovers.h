// What operations that a crash cut short have left in a data directory. None of it counts; whoever
// opens the books for writing puts most of it right.
#pragma once

#include <vector>

#include "journal/journal.h"
#include "storage/disk.h"

namespace partake::books {

// Files that were to take the place of others: check.unfinished_file. Errors: storage.*.
Result<std::vector<Error>> unfinished_files(storage::Disk& disk);
// In a journal that was opened for reading: check.unfinished_write, with file and offset.
std::vector<Error> unfinished_writes(const journal::Journal& journal);

}  // namespace partake::books
