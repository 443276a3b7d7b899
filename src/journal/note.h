// Signed notes and their keys: C2SP signed-note, Ed25519.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ed25519.h"
#include "base/result.h"

namespace partake::journal {

using KeyHash = std::array<std::uint8_t, 4>;

// Whom to believe: NAME+HASH+KEY, as it is published.
struct Verifier {
  std::string name;
  KeyHash hash{};
  PublicKey key{};
};
// Error note.malformed_key names what is wrong with it.
Result<Verifier> parse_verifier(std::string_view text);
std::string to_string(const Verifier& verifier);

struct Signer {
  std::string name;
  SecretSeed seed{};
};
Verifier verifier_of(const Signer& signer);
// PRIVATE+KEY+NAME+HASH+SEED, as other programs of the format keep it. Error note.malformed_key
// (which does not repeat the key).
Result<Signer> parse_signer(std::string_view text);
std::string to_string(const Signer& signer);

// A name that may stand in a note: not empty, no blank, no plus sign, printable.
bool is_key_name(std::string_view name);

// `text` must end with a newline. Returns text, an empty line and the signature.
std::string sign_note(const std::string& text, const Signer& signer);

// The signed text (with its last newline). Signatures of others are allowed and ignored, as the
// format demands. Errors: note.malformed, note.unsigned (nobody we know signed it),
// note.bad_signature.
Result<std::string> open_note(std::string_view note, const Verifier& verifier);

}  // namespace partake::journal
