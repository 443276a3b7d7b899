#include "programme/programme.h"

using namespace partake;

namespace {

// The codes of what is wrong with a programme, in order.
std::string codes(const std::string& text) {
  const auto file = parse_toml(text, "programme.toml");
  REQUIRE(file.has_value());
  Problems problems;
  programme::read_programme(*file, problems);
  std::string list;
  for (const auto& problem : problems) {
    CHECK_EQ(problem.place.file, "programme.toml");
    CHECK_GT(problem.place.line, 0);
    list += (list.empty() ? "" : " ") + problem.code;
  }
  return list;
}

const std::string head =
    "format = 1\nid = \"p\"\nversion = \"1.0.0\"\ntitle = { en = \"P\", zh = \"P\" }\n"
    "description = { en = \"P\", zh = \"P\" }\n";
const std::string metro = "[[methods]]\nid = \"transport.metro\"\nversion = \"1.0.0\"\n";

std::string evidence(const std::string& keys) {
  return head + metro + "[[evidence]]\nmethod = \"transport.metro\"\n" + keys;
}

}  // namespace

TEST_CASE("programme: a good one has no problems, and each rule has its code and place") {
  CHECK_EQ(codes(head + metro), "");
  CHECK_EQ(codes(evidence("files = [\"a.csv\", \"year/b.csv\", \"..c/d..csv\"]\n")), "");
  CHECK_EQ(codes("format = 2\n" + head.substr(11) + metro), "programme.unknown_format");
  CHECK_EQ(codes(head), "programme.no_methods");
  CHECK_EQ(codes(head + metro + "from = \"2025-01-01\"\nto = \"2024-12-31\"\n"),
           "programme.period");
  CHECK_EQ(codes(head + metro + metro), "programme.twice");
  CHECK_EQ(codes(evidence("files = [\"a.csv\", \"b.csv\", \"a.csv\"]\n")), "programme.twice");
  CHECK_EQ(codes(head + metro + "[[evidence]]\nmethod = \"transport.bus\"\nfiles = [\"a.csv\"]\n"),
           "programme.method_not_listed");
}

TEST_CASE("programme: files outside its folder cannot be named") {
  CHECK_EQ(codes(evidence("files = [\"/etc/passwd\"]\n")), "file.outside");
  CHECK_EQ(codes(evidence("files = [\"year/../../b.csv\"]\n")), "file.outside");
  CHECK_EQ(codes(evidence("files = [\"..\"]\n")), "file.outside");
  CHECK_EQ(codes(evidence("files = [\"a.csv\"]\nmapping = \"../m.toml\"\n")), "file.outside");
}
