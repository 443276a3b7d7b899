// The program held in hand while it runs: fed through one pipe, heard through others, stopped at
// any moment, and put into a world in which the disk is full or nothing may be written.
#pragma once

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace partake::testing {

struct World {
  std::string folder;                // Where it runs; empty: where the test runs.
  std::uint64_t file_bytes_max = 0;  // No file can grow beyond; 0: as the system allows.
  bool is_nobody = false;            // Without the rights of the superuser, if the test has them.
};

class Child {
 public:
  explicit Child(const std::vector<std::string>& arguments, const World& world = {}) {
    std::signal(SIGPIPE, SIG_IGN);  // Whoever feeds it sees that it is gone by other signs.
    // Found now: in its world its path may not be open to it.
    const int program = ::open(BINARY_DIR "/partake", O_RDONLY | O_CLOEXEC);
    REQUIRE_GE(program, 0);
    std::vector<std::string> words{"partake"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    std::array<std::array<int, 2>, 3> pipes{};
    for (auto& pipe : pipes) REQUIRE_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    process_ = ::fork();
    REQUIRE_GE(process_, 0);
    if (process_ == 0) {
      ::dup2(pipes[0][0], STDIN_FILENO);
      ::dup2(pipes[1][1], STDOUT_FILENO);
      ::dup2(pipes[2][1], STDERR_FILENO);
      enter(world);
      ::fexecve(program, argv.data(), environ);
      ::_exit(126);
    }
    ::close(program);
    ::close(pipes[0][0]);
    ::close(pipes[1][1]);
    ::close(pipes[2][1]);
    input_ = pipes[0][1];
    outputs_ = {pipes[1][0], pipes[2][0]};
    for (const int end : {input_, outputs_[0], outputs_[1]}) {
      ::fcntl(end, F_SETFL, ::fcntl(end, F_GETFL) | O_NONBLOCK);
    }
  }
  ~Child() {
    if (is_running()) kill();
    close_input();
    for (const int end : outputs_) ::close(end);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // As much as the pipe takes now.
  std::size_t write(std::string_view bytes) {
    const auto count = ::write(input_, bytes.data(), bytes.size());
    return count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  void close_input() {
    if (input_ >= 0) ::close(input_);
    input_ = -1;
  }
  // Waits until it says something, or takes more if `is_feeding`. False once it is silent for good.
  bool wait_for_news(bool is_feeding = false) {
    if (has_ended_[0] && has_ended_[1]) return false;  // Nobody is left to wait for.
    std::array<pollfd, 3> ends{};
    ends[0] = {has_ended_[0] ? -1 : outputs_[0], POLLIN, 0};
    ends[1] = {has_ended_[1] ? -1 : outputs_[1], POLLIN, 0};
    ends[2] = {is_feeding ? input_ : -1, POLLOUT, 0};
    if (::poll(ends.data(), ends.size(), -1) > 0) listen();
    return !has_ended_[0] || !has_ended_[1];
  }
  // All that it has said by now.
  void listen() {
    take(0);
    take(1);
  }
  [[nodiscard]] const std::string& out() const { return said_[0]; }
  [[nodiscard]] const std::string& err() const { return said_[1]; }
  [[nodiscard]] bool is_running() const { return process_ > 0; }

  // With SIGKILL. What it said before is still heard. Whether it ran until then.
  bool kill() {
    ::kill(process_, SIGKILL);
    finish();
    return WIFSIGNALED(status_) && WTERMSIG(status_) == SIGKILL;
  }
  // Lets it come to its end. Its exit code.
  int wait() {
    close_input();
    finish();
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
  }

 private:
  static void enter(const World& world) {
    std::signal(SIGPIPE, SIG_DFL);
    if (!world.folder.empty() && ::chdir(world.folder.c_str()) != 0) ::_exit(125);
    if (world.file_bytes_max > 0) {
      // Without the signal a write beyond the limit is an error, as it is on a full disk.
      std::signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{world.file_bytes_max, world.file_bytes_max};
      if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(125);
    }
    if (!world.is_nobody || ::geteuid() != 0) return;
    constexpr uid_t nobody = 65534;
    const bool done =
        ::setgroups(0, nullptr) == 0 && ::setgid(nobody) == 0 && ::setuid(nobody) == 0;
    if (!done) ::_exit(125);
  }

  void take(std::size_t which) {
    std::array<char, 1U << 14U> bytes{};
    for (;;) {
      const auto count = ::read(outputs_[which], bytes.data(), bytes.size());
      if (count == 0) has_ended_[which] = true;
      if (count <= 0) return;
      said_[which].append(bytes.data(), static_cast<std::size_t>(count));
    }
  }
  void finish() {
    while (wait_for_news()) {
    }
    ::waitpid(process_, &status_, 0);
    process_ = -1;
  }

  pid_t process_ = -1;
  int status_ = 0;
  int input_ = -1;
  std::array<int, 2> outputs_{-1, -1};
  std::array<std::string, 2> said_;
  std::array<bool, 2> has_ended_{};
};

// Runs to its end without input.
struct Ended {
  int code = 0;
  std::string out;
  std::string err;
};
inline Ended run_in(const World& world, const std::vector<std::string>& arguments) {
  Child child{arguments, world};
  Ended ended;
  ended.code = child.wait();
  ended.out = child.out();
  ended.err = child.err();
  return ended;
}

}  // namespace partake::testing
