#include "books/finding_plan.h"

#include <algorithm>
#include <limits>

#include "ledger/amount.h"
#include "rules/chi_square.h"

namespace partake::books {
namespace {

using programme::DigitsRule;
using programme::FindingRule;
using programme::RateRule;
using programme::RepetitionRule;
using programme::SpeedRule;

std::optional<std::size_t> place_of(const Rule& rule, const std::string& field) {
  for (std::size_t at = 0; at < rule.fields.size(); ++at) {
    const auto& plan = rule.fields[at];
    if (plan.field == field && plan.input->type == method::Input::Type::quantity) return at;
  }
  return std::nullopt;
}

// So many steps one of what the field is sent in has.
std::optional<Rational> steps(const FieldPlan& field, const Quantity& step) {
  const auto in_input = convert(step, field.input->unit);
  return in_input ? field.ratio.over(*in_input) : std::nullopt;
}

Quantity one(const char* unit) {
  Quantity quantity;
  quantity.value.mantissa = 1;
  if (auto parsed = parse_unit(unit)) quantity.unit = *std::move(parsed);
  return quantity;
}

struct Planner {
  const Rule& rule;

  std::optional<ActPlan> operator()(const SpeedRule& speed) const {
    if (rule.end_field.empty()) return std::nullopt;
    return measured(speed.field, one("mm"));
  }
  std::optional<ActPlan> operator()(const RepetitionRule& repetition) const {
    ActPlan plan;
    for (const auto& field : repetition.fields) {
      const auto place = place_of(rule, field);
      if (!place) return std::nullopt;
      plan.fields.push_back(*place);
    }
    return plan;
  }
  std::optional<ActPlan> operator()(const DigitsRule& digits) const {
    if (digits.resolution) return measured(digits.field, *digits.resolution);
    const auto place = place_of(rule, digits.field);
    if (!place) return std::nullopt;
    return ActPlan{{*place}, {}, false, {}};
  }
  std::optional<ActPlan> operator()(const RateRule& rate) const {
    ActPlan plan;
    plan.counts = rate.asset.empty();
    for (std::size_t at = 0; at < rule.amounts(); ++at) {
      if (rate.asset == ledger::name_of(rule.asset_of(at))) plan.amounts.push_back(at);
    }
    if (!plan.counts && plan.amounts.empty()) return std::nullopt;
    return plan;
  }

 private:
  [[nodiscard]] std::optional<ActPlan> measured(const std::string& field,
                                                const Quantity& step) const {
    const auto place = place_of(rule, field);
    if (!place) return std::nullopt;
    auto scale = steps(rule.fields[*place], step);
    if (!scale) return std::nullopt;
    return ActPlan{{*place}, scale, false, {}};
  }
};

std::optional<Rational> mm_per_s(const Quantity& speed) {
  const auto unit = parse_unit("mm/s");
  const auto value = unit ? convert(speed, *unit) : Result<Rational>{Rational{}};
  if (!value) return std::nullopt;
  const bool fits = 0 < value->numerator() && value->numerator() <= rules::speed_numerator_max &&
                    value->denominator() <= rules::speed_denominator_max;
  return fits ? std::optional{*value} : std::nullopt;
}

std::optional<Rational> score_of(const Decimal& most) {
  const auto value = to_rational(most);
  const bool fits = value && 0 < value->numerator() &&
                    value->numerator() <= rules::rate_ratio_max &&
                    value->denominator() <= rules::rate_ratio_max;
  return fits ? value : std::nullopt;
}

// How much above the median counts, in smallest units of the asset, or in acts.
std::optional<std::int64_t> least_of(const RateRule& rate) {
  const auto asset = ledger::asset_of(rate.asset);
  const auto whole =
      asset ? ledger::whole_in(rate.at_least, *asset) : ledger::whole_in(rate.at_least, Unit{});
  const bool fits = whole && 0 < *whole && *whole <= rules::rate_amount_max;
  return fits ? whole : std::nullopt;
}

rules::Of of(const std::string& name) {
  return name == "source" ? rules::Of::source : rules::Of::account;
}

struct Maker {
  std::unique_ptr<rules::Detector> operator()(const SpeedRule& speed) const {
    return rules::make_speed({mm_per_s(speed.most).value_or(Rational::whole(1))});
  }
  std::unique_ptr<rules::Detector> operator()(const RepetitionRule& repetition) const {
    return rules::make_repetition({repetition.time_of_day, repetition.more_than, repetition.days});
  }
  std::unique_ptr<rules::Detector> operator()(const DigitsRule& digits) const {
    const bool first = digits.digit == "first";
    return rules::make_digits({of(digits.of), first, digits.count,
                               rules::critical_milli(digits.significance, first).value_or(1),
                               digits.significance});
  }
  std::unique_ptr<rules::Detector> operator()(const RateRule& rate) const {
    rules::RateTerms terms;
    terms.of = of(rate.of);
    terms.days = rate.days;
    terms.history = rate.history;
    terms.most = score_of(rate.most).value_or(Rational::whole(1));
    terms.at_least = least_of(rate).value_or(1);
    if (const auto asset = ledger::asset_of(rate.asset)) terms.unit = ledger::unit_of(*asset);
    return rules::make_rate(terms);
  }
};

// value x scale, rounded down; empty beyond 63 bits.
std::optional<std::int64_t> whole_steps(const StoredValue& value, const Rational& scale) {
  Int128 top = 0;
  Int128 bottom = scale.denominator();
  if (__builtin_mul_overflow(Int128{value.mantissa}, scale.numerator(), &top)) return std::nullopt;
  for (auto exponent = value.exponent; exponent > 0; --exponent) {
    if (__builtin_mul_overflow(top, Int128{10}, &top)) return std::nullopt;
    if (top == 0) break;
  }
  for (auto exponent = value.exponent; exponent < 0; ++exponent) {
    if (__builtin_mul_overflow(bottom, Int128{10}, &bottom)) return std::nullopt;
  }
  const auto whole = top / bottom - (top % bottom < 0 ? 1 : 0);
  using Limits = std::numeric_limits<std::int64_t>;
  if (whole < Limits::min() || whole > Limits::max()) return std::nullopt;
  return static_cast<std::int64_t>(whole);
}

// What one finding needs of the scheme's types, and its thresholds.
class Check {
 public:
  Check(const FindingRule& finding, const std::vector<Rule>& rules, Problems& problems)
      : finding_{finding}, problems_{problems} {
    for (const auto& rule : rules) {
      const bool named = std::find(finding.events.begin(), finding.events.end(), rule.type) !=
                         finding.events.end();
      if (named && !plan_act(finding, rule)) {
        const bool no_end = finding.detector == "speed" && rule.end_field.empty();
        add(no_end ? "programme.finding_end" : "programme.finding_field",
            {{"finding", finding.id}, {"type", rule.type}});
      }
    }
  }

