// Amounts for one of something: so many of them, times the amount for each, is the whole. Of the
// figures around that could be meant, those that fit are; only where none fit is anything doubted.

#include <optional>
#include <set>

#include "claims/bounds.h"

namespace partake::claims {
namespace {

constexpr double days_in_year = 365;

struct Triple {
  std::uint32_t rate = 0;
  std::uint32_t base = 0;
  std::uint32_t whole = 0;
  double times = 1;    // Days or years beside them.
  bool plain = false;  // The text says in words what the rate is of.
  int steps = 0;
  Bounds product;
};

class RateCheck {
 public:
  RateCheck(const Scene& scene, Findings& findings) : scene_{scene}, findings_{findings} {}

  void run() {
    for (std::size_t paragraph = 0; paragraph < scene_.readings.size(); ++paragraph) {
      if (is_row(scene_.readings[paragraph]->text)) continue;  // check_tables.
      explained_.clear();
      open_.clear();
      const auto end = scene_.end_of(paragraph);
      for (auto rate = scene_.begin_of(paragraph); rate < end; ++rate) look_at(rate);
      for (const auto rate : open_) {
        if (!explained_.contains(rate)) doubt(rate);
      }
    }
  }

 private:
  const Figure& figure(std::uint32_t index) const { return scene_.figures[index]; }

  static bool is_rate(const Figure& figure) {
    return figure.per.stated() && figure.measure != Measure::ratio &&
           figure.measure != Measure::time && figure.real.value > 0;
  }

  // What a rate is of: so many things, or so much of the measure.
  static bool may_be_base(const Figure& rate, const Figure& base) {
    if (!is_whole_amount(base) || base.real.value <= 0) return false;
    switch (rate.per.measure) {
      case Measure::count:
        return base.measure == Measure::count;
      case Measure::times:  // An average of what is not said.
        return base.measure == Measure::count || base.measure == Measure::area;
      default:
        return base.measure == rate.per.measure;
    }
  }
  bool is_plain_base(const Figure& rate, const Figure& base) const {
    if (rate.per.measure != Measure::count) return rate.per.measure == base.measure;
    if (rate.per.thing == none) return same_sentence(rate, base);
    return scene_.lexicon().is(base.thing, rate.per.thing) ||
           scene_.lexicon().is(rate.per.thing, base.thing);
  }

  // Days or years that the whole was gathered over and the other two are for one of.
  static double times_of(const Figure& rate, const Figure& base, const Figure& whole) {
    const bool daily = rate.period == Period::day || base.period == Period::day;
    if (daily && whole.period == Period::year) return days_in_year;
    if (rate.period == Period::year && whole.period == Period::total && whole.years > 1) {
      return whole.years;
    }
    return 1;
  }

  std::optional<Triple> triple(std::uint32_t rate, std::uint32_t base, std::uint32_t whole) const {
    const auto& each = figure(rate);
    const auto& count = figure(base);
    const auto& all = figure(whole);
    if (base == rate || whole == rate || whole == base || all.measure != each.measure ||
        !is_whole_amount(all) || all.real.value <= 0 || !may_be_base(each, count)) {
      return std::nullopt;
    }
    // All of several have more than one of them: from 250 W to 100 W a lamp.
    if (each.per.measure == Measure::count && all.real.high < each.real.low) return std::nullopt;
    Triple made{rate, base, whole, times_of(each, count, all), false, 0, {}};
    made.plain = is_plain_base(each, count) && related(scene_, each, all);
    made.steps = steps_between(count, each) + steps_between(all, each);
    made.product = times(times(bounds_of(each), bounds_of(count)), made.times);
    return made;
  }

  static bool fits(const Triple& triple, const Bounds& stated) {
    auto product = triple.product;
    // A year has 240 working days and 366 at most.
    if (triple.plain && triple.times == days_in_year) {
      product.low *= 240 / days_in_year;
      product.high *= 366 / days_in_year;
    }
    if (!overlap(product, stated)) return false;
    return triple.plain || apart(triple.product, stated) <= close;
  }

  void look_at(std::uint32_t rate) {
    if (!is_rate(figure(rate))) return;
    std::optional<Triple> best;
    const auto [from, to] = around(scene_, rate);
    for (auto base = from; base < to; ++base) {
      for (auto whole = from; whole < to; ++whole) {
        const auto made = triple(rate, base, whole);
        if (!made || !fits(*made, bounds_of(figure(whole)))) continue;
        const auto rank = [](const Triple& of) { return of.steps + (of.plain ? 0 : 100); };
        if (!best || rank(*made) < rank(*best)) best = made;
      }
    }
    if (!best) {
      open_.push_back(rate);
      return;
    }
    for (const auto index : {best->rate, best->base, best->whole}) explained_.insert(index);
    report(*best, true);
  }

