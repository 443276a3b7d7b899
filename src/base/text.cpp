#include "base/text.h"

#include <cstdio>
#include <unordered_map>

#include "base/json.h"
#include "base/require.h"
#include "base/utf8.h"

extern "C" {
extern const char partake_locale_en[];
extern const char partake_locale_en_end[];
extern const char partake_locale_zh[];
extern const char partake_locale_zh_end[];
}

namespace partake {
namespace {

using Catalogue = std::unordered_map<std::string, std::string>;

Catalogue read_catalogue(Language language) {
  const auto json = parse_json(catalogue(language));
  PARTAKE_REQUIRE(json.has_value() && json->object() != nullptr);
  Catalogue texts;
  for (const auto& [key, value] : *json->object()) {
    PARTAKE_REQUIRE(value.string() != nullptr);
    texts.emplace(key, *value.string());
  }
  return texts;
}

const Catalogue& texts_in(Language language) {
  static const Catalogue english = read_catalogue(Language::en);
  static const Catalogue chinese = read_catalogue(Language::zh);
  return language == Language::zh ? chinese : english;
}

// Whether every {name} in the text has an argument that is not empty.
bool all_given(std::string_view text, const Args& args) {
  for (auto open = text.find('{'); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    const auto name = text.substr(open + 1, text.find('}', open) - open - 1);
    const auto found =
        std::find_if(args.begin(), args.end(), [&](const auto& arg) { return arg.first == name; });
    if (found == args.end() || found->second.empty()) return false;
  }
  return true;
}

// {name} is replaced by its argument; one that is missing or empty drops a whole [[…{name}…]].
std::string fill(std::string_view pattern, const Args& args) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size();) {
    if (pattern.substr(i, 2) == "[[") {
      const auto end = pattern.find("]]", i);
      const auto inner = pattern.substr(i + 2, end - i - 2);
      if (all_given(inner, args)) out += fill(inner, args);
      i = end + 2;
      continue;
    }
    const auto close = pattern[i] == '{' ? pattern.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += pattern[i++];
      continue;
    }
    const auto name = pattern.substr(i + 1, close - i - 1);
    const auto found =
        std::find_if(args.begin(), args.end(), [&](const auto& arg) { return arg.first == name; });
    if (found != args.end()) out += printable(found->second);
    i = close + 1;
  }
  return out;
}

}  // namespace

std::string_view catalogue(Language language) {
  if (language == Language::zh) {
    return {partake_locale_zh, static_cast<std::size_t>(partake_locale_zh_end - partake_locale_zh)};
  }
  return {partake_locale_en, static_cast<std::size_t>(partake_locale_en_end - partake_locale_en)};
}

std::string say(Language language, std::string_view key, const Args& args) {
  const auto& texts = texts_in(language);
  const auto found = texts.find(std::string{key});
  if (found == texts.end()) {
    std::fprintf(stderr, "partake: no text for %.*s\n", static_cast<int>(key.size()), key.data());
  }
  PARTAKE_REQUIRE(found != texts.end());
  return fill(found->second, args);
}

std::string message(const Error& error, Language language) {
  return say(language, error.code, error.args);
}

std::string describe(const Error& error, Language language) {
  std::string text;
  if (!error.place.file.empty()) text += error.place.file + ":";
  if (error.place.line > 0) text += std::to_string(error.place.line) + ":";
  if (error.place.column > 0) text += std::to_string(error.place.column) + ":";
  if (!text.empty()) text += " ";
  return text + message(error, language) + " [" + error.code + "]";
}

}  // namespace partake
