#include "journal/note.h"

#include <algorithm>

#include "base/base64.h"
#include "base/sha256.h"
#include "base/utf8.h"

namespace partake::journal {
namespace {

constexpr char algorithm_ed25519 = 1;
constexpr std::size_t note_bytes_max = 1U << 20U;
constexpr std::size_t signatures_max = 100;
constexpr std::string_view signature_start = "\xE2\x80\x94 ";  // An em dash and a blank.
constexpr std::string_view private_start = "PRIVATE+KEY+";

template <std::size_t N>
std::string_view bytes_of(const std::array<std::uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <std::size_t N>
std::array<std::uint8_t, N> first_bytes(std::string_view bytes) {
  std::array<std::uint8_t, N> result{};
  std::copy_n(bytes.begin(), N, result.begin());
  return result;
}

KeyHash key_hash(std::string_view name, const PublicKey& key) {
  const auto hash =
      sha256_parts({name, "\n", std::string_view{&algorithm_ed25519, 1}, bytes_of(key)});
  return {hash[0], hash[1], hash[2], hash[3]};
}

std::string to_hex(const KeyHash& hash) {
  Hash whole{};
  std::copy(hash.begin(), hash.end(), whole.begin());
  return partake::to_hex(whole).substr(0, 2 * hash.size());
}

tl::unexpected<Error> malformed(const char* rule) {
  return fail(ErrorKind::invalid, "note.malformed", {{"rule", rule}});
}

struct SignatureLine {
  std::string_view name;
  KeyHash hash{};
  std::string signature;
};

Result<SignatureLine> parse_signature(std::string_view line) {
  if (!line.starts_with(signature_start)) return malformed("signature line");
  line.remove_prefix(signature_start.size());
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos) return malformed("signature line");
  const auto bytes = from_base64(line.substr(blank + 1));
  const auto name = line.substr(0, blank);
  if (!is_key_name(name) || !bytes || bytes->size() < 5) return malformed("signature line");
  return SignatureLine{name, first_bytes<4>(*bytes), bytes->substr(4)};
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F;
  });
}

}  // namespace

bool is_key_name(std::string_view name) {
  return !name.empty() && is_utf8(name) && std::all_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != '+' && c != 0x7F;
  });
}

Result<Verifier> parse_verifier(std::string_view text) {
  const auto refuse = [&](const char* rule) {
    return fail(ErrorKind::invalid, "note.malformed_key",
                {{"key", std::string{text}}, {"rule", rule}});
  };
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return refuse("NAME+HASH+KEY");
  const auto key = from_base64(text.substr(second + 1));
  if (!key || key->size() != 33) return refuse("33 bytes in base64");
  if (key->front() != algorithm_ed25519) return refuse("Ed25519");
  Verifier verifier{std::string{text.substr(0, first)}, {}, first_bytes<32>(key->substr(1))};
  if (!is_key_name(verifier.name)) return refuse("NAME");
  verifier.hash = key_hash(verifier.name, verifier.key);
  if (to_hex(verifier.hash) != text.substr(first + 1, second - first - 1)) return refuse("HASH");
  return verifier;
}

std::string to_string(const Verifier& verifier) {
  return verifier.name + "+" + to_hex(verifier.hash) + "+" +
         to_base64(std::string{algorithm_ed25519} + std::string{bytes_of(verifier.key)});
}

Verifier verifier_of(const Signer& signer) {
  const auto key = public_key_of(signer.seed);
  return {signer.name, key_hash(signer.name, key), key};
}

std::string to_string(const Signer& signer) {
  return std::string{private_start} + signer.name + "+" + to_hex(verifier_of(signer).hash) + "+" +
         to_base64(std::string{algorithm_ed25519} + std::string{bytes_of(signer.seed)});
}

Result<Signer> parse_signer(std::string_view text) {
  const auto refuse = [] {
    return fail(ErrorKind::invalid, "note.malformed_key",
                {{"key", "PRIVATE+KEY+"}, {"rule", "PRIVATE+KEY+NAME+HASH+SEED"}});
  };
  if (!text.starts_with(private_start)) return refuse();
  const auto rest = text.substr(private_start.size());
  // The seed's base64 may hold a plus sign; the name may not.
  const auto first = rest.find('+');
  const auto seed_at = first == std::string_view::npos ? first : rest.find('+', first + 1);
  if (seed_at == std::string_view::npos) return refuse();
  const auto seed = from_base64(rest.substr(seed_at + 1));
  if (!seed || seed->size() != 33 || seed->front() != algorithm_ed25519) return refuse();
  const Signer signer{std::string{rest.substr(0, first)}, first_bytes<32>(seed->substr(1))};
  if (!is_key_name(signer.name) || to_string(signer) != text) return refuse();
  return signer;
}

std::string sign_note(const std::string& text, const Signer& signer) {
  const auto signature = sign(signer.seed, text);
  const auto hash = verifier_of(signer).hash;
  return text + "\n" + std::string{signature_start} + signer.name + " " +
         to_base64(std::string{bytes_of(hash)} + std::string{bytes_of(signature)}) + "\n";
}

Result<std::string> open_note(std::string_view note, const Verifier& verifier) {
  if (note.size() > note_bytes_max) return malformed("1 MiB");
  if (!is_utf8(note) || has_control_characters(note)) return malformed("UTF-8");
  const auto end = note.rfind("\n\n");
  if (end == std::string_view::npos || !note.ends_with('\n')) return malformed("empty line");
  const auto text = note.substr(0, end + 1);
  auto lines = note.substr(end + 2);
  if (lines.empty()) return malformed("signature line");
  bool verified = false;
  for (std::size_t count = 0; !lines.empty(); ++count) {
    if (count == signatures_max) return malformed("100 signatures");
    const auto line_end = lines.find('\n');
    TRY(const auto line, parse_signature(lines.substr(0, line_end)));
    lines.remove_prefix(line_end + 1);
    if (line.name != verifier.name || line.hash != verifier.hash) continue;
    const bool good = line.signature.size() == std::tuple_size_v<Signature> &&
                      verify(verifier.key, text, first_bytes<64>(line.signature));
    if (!good) {
      return fail(ErrorKind::corrupt, "note.bad_signature", {{"name", verifier.name}});
    }
    verified = true;
  }
  if (!verified) return fail(ErrorKind::corrupt, "note.unsigned", {{"name", verifier.name}});
  return std::string{text};
}

}  // namespace partake::journal
