#include "claims/per_words.h"

#include <algorithm>
#include <array>

#include "claims/text_at.h"

namespace partake::claims {
namespace {

class PerReader {
 public:
  PerReader(Reading& reading, const Lexicon& lexicon)
      : lexicon_{lexicon}, reading_{reading}, text_{reading.text} {}

  void find(std::size_t index, std::size_t clause) {
    auto& figure = reading_.figures[index];
    const auto last_end =
        index > 0 ? static_cast<std::size_t>(reading_.figures[index - 1].end) : std::size_t{0};
    const auto lead = std::max(clause, last_end);
    if (stands_after(figure) || is_for_each(figure) || stands_before(index, lead, last_end) ||
        is_size(index) || is_of_one(figure, lead) || is_average(figure, lead)) {
      return;
    }
    is_of_each(index);
  }

 private:
  // "/亩", "per hectare", "2.6 kg of CO2 per litre", "2.9 tonnes to the hectare".
  bool stands_after(Figure& figure) {
    auto after = static_cast<std::size_t>(figure.end);
    if (starts(text_, after, " of ")) {
      for (const auto& hit : reading_.things_at(after + 4)) after = hit.end;
      if (after == figure.end || !starts(text_, after, " per ")) after = figure.end;
    }
    for (const std::string_view word :
         {"/", " per ", " / ", " for each ", " for every ", " a ", " an ", " each "}) {
      if (!starts(text_, after, word)) continue;
      if (set_per(figure, after + word.size(), true) && figure.per.stated()) return true;
      break;
    }
    if (is_per_something(figure)) return true;
    for (const std::string_view word :
         {" to the ", " to a ", " to an ", " to each ", " to every "}) {
      if (!starts(text_, figure.end, word) || !is_unit_at(figure.end + word.size())) continue;
      if (set_per(figure, figure.end + word.size(), true) && figure.per.stated()) return true;
    }
    for (const std::string_view word : {" per capita", " per head", " per person"}) {
      if (!starts(text_, figure.end, word)) continue;
      set_per_word(figure, "人");
      return true;
    }
    return false;
  }
  // "58 litres per connection": of what the lexicon has no word for.
  bool is_per_something(Figure& figure) const {
    if (!starts(text_, figure.end, " per ") || figure.measure == Measure::ratio) return false;
    const auto at = figure.end + std::size_t{5};
    auto end = at;
    while (end < text_.size() && text_[end] >= 'a' && text_[end] <= 'z') ++end;
    const auto word = text_.substr(at, end - at);
    const auto unit = lexicon_.unit_words().longest(text_, at);
    if (word.size() < 3 || word == "cent" || word == "annum" || word == "diem" ||
        word == "capita" || word == "head" || word == "person" || unit.length > 0) {
      return false;
    }
    figure.per = {Measure::count, none, none};
    return true;
  }
  // An amount of something, or households: what things are seldom brought to.
  bool is_unit_at(std::size_t at) const {
    const auto unit = lexicon_.unit_words().longest(text_, at);
    if (unit.length > 0 && unit.entries->front() < Lexicon::counter_base) {
      const auto measure = lexicon_.units()[unit.entries->front()].measure;
      return measure == Measure::area || measure == Measure::volume || measure == Measure::mass;
    }
    const auto things = reading_.things_at(at);
    return std::any_of(things.begin(), things.end(), [&](const WordHit& hit) {
      return lexicon_.is(static_cast<std::int16_t>(hit.entry), lexicon_.thing("household"));
    });
  }

  // "300 kg each", "$3,000 to each of 2,500 households": of what is counted beside it.
  bool is_for_each(Figure& figure) const {
    if (figure.measure == Measure::count || figure.measure == Measure::ratio) return false;
    for (const std::string_view word : {" each", " apiece", " to each of", " for each of"}) {
      const auto end = figure.end + word.size();
      if (!starts(text_, figure.end, word) || (end < text_.size() && is_latin(text_[end]))) {
        continue;
      }
      figure.per = {Measure::count, none, none};
      return true;
    }
    return false;
  }

