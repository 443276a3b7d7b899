// Relations that a text leaves to the reader: shares of what was named before, lists and their
// sums, a size times a number, yearly amounts over years, power over hours. Mostly what fits is
// said; what does not is doubted only where words or an exact power of ten leave no other reading.

#include <algorithm>
#include <cmath>
#include <set>

#include "claims/bounds.h"

namespace partake::claims {
namespace {

constexpr double year_s = 365.0 * 86400;

bool is_positive(const Figure& figure) { return figure.real.value > 0; }

class RelationCheck {
 public:
  RelationCheck(const Scene& scene, Findings& findings) : scene_{scene}, findings_{findings} {}

  void run() {
    for (const auto& finding : findings_) {
      if (finding.verdict == Verdict::unchecked) continue;
      for (const auto index : finding.figures) {
        if (finding.check == "change" || finding.check == "part") explained_.insert(index);
        if (finding.check == "sum" || finding.check == "product")
          summed_.insert(finding.figures[0]);
      }
    }
    for (std::uint32_t i = 0; i < scene_.figures.size(); ++i) {
      look_at_years(i);
      look_at_size(i);
      look_at_change(i);
      look_at_sum(i);
      look_at_power(i);
      look_at_difference(i);
      look_at_balance(i);
    }
    for (std::size_t paragraph = 0; paragraph < scene_.readings.size(); ++paragraph) {
      look_at_percentages(paragraph);
    }
  }

 private:
  const Figure& figure(std::uint32_t index) const { return scene_.figures[index]; }

  static int digits_of(const Figure& of) { return of.number.value.significant_digits(); }

  std::string_view after(const Figure& of) const {
    return std::string_view{scene_.reading(of).text}.substr(of.end).substr(0, 24);
  }

  // 195,000 t a year for 30 years: 5.85 million t.
  void look_at_years(std::uint32_t total) {
    const auto& whole = figure(total);
    if (!is_whole_amount(whole) || !is_positive(whole) || whole.period == Period::year ||
        whole.period == Period::day || whole.measure == Measure::count) {
      return;
    }
    const auto window = reach(scene_, total);
    for (auto i = window.begin; i < window.end; ++i) {
      const auto& yearly = figure(i);
      if (i == total || !is_whole_amount(yearly) || yearly.period != Period::year ||
          !related(scene_, yearly, whole) || !is_positive(yearly)) {
        continue;
      }
      for (auto k = window.begin; k < window.end; ++k) {
        const auto& span = figure(k);
        if (span.measure != Measure::time || span.per.stated() || span.real.value < 1.9 * year_s ||
            !same_sentence(span, whole)) {
          continue;
        }
        const auto product = times(bounds_of(yearly), span.real.value / year_s);
        const bool fits = apart(product, bounds_of(whole)) <= close;
        const bool slipped = power_apart(product, bounds_of(whole)) != 0;
        if (!fits && !slipped) continue;
        auto finding = computed_finding(scene_,
                                        {"product",
                                         fits,
                                         {total, i, k},
                                         joined(written(scene_, yearly), " × ", plain(span.text))},
                                        whole, product);
        finding.implied.push_back(
            implied_in(scene_, yearly, times(bounds_of(whole), year_s / span.real.value)));
        findings_.push_back(std::move(finding));
        return;
      }
    }
  }

  // 90,000 packs, 48 kWh of capacity: 4.32 million kWh altogether.
  void look_at_size(std::uint32_t total) {
    const auto& whole = figure(total);
    if (!is_whole_amount(whole) || !is_positive(whole) || summed_.contains(total)) return;
    const bool says_sum = whole.has(Marker::sum) || scene_.lead(total).ends_with("共") ||
                          scene_.lead(total).ends_with("共约");
    const auto window = around(scene_, total);
    for (auto size = total; size-- > window.begin;) {
      const auto& each = figure(size);
      if (!same_sentence(each, whole) || each.measure != whole.measure || !is_whole_amount(each) ||
          each.real.value >= whole.real.value || !related(scene_, each, whole)) {
        continue;
      }
      for (auto count = window.begin; count < total; ++count) {
        const auto& number = figure(count);
        if (number.measure != Measure::count || number.per.stated() || count == size ||
            !same_sentence(number, whole) || number.real.value < 3) {
          continue;
        }
        const auto product = times(bounds_of(each), bounds_of(number));
        const bool fits =
            apart(product, bounds_of(whole)) <= close && overlap(product, bounds_of(whole));
        const bool says_much = digits_of(each) + digits_of(number) + digits_of(whole) >= 8 &&
                               steps_between(each, number) <= 2 && steps_between(each, whole) <= 2;
        const bool slipped = (says_sum || says_much) && power_apart(product, bounds_of(whole)) != 0;
        if (!fits && !slipped) continue;
        auto finding = computed_finding(scene_,
                                        {"product",
                                         fits,
                                         {count, size, total},
                                         joined(written(scene_, number), " × ", plain(each.text))},
                                        whole, product);
        finding.implied.push_back(
            implied_in(scene_, each, over(bounds_of(whole), bounds_of(number))));
        summed_.insert(total);
        findings_.push_back(std::move(finding));
        return;
      }
    }
  }

