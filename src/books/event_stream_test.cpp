#include "books/event_stream.h"

#include "books/feed_testing.h"
#include "books/json_events.h"
#include "books/sample_books.h"

using namespace partake;
using namespace partake::books;
using testing::Pieces;

namespace {

const Rulebook& rulebook() {
  static const auto books = testing::sample_books(SOURCE_DIR);
  return books->rulebook();
}

std::string event(std::uint64_t number) {
  return R"({"specversion":"1.0","id":"x","source":"gates","type":"trip.bus",)"
         R"("subject":"0000000195","time":"2026-11-02T08:15:30+08:00","sequence":)" +
         std::to_string(number) + R"(,"data":{"trips":1}})";
}

// A line each: the event's line and number, and size, or the error's code.
std::string read_all(ByteSource& source, std::size_t batch_bytes) {
  JsonEvents feed{source, rulebook(), batch_bytes};
  const SourceAccess access{rulebook(), {}};
  EventStream stream{feed, access, Salter{{}}};
  std::string out;
  for (;;) {
    const auto batch = stream.next();
    if (!batch) return out + batch.error().code;
    if (*batch == nullptr) return out;
    const auto events = (*batch)->events();
    for (std::size_t at = 0; at < events.size(); ++at) {
      const auto& event = events[at];
      const auto size = std::to_string((*batch)->documents[at].size());
      const auto what = event.is_good ? std::to_string(event.event.id.sequence) + " of " + size
                                      : event.error.code;
      out += std::to_string((*batch)->lines[at]) + " " + what + "\n";
    }
  }
}

}  // namespace

TEST_CASE("event stream: however the bytes arrive, the events and lines are the same") {
  const auto size = std::to_string(event(1).size());
  const std::string long_line(event_bytes_max + 5000, 'x');
  const auto text = event(1) + "\n\n  \t\r\n" + event(2) + "\r\n{}\n" + long_line + "\n" +
                    event(3) + "\n" + long_line + long_line + "\n" + event(4);
  const auto expected = "1 1 of " + size + "\n4 2 of " + size + "\n5 event.bad_version\n" +
                        "6 event.too_large\n7 3 of " + size + "\n8 event.too_large\n9 4 of " +
                        size + "\n";
  for (const std::size_t batch_bytes : {300U, 5000U, 70'000U}) {
    for (const std::size_t piece : {7U, 299U, 4096U, 1U << 20U}) {
      INFO(batch_bytes, " ", piece);
      Pieces source{text, {piece}};
      CHECK_EQ(read_all(source, batch_bytes), expected);
    }
  }
}

TEST_CASE("event stream: a source that fails ends it after what was read") {
  const auto text = event(1) + "\n";
  Pieces source{text, {4096}, true};
  CHECK_EQ(read_all(source, 4096),
           "1 1 of " + std::to_string(event(1).size()) + "\nfile.unreadable");
  Pieces empty{"", {1}};
  CHECK_EQ(read_all(empty, 4096), "");
}

TEST_CASE("event stream: it may be left before its end") {
  std::string text;
  for (std::uint64_t number = 0; number < 1000; ++number) text += event(number) + "\n";
  Pieces source{text, {4096}};
  JsonEvents feed{source, rulebook(), 4096};
  const SourceAccess access{rulebook(), {}};
  EventStream stream{feed, access, Salter{{}}};
  CHECK(stream.next().value() != nullptr);
}
