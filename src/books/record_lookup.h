// Finds records in the journal: by number, and events again by the identity that their source gave
// them.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "books/books.h"
#include "journal/journal.h"

namespace partake::books {

struct FoundRecord {
  std::uint64_t number = 0;
  bool erased = false;  // Then nothing else is known.
  EventRecord record;
};

// Where events are looked for while others are decided: the journal, and what is not in it yet.
class RecordFinder {
 public:
  virtual ~RecordFinder() = default;
  // Empty when there is none. Errors: those of the journal.
  virtual Result<std::optional<FoundRecord>> find(StreamNumber stream, const EventId& id) = 0;
  // The bytes of any record. Error record.unknown.
  virtual Result<std::string> bytes_of(std::uint64_t number) = 0;
};

// The event that a record's bytes hold.
Result<FoundRecord> found_in(std::string_view bytes, std::uint64_t number,
                             const Rulebook& rulebook);

// The journal alone. Keeps the last block that it read.
class RecordLookup final : public RecordFinder {
 public:
  RecordLookup(const journal::Journal& journal, const Books& books)
      : journal_{journal}, books_{books} {}
  ~RecordLookup() override = default;
  RecordLookup(const RecordLookup&) = delete;
  RecordLookup& operator=(const RecordLookup&) = delete;

  Result<std::optional<FoundRecord>> find(StreamNumber stream, const EventId& id) override;
  Result<std::string> bytes_of(std::uint64_t number) override;
  Result<FoundRecord> at(std::uint64_t number);
  void forget() { block_ = indexed_ = none; }
  // Of a numbered stream, in one block of the journal.
  Result<std::optional<FoundRecord>> find_in(std::uint64_t block, StreamNumber stream,
                                             std::uint64_t sequence);

 private:
  Status read(std::uint64_t block);
  Status index(std::uint64_t block);

  static constexpr std::uint64_t none = ~std::uint64_t{0};
  const journal::Journal& journal_;
  const Books& books_;
  std::uint64_t block_ = none;
  std::string bytes_;
  journal::Block parsed_;  // Views into them; checked when they were read.
  std::uint64_t indexed_ = none;
  std::map<std::pair<StreamNumber, std::uint64_t>, std::uint64_t> numbers_;
};

}  // namespace partake::books
