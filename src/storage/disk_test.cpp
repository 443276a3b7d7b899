#include "storage/disk.h"

#include <filesystem>
#include <map>
#include <random>

#include <doctest/doctest.h>
#include <unistd.h>

#include "storage/real_disk.h"
#include "storage/simulated_disk.h"

using namespace partake;
using namespace partake::storage;

namespace {

// A folder of the real file system that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    auto name = (std::filesystem::temp_directory_path() / "partake-storage-").string() +
                std::string(6, 'X');  // mkdtemp replaces them.
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "ok" : result.error().code;
}

std::string content(Disk& disk, const std::string& path) {
  const auto bytes = read_whole(disk, path, 1000);
  return bytes ? *bytes : bytes.error().code;
}

// What every disk must do.
void check_behaviour(Disk& disk) {
  CHECK_EQ(code_of(disk.open("a", Access::read)), "storage.not_found");
  CHECK_EQ(code_of(disk.open("none/a", Access::create)), "storage.not_found");
  CHECK(disk.make_folder("one/two"));
  CHECK(disk.make_folder("one/two"));
  CHECK_EQ(*disk.list("one"), std::vector<std::string>{"two"});
  {
    const auto file = disk.open("one/a", Access::create);
    REQUIRE(file);
    CHECK((*file)->write(3, "def"));
    CHECK((*file)->write(0, "abc"));
    CHECK((*file)->write(8, "i"));
    CHECK((*file)->sync());
    CHECK_EQ(*(*file)->size(), 9);
    CHECK_EQ(*read_exactly(**file, 1, 5), "bcdef");
    CHECK_EQ(read_exactly(**file, 5, 5).error().code, "storage.short");
    CHECK((*file)->cut(4));
  }
  CHECK_EQ(content(disk, "one/a"), "abcd");
  CHECK_EQ(read_whole(disk, "one/a", 3).error().code, "storage.too_large");
  CHECK_EQ(code_of(disk.open("one/a", Access::create)), "storage.exists");
  CHECK(replace_file(disk, "one/a", "new"));
  CHECK(replace_file(disk, "one/b", "other"));
  CHECK_EQ(content(disk, "one/a"), "new");
  CHECK_EQ(*disk.list("one"), std::vector<std::string>{"a", "b", "two"});
  CHECK(disk.rename("one/a", "one/b"));
  CHECK_EQ(content(disk, "one/b"), "new");
  CHECK(disk.remove("one/b"));
  CHECK_EQ(code_of(disk.remove("one/b")), "storage.not_found");
  CHECK_FALSE(disk.exists("one/b"));
  CHECK(disk.sync_folder("one"));
  {
    const auto held = disk.lock("lock");
    CHECK(held);
    CHECK_EQ(code_of(disk.lock("lock")), "storage.locked");
  }
  CHECK(disk.lock("lock"));
}

// Crashes with every combination of what may land; calls `check` on each.
void for_every_crash(const std::function<void(SimulatedDisk&)>& work,
                     const std::function<void(SimulatedDisk&)>& check) {
  std::vector<std::uint64_t> choices;
  for (;;) {
    SimulatedDisk disk;
    work(disk);
    std::size_t at = 0;
    disk.crash([&](std::uint64_t) {
      if (at == choices.size()) choices.push_back(0);
      return choices[at++];
    });
    check(disk);
    while (!choices.empty() && choices.back() == 1) choices.pop_back();
    if (choices.empty()) return;
    choices.back() = 1;
  }
}

}  // namespace

TEST_CASE("storage: the real and the simulated disk behave alike") {
  const TemporaryFolder folder;
  const auto real = open_disk(folder.path());
  REQUIRE(real);
  check_behaviour(**real);
  SimulatedDisk simulated;
  check_behaviour(simulated);
  CHECK_EQ(code_of(open_disk(folder.path() + "/none")), "storage.not_found");
  REQUIRE(make_disk(folder.path() + "/made/within/"));
  REQUIRE(make_disk(folder.path() + "/made/within"));
  CHECK((*real)->exists("made/within"));
  REQUIRE(replace_file(**real, "file", "x"));
  CHECK_EQ(code_of(make_disk(folder.path() + "/file/within")), "storage.not_found");
  // Where not even root may make a file.
  CHECK_EQ(code_of((*open_disk("/sys"))->open("partake", Access::create)), "storage.read_only");
}

TEST_CASE("storage: replacing a file leaves the old or the new one, whatever lands") {
  for (std::uint64_t operation = 0; operation < 6; ++operation) {
    std::map<std::string, int> seen;
    for_every_crash(
        [&](SimulatedDisk& disk) {
          REQUIRE(replace_file(disk, "a", "old"));
          disk.fail_at(disk.operations() + operation, Fault::crash);
          const auto done = replace_file(disk, "a", std::string(700, 'n'));
          CHECK_EQ(done.has_value(), operation == 5);
        },
        [&](SimulatedDisk& disk) {
          const auto found = content(disk, "a");
          ++seen[found == "old" ? "old" : found == std::string(700, 'n') ? "new" : "torn"];
          // And it can be replaced again.
          CHECK(replace_file(disk, "a", "newer"));
          CHECK_EQ(content(disk, "a"), "newer");
        });
    CHECK_EQ(seen.count("torn"), 0);
    CHECK_EQ(seen.contains("new"), operation >= 3);
    CHECK_EQ(seen.contains("old"), operation <= 4);
  }
}

