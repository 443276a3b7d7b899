#include "base/toml_reader.h"

#include <algorithm>

namespace partake {

TomlReader::TomlReader(const TomlValue& table, std::string path, Problems& problems)
    : table_{table}, path_{std::move(path)}, problems_{problems} {}

Place TomlReader::place(std::string_view key) const {
  const auto* value = table_.find(key);
  return value != nullptr ? value->place : table_.place;
}

void TomlReader::problem(std::string_view key, std::string code, Args args) {
  problem(key, Error{ErrorKind::invalid, std::move(code), std::move(args), {}});
}

void TomlReader::problem(std::string_view key, Error error) {
  error.place = place(key);
  error.args.emplace_back("key", path_.empty() ? std::string{key} : path_ + "." + std::string{key});
  problems_.push_back(std::move(error));
}

const TomlValue* TomlReader::take(std::string_view key, std::optional<TomlValue::Kind> kind) {
  asked_.emplace_back(key);
  const auto* value = table_.find(key);
  if (value == nullptr || !kind || value->kind == *kind) return value;
  problem(key, "toml.wrong_kind", {{"expected", name_of(*kind)}, {"found", name_of(value->kind)}});
  return nullptr;
}

const TomlValue* TomlReader::require_key(std::string_view key, TomlValue::Kind kind) {
  if (!has(key)) {
    asked_.emplace_back(key);
    problem(key, "toml.key_missing");
    return nullptr;
  }
  return take(key, kind);
}

std::string TomlReader::text(std::string_view key) {
  const auto* value = require_key(key, TomlValue::Kind::text);
  if (value != nullptr && value->text.empty()) problem(key, "toml.empty");
  return value != nullptr ? value->text : std::string{};
}

std::string TomlReader::optional_text(std::string_view key) {
  const auto* value = take(key, TomlValue::Kind::text);
  return value != nullptr ? value->text : std::string{};
}

Text TomlReader::pair(std::string_view key) {
  if (!has(key)) {
    asked_.emplace_back(key);
    problem(key, "toml.key_missing");
    return {};
  }
  return optional_pair(key).value_or(Text{});
}

std::optional<Text> TomlReader::optional_pair(std::string_view key) {
  const auto* value = take(key, TomlValue::Kind::table);
  if (value == nullptr) return std::nullopt;
  TomlReader both{*value, path_.empty() ? std::string{key} : path_ + "." + std::string{key},
                  problems_};
  Text text{both.text("en"), both.text("zh")};
  both.finish();
  return text;
}

std::string TomlReader::one_of(std::string_view key,
                               std::initializer_list<std::string_view> allowed) {
  auto found = text(key);
  if (found.empty() || std::find(allowed.begin(), allowed.end(), found) != allowed.end()) {
    return found;
  }
  std::string list;
  for (const auto word : allowed) list += (list.empty() ? "" : ", ") + std::string{word};
  problem(key, "toml.not_one_of", {{"value", found}, {"allowed", list}});
  return {};
}

std::optional<Decimal> TomlReader::decimal(std::string_view key) {
  const auto found = text(key);
  if (found.empty()) return std::nullopt;
  auto value = parse_decimal(found);
  if (value) return *value;
  problem(key, std::move(value).error());
  return std::nullopt;
}

std::optional<Unit> TomlReader::unit(std::string_view key) {
  const auto found = text(key);
  if (found.empty()) return std::nullopt;
  auto value = parse_unit(found);
  if (value) return *value;
  problem(key, std::move(value).error());
  return std::nullopt;
}

std::optional<std::int64_t> TomlReader::optional_integer(std::string_view key) {
  const auto* value = take(key, TomlValue::Kind::integer);
  if (value == nullptr) return std::nullopt;
  return value->integer;
}

std::optional<bool> TomlReader::optional_boolean(std::string_view key) {
  const auto* value = take(key, TomlValue::Kind::boolean);
  if (value == nullptr) return std::nullopt;
  return value->integer != 0;
}

std::vector<std::string> TomlReader::optional_texts(std::string_view key) {
  std::vector<std::string> texts;
  const auto* value = take(key, TomlValue::Kind::array);
  if (value == nullptr) return texts;
  for (const auto& item : value->items) {
    if (item.kind != TomlValue::Kind::text) {
      problem(key, "toml.wrong_kind", {{"expected", "string"}, {"found", name_of(item.kind)}});
      continue;
    }
    texts.push_back(item.text);
  }
  return texts;
}

std::optional<Day> TomlReader::optional_day(std::string_view key) {
  const auto found = optional_text(key);
  if (found.empty()) return std::nullopt;
  auto day = parse_day(found);
  if (day) return *day;
  problem(key, std::move(day).error());
  return std::nullopt;
}

const TomlValue* TomlReader::optional_value(std::string_view key) {
  return take(key, std::nullopt);
}

const std::vector<TomlValue::Member>& TomlReader::optional_members(std::string_view key) {
  static const std::vector<TomlValue::Member> none;
  const auto* value = take(key, TomlValue::Kind::table);
  return value != nullptr ? value->members : none;
}

std::vector<const TomlValue*> TomlReader::optional_tables(std::string_view key) {
  std::vector<const TomlValue*> tables;
  const auto* value = take(key, TomlValue::Kind::array);
  if (value == nullptr) return tables;
  for (const auto& item : value->items) {
    if (item.kind == TomlValue::Kind::table) {
      tables.push_back(&item);
    } else {
      problem(key, "toml.wrong_kind", {{"expected", "table"}, {"found", name_of(item.kind)}});
    }
  }
  return tables;
}

void TomlReader::finish() {
  for (const auto& member : table_.members) {
    if (std::find(asked_.begin(), asked_.end(), member.key) != asked_.end()) continue;
    Error error{ErrorKind::invalid, "toml.unknown_key", {}, member.place};
    error.args.emplace_back("key", path_.empty() ? member.key : path_ + "." + member.key);
    problems_.push_back(std::move(error));
  }
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 64 || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool is_dotted_name(std::string_view text) {
  if (text.size() > 128) return false;
  for (;;) {
    const auto dot = text.find('.');
    if (!is_name(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace partake
