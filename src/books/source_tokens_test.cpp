#include "books/source_tokens.h"

#include "books/sample_books.h"
#include "books/waiting_events.h"

using namespace partake;
using namespace partake::books;

namespace {

// The sample's sources, `gates` with a token now.
const Rulebook& rulebook() {
  static const auto books = [] {
    auto made = testing::sample_books(SOURCE_DIR);
    const auto& programme = made->rulebook().programmes[0].id;
    REQUIRE(made->apply(
        1000, Fact{SourceState{"gates", programme, "A", true, 0, sha256("secret"), false}}));
    return made;
  }();
  return books->rulebook();
}

SourceTokens tokens(std::string_view text) { return SourceTokens::parse(text, "t").value(); }

std::string event_of(const std::string& source) {
  return R"({"specversion":"1.0","id":"x","sequence":"7","source":")" + source +
         R"(","type":"trip.bus","subject":"0000000195","time":"2026-11-02T08:15:30+08:00","data":{"trips":1}})";
}

// What becomes of the message where these tokens came with it.
std::string checked(const std::string& document, std::string_view presented,
                    const std::string& proven = "") {
  WaitingEvents feed{{{document, proven}}, rulebook()};
  EventBatch batch;
  REQUIRE(feed.fill(batch));
  SourceAccess{rulebook(), tokens(presented)}.check(batch);
  REQUIRE_EQ(batch.count, 1);
  return batch.slots[0].is_good ? "good" : batch.slots[0].error.code;
}

}  // namespace

TEST_CASE("source tokens: a name, a space and a token a line") {
  const auto read = tokens("gates 12ab\n\nmetro line 2 34cd\r\nlast 5");
  CHECK_EQ(*read.of("gates"), "12ab");
  CHECK_EQ(*read.of("metro line 2"), "34cd");
  CHECK_EQ(*read.of("last"), "5");
  CHECK_EQ(read.of("metro"), nullptr);
  CHECK_EQ(tokens("").text(), "");
  auto changed = read;
  changed.set("gates", "new");
  changed.set("app", "first");
  CHECK_EQ(changed.text(), "gates new\nmetro line 2 34cd\nlast 5\napp first\n");
  CHECK_EQ(tokens(changed.text()).text(), changed.text());
}

TEST_CASE("source tokens: what is malformed is named by its line, without what it says") {
  for (const auto* line :
       {"secret", " secret", "gates ", " ", "gates x\r\r", "ga\x01tes x", "gates x\x7F"}) {
    const auto read = SourceTokens::parse("a b\n" + std::string{line} + "\n", "tokens.txt");
    REQUIRE_FALSE(read);
    CHECK_EQ(read.error().code, "tokens.malformed");
    CHECK_EQ(read.error().args, Args{{"file", "tokens.txt"}, {"line", "2"}});
  }
  const auto twice = SourceTokens::parse("gates 1\napp 2\ngates 3\n", "tokens.txt");
  CHECK_EQ(twice.error().code, "tokens.twice");
  CHECK_EQ(twice.error().args, Args{{"file", "tokens.txt"}, {"line", "3"}});
}

TEST_CASE("source tokens: a secret is compared whole") {
  const auto hash = sha256("secret");
  CHECK(same_secret(hash, sha256("secret")));
  for (const std::size_t at : {0U, 17U, 31U}) {
    auto other = hash;
    other[at] ^= 1U;
    CHECK_FALSE(same_secret(hash, other));
  }
}

TEST_CASE("source access: a source that has a token is believed with it only") {
  CHECK_EQ(checked(event_of("gates"), "gates secret\n"), "good");
  CHECK_EQ(checked(event_of("gates"), ""), "event.source_not_authenticated");
  CHECK_EQ(checked(event_of("gates"), "app secret\n"), "event.source_not_authenticated");
  CHECK_EQ(checked(event_of("gates"), "gates secreT\n"), "event.wrong_token");
  CHECK_EQ(checked(event_of("gates"), "gates " + to_hex(sha256("secret")) + "\n"),
           "event.wrong_token");
  // One without a token needs none; one that was revoked is not heard with any.
  CHECK_EQ(checked(event_of("app"), ""), "good");
  CHECK_EQ(checked(event_of("app"), "app whatever\n"), "good");
  CHECK_EQ(checked(event_of("gone"), "gone secret\n"), "event.source_revoked");
  // What is no event at all says so, whoever sends it.
  CHECK_EQ(checked("{", ""), "event.malformed_json");
}

TEST_CASE("source access: of a message that came with the token before none is asked for again") {
  CHECK_EQ(checked(event_of("gates"), "", "gates"), "good");
  CHECK_EQ(checked(event_of("gates"), "gates old\n", "gates"), "good");
  CHECK_EQ(checked(event_of("gates"), "", "app"), "event.source_not_authenticated");
  const SourceAccess access{rulebook(), tokens("gates secret\napp x\n")};
  CHECK_EQ(access.proven_source(event_of("gates")), "gates");
  CHECK_EQ(access.proven_source(event_of("app")), "");
  CHECK_EQ(access.proven_source(event_of("nobody")), "");
  CHECK_EQ(access.proven_source("{\"source\":1}"), "");
  CHECK_EQ(access.proven_source("{"), "");
  const SourceAccess wrong{rulebook(), tokens("gates secreT\n")};
  CHECK_EQ(wrong.proven_source(event_of("gates")), "");
}

TEST_CASE("waiting events: any message keeps its place, whatever stands in it") {
  std::vector<WaitingEvents::Message> messages{{event_of("app"), ""}, {"[1]\n[2]", ""}, {"", ""}};
  messages.push_back({std::string(70'000, ' ') + event_of("app"), ""});
  std::string spread;
  for (const char c : event_of("app")) spread += c == ',' ? ",\n" : std::string{c};
  messages.push_back({spread, ""});
  for (int more = 0; more < 20; ++more) messages.push_back({std::string(60'000, '{'), ""});
  messages.push_back({event_of("app"), ""});
  WaitingEvents feed{messages, rulebook()};
  std::vector<std::string> codes;
  EventBatch batch;
  while (!feed.is_done()) {
    batch.clear();
    REQUIRE(feed.fill(batch));
    for (std::size_t place = 0; place < batch.count; ++place) {
      CHECK_EQ(batch.lines[place], codes.size() + 1);
      CHECK(batch.documents[place] == messages[codes.size()].document);
      codes.push_back(batch.slots[place].is_good ? "good" : batch.slots[place].error.code);
    }
  }
  REQUIRE_EQ(codes.size(), messages.size());
  CHECK_EQ(codes[0], "good");
  CHECK_EQ(codes[1], "event.malformed_json");
  CHECK_EQ(codes[2], "event.malformed_json");
  CHECK_EQ(codes[3], "event.too_large");
  CHECK_EQ(codes[4], "good");
  CHECK_EQ(codes.back(), "good");
}
