#include <map>
#include <unordered_map>

#include "base/require.h"
#include "rules/figures.h"

namespace partake::rules {
namespace {

// The modified z-score is 0.6745 (x - median) / MAD, MAD being the median of the distances from the
// median, and 0.6745 the third quartile of the standard normal distribution (B. Iglewicz and
// D. Hoaglin, How to Detect and Handle Outliers, 1993; NIST/SEMATECH e-Handbook, 1.3.5.17).
constexpr std::int64_t quartile = 6745;
constexpr std::int64_t quartile_of = 10'000;

// Twice the median, so that it is whole. Requires values.
Int128 twice_median(std::vector<Int128>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle * 2;
  return *middle + *std::max_element(values.begin(), middle);
}

struct DaySum {
  Int128 sum = 0;
  std::int64_t acts = 0;
  bool told = false;  // Of a source a day is told once.
};

class Rate final : public Detector {
 public:
  explicit Rate(const RateTerms& terms) : terms_{terms} {
    const auto& most = terms.most;
    PARTAKE_REQUIRE(0 < most.numerator() && most.numerator() <= rate_ratio_max);
    PARTAKE_REQUIRE(most.denominator() <= rate_ratio_max);
    PARTAKE_REQUIRE(0 < terms.at_least && terms.at_least <= rate_amount_max);
    PARTAKE_REQUIRE(terms.days > 0 && terms.history > 0);
  }

  std::optional<Finding> take(const Act& act) override {
    if (!act.measure) return std::nullopt;
    const auto day = day_number(act.day);
    auto& days = by_key_[key_of(act)];
    auto& today = days[day];
    // Within 2^40 each, so that sums of days stay far within 127 bits.
    today.sum += std::clamp<std::int64_t>(*act.measure, -rate_amount_max, rate_amount_max);
    ++today.acts;
    // A median of sums below 0 would say nothing of what is too much.
    if (today.told || today.sum < terms_.at_least) return std::nullopt;
    history_.clear();
    for (auto at = days.lower_bound(day - static_cast<std::int32_t>(terms_.days));
         at != days.end() && at->first < day; ++at) {
      if (at->second.acts > 0) history_.push_back(at->second.sum);
    }
    if (static_cast<std::int64_t>(history_.size()) < terms_.history) return std::nullopt;
    auto finding = compare(act, today.sum);
    today.told = finding.has_value() && terms_.of == Of::source;
    return finding;
  }

  void take_back(const Act& act) override {
    if (!act.measure) return;
    const auto known = by_key_.find(key_of(act));
    if (known == by_key_.end()) return;
    const auto day = known->second.find(day_number(act.day));
    if (day == known->second.end()) return;
    day->second.sum -= std::clamp<std::int64_t>(*act.measure, -rate_amount_max, rate_amount_max);
    --day->second.acts;
  }

  void forget_before(Day day) override {
    const auto first = day_number(day) - static_cast<std::int32_t>(terms_.days);
    // Looking through all of it each day would take longer than the acts of the day do.
    if (first < forgotten_ + terms_.days / 4) return;
    forgotten_ = first;
    for (auto at = by_key_.begin(); at != by_key_.end();) {
      at->second.erase(at->second.begin(), at->second.lower_bound(first));
      at = at->second.empty() ? by_key_.erase(at) : std::next(at);
    }
  }

 private:
  [[nodiscard]] std::uint64_t key_of(const Act& act) const {
    return terms_.of == Of::account ? act.account : act.source;
  }

  std::optional<Finding> compare(const Act& act, Int128 sum) {
    const auto days = static_cast<std::int64_t>(history_.size());
    const auto median2 = twice_median(history_);
    for (auto& value : history_)
      value = value * 2 < median2 ? median2 - value * 2 : value * 2 - median2;
    const auto mad4 = twice_median(history_);
    const auto above2 = sum * 2 - median2;
    if (above2 < Int128{terms_.at_least} * 2) return std::nullopt;
    // 0.6745 above / MAD > most, multiplied out.
    const auto score = Int128{quartile} * above2 * 2 * terms_.most.denominator();
    const auto limit = terms_.most.numerator() * quartile_of * mad4;
    if (score <= limit) return std::nullopt;
    Finding finding;
    finding.records = {act.record};
    // Where all days were alike, only the distance says how strong it is.
    const auto by_amount = strength_of(above2, Int128{terms_.at_least} * 2);
    finding.strength = mad4 == 0 ? by_amount : std::min(by_amount, strength_of(score, limit));
    const auto* unit = terms_.unit.c_str();
    finding.figures = {{"sum", Decimal{sum, 0}, unit},
                       {"median", Decimal{median2 * 5, -1}, unit},
                       {"mad", Decimal{mad4 * 25, -2}, unit},
                       figure("days", days, "d"),
                       figure("at_least", terms_.at_least, unit)};
    if (mad4 > 0) {
      const auto ratio = Rational{Int128{quartile} * above2 * 2, Int128{quartile_of} * mad4};
      finding.figures.push_back({"score", round_half_even(ratio, 2).value_or(Decimal{}), ""});
    }
    finding.figures.push_back({"most", exact(terms_.most), ""});
    return finding;
  }
  static Decimal exact(const Rational& value) {
    if (const auto decimal = exact_decimal(value)) return *decimal;
    return round_half_even(value, 3).value_or(Decimal{});
  }

  RateTerms terms_;
  std::int64_t forgotten_ = std::numeric_limits<std::int32_t>::min();  // Days before this are.
  std::unordered_map<std::uint64_t, std::map<std::int32_t, DaySum>> by_key_;
  std::vector<Int128> history_;
};

}  // namespace

std::unique_ptr<Detector> make_rate(const RateTerms& terms) {
  return std::make_unique<Rate>(terms);
}

}  // namespace partake::rules
