#include "programme/dealings.h"

#include <algorithm>

namespace partake::programme {
namespace {

constexpr std::int64_t count_max = 1'000'000'000;

class DealingsReader {
 public:
  DealingsReader(TomlReader& root, Problems& problems) : root_{root}, problems_{problems} {}

  Dealings read() {
    each("flows", dealings_.flows, &DealingsReader::flow);
    each("holds", dealings_.holds, &DealingsReader::hold);
    each("splits", dealings_.splits, &DealingsReader::split);
    each("units", dealings_.units, &DealingsReader::unit);
    each("rewards", dealings_.rewards, &DealingsReader::reward);
    each("conversions", dealings_.conversions, &DealingsReader::conversion);
    if (root_.has("point_years")) {
      dealings_.point_years = number(root_, "point_years", 0, point_years_limit);
    }
    for (const auto& flow : dealings_.flows) check_hold(flow);
    return std::move(dealings_);
  }

 private:
  template <class Entry>
  void each(const char* key, std::vector<Entry>& entries,
            Entry (DealingsReader::*read_one)(TomlReader&)) {
    for (const auto* table : root_.optional_tables(key)) {
      TomlReader reader{*table, std::string{"scheme."} + key, problems_};
      auto entry = (this->*read_one)(reader);
      entry.place = reader.place();
      if (!is_dotted_name(entry.id) && reader.has("id")) {
        reader.problem("id", "programme.bad_name", {{"name", entry.id}});
      }
      // A split may have several forms.
      const bool twice = !std::is_same_v<Entry, SplitRule> &&
                         std::any_of(entries.begin(), entries.end(),
                                     [&](const Entry& other) { return other.id == entry.id; });
      if (twice) reader.problem("id", "programme.twice", {{"name", entry.id}});
      reader.finish();
      entries.push_back(std::move(entry));
    }
  }

  static std::int64_t number(TomlReader& reader, const char* key, std::int64_t low,
                             std::int64_t high) {
    const auto value = reader.optional_integer(key);
    if (value && (*value < low || *value > high)) {
      reader.problem(key, "programme.out_of_range",
                     {{"value", std::to_string(*value)},
                      {"low", std::to_string(low)},
                      {"high", std::to_string(high)}});
    }
    return value.value_or(low);
  }

  static std::string asset(TomlReader& reader, const char* key) {
    return reader.one_of(key,
                         {"co2e", "points", "water", "electricity", "time", "money", "credits"});
  }
  static std::string optional_asset(TomlReader& reader, const char* key) {
    return reader.has(key) ? asset(reader, key) : "";
  }

  static Quantity quantity(TomlReader& reader, const char* key) {
    auto value = parse_quantity(reader.text(key));
    if (value && value->value.mantissa > 0) return *std::move(value);
    if (!reader.has(key)) return {};
    if (!value) {
      reader.problem(key, std::move(value).error());
    } else {
      reader.problem(key, "programme.not_positive", {{"value", to_string(*value)}});
    }
    return {};
  }
  static std::optional<Quantity> optional_quantity(TomlReader& reader, const char* key) {
    if (!reader.has(key)) return std::nullopt;
    return quantity(reader, key);
  }

  std::vector<std::string> parties(TomlReader& reader, const char* key) {
    auto names = reader.optional_texts(key);
    for (const auto& name : names) check_party(reader, key, name);
    return names;
  }
  static void check_party(TomlReader& reader, const char* key, const std::string& name) {
    if (!is_dotted_name(name)) reader.problem(key, "programme.bad_name", {{"name", name}});
  }

  // A part of the whole: "45 %", "1/3".
  static Rational part(TomlReader& reader, const char* key, const std::string& text) {
    const auto slash = text.find('/');
    std::optional<Rational> value;
    if (slash != std::string::npos) {
      const auto top = parse_decimal(std::string_view{text}.substr(0, slash));
      const auto bottom = parse_decimal(std::string_view{text}.substr(slash + 1));
      const auto one = top ? to_rational(*top) : std::nullopt;
      const auto other = bottom ? to_rational(*bottom) : std::nullopt;
      if (one && other) value = one->over(*other);
    } else if (const auto quantity = parse_quantity(text)) {
      const auto ratio = convert(*quantity, Unit{});
      if (ratio) value = *ratio;
    }
    const bool good =
        value && value->numerator() >= 0 && value->numerator() <= value->denominator();
    if (!good) reader.problem(key, "programme.bad_share", {{"share", text}});
    return good ? *value : Rational{};
  }

