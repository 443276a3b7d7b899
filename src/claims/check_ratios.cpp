// Two figures of a text imply a ratio; the library says where it usually lies.

#include <algorithm>
#include <array>
#include <cmath>

#include "claims/bounds.h"

namespace partake::claims {
namespace {

constexpr double year_s = 365.0 * 86400;

bool matches(const Lexicon& lexicon, const Side& side, const Figure& figure) {
  if (figure.measure != side.measure || figure.thing == none) return false;
  return std::any_of(side.things.begin(), side.things.end(),
                     [&](std::int16_t thing) { return lexicon.is(figure.thing, thing); });
}

bool is_exactly(const Side& side, const Figure& figure) {
  return std::find(side.things.begin(), side.things.end(), figure.thing) != side.things.end();
}

// What cannot stand in a ratio of amounts: a rate itself, a change, a sum over other figures.
bool is_amount(const Figure& figure) {
  if (figure.per.stated() && figure.per.measure != Measure::count) return false;
  return figure.real.value > 0;
}

bool places_fit(const Figure& over, const Figure& under) {
  return over.place == none || under.place == none || over.place == under.place;
}

bool context_fits(const Scene& scene, const RatioRule& rule, std::size_t paragraph) {
  const auto named = [&](std::int16_t thing) { return scene.names(paragraph, thing); };
  if (!rule.with.empty() && std::none_of(rule.with.begin(), rule.with.end(), named)) return false;
  return std::none_of(rule.without.begin(), rule.without.end(), named);
}

// Seconds over which a flow was gathered; 0 where the text does not say.
double seconds_of(const Figure& figure) {
  switch (figure.period) {
    case Period::year:
      return year_s;
    case Period::month:
      return year_s / 12;
    case Period::day:
      return 86400;
    case Period::total:
      return figure.years * year_s;
    case Period::unstated:
      return 0;
  }
  return 0;
}

Verdict verdict_in(const RatioRule& rule, const Range* usual, const Range* boundary, double low,
                   double high) {
  if (usual != nullptr && usual->contains(low, high)) return Verdict::consistent;
  if (rule.also && rule.also->contains(low * 0.995, high * 1.005)) return Verdict::consistent;
  if (boundary != nullptr && boundary->contains(low, high)) return Verdict::boundary;
  if (!rule.possible || rule.possible->contains(low, high)) return Verdict::outside;
  return Verdict::impossible;
}

class RatioCheck {
 public:
  RatioCheck(const Scene& scene, Findings& findings) : scene_{scene}, findings_{findings} {}

  void run() {
    for (std::size_t paragraph = 0; paragraph < scene_.readings.size(); ++paragraph) {
      const Window all{scene_.begin_of(paragraph), scene_.end_of(paragraph)};
      if (all.begin == all.end) continue;
      for (const auto& rule : scene_.knowledge.ratios()) {
        rule_fits_.reset();
        for (auto over = all.begin; over < all.end; ++over) try_over(rule, over, all);
      }
    }
  }

 private:
  void try_over(const RatioRule& rule, std::uint32_t over, const Window& paragraph) {
    const auto& lexicon = scene_.lexicon();
    const auto& figure = scene_.figures[over];
    if (!matches(lexicon, rule.over, figure) || !is_amount(figure)) return;
    // 电价0.65元: what one of something costs.
    constexpr double price_max = 1000;
    if (scene_.is(figure, "price") && figure.real.value < price_max) return;
    if (!rule_fits_) rule_fits_ = context_fits(scene_, rule, figure.paragraph);
    if (!*rule_fits_) return;
    if (figure.has(Marker::sum) && !rule.over.words.empty()) return;
    const auto lead = scene_.lead(over);
    if (!rule.over.words.empty() && !contains_any(lead, rule.over.words)) return;
    if (contains_any(lead, rule.over.not_words)) return;
    const auto under = best_under(rule, over, paragraph);
    if (under == paragraph.end) {
      if (const auto named = named_before(rule, over)) report(rule, over, *named);
      return;
    }
    if (belongs_to_other(rule, over, under)) return;
    report(rule, over, under);
  }

