// From a paragraph to its figures. Each step is small and looks only at the clause or sentence.

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "claims/figure.h"
#include "claims/per_words.h"
#include "claims/period_words.h"

namespace partake::claims {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

bool starts(std::string_view text, std::size_t at, std::string_view word) {
  return at <= text.size() && text.substr(at).starts_with(word);
}

template <std::size_t size>
std::size_t any_of(std::string_view text, std::size_t at,
                   const std::array<std::string_view, size>& words) {
  for (const auto word : words) {
    if (starts(text, at, word)) return word.size();
  }
  return 0;
}

constexpr std::array<std::string_view, 4> chinese_stops{"。", "！", "？", "…"};
constexpr std::array<std::string_view, 4> segment_marks{"；", ";", "。", "！"};
constexpr std::array<std::string_view, 8> clause_marks{"，", ",", "；", ";", "：", "（", "(", "。"};

// A full stop ends a sentence before a space and a capital or at the end: not in 3.5 or "No. 28".
bool latin_stop(std::string_view text, std::size_t at) {
  if (text[at] != '.' && text[at] != '!' && text[at] != '?') return false;
  if (at + 1 >= text.size()) return true;
  if (text[at + 1] != ' ' && text[at + 1] != '"') return false;
  if (at + 2 < text.size() && text[at + 2] >= 'a' && text[at + 2] <= 'z') return false;
  for (const std::string_view word :
       {"No", "Mr", "Dr", "Ms", "Inc", "Ltd", "Co", "vs", "approx", "St", "U.S"}) {
    if (text.substr(0, at).ends_with(word)) return false;
  }
  return true;
}

class ParagraphReader {
 public:
  ParagraphReader(std::string_view text, std::string_view heading, const Lexicon& lexicon)
      : lexicon_{lexicon} {
    reading_.text = text;
    text_ = reading_.text;
    read_heading(heading);
  }

  Reading read() {
    split();
    reading_.things = lexicon_.thing_words().all(text_);
    reading_.markers = lexicon_.marker_words().all(text_);
    reading_.places = lexicon_.place_words().all(text_);
    scan();
    lend_units();
    for (std::size_t i = 0; i < reading_.figures.size(); ++i) {
      find_thing(i);
      fall_back(reading_.figures[i]);
      if (!reading_.figures[i].per.stated()) {
        find_per(reading_, i, clause_begin(reading_.figures[i].clause), lexicon_);
      }
      find_marks(i);
    }
    for (std::size_t i = 0; i < reading_.figures.size(); ++i) find_period(i);
    for (std::size_t i = 0; i < reading_.figures.size(); ++i) find_time_and_place(i);
    return std::move(reading_);
  }

