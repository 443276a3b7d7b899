#include <map>
#include <unordered_map>

#include "base/require.h"
#include "rules/figures.h"

namespace partake::rules {
namespace {

constexpr std::int64_t day_s = std::int64_t{24} * 60 * 60;
// An act's calendar may be a day away from UTC, and an act may last into the next day.
constexpr std::int64_t margin_days = 2;

// Acts of one account that overlap, as one: from its start to `end_s`.
struct Stretch {
  std::int64_t end_s = 0;
  Int128 distance_mm = 0;
  std::int64_t acts = 0;
};
using Stretches = std::map<std::int64_t, Stretch>;  // By their start; they do not overlap.

class Speed final : public Detector {
 public:
  explicit Speed(const SpeedTerms& terms) : most_{terms.most_mm_s} {
    PARTAKE_REQUIRE(0 < most_.numerator() && most_.numerator() <= speed_numerator_max);
    PARTAKE_REQUIRE(most_.denominator() <= speed_denominator_max);
  }

  std::optional<Finding> take(const Act& act) override {
    if (!act.measure || *act.measure < 0) return std::nullopt;
    if (is_too_fast(*act.measure, act.length_s)) return finding(act, *act.measure, act.length_s, 1);
    // Another report of the same act is no further way.
    if (act.again || *act.measure == 0) return std::nullopt;
    auto& stretches = by_account_[act.account];
    auto start = act.start_s;
    Stretch whole{act.start_s + act.length_s, *act.measure, 1};
    const auto first = first_overlapping(stretches, act.start_s);
    auto last = first;
    for (; last != stretches.end() && last->first < act.start_s + act.length_s; ++last) {
      start = std::min(start, last->first);
      whole.end_s = std::max(whole.end_s, last->second.end_s);
      whole.distance_mm += last->second.distance_mm;
      whole.acts += last->second.acts;
    }
    const auto length_s = whole.end_s - start;
    if (whole.acts > 1 && is_too_fast(whole.distance_mm, length_s)) {
      // What is not believed is held against nobody else.
      left_out_.emplace(act.record, act.start_s);
      return finding(act, whole.distance_mm, length_s, whole.acts);
    }
    stretches.erase(first, last);
    stretches.emplace(start, whole);
    return std::nullopt;
  }

  void take_back(const Act& act) override {
    if (!act.measure || *act.measure <= 0 || act.again) return;
    if (is_too_fast(*act.measure, act.length_s) || left_out_.erase(act.record) > 0) return;
    const auto known = by_account_.find(act.account);
    if (known == by_account_.end()) return;
    auto at = known->second.upper_bound(act.start_s);
    if (at == known->second.begin()) return;
    --at;
    if (at->second.end_s < act.start_s + act.length_s) return;
    // The time stays: what is left can only be found too slow.
    at->second.distance_mm -= *act.measure;
    if (--at->second.acts <= 0) known->second.erase(at);
  }

  void forget_before(Day day) override {
    const auto before_s = (std::int64_t{day_number(day)} - margin_days) * day_s;
    for (auto account = by_account_.begin(); account != by_account_.end();) {
      auto& stretches = account->second;
      std::erase_if(stretches, [&](const auto& entry) { return entry.second.end_s < before_s; });
      account = stretches.empty() ? by_account_.erase(account) : std::next(account);
    }
    std::erase_if(left_out_, [&](const auto& entry) { return entry.second < before_s; });
  }

 private:
  // Touching is not overlapping.
  static Stretches::iterator first_overlapping(Stretches& stretches, std::int64_t start_s) {
    auto at = stretches.lower_bound(start_s);
    if (at != stretches.begin() && std::prev(at)->second.end_s > start_s) --at;
    return at;
  }

  [[nodiscard]] bool is_too_fast(Int128 distance_mm, std::int64_t length_s) const {
    // A stretch has fewer acts than 2^32, none longer than 2^63 mm: 127 bits hold neither product
    // of all extremes, so the quotient decides first.
    const auto limit = most_.numerator() * length_s;
    return distance_mm > limit / most_.denominator() &&
           (distance_mm - limit / most_.denominator()) * most_.denominator() >
               limit % most_.denominator();
  }

  [[nodiscard]] Finding finding(const Act& act, Int128 distance_mm, std::int64_t length_s,
                                std::int64_t acts) const {
    Finding finding;
    finding.records = {act.record};
    const auto limit = std::max<Int128>(1, most_.numerator() * length_s / most_.denominator());
    finding.strength = std::max<std::int64_t>(1000, strength_of(distance_mm, limit));
    if (acts > 1) finding.figures.push_back(figure("acts", acts));
    finding.figures.push_back({"distance", Decimal{distance_mm, -3}, "m"});
    finding.figures.push_back(figure("time", length_s, "s"));
    if (length_s > 0) finding.figures.push_back({"speed", km_h({distance_mm, length_s}), "km/h"});
    finding.figures.push_back({"most", km_h(most_), "km/h"});
    return finding;
  }
  // Of mm/s, rounded half to even to a thousandth.
  static Decimal km_h(const Rational& mm_s) {
    const auto value = mm_s.times(Rational{36, 10'000});
    return value ? round_half_even(*value, 3).value_or(Decimal{}) : Decimal{};
  }

  Rational most_;
  std::unordered_map<std::uint64_t, Stretches> by_account_;
  std::unordered_map<std::uint64_t, std::int64_t> left_out_;  // Records, and when they began.
};

}  // namespace

std::unique_ptr<Detector> make_speed(const SpeedTerms& terms) {
  return std::make_unique<Speed>(terms);
}

}  // namespace partake::rules