  // "The electricity fed in avoids 109,000 t": what is named here without a number has it in an
  // earlier sentence or paragraph; the last one of it.
  std::optional<std::uint32_t> named_before(const RatioRule& rule, std::uint32_t over) const {
    const auto& figure = scene_.figures[over];
    const auto& reading = scene_.reading(figure);
    const auto lead = scene_.lead(over);
    const auto from = static_cast<std::size_t>(lead.data() - reading.text.data());
    const bool named =
        std::any_of(reading.things.begin(), reading.things.end(), [&](const WordHit& hit) {
          const auto thing = static_cast<std::int16_t>(hit.entry);
          return hit.begin >= from && hit.end <= figure.begin && thing != figure.thing &&
                 std::any_of(rule.under.things.begin(), rule.under.things.end(),
                             [&](std::int16_t of) { return scene_.lexicon().is(thing, of); });
        });
    if (!named) return std::nullopt;
    for (auto i = over; i-- > reach(scene_, over).begin;) {
      const auto& other = scene_.figures[i];
      if (same_sentence(other, figure) || !other.thing_is_near || other.per.stated() ||
          !matches(scene_.lexicon(), rule.under, other) || !is_amount(other) ||
          !places_fit(figure, other)) {
        continue;
      }
      return i;
    }
    return std::nullopt;
  }

  // "Diesel fell from 118,000 to 96,000 litres, which avoids 59 t": what is divided by is the
  // difference of the two, if the divisor is one of them.
  std::optional<std::pair<std::uint32_t, std::uint32_t>> fall_around(std::uint32_t over,
                                                                     std::uint32_t under) const {
    const auto lead = scene_.lead(over);
    const bool avoided = scene_.figures[over].has(Marker::fall) ||
                         contains_any(lead, {"avoid", "keep", "减", "省", "避免"});
    if (!avoided) return std::nullopt;
    for (const auto first : {under - std::min(under, 1U), under}) {
      if (first + 1 >= over) continue;
      const auto& from = scene_.figures[first];
      const auto& to = scene_.figures[first + 1];
      if (same_sentence(from, to) && from.measure == to.measure && from.unit == to.unit &&
          from.has(Marker::before) && to.has(Marker::after) && from.real.low > to.real.high) {
        return std::pair{first, first + 1};
      }
    }
    return std::nullopt;
  }

  // Only what stands within reach is looked at: a paragraph may hold hundreds of figures.
  Window within_reach(const RatioRule& rule, std::uint32_t over, const Window& paragraph) const {
    const auto sentence_of = [&](std::uint32_t i) { return scene_.figures[i].sentence; };
    const std::uint32_t reach = rule.reach == Reach::sentence ? 1 : 3;
    Window window{over, over};
    while (window.begin > paragraph.begin &&
           sentence_of(over) - sentence_of(window.begin - 1) <= reach) {
      --window.begin;
    }
    while (window.end < paragraph.end && sentence_of(window.end) - sentence_of(over) <= reach) {
      ++window.end;
    }
    return window;
  }

  bool may_be_under(const RatioRule& rule, std::uint32_t over, std::uint32_t under) const {
    const auto& figure = scene_.figures[over];
    const auto& other = scene_.figures[under];
    if (under == over || !matches(scene_.lexicon(), rule.under, other) || !is_amount(other)) {
      return false;
    }
    if (other.per.stated() && !figure.per.stated()) return false;
    if (rule.reach == Reach::sentence && other.sentence != figure.sentence &&
        !is_equivalence_of(over, under)) {
      return false;
    }
    // "50 kg each household" over the households would divide twice.
    if (figure.per.stated() && other.measure == Measure::count) return false;
    if (!places_fit(figure, other)) return false;
    if (rule.under.words.empty()) return true;
    return contains_any(std::string{scene_.lead(under)} + after(under), rule.under.words);
  }

  // Exactly what the rule names goes before a kind of it, and what stands before (its cause)
  // before what follows.
  int steps_to(const RatioRule& rule, std::uint32_t over, std::uint32_t under) const {
    const auto& other = scene_.figures[under];
    return 2 * steps_between(scene_.figures[over], other) +
           (is_exactly(rule.under, other) ? 0 : 5) + (is_part(under) ? 20 : 0) +
           (under > over ? 1 : 0);
  }

