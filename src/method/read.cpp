#include <algorithm>
#include <cmath>
#include <set>

#include "method/method.h"

namespace partake::method {
namespace {

constexpr std::size_t entries_max = 200;

struct AssetUnit {
  Asset asset;
  const char* name;
  const char* smallest;
};
constexpr std::array asset_units = std::to_array<AssetUnit>({
    {Asset::none, "", ""},
    {Asset::co2e, "co2e", "mgCO2e"},
    {Asset::water, "water", "mL"},
    {Asset::electricity, "electricity", "mWh"},
    {Asset::time, "time", "s"},
    {Asset::money, "money", "fen"},
});

class MethodReader {
 public:
  MethodReader(const TomlValue& file, Problems& problems)
      : root_{file, "", problems}, problems_{problems} {}

  Method read() {
    Method method;
    method.place = root_.place();
    if (root_.optional_integer("format") != 1) root_.problem("format", "method.unknown_format");
    const auto id = root_.text("id");
    if (!id.empty() && !is_dotted_name(id)) root_.problem("id", "method.bad_id", {{"id", id}});
    method.id = MethodId{id};
    method.version = version();
    method.title = root_.pair("title");
    method.description = root_.pair("description");
    method.boundary = root_.pair("boundary");
    method.actors = actors();
    for (const auto* table : root_.optional_tables("basis")) method.basis.push_back(basis(*table));
    if (method.basis.empty()) root_.problem("basis", "method.no_basis");
    each("inputs", [&](const auto& name, const auto& value, const auto& place) {
      method.inputs.push_back(input(name, value, "inputs." + name, true));
      claim(name, place);
    });
    each("parameters", [&](const auto& name, const auto& value, const auto& place) {
      method.parameters.push_back(parameter(name, value));
      claim(name, place);
    });
    each("tables", [&](const auto& name, const auto& value, const auto& place) {
      method.curves.push_back(curve(name, value));
      claim(name, place);
    });
    each("formulas", [&](const auto& name, const auto& value, const auto& place) {
      method.formulas.push_back(formula(name, value));
      claim(name, place);
    });
    each("outputs", [&](const auto& name, const auto& value, const auto&) {
      method.outputs.push_back(output(name, value));
    });
    if (method.outputs.empty()) root_.problem("outputs", "method.no_outputs");
    tiers(method);
    for (const auto* table : root_.optional_tables("limits")) {
      if (auto read = limit(*table)) method.limits.push_back(*std::move(read));
    }
    exclusivity(method);
    for (const auto* table : root_.optional_tables("examples")) {
      method.examples.push_back(example(*table));
    }
    if (method.examples.empty()) root_.problem("examples", "method.no_examples");
    root_.finish();
    return method;
  }

 private:
  template <class Read>
  void each(std::string_view section, Read read) {
    const auto& members = root_.optional_members(section);
    if (members.size() > entries_max) {
      root_.problem(section, "method.too_many", {{"limit", std::to_string(entries_max)}});
      return;
    }
    for (const auto& member : members) {
      if (!is_name(member.key)) {
        problems_.push_back(
            {ErrorKind::invalid, "method.bad_name", {{"name", member.key}}, member.place});
        continue;
      }
      read(member.key, member.value, member.place);
    }
  }

  void claim(const std::string& name, const Place& place) {
    static const std::set<std::string, std::less<>> reserved{
        "if",   "then", "else", "and", "or",  "not", "min",   "max",  "clamp", "abs",
        "sqrt", "exp",  "ln",   "pow", "co2", "sum", "count", "co2e", "tier",  "interpolate"};
    if (reserved.contains(name)) {
      problems_.push_back({ErrorKind::invalid, "method.reserved_name", {{"name", name}}, place});
    } else if (!names_.insert(name).second) {
      problems_.push_back({ErrorKind::invalid, "method.name_twice", {{"name", name}}, place});
    }
  }

