// What a text leaves its reader to compute: a figure that follows from others around it by a
// product, a quotient, a difference or a sum. Among enough figures something fits by chance, so the
// nearest combinations are tried first, and one that fits is believed only while so few were tried
// that chance would hardly have hit a mark so narrow. What does not fit says nothing.

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <span>

#include "claims/bounds.h"

namespace partake::claims {
namespace {

constexpr double day_s = 86400;
constexpr double year_s = 365 * day_s;
constexpr double short_ton = 0.90718474;  // Of a tonne.
constexpr double co2_of_carbon = 44.0 / 12;

// Exponents of measures, four bits each.
using Dims = std::int64_t;
constexpr Dims dims_at(int place) { return Dims{1} << (4 * place); }
constexpr Dims of_mass = dims_at(0);
constexpr Dims of_length = dims_at(1);
constexpr Dims of_area = 2 * of_length;
constexpr Dims of_volume = 3 * of_length;
constexpr Dims of_energy = dims_at(2);
constexpr Dims of_time = dims_at(3);
constexpr Dims of_count = dims_at(4);
constexpr int first_currency = 5;
constexpr std::size_t currencies_max = 6;

// One way to take a figure, or the difference or sum of two.
struct Term {
  std::uint32_t figure = 0;
  std::optional<std::uint32_t> other;
  bool is_sum = false;
  bool all_year = false;  // A power, through a year.
  double value = 0;
  double half = 0;  // Of what rounding leaves open, as a part of the value.
  Dims dims = 0;
  int cost = 0;
};

// A product of powers of at most four terms and a constant.
struct Guess {
  std::array<const Term*, 4> terms{};
  std::array<int, 4> powers{};
  std::size_t size = 0;
  double constant = 1;
  double value = 0;
  double half = 0;
  int cost = 0;
  bool natural = false;
  const Term* target = nullptr;  // A reading of it.
};

// Guesses are counted by cost.
constexpr int costs = 256;
constexpr int costs_below = 32;

class ArithmeticCheck {
 public:
  ArithmeticCheck(const Scene& scene, Findings& findings) : scene_{scene}, findings_{findings} {}

  void run() {
    for (const auto& finding : findings_) {
      const bool explains = finding.check == "product" || finding.check == "sum" ||
                            finding.check == "change" || finding.check == "days" ||
                            (finding.check == "part" && finding.figures.size() > 2);
      if (!explains || finding.verdict == Verdict::unchecked) continue;
      // Another figure may explain what is doubted: so many a day, and for how many days.
      if (finding.verdict == Verdict::contradiction && finding.check == "product") continue;
      explained_.insert(finding.figures.begin(), finding.figures.end());
    }
    // The last first: a result stands after what it follows from.
    for (auto paragraph = scene_.readings.size(); paragraph-- > 0;) {
      seen_.clear();
      for (auto i = scene_.end_of(paragraph); i-- > scene_.begin_of(paragraph);) look_at(i);
    }
  }

 private:
  const Figure& figure(std::uint32_t index) const { return scene_.figures[index]; }

  Dims currency(const Figure& of) {
    const auto& unit = scene_.lexicon().units()[static_cast<std::size_t>(of.unit)].unit;
    const auto known = std::find(currencies_.begin(), currencies_.end(), unit.dimension());
    const auto place = known - currencies_.begin();
    if (known == currencies_.end() && currencies_.size() < currencies_max) {
      currencies_.push_back(unit.dimension());
    }
    return dims_at(first_currency + static_cast<int>(place));
  }

  std::optional<Dims> dims_of(Measure measure, const Figure& of) {
    switch (measure) {
      case Measure::mass:
        return of_mass;
      case Measure::volume:
        return of_volume;
      case Measure::energy:
        return of_energy;
      case Measure::power:
        return of_energy - of_time;
      case Measure::area:
        return of_area;
      case Measure::length:
        return of_length;
      case Measure::time:
        return of_time;
      case Measure::count:
        return of_count;
      case Measure::money:
        return of.unit == none ? std::nullopt : std::optional{currency(of)};
      case Measure::ratio:
      case Measure::point:
      case Measure::times:
      case Measure::bare:
        return 0;
      case Measure::temperature:
        break;
    }
    return std::nullopt;
  }

