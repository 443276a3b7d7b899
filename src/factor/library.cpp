#include "factor/library.h"

#include <algorithm>

namespace partake::factor {
namespace {

// The keys that factors and bands share.
template <class Entry>
void read_common(TomlReader& reader, Entry& entry, const RegionGraph& regions) {
  const auto id = reader.text("id");
  if (!id.empty() && !is_dotted_name(id)) reader.problem("id", "factor.bad_id", {{"id", id}});
  entry.id = FactorId{id};
  if (reader.has("kind")) entry.kind = reader.text("kind");
  if (!is_name(entry.kind)) reader.problem("kind", "factor.bad_kind", {{"kind", entry.kind}});
  entry.region_code = reader.text("region");
  auto region = regions.find(entry.region_code);
  if (!region && !entry.region_code.empty()) reader.problem("region", std::move(region).error());
  auto validity = parse_validity(reader.text("valid"));
  if (validity) {
    entry.validity = *validity;
  } else {
    reader.problem("valid", std::move(validity).error());
  }
  entry.source = SourceId{reader.text("source")};
  entry.clause = reader.optional_text("clause");
  entry.quality =
      quality_of(reader.one_of("quality", {"primary", "secondary", "computed", "unconfirmed"}))
          .value_or(Quality::unconfirmed);
  entry.note = reader.optional_pair("note");
  entry.place = reader.place();
}

}  // namespace

void Library::add_sources(const TomlValue& file, Problems& problems) {
  TomlReader root{file, "", problems};
  for (const auto* table : root.optional_tables("sources")) {
    TomlReader reader{*table, "sources", problems};
    Source source;
    source.id = SourceId{reader.text("id")};
    source.title = reader.pair("title");
    source.publisher = reader.pair("publisher");
    source.published = reader.text("published");
    auto visible_from = parse_publication(source.published);
    if (visible_from) {
      source.visible_from = *visible_from;
    } else {
      reader.problem("published", std::move(visible_from).error());
    }
    source.identifier = reader.optional_text("identifier");
    source.seen = reader.one_of("seen", {"text", "copy", "derivation"});
    if (!source_index_.try_emplace(source.id, sources_.size()).second) {
      reader.problem("id", "source.twice", {{"source", source.id.text()}});
    } else {
      sources_.push_back(std::move(source));
    }
    reader.finish();
  }
  root.finish();
}

void Library::add_regions(const TomlValue& file, Problems& problems) {
  TomlReader root{file, "", problems};
  for (const auto* table : root.optional_tables("regions")) {
    TomlReader reader{*table, "regions", problems};
    Region region;
    region.code = reader.text("code");
    region.title = reader.pair("title");
    region.type = reader.one_of("type", {"world", "country", "province", "city", "grid", "scheme"});
    reader.finish();
    if (auto added = regions_.add(std::move(region), reader.place()); !added) {
      problems.push_back(std::move(added).error());
    }
  }
  for (const auto* table : root.optional_tables("edges")) {
    TomlReader reader{*table, "edges", problems};
    const auto from = reader.text("from");
    const auto to = reader.text("to");
    const auto type = edge_type(reader.one_of("type", {"administrative", "grid", "scheme"}));
    Validity validity;
    if (reader.has("valid")) {
      auto read = parse_validity(reader.text("valid"));
      if (read) {
        validity = *read;
      } else {
        reader.problem("valid", std::move(read).error());
      }
    }
    reader.finish();
    if (!type) continue;
    if (auto added = regions_.connect(from, to, *type, validity, reader.place()); !added) {
      problems.push_back(std::move(added).error());
    }
  }
  root.finish();
}

void Library::add_factors(const TomlValue& file, Problems& problems) {
  TomlReader root{file, "", problems};
  for (const auto* table : root.optional_tables("factors")) read_factor(*table, problems);
  for (const auto* table : root.optional_tables("bands")) read_band(*table, problems);
  root.finish();
}

void Library::read_factor(const TomlValue& table, Problems& problems) {
  const auto problems_before = problems.size();
  TomlReader reader{table, "factors", problems};
  Factor factor;
  read_common(reader, factor, regions_);
  const auto value = reader.decimal("value");
  auto unit = reader.unit("unit");
  if (value && unit) factor.value = {*value, *std::move(unit)};
  auto uncertainty = parse_uncertainty(reader.text("uncertainty"));
  if (uncertainty) {
    factor.uncertainty = *std::move(uncertainty);
  } else {
    reader.problem("uncertainty", std::move(uncertainty).error());
  }
  if (factor.uncertainty.kind == Uncertainty::Kind::absolute) {
    auto ratio = conversion(factor.uncertainty.half_width.unit, factor.value.unit);
    if (!ratio) reader.problem("uncertainty", std::move(ratio).error());
  }
  reader.finish();
  if (problems.size() != problems_before) return;
  if (auto added = add(std::move(factor)); !added) problems.push_back(std::move(added).error());
}

void Library::read_band(const TomlValue& table, Problems& problems) {
  const auto problems_before = problems.size();
  TomlReader reader{table, "bands", problems};
  Band band;
  read_common(reader, band, regions_);
  if (auto unit = reader.unit("unit")) band.unit = *std::move(unit);
  const auto range = reader.text("range");
  const auto comma = range.find(',');
  const bool shaped = range.starts_with('[') && range.ends_with(']') && comma != std::string::npos;
  const auto side = [&](std::string_view text) -> std::optional<Decimal> {
    while (text.starts_with(' ')) text.remove_prefix(1);
    if (text == "..") return std::nullopt;
    auto value = parse_decimal(text);
    if (value) return *value;
    reader.problem("range", "factor.bad_range", {{"range", range}});
    return std::nullopt;
  };
  if (shaped) {
    const std::string_view inner{range};
    band.low = side(inner.substr(1, comma - 1));
    band.high = side(inner.substr(comma + 1, range.size() - comma - 2));
  } else if (!range.empty()) {
    reader.problem("range", "factor.bad_range", {{"range", range}});
  }
  if (source(band.source) == nullptr) {
    reader.problem("source", "source.unknown", {{"source", band.source.text()}});
  }
  reader.finish();
  if (problems.size() == problems_before) bands_.push_back(std::move(band));
}

Status Library::add(Factor factor) {
  const auto* from = source(factor.source);
  if (from == nullptr) {
    return fail(ErrorKind::invalid, "source.unknown", {{"source", factor.source.text()}},
                factor.place);
  }
  TRY(factor.region, regions_.find(factor.region_code));
  factor.visible_from = from->visible_from;
  factor.published = from->published;
  factor.hash = content_hash(factor);
  auto& same_id = by_id_[factor.id];
  for (const auto other : same_id) {
    if (factors_[other].hash == factor.hash) {
      return fail(ErrorKind::invalid, "factor.twice", {{"factor", label(factor)}}, factor.place);
    }
  }
  same_id.push_back(static_cast<std::uint32_t>(factors_.size()));
  factors_.push_back(std::move(factor));
  return {};
}

const Source* Library::source(const SourceId& id) const {
  const auto found = source_index_.find(id);
  return found == source_index_.end() ? nullptr : &sources_[found->second];
}

std::span<const std::uint32_t> Library::with_id(const FactorId& id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return {};
  return found->second;
}

const Band* Library::band(const FactorId& id) const {
  const auto found =
      std::find_if(bands_.begin(), bands_.end(), [&](const Band& entry) { return entry.id == id; });
  return found == bands_.end() ? nullptr : &*found;
}

std::string Library::nearest_id(std::string_view id) const {
  // Ids share long prefixes, so the longest common one is what a person misread.
  std::string best;
  std::size_t best_length = 3;
  for (const auto& [known, indices] : by_id_) {
    const auto& text = known.text();
    const auto common = static_cast<std::size_t>(
        std::mismatch(text.begin(), text.end(), id.begin(), id.end()).first - text.begin());
    if (common > best_length || (common == best_length && !best.empty() && text < best)) {
      best = text;
      best_length = common;
    }
  }
  return best;
}

}  // namespace partake::factor
