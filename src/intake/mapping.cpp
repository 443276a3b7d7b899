#include "intake/mapping.h"

#include "programme/programme.h"

namespace partake::intake {
namespace {

InputSource read_source(const TomlValue& value, const std::string& path, std::string name,
                        Problems& problems) {
  TomlReader reader{value, path, problems};
  InputSource source;
  source.input = std::move(name);
  source.place = value.place;
  source.column = reader.optional_text("column");
  source.constant = reader.optional_text("constant");
  source.geodesic = reader.optional_texts("geodesic");
  source.format = reader.optional_text("format");
  source.zone = reader.optional_text("zone");
  if (reader.has("unit")) source.unit = reader.unit("unit");
  const int kinds = (source.column.empty() ? 0 : 1) + (source.constant.empty() ? 0 : 1) +
                    (source.geodesic.empty() ? 0 : 1);
  if (kinds != 1) reader.problem("", "mapping.one_source");
  if (!source.geodesic.empty() && source.geodesic.size() != 4) {
    reader.problem("geodesic", "mapping.geodesic_columns");
  }
  if (auto format = TimeFormat::compile(source.format); !format) {
    reader.problem("format", std::move(format).error());
  }
  reader.finish();
  return source;
}

RefuseRule read_rule(const TomlValue& table, Problems& problems) {
  TomlReader reader{table, "refuse", problems};
  RefuseRule rule;
  rule.code = reader.text("code");
  if (!rule.code.empty() && !is_dotted_name(rule.code)) {
    reader.problem("code", "mapping.bad_code", {{"code", rule.code}});
  }
  rule.equal = reader.optional_texts("equal");
  if (rule.equal.size() != 2) reader.problem("equal", "mapping.two_columns");
  rule.reason = reader.pair("reason");
  rule.place = reader.place();
  reader.finish();
  return rule;
}

TableSource read_table(const TomlValue::Member& member, Problems& problems) {
  const auto path = "tables." + member.key;
  TomlReader reader{member.value, path, problems};
  TableSource table;
  table.input = member.key;
  table.place = member.value.place;
  table.file = programme::file_inside(reader, "file");
  table.key = reader.text("key");
  table.on = reader.text("on");
  for (const auto& column : reader.optional_members("columns")) {
    table.columns.push_back(
        read_source(column.value, path + ".columns." + column.key, column.key, problems));
  }
  reader.finish();
  return table;
}

}  // namespace

Mapping read_mapping(const TomlValue& file, Problems& problems) {
  Mapping mapping;
  TomlReader root{file, "", problems};
  if (root.optional_integer("format") != 1) root.problem("format", "mapping.unknown_format");
  for (const auto& member : root.optional_members("joins")) {
    TomlReader reader{member.value, "joins." + member.key, problems};
    mapping.joins.push_back({member.key, programme::file_inside(reader, "file"), reader.text("key"),
                             reader.text("on"), member.value.place});
    reader.finish();
  }
  for (const auto* table : root.optional_tables("refuse")) {
    mapping.refuse.push_back(read_rule(*table, problems));
  }
  for (const auto& member : root.optional_members("inputs")) {
    mapping.inputs.push_back(
        read_source(member.value, "inputs." + member.key, member.key, problems));
  }
  for (const auto& member : root.optional_members("tables")) {
    mapping.tables.push_back(read_table(member, problems));
  }
  root.finish();
  return mapping;
}

Mapping mapping_of_header(const std::vector<std::string>& header, const method::Method& method,
                          const Place& place, Problems& problems) {
  Mapping mapping;
  for (const auto& column : header) {
    InputSource source;
    source.column = column;
    source.place = place;
    const auto bracket = column.find('[');
    source.input = column.substr(0, bracket);
    while (source.input.ends_with(' ')) source.input.pop_back();
    const auto* input = method.input(source.input);
    if (input == nullptr || input->type == method::Input::Type::table) continue;
    if (bracket != std::string::npos && column.ends_with(']')) {
      auto unit =
          parse_unit(std::string_view{column}.substr(bracket + 1, column.size() - bracket - 2));
      if (unit) {
        source.unit = *std::move(unit);
      } else {
        problems.push_back(std::move(unit).error());
        problems.back().place = place;
      }
    }
    mapping.inputs.push_back(std::move(source));
  }
  return mapping;
}

}  // namespace partake::intake
