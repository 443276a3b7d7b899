#include <unordered_map>

#include "base/require.h"
#include "base/varint.h"
#include "rules/figures.h"

namespace partake::rules {
namespace {

constexpr std::int64_t day_s = std::int64_t{24} * 60 * 60;

struct DayCount {
  std::int32_t day = 0;
  std::uint32_t count = 0;
};

class Repetition final : public Detector {
 public:
  explicit Repetition(const RepetitionTerms& terms) : terms_{terms} {
    PARTAKE_REQUIRE(terms.more_than > 0 && terms.days > 0);
  }

  std::optional<Finding> take(const Act& act) override {
    auto& days = by_key_[key_of(act)];
    const auto day = day_number(act.day);
    std::int64_t times = 1;
    DayCount* own = nullptr;
    for (auto& entry : days) {
      if (entry.day == day) own = &entry;
      if (entry.day > day - terms_.days && entry.day < day + terms_.days) times += entry.count;
    }
    own != nullptr ? static_cast<void>(++own->count) : days.push_back({day, 1});
    if (times <= terms_.more_than) return std::nullopt;
    Finding finding;
    finding.records = {act.record};
    finding.strength = strength_of(times, terms_.more_than);
    finding.figures = {figure("times", times), figure("days", terms_.days, "d"),
                       figure("more_than", terms_.more_than)};
    return finding;
  }

  void take_back(const Act& act) override {
    const auto known = by_key_.find(key_of(act));
    if (known == by_key_.end()) return;
    for (auto& entry : known->second) {
      if (entry.day == day_number(act.day) && entry.count > 0) --entry.count;
    }
  }

  void forget_before(Day day) override {
    // Looking through all of it each day would take longer than the acts of the day do.
    const auto first = day_number(day) - terms_.days;
    if (first < forgotten_ + terms_.days / 4) return;
    forgotten_ = first;
    for (auto at = by_key_.begin(); at != by_key_.end();) {
      std::erase_if(at->second,
                    [&](const DayCount& entry) { return entry.day < first || entry.count == 0; });
      at = at->second.empty() ? by_key_.erase(at) : std::next(at);
    }
  }

 private:
  // Whatever must be the same. Zeros at the end of a number do not make it another one.
  [[nodiscard]] std::string key_of(const Act& act) const {
    std::string key;
    append_varint(key, act.account);
    for (auto [mantissa, exponent] : act.values) {
      while (mantissa != 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        ++exponent;
      }
      append_varint(key, to_zigzag(mantissa));
      append_varint(key, to_zigzag(mantissa == 0 ? 0 : exponent));
    }
    if (!terms_.time_of_day) return key;
    append_varint(key, static_cast<std::uint64_t>((act.start_s % day_s + day_s) % day_s));
    return key;
  }

  RepetitionTerms terms_;
  std::int64_t forgotten_ = std::numeric_limits<std::int32_t>::min();  // Days before this are.
  std::unordered_map<std::string, std::vector<DayCount>> by_key_;
};

}  // namespace

std::unique_ptr<Detector> make_repetition(const RepetitionTerms& terms) {
  return std::make_unique<Repetition>(terms);
}

}  // namespace partake::rules