  bool is_water(std::int16_t thing) const {
    return thing != none && (scene_.lexicon().is(thing, scene_.lexicon().thing("water")) ||
                             scene_.lexicon().is(thing, scene_.lexicon().thing("wastewater")));
  }

  // What rounding leaves open, as a part of the value. "About 29,800" is meant to its last digit
  // that is not 0.
  static double half_of(const Figure& of) {
    constexpr double least = 0.0002;
    if (of.number.hedge != Hedge::about || of.number.in_words) {
      return std::max((of.real.high - of.real.low) / 2 / of.real.value, least);
    }
    auto digits = of.number.value.mantissa;
    while (digits != 0 && digits % 10 == 0) digits /= 10;
    return std::max(0.5 / static_cast<double>(digits), least);
  }

  // The ways to take a figure; none where nothing can be computed with it.
  std::vector<Term> readings_of(std::uint32_t index, int cost) {
    std::vector<Term> terms;
    const auto& of = figure(index);
    const auto dims = dims_of(of.measure, of);
    if (!dims || !(of.real.value > 0)) return terms;
    Term term;
    term.figure = index;
    term.value = of.real.value * (of.measure == Measure::point ? 0.01 : 1);
    term.half = half_of(of);
    term.dims = *dims;
    term.cost = cost;
    if (of.per.stated()) {
      const auto below = of.per.measure == Measure::times ? of_count : dims_of(of.per.measure, of);
      if (!below || of.per.measure == Measure::money) return terms;
      term.dims -= *below;
    }
    terms.push_back(term);
    const auto also = [&](double value, Dims other, int more) {
      auto way = term;
      way.value = value;
      way.dims = other;
      way.cost += more;
      terms.push_back(way);
    };
    if (of.measure == Measure::count && !of.per.stated()) also(term.value, 0, 1);
    if (of.measure == Measure::time && !of.per.stated() && of.unit != none) {
      const auto& unit = scene_.lexicon().units()[static_cast<std::size_t>(of.unit)];
      also(term.value / to_double(unit.to_si), 0, 1);
    }
    if (of.measure == Measure::mass && is_water(of.thing)) {
      also(term.value / 1000, term.dims - of_mass + of_volume, 1);
    }
    if (of.measure == Measure::power && !of.per.stated()) {
      also(term.value * year_s, of_energy, 2);
      terms.back().all_year = true;
    }
    // Americans write tons of 2,000 pounds.
    if (of.measure == Measure::mass && (of.text.ends_with(" tons") || of.text.ends_with(" ton"))) {
      also(term.value * short_ton, term.dims, 3);
    }
    return terms;
  }

  int distance(const Figure& target, const Figure& of) const {
    if (target.paragraph == of.paragraph) return steps_between(target, of);
    return 8 + 2 * static_cast<int>(target.paragraph - of.paragraph);
  }

