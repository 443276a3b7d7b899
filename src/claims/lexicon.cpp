#include "claims/lexicon.h"

#include <algorithm>
#include <array>

namespace partake::claims {
namespace {

constexpr std::array<const char*, 14> measure_names{
    "mass",  "volume", "energy", "power", "area",        "length", "time",
    "money", "ratio",  "point",  "times", "temperature", "count",  "bare"};
constexpr std::array<const char*, 18> marker_names{
    "annual", "daily", "monthly",      "cumulative",   "equals",   "sum",
    "part",   "each",  "not_included", "future",       "before",   "after",
    "rise",   "fall",  "share",        "saving_share", "produced", "discarded"};

template <std::size_t size>
std::optional<std::size_t> index_of(const std::array<const char*, size>& names,
                                    std::string_view name) {
  for (std::size_t i = 0; i < size; ++i) {
    if (name == names[i]) return i;
  }
  return std::nullopt;
}

Text first_words(const std::vector<std::string>& words, const std::vector<std::string>& symbols) {
  Text title;
  for (const auto& word : words) {
    if (word[0] < 0 && title.zh.empty()) title.zh = word;
    if (word[0] >= 0 && title.en.empty()) title.en = word;
  }
  if (!symbols.empty()) title.en = symbols.front();
  if (title.zh.empty()) title.zh = title.en;
  if (title.en.empty()) title.en = title.zh;
  return title;
}

}  // namespace

const char* name_of(Measure measure) { return measure_names[static_cast<std::size_t>(measure)]; }

std::int16_t Lexicon::thing(std::string_view id) const {
  const auto found = std::find_if(things_.begin(), things_.end(),
                                  [&](const ThingEntry& entry) { return entry.id == id; });
  return found == things_.end() ? none : static_cast<std::int16_t>(found - things_.begin());
}

bool Lexicon::is(std::int16_t thing, std::int16_t other) const {
  if (thing == none) return false;
  const auto& ancestors = things_[static_cast<std::size_t>(thing)].ancestors;
  return std::find(ancestors.begin(), ancestors.end(), other) != ancestors.end();
}

void Lexicon::read_thing(const TomlValue& table, Problems& problems) {
  TomlReader reader{table, "things", problems};
  ThingEntry entry;
  entry.id = reader.text("id");
  entry.title = reader.pair("title");
  for (const auto& name : reader.optional_texts("in")) {
    const auto index = index_of(measure_names, name);
    if (index) entry.in |= 1U << *index;
    if (!index) reader.problem("in", "claims.unknown_word", {{"word", name}});
  }
  const auto index = static_cast<std::int16_t>(things_.size());
  entry.ancestors.push_back(index);
  for (const auto& parent : reader.optional_texts("is")) {
    // A parent that nothing is stated in by itself (a generator) needs no table of its own.
    auto known = thing(parent);
    if (known == none) continue;
    const auto& above = things_[static_cast<std::size_t>(known)].ancestors;
    entry.ancestors.insert(entry.ancestors.end(), above.begin(), above.end());
  }
  for (const auto& word : reader.optional_texts("words")) {
    thing_words_.add(word, static_cast<std::uint16_t>(index));
  }
  reader.finish();
  things_.push_back(std::move(entry));
}

void Lexicon::read_unit(const TomlValue& table, Problems& problems) {
  TomlReader reader{table, "units", problems};
  UnitEntry entry;
  const auto written = reader.text("unit");
  // "3.785411784 L": a unit that the library does not name, as a multiple of one that it does.
  const auto quantity =
      parse_quantity(!written.empty() && written[0] >= '0' && written[0] <= '9' && written != "1"
                         ? written
                         : "1 " + (written == "1" ? std::string{} : written));
  if (!quantity) {
    reader.problem("unit", quantity.error());
  } else {
    entry.unit = quantity->unit;
    const auto ratio = quantity->unit.ratio();
    const auto value = to_rational(quantity->value);
    const auto product = ratio && value ? ratio->times(*value) : std::nullopt;
    entry.to_si = product.value_or(Rational::whole(1));
  }
  const auto measure = index_of(measure_names, reader.text("dimension"));
  if (measure) entry.measure = static_cast<Measure>(*measure);
  if (!measure) reader.problem("dimension", "claims.unknown_word", {{"word", ""}});
  if (const auto name = reader.optional_text("thing"); !name.empty()) {
    entry.thing = thing(name);
    if (entry.thing == none) reader.problem("thing", "claims.unknown_thing", {{"thing", name}});
  }
  if (const auto name = reader.optional_text("fallback"); !name.empty()) {
    entry.fallback = thing(name);
    if (entry.fallback == none) {
      reader.problem("fallback", "claims.unknown_thing", {{"thing", name}});
    }
  }
  const auto words = reader.optional_texts("words");
  const auto symbols = reader.optional_texts("symbols");
  const auto index = static_cast<std::uint16_t>(units_.size());
  for (const auto& word : words) unit_words_.add(word, index);
  for (const auto& symbol : symbols) unit_words_.add(symbol, index, true);
  entry.title = first_words(words, symbols);
  reader.finish();
  units_.push_back(std::move(entry));
}

void Lexicon::add(const TomlValue& file, Problems& problems) {
  TomlReader reader{file, "", problems};
  // Things first: units and classifiers name them.
  for (const auto* table : reader.optional_tables("things")) read_thing(*table, problems);
  for (const auto* table : reader.optional_tables("units")) read_unit(*table, problems);
  for (const auto* table : reader.optional_tables("counters")) {
    TomlReader counter{*table, "counters", problems};
    const auto name = counter.optional_text("thing");
    const auto counted = name.empty() ? none : thing(name);
    if (!name.empty() && counted == none) {
      counter.problem("thing", "claims.unknown_thing", {{"thing", name}});
    }
    const auto entry = static_cast<std::uint16_t>(counter_base + (counted - none));
    for (const auto& word : counter.optional_texts("words")) unit_words_.add(word, entry);
    counter.finish();
  }
  for (const auto* table : reader.optional_tables("markers")) {
    TomlReader marker{*table, "markers", problems};
    const auto kind = marker.text("kind");
    const auto index = index_of(marker_names, kind);
    if (!index) marker.problem("kind", "claims.unknown_word", {{"word", kind}});
    for (const auto& word : marker.optional_texts("words")) {
      if (index) marker_words_.add(word, static_cast<std::uint16_t>(*index));
    }
    marker.finish();
  }
  for (const auto* table : reader.optional_tables("places")) {
    TomlReader place{*table, "places", problems};
    const auto index = static_cast<std::uint16_t>(places_.size());
    places_.push_back(place.text("id"));
    for (const auto& word : place.optional_texts("words")) place_words_.add(word, index);
    place.finish();
  }
  reader.finish();
}

}  // namespace partake::claims