  // "1.32 million, up 12 per cent from 1.10 million"; 由110万增长12%至132万: nothing else can be
  // meant, so what does not fit is doubted. What fits is left to check_arithmetic.
  void look_at_change(std::uint32_t index) {
    const auto& percent = figure(index);
    const bool changes = percent.has(Marker::rise) || percent.has(Marker::fall);
    if (percent.measure != Measure::ratio || percent.per.stated() || !changes ||
        explained_.contains(index) || index == 0 || index + 1 >= scene_.end_of(percent.paragraph)) {
      return;
    }
    const double direction = percent.has(Marker::rise) ? 1 : -1;
    auto from = index + 1;
    auto to = index - 1;
    const auto lead = scene_.lead(from);
    const bool backwards = lead == " from " || lead == " from the " || lead == " on the ";
    if (!backwards) std::swap(from, to);
    const auto& a = figure(from);
    const auto& b = figure(to);
    const bool plain_words =
        backwards || (a.has(Marker::before) && b.has(Marker::after) && steps_between(a, b) <= 1);
    if (!plain_words || !same_sentence(a, percent) || !same_sentence(b, percent) ||
        !is_whole_amount(a) || !is_whole_amount(b) || a.unit != b.unit || a.measure != b.measure ||
        !is_positive(a) || !is_positive(b)) {
      return;
    }
    const double change = b.real.value / a.real.value - 1;
    // What fell does not rise: the percentage then speaks of something else.
    if ((change > 0) != (direction > 0)) return;
    const double lowest = b.real.low / a.real.high - 1;
    const double highest = b.real.high / a.real.low - 1;
    const double stated = direction * percent.real.value;
    const double half = (percent.real.high - percent.real.low) / 2;
    if (stated + half >= lowest && stated - half <= highest) return;
    findings_.push_back(change_finding(scene_, {from, to, index}, change, false, false));
  }

  struct Run {
    std::vector<std::uint32_t> figures;
    Bounds added;
  };

  // A run of at least three amounts just before or after one that is their sum.
  void look_at_sum(std::uint32_t total) {
    const auto& whole = figure(total);
    if (!adds_up(whole) || summed_.contains(total) || !is_positive(whole)) return;
    if (is_row(scene_.reading(whole).text)) return;  // check_tables.
    for (const bool before : {true, false}) {
      const auto run = run_beside(total, before);
      if (!run) continue;
      std::vector<std::uint32_t> figures{total};
      figures.insert(figures.end(), run->figures.begin(), run->figures.end());
      findings_.push_back(
          computed_finding(scene_, {"sum", true, std::move(figures), sum_of(scene_, run->figures)},
                           whole, run->added));
      return;
    }
  }

  static bool adds_up(const Figure& of) {
    return is_whole_amount(of) || (of.measure == Measure::time && !of.per.stated());
  }

  std::optional<Run> run_beside(std::uint32_t total, bool before) const {
    const auto& whole = figure(total);
    const auto window = around(scene_, total);
    Run run;
    for (auto at = total; before ? at > window.begin : at + 1 < window.end;) {
      at = before ? at - 1 : at + 1;
      const auto& part = figure(at);
      // Between the parts of a list may stand their shares and numbers, and what one of them has.
      if (part.measure != whole.measure || part.per.stated()) continue;
      if (part.unit != whole.unit || !is_positive(part) || !adds_up(part)) break;
      if (!run.figures.empty() && steps_between(part, figure(run.figures.back())) > 9) break;
      run.figures.push_back(at);
      run.added = plus(run.added, bounds_of(part));
      if (run.added.low > whole.real.high) break;
      if (run.figures.size() < 3 || apart(run.added, bounds_of(whole)) > 0.004 ||
          !overlap(run.added, bounds_of(whole))) {
        continue;
      }
      if (before) std::reverse(run.figures.begin(), run.figures.end());
      return run;
    }
    return std::nullopt;
  }