  // Differences and sums of two figures of one kind.
  void add_pairs(std::uint32_t index, const Window& window, std::vector<Term>& terms) {
    constexpr std::uint32_t apart_max = 8;
    constexpr int partners_max = 3;
    const auto& target = figure(index);
    for (auto i = window.begin; i < window.end; ++i) {
      const auto& a = figure(i);
      if (i == index || !(a.real.value > 0)) continue;
      int partners = 0;
      for (auto k = i + 1; k < window.end && k <= i + apart_max && partners < partners_max; ++k) {
        const auto& b = figure(k);
        if (k == index || a.measure != b.measure || a.paragraph != b.paragraph ||
            (a.measure == Measure::money && a.unit != b.unit) || !(b.real.value > 0) ||
            (a.per.stated() && b.per.stated() && a.per.measure != b.per.measure)) {
          continue;
        }
        add_pair(i, k, std::max(distance(target, a), distance(target, b)) + 2 + partners, terms);
        ++partners;
      }
    }
  }
  void add_pair(std::uint32_t i, std::uint32_t k, int cost, std::vector<Term>& terms) {
    const auto& a = figure(i);
    const auto& b = figure(k);
    // "1.12 kg per kg, from 1.31 kg": the second says it no more.
    const bool shared = a.per.stated() != b.per.stated();
    const auto scale_of = [&](const Figure& of, const Figure& other) {
      const double scale = of.measure == Measure::point ? 0.01 : 1;
      if (!shared || of.per.stated() || other.per.unit == none) return scale;
      return scale /
             to_double(scene_.lexicon().units()[static_cast<std::size_t>(other.per.unit)].to_si);
    };
    const double one = a.real.value * scale_of(a, b);
    const double two = b.real.value * scale_of(b, a);
    const double open = (a.real.high - a.real.low) / 2 * scale_of(a, b) +
                        (b.real.high - b.real.low) / 2 * scale_of(b, a);
    const auto add = [&](std::uint32_t of, bool is_sum, double value, double scale) {
      const auto ways = readings_of(of, cost);
      if (ways.empty() || !(value > 0) || open / value > 0.1) return;
      auto term = ways.front();
      term.figure = is_sum || one > two ? i : k;
      term.other = term.figure == i ? k : i;
      term.is_sum = is_sum;
      term.value = value / scale;
      term.half = std::max(open / value, 0.0002);
      terms.push_back(term);
    };
    // Each in its own terms: with the per, and without.
    const double point = a.measure == Measure::point ? 0.01 : 1;
    add(i, false, std::fabs(one - two), scale_of(a, b) / point);
    if (shared) add(k, false, std::fabs(one - two), scale_of(b, a) / point);
    if (!a.per.stated() && !b.per.stated()) add(i, true, one + two, 1);
  }

  static bool may_be_computed(const Figure& target) {
    return target.real.value > 0 && target.measure != Measure::bare &&
           target.measure != Measure::temperature;
  }

  // Names that exclude each other make a combination less likely.
  bool strange(const Figure& left, const Figure& right) const {
    return left.measure == right.measure && left.thing != none && right.thing != none &&
           left.thing != right.thing && !scene_.lexicon().is(left.thing, right.thing) &&
           !scene_.lexicon().is(right.thing, left.thing);
  }

  int cost_of(const Guess& guess) const {
    int cost = 3 * static_cast<int>(guess.size - 1);
    for (std::size_t i = 0; i < guess.size; ++i) {
      const auto& of = figure(guess.terms[i]->figure);
      cost += guess.terms[i]->cost;
      if (of.per.thing == none) continue;
      for (std::size_t k = 0; k < guess.size; ++k) {
        const auto& base = figure(guess.terms[k]->figure);
        // A rate and what it is of.
        if (k == i || of.per.measure != base.measure) continue;
        const bool its = scene_.lexicon().is(base.thing, of.per.thing) ||
                         scene_.lexicon().is(of.per.thing, base.thing);
        cost += its ? -2 : (base.thing == none ? 0 : 4);
      }
    }
    return cost;
  }

  static bool is_of_each(const Figure& rate, const Figure& base, const Figure& whole) {
    return rate.per.stated() && !base.per.stated() && !whole.per.stated() &&
           rate.per.measure == base.measure && rate.measure == whole.measure;
  }

  // What people compute every day: so many times what one has, perhaps for so many days; a power
  // and its hours; a part of all, or of what was before.
  bool is_natural(const Guess& guess, const Figure& target) const {
    const auto of = [&](std::size_t i) -> const Figure& { return figure(guess.terms[i]->figure); };
    if (guess.size == 3) {
      // Of the three one is a mere number of days.
      for (std::size_t days = 0; days < 3; ++days) {
        if (of(days).measure != Measure::time || guess.terms[days]->dims != 0) continue;
        const auto a = days == 0 ? std::size_t{1} : std::size_t{0};
        return is_natural_pair(of(a), guess.powers[a], of(3 - a - days), guess.powers[3 - a - days],
                               target);
      }
      return false;
    }
    return guess.size == 2 &&
           is_natural_pair(of(0), guess.powers[0], of(1), guess.powers[1], target);
  }
  static bool is_natural_pair(const Figure& a, int a_power, const Figure& b, int b_power,
                              const Figure& target) {
    if (target.measure == Measure::ratio) {
      return a.thing != none && same_kind(a, b) && a.period == b.period &&
             (same_sentence(a, target) || same_sentence(b, target));
    }
    const auto works = [](const Figure& power, const Figure& hours) {
      return power.measure == Measure::power && hours.measure == Measure::time;
    };
    if (a_power > 0 && b_power > 0) {
      return is_of_each(a, b, target) || is_of_each(b, a, target) || works(a, b) || works(b, a);
    }
    const auto& over = a_power > 0 ? a : b;
    const auto& under = a_power > 0 ? b : a;
    return is_of_each(target, under, over) || is_of_each(under, target, over);
  }

