// What records refer to by number: rules, streams, and the programmes that they belong to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "books/edition.h"
#include "books/sequence_window.h"

namespace partake::books {

// A source in one of its epochs. A source that starts counting anew gets a new epoch.
struct Stream {
  std::string source;
  std::uint32_t source_number = 0;
  std::uint32_t epoch = 0;
  std::uint8_t tier = 0;  // 0 is A.
  ledger::ProgrammeIndex programme = 0;
  bool numbered = false;
  SequenceWindow taken;  // With numbers.
};

struct Source {
  std::string name;
  StreamNumber stream = 0;  // The current one.
  Hash key_hash{};          // Of its token; zeros: it has none.
  bool revoked = false;
  std::vector<std::string> may;  // Transactions that it may ask for; empty: it reports events.
};

struct Programme {
  std::string id;
  ProgrammeNumbers numbers;
  // Edition and first rule of it, oldest first; the last is in force.
  std::vector<std::shared_ptr<const Edition>> editions;
  std::vector<RuleNumber> first_rules;
};

struct RulePlace {
  const Rule* rule = nullptr;
  const Edition* edition = nullptr;
  ledger::ProgrammeIndex programme = 0;
};

struct Rulebook {
  std::vector<RulePlace> rules;
  std::vector<Stream> streams;
  std::vector<Source> sources;
  std::vector<Programme> programmes;

  // Null when unknown.
  [[nodiscard]] const Source* source(std::string_view name) const;
  [[nodiscard]] const Programme* programme(std::string_view id) const;
  // The longest time that an event may take to come in, of all editions.
  [[nodiscard]] std::int64_t late_days_max() const;
};

}  // namespace partake::books
