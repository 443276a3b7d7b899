#include "claims/knowledge.h"

#include <algorithm>
#include <array>

namespace partake::claims {
namespace {

constexpr std::array<const char*, 6> verdict_names{"consistent", "unchecked",     "boundary",
                                                   "outside",    "contradiction", "impossible"};

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "[0.5, 40.7]", "[.., 265]".
std::optional<Range> parse_range(std::string_view text) {
  if (text.size() < 5 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  const auto comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  Range range;
  const auto side = [](std::string_view word, std::optional<Decimal>& to, double& real) {
    word = trim(word);
    if (word == "..") return true;
    const auto value = parse_decimal(word);
    if (!value) return false;
    to = *value;
    real = to_double(*value);
    return true;
  };
  if (!side(text.substr(0, comma), range.low, range.low_value) ||
      !side(text.substr(comma + 1), range.high, range.high_value)) {
    return std::nullopt;
  }
  return range;
}

std::optional<Range> optional_range(TomlReader& reader, std::string_view key) {
  const auto text = reader.optional_text(key);
  if (text.empty()) return std::nullopt;
  auto range = parse_range(text);
  if (!range) reader.problem(key, "claims.bad_range", {{"range", text}});
  return range;
}

std::vector<std::int16_t> things_of(TomlReader& reader, std::string_view key,
                                    const Lexicon& lexicon) {
  std::vector<std::int16_t> things;
  for (const auto& name : reader.optional_texts(key)) {
    const auto thing = lexicon.thing(name);
    if (thing == none) reader.problem(key, "claims.unknown_thing", {{"thing", name}});
    if (thing != none) things.push_back(thing);
  }
  return things;
}

std::optional<Measure> measure_named(std::string_view name) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(Measure::bare); ++i) {
    if (name == name_of(static_cast<Measure>(i))) return static_cast<Measure>(i);
  }
  return std::nullopt;
}

// The measure that a thing is stated in, where the rule does not say: the first.
Measure first_measure(const Lexicon& lexicon, const std::vector<std::int16_t>& things) {
  if (things.empty()) return Measure::mass;
  const auto& thing = lexicon.things()[static_cast<std::size_t>(things.front())];
  for (std::size_t i = 0; i <= static_cast<std::size_t>(Measure::bare); ++i) {
    if (thing.stated_in(static_cast<Measure>(i))) return static_cast<Measure>(i);
  }
  return Measure::mass;
}

Side read_side(TomlReader& reader, const std::string& key, const Lexicon& lexicon) {
  Side side;
  side.things = things_of(reader, key, lexicon);
  side.measure = first_measure(lexicon, side.things);
  if (const auto name = reader.optional_text(key + "_measure"); !name.empty()) {
    side.measure = measure_named(name).value_or(side.measure);
  }
  side.words = reader.optional_texts(key + "_words");
  side.not_words = reader.optional_texts(key + "_not");
  return side;
}

// "yuan" and "1/mu" have no substance; an empty unit is the plain ratio.
std::optional<Rational> unit_ratio(TomlReader& reader, std::string_view key) {
  const auto text = reader.optional_text(key);
  const auto unit = parse_unit(text.empty() ? "1" : text);
  if (!unit) {
    reader.problem(key, unit.error());
    return std::nullopt;
  }
  const auto ratio = unit->ratio();
  if (!ratio) return std::nullopt;
  return *ratio;
}

std::string source_of(TomlReader& reader, const factor::Library& library) {
  auto source = reader.text("source");
  if (!source.empty() && library.source(SourceId{source}) == nullptr) {
    reader.problem("source", "source.unknown", {{"source", source}, {"nearest", ""}});
  }
  return source;
}

std::optional<Rational> quantity_si(TomlReader& reader, std::string_view key) {
  const auto quantity = parse_quantity(reader.text(key));
  if (!quantity) {
    reader.problem(key, quantity.error());
    return std::nullopt;
  }
  const auto ratio = quantity->unit.ratio();
  const auto value = to_rational(quantity->value);
  if (!ratio || !value) return std::nullopt;
  return value->times(*ratio);
}

}  // namespace

const char* name_of(Verdict verdict) { return verdict_names[static_cast<std::size_t>(verdict)]; }

std::optional<Verdict> verdict_of(std::string_view name) {
  for (std::size_t i = 0; i < verdict_names.size(); ++i) {
    if (name == verdict_names[i]) return static_cast<Verdict>(i);
  }
  return std::nullopt;
}

bool Range::contains(double from, double to) const {
  if (low && to < low_value) return false;
  return !high || from <= high_value;
}

std::string to_string(const Range& range) {
  const auto side = [](const std::optional<Decimal>& value) {
    return value ? to_shortest(*value) : std::string{};
  };
  if (!range.low) return "≤ " + side(range.high);
  if (!range.high) return "≥ " + side(range.low);
  if (to_double(*range.low) == to_double(*range.high)) return side(range.low);
  return side(range.low) + "–" + side(range.high);
}

