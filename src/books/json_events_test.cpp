#include "books/json_events.h"

#include <rapidcheck.h>
#include <sys/resource.h>

#include "books/feed_testing.h"
#include "books/sample_books.h"

using namespace partake;
using namespace partake::books;
using testing::Pieces;
using testing::read_feed;
using testing::Seen;

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

// Over many lines, as people and tools print it.
std::string spread(const std::string& document) {
  std::string text;
  bool in_string = false;
  for (const char c : document) {
    in_string = in_string != (c == '"');
    text += c;
    if (!in_string && (c == '{' || c == ',')) text += "\n  ";
    if (!in_string && c == ':') text += ' ';
  }
  return text;
}

std::vector<Seen> read_pieces(std::string_view text, std::vector<std::size_t> sizes,
                              std::size_t batch_bytes = 512U << 10U) {
  Pieces source{text, std::move(sizes)};
  JsonEvents feed{source, rulebook(), batch_bytes};
  return read_feed(feed);
}

// "line code" of each, or "line.element code"; a good event's number.
std::string told(const std::vector<Seen>& seen) {
  std::string out;
  for (const auto& one : seen) {
    out += (out.empty() ? "" : "; ") + std::to_string(one.line);
    if (one.element != 0) out += "." + std::to_string(one.element);
    out += " " + (one.read.is_good ? std::to_string(one.read.event.id.sequence) : one.code());
  }
  return out;
}

