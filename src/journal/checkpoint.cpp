#include "journal/checkpoint.h"

#include <algorithm>

#include "base/base64.h"
#include "base/whole_number.h"

namespace partake::journal {
namespace {

tl::unexpected<Error> malformed(const char* field, std::string_view found) {
  return fail(ErrorKind::invalid, "checkpoint.malformed",
              {{"field", field}, {"found", std::string{found.substr(0, 100)}}});
}

// Decimal without sign or leading zeros.
Result<std::uint64_t> parse_size(std::string_view text) {
  const auto size = parse_whole(text);
  if (!size || (text != "0" && text.starts_with('0'))) return malformed("size", text);
  return *size;
}

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

std::string to_string(const Checkpoint& checkpoint) {
  const std::string_view root{reinterpret_cast<const char*>(checkpoint.root.data()),
                              checkpoint.root.size()};
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + to_base64(root) + "\n";
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  if (!text.ends_with('\n')) return malformed("end", text);
  Checkpoint checkpoint;
  checkpoint.origin = std::string{take_line(text)};
  if (checkpoint.origin.empty()) return malformed("origin", checkpoint.origin);
  TRY(checkpoint.size, parse_size(take_line(text)));
  const auto root_line = take_line(text);
  const auto root = from_base64(root_line);
  if (!root || root->size() != checkpoint.root.size()) return malformed("root", root_line);
  std::copy(root->begin(), root->end(), checkpoint.root.begin());
  while (!text.empty()) {
    if (take_line(text).empty()) return malformed("extension", "");
  }
  return checkpoint;
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const Signer& signer) {
  return sign_note(to_string(checkpoint), signer);
}

Result<Checkpoint> open_checkpoint(std::string_view note, const Verifier& verifier) {
  TRY(const auto text, open_note(note, verifier));
  TRY(auto checkpoint, parse_checkpoint(text));
  if (checkpoint.origin != verifier.name) {
    return fail(ErrorKind::corrupt, "checkpoint.other_origin",
                {{"found", checkpoint.origin}, {"origin", verifier.name}});
  }
  return checkpoint;
}

}  // namespace partake::journal
