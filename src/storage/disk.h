// The one way to files for everything that must survive: a small port with two implementations,
// the real disk and a simulated one that loses what was not synced.
//
// What a caller may rely on after a crash: bytes written before a sync() that returned, under
// names set before a sync_folder() that returned. Everything later may be there or not, sector by
// sector, in any order.
//
// Errors: storage.not_found, storage.exists, storage.full, storage.read_only, storage.failed. A
// write or sync that failed leaves the file in an unknown state: stop, and open again from what
// is on the disk. A sync is never tried twice, because the system may have dropped the bytes and
// answers "good" the second time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace partake::storage {

// What a disk writes as a whole.
constexpr std::size_t sector_bytes = 512;

class File {
 public:
  virtual ~File() = default;

  // Fewer than `size` bytes only at the end of the file.
  [[nodiscard]] virtual Result<std::size_t> read(std::uint64_t offset, char* target,
                                                 std::size_t size) const = 0;
  // All of it; the file grows as needed, and a gap reads as zeros.
  virtual Status write(std::uint64_t offset, std::string_view bytes) = 0;
  virtual Status cut(std::uint64_t size) = 0;
  // Bytes and length are durable when it returns.
  virtual Status sync() = 0;
  [[nodiscard]] virtual Result<std::uint64_t> size() const = 0;
};

class Lock {
 public:
  virtual ~Lock() = default;
};

enum class Access : std::uint8_t { read, write, create };  // create: the name must be new.

// Paths are relative to the disk's folder, with '/'.
class Disk {
 public:
  virtual ~Disk() = default;

  virtual Result<std::unique_ptr<File>> open(const std::string& path, Access access) = 0;
  // Names in a folder, sorted.
  [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::string& folder) const = 0;
  [[nodiscard]] virtual bool exists(const std::string& path) const = 0;
  // With its parents; no error if it is there. Durable when it returns.
  virtual Status make_folder(const std::string& path) = 0;
  // Replaces `to` in one step.
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  virtual Status remove(const std::string& path) = 0;
  // The names in a folder are durable when it returns. "" is the disk's own folder.
  virtual Status sync_folder(const std::string& folder) = 0;
  // Until the lock is destroyed no other process or caller gets it. Error storage.locked.
  virtual Result<std::unique_ptr<Lock>> lock(const std::string& path) = 0;
};

// Puts `bytes` under `path` in one durable step: after a crash the file is the old one or the new.
Status replace_file(Disk& disk, const std::string& path, std::string_view bytes);
// Error storage.too_large beyond the limit.
Result<std::string> read_whole(Disk& disk, const std::string& path, std::uint64_t bytes_max);

// Exactly `size` bytes. Error storage.short where the file ends before.
Result<std::string> read_exactly(const File& file, std::uint64_t offset, std::size_t size);

}  // namespace partake::storage