void Knowledge::read_ratio(const TomlValue& table, const factor::Library& library,
                           Problems& problems) {
  TomlReader reader{table, "ratios", problems};
  RatioRule rule;
  rule.id = reader.text("id");
  rule.title = reader.pair("title");
  rule.label = reader.pair("label");
  rule.note = reader.optional_pair("note").value_or(Text{});
  rule.question = reader.optional_pair("question").value_or(Text{});
  rule.over = read_side(reader, "over", lexicon_);
  rule.under = read_side(reader, "under", lexicon_);
  rule.with = things_of(reader, "with", lexicon_);
  rule.without = things_of(reader, "without", lexicon_);
  const auto time = reader.optional_text("time");
  rule.time = time == "year" ? RatioTime::year : time == "day" ? RatioTime::day : RatioTime::free;
  const auto reach = reader.optional_text("reach");
  rule.reach = reach == "paragraph" ? Reach::paragraph : Reach::sentence;
  rule.unit = reader.optional_text("unit");
  if (rule.unit.empty()) rule.unit = "1";
  rule.unit_si = to_double(unit_ratio(reader, "unit").value_or(Rational::whole(1)));
  rule.usual = optional_range(reader, "usual");
  rule.also = optional_range(reader, "also");
  rule.boundary = optional_range(reader, "boundary");
  rule.possible = optional_range(reader, "possible");
  if (const auto* recent = reader.optional_value("recent"); recent != nullptr) {
    TomlReader inner{*recent, "recent", problems};
    rule.recent_from = static_cast<int>(inner.optional_integer("from").value_or(0));
    rule.recent_usual = optional_range(inner, "usual");
    rule.recent_boundary = optional_range(inner, "boundary");
    inner.finish();
  }
  if (const auto name = reader.optional_text("pieces"); !name.empty()) {
    rule.pieces = lexicon_.thing(name);
    rule.piece_si = to_double(quantity_si(reader, "piece_mass").value_or(Rational::whole(0)));
  }
  rule.same_thing = reader.optional_boolean("same_thing").value_or(false);
  rule.repeats = reader.optional_boolean("repeats").value_or(false);
  for (const auto* mark : reader.optional_tables("marks")) {
    TomlReader inner{*mark, "marks", problems};
    RatioMark entry;
    if (const auto value = inner.decimal("value"); value) entry.value = to_double(*value);
    entry.verdict = verdict_of(inner.text("verdict")).value_or(Verdict::outside);
    entry.note = inner.pair("note");
    inner.finish();
    rule.marks.push_back(std::move(entry));
  }
  rule.source = source_of(reader, library);
  rule.quality = reader.text("quality");
  if (!factor::quality_of(rule.quality)) {
    reader.problem("quality", "claims.unknown_word", {{"word", rule.quality}});
  }
  reader.finish();
  ratios_.push_back(std::move(rule));
}

void Knowledge::add(const TomlValue& file, const factor::Library& library, Problems& problems) {
  if (file.find("things") != nullptr) {
    lexicon_.add(file, problems);
    return;
  }
  TomlReader reader{file, "", problems};
  for (const auto* table : reader.optional_tables("ratios")) read_ratio(*table, library, problems);
  for (const auto* table : reader.optional_tables("totals")) {
    TomlReader inner{*table, "totals", problems};
    Total total;
    const auto thing = inner.text("thing");
    total.thing = lexicon_.thing(thing);
    if (total.thing == none) inner.problem("thing", "claims.unknown_thing", {{"thing", thing}});
    const auto place = inner.text("place");
    const auto& places = lexicon_.places();
    const auto known = std::find(places.begin(), places.end(), place);
    if (known == places.end()) inner.problem("place", "claims.unknown_word", {{"word", place}});
    total.place = static_cast<std::int16_t>(known - places.begin());
    total.low = quantity_si(inner, "low").value_or(Rational::whole(0));
    total.high = quantity_si(inner, "high").value_or(Rational::whole(0));
    total.per_year = inner.optional_boolean("per_year").value_or(false);
    total.source = source_of(inner, library);
    inner.finish();
    totals_.push_back(total);
  }
  for (const auto* table : reader.optional_tables("constants")) {
    TomlReader inner{*table, "constants", problems};
    Constant constant;
    constant.id = inner.text("id");
    const auto range = optional_range(inner, "range");
    const auto ratio = unit_ratio(inner, "unit");
    if (range && ratio && range->low && range->high) {
      constant.low = to_double(*range->low) * to_double(*ratio);
      constant.high = to_double(*range->high) * to_double(*ratio);
    }
    constant.note = inner.pair("note");
    constant.source = source_of(inner, library);
    inner.finish();
    constants_.push_back(std::move(constant));
  }
  for (const auto* table : reader.optional_tables("checks")) {
    TomlReader inner{*table, "checks", problems};
    CheckText check;
    check.id = inner.text("id");
    check.title = inner.pair("title");
    check.question = inner.pair("question");
    inner.finish();
    checks_.push_back(std::move(check));
  }
  reader.finish();
}

const Constant* Knowledge::constant(std::string_view id) const {
  const auto found = std::find_if(constants_.begin(), constants_.end(),
                                  [&](const Constant& entry) { return entry.id == id; });
  return found == constants_.end() ? nullptr : &*found;
}

const CheckText* Knowledge::check(std::string_view id) const {
  const auto found = std::find_if(checks_.begin(), checks_.end(),
                                  [&](const CheckText& entry) { return entry.id == id; });
  return found == checks_.end() ? nullptr : &*found;
}

}  // namespace partake::claims