  // The divisor that stands nearest; the paragraph's end when there is none.
  std::uint32_t best_under(const RatioRule& rule, std::uint32_t over,
                           const Window& paragraph) const {
    const auto& figure = scene_.figures[over];
    const auto window = within_reach(rule, over, paragraph);
    auto best = paragraph.end;
    int best_steps = 0;
    bool claimed = false;
    for (auto under = window.begin; under < window.end; ++under) {
      if (!may_be_under(rule, over, under)) continue;
      if (claimed_before(rule, over, under)) {
        claimed = true;
        continue;
      }
      // Across segments the cause stands first: an area, and later what it takes up.
      if (!same_segment(figure, scene_.figures[under]) && under > over &&
          !is_equivalence_of(over, under)) {
        continue;
      }
      const int steps = steps_to(rule, over, under);
      if (best == paragraph.end || steps < best_steps) {
        best = under;
        best_steps = steps;
      }
    }
    if (best == paragraph.end || same_segment(figure, scene_.figures[best])) return best;
    // Where a more special rule has found its divisor, this one does not look further away.
    if (claimed) return paragraph.end;
    const bool elsewhere =
        same_sentence(figure, scene_.figures[best]) && has_own_activity(rule, over);
    return elsewhere ? paragraph.end : best;
  }

  // 总装机120兆瓦，其中一期50兆瓦，二期70兆瓦: the parts come after the whole.
  bool is_part(std::uint32_t index) const {
    const auto& figure = scene_.figures[index];
    for (auto i = index + 1; i-- > scene_.begin_of(figure.paragraph);) {
      const auto& other = scene_.figures[i];
      if (!same_sentence(other, figure)) return false;
      if (other.measure == figure.measure && other.has(Marker::part)) return true;
    }
    return false;
  }

  // Another figure of the same kind stands nearer to the divisor: it is that one's.
  bool belongs_to_other(const RatioRule& rule, std::uint32_t over, std::uint32_t under) const {
    const auto& figure = scene_.figures[over];
    const auto& divisor = scene_.figures[under];
    const int steps = steps_between(figure, divisor);
    if (steps == 0) return false;
    for (auto i = scene_.begin_of(figure.paragraph); i < scene_.end_of(figure.paragraph); ++i) {
      const auto& other = scene_.figures[i];
      if (i != over && same_sentence(other, divisor) && is_amount(other) &&
          other.thing == figure.thing && matches(scene_.lexicon(), rule.over, other) &&
          (rule.over.words.empty() || contains_any(scene_.lead(i), rule.over.words)) &&
          steps_between(other, divisor) < steps) {
        return true;
      }
    }
    return false;
  }

  // Another amount stands beside it in its segment: the CO2 is more likely of that.
  bool has_own_activity(const RatioRule& rule, std::uint32_t over) const {
    const auto& figure = scene_.figures[over];
    for (auto i = scene_.begin_of(figure.paragraph); i < scene_.end_of(figure.paragraph); ++i) {
      const auto& other = scene_.figures[i];
      if (i == over || !same_segment(figure, other) || !other.thing_is_near ||
          matches(scene_.lexicon(), rule.over, other) || scene_.is(other, "co2")) {
        continue;
      }
      if (other.measure == Measure::mass || other.measure == Measure::energy ||
          other.measure == Measure::volume || other.measure == Measure::length) {
        return true;
      }
    }
    return false;
  }

  std::string after(std::uint32_t index) const {
    const auto& figure = scene_.figures[index];
    return std::string{
        std::string_view{scene_.reading(figure).text}.substr(figure.end).substr(0, 24)};
  }

  // A rule above that divides the same kind of figure by this one knows it better.
  bool claimed_before(const RatioRule& rule, std::uint32_t over, std::uint32_t under) const {
    const auto& figure = scene_.figures[under];
    for (const auto& other : scene_.knowledge.ratios()) {
      if (&other == &rule) return false;
      if (other.over.words != rule.over.words || other.time != rule.time) continue;
      if (matches(scene_.lexicon(), other.over, scene_.figures[over]) &&
          matches(scene_.lexicon(), other.under, figure) &&
          context_fits(scene_, other, figure.paragraph)) {
        return true;
      }
    }
    return false;
  }

  // Counted pieces beside a mass of the same kind: 2亿只干电池以及18971吨动力电池.
  double pieces_beside(const RatioRule& rule, std::uint32_t under,
                       std::vector<std::uint32_t>& used) const {
    if (rule.pieces == none) return 0;
    const auto& figure = scene_.figures[under];
    double sum = 0;
    for (auto i = scene_.begin_of(figure.paragraph); i < scene_.end_of(figure.paragraph); ++i) {
      const auto& other = scene_.figures[i];
      if (!same_segment(figure, other) || other.measure != Measure::count ||
          !scene_.lexicon().is(other.thing, rule.pieces) || steps_between(figure, other) > 1) {
        continue;
      }
      sum += other.real.value * rule.piece_si;
      used.push_back(i);
    }
    return sum;
  }