  // Whether all three speak of one thing must be plain before a text is said to contradict itself:
  // one sentence; or more is spread on an area than is made; or only a power of ten is wrong.
  void doubt(std::uint32_t rate) {
    const auto [from, to] = around(scene_, rate);
    std::optional<Triple> nearest;
    std::optional<Triple> slipped;
    int bases = 0;
    for (auto base = from; base < to; ++base) {
      bases += base != rate && may_be_base(figure(rate), figure(base)) &&
               is_plain_base(figure(rate), figure(base));
      for (auto whole = from; whole < to; ++whole) {
        const auto made = triple(rate, base, whole);
        if (!made || !made->plain || !may_be_same_period(*made) || explained_.contains(whole)) {
          continue;
        }
        if (!nearest || made->steps < nearest->steps) nearest = made;
        if (power_apart(made->product, bounds_of(figure(whole))) != 0 && says_something(*made) &&
            (!slipped || made->steps < slipped->steps)) {
          slipped = made;
        }
      }
    }
    if (slipped) {
      report(*slipped, false);
      return;
    }
    if (!nearest) return;
    const auto& each = figure(rate);
    const auto& count = figure(nearest->base);
    const auto& whole = figure(nearest->whole);
    const bool one_sentence = same_sentence(each, count) && same_sentence(each, whole) &&
                              steps_between(count, whole) <= 3 && same_kind_or_money(each, whole);
    const bool used_up = each.per.measure == Measure::area && bases == 1 &&
                         nearest->product.low > whole.real.high &&
                         nearest->product.low < whole.real.high * 20 &&
                         contains_any(scene_.lead(nearest->whole),
                                      {"产生", "生产", "年产", "产", "produce", "output", "makes"});
    if (one_sentence || used_up) report(*nearest, false);
  }

  static bool same_kind_or_money(const Figure& each, const Figure& whole) {
    const bool known =
        each.thing != none || each.measure == Measure::money || each.measure == Measure::length;
    return known &&
           (same_kind(each, whole) || (each.measure == Measure::money && each.unit == whole.unit &&
                                       (each.thing == none || whole.thing == none)));
  }

  // A grand total ("in total", 共) of yearly amounts is of the same year.
  bool may_be_same_period(const Triple& of) const {
    const auto& whole = figure(of.whole);
    const auto& each = figure(of.rate);
    return of.times > 1 || whole.period == each.period || whole.period == Period::unstated ||
           each.period == Period::unstated ||
           (whole.period == Period::total && whole.has(Marker::sum));
  }

  // So many digits together that a power of ten apart is no chance.
  bool says_something(const Triple& of) const {
    int digits = 0;
    for (const auto index : {of.rate, of.base, of.whole}) {
      digits += figure(index).number.value.significant_digits();
    }
    return digits >= 5;
  }

  void report(const Triple& of, bool fits) {
    const auto& count = figure(of.base);
    const auto& each = figure(of.rate);
    const auto& whole = figure(of.whole);
    const auto stated = bounds_of(whole);
    const auto share = over(stated, times(bounds_of(each), of.times));
    auto arithmetic = joined(written(scene_, count), " × ", written(scene_, each));
    if (of.times > 1) arithmetic = joined(arithmetic, " × ", plain(amount(of.times)));
    auto finding = computed_finding(
        scene_, {"product", fits, {of.base, of.rate, of.whole}, arithmetic}, whole, of.product);
    finding.implied.push_back(implied_in(scene_, count, share));
    finding.implied.push_back(
        implied_in(scene_, each, over(stated, times(bounds_of(count), of.times))));
    if (!fits) {
      const auto other = in_unit_of(scene_, count, share.value);
      finding.note = {whole.text + " is enough for " + other.en + ".",
                      whole.text + "只够" + other.zh + "。"};
    }
    findings_.push_back(std::move(finding));
  }

  const Scene& scene_;
  Findings& findings_;
  std::set<std::uint32_t> explained_;
  std::vector<std::uint32_t> open_;  // Rates that nothing fits.
};

}  // namespace

void check_rates(const Scene& scene, Findings& findings) { RateCheck{scene, findings}.run(); }

}  // namespace partake::claims