  // 每X before: the last in the clause.
  bool stands_before(std::size_t index, std::size_t lead, std::size_t last_end) {
    auto& figure = reading_.figures[index];
    return std::any_of(reading_.markers.rbegin(), reading_.markers.rend(), [&](const WordHit& hit) {
      if (hit.end > figure.begin || hit.begin < lead) return false;
      // "504 kg per capita": of the figure before.
      if (index > 0 && is_latin(text_[hit.begin]) && hit.begin <= last_end + 1) return false;
      return static_cast<Marker>(hit.entry) == Marker::each && set_by_marker(figure, hit);
    });
  }
  bool set_by_marker(Figure& figure, const WordHit& hit) {
    const auto word = text_.substr(hit.begin, hit.end - hit.begin);
    if (word == "亩均" || word.ends_with("亩产")) return set_per_word(figure, "亩");
    if (word == "户均" && set_per_word(figure, "户")) return true;
    if (word.starts_with("单") && word.size() == 6 && !word.ends_with("个") &&
        !word.ends_with("位")) {
      // 单桩, 单店: one of a thing that the next word need not repeat.
      figure.per = {Measure::count, none, none};
      for (const auto& thing : reading_.things_at(hit.begin + 3)) {
        figure.per.thing = static_cast<std::int16_t>(thing.entry);
      }
      return true;
    }
    if (word.starts_with("单车") || word.starts_with("车")) {
      if (set_per_word(figure, "辆")) return true;
    } else if (word == "每车" || word == "每站" || word == "每店" || word == "每校") {
      figure.per = {Measure::count, none, none};
      return true;
    } else if (word == "人均" || word == "per capita") {
      if (set_per_word(figure, "人")) return true;
    }
    // The word may be a unit as a whole: 百公里电耗, 吨水电耗.
    if (const auto whole = lexicon_.unit_words().longest(text_, hit.begin);
        whole.length == word.size() && apply_per(figure, whole.entries->front(), none)) {
      return true;
    }
    // The word itself may hold the unit: 每亩, 每平方米; or only 每, 单个, and the noun follows.
    for (std::size_t at = hit.begin; at < hit.end; at += character_size(text_, at)) {
      if (at > hit.begin && set_per(figure, at, false)) return true;
    }
    return set_per(figure, hit.end, false);
  }

  // "33台1.5兆瓦机组", "40 buses of 12 m": the size of each.
  bool is_size(std::size_t index) {
    auto& figure = reading_.figures[index];
    if (index == 0 || figure.measure == Measure::count || figure.measure == Measure::ratio) {
      return false;
    }
    const auto& counted = reading_.figures[index - 1];
    if (counted.measure != Measure::count || counted.end != figure.begin) return false;
    figure.per = {Measure::count, none, counted.thing};
    return true;
  }

  // "按一辆小车一年2.7吨计算": one of them, as 每辆.
  bool is_of_one(Figure& figure, std::size_t lead) {
    if (figure.measure == Measure::count) return false;
    for (std::size_t at = lead; at < figure.number.digits; at += character_size(text_, at)) {
      if (!starts(text_, at, "一")) continue;
      const auto match = lexicon_.unit_words().longest(text_, at + 3);
      if (match.length == 0 || match.entries->front() <= Lexicon::counter_base) continue;
      if (set_per(figure, at + 3, false)) return true;
    }
    return false;
  }

  // An average of something that is not said: no amount of the whole.
  bool is_average(Figure& figure, std::size_t lead) const {
    const auto own_lead = text_.substr(lead, figure.number.digits - lead);
    for (const std::string_view word : {"平均", "average", "typical"}) {
      const auto at = own_lead.rfind(word);
      if (at == std::string_view::npos) continue;
      const auto rest = own_lead.substr(at + word.size());
      const auto before = own_lead.substr(0, at);
      constexpr std::array<std::string_view, 6> periods{"每年",  "每天", "每月",
                                                        " year", " day", "年"};
      const bool of_time =
          before.ends_with("年") || before.ends_with("日") ||
          std::any_of(periods.begin(), periods.end(),
                      [&](std::string_view period) { return rest.starts_with(period); });
      if (!of_time) figure.per = {Measure::times, none, none};
      return true;
    }
    return false;
  }

