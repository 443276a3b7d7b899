// How well the engine reads and judges: the labelled statements of the casebook, and our own
// sentences. docs/claims.md quotes the figures; bench/claims.cpp prints them.
#include "tests/claims_quality.h"

#include <doctest/doctest.h>

using namespace partake;

TEST_CASE("claims quality: the labelled statements are found and judged as labelled") {
  const auto knowledge = testing::claims_knowledge();
  const auto quality = testing::judge_labelled(knowledge);
  for (const auto& miss : quality.misses) MESSAGE(miss);
  CHECK_EQ(quality.rows, 41);
  CHECK_GE(quality.found, 37);         // 90 %
  CHECK_GE(quality.judged_right, 33);  // 80 %
  CHECK_LE(quality.good_doubted, 1);   // Of the 16 that are right.
}

TEST_CASE("claims quality: sentences of our own, right and wrong, in both languages") {
  const auto knowledge = testing::claims_knowledge();
  const auto quality = testing::judge_sentences(knowledge);
  for (const auto& miss : quality.misses) MESSAGE(miss);
  CHECK_GE(quality.rows, 150);
  CHECK_GE(quality.judged_right * 100, quality.rows * 95);
  CHECK_EQ(quality.good_doubted, 0);
}
