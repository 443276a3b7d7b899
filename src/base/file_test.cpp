#include "base/file.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

#include <sys/ioctl.h>
#include <unistd.h>

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

TEST_CASE("file: a read that waits for a pipe ends when it is stopped, and not before") {
  std::array<int, 2> pipe{};
  REQUIRE_EQ(::pipe(pipe.data()), 0);
  const auto source = FileSource::open("/proc/self/fd/" + std::to_string(pipe[0]));
  REQUIRE(source);
  std::string heard;
  std::thread reader{[&] {
    std::array<char, 8> bytes{};
    for (;;) {
      const auto count = (*source)->read(bytes.data(), bytes.size());
      if (!count || *count == 0) return;
      heard.append(bytes.data(), *count);
    }
  }};
  REQUIRE_EQ(::write(pipe[1], "abc", 3), 3);
  // Until it was read: the pipe is empty again.
  for (int waiting = 1; waiting > 0;) REQUIRE_EQ(::ioctl(pipe[0], FIONREAD, &waiting), 0);
  (*source)->stop();
  reader.join();
  CHECK_EQ(heard, "abc");
  std::array<char, 8> bytes{};
  CHECK_EQ(*(*source)->read(bytes.data(), bytes.size()), 0);
  for (const int end : pipe) ::close(end);
}
