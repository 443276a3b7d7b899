#include "journal/record.h"

#include <algorithm>

#include "base/require.h"
#include "base/varint.h"
#include "journal/merkle.h"

namespace partake::journal {
namespace {

// How the hidden part stands, in the first byte of a record.
constexpr char hidden_none = 0;
constexpr char hidden_whole = 1;
constexpr char hidden_erased = 2;
// Not zero: zeros mark what a torn write left out.
constexpr char erased_fill = '\xFF';

bool take_sized(std::string_view& bytes, std::string_view& part) {
  std::uint64_t size = 0;
  if (!take_varint(bytes, size) || size > bytes.size()) return false;
  part = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return true;
}

// What stands before the parts of a leaf and of a commitment, so that none passes for the other.
constexpr std::string_view leaf_mark{"\0", 1};
constexpr std::string_view hidden_mark{"\x02", 1};

// A leaf's bytes before the open part: the mark and the open part's length.
struct LeafStart {
  explicit LeafStart(std::string_view open) : text{leaf_mark} { append_varint(text, open.size()); }
  std::string text;
};

bool has_body(const Record& record) { return !record.hidden.empty() && !record.erased; }

}  // namespace

Hash commitment_of(std::string_view hidden) { return sha256_parts({hidden_mark, hidden}); }

Hash leaf_of(std::string_view open, const Hash* commitment) {
  return sha256_parts({LeafStart{open}.text, open,
                       commitment == nullptr ? std::string_view{} : bytes_of(*commitment)});
}

Hash commitment_of(const Record& record) {
  PARTAKE_REQUIRE(!record.hidden.empty());
  if (!record.erased) return commitment_of(record.hidden);
  Hash commitment{};
  std::copy_n(record.hidden.begin(), commitment.size(), commitment.begin());
  return commitment;
}

Hash leaf_of(const Record& record) {
  if (record.hidden.empty()) return leaf_of(record.open, nullptr);
  const auto commitment = commitment_of(record);
  return leaf_of(record.open, &commitment);
}

std::array<Hash, 2> leaves_of(const Record& record, const Record& other) {
  if (!has_body(record) || !has_body(other)) return {leaf_of(record), leaf_of(other)};
  const auto commitments = sha256_pair({hidden_mark, record.hidden}, {hidden_mark, other.hidden});
  return sha256_pair({LeafStart{record.open}.text, record.open, bytes_of(commitments[0])},
                     {LeafStart{other.open}.text, other.open, bytes_of(commitments[1])});
}

void append_record(std::string& bytes, const Record& record) {
  PARTAKE_REQUIRE(!record.open.empty() && !record.erased);
  PARTAKE_REQUIRE(record.hidden.empty() || record.hidden.size() >= hidden_bytes_min);
  PARTAKE_REQUIRE(record.open.size() + record.hidden.size() <= record_bytes_max);
  bytes += record.hidden.empty() ? hidden_none : hidden_whole;
  append_varint(bytes, record.open.size());
  bytes += record.open;
  if (record.hidden.empty()) return;
  append_varint(bytes, record.hidden.size());
  bytes += record.hidden;
}

Result<Record> take_record(std::string_view& bytes) {
  const auto malformed = [](const char* rule) {
    return fail(ErrorKind::corrupt, "record.malformed", {{"rule", rule}});
  };
  if (bytes.empty() || bytes.front() > hidden_erased || bytes.front() < 0) return malformed("kind");
  const auto all = bytes;
  const char kind = bytes.front();
  bytes.remove_prefix(1);
  Record record;
  if (!take_sized(bytes, record.open) || record.open.empty()) return malformed("open part");
  if (kind != hidden_none) {
    const bool good = take_sized(bytes, record.hidden) && record.hidden.size() >= hidden_bytes_min;
    if (!good) return malformed("hidden part");
  }
  if (kind == hidden_erased) {
    record.erased = true;
    const auto rest = record.hidden.substr(sizeof(Hash));
    if (rest.find_first_not_of(erased_fill) != std::string_view::npos) {
      return malformed("erased part");
    }
    record.hidden = record.hidden.substr(0, sizeof(Hash));
  }
  record.whole = all.substr(0, all.size() - bytes.size());
  return record;
}

void erase_in_place(char* bytes, std::size_t size) {
  std::string_view rest{bytes, size};
  const auto record = take_record(rest);
  PARTAKE_REQUIRE(record && !record->hidden.empty() && !record->erased);
  const auto commitment = commitment_of(record->hidden);
  const auto at = static_cast<std::size_t>(record->hidden.data() - bytes);
  std::copy(commitment.begin(), commitment.end(), bytes + at);
  std::fill_n(bytes + at + commitment.size(), record->hidden.size() - commitment.size(),
              erased_fill);
  bytes[0] = hidden_erased;
}

}  // namespace partake::journal