  // 12800 lamps, 250 W before and 100 W now, 11 hours a night: so many kWh a year. A plant's
  // capacity times its hours.
  void look_at_power(std::uint32_t index) {
    const auto& energy = figure(index);
    if (energy.measure != Measure::energy || energy.per.stated() || !is_positive(energy)) return;
    const auto window = around(scene_, index);
    const auto draws = draws_in(window);
    const Draw* best = nullptr;
    std::uint32_t best_hours = 0;
    double best_days = 1;
    double best_apart = close;
    for (auto t = window.begin; t < window.end; ++t) {
      const auto& hours = figure(t);
      if (hours.measure != Measure::time || hours.real.value < 1800 || hours.real.value > year_s) {
        continue;
      }
      // So many hours a day, or a year.
      for (const double days : {1.0, 365.0}) {
        if (days > 1 && hours.real.value > 86400) continue;
        for (const auto& draw : draws) {
          const double product = draw.watts * hours.real.value * days;
          const double away = std::fabs(product / energy.real.value - 1);
          if (away >= best_apart) continue;
          best_apart = away;
          best = &draw;
          best_hours = t;
          best_days = days;
        }
      }
    }
    if (best == nullptr) return;
    const auto& hours = figure(best_hours);
    auto arithmetic = joined(best->arithmetic, " × ", plain(hours.text));
    if (best_days > 1) arithmetic = joined(arithmetic, " × ", plain("365"));
    const double product = best->watts * hours.real.value * best_days;
    auto figures = best->figures;
    figures.insert(figures.begin(), index);
    figures.insert(figures.begin() + 2, best_hours);
    auto finding =
        computed_finding(scene_, {"product", true, std::move(figures), std::move(arithmetic)},
                         energy, times(bounds_of(energy), product / energy.real.value));
    const double full = energy.real.value / best->watts / 3600;
    finding.implied.push_back({full, full, full, {"h", "小时"}, "h"});
    finding.implied.push_back({full, full, full, {"h/a", "小时/年"}, "h/a"});
    findings_.push_back(std::move(finding));
  }

  // What draws or gives power: one, one less another that replaced it, or so many of either.
  struct Draw {
    std::vector<std::uint32_t> figures;
    Text arithmetic;
    double watts = 0;
  };
  std::vector<Draw> draws_in(const Window& window) const {
    std::vector<Draw> single;
    for (auto p = window.begin; p < window.end; ++p) {
      const auto& power = figure(p);
      if (power.measure != Measure::power || !is_positive(power)) continue;
      for (auto q = window.begin; q < window.end; ++q) {
        const auto& less = figure(q);
        if (less.measure != Measure::power || less.real.value >= power.real.value) continue;
        single.push_back({{p, q},
                          joined(plain("(" + power.text), " − ", plain(less.text + ")")),
                          power.real.value - less.real.value});
      }
      single.push_back({{p}, plain(power.text), power.real.value});
    }
    std::vector<Draw> draws;
    for (auto n = window.begin; n < window.end; ++n) {
      const auto& number = figure(n);
      if (number.measure != Measure::count || number.per.stated()) continue;
      for (auto draw : single) {
        draw.figures.push_back(n);
        draw.arithmetic = joined(plain(number.text), " × ", draw.arithmetic);
        draw.watts *= number.real.value;
        draws.push_back(std::move(draw));
      }
    }
    draws.insert(draws.end(), single.begin(), single.end());
    return draws;
  }

  // "The net benefit is 29,800 t", of 44,200 and 14,400.
  void look_at_difference(std::uint32_t index) {
    const auto& rest = figure(index);
    if (!is_whole_amount(rest) || !is_positive(rest) ||
        !contains_any(scene_.lead(index), {"净", "差额", "余下", "剩", "结余", "net ", "Net ",
                                           "difference", "remain", "left over"})) {
      return;
    }
    const auto window = reach(scene_, index);
    for (auto more = window.begin; more < index; ++more) {
      for (auto less = window.begin; less < index; ++less) {
        const auto& a = figure(more);
        const auto& b = figure(less);
        if (more == less || !is_whole_amount(a) || !is_whole_amount(b) ||
            a.measure != rest.measure || b.measure != rest.measure ||
            a.real.value <= b.real.value) {
          continue;
        }
        const Bounds left{a.real.low - b.real.high, a.real.value - b.real.value,
                          a.real.high - b.real.low};
        const double near = a.paragraph == rest.paragraph ? close : close / 3;
        if (apart(left, bounds_of(rest)) > near || !overlap(left, bounds_of(rest))) continue;
        findings_.push_back(computed_finding(
            scene_, {"sum", true, {index, more, less}, joined(plain(a.text), " − ", plain(b.text))},
            rest, left));
        return;
      }
    }
  }

