// From a stream of events to the journal: each is read, decided, written and answered.
#pragma once

#include <functional>

#include "base/csv.h"
#include "books/directory.h"
#include "books/event_batch.h"
#include "books/source_tokens.h"
#include "books/writer.h"

namespace partake::books {

struct ImportCounts {
  std::uint64_t events = 0;
  std::array<std::uint64_t, outcomes> by_outcome{};
  [[nodiscard]] std::uint64_t of(Outcome outcome) const {
    return by_outcome[static_cast<std::size_t>(outcome)];
  }
};

// What became of one event.
struct Answer {
  std::uint64_t line = 0;
  std::string_view document;
  const ReadEvent& read;
  const Decision& decision;
  std::uint64_t record = ledger::no_record;  // The new one, or the first one of a duplicate.
  std::uint64_t element = 0;                 // Of an array, from 1 on; 0: it was none.
};

struct ImportOptions {
  std::uint32_t block_records = 8192;
  SourceTokens tokens;  // That came with the events.
  // Called in order, before the event is durable; it is once records below its own are.
  std::function<Status(const Answer&)> answer;
  // Called after each batch, with the records that are durable and the bytes that were read.
  std::function<Status(std::uint64_t durable_records, std::uint64_t bytes_read)> progress;
};

// Everything that was accepted is durable when it returns. Errors: the source or the journal
// failed; then what was durable before stays, and the same stream may be imported again.
Result<ImportCounts> import_events(EventFeed& feed, Books& books, Writer& writer,
                                   const ImportOptions& options);
// Of JSON.
Result<ImportCounts> import_events(ByteSource& source, Books& books, Writer& writer,
                                   const ImportOptions& options);

}  // namespace partake::books