  std::string version() {
    auto text = root_.text("version");
    // Three numbers of at most six digits.
    int parts = 1;
    int digits = 0;
    bool fits = true;
    for (const char c : text) {
      const bool dot = c == '.';
      fits = fits && (dot ? digits > 0 : c >= '0' && c <= '9' && digits < 6);
      digits = dot ? 0 : digits + 1;
      parts += dot ? 1 : 0;
    }
    fits = fits && digits > 0;
    if (!text.empty() && (!fits || parts != 3)) {
      root_.problem("version", "method.bad_version", {{"version", text}});
    }
    return text;
  }

  std::vector<std::string> actors() {
    static constexpr std::array<std::string_view, 6> kinds{"park",   "enterprise", "community",
                                                           "school", "household",  "person"};
    auto list = root_.optional_texts("actors");
    if (list.empty()) root_.problem("actors", "method.no_actors");
    for (const auto& actor : list) {
      if (std::find(kinds.begin(), kinds.end(), actor) == kinds.end()) {
        root_.problem("actors", "method.unknown_actor", {{"actor", actor}});
      }
    }
    return list;
  }

  Basis basis(const TomlValue& table) {
    TomlReader reader{table, "basis", problems_};
    Basis entry;
    entry.source = SourceId{reader.text("source")};
    entry.clause = reader.optional_text("clause");
    entry.seen = reader.one_of("seen", {"text", "copy", "derivation"});
    entry.note = reader.optional_pair("note");
    if (entry.seen == "derivation" && !entry.note) {
      reader.problem("note", "method.derivation_not_shown");
    }
    entry.place = reader.place("source");
    reader.finish();
    return entry;
  }

  std::optional<Range> range(TomlReader& reader, std::string_view key) {
    auto read = parse_range(reader.text(key));
    if (read) return *read;
    if (reader.has(key)) reader.problem(key, std::move(read).error());
    return std::nullopt;
  }

  // `unit` is that of the reading; empty where it could not be read.
  factor::Uncertainty uncertainty(TomlReader& reader, const std::optional<Unit>& unit) {
    if (!reader.has("uncertainty")) return {};
    auto read = factor::parse_uncertainty(reader.text("uncertainty"));
    if (!read) {
      reader.problem("uncertainty", std::move(read).error());
      return {};
    }
    if (unit && read->kind == factor::Uncertainty::Kind::absolute) {
      auto ratio = conversion(read->half_width.unit, *unit);
      if (!ratio) reader.problem("uncertainty", std::move(ratio).error());
    }
    return *std::move(read);
  }

  // Whether reading has added a problem since `before`. What is broken is used without complaint,
  // so that one mistake is reported once.
  [[nodiscard]] bool broken_since(std::size_t before) const { return problems_.size() > before; }

  void wrong_kind(const std::string& key, const char* expected, const TomlValue& value) {
    problems_.push_back({ErrorKind::invalid,
                         "toml.wrong_kind",
                         {{"key", key}, {"expected", expected}, {"found", name_of(value.kind)}},
                         value.place});
  }

  Input input(const std::string& name, const TomlValue& value, const std::string& path,
              bool top_level) {
    TomlReader reader{value, path, problems_};
    Input entry;
    entry.name = name;
    entry.place = value.place;
    if (value.kind != TomlValue::Kind::table) {
      wrong_kind(path, "table", value);
      entry.broken = true;
      return entry;
    }
    entry.title = reader.pair("title");
    const auto before = problems_.size();
    if (reader.has("type")) entry.type = input_type(reader, top_level);
    entry.broken = broken_since(before);
    if (entry.broken) return entry;  // Of an unknown type no key can be known.
    if (entry.type == Input::Type::quantity) quantity(reader, entry);
    if (entry.type == Input::Type::choice) choices(reader, entry);
    if (entry.type == Input::Type::table) columns(reader, entry);
    entry.broken = broken_since(before);
    reader.finish();
    return entry;
  }

  static Input::Type input_type(TomlReader& reader, bool top_level) {
    const auto type = top_level ? reader.one_of("type", {"region", "date", "choice", "table"})
                                : reader.one_of("type", {});
    if (type == "region") return Input::Type::region;
    if (type == "date") return Input::Type::date;
    if (type == "choice") return Input::Type::choice;
    return type == "table" ? Input::Type::table : Input::Type::quantity;
  }