 private:
  // Sentences, segments and clauses, each as the ends in bytes, ascending.
  void split() {
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text_.size(); at += character_size(text_, at)) {
      const auto chinese = any_of(text_, at, chinese_stops);
      if (any_of(text_, at, segment_marks) > 0) segments_.push_back(at);
      // A comma within a number parts nothing.
      const bool in_number = text_[at] == ',' && at > 0 && at + 1 < text_.size() &&
                             is_digit(text_[at - 1]) && is_digit(text_[at + 1]);
      if (!in_number && any_of(text_, at, clause_marks) > 0) clauses_.push_back(at);
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
  std::size_t clause_begin(std::uint32_t clause) const {
    return clause == 0 ? 0 : clauses_[clause - 1];
  }
  std::size_t clause_end(std::uint32_t clause) const {
    return clause < clauses_.size() ? clauses_[clause] : text_.size();
  }

  bool may_begin(std::size_t at) const {
    const char letter = text_[at];
    if (is_digit(letter)) {
      if (at == 0) return true;
      const char before = text_[at - 1];
      if (is_digit(before) || is_latin(before) || before == '.' || before == '+') return false;
      // COP-15, GB/T 2589-2020, 1+10.
      if (before == '-' && at > 1 && (is_latin(text_[at - 2]) || is_digit(text_[at - 2]))) {
        return false;
      }
      return before != '/' || at < 2 || !is_latin(text_[at - 2]);
    }
    if (letter > 0) return is_latin(letter) && (at == 0 || !is_latin(text_[at - 1]));
    for (const std::string_view sign : {"一", "二", "两", "三", "四", "五", "六", "七", "八", "九",
                                        "十", "百", "千", "万", "亿", "半", "数", "上", "近半"}) {
      if (starts(text_, at, sign)) return true;
    }
    return false;
  }

  // A number that only names something: 第40条, No. 28, 5G, 20世纪, 8月, 1+N.
  bool is_name(const Number& number) const {
    const auto lead = text_.substr(0, number.digits);
    if (lead.ends_with("第") || lead.ends_with("No. ") || lead.ends_with("No.") ||
        lead.ends_with("〔") || lead.ends_with("“十") || lead.ends_with("十")) {
      return true;
    }
    const auto end = number.end;
    if (starts(text_, end, "世纪") || starts(text_, end, "年代") || starts(text_, end, "月") ||
        starts(text_, end, "号") || starts(text_, end, "〕") || starts(text_, end, "+")) {
      return true;
    }
    if (lead.ends_with("月")) return true;
    for (const std::string_view month :
         {"January ", "February ", "March ", "April ", "May ", "June ", "July ", "August ",
          "September ", "October ", "November ", "December "}) {
      if (lead.ends_with(month) && number.value.exponent == 0 && number.value.mantissa <= 31) {
        return true;
      }
    }
    return false;
  }

  static bool is_year(const Decimal& value) {
    return value.exponent == 0 && value.mantissa >= 1900 && value.mantissa < 2200;
  }

  // 2018年, 2014—2016年, in 2018. True when the number is a year and was taken.
  bool take_year(const Number& number) {
    if (number.in_words || number.multiple > 0 || !is_year(number.value)) return false;
    if (is_row(text_) && !starts(text_, number.end, "年") && number.begin > text_.find('|', 1)) {
      Figure cell;
      cell.begin = static_cast<std::uint32_t>(number.begin);
      if (cell_of(cell) != nullptr) return false;
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
      if (noun_after(number.end, 2) != none) return false;
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

  // The thing that a noun within `words` words after `at` names; none at a stop before.
  std::int16_t noun_after(std::size_t at, int words) const {
    for (int i = 0; i < words; ++i) {
      while (at < text_.size() && text_[at] == ' ') ++at;
      if (at >= text_.size() || !is_latin(text_[at])) return none;
      for (const auto& hit : hits_at(at)) {
        const auto& thing = lexicon_.things()[hit.entry];
        if (thing.stated_in(Measure::count)) return static_cast<std::int16_t>(hit.entry);
      }
      auto end = at;
      while (end < text_.size() && (is_latin(text_[end]) || text_[end] == '-')) {
        // "85 e-buses": the noun may follow a hyphen.
        if (text_[end++] != '-') continue;
        for (const auto& hit : hits_at(end)) {
          if (lexicon_.things()[hit.entry].stated_in(Measure::count)) {
            return static_cast<std::int16_t>(hit.entry);
          }
        }
      }
      for (const std::string_view stop :
           {"in",  "at",   "by", "for", "to",   "with", "than", "from", "per", "which", "that",
            "are", "were", "is", "was", "have", "has",  "on",   "into", "as",  "a"}) {
        if (text_.substr(at, end - at) == stop) return none;
      }
      at = end;
    }
    return none;
  }
  std::span<const WordHit> hits_at(std::size_t at) const { return reading_.things_at(at); }

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

  // A mere number in the unit of another: "from 178 to 104 kBtu", "gas (4,120 t), electricity
  // (2,380)", the cells of a row that names its unit.
  void lend_units() {
    for (std::size_t i = 0; i < reading_.figures.size(); ++i) {
      auto& figure = reading_.figures[i];
      const bool is_mere = figure.unit == none && figure.thing == none &&
                           (figure.measure == Measure::bare || figure.measure == Measure::count);
      if (!is_mere || figure.number.in_words) continue;
      if (const auto* cell = cell_of(figure)) {
        take_cell(figure, *cell);
        continue;
      }
      if (const auto lender = lender_of(i)) take_unit(figure, lender->unit, 0);
    }
  }
  const Figure* lender_of(std::size_t index) const {
    const auto& figures = reading_.figures;
    const auto& figure = figures[index];
    if (index + 1 < figures.size()) {
      const auto& next = figures[index + 1];
      const auto gap =
          text_.substr(figure.end, next.begin > figure.end ? next.begin - figure.end : 0);
      constexpr std::array<std::string_view, 11> goes_to{
          " to ", "到", "至", "降到", "降至", "降为", "升到", "升至", "增至", "增加到", "提高到"};
      const bool lends = next.unit != none && next.measure != Measure::time &&
                         next.measure != Measure::ratio && next.sentence == figure.sentence;
      if (lends && std::find(goes_to.begin(), goes_to.end(), gap) != goes_to.end()) return &next;
    }
    if (!is_in_brackets(figure)) return nullptr;
    for (auto i = index; i-- > 0 && figures[i].sentence == figure.sentence;) {
      if (figures[i].unit != none && is_in_brackets(figures[i])) return &figures[i];
    }
    return nullptr;
  }
  bool is_in_brackets(const Figure& figure) const {
    const auto before = text_.substr(0, figure.begin);
    const auto after = text_.substr(figure.end);
    return (before.ends_with("(") || before.ends_with("（")) &&
           (after.starts_with(")") || after.starts_with("）"));
  }
  void take_unit(Figure& figure, std::int16_t unit, int power_of_ten) const {
    const auto& entry = lexicon_.units()[static_cast<std::size_t>(unit)];
    auto number = figure.number;
    number.value.exponent += power_of_ten;
    if (number.upper) number.upper->exponent += power_of_ten;
    const auto spread = spread_of(number);
    figure.unit = unit;
    const auto scaled = spread ? scale(*spread, figure) : std::nullopt;
    if (!scaled) {
      figure.unit = none;
      return;
    }
    figure.measure = entry.measure;
    figure.thing = entry.thing;
    figure.set(*scaled);
  }
  // （万千瓦时/平方米）: the unit that a row or a column names for its cells.
  struct Cell {
    std::int16_t unit = none;
    std::int16_t per = none;
    int power_of_ten = 0;
  };
  Cell cell_unit(std::string_view cell) const {
    const auto chinese = cell.rfind("（");
    const auto open = chinese == std::string_view::npos ? cell.rfind('(') : chinese;
    if (open == std::string_view::npos) return {};
    auto name = cell.substr(open + character_size(cell, open));
    Cell named;
    for (const auto& [word, power] : {std::pair<std::string_view, int>{"万", 4}, {"亿", 8}}) {
      if (!name.starts_with(word)) continue;
      name.remove_prefix(word.size());
      named.power_of_ten = power;
    }
    const auto take = [&]() -> std::int16_t {
      const auto unit = lexicon_.unit_words().longest(name, 0);
      if (unit.length == 0 || unit.entries->front() >= Lexicon::counter_base) return none;
      name.remove_prefix(unit.length);
      return static_cast<std::int16_t>(unit.entries->front());
    };
    named.unit = take();
    if (named.unit != none && name.starts_with("/")) {
      name.remove_prefix(1);
      named.per = take();
      if (named.per == none) return {};
    }
    return name.starts_with("）") || name.starts_with(")") ? named : Cell{};
  }
  // Of a row of a table: what its first cell names, and what the heading of each column does.
  void read_heading(std::string_view heading) {
    if (!is_row(text_)) return;
    reading_.heading = heading;
    const auto own = cells_of(text_);
    if (!own.empty()) row_ = cell_unit(own.front());
    for (const auto cell : cells_of(heading)) columns_.push_back(cell_unit(cell));
  }
  const Cell* cell_of(const Figure& figure) const {
    if (!is_row(text_)) return nullptr;
    const auto column =
        static_cast<std::size_t>(std::count(text_.begin(), text_.begin() + figure.begin, '|') - 1);
    if (column == 0) return nullptr;
    if (row_.unit != none) return &row_;
    if (column < columns_.size() && columns_[column].unit != none) return &columns_[column];
    return nullptr;
  }
  void take_cell(Figure& figure, const Cell& cell) const {
    take_unit(figure, cell.unit, cell.power_of_ten);
    if (figure.unit == none || cell.per == none) return;
    const auto& unit = lexicon_.units()[static_cast<std::size_t>(cell.per)];
    const auto low = figure.si.low.over(unit.to_si);
    const auto value = figure.si.value.over(unit.to_si);
    const auto high = figure.si.high.over(unit.to_si);
    if (!low || !value || !high) return;
    figure.set({*low, *value, *high});
    figure.per = {unit.measure, cell.per, unit.thing};
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
    if (is_name(number)) {
      return number.in_words ? number.digits + character_size(text_, number.digits) : number.end;
    }
    if (take_year(number)) return reading_.years.back().end;
    Figure figure;
    figure.number = number;
    figure.begin = static_cast<std::uint32_t>(number.begin);
    auto end = number.end;
    auto unit_begin = end;
    while (unit_begin < text_.size() && text_[unit_begin] == ' ') ++unit_begin;
    if (starts(text_, unit_begin, "-")) ++unit_begin;  // "a 100-megawatt plant"
    if (starts(text_, unit_begin, "of ") && number.in_words) unit_begin += 3;
    auto unit = unit_at(unit_begin);
    if (const auto currency = currency_before(number); currency != none) {
      unit = {};
      unit.end = end;
      unit.unit = currency;
      unit.measure = Measure::money;
    }
    // 余 and 多 may also follow the unit's number: "650万余吨" is read; "户余" is not.
    if (unit.end > 0) {
      figure.unit = unit.unit;
      figure.measure = unit.measure;
      figure.thing = unit.thing;
      end = unit.end;
    } else if (number.is_fraction) {
      figure.measure = Measure::ratio;
    } else if (const auto noun = noun_after(number.end, 5); noun != none) {
      figure.measure = Measure::count;
      figure.thing = noun;
    } else if (const auto noun_here = noun_glued(number.end); noun_here != none) {
      figure.measure = Measure::count;
      figure.thing = noun_here;
    } else if (const auto noun_before = noun_named(number); noun_before != none) {
      figure.measure = Measure::count;
      figure.thing = noun_before;
    }
    if (figure.measure == Measure::ratio && figure.unit == none && !number.is_fraction) {
      figure.measure = Measure::bare;
    }
    if (figure.measure == Measure::bare && is_number_of_things(number)) {
      figure.measure = Measure::count;
    }
    if (!is_wanted(figure, end)) {
      return number.in_words ? number.digits + character_size(text_, number.digits) : number.end;
    }
    for (const std::string_view after : {"以上", "左右", "以下", "以内", "余", "多"}) {
      if (!starts(text_, end, after)) continue;
      if (figure.number.hedge == Hedge::exact) {
        figure.number.hedge = after == "以上"                      ? Hedge::at_least
                              : after == "左右"                    ? Hedge::about
                              : after == "以下" || after == "以内" ? Hedge::at_most
                                                                   : Hedge::over;
      }
      end += after.size();
      break;
    }
    const auto spread = spread_of(figure.number);
    const auto scaled = spread ? scale(*spread, figure) : std::nullopt;
    if (!scaled) {
      ++reading_.unread_numbers;
      return number.end;
    }
    figure.set(*scaled);
    figure.end = static_cast<std::uint32_t>(end);
    figure.sentence = sentence_of(number.digits);
    figure.segment = index_in(segments_, number.digits);
    figure.clause = index_in(clauses_, number.digits);
    figure.text = std::string{text_.substr(figure.begin, figure.end - figure.begin)};
    reading_.figures.push_back(std::move(figure));
    return end;
  }

  // A Chinese noun right after the number, or a word of two characters further: 5000志愿者,
  // 1020万常住人口.
  std::int16_t noun_glued(std::size_t at) const {
    constexpr int characters_between_max = 2;
    for (int i = 0; i <= characters_between_max; ++i) {
      if (at >= text_.size() || text_[at] > 0 || any_of(text_, at, clause_marks) > 0 ||
          starts(text_, at, "、")) {
        return none;
      }
      for (const auto& hit : hits_at(at)) {
        if (lexicon_.things()[hit.entry].stated_in(Measure::count)) {
          return static_cast<std::int16_t>(hit.entry);
        }
      }
      at += character_size(text_, at);
    }
    return none;
  }

  // "人口超过2000万，": a count whose noun stands before it, with nothing else between.
  std::int16_t noun_named(const Number& number) const {
    if (number.in_words || number.multiple == 0) return none;
    constexpr std::size_t near = 12;
    for (auto hit = reading_.things.rbegin(); hit != reading_.things.rend(); ++hit) {
      if (hit->end > number.begin) continue;
      if (hit->end + near < number.begin) return none;
      const auto& thing = lexicon_.things()[hit->entry];
      return thing.stated_in(Measure::count) ? static_cast<std::int16_t>(hit->entry) : none;
    }
    return none;
  }

  // "5,400 stoves", "28 million": so many of something, though the lexicon has no word for it.
  bool is_number_of_things(const Number& number) const {
    const double value = to_double(number.value);
    const bool grouped =
        text_.substr(number.digits, number.end - number.digits).find(',') != std::string_view::npos;
    if (!number.in_words && value >= 1000 && (grouped || number.multiple >= 6)) return true;
    if (value < 2 || value != std::floor(value) || !starts(text_, number.end, " ")) return false;
    const auto at = number.end + 1;
    auto end = at;
    while (end < text_.size() && text_[end] >= 'a' && text_[end] <= 'z') ++end;
    if (end < at + 3) return false;
    const auto word = text_.substr(at, end - at);
    // "four measures: …" announces a list; other numbers in words seldom count what matters.
    if (number.in_words) {
      const auto rest = text_.substr(end).substr(0, 20);
      return value <= 12 && word.ends_with("s") &&
             rest.substr(0, rest.find_first_of(",.;")).find(": ") != std::string_view::npos;
    }
    for (const std::string_view stop :
         {"and",   "for",  "the",   "with",  "than",   "from",   "per",     "that",
          "are",   "were", "was",   "have",  "has",    "into",   "which",   "when",
          "while", "but",  "over",  "under", "after",  "before", "percent", "times",
          "out",   "off",  "above", "below", "against"}) {
      if (word == stop) return false;
    }
    return true;
  }

  bool is_wanted(const Figure& figure, std::size_t end) const {
    const auto& number = figure.number;
    // （万千瓦时）, /千立方米: a unit by itself.
    const auto lead = text_.substr(0, number.begin);
    const bool is_mere_unit = number.in_words && number.value.mantissa == 1 &&
                              (lead.ends_with("（") || lead.ends_with("(") || lead.ends_with("/"));
    if (is_mere_unit) return false;
    if (number.digits > 0 && is_digit(text_[number.digits]) && figure.measure == Measure::bare) {
      // Without a unit: only where an indicator is named before it (PUE 1.55).
      if (end < text_.size() && is_latin(text_[end])) return false;
      return true;
    }
    if (figure.measure == Measure::bare) return false;
    if (number.in_words && !number.is_fraction) {
      const bool one = number.value.mantissa == 1 && number.multiple == 0;
      // 一吨废纸 and one tonne are amounts; 一次, 一度 and 一年 seldom are.
      if (one) return figure.measure == Measure::mass || figure.measure == Measure::area;
      // 三位一体, 四方协作: a few and a word that is rarely a unit there.
      const bool few = number.multiple == 0 && number.value.mantissa < 20;
      if (few && (figure.measure == Measure::volume || figure.measure == Measure::energy ||
                  starts(text_, end, "一体"))) {
        return false;
      }
      if (figure.measure == Measure::count) {
        return number.multiple > 0 ? number.hedge != Hedge::exact || number.value.mantissa != 1
                                   : number.value.mantissa >= 3;
      }
      if (figure.measure == Measure::time && number.multiple > 0) return false;
    }
    // 5G, 4A级: letters that are no unit.
    return true;
  }

  std::optional<Spread> scale(const Spread& spread, const Figure& figure) const {
    if (figure.number.is_fraction || figure.unit == none) return spread;
    const auto& ratio = lexicon_.units()[static_cast<std::size_t>(figure.unit)].to_si;
    const auto low = spread.low.times(ratio);
    const auto value = spread.value.times(ratio);
    const auto high = spread.high.times(ratio);
    if (!low || !value || !high) return std::nullopt;
    return Spread{*low, *value, *high};
  }

  // What is counted: beside the number, else the last word before it, else before that.
  void find_thing(std::size_t index) {
    auto& figure = reading_.figures[index];
    const bool by_counter = figure.measure == Measure::count && figure.unit == none;
    const auto own = figure.thing;
    if (own != none && !by_counter) {
      figure.thing_is_near = true;
      return;
    }
    const auto fits = [&](std::uint16_t entry) {
      return lexicon_.things()[entry].stated_in(figure.measure);
    };
    // 1. Right after: "16亿升柴油", "2000万棵树", "120 tons of carbon dioxide".
    auto after = static_cast<std::size_t>(figure.end);
    for (const std::string_view word : {" of ", " worth of ", " the ", " ", "的"}) {
      if (starts(text_, after, word)) {
        after += word.size();
        if (starts(text_, after, "the ")) after += 4;
        break;
      }
    }
    for (const auto& hit : hits_at(after)) {
      if (!fits(hit.entry)) continue;
      // 5200户居民 are households.
      if (by_counter && text_.substr(0, figure.end).ends_with("户")) break;
      // A longer phrase may end in the real noun: 塑料垃圾 is one word of the lexicon then.
      figure.thing = static_cast<std::int16_t>(hit.entry);
      figure.thing_is_near = true;
      return;
    }
    const auto next_begin = index + 1 < reading_.figures.size()
                                ? static_cast<std::size_t>(reading_.figures[index + 1].begin)
                                : text_.size();
    const auto last_end =
        index > 0 ? static_cast<std::size_t>(reading_.figures[index - 1].end) : std::size_t{0};
    const auto here = clause_begin(figure.clause);
    const auto lead = std::max(here, last_end);
    const auto tail = std::min(clause_end(figure.clause), next_begin);
    // Counted things: the noun that ends the phrase after the classifier (60多家公交企业).
    if (by_counter) {
      std::int16_t found = none;
      const auto limit = std::min(tail, figure.end + std::size_t{36});
      for (const auto& hit : reading_.things) {
        if (hit.begin < figure.end || hit.begin >= limit) continue;
        const bool gap =
            text_.substr(figure.end, hit.begin - figure.end).find("、") != std::string_view::npos;
        if (gap) break;
        if (fits(hit.entry) &&
            (own == none || lexicon_.is(static_cast<std::int16_t>(hit.entry), own))) {
          found = static_cast<std::int16_t>(hit.entry);
        }
      }
      if (found != none) {
        figure.thing = found;
        figure.thing_is_near = true;
        return;
      }
    }
    // 2. The last word before it in its clause.
    const auto last_before = [&](std::size_t from, std::size_t to) {
      std::int16_t found = none;
      for (const auto& hit : reading_.things) {
        if (hit.begin >= to) break;
        if (hit.begin < from || !fits(hit.entry)) continue;
        if (by_counter && own != none && !lexicon_.is(static_cast<std::int16_t>(hit.entry), own)) {
          continue;
        }
        found = static_cast<std::int16_t>(hit.entry);
      }
      return found;
    };
    if (const auto found = last_before(lead, figure.begin); found != none) {
      figure.thing = found;
      figure.thing_is_near = true;
      return;
    }
    // 3. Anywhere after it in its clause.
    if (!by_counter) {
      for (const auto& hit : reading_.things) {
        if (hit.begin < figure.end || hit.begin >= tail || !fits(hit.entry)) continue;
        figure.thing = static_cast<std::int16_t>(hit.entry);
        figure.thing_is_near = true;
        return;
      }
    }
    if (own != none) {
      figure.thing_is_near = true;
      return;
    }
    // 4. Before, in its sentence; between equal units in a list the earlier thing goes on.
    const auto sentence = reading_.sentences[figure.sentence].begin;
    if (const auto found = last_before(std::max<std::size_t>(sentence, last_end), figure.begin);
        found != none) {
      figure.thing = found;
      return;
    }
    if (const auto found = last_before(sentence, figure.begin); found != none) {
      figure.thing = found;
    }
  }

  // Kilowatt hours of which nothing else is said are electricity; so are those of "energy".
  void fall_back(Figure& figure) const {
    if (figure.unit == none) return;
    const auto fallback = lexicon_.units()[static_cast<std::size_t>(figure.unit)].fallback;
    if (fallback == none) return;
    const bool vague =
        figure.thing == none ||
        lexicon_.things()[static_cast<std::size_t>(figure.thing)].stated_in(Measure::volume);
    if (!vague) return;
    figure.thing = fallback;
    figure.thing_is_near = true;
  }

  void find_marks(std::size_t index) {
    auto& figure = reading_.figures[index];
    const auto last_end =
        index > 0 ? static_cast<std::size_t>(reading_.figures[index - 1].end) : std::size_t{0};
    const auto lead = std::max(clause_begin(figure.clause), last_end);
    for (const auto& hit : reading_.markers) {
      if (hit.begin >= figure.number.digits) break;
      if (hit.begin >= lead && hit.end <= figure.number.digits) figure.marks.set(hit.entry);
    }
    for (const std::string_view after : {" in total", " in all", " altogether"}) {
      if (starts(text_, figure.end, after)) figure.marks.set(static_cast<std::size_t>(Marker::sum));
    }
  }

  void find_period(std::size_t index) {
    auto& figure = reading_.figures[index];
    if (figure.measure == Measure::time || figure.period != Period::unstated) return;
    const auto last_end = index > 0 && reading_.figures[index - 1].sentence == figure.sentence
                              ? static_cast<std::size_t>(reading_.figures[index - 1].end)
                              : static_cast<std::size_t>(reading_.sentences[figure.sentence].begin);
    const auto period_of = [](Marker marker) {
      switch (marker) {
        case Marker::annual:
          return Period::year;
        case Marker::daily:
          return Period::day;
        case Marker::monthly:
          return Period::month;
        case Marker::cumulative:
          return Period::total;
        default:
          return Period::unstated;
      }
    };
    // After it, before the clause ends or the next figure: "tonnes per year", "使用一年".
    const auto tail = std::min(clause_end(figure.clause),
                               index + 1 < reading_.figures.size()
                                   ? static_cast<std::size_t>(reading_.figures[index + 1].begin)
                                   : text_.size());
    Period before = Period::unstated;
    Period after = Period::unstated;
    std::size_t before_at = 0;
    for (const auto& hit : reading_.markers) {
      const auto period = period_of(static_cast<Marker>(hit.entry));
      if (period == Period::unstated) continue;
      if (hit.begin >= last_end && hit.end <= figure.begin) {
        before = period;
        before_at = hit.begin;
      }
      if (hit.begin >= figure.end && hit.end <= tail && after == Period::unstated) after = period;
    }
    const auto [glued, glued_at] =
        glued_period(text_, std::max(last_end, clause_begin(figure.clause)), figure.begin);
    if (before == Period::unstated) before = glued;
    if (glued != Period::unstated && (before == Period::total || glued_at > before_at + 3)) {
      before = glued;
    }
    const bool latin = figure.end < text_.size() && text_[figure.end] == ' ';
    figure.period = latin && after != Period::unstated ? after
                    : before != Period::unstated       ? before
                                                       : after;
    figure.period_is_own = figure.period != Period::unstated;
    if (figure.period_is_own || index == 0) return;
    // A list goes on in the period of the figure before it.
    const auto& last = reading_.figures[index - 1];
    if (last.sentence == figure.sentence && last.segment == figure.segment &&
        last.period != Period::day && last.period != Period::month) {
      figure.period = last.period;
      figure.years = last.years;
    }
  }

  void find_time_and_place(std::size_t index) {
    auto& figure = reading_.figures[index];
    const YearMention* first = nullptr;
    const YearMention* last = nullptr;
    for (const auto& year : reading_.years) {
      if (year.sentence != figure.sentence || year.at > figure.begin) continue;
      if (first == nullptr) first = &year;
      last = &year;
    }
    if (last != nullptr) figure.year = last->to;
    const bool total = figure.period == Period::total || figure.period == Period::unstated;
    if (total && first != nullptr) {
      const int span = last->to - first->from;
      const auto between = text_.substr(first->at, last->end - first->at);
      const bool spanned = first != last && (between.find("至") != std::string_view::npos ||
                                             between.find("到") != std::string_view::npos ||
                                             between.find(" to ") != std::string_view::npos);
      if (span > 0 && spanned) figure.years = span;
    }
    if (figure.period == Period::unstated && first != nullptr && first == last &&
        first->from == first->to && !text_.substr(first->end).starts_with("年") &&
        !is_as_of(text_, *first)) {
      // 2021年，…减少…2.28万吨: of that year.
      figure.period = Period::year;
    }
    // "6年来已累计", "首期五年产生": a stretch of years before a total.
    if (total && figure.measure != Measure::time) {
      for (std::size_t i = index; i-- > 0;) {
        const auto& other = reading_.figures[i];
        if (other.sentence != figure.sentence) break;
        if (other.measure != Measure::time) continue;
        const double years = other.real.value / (365.0 * 86400);
        if (years < 1 || years > 60) continue;
        const auto between =
            text_.substr(other.end, figure.begin > other.end ? figure.begin - other.end : 0);
        const bool last_term = text_.substr(0, other.begin).ends_with("首期") ||
                               text_.substr(0, other.begin).ends_with("第一期") ||
                               text_.substr(0, other.end).ends_with("来") ||
                               text_.substr(0, other.begin).ends_with("over ") ||
                               text_.substr(0, other.begin).ends_with("in ");
        if (last_term && between.find("。") == std::string_view::npos) {
          figure.years = years;
          figure.period = Period::total;
        }
        break;
      }
    }
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
  Cell row_;
  std::vector<Cell> columns_;
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
