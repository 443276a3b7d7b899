#include "books/uuid.h"

#include <doctest/doctest.h>

using namespace partake::books;

TEST_CASE("uuid: the examples of RFC 9562, appendix A, and back") {
  Uuid uuid{};
  // A.4, version 4; A.5, version 6.
  REQUIRE(parse_uuid("919108f7-52d1-4320-9bac-f847db4148a8", uuid));
  const Uuid expected{0x91, 0x91, 0x08, 0xF7, 0x52, 0xD1, 0x43, 0x20,
                      0x9B, 0xAC, 0xF8, 0x47, 0xDB, 0x41, 0x48, 0xA8};
  CHECK(uuid == expected);
  CHECK_EQ(to_string(uuid), "919108f7-52d1-4320-9bac-f847db4148a8");
  REQUIRE(parse_uuid("1ec9414c-232a-6b00-b3c8-9f6bdeced846", uuid));
  CHECK_EQ(to_string(uuid), "1ec9414c-232a-6b00-b3c8-9f6bdeced846");
}

TEST_CASE("uuid: any other character at any place is no UUID in this spelling") {
  const std::string good = "00112233-4455-6677-8899-aabbccddeeff";
  Uuid uuid{};
  REQUIRE(parse_uuid(good, uuid));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int character = 0; character < 256; ++character) {
      auto text = good;
      text[at] = static_cast<char>(character);
      const bool is_uuid = parse_uuid(text, uuid);
      CHECK_EQ(is_uuid && to_string(uuid) != text, false);
      const bool dash = good[at] == '-';
      const bool digit =
          (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
      CHECK_EQ(is_uuid, dash ? character == '-' : digit);
    }
  }
  CHECK_FALSE(parse_uuid(good.substr(1), uuid));
  CHECK_FALSE(parse_uuid(good + "0", uuid));
  CHECK_FALSE(parse_uuid("", uuid));
}