  // Counts the guess among those tried, with each constant that may belong to it, and keeps what
  // fits. Its dimensions are the target's.
  void consider(const Term& target, Guess guess) {
    const auto& of = figure(target.figure);
    bool daily = false;
    bool monthly = false;
    double value = 1;
    for (std::size_t i = 0; i < guess.size; ++i) {
      const auto& term = *guess.terms[i];
      value = guess.powers[i] > 0 ? value * term.value : value / term.value;
      guess.half += term.half;
      daily = daily || figure(term.figure).period == Period::day;
      monthly = monthly || figure(term.figure).period == Period::month;
    }
    guess.target = &target;
    const bool natural = is_natural(guess, of);
    const double wide = width(target, guess);
    const int base = cost_of(guess) + target.cost;
    const auto add = [&](double constant) {
      guess.constant = constant;
      guess.value = value * constant;
      guess.cost = base + (constant == 1 ? 0 : 1);
      guess.natural = natural;
      const auto place =
          static_cast<std::size_t>(std::clamp(guess.cost + costs_below, 0, costs - 1));
      ++tried_[place];
      if (natural) ++tried_naturally_[place];
      if (std::fabs(guess.value / target.value - 1) <= wide) fitting_.push_back(guess);
    };
    if (guess.size > 1 || guess.terms[0]->other || guess.terms[0]->all_year) add(1);
    // Days of a year, where a day stands on one side only; months likewise.
    if (daily && of.period != Period::day) add(365);
    if (!daily && of.period == Period::day) add(1.0 / 365);
    if (monthly && of.period != Period::month) add(12);
    if (!monthly && of.period == Period::month) add(1.0 / 12);
    if (guess.size == 1 && is_carbon(*guess.terms[0], of)) add(co2_of_carbon);
  }
  bool is_carbon(const Term& term, const Figure& target) const {
    return figure(term.figure).measure == Measure::mass && target.measure == Measure::mass &&
           !term.other && contains_any(scene_.sentence(target), {"碳", "carbon", "Carbon"});
  }

  static bool overlaps(const Term& a, const Term& b) {
    const auto has = [](const Term& term, std::uint32_t figure) {
      return term.figure == figure || term.other == figure;
    };
    return has(b, a.figure) || (a.other && has(b, *a.other));
  }

  void add_singles(const std::vector<Term>& targets, const std::vector<Term>& terms) {
    for (const auto& target : targets) {
      const auto measure = figure(target.figure).measure;
      for (const auto& term : terms) {
        if (term.dims != target.dims) continue;
        const auto own = figure(term.figure).measure;
        const bool alike =
            own == measure || (own == Measure::ratio && measure == Measure::point) || term.all_year;
        if (alike || !term.other) consider(target, {{&term}, {1}, 1});
      }
    }
  }

  // Terms by their dimensions, so that only those are met that can be meant.
  void group(const std::vector<Term>& terms) {
    groups_.clear();
    by_dims_.clear();
    for (const auto& term : terms) by_dims_.push_back(&term);
    std::stable_sort(by_dims_.begin(), by_dims_.end(),
                     [](const Term* a, const Term* b) { return a->dims < b->dims; });
    for (std::size_t i = 0; i < by_dims_.size(); ++i) {
      const auto dims = by_dims_[i]->dims;
      if (groups_.empty() || groups_.back().dims != dims) groups_.push_back({dims, i, i});
      groups_.back().end = i + 1;
    }
  }
  std::span<const Term* const> of_dims(Dims dims) const {
    for (const auto& group : groups_) {
      if (group.dims == dims) return {by_dims_.data() + group.begin, group.end - group.begin};
    }
    return {};
  }

