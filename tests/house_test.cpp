// Checks on the code itself: who may include whom, size, leftovers. Add a rule here instead of a
// sentence in a review.
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace {

namespace fs = std::filesystem;
using Rooms = std::map<std::string, std::set<std::string>>;

Rooms read_rooms() {
  Rooms rooms;
  std::ifstream in{SOURCE_DIR "/src/rooms.txt"};
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto colon = line.find(':');
    std::istringstream names{line.substr(colon + 1)};
    std::set<std::string> allowed;
    for (std::string name; names >> name;) {
      CHECK_MESSAGE(rooms.contains(name), "room used before it is declared: ", name);
      allowed.insert(name);
    }
    rooms[line.substr(0, colon)] = allowed;
  }
  return rooms;
}

template <class Check>
void each_source(Check check) {
  for (const auto& entry : fs::recursive_directory_iterator{SOURCE_DIR "/src"}) {
    const auto extension = entry.path().extension();
    if (extension != ".h" && extension != ".cpp") continue;
    std::ifstream in{entry.path()};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    check(fs::relative(entry.path(), SOURCE_DIR "/src"), lines);
  }
}

}  // namespace

TEST_CASE("house: a room includes only the rooms that rooms.txt names") {
  const auto rooms = read_rooms();
  REQUIRE_FALSE(rooms.empty());
  int includes = 0;
  each_source([&](const fs::path& path, const std::vector<std::string>& lines) {
    const auto room = path.begin()->string();
    if (path.has_parent_path() == false) return;  // main.cpp and the precompiled header.
    INFO(path.string());
    REQUIRE(rooms.contains(room));
    for (const auto& line : lines) {
      if (!line.starts_with("#include \"") || line.starts_with("#include \"../")) continue;
      const auto target = line.substr(10, line.find_first_of("/\"", 10) - 10);
      ++includes;
      const bool of_tests = target == "tests" && path.string().ends_with("_test.cpp");
      const bool allowed = target == room || of_tests || rooms.at(room).contains(target);
      CHECK_MESSAGE(allowed, room, " may not include ", target);
    }
  });
  CHECK_GT(includes, 50);
}

TEST_CASE("house: heavy libraries are named in one place each") {
  // Header to the only files that may include it.
  const std::map<std::string, std::set<std::string>> homes{
      {"CLI/", {"cli/cli.cpp"}},
      {"toml++/", {"base/toml.cpp"}},
      {"simdjson.h", {"base/json.cpp", "base/utf8.cpp", "books/event_reader.cpp"}},
      {"openssl/", {"base/base64.cpp", "base/ed25519.cpp", "base/sha256.cpp"}},
      {"date/", {"base/zone_database.cpp"}},
      {"GeographicLib/", {"base/geodesic.cpp"}},
      {"utf8proc.h", {"base/utf8.cpp"}},
      {"gmp.h", {"base/nearest.cpp"}},
      {"mpfr.h", {"base/nearest.cpp", "method/scalar_functions.cpp"}},
  };
  each_source([&](const fs::path& path, const std::vector<std::string>& lines) {
    for (const auto& line : lines) {
      if (!line.starts_with("#include <")) continue;
      for (const auto& home : homes) {
        const auto& header = home.first;
        const auto& files = home.second;
        if (line.find("<" + header) == std::string::npos) continue;
        CHECK_MESSAGE(files.contains(path.string()), path.string(), " includes ", header);
      }
    }
  });
}

TEST_CASE("house: engines have no clock, no randomness, no files, no environment") {
  const std::regex banned{
      R"(system_clock|steady_clock|std::rand|random_device|<random>|getenv|<fstream>|<filesystem>|fopen|<iostream>)"};
  each_source([&](const fs::path& path, const std::vector<std::string>& lines) {
    const auto room = path.begin()->string();
    if (path.string().ends_with("_test.cpp")) return;
    const std::set<std::string> pure{"factor", "method", "programme", "rules", "claims", "journal"};
    if (!pure.contains(room)) return;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      CHECK_MESSAGE(!std::regex_search(lines[i], banned), path.string(), ":", i + 1, ": ",
                    lines[i]);
    }
  });
}

TEST_CASE("house: files have one idea and nothing is left over") {
  each_source([&](const fs::path& path, const std::vector<std::string>& lines) {
    INFO(path.string());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto& line = lines[i];
      for (const char* leftover : {"FIXME", "XXX", "not implemented"}) {
        CHECK_MESSAGE(line.find(leftover) == std::string::npos, "leftover at ", i + 1);
      }
    }
    const bool short_enough = lines.size() <= 900;
    CHECK_MESSAGE(short_enough, "file too long: ", lines.size());
  });
}

TEST_CASE("house: a property that does not hold fails its test") {
  each_source([&](const fs::path& path, const std::vector<std::string>& lines) {
    if (path.filename() == "house_test.cpp") return;
    for (std::size_t at = 0; at < lines.size(); ++at) {
      const auto& line = lines[at];
      const auto found = line.find("rc::check(");
      if (found == std::string::npos) continue;
      const auto before = line.substr(0, found);
      const bool asserted = before.ends_with("CHECK(") || before.ends_with("REQUIRE(");
      CHECK_MESSAGE(asserted, path.string(), " ", at + 1);
    }
  });
}

TEST_CASE("house: every error but those of commands is provoked by some test") {
  const std::set<std::string> exceptions{
      "file.unreadable",  // Needs a disk that fails; tests may run as root, who may read anything.
  };
  std::set<std::string> codes;
  std::string tests;
  const std::regex code{R"re("([a-z]+(\.[a-z_0-9]+)+)")re"};
  std::ifstream catalogue{SOURCE_DIR "/locales/en.json"};
  const std::string texts{std::istreambuf_iterator<char>{catalogue}, {}};
  each_source([&](const fs::path& path, const std::vector<std::string>& lines) {
    const bool is_test = path.string().ends_with("_test.cpp");
    const auto room = path.begin()->string();
    const std::set<std::string> rooms{"base",   "storage",   "journal", "ledger", "factor", "rules",
                                      "method", "programme", "claims",  "intake", "books"};
    const bool checked = rooms.contains(room);
    for (const auto& line : lines) {
      if (is_test) tests += line + '\n';
      if (is_test || !checked) continue;
      for (std::sregex_iterator found{line.begin(), line.end(), code}, end; found != end; ++found) {
        const auto name = (*found)[1].str();
        if (texts.find("\"" + name + "\":") != std::string::npos) codes.insert(name);
      }
    }
  });
  for (const auto& entry : fs::directory_iterator{SOURCE_DIR "/tests"}) {
    if (!entry.path().string().ends_with("_test.cpp")) continue;
    std::ifstream across{entry.path()};
    tests.append(std::istreambuf_iterator<char>{across}, {});
  }
  CHECK_GT(codes.size(), 200);
  for (const auto& name : codes) {
    const bool tested = tests.find(name) != std::string::npos || exceptions.contains(name);
    CHECK_MESSAGE(tested, "no test names ", name);
  }
}

TEST_CASE("house: documents are there in both languages") {
  for (const auto& entry : fs::directory_iterator{SOURCE_DIR "/docs"}) {
    const auto name = entry.path().filename().string();
    if (!name.ends_with(".md") || name.ends_with(".zh.md") || name == "README.md" ||
        name == "dependencies.md") {
      continue;
    }
    const auto chinese = entry.path().parent_path() / (name.substr(0, name.size() - 3) + ".zh.md");
    CHECK_MESSAGE(fs::exists(chinese), "no Chinese version of ", name);
  }
  CHECK(fs::exists(SOURCE_DIR "/README.zh.md"));
}