  Flow flow(TomlReader& reader) {
    Flow flow;
    flow.id = reader.text("id");
    flow.asset = asset(reader, "asset");
    flow.from = parties(reader, "from");
    flow.to = parties(reader, "to");
    flow.held_by = reader.optional_text("held_by");
    if (flow.from.empty()) reader.problem("from", "toml.key_missing");
    if (flow.to.empty()) reader.problem("to", "toml.key_missing");
    return flow;
  }

  void check_hold(const Flow& flow) {
    if (flow.held_by.empty()) return;
    const bool known = std::any_of(
        dealings_.holds.begin(), dealings_.holds.end(),
        [&](const HoldRule& hold) { return hold.id == flow.held_by && hold.asset == flow.asset; });
    if (known) return;
    problems_.push_back({ErrorKind::invalid,
                         "programme.unknown_hold",
                         {{"hold", flow.held_by}, {"asset", flow.asset}},
                         flow.place});
  }

  HoldRule hold(TomlReader& reader) {
    HoldRule hold;
    hold.id = reader.text("id");
    hold.asset = asset(reader, "asset");
    hold.of = parties(reader, "of");
    hold.days = number(reader, "days", 1, hold_days_max);
    hold.approvers = parties(reader, "approvers");
    hold.approvals =
        number(reader, "approvals", 0, static_cast<std::int64_t>(hold.approvers.size()));
    if (hold.of.empty()) reader.problem("of", "toml.key_missing");
    if (!reader.has("days")) reader.problem("days", "toml.key_missing");
    return hold;
  }

  Share share(const TomlValue& table) {
    TomlReader reader{table, "scheme.splits.shares", problems_};
    Share share;
    share.party = reader.text("party");
    check_party(reader, "party", share.party);
    share.part = part(reader, "part", reader.text("part"));
    share.named = reader.optional_boolean("named").value_or(false);
    reader.finish();
    return share;
  }

  SplitRule split(TomlReader& reader) {
    SplitRule split;
    split.id = reader.text("id");
    split.asset = asset(reader, "asset");
    split.from = reader.text("from");
    check_party(reader, "from", split.from);
    auto sum = Rational::whole(0);
    for (const auto* table : reader.optional_tables("shares")) {
      split.shares.push_back(share(*table));
      sum = sum.plus(split.shares.back().part).value_or(sum);
    }
    if (!sum.is_one()) reader.problem("shares", "programme.shares_not_one");
    if (reader.has("price")) {
      split.price = quantity(reader, "price");
      split.settles = asset(reader, "settles");
      split.settled_party = reader.text("of");
    }
    split.most = optional_quantity(reader, "most");
    split.at_least = optional_quantity(reader, "at_least");
    split.valid.first = reader.optional_day("valid_from").value_or(day_min);
    split.valid.last = reader.optional_day("valid_to").value_or(day_max);
    return split;
  }

  UnitClass unit(TomlReader& reader) {
    UnitClass unit;
    unit.id = reader.text("id");
    unit.title = reader.pair("title");
    unit.unit = quantity(reader, "unit");
    if (reader.has("buffer")) unit.buffer = part(reader, "buffer", reader.text("buffer"));
    unit.pool = optional_asset(reader, "pool");
    unit.verified = reader.optional_boolean("verified").value_or(false);
    unit.price = optional_quantity(reader, "price");
    if (unit.verified && !unit.pool.empty()) {
      reader.problem("verified", "programme.pooled_not_verified");
    }
    return unit;
  }

  Reward reward(TomlReader& reader) {
    Reward reward;
    reward.id = reader.text("id");
    reward.title = reader.pair("title");
    reward.asset = asset(reader, "asset");
    reward.cost = quantity(reader, "cost");
    reward.stock = number(reader, "stock", 0, count_max);
    reward.per_account = number(reader, "per_account", 0, count_max);
    reward.funded = reader.optional_boolean("funded").value_or(false);
    return reward;
  }

  Conversion conversion(TomlReader& reader) {
    Conversion conversion;
    conversion.id = reader.text("id");
    conversion.from = asset(reader, "from");
    conversion.each = quantity(reader, "each");
    conversion.to = asset(reader, "to");
    conversion.gives = quantity(reader, "gives");
    return conversion;
  }

  TomlReader& root_;
  Problems& problems_;
  Dealings dealings_;
};

}  // namespace

Dealings read_dealings(TomlReader& scheme, Problems& problems) {
  return DealingsReader{scheme, problems}.read();
}

}  // namespace partake::programme