  void add_doubles(const std::vector<Term>& targets, const std::vector<Term>& terms) {
    const auto measure = figure(targets.front().figure).measure;
    const bool is_share =
        measure == Measure::ratio || measure == Measure::point || measure == Measure::times;
    const auto may_stand = [&](const Term& a, const Term& b) {
      // A change is a part of one of the two.
      if (overlaps(a, b) && !(is_share && a.other.has_value() != b.other.has_value())) return false;
      return is_share || a.is_sum == b.is_sum;
    };
    group(terms);
    for (const auto& target : targets) {
      for (const auto& a : terms) {
        for (const auto* b : of_dims(target.dims - a.dims)) {
          if (b > &a && may_stand(a, *b)) consider(target, {{&a, b}, {1, 1}, 2});
        }
        for (const auto* b : of_dims(a.dims - target.dims)) {
          if (b != &a && may_stand(a, *b)) consider(target, {{&a, b}, {1, -1}, 2});
        }
      }
    }
  }

  void add_triples(const std::vector<Term>& targets, const std::vector<Term>& terms) {
    for (const auto& target : targets) {
      for (std::size_t i = 0; i < terms.size(); ++i) {
        for (std::size_t k = i + 1; k < terms.size(); ++k) {
          if (overlaps(terms[i], terms[k])) continue;
          for (std::size_t m = k + 1; m < terms.size(); ++m) {
            if (overlaps(terms[i], terms[m]) || overlaps(terms[k], terms[m])) continue;
            consider_triple(target, {&terms[i], &terms[k], &terms[m]});
          }
        }
      }
    }
  }

  void consider_triple(const Term& target, const std::array<const Term*, 3>& of) {
    constexpr std::array<std::array<int, 3>, 7> signs{
        {{1, 1, 1}, {1, 1, -1}, {1, -1, 1}, {-1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}}};
    const auto with = [](Dims dims, int power) { return power > 0 ? dims : -dims; };
    for (const auto& powers : signs) {
      const auto dims = with(of[0]->dims, powers[0]) + with(of[1]->dims, powers[1]) +
                        with(of[2]->dims, powers[2]);
      if (dims != target.dims) continue;
      consider(target, {{of[0], of[1], of[2]}, {powers[0], powers[1], powers[2]}, 3});
    }
  }

  // 38 rooms × 24 lamps × (96 W − 40 W) × 1,600 h.
  void add_fours(const std::vector<Term>& targets, const std::vector<Term>& terms) {
    const auto count = terms.size();
    for (const auto& target : targets) {
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t k = i + 1; k < count; ++k) {
          for (std::size_t m = k + 1; m < count; ++m) {
            for (std::size_t n = m + 1; n < count; ++n) {
              consider_four(target, {&terms[i], &terms[k], &terms[m], &terms[n]});
            }
          }
        }
      }
    }
  }
  void consider_four(const Term& target, const std::array<const Term*, 4>& of) {
    Dims dims = 0;
    for (const auto* term : of) dims += term->dims;
    if (dims != target.dims) return;
    for (std::size_t i = 0; i < of.size(); ++i) {
      for (std::size_t k = i + 1; k < of.size(); ++k) {
        if (overlaps(*of[i], *of[k])) return;
      }
    }
    consider(target, {of, {1, 1, 1, 1}, 4});
  }

  // How far from the target a guess may lie.
  double width(const Term& target, const Guess& guess) const {
    constexpr double hedged = 0.03;
    const auto hedge = figure(target.figure).number.hedge;
    if (hedge == Hedge::exact || hedge == Hedge::about) {
      return std::clamp(target.half + guess.half, 0.0005, close);
    }
    return std::min(hedged, target.half);
  }

  // The nearest that fits, unless so many were tried that one of them fits by chance. What people
  // compute every day goes first, and is counted by itself.
  const Guess* best() const {
    const auto* natural = first(true, tried_naturally_);
    return natural != nullptr ? natural : first(false, tried_);
  }
  using Tried = std::array<int, costs>;
  const Guess* first(bool natural, const Tried& tried) const {
    constexpr double chance_max = 0.1;
    constexpr double density = 0.25;  // Of guesses, per e-fold around the target.
    const Guess* nearest = nullptr;
    for (const auto& guess : fitting_) {
      if (natural && !guess.natural) continue;
      if (nearest == nullptr || guess.cost < nearest->cost) nearest = &guess;
    }
    if (nearest == nullptr) return nullptr;
    const auto place = std::clamp(nearest->cost + costs_below, 0, costs - 1);
    int before = 1;
    for (int cost = 0; cost < place; ++cost) before += tried[static_cast<std::size_t>(cost)];
    const double wide = width(*nearest->target, *nearest);
    return before * 2 * wide * density > chance_max ? nullptr : nearest;
  }

