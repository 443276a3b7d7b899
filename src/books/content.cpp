#include "books/content.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace partake::books {
namespace {

constexpr std::array<const char*, 6> kind_names{"sources", "regions", "factors",
                                                "method",  "zone",    "programme"};

tl::unexpected<Error> malformed(const char* field) {
  return fail(ErrorKind::corrupt, "content.malformed", {{"field", field}});
}

const std::string* text_in(const Json& json, const char* key) {
  const auto* value = json.find(key);
  return value == nullptr ? nullptr : value->string();
}

template <class Number>
bool take_number(std::string_view& line, Number& value) {
  const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), value);
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  return problem == std::errc{};
}

}  // namespace

const char* name_of(Content::Kind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

Json to_json(const Content& content) {
  return Json::Object{
      {"kind", name_of(content.kind)}, {"name", content.name}, {"text", content.text}};
}

Hash hash_of(const Content& content) {
  return sha256_of("partake.content.v1", canonical(to_json(content)));
}

Result<Content> content_of(const Json& json) {
  const auto* kind = text_in(json, "kind");
  const auto* name = text_in(json, "name");
  const auto* text = text_in(json, "text");
  const auto* const known =
      std::find_if(kind_names.begin(), kind_names.end(),
                   [&](const char* entry) { return kind != nullptr && *kind == entry; });
  if (known == kind_names.end()) return malformed("kind");
  if (name == nullptr) return malformed("name");
  if (text == nullptr) return malformed("text");
  return Content{static_cast<Content::Kind>(known - kind_names.begin()), *name, *text};
}

std::string zone_text(const Zone& zone) {
  auto text = zone.name() + "\n";
  for (const auto& change : zone.transitions()) {
    text += std::to_string(change.at_s) + " " + std::to_string(change.offset_s) + "\n";
  }
  return text;
}

Result<Zone> parse_zone(std::string_view text) {
  const auto next_line = [&] {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
  };
  const std::string name{next_line()};
  std::vector<Zone::Transition> transitions;
  while (!text.empty()) {
    auto line = next_line();
    Zone::Transition change;
    bool good = take_number(line, change.at_s) && line.starts_with(' ');
    if (good) line.remove_prefix(1);
    good = good && take_number(line, change.offset_s) && line.empty();
    if (!good) return malformed("zone");
    transitions.push_back(change);
  }
  if (name.empty() || transitions.empty()) return malformed("zone");
  Zone zone{name, std::move(transitions)};
  return zone;
}

Json to_json(const Manifest& manifest) {
  Json::Array contents;
  for (const auto& hash : manifest.contents) contents.emplace_back(to_hex(hash));
  Json::Object methods;
  for (const auto& [name, hash] : manifest.methods) methods.emplace_back(name, to_hex(hash));
  return Json::Object{{"programme", manifest.programme},
                      {"version", manifest.version},
                      {"contents", std::move(contents)},
                      {"methods", std::move(methods)}};
}

Result<Manifest> manifest_of(const Json& json) {
  Manifest manifest;
  const auto* programme = text_in(json, "programme");
  const auto* version = text_in(json, "version");
  const auto* contents = json.find("contents");
  const auto* methods = json.find("methods");
  if (programme == nullptr) return malformed("programme");
  if (version == nullptr) return malformed("version");
  if (contents == nullptr || contents->array() == nullptr) return malformed("contents");
  if (methods == nullptr || methods->object() == nullptr) return malformed("methods");
  manifest.programme = *programme;
  manifest.version = *version;
  const auto hash_in = [](const Json& value) {
    return value.string() == nullptr ? std::nullopt : hash_from_hex(*value.string());
  };
  for (const auto& entry : *contents->array()) {
    const auto hash = hash_in(entry);
    if (!hash) return malformed("contents");
    manifest.contents.push_back(*hash);
  }
  for (const auto& [name, value] : *methods->object()) {
    const auto hash = hash_in(value);
    if (!hash) return malformed("methods");
    manifest.methods.emplace_back(name, *hash);
  }
  return manifest;
}

Hash hash_of(const Manifest& manifest) {
  return sha256_of("partake.edition.v1", canonical(to_json(manifest)));
}

}  // namespace partake::books
