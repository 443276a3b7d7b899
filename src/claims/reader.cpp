// From a paragraph to its figures. Each step is small and looks only at the clause or sentence.

#include <algorithm>
#include <array>

#include "claims/counted_nouns.h"
#include "claims/figure_thing.h"
#include "claims/figure_time.h"
#include "claims/lent_units.h"
#include "claims/per_words.h"
#include "claims/text_at.h"

namespace partake::claims {
namespace {

std::size_t chinese_stop(std::string_view text, std::size_t at) {
  return any_at(text, at, {"。", "！", "？", "…"});
}
bool parts_segments(std::string_view text, std::size_t at) {
  return any_at(text, at, {"；", ";", "。", "！"}) > 0;
}
bool parts_clauses(std::string_view text, std::size_t at) {
  // A comma within a number parts nothing.
  const bool in_number = text[at] == ',' && at > 0 && at + 1 < text.size() &&
                         is_digit(text[at - 1]) && is_digit(text[at + 1]);
  return !in_number && any_at(text, at, {"，", ",", "；", ";", "：", "（", "(", "。"}) > 0;
}

// A full stop ends a sentence before a space and a capital or at the end: not in 3.5 or "No. 28".
bool latin_stop(std::string_view text, std::size_t at) {
  if (text[at] != '.' && text[at] != '!' && text[at] != '?') return false;
  if (at + 1 >= text.size()) return true;
  if (text[at + 1] != ' ' && text[at + 1] != '"') return false;
  if (at + 2 < text.size() && text[at + 2] >= 'a' && text[at + 2] <= 'z') return false;
  return !ends_in_any(text.substr(0, at),
                      {"No", "Mr", "Dr", "Ms", "Inc", "Ltd", "Co", "vs", "approx", "St", "U.S"});
}

class ParagraphReader {
 public:
  ParagraphReader(std::string_view text, std::string_view heading, const Lexicon& lexicon)
      : lexicon_{lexicon} {
    reading_.text = text;
    text_ = reading_.text;
    if (!is_row(text_)) return;
    reading_.heading = heading;
    row_ = RowUnits{text_, heading, lexicon};
  }

  Reading read() {
    split();
    reading_.things = lexicon_.thing_words().all(text_);
    reading_.markers = lexicon_.marker_words().all(text_);
    reading_.places = lexicon_.place_words().all(text_);
    scan();
    lend_units(reading_, row_, lexicon_);
    for (std::size_t i = 0; i < reading_.figures.size(); ++i) {
      const auto& figure = reading_.figures[i];
      const auto clause = clause_at(figure.clause);
      find_thing(reading_, i, clause, lexicon_);
      if (!figure.per.stated()) find_per(reading_, i, clause.begin, lexicon_);
      find_marks(i);
    }
    for (std::size_t i = 0; i < reading_.figures.size(); ++i) {
      find_period(reading_, i, clause_at(reading_.figures[i].clause));
    }
    for (std::size_t i = 0; i < reading_.figures.size(); ++i) find_time(reading_, i);
    for (auto& figure : reading_.figures) find_place(figure);
    return std::move(reading_);
  }

