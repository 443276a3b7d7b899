// The disk under a folder of the file system. Folders are made for the owner only.
#pragma once

#include "storage/disk.h"

namespace partake::storage {

// The folder must exist. Errors: storage.not_found, storage.failed.
Result<std::unique_ptr<Disk>> open_disk(const std::string& folder);

}  // namespace partake::storage
