// Checkpoints: the signed head of a log. C2SP tlog-checkpoint.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/sha256.h"
#include "journal/note.h"

namespace partake::journal {

struct Checkpoint {
  std::string origin;  // Names the log; also the name of its key.
  std::uint64_t size = 0;
  Hash root{};

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The text that is signed: origin, size, root, a line each.
std::string to_string(const Checkpoint& checkpoint);
// Extension lines after the root are allowed and ignored. Error checkpoint.malformed.
Result<Checkpoint> parse_checkpoint(std::string_view text);

std::string sign_checkpoint(const Checkpoint& checkpoint, const Signer& signer);
// Errors: note.*, checkpoint.malformed, checkpoint.other_origin.
Result<Checkpoint> open_checkpoint(std::string_view note, const Verifier& verifier);

}  // namespace partake::journal
