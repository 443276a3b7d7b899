#include "books/dealings_check.h"

#include "books/transact_testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

// The test's contents once a text in its dealings is another.
std::vector<Content> contents_with(const std::string& from, const std::string& to) {
  std::string text = dealings_text;
  const auto at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  text.replace(at, from.size(), to);
  auto contents = small_contents();
  contents[3] = {Content::Kind::zone, "Asia/Shanghai", "Asia/Shanghai\n-2208988800 28800\n"};
  contents.back().text = text;
  return contents;
}

// The codes of what is wrong with them then.
std::string codes_of(const std::string& from, const std::string& to) {
  const auto contents = contents_with(from, to);
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

TEST_CASE("dealings: what accounts hold keeps its meaning in later editions") {
  BooksWithDealings books;
  std::uint64_t version = 1;
  // What publishing says of a next edition in which one text is another.
  const auto publish = [&](const std::string& from, const std::string& to) -> std::string {
    auto contents = contents_with(from, to);
    auto& text = contents.back().text;
    text.replace(text.find("version = \"1.0.0\""), 17,
                 "version = \"1.0." + std::to_string(version++) + "\"");
    ProgrammeNumbers numbers;
    Problems problems;
    const auto edition = Edition::build(contents, numbers, problems);
    for (const auto& problem : problems) FAIL(problem.code);
    REQUIRE(books.open.writer->add(Fact{contents.back()}));
    const auto added = books.open.writer->add(Fact{edition->manifest(contents)});
    return added ? "ok" : added.error().code;
  };
  CHECK_EQ(publish("price = \"18.5 yuan\"", "price = \"20 yuan\""), "ok");
  CHECK_EQ(publish("buffer = \"20 %\"", "buffer = \"10 %\""), "ok");
  CHECK_EQ(publish("unit = \"1 tCO2e\"", "unit = \"2 tCO2e\""), "programme.meaning_changed");
  CHECK_EQ(publish("verified = true", "verified = false"), "programme.meaning_changed");
  CHECK_EQ(publish("pool = \"co2e\"", ""), "programme.meaning_changed");
  CHECK_EQ(publish("price = \"0.7125 yuan/kWh\"\nsettles = \"electricity\"",
                   "price = \"0.07 yuan/kgCO2e\"\nsettles = \"co2e\""),
           "programme.meaning_changed");
  const auto& editions = books.books().rulebook().programmes[0].editions;
  CHECK_EQ(editions.size(), 3);
  // A class that an edition left out comes back as what it was.
  const std::string left_out = R"toml([[scheme.units]]
id = "pooled"
title = { en = "Pooled", zh = "汇集" }
unit = "1 kgCO2e"
pool = "co2e"
)toml";
  CHECK_EQ(publish(left_out, ""), "ok");
  CHECK_EQ(publish("unit = \"1 kgCO2e\"", "unit = \"2 kgCO2e\""), "programme.meaning_changed");
  // Forms of one split share and settle one thing.
  CHECK_EQ(codes_of("asset = \"money\"\nfrom = \"trust\"\n[[",
                    "asset = \"points\"\nfrom = \"trust\"\n[["),
           "programme.meaning_changed");
}