  void report(const RatioRule& rule, std::uint32_t over, std::uint32_t under) {
    const auto& left = scene_.figures[over];
    auto right = scene_.figures[under];
    std::vector<std::uint32_t> used{over, under};
    auto divisor = written(scene_, right);
    if (const auto fall = fall_around(over, under)) {
      const auto& before = scene_.figures[fall->first];
      const auto& now = scene_.figures[fall->second];
      divisor = plain("(" + before.text + " − " + now.text + ")");
      right.real = {before.real.low - now.real.high, before.real.value - now.real.value,
                    before.real.high - now.real.low};
      used = {over, fall->first, fall->second};
    }
    const double extra = pieces_beside(rule, under, used);
    auto result = judge_ratio(rule, left, right, extra);
    if (!result.usable) return;
    auto verdict = result.verdict;
    if (!may_be_told(rule, over, under, verdict)) return;
    Finding finding;
    finding.check = rule.id;
    finding.figures = used;
    finding.title = rule.title;
    finding.question = rule.question;
    finding.note = rule.note;
    finding.source = rule.source;
    finding.quality = rule.quality;
    if (finding.question.en.empty()) {
      if (const auto* text = scene_.knowledge.check("ratio"); text != nullptr) {
        finding.question = text->question;
      }
    }
    finding.implied.push_back({result.low, result.value, result.high, rule.label, rule.unit});
    finding.arithmetic = arithmetic(left, std::move(divisor), extra, result, rule);
    if (result.usual != nullptr) {
      finding.expected = joined(plain(to_string(*result.usual)), " ", rule.label);
    }
    if (result.mark != nullptr) finding.note = result.mark->note;
    if (rule.same_thing && verdict == Verdict::consistent) {
      verdict = counted_twice(over, under) ? Verdict::contradiction : verdict;
    }
    if (result.years_missing && verdict != Verdict::consistent) {
      if (verdict != Verdict::impossible || rule.time == RatioTime::year) {
        verdict = Verdict::unchecked;
      }
      finding.missing = {"the years over which the total was gathered", "累计所跨的年数"};
    }
    if (verdict >= Verdict::boundary && result.mark == nullptr && result.usual != nullptr &&
        result.usual->high && result.low > result.usual->high_value &&
        (other_carrier(over, under) || other_material(over, under))) {
      verdict = Verdict::unchecked;
      finding.missing = {"the share of each carrier or material in the CO2",
                         "各种能源或材料各占减排量多少"};
    }
    finding.verdict = verdict;
    findings_.push_back(std::move(finding));
  }

  // Figures of different sentences or segments may speak of different things: what does not fit
  // then is said only where nothing could make it fit.
  bool may_be_told(const RatioRule& rule, std::uint32_t over, std::uint32_t under,
                   Verdict verdict) const {
    const auto& left = scene_.figures[over];
    const auto& right = scene_.figures[under];
    const bool vague = vague_thing(left) || vague_thing(right);
    const bool weak = (!same_segment(left, right) && !is_equivalence_of(over, under)) || vague ||
                      (left.year != right.year && left.year != 0 && right.year != 0 &&
                       left.clause != right.clause);
    if (weak && (verdict == Verdict::outside || verdict == Verdict::boundary)) return false;
    const bool far = left.paragraph != right.paragraph || left.sentence > right.sentence + 1;
    return !far || rule.reach == Reach::paragraph || verdict == Verdict::consistent;
  }

  // "减排8万吨。相当于440万棵树…": of the last CO2 before it.
  bool is_equivalence_of(std::uint32_t over, std::uint32_t under) const {
    const auto& figure = scene_.figures[over];
    const auto& other = scene_.figures[under];
    if (!other.has(Marker::equals) || under < over || !scene_.is(figure, "co2") ||
        other.sentence > figure.sentence + 1) {
      return false;
    }
    for (auto i = over + 1; i < under; ++i) {
      if (scene_.is(scene_.figures[i], "co2")) return false;
    }
    return true;
  }

