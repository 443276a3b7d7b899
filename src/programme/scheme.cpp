#include "programme/scheme.h"

#include <algorithm>

namespace partake::programme {
namespace {

class SchemeReader {
 public:
  SchemeReader(const TomlValue& table, const std::vector<MethodId>& methods, Problems& problems)
      : root_{table, "scheme", problems}, methods_{methods}, problems_{problems} {}

  Scheme read() {
    scheme_.place = root_.place();
    scheme_.zone = root_.text("zone");
    scheme_.late_days = number("late_days", 0, late_days_max).value_or(0);
    if (!root_.has("late_days")) root_.problem("late_days", "toml.key_missing");
    scheme_.actors = root_.optional_texts("actors");
    for (const auto& member : root_.optional_members("tiers")) read_tier(member);
    for (const auto* table : root_.optional_tables("events")) read_event(*table);
    for (const auto* table : root_.optional_tables("caps")) read_cap(*table);
    for (const auto* table : root_.optional_tables("exclusive")) read_exclusive(*table);
    if (root_.has("point_for")) scheme_.point_for = quantity(root_, "point_for");
    scheme_.dealings = read_dealings(root_, problems_);
    std::vector<std::string> types;
    for (const auto& event : scheme_.events) types.push_back(event.type);
    scheme_.findings = read_findings(root_, types, problems_);
    if (scheme_.events.empty() && scheme_.dealings.are_none()) {
      root_.problem("events", "programme.no_events");
    }
    root_.finish();
    return std::move(scheme_);
  }

 private:
  std::optional<std::int64_t> number(const char* key, std::int64_t low, std::int64_t high) {
    const auto value = root_.optional_integer(key);
    check_number(root_, key, value, low, high);
    return value;
  }
  static void check_number(TomlReader& reader, const char* key, std::optional<std::int64_t> value,
                           std::int64_t low, std::int64_t high) {
    if (!value || (low <= *value && *value <= high)) return;
    reader.problem(key, "programme.out_of_range",
                   {{"value", std::to_string(*value)},
                    {"low", std::to_string(low)},
                    {"high", std::to_string(high)}});
  }

  // Positive: a share or a limit of nothing says nothing.
  static Quantity quantity(TomlReader& reader, const char* key) {
    auto value = parse_quantity(reader.text(key));
    if (value) return *std::move(value);
    if (reader.has(key)) reader.problem(key, std::move(value).error());
    return {};
  }

  void read_tier(const TomlValue::Member& member) {
    const auto known = member.key == "A" || member.key == "B" || member.key == "C";
    if (!known) root_.problem("tiers", "programme.unknown_tier", {{"tier", member.key}});
    auto worth = parse_decimal(member.value.text);
    const bool good = worth && worth->mantissa >= 0 && to_double(*worth) <= 1;
    if (!good) root_.problem("tiers", "programme.tier_worth", {{"tier", member.key}});
    if (known && good) scheme_.tiers.emplace_back(member.key, *worth);
  }

  FieldSource read_field(const TomlValue::Member& member) {
    TomlReader reader{member.value, "scheme.events.inputs." + member.key, problems_};
    FieldSource source;
    source.input = member.key;
    source.field = reader.optional_text("field");
    source.constant = reader.optional_text("constant");
    if (reader.has("unit")) source.unit = reader.unit("unit");
    source.place = member.value.place;
    if (source.field.empty() == source.constant.empty()) {
      reader.problem("", "programme.field_or_constant");
    }
    reader.finish();
    return source;
  }

  void read_event(const TomlValue& table) {
    TomlReader reader{table, "scheme.events", problems_};
    EventType event;
    event.type = reader.text("type");
    event.method = MethodId{reader.text("method")};
    event.end = reader.optional_text("end");
    event.place = reader.place();
    for (const auto& member : reader.optional_members("inputs")) {
      event.inputs.push_back(read_field(member));
    }
    if (std::find(methods_.begin(), methods_.end(), event.method) == methods_.end()) {
      reader.problem("method", "programme.method_not_listed", {{"method", event.method.text()}});
    }
    const bool twice =
        std::any_of(scheme_.events.begin(), scheme_.events.end(),
                    [&](const EventType& other) { return other.type == event.type; });
    if (twice) reader.problem("type", "programme.twice", {{"name", event.type}});
    reader.finish();
    scheme_.events.push_back(std::move(event));
  }

  void read_cap(const TomlValue& table) {
    TomlReader reader{table, "scheme.caps", problems_};
    Cap cap;
    cap.asset = reader.one_of("asset", {"co2e", "water", "electricity", "time", "money"});
    cap.most = quantity(reader, "most");
    cap.per = reader.one_of("per", {"day", "week", "month", "year"});
    cap.events = reader.optional_texts("events");
    cap.place = reader.place();
    for (const auto& type : cap.events) {
      const bool known = std::any_of(scheme_.events.begin(), scheme_.events.end(),
                                     [&](const EventType& event) { return event.type == type; });
      if (!known) reader.problem("events", "programme.unknown_event", {{"type", type}});
    }
    reader.finish();
    scheme_.caps.push_back(std::move(cap));
  }

  void read_exclusive(const TomlValue& table) {
    TomlReader reader{table, "scheme.exclusive", problems_};
    Exclusive exclusive;
    exclusive.group = reader.text("group");
    const auto within = reader.optional_integer("within_minutes");
    check_number(reader, "within_minutes", within, 0, within_minutes_max);
    exclusive.within_minutes = within.value_or(0);
    exclusive.place = reader.place();
    if (scheme_.exclusive_in(exclusive.group) != nullptr) {
      reader.problem("group", "programme.twice", {{"name", exclusive.group}});
    }
    reader.finish();
    scheme_.exclusive.push_back(std::move(exclusive));
  }

  TomlReader root_;
  const std::vector<MethodId>& methods_;
  Problems& problems_;
  Scheme scheme_;
};

}  // namespace

const Exclusive* Scheme::exclusive_in(const std::string& group) const {
  const auto found = std::find_if(exclusive.begin(), exclusive.end(),
                                  [&](const Exclusive& entry) { return entry.group == group; });
  return found == exclusive.end() ? nullptr : &*found;
}

Scheme read_scheme(const TomlValue& table, const std::vector<MethodId>& methods,
                   Problems& problems) {
  return SchemeReader{table, methods, problems}.read();
}

}  // namespace partake::programme
