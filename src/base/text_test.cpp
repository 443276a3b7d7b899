#include "base/text.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "base/json.h"
#include "base/utf8.h"

using namespace partake;

namespace {

std::map<std::string, std::string> texts(Language language) {
  std::map<std::string, std::string> result;
  const auto json = parse_json(catalogue(language));
  REQUIRE(json.has_value());
  for (const auto& [key, value] : *json->object()) result[key] = *value.string();
  return result;
}

std::set<std::string> places(const std::string& text) {
  std::set<std::string> names;
  const std::regex place{R"(\{([a-z_]+)\})"};
  for (std::sregex_iterator at{text.begin(), text.end(), place}, end; at != end; ++at) {
    names.insert((*at)[1]);
  }
  return names;
}

}  // namespace

TEST_CASE("texts: both languages have the same keys and the same places") {
  const auto english = texts(Language::en);
  const auto chinese = texts(Language::zh);
  CHECK_EQ(english.size(), chinese.size());
  for (const auto& entry : english) {
    const auto& [key, text] = entry;
    CAPTURE(entry.first);
    REQUIRE(chinese.contains(key));
    if (key == "evidence.rule") continue;  // Each language shows its own argument.
    CHECK(places(text) == places(chinese.at(key)));
  }
}

TEST_CASE("texts: every code that the sources name has a text, and every text is named") {
  const auto english = texts(Language::en);
  std::string sources;
  for (const auto& file : std::filesystem::recursive_directory_iterator{SOURCE_DIR "/src"}) {
    if (file.path().extension() != ".cpp" && file.path().extension() != ".h") continue;
    const auto name = file.path().filename().string();
    if (name.ends_with("_test.cpp") || name.ends_with("testing.h") || name == "sample_books.h") {
      continue;
    }
    std::ifstream in{file.path()};
    for (std::string line; std::getline(in, line);)
      sources += line.substr(0, line.find("//")) + "\n";
  }
  // Every code given to fail(), problem(), broken(), say() is of this form.
  const std::regex code{R"re("((?:[a-z]+)\.(?:[a-z_]+)(?:\.[a-z_]+)?)")re"};
  const std::set<std::string> not_texts{"sources.toml",
                                        "regions.toml",
                                        "programme.toml",
                                        "mapping.toml",
                                        "index.toml",
                                        "expected.toml",
                                        "partake.factor",
                                        "partake.method",
                                        "partake.withdrawal",
                                        "scheme.caps",
                                        "scheme.events",
                                        "scheme.exclusive",
                                        "partake.question",
                                        "scheme.findings",
                                        "scheme.splits.shares",
                                        "export.json",
                                        "play.toml",
                                        "steps.refused",
                                        "proof.json",
                                        "issuance.json",
                                        "unit.json",
                                        "issuances.json",
                                        "unit_description.json",
                                        "bus_trip.toml",
                                        "notes.en.md",
                                        "notes.zh.md",
                                        "project.project_identifier"};
  for (std::sregex_iterator at{sources.begin(), sources.end(), code}, end; at != end; ++at) {
    const std::string key = (*at)[1];
    if (not_texts.contains(key)) continue;
    CHECK_MESSAGE(english.contains(key), "no text for ", key);
  }
  for (const auto& entry : english) {
    const auto& key = entry.first;
    // Some keys are put together: quality.primary, help.method.check.
    const auto stem = key.substr(0, key.rfind('.') + 1);
    const bool named = sources.find("\"" + key + "\"") != std::string::npos ||
                       sources.find("\"" + stem + "\"") != std::string::npos;
    CHECK_MESSAGE(named, "nothing says ", entry.first);
  }
}

TEST_CASE("texts: an empty argument drops its group") {
  const Error error{ErrorKind::not_found, "factor.unknown", {{"factor", "x"}, {"nearest", ""}}, {}};
  CHECK_EQ(message(error, Language::en), "No factor is called x");
  const Error placed{ErrorKind::invalid, "csv.empty", {}, {"a.csv", 3, 7}};
  CHECK_EQ(describe(placed, Language::en),
           "a.csv:3:7: The file is empty; it needs a header row [csv.empty]");
}

TEST_CASE("texts: what comes from outside cannot play with a terminal or forge a line") {
  CHECK_EQ(printable("plain, 中文, é 😀"), "plain, 中文, é 😀");
  CHECK_EQ(printable("one\ntwo\r\tthree"), "one two  three");
  const std::string sign = "\xef\xbf\xbd";
  CHECK_EQ(printable("\x1b[31mred\x07\x7f"), sign + "[31mred" + sign + sign);
  CHECK_EQ(printable("a\xc2\x9b"
                     "31m"),
           "a" + sign + "31m");  // CSI as one character.
  CHECK_EQ(printable("a\xe2\x80\xae"
                     "b\xe2\x81\xa6"),
           "a" + sign + "b" + sign);  // Directions.
  CHECK_EQ(printable("a\xff\xc3"), "a" + sign + sign);
  CHECK_EQ(printable(std::string_view{"a\0b", 3}), "a" + sign + "b");
  const auto told = say(Language::en, "books.unknown_source", {{"source", "x\n3 accepted\x1b[A"}});
  CHECK_EQ(told.find('\n'), std::string::npos);
  CHECK_EQ(told.find('\x1b'), std::string::npos);
}