 private:
  // Sentences, segments and clauses, each as the ends in bytes, ascending.
  void split() {
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text_.size(); at += character_size(text_, at)) {
      const auto chinese = chinese_stop(text_, at);
      if (parts_segments(text_, at)) segments_.push_back(at);
      if (parts_clauses(text_, at)) clauses_.push_back(at);
      if (chinese == 0 && !latin_stop(text_, at)) continue;
      const auto end = at + std::max<std::size_t>(chinese, 1);
      reading_.sentences.push_back(
          {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
      segments_.push_back(at);
      clauses_.push_back(at);
      begin = end;
    }
    if (begin < text_.size() || reading_.sentences.empty()) {
      reading_.sentences.push_back(
          {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(text_.size())});
    }
  }

  static std::uint32_t index_in(const std::vector<std::size_t>& ends, std::size_t at) {
    return static_cast<std::uint32_t>(std::lower_bound(ends.begin(), ends.end(), at) -
                                      ends.begin());
  }
  std::uint32_t sentence_of(std::size_t at) const {
    const auto found = std::upper_bound(
        reading_.sentences.begin(), reading_.sentences.end(), at,
        [](std::size_t place, const Sentence& sentence) { return place < sentence.end; });
    const auto index = static_cast<std::uint32_t>(found - reading_.sentences.begin());
    return std::min(index, static_cast<std::uint32_t>(reading_.sentences.size() - 1));
  }
  Stretch clause_at(std::uint32_t clause) const {
    return {clause == 0 ? 0 : clauses_[clause - 1],
            clause < clauses_.size() ? clauses_[clause] : text_.size()};
  }

  bool may_begin(std::size_t at) const {
    const char letter = text_[at];
    if (is_digit(letter)) {
      if (at == 0) return true;
      const char before = text_[at - 1];
      if (is_digit(before) || is_latin(before) || before == '.') return false;
      // COP-15, GB/T 2589-2020, 1+10.
      if ((before == '-' || before == '+') && at > 1 &&
          (is_latin(text_[at - 2]) || is_digit(text_[at - 2]))) {
        return false;
      }
      return before != '/' || at < 2 || !is_latin(text_[at - 2]);
    }
    if (letter > 0) return is_latin(letter) && (at == 0 || !is_latin(text_[at - 1]));
    return any_at(text_, at,
                  {"一", "二", "两", "三", "四", "五", "六", "七", "八", "九", "十", "百", "千",
                   "万", "亿", "半", "数", "上", "近半"}) > 0;
  }

  // A number that only names something: 第40条, No. 28, 5G, 20世纪, 8月, 1+N.
  bool is_name(const Number& number) const {
    if (any_at(text_, number.end, {"世纪", "年代", "月", "号", "〕", "+"}) > 0) return true;
    const auto lead = text_.substr(0, number.digits);
    if (ends_in_any(lead, {"第", "No. ", "No.", "〔", "十", "月"})) return true;
    return number.value.exponent == 0 && number.value.mantissa <= 31 &&
           ends_in_any(lead, {"January ", "February ", "March ", "April ", "May ", "June ", "July ",
                              "August ", "September ", "October ", "November ", "December "});
  }

  static bool is_year(const Decimal& value) {
    return value.exponent == 0 && value.mantissa >= 1900 && value.mantissa < 2200;
  }

  // 2018年, 2014—2016年, in 2018. True when the number is a year and was taken.
  bool take_year(const Number& number) {
    if (number.in_words || number.multiple > 0 || !is_year(number.value)) return false;
    if (is_row(text_) && !starts(text_, number.end, "年") && number.begin > text_.find('|', 1) &&
        row_.at(text_, number.begin) != nullptr) {
      return false;
    }
    if (number.upper && !is_year(*number.upper)) return false;
    if (text_.substr(number.digits, 4).find(',') != std::string_view::npos) return false;
    const bool chinese = starts(text_, number.end, "年");
    if (!chinese) {
      const auto after =
          number.end < text_.size() && text_[number.end] == ' ' ? number.end + 1 : number.end;
      if (lexicon_.unit_words().longest(text_, after).length > 0) return false;
      // "2021—2016年": the second year tells that this is one.
      if (after < text_.size() && text_[after] < 0 && !year_follows(after)) return false;
      if (noun_after(reading_, number.end, 2, lexicon_) != none) return false;
    }
    // 2018—2019 whose first year bears its own sign: "2018年至2021年".
    YearMention mention;
    mention.at = static_cast<std::uint32_t>(number.begin);
    mention.end = static_cast<std::uint32_t>(number.end + (chinese ? 3 : 0));
    mention.sentence = sentence_of(number.begin);
    mention.from = static_cast<int>(number.value.mantissa);
    mention.to = number.upper ? static_cast<int>(number.upper->mantissa) : mention.from;
    reading_.years.push_back(mention);
    return true;
  }

  bool year_follows(std::size_t at) const {
    for (const std::string_view sign : {"——", "—", "至", "到"}) {
      if (!starts(text_, at, sign)) continue;
      const auto next = number_at(text_, at + sign.size());
      return next && !next->in_words && is_year(next->value) && starts(text_, next->end, "年");
    }
    return false;
  }

  struct UnitMatch {
    std::size_t end = 0;
    std::int16_t unit = none;  // none for a counter.
    Measure measure = Measure::bare;
    std::int16_t thing = none;
  };
  // The unit or classifier that begins at `at`.
  UnitMatch unit_at(std::size_t at) const {
    const auto match = lexicon_.unit_words().longest(text_, at);
    if (match.length == 0) return {};
    const auto entry = match.entries->front();
    UnitMatch unit;
    unit.end = at + match.length;
    if (entry >= Lexicon::counter_base) {
      unit.measure = Measure::count;
      unit.thing = static_cast<std::int16_t>(entry - Lexicon::counter_base + none);
      return unit;
    }
    const auto& known = lexicon_.units()[entry];
    unit.unit = static_cast<std::int16_t>(entry);
    unit.measure = known.measure;
    unit.thing = known.thing;
    return unit;
  }

  // $3.2, £1.09 million, ¥500: the sign stands before the number.
  std::int16_t currency_before(const Number& number) const {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> signs{
        {{"A$", "澳元"},
         {"$", "美元"},
         {"£", "英镑"},
         {"€", "欧元"},
         {"¥", "元"},
         {"￥", "元"},
         {"RMB ", "元"},
         {"CNY ", "元"},
         {"EUR ", "欧元"}}};
    const auto lead = text_.substr(0, number.digits);
    for (const auto& [sign, name] : signs) {
      if (!lead.ends_with(sign)) continue;
      const auto match = lexicon_.unit_words().longest(name, 0);
      return match.length > 0 ? static_cast<std::int16_t>(match.entries->front()) : none;
    }
    return none;
  }

  void scan() {
    std::size_t at = 0;
    while (at < text_.size()) {
      if (reading_.figures.size() >= figures_per_paragraph_max) return;
      if (!may_begin(at)) {
        at += character_size(text_, at);
        continue;
      }
      const auto number = number_at(text_, at);
      if (!number) {
        if (is_digit(text_[at])) {
          ++reading_.unread_numbers;
          while (at < text_.size() && (is_digit(text_[at]) || text_[at] == ',')) ++at;
        } else {
          at += character_size(text_, at);
        }
        continue;
      }
      at = take(*number);
    }
  }

  // Takes a number as a figure or a year, and returns where to go on.
  std::size_t take(const Number& number) {
    const auto without =
        number.in_words ? number.digits + character_size(text_, number.digits) : number.end;
    if (is_name(number)) return without;
    if (take_year(number)) return reading_.years.back().end;
    Figure figure;
    figure.number = number;
    auto end = take_measure(figure);
    if (!is_wanted(figure, end)) return without;
    end = take_hedge_after(figure.number, end);
    const auto spread = spread_of(figure.number);
    const auto si = spread ? in_si(*spread, figure, lexicon_) : std::nullopt;
    if (!si) {
      ++reading_.unread_numbers;
      return number.end;
    }
    figure.set(*si);
    figure.begin = static_cast<std::uint32_t>(number.begin);
    figure.end = static_cast<std::uint32_t>(end);
    figure.sentence = sentence_of(number.digits);
    figure.segment = index_in(segments_, number.digits);
    figure.clause = index_in(clauses_, number.digits);
    figure.text = std::string{text_.substr(figure.begin, figure.end - figure.begin)};
    reading_.figures.push_back(std::move(figure));
    return end;
  }

  // The unit, or what is counted without one; returns where they end.
  std::size_t take_measure(Figure& figure) const {
    const auto& number = figure.number;
    const auto unit = unit_of(number);
    if (unit.end > 0) {
      figure.unit = unit.unit;
      figure.measure = unit.measure;
      figure.thing = unit.thing;
    } else if (number.is_fraction) {
      figure.measure = Measure::ratio;
    } else {
      figure.thing = counted_noun(reading_, number, lexicon_);
      if (figure.thing != none) figure.measure = Measure::count;
    }
    if (figure.measure == Measure::ratio && figure.unit == none && !number.is_fraction) {
      figure.measure = Measure::bare;
    }
    if (figure.measure == Measure::bare && is_number_of_things(text_, number)) {
      figure.measure = Measure::count;
    }
    return unit.end > 0 ? unit.end : number.end;
  }
  UnitMatch unit_of(const Number& number) const {
    if (const auto currency = currency_before(number); currency != none) {
      return {number.end, currency, Measure::money, none};
    }
    auto at = number.end;
    while (at < text_.size() && text_[at] == ' ') ++at;
    if (starts(text_, at, "-")) ++at;  // "a 100-megawatt plant"
    if (starts(text_, at, "of ") && number.in_words) at += 3;
    return unit_at(at);
  }

  // 余 and 多 may also follow the unit: "650万吨余"; returns where they end.
  std::size_t take_hedge_after(Number& number, std::size_t at) const {
    constexpr std::array<std::pair<std::string_view, Hedge>, 6> words{{{"以上", Hedge::at_least},
                                                                       {"左右", Hedge::about},
                                                                       {"以下", Hedge::at_most},
                                                                       {"以内", Hedge::at_most},
                                                                       {"余", Hedge::over},
                                                                       {"多", Hedge::over}}};
    for (const auto& [word, hedge] : words) {
      if (!starts(text_, at, word)) continue;
      if (number.hedge == Hedge::exact) number.hedge = hedge;
      return at + word.size();
    }
    return at;
  }

  bool is_wanted(const Figure& figure, std::size_t end) const {
    const auto& number = figure.number;
    if (is_mere_unit(number)) return false;
    if (figure.measure == Measure::bare) {
      // Without a unit: only where an indicator is named before it (PUE 1.55); not 5G, 4A级.
      return number.digits > 0 && is_digit(text_[number.digits]) &&
             (end >= text_.size() || !is_latin(text_[end]));
    }
    return !number.in_words || number.is_fraction || is_amount_in_words(figure, end);
  }
  // （万千瓦时）, /千立方米: a unit by itself.
  bool is_mere_unit(const Number& number) const {
    return number.in_words && number.value.mantissa == 1 &&
           ends_in_any(text_.substr(0, number.begin), {"（", "(", "/"});
  }
  bool is_amount_in_words(const Figure& figure, std::size_t end) const {
    const auto& number = figure.number;
    const auto measure = figure.measure;
    const bool has_multiple = number.multiple > 0;
    if (number.multiple == 0 && number.value.mantissa == 1) {
      // 一吨废纸 and one tonne are amounts; 一次, 一度 and 一年 seldom are.
      return measure == Measure::mass || measure == Measure::area;
    }
    // 三位一体, 四方协作: a few and a word that is rarely a unit there.
    const bool few = number.multiple == 0 && number.value.mantissa < 20;
    if (few &&
        (measure == Measure::volume || measure == Measure::energy || starts(text_, end, "一体"))) {
      return false;
    }
    if (measure == Measure::count) {
      return has_multiple ? number.hedge != Hedge::exact || number.value.mantissa != 1
                          : number.value.mantissa >= 3;
    }
    return measure != Measure::time || !has_multiple;
  }

  void find_marks(std::size_t index) {
    auto& figure = reading_.figures[index];
    const auto last_end =
        index > 0 ? static_cast<std::size_t>(reading_.figures[index - 1].end) : std::size_t{0};
    const auto lead = std::max(clause_at(figure.clause).begin, last_end);
    for (const auto& hit : reading_.markers) {
      if (hit.begin >= figure.number.digits) break;
      if (hit.begin >= lead && hit.end <= figure.number.digits) figure.marks.set(hit.entry);
    }
    for (const std::string_view after : {" in total", " in all", " altogether"}) {
      if (starts(text_, figure.end, after)) figure.marks.set(static_cast<std::size_t>(Marker::sum));
    }
  }

  void find_place(Figure& figure) const {
    for (const auto& hit : reading_.places) {
      if (hit.begin < reading_.sentences[figure.sentence].begin) continue;
      if (hit.begin >= figure.begin) break;
      if (index_in(segments_, hit.begin) != figure.segment) continue;
      figure.place = static_cast<std::int16_t>(hit.entry);
    }
  }

  const Lexicon& lexicon_;
  Reading reading_;
  std::string_view text_;
  RowUnits row_;
  std::vector<std::size_t> segments_;
  std::vector<std::size_t> clauses_;
};

}  // namespace

const char* name_of(Period period) {
  constexpr std::array<const char*, 5> names{"unstated", "year", "month", "day", "total"};
  return names[static_cast<std::size_t>(period)];
}

std::vector<std::string_view> cells_of(std::string_view row) {
  std::vector<std::string_view> cells;
  for (std::size_t at = 0; at + 1 < row.size();) {
    const auto next = std::min(row.find('|', at + 1), row.size());
    cells.push_back(row.substr(at + 1, next - at - 1));
    at = next;
  }
  return cells;
}

std::size_t column_of(std::string_view row, std::size_t byte) {
  const auto before = row.substr(0, byte);
  return static_cast<std::size_t>(std::count(before.begin(), before.end(), '|') - 1);
}

std::span<const WordHit> Reading::things_at(std::size_t at) const {
  const auto first =
      std::lower_bound(things.begin(), things.end(), at,
                       [](const WordHit& hit, std::size_t place) { return hit.begin < place; });
  auto last = first;
  while (last != things.end() && last->begin == at) ++last;
  return {first, last};
}

bool Reading::marker_between(Marker marker, std::size_t begin, std::size_t end) const {
  return std::any_of(markers.begin(), markers.end(), [&](const WordHit& hit) {
    return static_cast<Marker>(hit.entry) == marker && hit.begin >= begin && hit.end <= end;
  });
}

Reading read_paragraph(std::string_view text, std::string_view heading, const Lexicon& lexicon) {
  return ParagraphReader{text, heading, lexicon}.read();
}

}  // namespace partake::claims
