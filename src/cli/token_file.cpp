#include "cli/token_file.h"

#include <filesystem>

#include "base/file.h"
#include "storage/real_disk.h"

namespace partake::cli {

Result<books::SourceTokens> read_tokens(const std::string& path) {
  if (path.empty()) return books::SourceTokens{};
  TRY(const auto text, read_private_file(path));
  return books::SourceTokens::parse(text, path);
}

Result<books::SourceTokens> read_tokens_to_change(const std::string& path) {
  auto tokens = read_tokens(path);
  if (!tokens && tokens.error().code == "file.not_found") return books::SourceTokens{};
  return tokens;
}

Status write_tokens(const std::string& path, const books::SourceTokens& tokens) {
  const std::filesystem::path file{path};
  const auto folder = file.has_parent_path() ? file.parent_path().string() : std::string{"."};
  TRY(const auto disk, storage::open_disk(folder));
  return storage::replace_file(*disk, file.filename().string(), tokens.text());
}

}  // namespace partake::cli
