#include "claims/review.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "claims/compare.h"
#include "claims/present.h"
#include "claims/testing.h"

using namespace partake;
using namespace partake::claims;

namespace {

// "co2_electricity consistent 0.6; …": what was found in a text.
std::string found(const std::string& text) {
  const auto knowledge = claims::testing::small_knowledge();
  const auto result = review(text, knowledge);
  std::string line;
  for (const auto& finding : result->findings) {
    if (!line.empty()) line += "; ";
    line += finding.check + " " + name_of(finding.verdict);
    if (finding.repair) line += " " + finding.repair->before + "→" + finding.repair->after;
  }
  return line;
}

}  // namespace

TEST_CASE("review: a ratio is judged by its band, in both languages") {
  CHECK_EQ(found("每年节约用电100万千瓦时，减少二氧化碳600吨。"), "co2_electricity consistent");
  CHECK_EQ(found("每年节约用电100万千瓦时，减少二氧化碳850吨。"), "co2_electricity boundary");
  CHECK_EQ(found("每年节约用电100万千瓦时，减少二氧化碳1240吨。"), "co2_electricity outside");
  CHECK_EQ(found("It saves 100,000 kWh of electricity a year and 600 tonnes of CO2 a year."),
           "co2_electricity impossible 100,000 kWh→1,000,000 kWh");
}

TEST_CASE("review: one edit that makes every check pass is named") {
  CHECK_EQ(found("每年节约用电100万千瓦时，减少二氧化碳6000吨，相当于3万棵树。"),
           "co2_electricity impossible 6000吨→600吨; co2_tree outside 6000吨→600吨");
}

TEST_CASE("review: figures without a partner are said to be unchecked, and what is missing") {
  CHECK_EQ(found("每年减少二氧化碳6000吨。"), "unexplained unchecked");
  CHECK_EQ(found("共有25个项目。"), "");
}

TEST_CASE("review: sums of the text") {
  CHECK_EQ(found("减少二氧化碳10吨、12吨和14吨，合计36吨。"), "sum consistent");
  CHECK_EQ(found("减少二氧化碳10吨、12吨和14吨，合计46吨。"), "sum contradiction");
}

TEST_CASE("review: what is announced and what is listed") {
  CHECK_EQ(found("平台包括四棵：松、柏、杨。"), "enumeration contradiction");
  CHECK_EQ(found("平台包括三棵：松、柏、杨。"), "enumeration consistent");
  CHECK_EQ(found("It has 4 trees: oak, ash and elm."), "enumeration contradiction");
  CHECK_EQ(found("It has 3 trees: oak, ash and elm."), "enumeration consistent");
  CHECK_EQ(found("It has 3 trees: oak, which is old, ash and elm with 7 leaves."), "");
}

TEST_CASE("review: a span of years that its years do not give") {
  CHECK_EQ(found("2015—2019年的三年间共植5棵树。"), "years contradiction");
  CHECK_EQ(found("2015—2019年的五年间共植5棵树。"), "years consistent");
}

TEST_CASE("review: shares in brackets, and yearly means of a total") {
  CHECK_EQ(found("Of the 3,200 tonnes, 1,920 tonnes (60%) were kept."), "part consistent");
  CHECK_EQ(found("Of the 3,200 tonnes, 1,920 tonnes (70%) were kept."), "part contradiction");
}

TEST_CASE("review: places are bytes of the source, also through broken lines and full width") {
  const std::string text = "题目\n\n每年节约用电，\n１００万千瓦时，减少二氧化碳\n600吨。";
  const auto knowledge = claims::testing::small_knowledge();
  const auto result = review(text, knowledge);
  REQUIRE_EQ(result->figures.size(), 2);
  const auto& power = result->figures[0];
  CHECK_EQ(text.substr(power.begin, power.end - power.begin), "１００万千瓦时");
  CHECK_EQ(power.place.line, 4);
  CHECK_EQ(power.place.column, 1);
  const auto& co2 = result->figures[1];
  CHECK_EQ(text.substr(co2.begin, co2.end - co2.begin), "600吨");
  CHECK_EQ(co2.place.line, 5);
}

TEST_CASE("review: mark-up is taken out, and places still hold") {
  const std::string text =
      "<p>每年<b>节约用电</b>100万千瓦时，</p><script>9吨</script>减少二氧化碳600吨";
  const auto knowledge = claims::testing::small_knowledge();
  const auto result = review(text, knowledge, Markup::html);
  REQUIRE_EQ(result->figures.size(), 2);
  const auto& co2 = result->figures[1];
  CHECK_EQ(text.substr(co2.begin, co2.end - co2.begin), "600吨");
  const auto page = to_html(*result, text, Language::zh);
  CHECK_NE(page.find("&lt;script&gt;"), std::string::npos);
  CHECK_EQ(page.find("<script>"), std::string::npos);
}