// In one piece and in many: the same.
std::string read(std::string_view text) {
  const auto whole = read_pieces(text, {text.size() + 1});
  for (const auto& sizes : std::vector<std::vector<std::size_t>>{{1}, {2, 3}, {299}, {4096, 1}}) {
    for (const std::size_t batch_bytes : {1U, 300U, 70'000U}) {
      const bool same = read_pieces(text, sizes, batch_bytes) == whole;
      CHECK_MESSAGE(same, sizes[0], " ", batch_bytes, " ", text.substr(0, 100));
      if (text.size() > 10'000) break;
    }
  }
  return told(whole);
}

}  // namespace

TEST_CASE("json events: an array, over any number of lines") {
  CHECK_EQ(read("[]"), "");
  CHECK_EQ(read(" \n\t [ \n ] \r\n"), "");
  CHECK_EQ(read("[" + event(1) + "]"), "1.1 1");
  CHECK_EQ(read("[" + event(1) + "," + event(2) + ",\n" + event(3) + "]\n"), "1.1 1; 1.2 2; 2.3 3");
  CHECK_EQ(read("\n[\n  " + spread(event(1)) + ",\n  " + spread(event(2)) + "\n]\n"),
           "3.1 1; 13.2 2");
}

TEST_CASE("json events: good elements around a bad one are read, with its place") {
  CHECK_EQ(read("[" + event(1) + ",7," + event(2) + ",\n\"x\",null,[" + event(9) + "],\n" +
                event(3) + "]"),
           "1.1 1; 1.2 event.malformed_json; 1.3 2; 2.4 event.malformed_json; "
           "2.5 event.malformed_json; 2.6 event.malformed_json; 3.7 3");
  CHECK_EQ(read("[{}," + event(1) + ",{\"specversion\":\"1.0\"}]"),
           "1.1 event.bad_version; 1.2 1; 1.3 event.unknown_source");
  // No comma, one too many, a brace too many, a tail that is no JSON.
  CHECK_EQ(read("[" + event(1) + event(2) + "," + event(3) + "]"),
           "1.1 event.malformed_json; 1.2 3");
  CHECK_EQ(read("[" + event(1) + ",," + event(2) + ",]"),
           "1.1 1; 1.2 event.malformed_json; 1.3 2; 1.4 event.malformed_json");
  CHECK_EQ(read("[" + event(1) + "}," + event(2) + "x," + event(3) + "]"),
           "1.1 event.malformed_json; 1.2 event.malformed_json; 1.3 3");
}

TEST_CASE("json events: an element that is too large is refused, and the next is read") {
  const auto with_blanks = [](std::size_t size) {
    return event(1) + std::string(size - event(1).size(), ' ');
  };
  CHECK_EQ(read("[" + with_blanks(event_bytes_max) + "," + event(2) + "]"), "1.1 1; 1.2 2");
  CHECK_EQ(read("[" + with_blanks(event_bytes_max + 1) + "," + event(2) + "]"),
           "1.1 event.too_large; 1.2 2");
  const std::string long_text(200'000, ',');
  CHECK_EQ(read("[\"" + long_text + "\"," + event(2) + ",{\"\":\"" + long_text + "\"}\n," +
                event(3) + "]"),
           "1.1 event.too_large; 1.2 2; 1.3 event.too_large; 2.4 3");
  const auto seen = read_pieces("[\"" + long_text + "\"]", {1000});
  CHECK_EQ(seen[0].document, "\"" + long_text.substr(1, event_bytes_max - 1));
}

TEST_CASE("json events: where an array cannot be followed the rest is refused, once") {
  // The string is not closed on its line; what follows may be text or events.
  CHECK_EQ(read("[" + event(1) + ",\n{\"id\":\"x,\n" + event(2) + "]"),
           "1.1 1; 2.2 event.array_broken");
  CHECK_EQ(read("[" + event(1) + ",{\"data\":{}," + event(2) + "]"),
           "1.1 1; 1.2 event.array_broken");
  CHECK_EQ(read("[" + event(1) + "," + event(2)), "1.1 1; 1.2 event.array_broken");
  CHECK_EQ(read("[" + event(1) + ",\n"), "1.1 1; 2.2 event.array_broken");
  CHECK_EQ(read("["), "1.1 event.array_broken");
  CHECK_EQ(read("[{\"\":\"" + std::string(100'000, 'x')), "1.1 event.array_broken");
  CHECK_EQ(read("[" + event(1) + "]\n\n" + event(2) + "\n"), "1.1 1; 3.2 event.after_array");
  CHECK_EQ(read("[] [" + event(2) + "]"), "1.1 event.after_array");
  CHECK_EQ(read("[]" + std::string(100'000, 'x')), "1.1 event.after_array");
  const auto seen = read_pieces("[" + event(1) + ",\n{\"id\":\"x,\n" + event(2) + "]", {10});
  CHECK_EQ(seen[1].document, "{\"id\":\"x,\n");
  CHECK_EQ(seen[1].read.error.args, Args{{"element", "2"}, {"line", "2"}});
}

TEST_CASE("json events: one object over several lines is one event") {
  CHECK_EQ(read(spread(event(1))), "1 1");
  CHECK_EQ(read("\n \n" + spread(event(1)) + "\n\n"), "3 1");
  CHECK_EQ(read("{\n}"), "1 event.bad_version");
}

TEST_CASE("json events: a bad line does not swallow the next one") {
  CHECK_EQ(read("{\n" + event(1) + "\n" + event(2) + "\n"), "1 event.malformed_json; 2 1; 3 2");
  CHECK_EQ(read("{\"a\":\n" + event(1) + "\n}\n"),
           "1 event.malformed_json; 2 1; 3 event.malformed_json");
  CHECK_EQ(read("{\"a\":\"\n" + event(1) + "\n\"}\n"),
           "1 event.malformed_json; 2 1; 3 event.malformed_json");
  CHECK_EQ(read("{\"a\":\"\n\"}\n"), "1 event.malformed_json; 2 event.malformed_json");
  CHECK_EQ(read(event(1) + "\n[\n" + event(2) + "\n"), "1 1; 2 event.malformed_json; 3 2");
  // Two objects over several lines are neither one event nor lines.
  CHECK_EQ(read("{\n}\n{\n}"),
           "1 event.malformed_json; 2 event.malformed_json; "
           "3 event.malformed_json; 4 event.malformed_json");
  // Too long for one event.
  CHECK_EQ(read("{\n\"x\":\"" + std::string(event_bytes_max, 'x') + "\"\n}\n"),
           "1 event.malformed_json; 2 event.too_large; 3 event.malformed_json");
  CHECK_EQ(read("{" + std::string(event_bytes_max, ' ') + "\n" + event(1)),
           "1 event.too_large; 2 1");
}

TEST_CASE("json events: a line may be as long as an event, before its line break") {
  const auto blanks = std::string(event_bytes_max - event(1).size(), ' ');
  for (const std::string end : {"", "\n", "\r\n"}) {
    CHECK_EQ(read(event(0) + "\n" + event(1) + blanks + end), "1 0; 2 1");
    CHECK_EQ(read(event(0) + "\n" + event(1) + blanks + " " + end), "1 0; 2 event.too_large");
  }
  CHECK_EQ(read(event(0) + "\n" + std::string(100'000, ' ') + "\n" + event(1)),
           "1 0; 2 event.too_large; 3 1");
}

TEST_CASE("json events: what a truncated array leaves is what it held to the last whole element") {
  const auto text = "[" + event(1) + "," + event(2) + "]";
  for (std::size_t size = 1; size < text.size(); ++size) {
    const auto seen = read_pieces(std::string_view{text}.substr(0, size), {64});
    REQUIRE_FALSE(seen.empty());
    CHECK_EQ(seen.back().code(), "event.array_broken");
    // The comma behind the first says that it is whole.
    CHECK_EQ(seen.size(), size > event(1).size() + 1 ? 2 : 1);
  }
}

// The same events in an array, in lines and one by one, some of them broken where that leaves the
// structure; with any blanks between them and in any pieces.
TEST_CASE("json events: an array gives what its lines would give, however the bytes arrive") {
  std::vector<std::string> kinds{event(1),
                                 event(2),
                                 "{}",
                                 "17",
                                 "\"],[{\\\"\"",
                                 "[1,[2]]",
                                 "{\"data\":{\"trips\":tru}}",
                                 "nul",
                                 R"({"specversion":"1.0","source":"nobody"})"};
  std::string many_fields = R"({"data":{"trips":1)";
  for (int at = 0; at < 70; ++at) many_fields += ",\"f" + std::to_string(at) + "\":0";
  kinds.push_back(many_fields + "}}");
  CHECK(rc::check([&] {
    const auto picks = *rc::gen::container<std::vector<std::size_t>>(
        rc::gen::inRange<std::size_t>(0, kinds.size()));
    const auto sizes = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 400)));
    const auto batch_bytes = *rc::gen::inRange<std::size_t>(1, 2000);
    std::string array = " [";
    std::string lines;
    for (std::size_t at = 0; at < picks.size(); ++at) {
      array += (at == 0 ? "" : ",") + std::string(picks[at] % 3, at % 2 == 0 ? ' ' : '\n');
      array += kinds[picks[at]] + std::string(at % 2, '\t');
      // A first line like this one would be an array.
      if (at == 0) lines += "\n{}\n";
      lines += kinds[picks[at]] + "\n";
    }
    array += "] \n";
    const auto as_array = read_pieces(array, sizes, batch_bytes);
    auto as_lines = read_pieces(lines, sizes, batch_bytes);
    if (!as_lines.empty()) as_lines.erase(as_lines.begin());
    RC_ASSERT(as_array.size() == as_lines.size());
    RC_ASSERT(as_array.size() == picks.size());
    for (std::size_t at = 0; at < as_array.size(); ++at) {
      RC_ASSERT(as_array[at].element == at + 1);
      RC_ASSERT(as_array[at].document == as_lines[at].document);
      RC_ASSERT(Seen::same(as_array[at].read, as_lines[at].read));
    }
  }));
}

// Any bytes at all: whatever they are read as, how they arrive makes no difference.
TEST_CASE("json events: results do not depend on how the bytes arrive") {
  CHECK(rc::check([] {
    const auto noise = *rc::gen::container<std::string>(
        rc::gen::element('{', '}', '[', ']', '"', '\\', ',', '\n', '\r', ' ', 'a'));
    const auto start = *rc::gen::element(std::string{"["}, std::string{"{"}, std::string{});
    const auto at = *rc::gen::inRange<std::size_t>(0, noise.size() + 1);
    const auto text = start + noise.substr(0, at) + event(1) + noise.substr(at);
    const auto sizes = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 60)));
    const auto batch_bytes = *rc::gen::inRange<std::size_t>(1, 200);
    RC_ASSERT(read_pieces(text, sizes, batch_bytes) == read_pieces(text, {text.size()}));
  }));
}

namespace {

// A start, so many bytes of one kind, and an end.
class Endless final : public ByteSource {
 public:
  Endless(std::string start, char byte, std::uint64_t count, std::string end)
      : start_{std::move(start)}, end_{std::move(end)}, byte_{byte}, count_{count} {}
  Result<std::size_t> read(char* target, std::size_t size) override {
    if (const auto count = take(start_, target, size)) return count;
    const auto middle = std::min<std::uint64_t>(count_, size);
    std::fill_n(target, middle, byte_);
    count_ -= middle;
    if (middle > 0) return static_cast<std::size_t>(middle);
    return take(end_, target, size);
  }

 private:
  static std::size_t take(std::string& from, char* target, std::size_t size) {
    const auto count = from.copy(target, size);
    from.erase(0, count);
    return count;
  }
  std::string start_;
  std::string end_;
  char byte_;
  std::uint64_t count_;
};

std::int64_t peak_kib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

}  // namespace

TEST_CASE("json events: a line of 1 GiB and an element without end take little memory") {
  const auto read_endless = [](Endless source) {
    JsonEvents feed{source, rulebook()};
    return told(read_feed(feed));
  };
  static_cast<void>(rulebook());
  const auto before = peak_kib();
  CHECK_EQ(read_endless({event(1) + "\n", 'x', std::uint64_t{1} << 30U, "\n" + event(2) + "\n"}),
           "1 1; 2 event.too_large; 3 2");
  constexpr std::uint64_t enough = 64U << 20U;
  CHECK_EQ(read_endless({"[" + event(1) + ",\"", ',', enough, "\"," + event(2) + "]"}),
           "1.1 1; 1.2 event.too_large; 1.3 2");
  CHECK_EQ(read_endless({"[" + event(1) + ",", '{', enough, ""}), "1.1 1; 1.2 event.array_broken");
  CHECK_EQ(read_endless({"[" + event(1) + ",", ' ', enough, event(2) + "]"}), "1.1 1; 1.2 2");
  CHECK_EQ(read_endless({"", '\n', enough, "[" + event(1) + "]"}),
           std::to_string(enough + 1) + ".1 1");
#if !defined(__SANITIZE_ADDRESS__)  // Which keeps what was freed for a while.
  CHECK_LT(peak_kib() - before, 32 * 1024);
#else
  static_cast<void>(before);
#endif
}
