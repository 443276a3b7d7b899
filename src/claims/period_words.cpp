#include "claims/period_words.h"

#include "claims/text_at.h"

namespace partake::claims {

GluedPeriod glued_period(std::string_view text, std::size_t from, std::size_t to) {
  GluedPeriod found;
  for (std::size_t at = from; at < to; at += character_size(text, at)) {
    const bool year = starts(text, at, "年");
    if (!year && !starts(text, at, "日")) continue;
    const auto before = text.substr(0, at);
    if (!before.empty() && is_digit(before.back())) continue;
    const bool is_name =
        ends_in_any(before, {"今", "去", "明", "近", "当", "同", "多", "余", "百",
                             "周", "半", "十", "五", "三", "两", "几", "青", "少",
                             "老", "往", "历", "逐", "生", "节", "昨", "即", "平"}) ||
        any_at(text, at + 3,
               {"来", "内", "前", "后", "以", "间", "底", "初", "代", "至", "起", "轻", "会", "报",
                "鉴", "级", "，", "、", "的", "常", "益", "夜", "末", "中", "度", "龄", "本"}) > 0;
    if (is_name) continue;
    found = {year ? Period::year : Period::day, at};
  }
  return found;
}

bool is_as_of(std::string_view text, const YearMention& year) {
  return ends_in_any(text.substr(0, year.at),
                     {"截至", "截止", "自", "到", "至", "从", "since ", "by ", "Since ", "By ",
                      "until ", "As of ", "as of "}) ||
         any_at(text, year.end, {"以来", "起", "至", "以后", "后"}) > 0;
}

}  // namespace partake::claims
