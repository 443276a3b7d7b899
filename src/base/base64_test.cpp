#include "base/base64.h"

#include <doctest/doctest.h>

using namespace partake;

TEST_CASE("base64: the vectors of RFC 4648 section 10, there and back") {
  for (const auto& [bytes, text] : {std::pair{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"}}) {
    CHECK_EQ(to_base64(bytes), text);
    CHECK_EQ(from_base64(text), std::string{bytes});
  }
}

TEST_CASE("base64: one spelling only") {
  for (const char* text : {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "====", "=Zg=", "Zg==Zg==", " Zg=",
                           "Zm9v\n", "Zm-v", "\n\n\n\n"}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text));
  }
}