TEST_CASE("page: what a finding says stands beside the text") {
  const auto knowledge = claims::testing::small_knowledge();
  const std::string text = "每年节约用电10万千瓦时，减少二氧化碳600吨。另每年减少二氧化碳5吨。";
  const auto page = to_html(*review(text, knowledge), text, Language::en);
  const auto has = [&](std::string_view key, const Args& args) {
    return page.find(say(Language::en, key, args)) != std::string::npos;
  };
  CHECK(has("claims.expected", {{"expected", "0.5–0.7 kgCO2/kWh"}}));
  CHECK(has("claims.source", {{"source", "definition"}, {"quality", "computed"}}));
  CHECK(has("claims.repair", {{"before", "10万千瓦时"},
                              {"after", "100万千瓦时"},
                              {"satisfied", "1"},
                              {"checks", "1"}}) == false);  // The sign is escaped in a page.
  CHECK_NE(page.find("10万千瓦时 -&gt; 100万千瓦时"), std::string::npos);
  CHECK(has("claims.missing",
            {{"missing", "the activity behind it: electricity, fuel, distance, area or mass"}}));
  CHECK_EQ(page.find("claims.question"), std::string::npos);
}

TEST_CASE("review: bad input ends, and says what could not be read") {
  const auto knowledge = claims::testing::small_knowledge();
  const auto garbage = review(std::string{"\xff\xfe\x80 5吨 \xc3"}, knowledge);
  CHECK_EQ(garbage->unreadable_bytes, 4);
  CHECK_EQ(garbage->figures.size(), 1);
  const auto digits = review(std::string(1'000'000, '7'), knowledge);
  CHECK_EQ(digits->figures.size(), 0);
  CHECK_GE(digits->unread_numbers, 1);
  CHECK(review(std::string(200'000, '(') + std::string(200'000, '<'), knowledge, Markup::html));
  const auto large = review(std::string(article_bytes_max + 1, 'x'), knowledge);
  REQUIRE_FALSE(large);
  CHECK_EQ(large.error().code, "claims.too_large");
}

TEST_CASE("review: what is kept changes nothing") {
  const auto knowledge = claims::testing::small_knowledge();
  Reviewer reviewer{knowledge};
  const std::string first = "每年节约用电100万千瓦时，减少二氧化碳600吨。\n\n每年减少二氧化碳5吨。";
  const std::string second = "新的一段，5棵树。\n\n" + first;
  static_cast<void>(reviewer.review(first));
  const auto again = reviewer.review(second);
  CHECK_EQ(pretty(to_json(*again, knowledge, Language::en)),
           pretty(to_json(*review(second, knowledge), knowledge, Language::en)));
}

TEST_CASE("compare: figures of two languages, also those that differ by a unit or a power of ten") {
  const auto knowledge = claims::testing::small_knowledge();
  const auto zh = review("用电100万千瓦时，二氧化碳600吨，另有5棵树。", knowledge);
  const auto en = review("Electricity 1 million kWh, CO2 6,000 tonnes.", knowledge);
  const auto comparison = compare(*zh, *en);
  CHECK_EQ(comparison.pairs, 1);
  REQUIRE_EQ(comparison.differ.size(), 1);
  CHECK_EQ(comparison.differ[0].factor, doctest::Approx(10));
  CHECK_EQ(comparison.only_first.size(), 1);
  CHECK_EQ(comparison.only_second.size(), 0);
}

TEST_CASE("knowledge: every slip in the files is named") {
  using claims::testing::add;
  Knowledge knowledge;
  CHECK_EQ(add(knowledge, claims::testing::small_lexicon), "ok");
  CHECK_EQ(add(knowledge,
               "[[things]]\nid = \"x\"\nin = [\"weight\"]\ntitle = { en = \"x\", zh = "
               "\"x\" }\nwords = [\"x\"]\n"),
           "claims.unknown_word");
  CHECK_EQ(add(knowledge,
               "[[totals]]\nthing = \"plutonium\"\nplace = \"nation\"\nlow = \"1 "
               "t\"\nhigh = \"2 t\"\nsource = \"definition\"\n"),
           "claims.unknown_thing");
  CHECK_EQ(add(knowledge,
               "[[constants]]\nid = \"c\"\nrange = \"1 to 2\"\nunit = \"t\"\nnote = { en "
               "= \"n\", zh = \"n\" }\nsource = \"definition\"\n"),
           "claims.bad_range");
  CHECK_EQ(add(knowledge,
               "[[constants]]\nid = \"c\"\nrange = \"[1, 2]\"\nunit = \"t\"\nnote = { en "
               "= \"n\", zh = \"n\" }\nsource = \"hearsay\"\n"),
           "source.unknown");
}
