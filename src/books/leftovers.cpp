#include "books/leftovers.h"

namespace partake::books {
namespace {

constexpr std::string_view replacement = ".new";  // As storage::replace_file names them.
constexpr const char* unfinished_snapshot = "snapshots/unfinished";

void find_in(storage::Disk& disk, const std::string& folder, std::vector<Error>& found) {
  const auto names = disk.list(folder);
  if (!names) return;  // A file, or gone meanwhile.
  for (const auto& name : *names) {
    auto path = folder;
    if (!path.empty()) path += '/';
    path += name;
    if (name.ends_with(replacement) || path == unfinished_snapshot) {
      found.push_back({ErrorKind::corrupt, "check.unfinished_file", {{"file", path}}, {}});
    } else {
      find_in(disk, path, found);
    }
  }
}

}  // namespace

Result<std::vector<Error>> unfinished_files(storage::Disk& disk) {
  std::vector<Error> found;
  CHECK_OK(disk.list(""));
  find_in(disk, "", found);
  return found;
}

std::vector<Error> unfinished_writes(const journal::Journal& journal) {
  const auto& write = journal.unfinished();
  if (!write) return {};
  return {{ErrorKind::corrupt,
           "check.unfinished_write",
           {{"file", write->file}, {"offset", std::to_string(write->offset)}},
           {}}};
}

}  // namespace partake::books