  void quantity(TomlReader& reader, Input& entry) {
    const auto unit = reader.unit("unit");
    if (unit) entry.unit = *unit;
    if (!(entry.unit.offset() == Rational{})) reader.problem("unit", "method.offset_unit");
    if (auto bounds = range(reader, "range")) entry.range = *bounds;
    entry.uncertainty = uncertainty(reader, unit);
  }

  void choices(TomlReader& reader, Input& entry) {
    for (const auto& member : reader.optional_members("choices")) {
      TomlReader titles{member.value, reader.path() + ".choices." + member.key, problems_};
      if (!is_name(member.key)) {
        reader.problem("choices", "method.bad_name", {{"name", member.key}});
      }
      entry.choices.push_back({member.key, {titles.text("en"), titles.text("zh")}});
      titles.finish();
    }
    if (entry.choices.empty()) reader.problem("choices", "toml.key_missing");
  }

  void columns(TomlReader& reader, Input& entry) {
    for (const auto& member : reader.optional_members("columns")) {
      if (!is_name(member.key)) {
        reader.problem("columns", "method.bad_name", {{"name", member.key}});
      }
      entry.columns.push_back(
          input(member.key, member.value, reader.path() + ".columns." + member.key, false));
    }
    if (entry.columns.empty()) reader.problem("columns", "toml.key_missing");
  }

  Parameter parameter(const std::string& name, const TomlValue& value) {
    TomlReader reader{value, "parameters." + name, problems_};
    Parameter entry;
    entry.name = name;
    entry.place = value.place;
    const auto before = problems_.size();
    const auto unit = reader.unit("unit");
    if (unit) entry.unit = *unit;
    if (reader.has("range")) entry.range = range(reader, "range");
    const int kinds = (reader.has("factor") ? 1 : 0) + (reader.has("value") ? 1 : 0) +
                      (reader.has("from") ? 1 : 0);
    if (kinds != 1) {
      reader.problem("", "method.parameter_kind");
      entry.broken = true;
      return entry;  // Which keys it may have depends on its kind.
    }
    if (reader.has("factor")) {
      factor_parameter(reader, entry);
    } else if (reader.has("from")) {
      entry.kind = Parameter::Kind::programme;
      reader.one_of("from", {"programme"});
      if (!reader.has("range")) reader.problem("range", "toml.key_missing");
    } else {
      if (const auto number = reader.decimal("value")) entry.value = *number;
      entry.source = SourceId{reader.text("source")};
      entry.clause = reader.optional_text("clause");
      entry.uncertainty = uncertainty(reader, unit);
    }
    entry.broken = broken_since(before);
    if (entry.kind == Parameter::Kind::programme) {
      entry.title = reader.pair("title");
    } else if (auto title = reader.optional_pair("title")) {
      entry.title = *std::move(title);
    }
    reader.optional_pair("note");
    reader.finish();
    return entry;
  }

  void factor_parameter(TomlReader& reader, Parameter& entry) {
    entry.kind = Parameter::Kind::factor;
    entry.rule.id = FactorId{reader.text("factor")};
    if (reader.has("kind")) entry.rule.kind = reader.text("kind");
    entry.at = reader.optional_text("at");
    entry.on = reader.optional_day("on");
    entry.region_input = reader.has("region") ? reader.text("region") : "region";
    entry.date_input = reader.has("date") ? reader.text("date") : "date";
    if (!entry.at.empty()) entry.region_input.clear();
    if (entry.on) entry.date_input.clear();
    for (const auto& name : reader.optional_texts("climb")) {
      if (const auto type = edge_type(name)) {
        entry.rule.climb.push_back(*type);
      } else {
        reader.problem("climb", "toml.not_one_of",
                       {{"value", name}, {"allowed", "administrative, grid, scheme"}});
      }
    }
    const auto years = reader.optional_integer("years_back").value_or(0);
    if (years < 0 || years > 30) reader.problem("years_back", "method.years_back");
    entry.rule.years_back = static_cast<int>(std::clamp<std::int64_t>(years, 0, 30));
    if (reader.has("prefer")) {
      entry.rule.prefer = reader.one_of("prefer", {"region", "year"}) == "year"
                              ? factor::Prefer::year
                              : factor::Prefer::region;
    } else if (years > 0 && !entry.rule.climb.empty()) {
      reader.problem("prefer", "method.prefer_missing");
    }
    for (const auto& quality : reader.optional_texts("accept")) {
      if (quality == "unconfirmed") {
        entry.rule.accept_unconfirmed = true;
      } else {
        reader.problem("accept", "toml.not_one_of",
                       {{"value", quality}, {"allowed", "unconfirmed"}});
      }
    }
  }

