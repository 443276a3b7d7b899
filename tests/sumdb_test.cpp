// A log that the program wrote, audited by code that knows nothing of Partake: tests/sumdb/main.go
// with Go's own packages for transparency logs.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "journal/tile.h"
#include "tests/made_books.h"

using namespace partake;
using namespace partake::testing;

namespace {

namespace fs = std::filesystem;

struct Outside {
  int code = 0;
  std::string out;
};
Outside run_outside(const std::string& command) {
  Outside outside;
  auto* pipe = ::popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  char buffer[4096];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    outside.out.append(buffer, count);
  }
  outside.code = WEXITSTATUS(::pclose(pipe));
  return outside;
}

// Builds the auditor from Debian's packages alone: no modules, no network. Its path.
std::string build_auditor() {
  const auto program = in_binary_folder("sumdb");
  const auto built =
      run_outside("cd " SOURCE_DIR
                  "/tests/sumdb && GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= "
                  "GOTOOLCHAIN=local GOCACHE=" BINARY_DIR "/go-cache go build -buildvcs=false -o " +
                  program + " .");
  REQUIRE_MESSAGE(built.code == 0, built.out,
                  "needs golang-go and golang-golang-x-mod-dev, which ./dev test installs");
  return program;
}

// Each event in a block of its own: the next is sent once the last one was answered.
void import_one_by_one(const std::string& books, const std::string& stream) {
  Child child{words({"import", books, "-", "--answers"})};
  std::size_t sent = 0;
  for (std::ptrdiff_t lines = 1; sent < stream.size(); ++lines) {
    const auto end = stream.find('\n', sent) + 1;
    REQUIRE_EQ(child.write(stream.substr(sent, end - sent)), end - sent);
    sent = end;
    while (std::count(child.out().begin(), child.out().end(), '\n') < lines) {
      if (!child.wait_for_news()) FAIL(child.err());
    }
  }
  CHECK_LE(child.wait(), 1);
}

}  // namespace

TEST_CASE("sumdb: Go's packages audit a log of ours, and find every byte that was changed") {
  const auto auditor = build_auditor();
  const TestFolder folder{"sumdb"};
  const auto books = empty_books(folder);
  const auto log = books + "/journal/log";
  const auto file = read_file(books + "/books");
  REQUIRE(file);
  const auto start = file->find('\n') + 1;
  const auto key = file->substr(start, file->size() - start - 1);
  const auto checkpoint = [&] {
    const auto note = run_in({}, words({"journal", "checkpoint", books}));
    REQUIRE_EQ(note.code, 0);
    return note.out;
  };
  const auto audit = [&](const std::string& older = "") {
    return run_outside(auditor + " " + log + " '" + key + "' " + older);
  };
  CHECK_NE(audit().code, 0);  // Nothing is published yet.
  const auto stream = stream_of(320);
  const auto part = stream.find('\n', stream.size() / 8) + 1;
  import_one_by_one(books, stream.substr(0, part));
  const auto older = folder.path("older");
  std::ofstream{older, std::ios::binary} << checkpoint();
  CHECK_EQ(audit(older).code, 0);
  import_one_by_one(books, stream.substr(part));
  const auto note = checkpoint();
  const auto first_line = note.find('\n') + 1;
  const auto size = std::stoull(note.substr(first_line));
  CHECK_GT(size, journal::tile_width);  // Full tiles and partial ones, on two levels.
  const auto good = audit(older);
  CHECK_MESSAGE(good.code == 0, good.out);
  CHECK(good.out.starts_with(std::to_string(size) + " entries, 3 tiles\n"));
  CHECK(has(good.out, " continue the log of "));

  std::vector<std::string> files{"checkpoint"};
  for (const auto& tile : journal::new_tiles(0, size)) files.push_back(journal::path_of(tile));
  CHECK_EQ(files.size(), 6);
  const auto change = [](const std::string& path, std::size_t at) {
    auto bytes = *read_file(path);
    bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
    std::ofstream{path, std::ios::binary} << bytes;
  };
  for (const auto& name : files) {
    CAPTURE(name);
    const auto path = log + "/" + name;
    const auto bytes = *read_file(path);
    for (const auto at : {std::size_t{0}, bytes.size() / 2, bytes.size() - 10}) {
      CAPTURE(at);
      change(path, at);
      CHECK_EQ(audit().code, 1);
      std::ofstream{path, std::ios::binary} << bytes;
    }
  }
  change(older, 30);
  CHECK_EQ(audit(older).code, 1);
  CHECK_EQ(audit().code, 0);
}
