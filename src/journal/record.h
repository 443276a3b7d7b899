// A record: one fact, with a part that may be shown to anybody and a part that may be hidden or
// erased. docs/formats/journal.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/sha256.h"

namespace partake::journal {

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t record_bytes_max = 1U << 20U;  // Both parts together.
// An erased hidden part is replaced by its commitment in place, so it must be at least as long.
constexpr std::size_t hidden_bytes_min = sizeof(Hash);

using Salt = std::array<std::uint8_t, salt_bytes>;

// Views into somebody else's bytes.
struct Record {
  std::string_view open;        // Never empty.
  std::string_view hidden;      // Salt and body; empty: the record has no hidden part.
  bool erased = false;          // Then `hidden` is the commitment.
  std::string_view whole = {};  // As it stands in its block; set by take_record.

  [[nodiscard]] std::string_view body() const { return hidden.substr(salt_bytes); }
};

// What binds a hidden part without showing it: SHA-256 of 0x02, salt and body.
Hash commitment_of(std::string_view hidden);
// Of a record that has a hidden part, erased or not.
Hash commitment_of(const Record& record);
// The leaf of the block's tree: RFC 6962 over the open part's length, the open part, and the
// commitment if there is a hidden part. The same before and after erasure.
Hash leaf_of(const Record& record);
// Of two records, in little more than the time of one.
std::array<Hash, 2> leaves_of(const Record& record, const Record& other);
// From the parts that a receipt shows; `commitment` is empty for a record without hidden part.
Hash leaf_of(std::string_view open, const Hash* commitment);

// Appends the record to `bytes`. Requires an open part, and a hidden one that is empty or at least
// hidden_bytes_min long.
void append_record(std::string& bytes, const Record& record);
// Takes the first record from `bytes`. Error record.malformed.
Result<Record> take_record(std::string_view& bytes);

// Writes the commitment over the hidden part of the record that starts `bytes`; its length stays.
// Requires a record with a hidden part that is not erased.
void erase_in_place(char* bytes, std::size_t size);

}  // namespace partake::journal
