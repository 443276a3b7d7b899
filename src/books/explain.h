// The whole way to an entry of a passbook: where its record stands, what it says, the rules and
// numbers that it came of, and the same computed once more.
#pragma once

#include <deque>
#include <optional>

#include "books/directory.h"
#include "books/passbook.h"
#include "method/run.h"

namespace partake::books {

// Where a record stands in the journal; its leaf was found in the root that the log knows.
struct RecordPlace {
  std::uint64_t block = 0;
  std::uint32_t in_block = 0;
  Instant admitted;
  Hash leaf{};
  bool is_signed = false;  // The last checkpoint covers it.
};

// The edition that was in force.
struct EditionPlace {
  const Edition* edition = nullptr;
  Hash hash{};
  std::uint64_t record = 0;  // In which it was published.
};

// An act that an event is the same as, or overlaps.
struct SameAct {
  std::uint64_t record = 0;
  std::uint8_t tier = 0;
  std::int64_t credited = 0;  // In the first asset.
};
struct CapUse {
  const CapPlan* cap = nullptr;
  Int128 used = 0;  // Before, in its window.
};
// A value as the record keeps it, in the words of who reported it.
struct KeptValue {
  std::string field;
  std::string input;
  std::string text;
};

struct ExplainedEvent {
  const RulePlace* rule = nullptr;  // Not of a withdrawal.
  std::vector<KeptValue> values;
  std::optional<method::Calculation> calculation;
  std::vector<SameAct> same_acts;
  std::vector<CapUse> caps;
  // Computed once more, from the account's own entries before it.
  Credit again;
  std::optional<Error> failed;      // Why not.
  bool is_equal = false;            // To what the record says, and the calculation to both.
  std::deque<factor::Factor> kept;  // That the calculation points to.
};

struct ExplainedTransaction {
  // What the scheme says of it, as the programme's file names it; empty where the action needs no
  // rule, or what was asked for was erased.
  std::string rule;
  std::vector<std::pair<std::string, std::string>> terms;
};

struct Explanation {
  RecordPlace place;
  // Of an erased record nothing hidden is left: its open part alone.
  bool is_erased = false;
  std::optional<EventRecord> erased_event;
  std::optional<Leg> erased_leg;

  PassbookEntry entry;
  AssetAmounts before{};
  AssetAmounts after{};
  std::optional<EditionPlace> edition;       // Of events and transactions.
  std::optional<PassbookEntry> reverses;     // The entry that this one takes back,
  std::optional<std::uint64_t> reversed_by;  // and the one that took this back.
  std::optional<ExplainedEvent> event;
  std::optional<ExplainedTransaction> transaction;
};

// The books must stand at the end of the journal. Errors: record.unknown; explain.not_of_account;
// verify.block_root, when the block is not what the log knows; statement.differs, when the
// account's entries do not make its balances; those of walk_passbook and of reading what was
// published.
Result<Explanation> explain(const journal::Journal& journal, const Books& books,
                            AccountIndex account, std::uint64_t record);

}  // namespace partake::books
