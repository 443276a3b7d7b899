#include "books/array_splitter.h"

#include <rapidcheck.h>

#include "base/json.h"

using namespace partake;
using namespace partake::books;

namespace {

// The elements behind an opening bracket, in bytes that come in pieces, with bars between them;
// what stops it, and what is left.
std::string split(std::string_view text, std::size_t piece) {
  ArraySplitter splitter{1};
  std::string out;
  std::string element;
  for (std::size_t begin = 0; begin < text.size(); begin += piece) {
    const auto bytes = text.substr(begin, piece);
    for (std::size_t at = 0; at < bytes.size();) {
      const auto from = at;
      const auto stop = splitter.next(bytes, at);
      element += bytes.substr(from, at - from);
      if (stop == ArraySplitter::Stop::none) break;
      ++at;
      if (stop == ArraySplitter::Stop::element) {
        out += element + "|";
        element.clear();
        continue;
      }
      const auto* name = stop == ArraySplitter::Stop::last ? " last " : " broken ";
      return out + element + name + std::to_string(splitter.line());
    }
  }
  return out + element;
}

std::string split_every_way(std::string_view text) {
  auto whole = split(text, text.size() + 1);
  for (std::size_t piece = 1; piece <= text.size(); ++piece) CHECK_EQ(split(text, piece), whole);
  return whole;
}

}  // namespace

TEST_CASE("array splitter: elements end at commas and at the array's bracket") {
  CHECK_EQ(split_every_way("]"), " last 1");
  CHECK_EQ(split_every_way("1, 2 ,3]"), "1| 2 |3 last 1");
  CHECK_EQ(split_every_way(R"({"a":[1,{"b":2}],"c":[]},{}]x)"),
           R"({"a":[1,{"b":2}],"c":[]}|{} last 1)");
  CHECK_EQ(split_every_way("{\n\"a\":\n1},\n{}\n]"), "{\n\"a\":\n1}|\n{}\n last 5");
}

TEST_CASE("array splitter: brackets and commas in strings are text, whatever is escaped") {
  CHECK_EQ(split_every_way(R"("],{","\"],","\\","\\\"]"])"), R"("],{"|"\"],"|"\\"|"\\\"]" last 1)");
  CHECK_EQ(split_every_way(R"({"],":"}"},1])"), R"({"],":"}"}|1 last 1)");
}

TEST_CASE("array splitter: what is no JSON is still an element") {
  CHECK_EQ(split_every_way("{]"), "{ broken 1");
  CHECK_EQ(split_every_way("{}{},:,nul,]"), "{}{}|:|nul| last 1");
  CHECK_EQ(split_every_way("{}},{}]"), "{}}|{} last 1");
  CHECK_EQ(split_every_way(R"({"a":[1},{"b":2]},3])"), R"({"a":[1},{"b":2]}|3 last 1)");
}

TEST_CASE("array splitter: an open string or brace breaks the array, and its end is awaited") {
  CHECK_EQ(split_every_way("1,{\"a\":\"b\n,2]"), "1|{\"a\":\"b broken 1");
  CHECK_EQ(split_every_way("\n\"\\\n\""), "\n\"\\ broken 2");
  CHECK_EQ(split_every_way("{\"a\":{\"b\":1},{},{}]"), "{\"a\":{\"b\":1},{},{} broken 1");
  CHECK_EQ(split_every_way("1,{\"a\""), "1|{\"a\"");
}

TEST_CASE("array splitter: of any array of JSON the elements are those that were written") {
  CHECK(rc::check([] {
    const auto texts =
        *rc::gen::container<std::vector<std::string>>(rc::gen::container<std::string>(
            rc::gen::element('a', '"', '\\', '{', '}', '[', ']', ',', ' ', '\n')));
    std::string array;
    std::string wanted;
    for (std::size_t at = 0; at < texts.size(); ++at) {
      std::string element;
      append_quoted(element, texts[at]);
      if (at % 3 == 1) element = "{\"x\" : [" + element + ", {" + element + ":1}]}";
      array += element + (at + 1 < texts.size() ? "," : "]");
      wanted += element + (at + 1 < texts.size() ? "|" : " last ");
    }
    if (texts.empty()) return;
    const auto piece = *rc::gen::inRange<std::size_t>(1, 30);
    RC_ASSERT(split(array, piece) == wanted + "1");
  }));
}

TEST_CASE("object end: where the first object closes") {
  CHECK_EQ(object_end("{}"), 2);
  CHECK_EQ(object_end(R"({"}":{"\"}":1}}{})"), 15);
  CHECK_EQ(object_end("{\n\"a\":{\n}}\n"), 10);
  for (const auto* text : {"{", "{{}", "{\"}", "{\"\\\"}", "{\"a\n\"}", "{\"\\\n\"}", "{\"\\"}) {
    INFO(text);
    CHECK_EQ(object_end(text), std::string_view::npos);
  }
}
