// A text that is changed again and again: what is kept from before must change nothing.
#include <doctest/doctest.h>

#include "base/split_mix.h"
#include "claims/present.h"
#include "tests/claims_quality.h"

using namespace partake;

namespace {

std::string document(const std::vector<std::string>& paragraphs) {
  std::string text;
  for (const auto& paragraph : paragraphs) text += paragraph + "\n\n";
  return text;
}

}  // namespace

TEST_CASE("claims edits: a changed text is reviewed as if it were new") {
  const auto knowledge = testing::claims_knowledge();
  std::vector<std::string> sentences;
  for (const auto& row : testing::tab_rows(SOURCE_DIR "/tests/claims/sentences.tsv")) {
    sentences.push_back(row[3]);
  }
  // Years, equivalences, names and loads that paragraphs take from others.
  for (const char* far :
       {"首期五年减排25万吨。", "项目累计减排254675吨。", "减排4万吨，相当于种植200万棵树。",
        "减排4万吨，相当于种植1000棵树。", "“云行动”减少二氧化碳3000吨。",
        "“云行动”相当于全国汽车停驶5天。", "全国数据中心每年可节电1000亿千瓦时。",
        "PUE从1.55降到1.09，服务器节能10%。"}) {
    for (int times = 0; times < 12; ++times) sentences.emplace_back(far);
  }
  // Tables that grow, shrink and lose their headings, and paragraphs that compute with others.
  for (int times = 0; times < 12; ++times) {
    for (const char* row :
         {"| 项目 | 面积（万平方米） | 用电量（万千瓦时） | 单位电耗（千瓦时/平方米） |",
          "| 广场 | 12.4 | 2294 | 185.0 |", "| 家园 | 31.5 | 283.5 | 9.0 |",
          "| 产业园 | 18.0 | 1530 | 58.0 |", "| 合计 | 61.9 | 4107.5 | 66.4 |", "总装机400兆瓦。",
          "按年利用2350小时测算，年发电量9.4亿千瓦时。", "上网电量减少二氧化碳50万吨。"}) {
      sentences.emplace_back(row);
    }
  }
  SplitMix random{20261127};
  std::vector<std::string> paragraphs;
  while (paragraphs.size() < 90) paragraphs.push_back(sentences[random(sentences.size())]);
  claims::Reviewer reviewer{knowledge};
  for (int edit = 0; edit < 60; ++edit) {
    CAPTURE(edit);
    const auto place = static_cast<std::ptrdiff_t>(random(paragraphs.size()));
    const auto at = paragraphs.begin() + place;
    switch (random(4)) {
      case 0:
        *at += sentences[random(sentences.size())];
        break;
      case 1:
        paragraphs.insert(at, sentences[random(sentences.size())]);
        break;
      case 2:
        if (paragraphs.size() > 60) paragraphs.erase(at);
        break;
      default:
        std::swap(*at, paragraphs[random(paragraphs.size())]);
        break;
    }
    const auto text = document(paragraphs);
    const auto kept = reviewer.review(text);
    const auto fresh = claims::review(text, knowledge);
    REQUIRE(kept);
    REQUIRE(fresh);
    REQUIRE_EQ(pretty(claims::to_json(*kept, knowledge, Language::en)),
               pretty(claims::to_json(*fresh, knowledge, Language::en)));
  }
}
