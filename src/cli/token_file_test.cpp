#include "cli/token_file.h"

#include <filesystem>
#include <fstream>

using namespace partake;
using namespace partake::cli;
namespace fs = std::filesystem;

TEST_CASE("token file: a token that is put there is read again, by its owner only") {
  const auto folder = fs::temp_directory_path() / "partake_token_file_test";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const auto path = (folder / "tokens").string();
  CHECK_EQ(read_tokens("")->text(), "");
  CHECK_EQ(read_tokens(path).error().code, "file.not_found");
  auto tokens = read_tokens_to_change(path);
  REQUIRE(tokens);
  tokens->set("metro gates", "12ab");
  REQUIRE(write_tokens(path, *tokens));
  CHECK_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  CHECK_EQ(*read_tokens(path)->of("metro gates"), "12ab");
  tokens = read_tokens_to_change(path);
  tokens->set("metro gates", "34cd");
  REQUIRE(write_tokens(path, *tokens));
  CHECK_EQ(read_tokens(path)->text(), "metro gates 34cd\n");
  CHECK_EQ(std::distance(fs::directory_iterator{folder}, {}), 1);
  // What others may read is neither believed nor added to.
  fs::permissions(path, fs::perms::group_read, fs::perm_options::add);
  CHECK_EQ(read_tokens(path).error().code, "file.not_private");
  CHECK_EQ(read_tokens_to_change(path).error().code, "file.not_private");
  std::ofstream{path, std::ios::trunc} << "secret\n";
  fs::permissions(path, fs::perms::group_read, fs::perm_options::remove);
  CHECK_EQ(read_tokens_to_change(path).error().code, "tokens.malformed");
  CHECK_EQ(write_tokens((folder / "nowhere" / "tokens").string(), *tokens).error().code,
           "storage.not_found");
  fs::remove_all(folder);
}
