#include "base/json.h"

#include "base/sha256.h"
#include "base/utf8.h"

using namespace partake;

namespace {

std::string code_of(const std::string& text, const JsonLimits& limits = {}) {
  const auto read = parse_json(text, limits);
  return read ? "ok" : read.error().code;
}

}  // namespace

TEST_CASE("json: the example of RFC 8785, as far as it holds no floating point") {
  const auto read = parse_json(R"({"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
                                   "literals": [null, true, false], "n": 56})");
  REQUIRE(read.has_value());
  CHECK_EQ(canonical(*read),
           "{\"literals\":[null,true,false],\"n\":56,"
           "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST_CASE("json: keys sort by UTF-16, as in RFC 8785 3.2.3") {
  const Json::Object members{{"€", "Euro Sign"},
                             {"\r", "Carriage Return"},
                             {"\uFF21", "Fullwidth A"},
                             {"1", "One"},
                             {"😀", "Emoji: Grinning Face"},
                             {"\u0080", "Control"},
                             {"ö", "Latin Small Letter O With Diaeresis"}};
  const auto text = canonical(Json{members});
  const auto at = [&](const char* value) { return text.find(value); };
  CHECK(at("Carriage Return") < at("One"));
  CHECK(at("One") < at("Control"));
  CHECK(at("Control") < at("Latin Small"));
  CHECK(at("Latin Small") < at("Euro Sign"));
  CHECK(at("Euro Sign") < at("Emoji"));
  CHECK(at("Emoji") < at("Fullwidth"));
}

TEST_CASE("json: numbers keep their digits") {
  const auto digits = parse_json("[0.5500, 123456789012345678]");
  REQUIRE(digits.has_value());
  CHECK_EQ(canonical(*digits), "[0.5500,123456789012345678]");
}

TEST_CASE("json: bad input has a code") {
  for (const char* text :
       {"", "{", "[1,]", "{\"a\":}", "nul", "[1] 2", "1], [2", "\"\xFF\"", "[01]"}) {
    CAPTURE(text);
    CHECK_EQ(code_of(text), "json.malformed");
  }
  CHECK_EQ(code_of(std::string(100, '[') + std::string(100, ']')), "json.too_deep");
  CHECK_EQ(code_of("[1,2,3]", {.bytes = 3}), "json.too_large");
}

TEST_CASE("hash: FIPS 180-4 examples and domain separation") {
  CHECK_EQ(to_hex(sha256("abc")),
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_of("a", "b") == sha256(std::string_view{"a\0b", 3}));
  CHECK(sha256_of("a", "b") != sha256_of("b", "b"));
}

TEST_CASE("utf8: normal form and errors") {
  CHECK_EQ(to_nfc("e\u0301"), "é");
  CHECK_EQ(utf8_error_at("ab\xFF"), 2);
  CHECK_EQ(utf8_error_at("武汉"), 6);
  CHECK_EQ(display_width("武汉km"), 6);
}

TEST_CASE("json: documents in lines are counted, unless one is malformed") {
  CHECK_EQ(count_documents("{\"a\":1}\n{\"b\":[2,3]}\n"), 2);
  CHECK_EQ(count_documents("{\"a\":1}\n{\"b\":}\n"), 0);
  CHECK_EQ(count_documents("{\"a\":1}\n{\"b\":"), 0);
}
