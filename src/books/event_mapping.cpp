#include "books/event_mapping.h"

#include "books/plain_event.h"

namespace partake::books {
namespace {

using Member = EventMapping::Member;

// "Z", "+08:00", "-03:30".
std::optional<std::chrono::seconds> parse_offset(const std::string& text) {
  // An instant is read with an offset; which one shows in what comes out.
  const auto there = parse_instant("2000-01-01T00:00:00" + text);
  const auto utc = parse_instant("2000-01-01T00:00:00Z");
  if (!there || text.starts_with('.')) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::seconds>(*utc - *there);
}

// How a column writes times; without any of its keys it is written as events have it.
void read_time(TomlReader& reader, Member& member) {
  const auto format = reader.optional_text("format");
  const auto offset = reader.optional_text("offset");
  member.zone = reader.optional_text("zone");
  member.is_time = reader.has("format") || reader.has("offset") || reader.has("zone");
  if (!member.is_time) return;
  if (auto compiled = TimeFormat::compile(format)) {
    member.format = *std::move(compiled);
  } else {
    reader.problem("format", std::move(compiled).error());
  }
  if (reader.has("offset")) {
    member.offset = parse_offset(offset);
    if (!member.offset) reader.problem("offset", "mapping.bad_offset", {{"text", offset}});
  }
  if (reader.has("offset") == reader.has("zone")) reader.problem("", "mapping.zone_or_offset");
}

Member read_member(const TomlValue& value, const std::string& path, std::string name,
                   bool may_be_time, Problems& problems) {
  Member member;
  member.name = std::move(name);
  member.place = value.place;
  TomlReader reader{value, path, problems};
  member.column = reader.optional_text("column");
  member.constant = reader.optional_text("constant");
  if (member.column.empty() == member.constant.empty()) {
    reader.problem("", "mapping.column_or_constant");
  }
  if (may_be_time && !member.column.empty()) read_time(reader, member);
  reader.finish();
  return member;
}

void read_attributes(const TomlValue& table, EventMapping& mapping, Problems& problems) {
  TomlReader reader{table, "attributes", problems};
  for (const auto* name : {"source", "id", "sequence", "type", "subject", "time", "replaces"}) {
    const auto* value = reader.optional_value(name);
    if (value == nullptr) continue;
    const bool is_time = std::string_view{name} == "time";
    mapping.attributes.push_back(
        read_member(*value, std::string{"attributes."} + name, name, is_time, problems));
  }
  for (const auto* name : {"source", "type", "subject", "time"}) {
    if (!reader.has(name)) reader.problem(name, "toml.key_missing");
  }
  if (!reader.has("id") && !reader.has("sequence")) reader.problem("", "mapping.id_missing");
  reader.finish();
}

}  // namespace

EventMapping read_event_mapping(const TomlValue& file, Problems& problems) {
  EventMapping mapping;
  TomlReader root{file, "", problems};
  if (root.optional_integer("format") != 1) root.problem("format", "mapping.unknown_format");
  const auto* attributes = root.optional_value("attributes");
  if (attributes != nullptr && attributes->kind == TomlValue::Kind::table) {
    read_attributes(*attributes, mapping, problems);
  } else if (attributes != nullptr) {
    root.problem(
        "attributes", "toml.wrong_kind",
        {{"expected", name_of(TomlValue::Kind::table)}, {"found", name_of(attributes->kind)}});
  } else {
    root.problem("attributes", "toml.key_missing");
  }
  for (const auto& member : root.optional_members("data")) {
    mapping.data.push_back(
        read_member(member.value, "data." + member.key, member.key, true, problems));
  }
  if (mapping.data.size() > event_fields_max) {
    root.problem("data", "mapping.too_many_fields", {{"limit", std::to_string(event_fields_max)}});
  }
  root.finish();
  return mapping;
}

}  // namespace partake::books