  // No more comes out of a heap or a mill than went in: 拆解2.7万吨，产出1.08万吨、0.59万吨、….
  void look_at_balance(std::uint32_t first) {
    const auto& out = figure(first);
    if (!is_material(out) || scene_.is(out, "co2") ||
        !contains_any(scene_.lead(first), {"产出", "出箱", "产成", "gave back", "yielded",
                                           "turned into", "came out"})) {
      return;
    }
    const auto outputs = outputs_from(first);
    const auto inputs = inputs_before(first);
    const auto given = outputs.added;
    const auto taken = inputs.added;
    const bool any_fed =
        std::any_of(inputs.figures.begin(), inputs.figures.end(), [&](std::uint32_t i) {
          return is_fed(i) || contains_any(after(figure(i)), {"进入", "投入"});
        });
    if (!any_fed || given.low <= taken.high * 1.02) return;
    auto figures = outputs.figures;
    figures.insert(figures.end(), inputs.figures.begin(), inputs.figures.end());
    auto finding = new_finding(scene_, "balance", Verdict::impossible, std::move(figures));
    const auto whole = in_unit_of(scene_, out, given.value);
    const auto all = in_unit_of(scene_, figure(inputs.figures.front()), taken.value);
    finding.arithmetic = joined(
        outputs.figures.size() > 1 ? joined(sum_of(scene_, outputs.figures), " = ", whole) : whole,
        " > ", all);
    finding.implied.push_back(implied_in(scene_, out, given));
    const double share = given.value / taken.value;
    finding.implied.push_back({share, share, share, {"t/t", "吨/吨"}, "t/t"});
    finding.expected = joined(plain("≤ "), "", all);
    findings_.push_back(std::move(finding));
  }

  static bool is_material(const Figure& of) {
    return of.measure == Measure::mass && is_whole_amount(of);
  }

  bool is_fed(std::uint32_t index) const {
    return contains_any(scene_.lead(index), {"进入", "投入", "吃", "处理", "收运", "接收", "其余",
                                             "took in", "received", "went in", "fed "});
  }

  Run outputs_from(std::uint32_t first) const {
    const auto& out = figure(first);
    Run run;
    for (auto i = first; i < scene_.end_of(out.paragraph); ++i) {
      const auto& other = figure(i);
      if (!same_segment(other, out) || !is_material(other)) break;
      run.figures.push_back(i);
      run.added = plus(run.added, bounds_of(other));
    }
    return run;
  }

  Run inputs_before(std::uint32_t first) const {
    const auto& out = figure(first);
    Run run;
    for (auto i = first; i-- > scene_.begin_of(out.paragraph);) {
      const auto& other = figure(i);
      if (other.sentence + 1 < out.sentence) break;
      if (!is_material(other)) continue;
      // Of a list the word stands before its first.
      const bool counts = run.figures.empty() ? same_sentence(other, out)
                                              : contains_any(scene_.lead(i), {"、", "和", " and "});
      if (!counts && !is_fed(i)) continue;
      run.figures.push_back(i);
      run.added = plus(run.added, bounds_of(other));
    }
    std::reverse(run.figures.begin(), run.figures.end());
    return run;
  }

  // 纸类占58%，塑料类占27%，…: the shares of a list are at most a hundred percent.
  void look_at_percentages(std::size_t paragraph) {
    const auto end = scene_.end_of(paragraph);
    for (auto first = scene_.begin_of(paragraph); first < end;) {
      std::vector<std::uint32_t> shares;
      Bounds added;
      auto at = first;
      int named = 0;
      for (; at < end && same_sentence(figure(at), figure(first)); ++at) {
        const auto& share = figure(at);
        if (share.measure != Measure::ratio || share.per.stated() || share.has(Marker::rise) ||
            share.has(Marker::fall)) {
          continue;
        }
        named += share.has(Marker::share) || scene_.lead(at).find("占") != std::string_view::npos;
        shares.push_back(at);
        added = plus(added, bounds_of(share));
      }
      first = at;
      const bool whole = added.low <= 1.005 && added.high >= 0.995;
      const bool too_much = named >= 3 && added.low > 1.005 && added.value < 2;
      if (shares.size() < 3 || (!whole && !too_much) ||
          static_cast<std::size_t>(named) + 2 < shares.size()) {
        continue;
      }
      auto finding =
          new_finding(scene_, "sum", whole ? Verdict::consistent : Verdict::contradiction, shares);
      const double percent = added.value * 100;
      finding.arithmetic = joined(sum_of(scene_, shares), " = ", plain(amount(percent) + "%"));
      finding.implied.push_back({added.low * 100, percent, added.high * 100, plain("%"), "%"});
      finding.expected = plain("100%");
      findings_.push_back(std::move(finding));
    }
  }

  const Scene& scene_;
  Findings& findings_;
  std::set<std::uint32_t> explained_;  // Percentages that other checks have related.
  std::set<std::uint32_t> summed_;     // Totals likewise.
};

}  // namespace

void check_relations(const Scene& scene, Findings& findings) {
  RelationCheck{scene, findings}.run();
}

}  // namespace partake::claims