  void operator()(const SpeedRule& speed) {
    if (!mm_per_s(speed.most)) limit("most", to_string(speed.most), "km/h");
  }
  void operator()(const RepetitionRule& /*repetition*/) {}
  void operator()(const DigitsRule& digits) {
    const bool first = digits.digit == "first";
    if (!rules::critical_milli(digits.significance, first)) {
      std::string known;
      for (const auto text : rules::significances) {
        known += (known.empty() ? "" : ", ") + std::string{text};
      }
      add("programme.significance", {{"value", digits.significance}, {"known", known}});
    }
    const auto least = first ? rules::first_digits_min : rules::last_digits_min;
    if (digits.count >= least) return;
    add("programme.out_of_range", {{"key", "count"},
                                   {"value", std::to_string(digits.count)},
                                   {"low", std::to_string(least)},
                                   {"high", std::to_string(programme::finding_count_max)}});
  }
  void operator()(const RateRule& rate) {
    if (!score_of(rate.most)) limit("most", to_string(rate.most), "");
    if (!least_of(rate)) {
      const auto asset = ledger::asset_of(rate.asset);
      limit("at_least", to_string(rate.at_least), asset ? ledger::unit_of(*asset) : "");
    }
    if (rate.history <= rate.days) return;
    add("programme.out_of_range", {{"key", "history"},
                                   {"value", std::to_string(rate.history)},
                                   {"low", "1"},
                                   {"high", std::to_string(rate.days)}});
  }

 private:
  void add(const char* code, Args args) {
    problems_.push_back({ErrorKind::invalid, code, std::move(args), finding_.place});
  }
  void limit(const char* key, const std::string& value, const char* unit) {
    add("programme.finding_limit", {{"key", key}, {"value", value}, {"unit", unit}});
  }

  const FindingRule& finding_;
  Problems& problems_;
};

}  // namespace

std::optional<ActPlan> plan_act(const FindingRule& finding, const Rule& rule) {
  return std::visit(Planner{rule}, finding.rule);
}

std::unique_ptr<rules::Detector> detector_of(const FindingRule& finding) {
  return std::visit(Maker{}, finding.rule);
}

rules::Act act_of(const EventRecord& record, std::uint64_t number, std::uint32_t source,
                  const ActPlan& plan, std::vector<rules::Value>& values) {
  const auto& event = record.event;
  rules::Act act;
  act.record = number;
  act.account = event.account.value;
  act.source = source;
  act.start_s = std::chrono::floor<std::chrono::seconds>(event.time).time_since_epoch().count();
  act.length_s = event.length_s;
  act.day = event.day;
  act.again = (record.credit.limits & limited_by_act) != 0;
  values.clear();
  for (const auto field : plan.fields) {
    values.push_back({event.values[field].mantissa, event.values[field].exponent});
  }
  act.values = values;
  if (plan.scale) act.measure = whole_steps(event.values[plan.fields[0]], *plan.scale);
  if (plan.counts) act.measure = 1;
  if (!plan.amounts.empty()) {
    Int128 sum = 0;
    for (const auto amount : plan.amounts) sum += record.credit.credited[amount];
    constexpr Int128 most = rules::rate_amount_max;
    act.measure = static_cast<std::int64_t>(std::clamp(sum, -most, most));
  }
  return act;
}

void check_findings(const programme::Scheme& scheme, const std::vector<Rule>& rules,
                    Problems& problems) {
  for (const auto& finding : scheme.findings) {
    // What the reader of the file could not make out was told by it.
    if (finding.detector.empty()) continue;
    std::visit(Check{finding, rules, problems}, finding.rule);
  }
}

}  // namespace partake::books
