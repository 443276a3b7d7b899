#include "claims/period_words.h"

#include <algorithm>
#include <array>

namespace partake::claims {
namespace {

bool starts(std::string_view text, std::size_t at, std::string_view word) {
  return at <= text.size() && text.substr(at).starts_with(word);
}

}  // namespace

GluedPeriod glued_period(std::string_view text, std::size_t from, std::size_t to) {
  GluedPeriod found;
  for (std::size_t at = from; at < to; at += character_size(text, at)) {
    const bool year = starts(text, at, "年");
    if (!year && !starts(text, at, "日")) continue;
    const auto before = text.substr(0, at);
    if (!before.empty() && (before.back() >= '0' && before.back() <= '9')) continue;
    bool name = false;
    for (const std::string_view word :
         {"今", "去", "明", "近", "当", "同", "多", "余", "百", "周", "半", "十", "五", "三",
          "两", "几", "青", "少", "老", "往", "历", "逐", "生", "节", "今", "昨", "即", "平"}) {
      name = name || before.ends_with(word);
    }
    const auto after = at + 3;
    for (const std::string_view word :
         {"来", "内", "前", "后", "以", "间", "底", "初", "代", "至", "起", "轻", "会", "报",
          "鉴", "级", "，", "、", "的", "常", "益", "夜", "末", "中", "度", "龄", "本"}) {
      name = name || starts(text, after, word);
    }
    if (name) continue;
    found = {year ? Period::year : Period::day, at};
  }
  return found;
}

bool is_as_of(std::string_view text, const YearMention& year) {
  const auto lead = text.substr(0, year.at);
  const auto tail = text.substr(std::min<std::size_t>(year.end, text.size()));
  for (const std::string_view word : {"截至", "截止", "自", "到", "至", "从", "since ", "by ",
                                      "Since ", "By ", "until ", "As of ", "as of "}) {
    if (lead.ends_with(word)) return true;
  }
  constexpr std::array<std::string_view, 5> after{"以来", "起", "至", "以后", "后"};
  return std::any_of(after.begin(), after.end(),
                     [&](std::string_view word) { return tail.starts_with(word); });
}

}  // namespace partake::claims