TEST_CASE("storage: what was not synced lands sector by sector, in any combination") {
  std::map<std::string, int> seen;
  for_every_crash(
      [](SimulatedDisk& disk) {
        const auto file = *disk.open("a", Access::create);
        REQUIRE(file->write(0, std::string(3 * sector_bytes, 'o')));
        REQUIRE(file->sync());
        REQUIRE(disk.sync_folder(""));
        REQUIRE(file->write(sector_bytes / 2, std::string(2 * sector_bytes, 'n')));
      },
      [&](SimulatedDisk& disk) {
        const auto bytes = *read_whole(disk, "a", 10000);
        REQUIRE_EQ(bytes.size(), 3 * sector_bytes);
        std::string sectors;
        for (const std::size_t at : {0U, 1U, 2U})
          sectors += bytes[at * sector_bytes + 300 - 200 * (at == 2U)];
        ++seen[sectors];
      });
  CHECK_EQ(seen.size(), 8);
}

TEST_CASE("storage: a name that was not synced may be lost, a synced one is not") {
  std::map<std::string, int> seen;
  for_every_crash(
      [](SimulatedDisk& disk) {
        REQUIRE((*disk.open("kept", Access::create))->sync());
        REQUIRE(disk.sync_folder(""));
        REQUIRE((*disk.open("pending", Access::create))->sync());
        REQUIRE(disk.remove("kept"));
      },
      [&](SimulatedDisk& disk) {
        std::string names;
        const auto listed = disk.list("");
        for (const auto& name : *listed) names += name + " ";
        ++seen[names];
      });
  CHECK_EQ(seen, std::map<std::string, int>{
                     {"", 1}, {"kept ", 1}, {"kept pending ", 1}, {"pending ", 1}});
}

TEST_CASE("storage: a sync that failed is not made good by a second one") {
  bool lost = false;
  for_every_crash(
      [](SimulatedDisk& disk) {
        const auto file = *disk.open("a", Access::create);
        REQUIRE(disk.sync_folder(""));
        REQUIRE(file->write(0, "x"));
        disk.fail_at(disk.operations(), Fault::error);
        const auto syncs = disk.syncs();
        CHECK_EQ(code_of(file->sync()), "storage.failed");
        CHECK(file->sync());
        CHECK_EQ(disk.syncs(), syncs + 2);
      },
      [&](SimulatedDisk& disk) { lost = lost || content(disk, "a").empty(); });
  CHECK(lost);
}

TEST_CASE("storage: faults come at the operation they are set for") {
  SimulatedDisk disk;
  const auto file = *disk.open("a", Access::create);
  disk.fail_at(disk.operations() + 1, Fault::full);
  CHECK(file->write(0, "abcd"));
  CHECK_EQ(code_of(file->write(4, "efgh")), "storage.full");
  disk.fail_at(disk.operations(), Fault::short_write);
  CHECK_EQ(code_of(file->write(4, "efgh")), "storage.failed");
  CHECK_EQ(content(disk, "a"), "abcdef");
  disk.limit(7);
  CHECK(file->write(6, "g"));
  CHECK_EQ(code_of(file->write(7, "h")), "storage.full");
  CHECK(file->write(0, "z"));
  CHECK(file->sync());
  disk.flip("a", 1);
  CHECK_EQ(content(disk, "a"), "xbcdefg");
}

TEST_CASE("storage: a fork of the simulated disk has what is pending and goes its own way") {
  SimulatedDisk disk;
  std::vector<std::uint64_t> calls;
  disk.before_each([&] { calls.push_back(disk.operations()); });
  const auto file = *disk.open("a", Access::create);
  REQUIRE(file->write(0, "old"));
  REQUIRE(file->sync());
  REQUIRE(disk.sync_folder(""));
  REQUIRE(file->write(0, "new"));
  REQUIRE(disk.rename("a", "b"));
  CHECK_EQ(calls, std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5});

  const auto lock = disk.lock("lock");
  auto fork = disk.fork();
  CHECK(fork.lock("lock"));
  CHECK_EQ(content(fork, "b"), "new");
  // The name may be lost and the bytes land, as on the first disk.
  std::vector<std::uint64_t> choices{1, 0};
  fork.crash([&](std::uint64_t) {
    const auto choice = choices.back();
    choices.pop_back();
    return choice;
  });
  CHECK_EQ(content(fork, "a"), "new");
  CHECK_EQ(content(fork, "b"), "storage.not_found");
  REQUIRE(replace_file(fork, "a", "other"));
  CHECK_EQ(calls.size(), 6);
  CHECK_EQ(content(disk, "b"), "new");
  REQUIRE(disk.rename("b", "a"));
  CHECK_EQ(content(disk, "a"), "new");
}