  // "Each of the 40 schools saves …": what is counted just before.
  void is_of_each(std::size_t index) {
    auto& figure = reading_.figures[index];
    if (index == 0 || figure.measure == Measure::count) return;
    const auto& counted = reading_.figures[index - 1];
    if (counted.measure != Measure::count || counted.clause != figure.clause) return;
    const auto before = text_.substr(0, counted.begin);
    for (const std::string_view word : {"each of the ", "Each of the ", "each of ", "Each of "}) {
      if (before.ends_with(word)) figure.per = {Measure::count, none, counted.thing};
    }
  }

  bool set_per_word(Figure& figure, std::string_view word) const {
    const auto match = lexicon_.unit_words().longest(word, 0);
    if (match.length == 0) return false;
    return apply_per(figure, match.entries->front(), none);
  }
  bool set_per(Figure& figure, std::size_t at, bool slash) {
    while (at < text_.size() && text_[at] == ' ') ++at;
    const auto unit = lexicon_.unit_words().longest(text_, at);
    const auto noun_at = at + unit.length;
    auto noun = counted_at(noun_at);
    if (noun == none) noun = counted_at(at);
    if (unit.length > 0) {
      const bool done = apply_per(figure, unit.entries->front(), noun);
      if (done && slash) figure.end = std::max(figure.end, static_cast<std::uint32_t>(noun_at));
      return done;
    }
    if (noun == none) return false;
    figure.per = {Measure::count, none, noun};
    return true;
  }
  std::int16_t counted_at(std::size_t at) const {
    std::int16_t noun = none;
    for (const auto& hit : reading_.things_at(at)) {
      if (lexicon_.things()[hit.entry].stated_in(Measure::count)) {
        noun = static_cast<std::int16_t>(hit.entry);
      }
    }
    return noun;
  }
  bool apply_per(Figure& figure, std::uint16_t entry, std::int16_t noun) const {
    if (entry >= Lexicon::counter_base) {
      const auto counted = static_cast<std::int16_t>(entry - Lexicon::counter_base + none);
      figure.per = {Measure::count, none, noun != none ? noun : counted};
      return true;
    }
    const auto& unit = lexicon_.units()[entry];
    if (unit.measure == Measure::time) {
      // 吨/年: a period and not a ratio; only a year and a day are told apart.
      const auto years = to_double(unit.to_si) / (365.0 * 86400);
      if (years < 0.9 && years > 0.003) figure.period = Period::month;
      if (years >= 0.9) figure.period = Period::year;
      if (years <= 0.003 && years > 0.002) figure.period = Period::day;
      figure.period_is_own = figure.period != Period::unstated;
      return figure.period_is_own;
    }
    if (unit.measure == Measure::ratio || unit.measure == Measure::times) return false;
    return state_per(figure, static_cast<std::int16_t>(entry), lexicon_);
  }

  const Lexicon& lexicon_;
  Reading& reading_;
  std::string_view text_;
};

}  // namespace

bool state_per(Figure& figure, std::int16_t unit, const Lexicon& lexicon) {
  const auto& entry = lexicon.units()[static_cast<std::size_t>(unit)];
  const auto low = figure.si.low.over(entry.to_si);
  const auto value = figure.si.value.over(entry.to_si);
  const auto high = figure.si.high.over(entry.to_si);
  if (!low || !value || !high) return false;
  figure.set({*low, *value, *high});
  figure.per = {entry.measure, unit, entry.thing};
  return true;
}

void find_per(Reading& reading, std::size_t index, std::size_t clause, const Lexicon& lexicon) {
  PerReader{reading, lexicon}.find(index, clause);
}

}  // namespace partake::claims
