#include "claims/figure_time.h"

#include <algorithm>

#include "claims/period_words.h"

namespace partake::claims {
namespace {

Period period_of(Marker marker) {
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
}

// The last word for a time between two bytes.
Period period_before(const Reading& reading, Stretch lead, std::size_t clause_begin) {
  GluedPeriod marked;
  for (const auto& hit : reading.markers) {
    const auto period = period_of(static_cast<Marker>(hit.entry));
    if (period == Period::unstated || hit.begin < lead.begin || hit.end > lead.end) continue;
    marked = {period, hit.begin};
  }
  const auto glued = glued_period(reading.text, std::max(lead.begin, clause_begin), lead.end);
  const bool glued_holds = marked.period == Period::unstated || marked.period == Period::total ||
                           glued.at > marked.at + 3;
  return glued.period != Period::unstated && glued_holds ? glued.period : marked.period;
}

// The first word for a time between two bytes: "tonnes per year", "使用一年".
Period period_after(const Reading& reading, Stretch tail) {
  for (const auto& hit : reading.markers) {
    const auto period = period_of(static_cast<Marker>(hit.entry));
    if (period == Period::unstated || hit.begin < tail.begin || hit.end > tail.end) continue;
    return period;
  }
  return Period::unstated;
}

// A list goes on in the period of the figure before it.
void take_period_of(const Figure& last, Figure& figure) {
  if (last.sentence != figure.sentence || last.segment != figure.segment ||
      last.period == Period::day || last.period == Period::month) {
    return;
  }
  figure.period = last.period;
  figure.years = last.years;
}

// The first and the last year that a figure's sentence names before it; null when there is none.
struct YearsBefore {
  const YearMention* first = nullptr;
  const YearMention* last = nullptr;
};
YearsBefore years_before(const Reading& reading, const Figure& figure) {
  YearsBefore years;
  for (const auto& year : reading.years) {
    if (year.sentence != figure.sentence || year.at > figure.begin) continue;
    if (years.first == nullptr) years.first = &year;
    years.last = &year;
  }
  return years;
}

// 2018年至2021年: how many years; 0 when they are no stretch.
int years_spanned(std::string_view text, const YearsBefore& years) {
  if (years.first == years.last) return 0;
  const auto between = text.substr(years.first->at, years.last->end - years.first->at);
  for (const std::string_view sign : {"至", "到", " to "}) {
    if (between.find(sign) != std::string_view::npos) return years.last->to - years.first->from;
  }
  return 0;
}

// 2021年，…减少…2.28万吨: of that year.
bool is_of_one_year(std::string_view text, const YearsBefore& years) {
  const auto& year = *years.first;
  return years.first == years.last && year.from == year.to && !starts(text, year.end, "年") &&
         !is_as_of(text, year);
}

// "6年来已累计", "首期五年产生": a stretch of years before a total.
void take_term(const Reading& reading, std::size_t index, Figure& figure) {
  const std::string_view text = reading.text;
  for (std::size_t i = index; i-- > 0;) {
    const auto& other = reading.figures[i];
    if (other.sentence != figure.sentence) return;
    if (other.measure != Measure::time) continue;
    const double years = other.real.value / (365.0 * 86400);
    if (years < 1 || years > 60) continue;
    const auto between =
        text.substr(other.end, figure.begin > other.end ? figure.begin - other.end : 0);
    const bool is_term =
        ends_in_any(text.substr(0, other.begin), {"首期", "第一期", "over ", "in "}) ||
        text.substr(0, other.end).ends_with("来");
    if (!is_term || between.find("。") != std::string_view::npos) return;
    figure.years = years;
    figure.period = Period::total;
    return;
  }
}

}  // namespace

void find_period(Reading& reading, std::size_t index, Stretch clause) {
  const auto& figures = reading.figures;
  auto& figure = reading.figures[index];
  if (figure.measure == Measure::time || figure.period != Period::unstated) return;
  Stretch lead{reading.sentences[figure.sentence].begin, figure.begin};
  if (index > 0 && figures[index - 1].sentence == figure.sentence) {
    lead.begin = figures[index - 1].end;
  }
  Stretch tail{figure.end, clause.end};
  if (index + 1 < figures.size()) {
    tail.end = std::min<std::size_t>(tail.end, figures[index + 1].begin);
  }
  const auto before = period_before(reading, lead, clause.begin);
  const auto after = period_after(reading, tail);
  const bool latin = starts(reading.text, figure.end, " ");
  const bool after_first = before == Period::unstated || (latin && after != Period::unstated);
  figure.period = after_first ? after : before;
  figure.period_is_own = figure.period != Period::unstated;
  if (!figure.period_is_own && index > 0) take_period_of(figures[index - 1], figure);
}

void find_time(Reading& reading, std::size_t index) {
  auto& figure = reading.figures[index];
  const bool total = figure.period == Period::total || figure.period == Period::unstated;
  const auto years = years_before(reading, figure);
  if (years.first != nullptr) {
    figure.year = years.last->to;
    const int spanned = total ? years_spanned(reading.text, years) : 0;
    if (spanned > 0) figure.years = spanned;
    if (figure.period == Period::unstated && is_of_one_year(reading.text, years)) {
      figure.period = Period::year;
    }
  }
  if (total && figure.measure != Measure::time) take_term(reading, index, figure);
}

}  // namespace partake::claims
