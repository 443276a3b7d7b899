#include "books/dealings_check.h"

#include "books/transact_testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

// The codes of what is wrong with the test's dealings once a text in them is another.
std::string codes_of(const std::string& from, const std::string& to) {
  std::string text = dealings_text;
  const auto at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  text.replace(at, from.size(), to);
  auto contents = small_contents();
  contents[3] = {Content::Kind::zone, "Asia/Shanghai", "Asia/Shanghai\n-2208988800 28800\n"};
  contents.back().text = text;
  ProgrammeNumbers numbers;
  Problems problems;
  const auto edition = Edition::build(contents, numbers, problems);
  std::string codes;
  for (const auto& problem : problems) {
    codes += (codes.empty() ? "" : " ") + problem.code;
    CHECK_MESSAGE(problem.place.line > 0, problem.code);
  }
  return codes;
}

}  // namespace

TEST_CASE("dealings: each rule has its code and place") {
  CHECK_EQ(codes_of("45 %", "45 %"), "");
  CHECK_EQ(codes_of("id = \"income\"", "id = \"In come\""), "programme.bad_name");
  CHECK_EQ(codes_of("to = [\"site\"]", "to = [\"the site\"]"), "programme.bad_name");
  CHECK_EQ(codes_of("id = \"grant\"", "id = \"income\""), "programme.twice");
  CHECK_EQ(codes_of("to = [\"site\"]", "to = []"), "toml.key_missing");
  CHECK_EQ(codes_of("held_by = \"resolution\"", "held_by = \"deposit\""), "programme.unknown_hold");
  CHECK_EQ(codes_of("days = 90", "days = 0"), "programme.out_of_range");
  CHECK_EQ(codes_of("approvals = 2", "approvals = 4"), "programme.out_of_range");
  CHECK_EQ(codes_of("10 %", "11 %"), "programme.shares_not_one");
  CHECK_EQ(codes_of("10 %", "-10 %"), "programme.bad_share programme.shares_not_one");
  CHECK_EQ(codes_of("4/5", "4/0"), "programme.bad_share programme.shares_not_one");
  CHECK_EQ(codes_of("4/5", "4 kg"), "programme.bad_share programme.shares_not_one");
  CHECK_EQ(codes_of("\"1\"\n\n[[scheme.units]]", "\"1\"\nmore = 1\n\n[[scheme.units]]"),
           "toml.unknown_key");
  CHECK_EQ(codes_of("pool = \"co2e\"", "pool = \"co2e\"\nverified = true"),
           "programme.pooled_not_verified");
  CHECK_EQ(codes_of("cost = \"4\"", "cost = \"0\""), "programme.not_positive");
  CHECK_EQ(codes_of("point_years = 1", "point_years = 6"), "programme.out_of_range");
  // Once all can be read, what accounts cannot keep.
  CHECK_EQ(codes_of("cost = \"4\"", "cost = \"4.5\""), "programme.amount");
  CHECK_EQ(codes_of("most = \"600 yuan\"", "most = \"600 kg\""), "programme.amount");
  CHECK_EQ(codes_of("at_least = \"100 yuan\"", "at_least = \"0.001 yuan\""), "programme.amount");
  CHECK_EQ(codes_of("unit = \"1 kgCO2e\"", "unit = \"1 kWh\""), "programme.amount");
  CHECK_EQ(codes_of("each = \"5\"", "each = \"5 yuan\""), "programme.amount");
  CHECK_EQ(codes_of("part = \"4/5\"\n[[scheme.splits.shares]]\nparty = \"site\"\npart = \"1/5\"",
                    "part = \"1\"\n[[scheme.splits.shares]]\nparty = \"site\"\npart = \"0\""),
           "programme.uneven_shares");
  CHECK_EQ(codes_of("pool = \"co2e\"", "pool = \"co2e\"\nbuffer = \"0.00000001 %\""),
           "programme.uneven_shares");
  CHECK_EQ(codes_of("gives = \"1\"", "gives = \"1/2\""), "unit.unknown");
  CHECK_EQ(codes_of("0.7125 yuan/kWh", "0.7125 yuan/kg"), "programme.price_unit");
  CHECK_EQ(codes_of("price = \"18.5 yuan\"", "price = \"18.5 kg\""), "programme.price_unit");
  CHECK_EQ(codes_of("settles = \"electricity\"", "settles = \"money\""),
           "programme.settles_itself");
}
