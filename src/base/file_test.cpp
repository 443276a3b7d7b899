#include "base/file.h"

#include <filesystem>
#include <fstream>

using namespace partake;
namespace fs = std::filesystem;

TEST_CASE("file: secrets are read only where nobody else can") {
  const auto path = fs::temp_directory_path() / "partake_file_test";
  std::ofstream{path} << "secret";
  const auto code_with = [&](fs::perms perms) -> std::string {
    fs::permissions(path, perms);
    const auto read = read_private_file(path.string());
    return read ? *read : read.error().code;
  };
  using fs::perms;
  constexpr auto owner = perms::owner_read | perms::owner_write;
  CHECK_EQ(code_with(owner), "secret");
  for (const auto others :
       {perms::group_read, perms::group_write, perms::others_read, perms::others_write}) {
    CHECK_EQ(code_with(owner | others), "file.not_private");
  }
  fs::permissions(path, owner);
  CHECK_EQ(read_private_file(path.string(), 5).error().code, "file.too_large");
  fs::remove(path);
  CHECK_EQ(read_private_file(path.string()).error().code, "file.not_found");
}