  // Paper, plastic and clothes were collected, and the CO2 is of all of them.
  bool other_material(std::uint32_t over, std::uint32_t under) const {
    const auto& total = scene_.figures[over];
    const auto& divisor = scene_.figures[under];
    if (!scene_.is(total, "co2") || divisor.measure != Measure::mass) return false;
    for (auto i = scene_.begin_of(divisor.paragraph); i < over; ++i) {
      const auto& other = scene_.figures[i];
      if (i == under || !same_segment(other, total) || other.measure != Measure::mass ||
          other.thing == divisor.thing || !is_amount(other) || other.has(Marker::fall) ||
          other.has(Marker::equals) || scene_.is(other, "co2") ||
          scene_.lexicon().is(other.thing, divisor.thing) ||
          scene_.lexicon().is(divisor.thing, other.thing)) {
        continue;
      }
      for (const auto& rule : scene_.knowledge.ratios()) {
        if (rule.over.words.empty() && matches(scene_.lexicon(), rule.over, total) &&
            matches(scene_.lexicon(), rule.under, other)) {
          return true;
        }
      }
    }
    return false;
  }

  // Heat, gas or fuel in the same sentence may be where the rest of the CO2 comes from.
  bool other_carrier(std::uint32_t over, std::uint32_t under) const {
    const auto& lexicon = scene_.lexicon();
    constexpr std::array<const char*, 7> carriers{"electricity", "heat",   "natural_gas", "diesel",
                                                  "gasoline",    "biogas", "fuel"};
    const auto is_carrier = [&](const Figure& figure) {
      return std::any_of(carriers.begin(), carriers.end(), [&](const char* name) {
        return lexicon.is(figure.thing, lexicon.thing(name));
      });
    };
    const auto& divisor = scene_.figures[under];
    if (!scene_.is(scene_.figures[over], "co2") || !is_carrier(divisor)) return false;
    for (auto i = scene_.begin_of(divisor.paragraph); i < scene_.end_of(divisor.paragraph); ++i) {
      const auto& other = scene_.figures[i];
      if (i != under && i != over && same_sentence(other, divisor) && is_amount(other) &&
          other.thing != divisor.thing && is_carrier(other)) {
        return true;
      }
    }
    return false;
  }

  // A mass or a number whose thing was named clauses before may be of something else; a power or an
  // area seldom is.
  static bool vague_thing(const Figure& figure) {
    return !figure.thing_is_near &&
           (figure.measure == Measure::mass || figure.measure == Measure::count);
  }

  // Coal named first, as a saving of its own in a list of savings, and the electricity beside it
  // times the supply rate is the same: one saving, named twice.
  bool counted_twice(std::uint32_t over, std::uint32_t under) const {
    const auto& coal = scene_.figures[over];
    const auto& power = scene_.figures[under];
    if (same_sentence(coal, power) && coal.begin > power.begin && !coal.has(Marker::equals) &&
        contains_any(scene_.lead(over), {"此外", "另外", "另节", "同时还", "in addition",
                                         "In addition", "as well as", "plus ", "on top"})) {
      return true;
    }
    if (coal.begin > power.begin || !same_segment(coal, power)) return false;
    if (!coal.has(Marker::fall) || !power.has(Marker::fall)) return false;
    if (coal.has(Marker::equals) || power.has(Marker::equals)) return false;
    int savings = 0;
    for (auto i = scene_.begin_of(coal.paragraph); i < scene_.end_of(coal.paragraph); ++i) {
      const auto& other = scene_.figures[i];
      if (same_segment(other, coal) && other.has(Marker::fall)) ++savings;
    }
    return savings >= 3;
  }

  Text arithmetic(const Figure& left, Text divisor, double extra, const RatioResult& result,
                  const RatioRule& rule) const {
    if (extra > 0) {
      const auto pieces = amount(extra / 1000);
      divisor = {"(" + divisor.en + " + " + pieces + " t of pieces)",
                 "（" + divisor.zh + " + 单只质量合计" + pieces + "吨）"};
    }
    auto text = joined(written(scene_, left), " ÷ ", divisor);
    if (rule.time != RatioTime::free && left.period == Period::total && left.years > 0) {
      text.en += " ÷ " + amount(left.years) + " years";
      text.zh += " ÷ " + amount(left.years) + "年";
    }
    const auto value = amount(result.value, 3);
    text.en += " = " + value + " " + rule.label.en;
    text.zh += " = " + value + " " + rule.label.zh;
    return text;
  }