  Curve curve(const std::string& name, const TomlValue& value) {
    TomlReader reader{value, "tables." + name, problems_};
    Curve entry;
    entry.name = name;
    entry.place = value.place;
    const auto before = problems_.size();
    if (auto unit = reader.unit("x_unit")) entry.x_unit = *std::move(unit);
    if (auto unit = reader.unit("y_unit")) entry.y_unit = *std::move(unit);
    points(reader, entry);
    entry.broken = broken_since(before);
    entry.source = SourceId{reader.text("source")};
    entry.clause = reader.optional_text("clause");
    reader.finish();
    return entry;
  }

  void points(TomlReader& reader, Curve& entry) {
    const auto before = problems_.size();
    const auto bad = [&](const char* code, const Place& place) {
      problems_.push_back({ErrorKind::invalid, code, {{"table", entry.name}}, place});
    };
    if (const auto* list = reader.optional_value("points")) {
      for (const auto& item : list->items) {
        const auto read = point(item);
        if (!read) {
          bad("method.bad_point", item.place);
          continue;
        }
        if (!entry.points.empty() && to_double(entry.points.back().first) >= to_double(read->first))
          bad("method.points_not_increasing", item.place);
        entry.points.push_back(*read);
      }
    }
    if (entry.points.size() < 2 && !broken_since(before)) {
      reader.problem("points", "method.too_few_points");
    }
  }

  static std::optional<std::pair<Decimal, Decimal>> point(const TomlValue& item) {
    if (item.items.size() != 2) return std::nullopt;
    const auto x = parse_decimal(item.items[0].text);
    const auto y = parse_decimal(item.items[1].text);
    if (!x || !y || !std::isfinite(to_double(*x)) || !std::isfinite(to_double(*y))) {
      return std::nullopt;
    }
    return {{*x, *y}};
  }

  // One that cannot be read has no tree, but is known by name, so that its users are not reported
  // too.
  Formula formula(const std::string& name, const TomlValue& value) {
    Formula entry{name, value.text, {}, value.place, value.plain_text};
    if (value.kind != TomlValue::Kind::text) {
      wrong_kind(name, "string", value);
      return entry;
    }
    if (value.plain_text) ++entry.place.column;  // After the opening quote.
    auto tree = parse_formula(value.text);
    if (!tree) {
      auto problem = std::move(tree).error();
      std::size_t offset = 0;
      for (const auto& [key, text] : problem.args) {
        if (key == "offset") offset = std::stoul(text);
      }
      problem.place = place_in(entry, offset);
      problems_.push_back(std::move(problem));
      return entry;
    }
    entry.tree = *std::move(tree);
    return entry;
  }

  Output output(const std::string& name, const TomlValue& value) {
    TomlReader reader{value, "outputs." + name, problems_};
    Output entry;
    entry.name = name;
    entry.place = value.place;
    if (name == "co2e" && !reader.has("title")) {
      entry.title = {"Emission reduction", "减排量"};
    } else {
      entry.title = reader.pair("title");
    }
    if (const auto* text = reader.optional_value("formula")) {
      entry.formula = formula(name, *text);
    } else {
      reader.problem("formula", "toml.key_missing");
    }
    const auto before = problems_.size();
    if (auto unit = reader.unit("unit")) entry.unit = *std::move(unit);
    entry.smallest = {Decimal{1, 0}, entry.unit};  // Until the file says better.
    smallest(reader, entry);
    entry.broken = broken_since(before);
    entry.summed = reader.optional_boolean("summed").value_or(entry.asset != Asset::none);
    if (auto ratio = conversion(entry.unit, entry.smallest.unit); !ratio && !entry.broken) {
      reader.problem("unit", std::move(ratio).error());
      entry.broken = true;
    }
    reader.finish();
    return entry;
  }