  void look_at(std::uint32_t index) {
    const auto& target = figure(index);
    if (!may_be_computed(target) || explained_.contains(index)) return;
    const auto targets = readings_of(index, 0);
    if (targets.empty()) return;
    const auto window = reach(scene_, index);
    std::vector<Term> terms;
    for (auto i = window.begin; i < window.end; ++i) {
      const auto& of = figure(i);
      if (i == index || (of.measure == Measure::bare && !same_sentence(of, target))) continue;
      const int cost = distance(target, of) + (strange(target, of) ? 3 : 0);
      for (const auto& term : readings_of(i, cost)) terms.push_back(term);
    }
    add_pairs(index, window, terms);
    tried_.fill(0);
    tried_naturally_.fill(0);
    fitting_.clear();
    add_singles(targets, terms);
    add_doubles(targets, terms);
    const auto* best = this->best();
    std::vector<Term> near;
    if (best == nullptr) {
      near = nearest_of(terms, target);
      add_triples(targets, near);
      best = this->best();
      if (best == nullptr) {
        add_fours(targets, near);
        best = this->best();
      }
    }
    if (best == nullptr) return;
    std::vector<std::uint32_t> figures{index};
    for (std::size_t i = 0; i < best->size; ++i) {
      figures.push_back(best->terms[i]->figure);
      if (best->terms[i]->other) figures.push_back(*best->terms[i]->other);
    }
    // Of three figures that belong together each follows from the others: it is told once.
    auto set = figures;
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    if (!seen_.insert(set).second) return;
    withdraw_doubts(set);
    report(*best, std::move(figures));
  }

  // Of the target's sentence and the one before it.
  std::vector<Term> nearest_of(const std::vector<Term>& terms, const Figure& target) const {
    constexpr std::size_t near_max = 10;
    std::vector<Term> near;
    for (const auto& term : terms) {
      const auto& of = figure(term.figure);
      if (of.paragraph == target.paragraph && of.sentence + 1 >= target.sentence &&
          of.sentence <= target.sentence && !term.is_sum && !term.all_year) {
        near.push_back(term);
      }
    }
    std::stable_sort(near.begin(), near.end(),
                     [](const Term& a, const Term& b) { return a.cost < b.cost; });
    if (near.size() > near_max) near.resize(near_max);
    return near;
  }

  // Products that were doubted among figures which fit each other in another way. `explained` is
  // sorted.
  void withdraw_doubts(const std::vector<std::uint32_t>& explained) {
    std::erase_if(findings_, [&](const Finding& finding) {
      return finding.verdict == Verdict::contradiction && finding.check == "product" &&
             std::all_of(finding.figures.begin(), finding.figures.end(), [&](std::uint32_t of) {
               return std::binary_search(explained.begin(), explained.end(), of);
             });
    });
  }

  Text written_term(const Term& term) const {
    const auto& of = figure(term.figure);
    if (term.all_year) return joined(plain(of.text), " × ", Text{"8,760 h", "8,760小时"});
    if (!term.other) return written(scene_, of);
    return plain("(" + of.text + (term.is_sum ? " + " : " − ") + figure(*term.other).text + ")");
  }

