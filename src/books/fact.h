// Records that are not events: what was published and registered, and what was done to accounts.
// The open part is the kind's byte and canonical JSON; so is the hidden part, after its salt.
// docs/formats/records.md.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "books/consents.h"
#include "books/content.h"
#include "books/event_record.h"
#include "journal/record.h"

namespace partake::books {

// The kinds of actors that may hold an account, in the order of their numbers.
constexpr std::array<const char*, 6> actor_kinds{"park",   "enterprise", "community",
                                                 "school", "household",  "person"};
std::optional<std::uint8_t> actor_kind_of(std::string_view name);

struct ConsentGiven {
  std::string source;
  std::string purpose = purpose_credit;
  Day until = day_max;
};

struct AccountsOpened {
  std::string programme;
  std::string actor;  // person, school ...
  std::uint64_t count = 1;
  std::vector<ConsentGiven> consents;  // Given when joining.
  std::string group = {};              // A class or a house, whose totals are shown together.
};

// A source as it is from now on.
struct SourceState {
  std::string source;
  std::string programme;
  std::string tier;  // A B C
  bool numbered = false;
  std::uint32_t epoch = 0;
  Hash key_hash{};  // SHA-256 of its token.
  bool revoked = false;
  // Actions that it may ask for. A source either reports events or asks for transactions.
  std::vector<std::string> may = {};
};

// A role of the programme, and the account that has it from now on.
struct PartyNamed {
  std::string programme;
  std::string party;
  AccountIndex account;
};

// Of one account: hidden.
struct ConsentChange {
  AccountIndex account;
  ConsentGiven consent;
  bool granted = true;
  std::uint64_t previous = ledger::no_record;
};
struct AccountStateChange {
  AccountIndex account;
  bool frozen = true;
  std::uint64_t previous = ledger::no_record;
};

constexpr std::size_t why_bytes_max = 500;
// The account named openly: its records are not readable any more.
struct Erasure {
  AccountIndex account;
  std::string programme;
  std::uint64_t last_record = ledger::no_record;  // Of its passbook.
  std::uint64_t records = 0;
  std::vector<std::pair<std::string, std::int64_t>> balances;  // Asset and amount that it held.
  std::string why;
};

using Fact = std::variant<Content, Manifest, AccountsOpened, SourceState, ConsentChange,
                          AccountStateChange, Erasure, PartyNamed>;

struct FactText {
  std::string open;
  std::string body;  // Hidden; empty where nothing is.
};
FactText text_of(const Fact& fact);

// A fact as its record will hold it, and as everybody will read it there (texts in NFC). What could
// not be read back is refused before it is written, since nothing can be taken out of a journal.
// Errors: fact.not_utf8 (names the field), record.malformed_fact.
struct WrittenFact {
  FactText text;
  Fact fact;
};
Result<WrittenFact> write_fact(const Fact& fact);

// `body` is empty when the record has no hidden part or it was erased; then the kinds whose account
// is hidden are not readable: an empty result. Errors: json.*, content.malformed,
// record.malformed_fact.
Result<std::optional<Fact>> parse_fact(std::string_view open, std::string_view body);

}  // namespace partake::books