  // What the outcome is counted in: that of the asset, or the one stated.
  void smallest(TomlReader& reader, Output& entry) {
    if (!reader.has("asset")) {
      auto stated = parse_quantity(reader.text("round"));
      if (stated && stated->value.mantissa > 0) {
        entry.smallest = *std::move(stated);
      } else if (reader.has("round")) {
        reader.problem("round", "method.bad_round");
      }
      return;
    }
    const auto asset = reader.one_of("asset", {"co2e", "water", "electricity", "time", "money"});
    for (const auto& known : asset_units) {
      if (asset != known.name || asset.empty()) continue;
      entry.asset = known.asset;
      entry.smallest = {Decimal{1, 0}, parse_unit(known.smallest).value()};
    }
    if (reader.optional_value("round") != nullptr) reader.problem("round", "method.asset_rounds");
  }

  void tiers(Method& method) {
    for (const auto& member : root_.optional_members("tiers")) {
      auto worth = parse_decimal(member.value.text);
      const bool named = member.key == "A" || member.key == "B" || member.key == "C";
      if (!named || !worth || worth->mantissa < 0 || to_double(*worth) > 1) {
        problems_.push_back(
            {ErrorKind::invalid, "method.bad_tier", {{"tier", member.key}}, member.place});
        continue;
      }
      method.tiers.emplace_back(member.key, *worth);
    }
  }

  std::optional<Limit> limit(const TomlValue& table) {
    TomlReader reader{table, "limits", problems_};
    const auto before = problems_.size();
    Limit entry;
    entry.output = reader.text("output");
    auto most = parse_quantity(reader.text("most"));
    if (most) {
      entry.most = *std::move(most);
    } else if (reader.has("most")) {
      reader.problem("most", std::move(most).error());
    }
    entry.per = reader.one_of("per", {"day", "week", "month", "year"});
    reader.finish();
    if (broken_since(before)) return std::nullopt;
    return entry;
  }

  void exclusivity(Method& method) {
    const auto* table = root_.optional_value("exclusivity");
    if (table == nullptr) return;
    TomlReader reader{*table, "exclusivity", problems_};
    Exclusivity entry;
    entry.group = reader.text("group");
    entry.key = reader.optional_texts("key");
    if (entry.key.empty()) reader.problem("key", "toml.key_missing");
    for (const auto& part : entry.key) {
      // What the ledger knows of every act, whatever the method.
      const bool of_act = part == "account" || part == "start" || part == "end";
      if (of_act || method.input(part) != nullptr) continue;
      reader.problem("key", "method.unknown_key_part", {{"name", part}});
    }
    reader.finish();
    method.exclusivity = std::move(entry);
  }

  Example example(const TomlValue& table) {
    TomlReader reader{table, "examples", problems_};
    Example entry;
    entry.place = reader.place();
    entry.title = reader.pair("title");
    entry.origin = reader.one_of("origin", {"derived", "stated"});
    if (const auto* set = reader.optional_value("set")) entry.set = read_setting(*set, problems_);
    for (const auto& member : reader.optional_members("expect")) {
      entry.expect.emplace_back(member.key, member.value.text);
    }
    if (entry.expect.empty()) reader.problem("expect", "toml.key_missing");
    if (reader.has("within")) {
      auto within = parse_quantity(reader.text("within"));
      const auto ratio = within ? value_in(*within, Unit{}) : Result<double>{0};
      if (within && ratio && *ratio > 0 && *ratio < 1) {
        entry.within = within->value;
        if (within->unit != Unit{}) entry.within->exponent -= 2;
      } else {
        reader.problem("within", "method.bad_within");
      }
    }
    entry.differs = reader.optional_boolean("differs").value_or(false);
    entry.source = SourceId{reader.optional_text("source")};
    entry.quote = reader.optional_text("quote");
    entry.note = reader.optional_pair("note");
    if (entry.origin == "stated" && (entry.source.text().empty() || entry.quote.empty())) {
      reader.problem("source", "method.stated_without_source");
    }
    if ((entry.differs || entry.within) && !entry.note) {
      reader.problem("note", "method.note_missing");
    }
    reader.finish();
    return entry;
  }

