#include "intake/example.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

using namespace partake;
using namespace partake::intake;

namespace {

namespace fs = std::filesystem;

// A folder of an example that goes away with the test.
class Folder {
 public:
  Folder() : path_{fs::path{BINARY_DIR} / "example_test"} {
    fs::remove_all(path_);
    fs::create_directories(path_ / "methods");
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream{path_ / name} << text;
  }

 private:
  fs::path path_;
};

Knowledge facts() {
  Knowledge knowledge;
  Problems problems;
  knowledge.add_facts(SOURCE_DIR "/library", problems);
  REQUIRE(problems.empty());
  return knowledge;
}

// The code of what becomes of a figure, "ok" if nothing is wrong with it.
std::string figure(const std::string& lines) {
  const Folder folder;
  folder.write("expected.toml",
               "row = 1\n[[figures]]\ntitle = { en = \"F\", zh = \"数\" }\n" + lines);
  Problems problems;
  const Example example{facts(), folder.path(), problems};
  if (!problems.empty()) {
    CHECK_GT(problems.front().place.line, 0);
    return problems.front().code;
  }
  const auto results = example.check(*parse_day("2026-11-20"));
  REQUIRE_EQ(results.size(), 1);
  return results[0].error.code.empty() ? "ok" : results[0].error.code;
}

}  // namespace

TEST_CASE("example: a figure is checked in one way, and against bands by formula alone") {
  const std::string formula = "formula = \"0.4 [L/km] * 1\"\nexpect = \"0.4 L/km\"\n";
  const std::string high = "formula = \"0.6 [L/km] * 1\"\nexpect = \"0.6 L/km\"\n";
  const std::string method =
      "method = \"transport.metro\"\noutput = \"co2e\"\nexpect = \"590.4 gCO2e\"\n";
  const std::vector<std::pair<std::string, std::string>> cases{
      {formula, "ok"},
      {formula + "inside = \"diesel.bus.use\"\n", "ok"},
      {high + "outside = \"diesel.bus.use\"\n", "ok"},
      {high + "inside = \"diesel.bus.use\"\n", "example.outside_band"},
      {formula + "outside = \"diesel.bus.use\"\n", "example.inside_band"},
      {formula + "inside = \"diesel.bus\"\n", "factor.unknown_band"},
      {formula + method.substr(0, method.find("expect")), "example.one_way"},
      {"expect = \"1 g\"\n", "example.one_way"},
      {formula + "books = { asset = \"money\" }\n", "example.one_way"},
      {"books = { asset = \"money\" }\nexpect = \"1 yuan\"\n", "example.no_books"},
      {"books = { asset = \"money\", hold = \"h\" }\nexpect = \"1\"\n", "example.books_question"},
      {"books = { split = \"s\" }\nexpect = \"1\"\n", "example.books_question"},
      {"books = { units = \"u\" }\nexpect = \"1\"\n", "example.books_question"},
      {"books = { group = \"g\", hold = \"h\" }\nexpect = \"1\"\n", "example.books_question"},
      {method + "inside = \"diesel.bus.use\"\n", "example.band_needs_formula"},
  };
  for (const auto& entry : cases) {
    CAPTURE(entry.first);
    CHECK_EQ(figure(entry.first), entry.second);
  }
}

TEST_CASE("example: the index numbers its systems, each once") {
  const auto codes = [](const std::string& rows) {
    const Folder folder;
    std::string text;
    for (const char row : rows) {
      text += "[[systems]]\nrow = " + std::string(1, row) +
              "\ntitle = { en = \"S\", zh = \"系\" }\nstatus = \"planned\"\n";
    }
    folder.write("index.toml", text);
    Problems problems;
    read_index(folder.path(), problems);
    std::string found;
    for (const auto& problem : problems) found += problem.code + " ";
    return found;
  };
  CHECK_EQ(codes("123"), "");
  CHECK_EQ(codes("121"), "example.bad_row ");
  CHECK_EQ(codes("10"), "example.bad_row ");
}

TEST_CASE("knowledge: a method's version is there once, and a library must be found") {
  const Folder folder;
  fs::copy(SOURCE_DIR "/library/methods/transport/metro.toml",
           folder.path() + "/methods/metro.toml");
  Knowledge knowledge;
  Problems problems;
  knowledge.add_folder(SOURCE_DIR "/library", problems);
  REQUIRE(problems.empty());
  knowledge.add_folder(folder.path(), problems);
  REQUIRE_EQ(problems.size(), 1);
  CHECK_EQ(problems[0].code, "method.twice");
  CHECK(problems[0].place.file.ends_with("/methods/metro.toml"));
  const auto library = find_library(folder.path(), "");
  REQUIRE_FALSE(library);
  CHECK_EQ(library.error().code, "library.not_found");
}
