#include "base/toml.h"

#include <stdexcept>

namespace {

// toml++ 3.3 asserts on some malformed keys; input must not be able to stop the program.
void require_well_formed(bool condition) {
  if (!condition) throw std::invalid_argument("a key or value is malformed");
}

}  // namespace

#define TOML_ASSERT(condition) require_well_formed(static_cast<bool>(condition))
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "base/utf8.h"

namespace partake {
namespace {

constexpr std::size_t bytes_max = 1U << 20U;
constexpr int depth_max = 32;

struct Refusal {
  Error error;
};

Place place_of(const toml::source_region& source, const std::string& file) {
  return {file, source.begin.line, source.begin.column};
}

TomlValue convert(const toml::node& node, const std::string& file, std::string_view whole,
                  int depth);

// toml++ keeps tables sorted by key; people expect the order they wrote.
void sort_as_written(std::vector<TomlValue::Member>& members) {
  std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) {
    return std::pair{a.place.line, a.place.column} < std::pair{b.place.line, b.place.column};
  });
}

// Whether the source shows the string's characters one to one after the opening quote.
bool is_plain(const toml::source_region& source, std::string_view whole, std::string_view text) {
  std::size_t start = 0;
  for (toml::source_index line = 1; line < source.begin.line; ++line) {
    start = whole.find('\n', start);
    if (start == std::string_view::npos) return false;
    ++start;
  }
  const auto line = whole.substr(start, whole.find('\n', start) - start);
  return line.find('\\') == std::string_view::npos && line.find(text) != std::string_view::npos &&
         line.find("\"\"\"") == std::string_view::npos;
}

TomlValue convert(const toml::node& node, const std::string& file, std::string_view whole,
                  int depth) {
  TomlValue value;
  value.place = place_of(node.source(), file);
  if (depth > depth_max) {
    throw Refusal{{ErrorKind::exhausted,
                   "toml.too_deep",
                   {{"limit", std::to_string(depth_max)}},
                   value.place}};
  }
  if (const auto* table = node.as_table()) {
    value.kind = TomlValue::Kind::table;
    for (const auto& [key, child] : *table) {
      value.members.push_back({std::string{key.str()}, place_of(key.source(), file),
                               convert(child, file, whole, depth + 1)});
    }
    sort_as_written(value.members);
  } else if (const auto* array = node.as_array()) {
    value.kind = TomlValue::Kind::array;
    for (const auto& child : *array) value.items.push_back(convert(child, file, whole, depth + 1));
  } else if (const auto* text = node.as_string()) {
    value.kind = TomlValue::Kind::text;
    value.text = text->get();
    value.plain_text = is_plain(node.source(), whole, value.text);
  } else if (const auto* number = node.as_integer()) {
    value.kind = TomlValue::Kind::integer;
    value.integer = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    value.kind = TomlValue::Kind::boolean;
    value.integer = flag->get() ? 1 : 0;
  } else {
    throw Refusal{{ErrorKind::invalid, "toml.number_not_string", {}, value.place}};
  }
  return value;
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view key) const {
  for (const auto& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

const char* name_of(TomlValue::Kind kind) {
  switch (kind) {
    case TomlValue::Kind::text:
      return "string";
    case TomlValue::Kind::integer:
      return "integer";
    case TomlValue::Kind::boolean:
      return "boolean";
    case TomlValue::Kind::array:
      return "array";
    case TomlValue::Kind::table:
      return "table";
  }
  return "";
}

Result<TomlValue> parse_toml(std::string_view text, const std::string& file) {
  if (text.size() > bytes_max) {
    return fail(ErrorKind::exhausted, "toml.too_large",
                {{"bytes", std::to_string(text.size())}, {"limit", std::to_string(bytes_max)}},
                {file});
  }
  if (const auto at = utf8_error_at(text); at != text.size()) {
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    return fail(ErrorKind::invalid, "toml.not_utf8", {{"offset", std::to_string(at)}},
                {file, static_cast<std::uint32_t>(line + 1)});
  }
  try {
    const toml::table root = toml::parse(text, std::string_view{file});
    return convert(root, file, text, 0);
  } catch (const toml::parse_error& problem) {
    return fail(ErrorKind::invalid, "toml.malformed",
                {{"reason", std::string{problem.description()}}}, place_of(problem.source(), file));
  } catch (const std::invalid_argument& problem) {
    return fail(ErrorKind::invalid, "toml.malformed", {{"reason", problem.what()}}, {file});
  } catch (const Refusal& refusal) {
    return tl::unexpected(refusal.error);
  }
}

}  // namespace partake
