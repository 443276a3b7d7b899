// Receipts: a small file that proves, without the journal, that a record is in it.
// docs/formats/receipt.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "journal/journal.h"

namespace partake::journal {

struct Receipt {
  std::uint64_t record = 0;  // Its number in the journal.
  std::string open;
  std::optional<Hash> commitment;
  std::string hidden;  // Salt and body, for who is entitled to them; may be empty.
  Proof in_block;
  std::string entry;  // Of the block.
  std::uint64_t block = 0;
  Proof in_log;
  std::string checkpoint;  // The signed note.
};

// JSON, at most receipt_bytes_max.
constexpr std::size_t receipt_bytes_max = 4U << 20U;
std::string to_text(const Receipt& receipt);
// Errors: json.*, receipt.malformed (names the field).
Result<Receipt> parse_receipt(std::string_view text);

// For a record below the last checkpoint; `with_hidden` adds the hidden part. Errors:
// receipt.not_yet_signed, and those of the journal.
Result<Receipt> make_receipt(const Journal& journal, std::uint64_t record, bool with_hidden);

// What a receipt proves, to who trusts the verifier's key.
struct Proven {
  Checkpoint checkpoint;
  BlockHeader block;
};
// Errors: note.*, checkpoint.*, block.malformed_entry, receipt.not_in_block, receipt.not_in_log,
// receipt.other_hidden (the hidden part is not the one committed to).
Result<Proven> check_receipt(const Receipt& receipt, const Verifier& verifier);

}  // namespace partake::journal
