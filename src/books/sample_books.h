// Books with something published, for tests, fuzzing and benchmarks: the example "carbon inclusion"
// with one more type of event, whose fields are of every kind.
#pragma once

#include <algorithm>
#include <memory>
#include <tuple>

#include "base/require.h"
#include "books/books.h"
#include "books/event_reader.h"
#include "books/publish.h"

namespace partake::books::testing {

constexpr const char* every_kind_method = R"toml(format = 1
id = "test.every_kind"
version = "1.0.0"
title = { en = "Every kind of field", zh = "各种字段" }
description = { en = "D", zh = "述" }
boundary = { en = "B", zh = "界" }
actors = ["person"]
[[basis]]
source = "definition"
seen = "derivation"
note = { en = "N", zh = "注" }
[inputs.distance]
title = { en = "Distance", zh = "里程" }
unit = "km"
range = "[0, 1000000]"
[inputs.seat]
type = "choice"
title = { en = "Seat", zh = "座位" }
choices = { hard = { en = "Hard seat", zh = "硬座" }, soft = { en = "Soft seat", zh = "软座" } }
[inputs.region]
type = "region"
title = { en = "Region", zh = "地区" }
[inputs.date]
type = "date"
title = { en = "Day", zh = "日期" }
[parameters.baseline]
factor = "transport.baseline"
unit = "kgCO2/pkm"
climb = ["scheme"]
[formulas]
share = "if seat == 'hard' then 1 else 0.5"
[outputs.co2e]
formula = "co2e(distance * 1 [person] * baseline * share)"
unit = "kgCO2e"
asset = "co2e"
[[examples]]
title = { en = "Ten kilometres", zh = "十公里" }
origin = "derived"
set = { distance = "10 km", seat = "hard", region = "CN-BJ", date = "2024-11-20" }
expect = { co2e = "1.04 kgCO2e" }
note = { en = "10 km × 0.104 kg/km", zh = "10 公里 × 0.104 千克/公里" }
)toml";

constexpr const char* every_kind_event = R"(
[[scheme.events]]
type = "test.every_kind"
method = "test.every_kind"
inputs.distance = { field = "distance", unit = "m" }
inputs.seat = { field = "seat" }
inputs.region = { field = "place" }

[[methods]]
id = "test.every_kind"
version = "1.0.0"
from = "2024-01-01"
)";

inline std::vector<Content> sample_contents(const std::string& source_folder) {
  Problems problems;
  auto contents = contents_of(source_folder + "/examples/carbon-inclusion",
                              source_folder + "/library", problems);
  PARTAKE_REQUIRE(problems.empty() && !contents.empty());
  for (auto& content : contents) {
    if (content.kind == Content::Kind::programme) content.text += every_kind_event;
  }
  contents.push_back({Content::Kind::method, "methods/test/every_kind.toml", every_kind_method});
  return contents;
}

// Sources: `gates` counts its events, `app` names them, `gone` is revoked. Accounts: a thousand.
inline std::unique_ptr<Books> sample_books(const std::string& source_folder) {
  auto books = std::make_unique<Books>();
  std::uint64_t number = 0;
  const auto apply = [&](Fact fact) {
    const auto status = books->apply(number++, fact);
    PARTAKE_REQUIRE(status.has_value());
  };
  const auto contents = sample_contents(source_folder);
  for (const auto& content : contents) apply(content);
  Problems problems;
  ProgrammeNumbers numbers;
  const auto edition = Edition::build(contents, numbers, problems);
  PARTAKE_REQUIRE(problems.empty());
  const auto& programme = edition->programme().id.text();
  apply(edition->manifest(contents));
  apply(SourceState{"gates", programme, "A", true, 0, {}, false});
  apply(SourceState{"app", programme, "B", false, 0, {}, false});
  apply(SourceState{"gone", programme, "A", true, 0, {}, true});
  apply(AccountsOpened{programme, "person", 1000, {{"gates"}, {"app"}}});
  return books;
}

// Reads the document in both of the reader's ways, with `padding` behind it.
struct BothWays {
  BothWays(EventReader& reader, std::string_view document, char padding = ' ') {
    std::string bytes{document};
    bytes.append(EventReader::json_padding, padding);
    const auto text = std::string_view{bytes}.substr(0, document.size());
    reader.read(text, shortest);
    reader.read_generally(text, general);
  }

  [[nodiscard]] bool agree() const {
    const auto error_of = [](const ReadEvent& read) {
      return std::tie(read.error.kind, read.error.code, read.error.args);
    };
    const auto event_of = [](const ReadEvent& read) {
      const auto& event = read.event;
      return std::tie(event.account, event.stream, event.time, event.id, event.withdrawal,
                      event.has_earlier, event.earlier, event.rule, event.day, event.length_s,
                      event.value_count, event.values);
    };
    if (shortest.is_good != general.is_good) return false;
    return shortest.is_good ? event_of(shortest) == event_of(general)
                            : error_of(shortest) == error_of(general);
  }

  ReadEvent shortest;
  ReadEvent general;
};

}  // namespace partake::books::testing
