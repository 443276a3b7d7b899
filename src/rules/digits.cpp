#include <array>
#include <unordered_map>

#include "base/require.h"
#include "rules/chi_square.h"
#include "rules/figures.h"

namespace partake::rules {
namespace {

constexpr std::size_t no_digit = 10;

// Of a number's digits, the first that is not 0; no_digit of 0 itself.
std::size_t first_digit(std::int64_t mantissa) {
  auto rest = mantissa < 0 ? 0 - static_cast<std::uint64_t>(mantissa)
                           : static_cast<std::uint64_t>(mantissa);
  if (rest == 0) return no_digit;
  while (rest >= 10) rest /= 10;
  return static_cast<std::size_t>(rest);
}

class Digits final : public Detector {
 public:
  explicit Digits(const DigitsTerms& terms)
      : terms_{terms}, parts_{terms.first ? first_digit_parts() : last_digit_parts()} {
    PARTAKE_REQUIRE(terms.count >= (terms.first ? first_digits_min : last_digits_min));
    PARTAKE_REQUIRE(terms.critical_milli > 0);
  }

  std::optional<Finding> take(const Act& act) override {
    const auto cell = cell_of(act);
    if (cell >= parts_.size()) return std::nullopt;
    auto& batch = batches_[key_of(act)];
    batch.push_back({act.record, static_cast<std::uint8_t>(cell)});
    if (static_cast<std::int64_t>(batch.size()) < terms_.count) return std::nullopt;
    auto finding = look_at(batch);
    batch.clear();
    return finding;
  }

  void take_back(const Act& act) override {
    const auto known = batches_.find(key_of(act));
    if (known == batches_.end()) return;
    // What was looked at stays looked at.
    std::erase_if(known->second, [&](const Digit& digit) { return digit.record == act.record; });
  }

  // A batch is not open for days but for values.
  void forget_before(Day /*day*/) override {}

 private:
  struct Digit {
    std::uint64_t record = 0;
    std::uint8_t cell = 0;
  };

  [[nodiscard]] std::uint64_t key_of(const Act& act) const {
    return terms_.of == Of::account ? act.account : act.source;
  }

  // Which of the cells; none of them for what has no digit.
  [[nodiscard]] std::size_t cell_of(const Act& act) const {
    if (terms_.first) {
      const auto digit = act.values.empty() ? no_digit : first_digit(act.values.front().mantissa);
      return digit == no_digit ? no_digit : digit - 1;
    }
    if (!act.measure || *act.measure < 0) return no_digit;
    return static_cast<std::size_t>(*act.measure % 10);
  }

  [[nodiscard]] std::optional<Finding> look_at(const std::vector<Digit>& batch) const {
    std::array<std::int64_t, 10> counts{};
    for (const auto& digit : batch) ++counts[digit.cell];
    const std::span<const std::int64_t> observed{counts.data(), parts_.size()};
    const auto chi_square = chi_square_milli(observed, parts_);
    if (chi_square <= terms_.critical_milli) return std::nullopt;
    Finding finding;
    for (const auto& digit : batch) finding.records.push_back(digit.record);
    finding.strength = strength_of(chi_square, terms_.critical_milli);
    finding.figures = {figure("values", terms_.count),
                       {"chi_square", Decimal{chi_square, -3}, ""},
                       {"critical", Decimal{terms_.critical_milli, -3}, ""}};
    if (const auto shown = parse_decimal(terms_.significance)) {
      finding.figures.push_back({"significance", *shown, ""});
    }
    const auto most = std::max_element(observed.begin(), observed.end());
    const auto digit = most - observed.begin() + (terms_.first ? 1 : 0);
    finding.figures.push_back(figure("digit", digit));
    finding.figures.push_back(figure("seen", *most));
    return finding;
  }

  DigitsTerms terms_;
  std::span<const std::int64_t> parts_;
  std::unordered_map<std::uint64_t, std::vector<Digit>> batches_;
};

}  // namespace

std::unique_ptr<Detector> make_digits(const DigitsTerms& terms) {
  return std::make_unique<Digits>(terms);
}

}  // namespace partake::rules
