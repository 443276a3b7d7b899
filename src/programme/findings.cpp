#include "programme/findings.h"

#include <algorithm>

namespace partake::programme {
namespace {

class FindingReader {
 public:
  FindingReader(const TomlValue& table, Problems& problems)
      : reader_{table, "scheme.findings", problems} {}

  FindingRule read(const std::vector<std::string>& types, const std::vector<FindingRule>& before) {
    FindingRule finding;
    finding.place = reader_.place();
    finding.id = reader_.text("id");
    if (!is_dotted_name(finding.id) && reader_.has("id")) {
      reader_.problem("id", "programme.bad_name", {{"name", finding.id}});
    }
    const bool twice = std::any_of(before.begin(), before.end(), [&](const FindingRule& other) {
      return other.id == finding.id;
    });
    if (twice) reader_.problem("id", "programme.twice", {{"name", finding.id}});
    finding.detector = reader_.one_of("detector", {"speed", "repetition", "digits", "rate"});
    finding.events = reader_.optional_texts("events");
    if (finding.events.empty()) reader_.problem("events", "toml.key_missing");
    for (const auto& type : finding.events) {
      if (std::find(types.begin(), types.end(), type) != types.end()) continue;
      reader_.problem("events", "programme.unknown_event", {{"type", type}});
    }
    if (finding.detector == "speed") finding.rule = speed();
    if (finding.detector == "repetition") finding.rule = repetition();
    if (finding.detector == "digits") finding.rule = digits();
    if (finding.detector == "rate") finding.rule = rate();
    // Of an unknown detector nobody knows which keys it has.
    if (!finding.detector.empty()) reader_.finish();
    return finding;
  }

 private:
  std::int64_t number(const char* key, std::int64_t low, std::int64_t high) {
    const auto value = reader_.optional_integer(key);
    if (!value && !reader_.has(key)) reader_.problem(key, "toml.key_missing");
    if (value && (*value < low || *value > high)) {
      reader_.problem(key, "programme.out_of_range",
                      {{"value", std::to_string(*value)},
                       {"low", std::to_string(low)},
                       {"high", std::to_string(high)}});
    }
    return value.value_or(low);
  }

  Quantity quantity(const char* key) {
    const auto text = reader_.text(key);
    if (!reader_.has(key)) return {};
    auto value = parse_quantity(text);
    if (!value) {
      reader_.problem(key, std::move(value).error());
      return {};
    }
    if (value->value.mantissa <= 0) {
      reader_.problem(key, "programme.not_positive", {{"value", to_string(*value)}});
    }
    return *std::move(value);
  }

  SpeedRule speed() {
    SpeedRule rule;
    rule.field = reader_.text("field");
    rule.most = quantity("most");
    return rule;
  }

  RepetitionRule repetition() {
    RepetitionRule rule;
    rule.fields = reader_.optional_texts("fields");
    rule.time_of_day = reader_.optional_boolean("time_of_day").value_or(false);
    if (rule.fields.empty() && !rule.time_of_day) reader_.problem("fields", "toml.key_missing");
    rule.more_than = number("more_than", 1, finding_count_max);
    rule.days = number("days", 1, finding_days_max);
    return rule;
  }

  DigitsRule digits() {
    DigitsRule rule;
    rule.of = reader_.one_of("of", {"account", "source"});
    rule.field = reader_.text("field");
    rule.digit = reader_.one_of("digit", {"first", "last"});
    if (rule.digit == "last") rule.resolution = quantity("resolution");
    rule.count = number("count", 1, finding_count_max);
    rule.significance = reader_.text("significance");
    return rule;
  }

  RateRule rate() {
    RateRule rule;
    rule.of = reader_.one_of("of", {"account", "source"});
    if (reader_.has("asset")) {
      rule.asset = reader_.one_of(
          "asset", {"co2e", "points", "water", "electricity", "time", "money", "credits"});
    }
    rule.days = number("days", 1, finding_days_max);
    rule.history = number("history", 1, finding_days_max);
    auto most = parse_decimal(reader_.text("most"));
    if (most) {
      rule.most = *most;
    } else if (reader_.has("most")) {
      reader_.problem("most", std::move(most).error());
    }
    rule.at_least = quantity("at_least");
    return rule;
  }

  TomlReader reader_;
};

}  // namespace

std::vector<FindingRule> read_findings(TomlReader& scheme, const std::vector<std::string>& types,
                                       Problems& problems) {
  std::vector<FindingRule> findings;
  for (const auto* table : scheme.optional_tables("findings")) {
    FindingReader reader{*table, problems};
    findings.push_back(reader.read(types, findings));
  }
  return findings;
}

}  // namespace partake::programme