  const Scene& scene_;
  Findings& findings_;
  std::optional<bool> rule_fits_;
};

// Of the rules that know no time: two flows of one period, or two stocks. A yearly one over a daily
// one can be brought to a year, a total over a yearly one cannot.
bool periods_fit(const Figure& over, const Figure& under) {
  if (over.period == under.period) return true;
  const auto either = [&](Period period) {
    return over.period == period || under.period == period;
  };
  if (seconds_of(over) > 0 && seconds_of(under) > 0) return !either(Period::total);
  return !either(Period::day) && !(either(Period::total) && either(Period::year));
}

struct Fraction {
  double top = 0;
  double bottom = 0;
  bool years_missing = false;
};

// The top per second, for the rules of a year or a day.
Fraction per_second(const RatioRule& rule, const Figure& over, const Figure& under,
                    const Fraction& of) {
  // "相当于440万棵树一年的吸收量": of a year, whatever it was gathered over.
  const bool of_a_year = rule.time == RatioTime::year && under.period == Period::year &&
                         under.period_is_own && under.has(Marker::equals);
  if (over.period == Period::total && (over.years <= 0 || of_a_year)) {
    return {of.top / year_s, of.bottom, !of_a_year};
  }
  if (over.period != Period::unstated) return {of.top / seconds_of(over), of.bottom, false};
  // Of a day only where a year is not meant: few texts tell of one day.
  const auto usual_in = [&](double seconds) {
    const double value = of.top / seconds / of.bottom / rule.unit_si;
    return rule.boundary && rule.boundary->contains(value, value);
  };
  const bool daily = rule.time == RatioTime::day && !(usual_in(year_s) && !usual_in(86400));
  return {of.top / (daily ? 86400 : year_s), of.bottom, rule.time == RatioTime::year && !of_a_year};
}

// Brought to the same time; nothing where the periods do not fit each other.
std::optional<Fraction> in_one_time(const RatioRule& rule, const Figure& over, const Figure& under,
                                    const Fraction& of) {
  if (of.bottom <= 0) return std::nullopt;
  if (rule.time != RatioTime::free) return per_second(rule, over, under, of);
  if (!periods_fit(over, under)) return std::nullopt;
  const double over_s = seconds_of(over);
  const double under_s = seconds_of(under);
  if (over.period == under.period || over_s <= 0 || under_s <= 0) return of;
  return Fraction{of.top / over_s, of.bottom / under_s, false};
}

const Range* band(const std::optional<Range>& usual, const std::optional<Range>& recent,
                  bool is_recent) {
  if (is_recent && recent) return &*recent;
  return usual ? &*usual : nullptr;
}

}  // namespace

RatioResult judge_ratio(const RatioRule& rule, const Figure& over, const Figure& under,
                        double extra_under_si, double scale) {
  RatioResult result;
  const auto fraction =
      in_one_time(rule, over, under, {over.real.value * scale, under.real.value + extra_under_si});
  if (!fraction) return result;
  result.years_missing = fraction->years_missing;
  result.value = fraction->top / fraction->bottom / rule.unit_si;
  const double tolerated = std::max(tolerance(over), tolerance(under));
  const auto end = [&](bool lowest) {
    const double above = lowest ? over.real.low : over.real.high;
    const double below = (lowest ? under.real.high : under.real.low) + extra_under_si;
    const double whole = over.real.value;
    double ratio = result.value * (1 + (lowest ? -tolerated : tolerated));
    // Of a range its ends count.
    if (over.number.upper && whole > 0) ratio = result.value * above / whole;
    if (under.number.upper && below > 0) ratio *= fraction->bottom / below;
    return ratio;
  };
  result.low = end(true);
  result.high = end(false);
  const bool recent = rule.recent_from > 0 && std::max(over.year, under.year) >= rule.recent_from;
  result.usual = band(rule.usual, rule.recent_usual, recent);
  const auto* boundary = band(rule.boundary, rule.recent_boundary, recent);
  result.verdict = verdict_in(rule, result.usual, boundary, result.low, result.high);
  for (const auto& mark : rule.marks) {
    if (std::fabs(result.value / mark.value - 1) > 0.015) continue;
    result.mark = &mark;
    result.verdict = mark.verdict;
  }
  result.usable = true;
  return result;
}

const RatioRule* rule_of(const Knowledge& knowledge, std::string_view check) {
  for (const auto& rule : knowledge.ratios()) {
    if (rule.id == check) return &rule;
  }
  return nullptr;
}

void check_ratios(const Scene& scene, Findings& findings) { RatioCheck{scene, findings}.run(); }

}  // namespace partake::claims
