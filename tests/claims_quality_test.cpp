// How well the engine reads and judges: the labelled statements of outside texts, and our own
// sentences. docs/claims.md quotes the figures; bench/claims.cpp prints them.
#include "tests/claims_quality.h"

#include <doctest/doctest.h>

#include "tests/outside_data.h"

using namespace partake;

TEST_CASE("claims quality: the labelled statements are found and judged as labelled") {
  const auto facts = testing::outside("facts/claims-labelled.tsv");
  const auto seeds = testing::outside("seeds");
  if (facts.empty() || seeds.empty()) return;
  const auto shared = std::filesystem::path{seeds}.parent_path().string();
  const auto quality = testing::judge_labelled(testing::claims_knowledge(), shared);
  for (const auto& miss : quality.misses) MESSAGE(miss);
  CHECK_EQ(quality.rows, 41);
  CHECK_EQ(quality.good, 16);
  CHECK_GE(quality.found * 10, quality.rows * 9);
  CHECK_GE(quality.judged_right * 10, quality.rows * 8);
  CHECK_LE(quality.good_doubted, 1);
}

TEST_CASE("claims quality: sentences of our own, right and wrong, in both languages") {
  const auto knowledge = testing::claims_knowledge();
  for (const char* file : {"sentences.tsv", "fresh.tsv"}) {
    const auto quality = testing::judge_sentences(knowledge, file);
    for (const auto& miss : quality.misses) MESSAGE(miss);
    CHECK_GE(quality.rows, 60);
    CHECK_GE(quality.judged_right * 10, quality.rows * 9);
    CHECK_EQ(quality.good_doubted, 0);
  }
}

TEST_CASE("claims quality: whole texts, invented and labelled before they were tried") {
  const auto knowledge = testing::claims_knowledge();
  const auto looked_at = testing::judge_cases(knowledge, true);
  CHECK_EQ(looked_at.rows, 120);
  CHECK_GE(looked_at.found, 103);
  CHECK_LE(looked_at.good_doubted, 1);
  const auto others = testing::judge_cases(knowledge, false);
  CHECK_EQ(others.rows, 122);
  CHECK_GE(others.found, 81);
  CHECK_LE(others.good_doubted, 3);
}

TEST_CASE("claims quality: texts and labels of somebody who did not know the engine") {
  const auto knowledge = testing::claims_knowledge();
  const auto looked_at = testing::judge_blind(knowledge, true);
  const auto others = testing::judge_blind(knowledge, false);
  CHECK_EQ(looked_at.rows + others.rows, 132);
  CHECK_GE(looked_at.found, 85);
  CHECK_LE(looked_at.good_doubted, 1);
  CHECK_GE(others.found, 7);
  CHECK_LE(others.good_doubted, 0);
}

TEST_CASE("claims quality: the hours of lamps are those of all of them and of what they save") {
  const auto found = claims::review(
      "12000盏路灯单灯功率由250瓦降到100瓦，每晚亮灯11小时，全年节电约722.7万千瓦时。",
      testing::claims_knowledge());
  REQUIRE(found);
  const auto& findings = found->findings;
  CHECK(std::any_of(findings.begin(), findings.end(), [](const claims::Finding& finding) {
    return finding.verdict == claims::Verdict::consistent &&
           testing::implies(finding, testing::targets_of("4015 h/a"));
  }));
}