  // What multiplies before what divides, each in the order of the text, and the constant last.
  Text written_guess(const Guess& guess) const {
    std::vector<std::pair<int, const Term*>> parts;
    for (std::size_t i = 0; i < guess.size; ++i)
      parts.emplace_back(-guess.powers[i], guess.terms[i]);
    std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
      return std::pair{a.first, a.second->figure} < std::pair{b.first, b.second->figure};
    });
    Text text;
    for (const auto& [divides, of] : parts) {
      const auto term = written_term(*of);
      text = text.en.empty() ? (divides < 0 ? term : joined(plain("1"), " ÷ ", term))
                             : joined(text, divides < 0 ? " × " : " ÷ ", term);
    }
    if (guess.constant == 1) return text;
    if (guess.constant == co2_of_carbon) return joined(text, " × ", plain("44/12"));
    return guess.constant > 1 ? joined(text, " × ", plain(amount(guess.constant)))
                              : joined(text, " ÷ ", plain(amount(1 / guess.constant)));
  }

  static const char* check_of(const Guess& guess, bool is_share) {
    if (guess.size == 1 && guess.terms[0]->other) return "sum";
    if (!is_share) return "product";
    const bool changed = std::any_of(guess.terms.begin(), guess.terms.begin() + guess.size,
                                     [](const Term* term) { return term->other && !term->is_sum; });
    return changed ? "change" : "part";
  }

  void report(const Guess& guess, std::vector<std::uint32_t> figures) {
    const auto& of = figure(guess.target->figure);
    const bool is_share = of.measure == Measure::ratio || of.measure == Measure::point;
    auto finding =
        new_finding(scene_, check_of(guess, is_share), Verdict::consistent, std::move(figures));
    const auto arithmetic = written_guess(guess);
    const double ratio = guess.value / guess.target->value;
    if (is_share) {
      const bool points = of.measure == Measure::point;
      const double percent = guess.value * 100;
      const Text unit = points ? Text{" percentage points", "个百分点"} : plain("%");
      finding.arithmetic = joined(arithmetic, " = ", joined(plain(amount(percent, 3)), "", unit));
      finding.implied.push_back({percent, percent, percent, unit, points ? "pp" : "%"});
    } else {
      const double si = of.real.value * ratio;
      finding.arithmetic = joined(arithmetic, " = ", in_unit_of(scene_, of, si));
      finding.implied.push_back(implied_in(scene_, of, times(bounds_of(of), ratio)));
    }
    if (guess.constant == co2_of_carbon) {
      const double carbon = of.real.value / (guess.value / guess.constant);
      finding.implied.push_back({carbon, carbon, carbon, {"t/t", "吨/吨"}, "t/t"});
    }
    finding.expected = written(scene_, of);
    add_implied_terms(finding, guess, ratio);
    if (of.measure == Measure::time) add_hours(finding, of, ratio);
    findings_.push_back(std::move(finding));
  }

  // What each term would be by the others. `ratio`: the guess over its target.
  void add_implied_terms(Finding& finding, const Guess& guess, double ratio) const {
    const auto& of = figure(guess.target->figure);
    for (std::size_t i = 0; i < guess.size; ++i) {
      const auto& term = *guess.terms[i];
      const auto& other = figure(term.figure);
      if (term.other) {
        // Of a difference also what it is taken from.
        if (guess.size > 1 || term.is_sum) continue;
        const double whole = of.real.value + figure(*term.other).real.value;
        finding.implied.push_back(implied_in(scene_, other, {whole, whole, whole}));
        continue;
      }
      if (other.measure == Measure::ratio) continue;
      const double own = guess.powers[i] > 0 ? 1 / ratio : ratio;
      finding.implied.push_back(implied_in(scene_, other, times(bounds_of(other), own)));
      // Hours of use are those of a year.
      if (of.measure == Measure::energy) add_hours(finding, other, own);
    }
  }

  // A year's hours of use may also be meant as hours a year.
  static void add_hours(Finding& finding, const Figure& time, double ratio) {
    if (time.measure != Measure::time) return;
    const double hours = time.real.value * ratio / 3600;
    finding.implied.push_back({hours, hours, hours, {"h/a", "小时/年"}, "h/a"});
  }

  const Scene& scene_;
  Findings& findings_;
  std::set<std::uint32_t> explained_;
  std::set<std::vector<std::uint32_t>> seen_;  // Of the paragraph.
  std::vector<Dimension> currencies_;
  struct Group {
    Dims dims = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  std::vector<Group> groups_;
  std::vector<const Term*> by_dims_;
  std::array<int, costs> tried_{};
  std::array<int, costs> tried_naturally_{};
  std::vector<Guess> fitting_;
};

}  // namespace

void check_arithmetic(const Scene& scene, Findings& findings) {
  ArithmeticCheck{scene, findings}.run();
}

}  // namespace partake::claims
