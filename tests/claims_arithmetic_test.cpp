// What follows from figures around, in tables and in sentences, with the real library: each line is
// a text and what is found in it.
#include <doctest/doctest.h>

#include "tests/claims_quality.h"

using namespace partake;

namespace {

// "consistent 400兆瓦 × 2350小时 = …; …", the arithmetic in English.
std::string found(const std::string& text) {
  static const auto knowledge = testing::claims_knowledge();
  const auto review = claims::review(text, knowledge);
  REQUIRE(review);
  std::string line;
  for (const auto& finding : review->findings) {
    if (finding.verdict == claims::Verdict::unchecked) continue;
    line += (line.empty() ? "" : "; ") + std::string{name_of(finding.verdict)} + " " +
            finding.arithmetic.en;
  }
  return line;
}

}  // namespace

TEST_CASE("claims arithmetic: what a paragraph before has named is computed with") {
  CHECK_EQ(found("基地总装机容量400兆瓦。\n\n按年利用2350小时测算，年发电量9.4亿千瓦时。"),
           "consistent 400兆瓦 electricity × 2350小时 = 940,000,000 kWh");
  CHECK_EQ(
      found("The fleet has 480 buses.\n\nEach bus covers about 38,000 miles a year, so that all "
            "of it puts in 18.24 million miles."),
      "consistent 480 buses × about 38,000 miles distance driven = 18,240,000 mile");
}

TEST_CASE("claims arithmetic: products of three, differences and shares") {
  CHECK_EQ(found("300名志愿者分批来到沙区，在10天里种下63万株，平均每人每天210株。"),
           "consistent 63万株 trees ÷ 300名 people ÷ 10天 = 210");
  CHECK_EQ(found("全年供水总量1.643亿立方米。全年售水量1.478亿立方米，产销差率10.04%。"),
           "consistent (1.643亿立方米 − 1.478亿立方米) ÷ 1.643亿立方米 water = 10%");
  CHECK_EQ(
      found("Consumption fell from 6.9 GWh to 2.7 GWh a year. At 26p per kWh this is worth £1.09 "
            "million a year."),
      "consistent (6.9 GWh − 2.7 GWh) × 26p turnover = 1,092,000 GBP");
}

TEST_CASE("claims arithmetic: carbon as carbon dioxide") {
  CHECK_EQ(found("表层土壤的碳密度合计10.9万吨碳，折合二氧化碳40万吨。"),
           "consistent 10.9万吨 CO2 × 44/12 = 399,667 t");
}

TEST_CASE("claims arithmetic: among many figures one that only nearly fits is not believed") {
  CHECK_EQ(
      found("共有17处，另有23处，第三类31处，第四类44处，第五类59处，第六类73处，全部绿地1240亩。"),
      "");
}

TEST_CASE("claims arithmetic: a mere number takes the unit of its list, its range and its table") {
  CHECK_EQ(
      found("Emissions were made up of gas heating (4,120 tCO2e), electricity (2,380), vehicles "
            "(1,960) and travel (140), a total of 8,600 tCO2e."),
      "consistent 4,120 tCO2e + 2,380 + 1,960 + 140 = 8,600 tCO2");
  CHECK_EQ(found("Its use dropped from 178 to 104 kBtu per square foot, or 42 percent."),
           "consistent (178 − 104 kBtu) ÷ 178 = 41.6%");
}

TEST_CASE("claims arithmetic: what differs by a difference is divided by it") {
  CHECK_EQ(
      found("Diesel use dropped from 118,000 litres to 96,000 litres, which keeps about 59 tonnes "
            "of carbon dioxide out of the air."),
      "consistent about 59 tonnes CO2 ÷ (118,000 litres − 96,000 litres) = 2.68 kgCO2/L");
}

TEST_CASE("claims arithmetic: what is named here and numbered before") {
  CHECK_EQ(found("机组全年发电2.04亿千瓦时。\n\n上网电量替代减排二氧化碳10.9万吨。"),
           "consistent 10.9万吨 CO2 ÷ 2.04亿千瓦时 electricity = 0.534 kgCO2/kWh");
}

TEST_CASE("claims arithmetic: doubts in plain words") {
  CHECK_EQ(
      found(
          "两项工程年发电量分别为9.4亿千瓦时和29亿千瓦时。两者合计，每年可提供电力12.3亿千瓦时。"),
      "contradiction 9.4亿千瓦时 + 29亿千瓦时 = 3,840,000,000 kWh");
  CHECK_EQ(found("Counters recorded 1.32 million trips, up 12 per cent from 1.10 million the year "
                 "before."),
           "contradiction 1.32 million ÷ 1.10 million − 1 = 20%");
  CHECK_EQ(found("Of the 2,690 ML of recycled water supplied, 2,940 ML went to vineyards."),
           "contradiction 2,940 ML water ÷ 2,690 ML water = 109%");
  CHECK_EQ(found("其余2.7万吨进入拆解线，全年产出黑粉1.08万吨、铜铝0.59万吨、壳体1.25万吨。"),
           "impossible 1.08万吨 + 0.59万吨 + 1.25万吨 = 29,200 t > 27,000 t");
}

TEST_CASE("claims arithmetic: tables") {
  const std::string table =
      "| 项目 | 建筑面积（万平方米） | 用电量（万千瓦时） | 单位面积电耗（千瓦时/平方米） |\n"
      "|---|---|---|---|\n"
      "| 广场 | 12.4 | 2294 | 185.0 |\n"
      "| 家园 | 31.5 | 283.5 | 9.0 |\n"
      "| 产业园 | 18.0 | 1530 | 58.0 |\n"
      "| 合计 | 61.9 | 4107.5 | 66.4 |\n";
  CHECK_EQ(found(table),
           "consistent 2294 ÷ 12.4 = 185 kWh/m2; consistent 283.5 ÷ 31.5 = 9 kWh/m2; "
           "contradiction 1530 ÷ 18.0 = 85 kWh/m2; "
           "consistent 12.4 + 31.5 + 18.0 = 619,000 m2; "
           "consistent 2294 + 283.5 + 1530 = 41,080,000 kWh; "
           "consistent 4107.5 ÷ 61.9 = 66.36 kWh/m2");
  const std::string years =
      "| 指标 | 2021年 | 2022年 | 2023年 | 三年合计 |\n"
      "| 全厂用电（万千瓦时） | 2208 | 2108 | 1905 | 6221 |\n"
      "| 再生水量（万立方米） | 1460 | 1898 | 2372.5 | 5370.5 |\n";
  CHECK_EQ(found(years),
           "consistent 2208 + 2108 + 1905 = 62,210,000 kWh; "
           "contradiction 1460 + 1898 + 2372.5 = 57,310,000 m3");
  // The same as a page has it.
  CHECK_EQ(
      claims::review("<table><tr><th>Indicator</th><th>2022</th><th>2023</th><th>Change</th></tr>"
                     "<tr><td>Water (ML)</td><td>22,180</td><td>21,520</td><td>-3.0%</td></tr>"
                     "<tr><td>Recycled (ML)</td><td>2,150</td><td>2,690</td><td>+15.1%</td></tr>"
                     "<tr><td>Power (MWh)</td><td>25,300</td><td>24,150</td><td>-4.5%</td></tr>"
                     "</table>",
                     testing::claims_knowledge(), claims::Markup::html)
          ->findings.size(),
      3);
}