  TomlReader root_;
  Problems& problems_;
  std::set<std::string> names_;
};

}  // namespace

Result<Range> parse_range(std::string_view text) {
  const auto bad = [&] {
    return fail(ErrorKind::invalid, "method.bad_range",
                {{"range", std::string{text.substr(0, 60)}}});
  };
  const auto comma = text.find(',');
  if (text.size() < 5 || comma == std::string_view::npos) return bad();
  const char open = text.front();
  const char close = text.back();
  if ((open != '(' && open != '[') || (close != ')' && close != ']')) return bad();
  const auto side = [](std::string_view part) {
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    return parse_decimal(part);
  };
  const auto low = side(text.substr(1, comma - 1));
  const auto high = side(text.substr(comma + 1, text.size() - comma - 2));
  if (!low || !high) return bad();
  const Range range{*low, *high, open == '(', close == ')'};
  const double from = to_double(*low);
  const double to = to_double(*high);
  if (!std::isfinite(from) || !std::isfinite(to)) return bad();
  const bool one_value = from == to && !range.low_open && !range.high_open;
  if (from < to || one_value) return range;
  return bad();
}

std::string to_string(const Range& range) {
  return (range.low_open ? "(" : "[") + to_shortest(range.low) + ", " + to_shortest(range.high) +
         (range.high_open ? ")" : "]");
}

const char* name_of(Input::Type type) {
  switch (type) {
    case Input::Type::quantity:
      return "quantity";
    case Input::Type::region:
      return "region";
    case Input::Type::date:
      return "date";
    case Input::Type::choice:
      return "choice";
    case Input::Type::table:
      return "table";
  }
  return "";
}

const char* name_of(Asset asset) { return asset_units[static_cast<std::size_t>(asset)].name; }

Place place_in(const Formula& formula, std::size_t offset) {
  Place place = formula.place;
  if (formula.plain_text) place.column += static_cast<std::uint32_t>(offset);
  return place;
}

Setting read_setting(const TomlValue& table, Problems& problems) {
  Setting setting;
  for (const auto& member : table.members) {
    SetValue value;
    value.place = member.value.place;
    value.text = member.value.text;
    for (const auto& row : member.value.items) {
      auto& cells = value.rows.emplace_back();
      for (const auto& cell : row.members) cells.emplace_back(cell.key, cell.value.text);
    }
    const bool text = member.value.kind == TomlValue::Kind::text;
    if (!text && member.value.kind != TomlValue::Kind::array) {
      problems.push_back(
          {ErrorKind::invalid,
           "toml.wrong_kind",
           {{"key", member.key}, {"expected", "string"}, {"found", name_of(member.value.kind)}},
           member.value.place});
    }
    setting.emplace_back(member.key, std::move(value));
  }
  return setting;
}

const Input* Method::input(std::string_view name) const {
  const auto found = std::find_if(inputs.begin(), inputs.end(),
                                  [&](const Input& entry) { return entry.name == name; });
  return found == inputs.end() ? nullptr : &*found;
}

const Output* Method::output(std::string_view name) const {
  const auto found = std::find_if(outputs.begin(), outputs.end(),
                                  [&](const Output& entry) { return entry.name == name; });
  return found == outputs.end() ? nullptr : &*found;
}

const Parameter* Method::parameter(std::string_view name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const Parameter& entry) { return entry.name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

Method read_method(const TomlValue& file, Problems& problems) {
  return MethodReader{file, problems}.read();
}

}  // namespace partake::method
