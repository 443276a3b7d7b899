// From starting `partake --help` to its end, as a shell or a script waits for it.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/figures.h"

namespace {

// Whether the program ran and ended well; its output is thrown away.
bool run(const std::string& program, const posix_spawn_file_actions_t& actions) {
  std::string name = program;
  std::string help = "--help";
  char* arguments[] = {name.data(), help.data(), nullptr};
  pid_t child = 0;
  int status = 0;
  return ::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ) == 0 &&
         ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

int main() {
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  const auto program = (self.parent_path() / "partake").string();
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<double> times_s;
  for (int i = 0; i < 51; ++i) {
    times_s.push_back(partake::bench::best_of(1, [&] {
      if (!run(program, actions)) std::abort();
    }));
  }
  ::posix_spawn_file_actions_destroy(&actions);
  const auto middle = times_s.begin() + static_cast<std::ptrdiff_t>(times_s.size() / 2);
  std::nth_element(times_s.begin(), middle, times_s.end());
  std::printf("start: partake --help, median of %zu runs\n", times_s.size());
  partake::bench::figure("  from spawn to exit", *middle * 1e3, "ms", 20, "the limit of 20 ms");
  return 0;
}
