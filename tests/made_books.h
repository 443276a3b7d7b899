// Books that the program made, and events for them, for tests that do something else to them.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "ledger/account_number.h"
#include "tests/child.h"
#include "tests/program.h"
#include "tests/small_library.h"

namespace partake::testing {

inline std::vector<std::string> words(std::vector<std::string> more) {
  more.insert(more.begin(), {"--as-of", "2026-11-05"});
  return more;
}

inline void expect(const std::vector<std::string>& arguments, int code = 0) {
  const auto ended = run_in({}, arguments);
  REQUIRE_MESSAGE(ended.code == code, ended.out, ended.err);
}

// Books of the example with two sources and eight accounts, and no event; a copy for each who asks.
inline std::string empty_books(const TestFolder& folder, const std::string& name = "books") {
  static const TestFolder made{"survival-made"};
  static const std::string programme = "example.carbon-inclusion";
  if (!std::filesystem::exists(made.path("books"))) {
    const auto books = made.path("books");
    small_library(made.path("library"));
    expect(words({"init", books, "--origin", "example.org/survival"}));
    expect(words({"--library", made.path("library"), "publish", books,
                  SOURCE_DIR "/examples/carbon-inclusion"}));
    expect(words({"source", "add", books, "metro-gates", "--numbered", "--programme", programme}));
    expect(
        words({"source", "add", books, "traveller-app", "--tier", "C", "--programme", programme}));
    expect(words({"account", "open", books, "--count", "8", "--programme", programme, "--consent",
                  "metro-gates", "--consent", "traveller-app"}));
  }
  std::filesystem::copy(made.path("books"), folder.path(name),
                        std::filesystem::copy_options::recursive);
  return folder.path(name);
}

// A stream of trips: numbered and with ids, above the cap, repeated, contradicted, of nobody.
inline std::string stream_of(std::uint64_t lines) {
  std::string text;
  for (std::uint64_t at = 0; at < lines; ++at) {
    const auto again = at % 23 == 22 ? at - 11 : at;  // Of a line before: the same, or nearly.
    const bool contradicts = at % 92 == 91;
    const auto account = again % 31 == 30 ? 77 : (again * 7) % 8;
    const auto second = (again * 977) % 86400;
    char time[40];
    std::snprintf(time, sizeof time, "2026-11-%02dT%02d:%02d:%02dZ",
                  static_cast<int>(1 + again % 4), static_cast<int>(second / 3600),
                  static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
    const bool numbered = again % 3 != 0;
    text += R"({"specversion":"1.0","source":")";
    text += numbered ? R"(metro-gates","sequence":")" : R"(traveller-app","id":"trip-)";
    text += std::to_string(again + 1) + R"(","type":"trip.bus","subject":")" +
            ledger::to_string({account}) + R"(","time":")" + time + R"(","data":{"trips":)" +
            (contradicts ? "2" : "1") + "}}\n";
  }
  return text;
}

}  // namespace partake::testing
