#include "base/hmac.h"

using namespace partake;

// RFC 4231, test cases 1 to 3 and 6.
TEST_CASE("hmac: the vectors of RFC 4231") {
  const auto hmac = [](const std::string& key, const std::string& message) {
    return to_hex(Hmac{key}.of(message));
  };
  CHECK_EQ(hmac(std::string(20, '\x0b'), "Hi There"),
           "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK_EQ(hmac("Jefe", "what do ya want for nothing?"),
           "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK_EQ(hmac(std::string(20, '\xaa'), std::string(50, '\xdd')),
           "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  CHECK_EQ(hmac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
           "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("hmac: two at once are those of each") {
  const Hmac hmac{"a key"};
  for (std::size_t size = 0; size <= sha256_short_max + 2; ++size) {
    const std::string text(size, 'm');
    for (const std::size_t other_size : {0U, 17U, 55U, 56U, 119U, 120U}) {
      const std::string other(other_size, 'o');
      const auto pair = hmac.of_pair(text, other);
      REQUIRE_EQ(pair[0], hmac.of(text));
      REQUIRE_EQ(pair[1], hmac.of(other));
    }
  }
}

// FIPS 180-4 examples, and every length around the borders of a block against the long way.
TEST_CASE("sha256: short and long inputs agree") {
  CHECK_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK_EQ(to_hex(sha256("abc")),
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK_EQ(to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
           "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  if (!has_sha256_instructions()) return;
  const std::string pad(sha256_block_bytes, 'p');
  for (std::size_t size = 0; size <= sha256_short_max; ++size) {
    std::string text(size, '\0');
    for (std::size_t at = 0; at < size; ++at) text[at] = static_cast<char>(37 * at + size);
    auto state = sha256_start;
    sha256_compress(state, reinterpret_cast<const std::uint8_t*>(pad.data()));
    CHECK_EQ(sha256_short(state, pad.size(), {text}), sha256(pad + text));
  }
}

TEST_CASE("sha256: two at once are the hashes of each") {
  std::vector<std::string> texts;
  for (std::size_t size = 0; size <= sha256_short_max + 3; ++size) {
    auto& text = texts.emplace_back(size, '\0');
    for (std::size_t at = 0; at < size; ++at) text[at] = static_cast<char>(91 * at + size);
  }
  std::vector<Hash> hashes;
  for (const auto& text : texts) hashes.push_back(sha256(text));
  for (std::size_t first = 0; first < texts.size(); ++first) {
    const std::string_view text{texts[first]};
    for (std::size_t second = 0; second < texts.size(); ++second) {
      const auto pair =
          sha256_pair({text.substr(0, first / 2), {}, text.substr(first / 2)}, {texts[second]});
      REQUIRE_EQ(pair[0], hashes[first]);
      REQUIRE_EQ(pair[1], hashes[second]);
    }
  }
}
