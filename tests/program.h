// The program as people start it, for tests: run to its end in a shell.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <sys/wait.h>

#include "base/json.h"

namespace partake::testing {

struct Ran {
  int code = 0;
  std::string out;  // Standard output and error together.
};

inline Ran partake_run(const std::string& arguments,
                       const std::string& environment = "LC_ALL=C.UTF-8") {
  const std::string command =
      "cd " SOURCE_DIR " && " + environment + " " BINARY_DIR "/partake " + arguments + " 2>&1";
  Ran ran;
  auto* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  char buffer[4096];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    ran.out.append(buffer, count);
  }
  ran.code = WEXITSTATUS(::pclose(pipe));
  return ran;
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline std::string in_binary_folder(const std::string& name) {
  return std::string{BINARY_DIR "/"} + name;
}

// An empty folder of that name among those of the build, which goes away with the test.
class TestFolder {
 public:
  explicit TestFolder(const std::string& name) : path_{in_binary_folder("tests-" + name)} {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// What a command printed under --json.
inline Json json_of(const Ran& ran) {
  auto json = parse_json(ran.out);
  REQUIRE_MESSAGE(json.has_value(), ran.out);
  return *std::move(json);
}

}  // namespace partake::testing
