// What must add up, and change by what is said, by the text's own figures.

#include <algorithm>
#include <cmath>

#include "claims/bounds.h"

namespace partake::claims {
namespace {

constexpr auto at_most_all = "≤ 100%";

// The figures before `sum` that may be its parts: of the same kind, the nearest first.
std::vector<std::uint32_t> parts_before(const Scene& scene, std::uint32_t sum) {
  constexpr std::size_t parts_max = 12;
  std::vector<std::uint32_t> parts;
  const auto& whole = scene.figures[sum];
  for (auto i = sum; i-- > scene.begin_of(whole.paragraph);) {
    const auto& part = scene.figures[i];
    if (whole.sentence - part.sentence > 2 || parts.size() == parts_max) break;
    if ((is_whole_amount(part) || part.measure == Measure::time) && part.measure == whole.measure &&
        (part.thing == whole.thing || whole.thing == none || part.thing == none ||
         same_sentence(part, whole))) {
      parts.push_back(i);
    }
  }
  return parts;
}

// Counts with one classifier may be of several kinds of thing (45个学校, 32个社区) and still add
// up.
bool in_one_list(const Figure& part, const Figure& whole) {
  const auto classifier = [](const Figure& figure) {
    return figure.text.size() >= 3 ? figure.text.substr(figure.text.size() - 3) : std::string{};
  };
  return (part.thing != none && same_kind(part, whole)) ||
         (part.measure == Measure::count && whole.measure == part.measure &&
          classifier(part) == classifier(whole));
}

void check_sum_of(const Scene& scene, std::uint32_t sum, Findings& findings) {
  const auto parts = parts_before(scene, sum);
  if (parts.size() < 2) return;
  const auto& whole = scene.figures[sum];
  const auto stated = bounds_of(whole);
  Bounds added;
  std::size_t used = 0;
  for (std::size_t count = 1; count <= parts.size(); ++count) {
    const auto part = bounds_of(scene.figures[parts[count - 1]]);
    added = {added.low + part.low, added.value + part.value, added.high + part.high};
    if (count >= 2 && overlap(added, stated)) {
      used = count;
      break;
    }
  }
  const bool fits = used > 0;
  if (!fits) {
    // Only a list in one clause run, all of one thing, is surely meant to add up.
    used = 0;
    added = {};
    for (const auto index : parts) {
      const auto& part = scene.figures[index];
      if (!same_segment(part, whole) || !in_one_list(part, whole)) continue;
      const auto bounds = bounds_of(part);
      added = {added.low + bounds.low, added.value + bounds.value, added.high + bounds.high};
      ++used;
    }
    if (used < 2 || used != parts.size() || steps_between(scene.figures[parts[0]], whole) > 1) {
      return;
    }
    if (overlap(added, stated)) return;
  }
  // In the order of the text.
  const std::vector<std::uint32_t> listed(parts.rend() - static_cast<std::ptrdiff_t>(used),
                                          parts.rend());
  std::vector<std::uint32_t> figures{sum};
  figures.insert(figures.end(), listed.begin(), listed.end());
  findings.push_back(computed_finding(
      scene, {"sum", fits, std::move(figures), sum_of(scene, listed)}, whole, added));
}

// 两者合计: of the two figures before it.
void check_sum_of_both(const Scene& scene, std::uint32_t sum, Findings& findings) {
  if (!contains_any(scene.lead(sum), {"两者合计", "二者合计", "两项合计", "两者共", "两者相加"}))
    return;
  const auto parts = parts_before(scene, sum);
  if (parts.size() < 2) return;
  const auto& whole = scene.figures[sum];
  const auto& one = scene.figures[parts[1]];
  const auto& other = scene.figures[parts[0]];
  const auto added = plus(bounds_of(one), bounds_of(other));
  findings.push_back(computed_finding(scene,
                                      {"sum",
                                       overlap(added, bounds_of(whole)),
                                       {sum, parts[1], parts[0]},
                                       sum_of(scene, {parts[1], parts[0]})},
                                      whole, added));
}

// 860吨，其中废纸430吨、废塑料210吨、…: a list of parts is no more than the whole. False where
// there is no list, or one that leaves a rest.
bool check_list_of(const Scene& scene, std::uint32_t whole, std::uint32_t first,
                   Findings& findings) {
  const auto& all = scene.figures[whole];
  Bounds added;
  std::vector<std::uint32_t> parts;
  for (auto i = first; i < scene.end_of(all.paragraph); ++i) {
    const auto& part = scene.figures[i];
    if (!same_segment(part, scene.figures[first]) || part.measure != all.measure ||
        part.unit != all.unit || !is_whole_amount(part) || part.has(Marker::sum)) {
      break;
    }
    // A part of a part begins another list.
    if (i > first && part.has(Marker::part)) break;
    const auto bounds = bounds_of(part);
    added = {added.low + bounds.low, added.value + bounds.value, added.high + bounds.high};
    parts.push_back(i);
  }
  const auto stated = bounds_of(all);
  const bool fits = overlap(added, stated);
  if (parts.size() < 3 || (!fits && added.low <= stated.high)) return false;
  std::vector<std::uint32_t> figures{whole};
  figures.insert(figures.end(), parts.begin(), parts.end());
  findings.push_back(
      computed_finding(scene, {"sum", fits, std::move(figures), sum_of(scene, parts)}, all, added));
  return true;
}

// "843 acres. Of these, 520 are woodland, …": only a list is meant by that.
void check_of_these(const Scene& scene, std::uint32_t index, Findings& findings) {
  if (!scene.lead(index).starts_with(" Of these")) return;
  const auto& part = scene.figures[index];
  for (auto i = index; i-- > scene.begin_of(part.paragraph);) {
    const auto& whole = scene.figures[i];
    if (whole.sentence + 1 < part.sentence) return;
    if (!same_sentence(part, whole) && whole.unit == part.unit && is_whole_amount(whole) &&
        whole.real.value > part.real.value) {
      check_list_of(scene, i, index, findings);
      return;
    }
  }
}

// 其中…3010万元，占35%: the percentage right after a part is its share.
bool share_follows(const Scene& scene, std::uint32_t index) {
  const auto& part = scene.figures[index];
  const auto next = index + 1;
  return next < scene.end_of(part.paragraph) && scene.figures[next].measure == Measure::ratio &&
         same_segment(scene.figures[next], part) &&
         scene.lead(next).find("占") != std::string_view::npos &&
         steps_between(scene.figures[next], part) <= 1;
}

Finding part_finding(const Scene& scene, std::uint32_t index, std::uint32_t of) {
  const auto some = bounds_of(scene.figures[index]);
  const auto all = bounds_of(scene.figures[of]);
  const double share = all.value > 0 ? some.value / all.value * 100 : 0;
  const bool fits = some.low <= all.high;
  const bool stated = fits && all.low > 0 && share_follows(scene, index);
  if (!stated)
    return share_finding(scene, fits, {index, of}, {share, share, share}, plain(at_most_all));
  const auto& percent = scene.figures[index + 1];
  return share_finding(scene, overlap(bounds_of(percent), over(some, all)), {index, of, index + 1},
                       {share, share, share}, plain(percent.text));
}

// 其中, of which: no part is more than the whole.
void check_part_of(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& part = scene.figures[index];
  for (auto i = index; i-- > scene.begin_of(part.paragraph);) {
    const auto& whole = scene.figures[i];
    if (!same_sentence(part, whole)) return check_of_these(scene, index, findings);
    if (!is_whole_amount(whole) || whole.measure != part.measure) continue;
    const bool related = scene.lexicon().is(part.thing, whole.thing) || part.thing == whole.thing ||
                         part.thing == none;
    // Parts of several kinds may make up what is not named as one of them.
    if (!related) {
      if (!scene.is(whole, "co2") && check_list_of(scene, i, index, findings)) return;
      continue;
    }
    // So small a part is another kind of amount: a loan's size among all loans.
    if (part.real.high < whole.real.low / 1000) return;
    if (!check_list_of(scene, i, index, findings)) {
      findings.push_back(part_finding(scene, index, i));
    }
    return;
  }
}

// "Of the 2,690 ML supplied, 2,940 ML went to …".
void check_part_named(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& part = scene.figures[index];
  if (index == scene.begin_of(part.paragraph) || !is_whole_amount(part)) return;
  const auto& whole = scene.figures[index - 1];
  const auto lead = scene.lead(index - 1);
  if (!(lead.ends_with("Of the ") || lead.ends_with("Of ")) || !same_sentence(part, whole) ||
      whole.unit != part.unit || whole.measure != part.measure || !is_whole_amount(whole) ||
      part.real.low <= whole.real.high) {
    return;
  }
  const double share = part.real.value / whole.real.value * 100;
  findings.push_back(
      share_finding(scene, false, {index, index - 1}, {share, share, share}, plain(at_most_all)));
}

// More of a thing thrown away than was ever made.
void check_made_and_wasted(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& waste = scene.figures[index];
  const auto kind = scene.lexicon().thing("waste");
  if (waste.measure != Measure::mass || !scene.lexicon().is(waste.thing, kind)) return;
  if (!contains_any(scene.lead(index), {"产生", "废弃", "generated", "discarded", "thrown away",
                                        "became waste", "has become waste"})) {
    return;
  }
  for (auto i = scene.begin_of(waste.paragraph); i < scene.end_of(waste.paragraph); ++i) {
    const auto& made = scene.figures[i];
    if (i == index || made.measure != Measure::mass || made.thing == waste.thing ||
        !same_sentence(made, waste) || !scene.lexicon().is(waste.thing, made.thing) ||
        !contains_any(scene.lead(i), {"生产", "制造", "produced", "made", "manufactured"})) {
      continue;
    }
    const double share = waste.real.value / made.real.value * 100;
    findings.push_back(share_finding(scene, waste.real.low <= made.real.high, {index, i},
                                     {share, share, share}, plain(at_most_all)));
    return;
  }
}

// "Of the 3,200 tonnes, 1,920 tonnes (60%)": the percentage in brackets is the part's share.
void check_share_beside(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& percent = scene.figures[index];
  if (percent.measure != Measure::ratio || index < scene.begin_of(percent.paragraph) + 2) return;
  const auto& part = scene.figures[index - 1];
  const auto& whole = scene.figures[index - 2];
  const auto beside = scene.lead(index);
  const bool in_brackets = beside == "(" || beside == " (" || beside == "（" || beside == "（占" ||
                           beside.ends_with(", or ");
  const auto lead = scene.lead(index - 2);
  const bool of_it = lead.ends_with("Of ") || lead.ends_with("Of the ") || part.has(Marker::part) ||
                     lead.ends_with("out of ");
  if (!in_brackets || !of_it || !same_sentence(part, percent) || !same_sentence(whole, part) ||
      part.measure != whole.measure || part.per.stated() || whole.per.stated() ||
      whole.real.low <= 0) {
    return;
  }
  const double share = part.real.value / whole.real.value * 100;
  const auto possible = over(bounds_of(part), bounds_of(whole));
  findings.push_back(share_finding(scene, overlap(bounds_of(percent), possible),
                                   {index - 1, index - 2, index}, {share, share, share},
                                   plain(percent.text)));
}

// 计入期20年，减排84万吨，年均4.2万吨: a total over its years is the yearly mean.
void check_annual_mean(const Scene& scene, std::uint32_t index, Findings& findings) {
  const auto& mean = scene.figures[index];
  if (!is_whole_amount(mean) || mean.thing == none || mean.period != Period::year ||
      !contains_any(scene.lead(index),
                    {"年均", "平均每年", "a year on average", "average of", "annual average"})) {
    return;
  }
  constexpr double year_s = 365.0 * 86400;
  for (auto span = scene.begin_of(mean.paragraph); span < index; ++span) {
    const auto& years = scene.figures[span];
    if (!same_segment(years, mean) || years.measure != Measure::time ||
        years.real.value < 1.5 * year_s) {
      continue;
    }
    for (auto i = span + 1; i < index; ++i) {
      const auto& total = scene.figures[i];
      if (!is_whole_amount(total) || !same_kind(total, mean) || total.period == Period::year) {
        continue;
      }
      const auto each = times(bounds_of(total), year_s / years.real.value);
      findings.push_back(computed_finding(scene,
                                          {"product",
                                           overlap(each, bounds_of(mean)),
                                           {index, i, span},
                                           joined(written(scene, total), " ÷ ", plain(years.text))},
                                          mean, each));
      return;
    }
  }
}

}  // namespace

void check_sums(const Scene& scene, Findings& findings) {
  for (std::uint32_t i = 0; i < scene.figures.size(); ++i) {
    const auto& figure = scene.figures[i];
    const bool hours = figure.measure == Measure::time && !figure.per.stated();
    if ((is_whole_amount(figure) || hours) && figure.has(Marker::sum))
      check_sum_of(scene, i, findings);
    if (is_whole_amount(figure) && !figure.has(Marker::sum)) check_sum_of_both(scene, i, findings);
    const bool listed =
        contains_any(scene.lead(i), {"当中，", "其中，", "Of these, ", "of these, "});
    if (is_whole_amount(figure) && (figure.has(Marker::part) || listed)) {
      check_part_of(scene, i, findings);
    }
    check_part_named(scene, i, findings);
    check_made_and_wasted(scene, i, findings);
    check_share_beside(scene, i, findings);
    check_annual_mean(scene, i, findings);
  }
}

namespace {

// A percentage, or points, as a change by that much.
struct StatedChange {
  std::uint32_t at = 0;
  int direction = 1;  // Growth +, decline -.
  Bounds size;
  bool points = false;
};

std::optional<StatedChange> stated_change(const Scene& scene, std::uint32_t index) {
  const auto& percent = scene.figures[index];
  const bool points = percent.measure == Measure::point;
  if ((percent.measure != Measure::ratio && !points) || percent.per.stated()) return std::nullopt;
  const bool rises = percent.has(Marker::rise);
  if (!rises && !percent.has(Marker::fall)) return std::nullopt;
  auto size = bounds_of(percent);
  if (points) size = {size.low / 100, size.value / 100, size.high / 100};
  return StatedChange{index, rises ? 1 : -1, size, points};
}

// Whether a change lies within what is stated, as far as all digits go.
bool change_fits(const Bounds& from, const Bounds& to, const StatedChange& stated, bool points) {
  const double lowest = points ? to.low - from.high : to.low / from.high - 1;
  const double highest = points ? to.high - from.low : to.high / from.low - 1;
  const double a = stated.direction * stated.size.low;
  const double b = stated.direction * stated.size.high;
  return lowest <= std::max(a, b) && highest >= std::min(a, b);
}

// By the words it is from this figure to the next, right before or after what is stated.
bool named_from(const Scene& scene, std::uint32_t from, std::uint32_t stated) {
  const auto& percent = scene.figures[stated];
  const auto& a = scene.figures[from];
  const auto& b = scene.figures[from + 1];
  const bool adjacent = stated == from + 2 || stated + 1 == from;
  return adjacent && same_sentence(a, percent) && same_sentence(b, percent) &&
         a.measure == b.measure && a.has(Marker::before) && b.has(Marker::after);
}

std::optional<Finding> change_from(const Scene& scene, std::uint32_t from,
                                   const StatedChange& stated) {
  const auto measure = scene.figures[from].measure;
  const auto before = bounds_of(scene.figures[from]);
  const auto after = bounds_of(scene.figures[from + 1]);
  const bool shares = measure == Measure::ratio;
  if (before.low <= 0 || (stated.points && !shares)) return std::nullopt;
  bool points = stated.points;
  bool fits = change_fits(before, after, stated, points);
  if (!fits && shares && !points) points = fits = change_fits(before, after, stated, true);
  const double change = points ? after.value - before.value : after.value / before.value - 1;
  // Of an indicator a percentage beside it may be another's (PUE, and the cooling).
  if (!fits && measure == Measure::bare) return std::nullopt;
  // What fell does not rise: the percentage then speaks of something else.
  if (!fits && (change > 0) != (stated.direction > 0)) return std::nullopt;
  return change_finding(scene, {from, from + 1, stated.at}, change, points, fits);
}

std::optional<Finding> named_change(const Scene& scene, const StatedChange& stated) {
  const auto paragraph = scene.figures[stated.at].paragraph;
  for (auto from = scene.begin_of(paragraph); from + 1 < scene.end_of(paragraph); ++from) {
    if (!named_from(scene, from, stated.at)) continue;
    if (auto finding = change_from(scene, from, stated)) return finding;
  }
  return std::nullopt;
}

// Efficiencies without a unit: 6.7 against 3.6 is 86 % more. Only what fits is said.
std::optional<Finding> change_of_bare(const Scene& scene, const StatedChange& stated) {
  const auto& percent = scene.figures[stated.at];
  const auto begin = scene.begin_of(percent.paragraph);
  const auto end = scene.end_of(percent.paragraph);
  for (auto a = begin; a < end; ++a) {
    const auto& low = scene.figures[a];
    if (low.measure != Measure::bare || low.thing == none || low.real.low <= 0 ||
        low.sentence + 2 < percent.sentence) {
      continue;
    }
    for (auto b = begin; b < end; ++b) {
      const auto& high = scene.figures[b];
      if (a == b || high.measure != Measure::bare || low.thing != high.thing) continue;
      const double change = high.real.value / low.real.value - 1;
      // As written: to the last digit of the percentage.
      const double half = (stated.size.high - stated.size.low) * 0.55;
      if (std::fabs(change - stated.direction * stated.size.value) > half) continue;
      return change_finding(scene, {a, b, stated.at}, change, false, true);
    }
  }
  return std::nullopt;
}

}  // namespace

void check_changes(const Scene& scene, Findings& findings) {
  for (std::uint32_t i = 0; i < scene.figures.size(); ++i) {
    const auto stated = stated_change(scene, i);
    if (!stated) continue;
    auto finding = named_change(scene, *stated);
    if (!finding) finding = change_of_bare(scene, *stated);
    if (finding) findings.push_back(std::move(*finding));
  }
}

// A yearly amount is at most 366 times the daily one of the same thing.
void check_days(const Scene& scene, Findings& findings) {
  constexpr double working_days_min = 240;
  constexpr double days_max = 366;
  for (std::uint32_t i = 0; i < scene.figures.size(); ++i) {
    const auto& daily = scene.figures[i];
    if (daily.period != Period::day || !daily.period_is_own || !is_whole_amount(daily) ||
        daily.thing == none || daily.real.low <= 0) {
      continue;
    }
    for (auto j = scene.begin_of(daily.paragraph); j < scene.end_of(daily.paragraph); ++j) {
      const auto& yearly = scene.figures[j];
      if (yearly.period != Period::year || !yearly.period_is_own || !is_whole_amount(yearly) ||
          !same_segment(daily, yearly) || !same_kind(daily, yearly) ||
          steps_between(daily, yearly) > 2) {
        continue;
      }
      const double days = yearly.real.value / daily.real.value;
      const bool fits = yearly.real.low / daily.real.high <= days_max;
      if (fits && days < working_days_min) continue;  // Of part of the year, or of part of it all.
      // Where things are counted beside it, the daily amount may be of one of them.
      const auto counts = std::any_of(
          scene.figures.begin() + scene.begin_of(daily.paragraph),
          scene.figures.begin() + scene.end_of(daily.paragraph), [&](const Figure& other) {
            return same_sentence(other, daily) && other.measure == Measure::count;
          });
      if (!fits && counts) continue;
      auto finding =
          new_finding(scene, "days", fits ? Verdict::consistent : Verdict::contradiction, {j, i});
      finding.implied.push_back({days, days, days, {"days", "天"}, "d"});
      finding.implied.push_back(implied_in(scene, daily, times(bounds_of(yearly), 1.0 / 365)));
      finding.arithmetic = joined(written(scene, yearly), " ÷ ", written(scene, daily));
      finding.arithmetic =
          joined(finding.arithmetic, " = ", {amount(days) + " days", amount(days) + "天"});
      finding.expected = {"≤ 366 days", "≤ 366天"};
      findings.push_back(std::move(finding));
      break;
    }
  }
}

namespace {

// The energy before a share in its sentence: what was saved.
std::optional<std::uint32_t> saving_before(const Scene& scene, std::uint32_t index) {
  const auto coal = scene.lexicon().thing("coal_equivalent");
  const auto& share = scene.figures[index];
  for (auto i = index; i-- > scene.begin_of(share.paragraph);) {
    const auto& figure = scene.figures[i];
    if (!same_sentence(figure, share)) break;
    const bool energy = figure.measure == Measure::energy ||
                        (figure.measure == Measure::mass && figure.thing == coal);
    if (energy && !figure.per.stated()) return i;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> distance_beside(const Scene& scene, const Figure& share) {
  for (auto i = scene.begin_of(share.paragraph); i < scene.end_of(share.paragraph); ++i) {
    const auto& figure = scene.figures[i];
    if (same_sentence(figure, share) && scene.is(figure, "distance_driven") &&
        !figure.per.stated()) {
      return i;
    }
  }
  return std::nullopt;
}

// The use before the saving, as diesel over the distance driven. `wide`: as far as digits go.
void hold_against_distance(const Scene& scene, const Figure& share, double before, double wide,
                           Finding& finding) {
  const auto* factor = scene.knowledge.constant("diesel_coal");
  const auto* rule = scene.names(share.paragraph, scene.lexicon().thing("bus"))
                         ? rule_of(scene.knowledge, "diesel_bus")
                         : rule_of(scene.knowledge, "fuel_vehicle");
  const auto driven = distance_beside(scene, share);
  if (factor == nullptr || rule == nullptr || !driven) return;
  const auto& distance = scene.figures[*driven];
  const double litres = before / factor->low;
  const double ratio = litres / distance.real.value / rule->unit_si;
  const double low = ratio * (1 - wide);
  const double high = ratio * (1 + wide);
  finding.verdict = rule->usual && rule->usual->contains(low, high)          ? Verdict::consistent
                    : rule->possible && !rule->possible->contains(low, high) ? Verdict::impossible
                                                                             : Verdict::outside;
  finding.figures.push_back(*driven);
  finding.implied.push_back({low, ratio, high, rule->label, rule->unit});
  finding.arithmetic.en += "; as diesel (1.224 kgce/L) ÷ " + distance.text + " = " +
                           amount(ratio, 3) + " " + rule->label.en;
  finding.arithmetic.zh += "；折柴油（1.224千克标准煤/升）÷ " + distance.text + " = " +
                           amount(ratio, 3) + " " + rule->label.zh;
  if (rule->usual) finding.expected = joined(plain(to_string(*rule->usual)), " ", rule->label);
  finding.source = factor->source;
  finding.missing = {};
}

}  // namespace

// A saving and its share: what was there before, held against distance where the text has one.
void check_savings(const Scene& scene, Findings& findings) {
  const auto coal = scene.lexicon().thing("coal_equivalent");
  for (std::uint32_t i = 0; i < scene.figures.size(); ++i) {
    const auto& share = scene.figures[i];
    if (share.measure != Measure::ratio || !share.has(Marker::saving_share)) continue;
    const double part = share.real.value;
    if (part <= 0 || part > 1) continue;
    const auto saved = saving_before(scene, i);
    if (!saved) continue;
    const auto& saving = scene.figures[*saved];
    const double before = saving.real.value / part;
    auto finding = new_finding(scene, "saving_share", Verdict::unchecked, {*saved, i});
    const double wide = tolerance(saving) + tolerance(share);
    finding.implied.push_back(
        implied_in(scene, saving, {before * (1 - wide), before, before * (1 + wide)}));
    finding.arithmetic = joined(written(scene, saving), " ÷ ", plain(share.text));
    finding.arithmetic = joined(finding.arithmetic, " = ", in_unit_of(scene, saving, before));
    finding.missing = {"the use before, or the distance or area it belongs to",
                       "节能前的用能量，或所对应的里程、面积"};
    if (saving.thing == coal) hold_against_distance(scene, share, before, wide, finding);
    findings.push_back(std::move(finding));
  }
}

}  // namespace partake::claims
