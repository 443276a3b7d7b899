// From a stream of documents to the journal: each is read, decided, written and answered.
#pragma once

#include <functional>
#include <optional>

#include "books/import.h"
#include "books/transact.h"

namespace partake::books {

// What became of one document.
struct TransactionAnswer {
  std::uint64_t line = 0;
  std::uint64_t element = 0;                 // Of an array, from 1 on; 0: it was none.
  Outcome outcome = Outcome::rejected;       // Never limited.
  Error reason;                              // Of a conflict or rejection.
  std::uint64_t record = ledger::no_record;  // The new one, or the first one of a duplicate.
  std::optional<Transaction> made;           // What the record says, where it can be read.
};

struct TransactOptions {
  SourceTokens tokens;  // That came with the documents.
  // Called in order, once the record is durable.
  std::function<Status(const TransactionAnswer&)> answer;
};

// Everything that was accepted is durable when it returns. Errors: the source or the journal
// failed; then what was answered stays, and the same stream may be sent again.
Result<ImportCounts> transact(ByteSource& source, Books& books, Writer& writer,
                              const TransactOptions& options);

}  // namespace partake::books
