// The disk under a folder of the file system. Folders are made for the owner only.
#pragma once

#include "storage/disk.h"

namespace partake::storage {

// The folder must exist. Errors: storage.not_found, storage.read_only, storage.failed.
Result<std::unique_ptr<Disk>> open_disk(const std::string& folder);
// The same, after making the folder and its parents where they are missing.
Result<std::unique_ptr<Disk>> make_disk(const std::string& folder);

}  // namespace partake::storage
