#include "journal/note.h"

#include <doctest/doctest.h>

#include "journal/checkpoint.h"
#include "journal/testing.h"
#include "tests/outside_data.h"

using namespace partake;
using namespace partake::journal;
using namespace partake::journal::testing;
using partake::testing::outside_data;

namespace {

const Signer signer{"partake.example/log", SecretSeed{1, 2, 3}};

std::string code_of(const std::string& note, const Verifier& verifier = verifier_of(signer)) {
  const auto text = open_note(note, verifier);
  return text ? "ok" : text.error().code;
}

std::string code_of_checkpoint(const std::string& text) {
  const auto checkpoint = parse_checkpoint(text);
  return checkpoint ? "ok" : checkpoint.error().code;
}

const std::string root_line = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";

}  // namespace

TEST_CASE("ed25519: the first vectors of RFC 8032 section 7.1") {
  SecretSeed seed{};
  const auto bytes =
      *hash_from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  std::copy(bytes.begin(), bytes.end(), seed.begin());
  const auto key = public_key_of(seed);
  CHECK_EQ(to_hex(Hash{key}), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const auto signature = sign(seed, "");
  const auto expected = from_hex(
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  CHECK_EQ(std::string(signature.begin(), signature.end()), expected);
  CHECK(verify(key, "", signature));
  CHECK_FALSE(verify(key, "x", signature));
}

TEST_CASE("note: the well-known example verifies, and not once changed") {
  const auto path = outside_data("merkle/note.json");
  if (path.empty()) return;
  const auto json = read_json(path);
  const auto verifier = parse_verifier(*json.find("verifier")->string());
  REQUIRE(verifier);
  const auto& note = *json.find("note")->string();
  CHECK_EQ(*open_note(note, *verifier), note.substr(0, note.find("\n\n") + 1));
  auto changed = note;
  changed[0] = 'i';
  CHECK_EQ(code_of(changed, *verifier), "note.bad_signature");
}

TEST_CASE("note: what we sign opens with our key only") {
  const auto note = sign_note("text\n", signer);
  CHECK_EQ(*open_note(note, verifier_of(signer)), "text\n");
  CHECK_EQ(code_of(note, verifier_of({"other.example", signer.seed})), "note.unsigned");
  CHECK_EQ(code_of(note, verifier_of({signer.name, SecretSeed{9}})), "note.unsigned");
  // A further signature, by somebody unknown, does no harm.
  const auto other = sign_note("text\n", {"other.example", SecretSeed{7}});
  CHECK_EQ(code_of(note + other.substr(other.find("\n\n") + 2)), "ok");
}

TEST_CASE("note: every byte counts") {
  const auto note = sign_note("one\ntwo\n", signer);
  for (std::size_t at = 0; at < note.size(); ++at) {
    for (const unsigned bit : {1U, 4U, 32U}) {
      auto changed = note;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ bit);
      CAPTURE(at);
      CHECK_NE(code_of(changed), "ok");
    }
  }
}

TEST_CASE("note: malformed notes and keys are refused") {
  for (const auto* note :
       {"", "\n", "text\n", "text\n\n", "text\n\nname sig\n", "text\n\n\xE2\x80\x94 name\n",
        "text\n\n\xE2\x80\x94 name AAAA\n", "te\x01xt\n\n\xE2\x80\x94 name AAAAAAAA\n",
        "te\xFFxt\n\n\xE2\x80\x94 name AAAAAAAA\n"}) {
    CAPTURE(note);
    CHECK_EQ(code_of(note), "note.malformed");
  }
  const auto key = to_string(verifier_of(signer));
  CHECK(parse_verifier(key));
  for (const auto& bad : {std::string{}, std::string{"a+b"}, key.substr(1), key + "A", "a b" + key,
                          std::string{"name+00000000+AAAA"}}) {
    CAPTURE(bad);
    CHECK_EQ(parse_verifier(bad).error().code, "note.malformed_key");
  }
}

TEST_CASE("checkpoint: prints and parses; other spellings are refused") {
  const Checkpoint checkpoint{"partake.example/log", 1234567, sha256("x")};
  CHECK_EQ(*parse_checkpoint(to_string(checkpoint)), checkpoint);
  CHECK_EQ(*open_checkpoint(sign_checkpoint(checkpoint, signer), verifier_of(signer)), checkpoint);
  CHECK_EQ(
      open_checkpoint(sign_checkpoint({"other", 1, {}}, signer), verifier_of(signer)).error().code,
      "checkpoint.other_origin");
  CHECK_EQ(code_of_checkpoint("origin\n0\n" + root_line), "ok");
  CHECK_EQ(code_of_checkpoint("origin\n0\n" + root_line + "extension\n"), "ok");
  for (const auto& bad :
       {std::string{}, std::string{"origin\n"}, "origin\n01\n" + root_line,
        "origin\n-1\n" + root_line, "origin\n18446744073709551616\n" + root_line,
        "\n1\n" + root_line, "origin\n1\n" + root_line.substr(1), std::string{"origin\n1\nAAAA\n"},
        "origin\n1\n" + root_line + "\n", "origin\n1\n" + root_line + "extension"}) {
    CAPTURE(bad);
    CHECK_EQ(code_of_checkpoint(bad), "checkpoint.malformed");
  }
}
