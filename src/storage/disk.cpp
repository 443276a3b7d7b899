#include "storage/disk.h"

namespace partake::storage {
namespace {

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string{} : path.substr(0, slash);
}

}  // namespace

Status replace_file(Disk& disk, const std::string& path, std::string_view bytes) {
  const auto temporary = path + ".new";
  // Left behind by a crash.
  if (disk.exists(temporary)) CHECK_OK(disk.remove(temporary));
  {
    TRY(const auto file, disk.open(temporary, Access::create));
    CHECK_OK(file->write(0, bytes));
    CHECK_OK(file->sync());
  }
  CHECK_OK(disk.rename(temporary, path));
  return disk.sync_folder(folder_of(path));
}

Result<std::string> read_whole(Disk& disk, const std::string& path, std::uint64_t bytes_max) {
  TRY(const auto file, disk.open(path, Access::read));
  TRY(const auto size, file->size());
  if (size > bytes_max) {
    return fail(ErrorKind::exhausted, "storage.too_large",
                {{"file", path}, {"limit", std::to_string(bytes_max)}});
  }
  return read_exactly(*file, 0, size);
}

Result<std::string> read_exactly(const File& file, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  TRY(const auto count, file.read(offset, bytes.data(), size));
  if (count != size) {
    return fail(ErrorKind::corrupt, "storage.short",
                {{"offset", std::to_string(offset)},
                 {"bytes", std::to_string(size)},
                 {"found", std::to_string(count)}});
  }
  return bytes;
}

}  // namespace partake::storage
