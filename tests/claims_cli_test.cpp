// `partake claims` as people run it.
#include <fstream>

#include <doctest/doctest.h>

#include "tests/program.h"

using namespace partake;
using namespace partake::testing;

TEST_CASE("claims cli: a text with slips, as text, in both languages") {
  const auto zh = partake_run("claims --lang zh examples/texts/park-report.zh.md");
  CHECK_EQ(zh.code, 1);
  CHECK(has(zh.out, "1050万升 -> 105万升"));
  CHECK(has(zh.out, "350 升/百公里"));
  CHECK(has(zh.out, "与自身文本矛盾"));
  const auto en = partake_run("claims --lang en --explain examples/texts/park-report.en.md");
  CHECK(has(en.out, "13,000 tonnes of CO2 = 13,000"));
  CHECK(has(en.out, "impossible"));
}

TEST_CASE("claims cli: JSON has places, implied figures and the repair") {
  const auto ran = partake_run("claims --json examples/texts/park-report.zh.md");
  const auto json = parse_json(ran.out);
  REQUIRE(json);
  const auto& file = json->array()->front();
  CHECK_EQ(*file.find("file")->string(), "examples/texts/park-report.zh.md");
  bool repaired = false;
  for (const auto& finding : *file.find("findings")->array()) {
    CHECK_FALSE(finding.find("figures")->array()->empty());
    const auto* repair = finding.find("repair");
    repaired = repaired || (repair != nullptr && *repair->find("after")->string() == "105万升");
  }
  CHECK(repaired);
  for (const auto& figure : *file.find("figures")->array()) {
    CHECK_NE(figure.find("line"), nullptr);
    CHECK_NE(figure.find("begin"), nullptr);
  }
}

TEST_CASE("claims cli: a page, and two versions side by side") {
  const TestFolder folder{"claims"};
  const auto page = folder.path("page.html");
  partake_run("claims --html " + page + " examples/texts/park-report.zh.md");
  std::ifstream in{page};
  const std::string html{std::istreambuf_iterator<char>{in}, {}};
  CHECK(has(html, "<mark class=\"impossible\">"));
  const auto ran = partake_run(
      "claims --lang en --compare examples/texts/park-report.zh.md "
      "examples/texts/park-report.en.md");
  CHECK_EQ(ran.code, 1);
  CHECK(has(ran.out, "1050万升 (line 5) <-> 1.05 million litres (line 5): differ by 0.1"));
}

TEST_CASE("claims cli: what cannot be read is said") {
  const TestFolder folder{"claims-bad"};
  CHECK(has(partake_run("claims " + folder.path("none.txt")).out, "[file.not_found]"));
  std::ofstream{folder.path("broken.pdf")} << "no pdf";
  CHECK(has(partake_run("claims " + folder.path("broken.pdf")).out, "[claims.no_converter]"));
  std::ofstream{folder.path("garbage.txt")} << "\xff\xfe 5 t";
  const auto garbage = partake_run("claims --lang en " + folder.path("garbage.txt"));
  CHECK_EQ(garbage.code, 0);
  CHECK(has(garbage.out, "could not read: 2 bytes"));
}
