#include "books/import.h"

#include "books/event_stream.h"
#include "books/json_events.h"
#include "books/replay.h"

namespace partake::books {
namespace {

class Import {
 public:
  Import(Books& books, Writer& writer, const ImportOptions& options)
      : books_{books}, writer_{writer}, options_{options}, admission_{books, writer} {}

  Status take(const EventBatch& batch) {
    CHECK_OK(writer_.begin_event());
    events_.clear();
    for (const auto& read : batch.events()) events_.push_back(read.is_good ? &read.event : nullptr);
    CHECK_OK(admission_.quantify(events_));
    const auto take = [&](std::size_t place) -> Status {
      CHECK_OK(take_one(batch, place));
      if (writer_.gathered() < options_.block_records) return {};
      return writer_.seal();
    };
    CHECK_OK(take_prefetched(books_, events_, take));
    if (batch.is_idle) CHECK_OK(writer_.flush());
    if (!options_.progress) return {};
    return options_.progress(writer_.durable_records(), batch.bytes_read);
  }

  [[nodiscard]] const ImportCounts& counts() const { return counts_; }

 private:
  Status take_one(const EventBatch& batch, std::size_t place) {
    const auto& read = batch.events()[place];
    CHECK_OK(writer_.begin_event());
    // Midnight may have passed since.
    if (!admission_.is_quantified_today()) CHECK_OK(admission_.quantify(events_));
    if (read.is_good) {
      CHECK_OK(admission_.decide(place, read.event, decision_));
    } else {
      decision_ = {};
      decision_.reason = read.error;
    }
    auto record = decision_.first_record;
    if (decision_.outcome == Outcome::accepted || decision_.outcome == Outcome::limited) {
      TRY(record, writer_.add(read.event, batch.salts[place], decision_));
    }
    ++counts_.events;
    ++counts_.by_outcome[static_cast<std::size_t>(decision_.outcome)];
    if (!options_.answer) return {};
    return options_.answer({batch.lines[place], batch.documents[place], read, decision_, record,
                            batch.element(place)});
  }

  Books& books_;
  Writer& writer_;
  const ImportOptions& options_;
  Admission admission_;
  std::vector<const Event*> events_;  // Of the batch; null where none could be read.
  Decision decision_;
  ImportCounts counts_;
};

}  // namespace

Result<ImportCounts> import_events(ByteSource& source, Books& books, Writer& writer,
                                   const ImportOptions& options) {
  JsonEvents feed{source, books.rulebook()};
  return import_events(feed, books, writer, options);
}

Result<ImportCounts> import_events(EventFeed& feed, Books& books, Writer& writer,
                                   const ImportOptions& options) {
  Import import{books, writer, options};
  const SourceAccess access{books.rulebook(), options.tokens};
  EventStream stream{feed, access, writer.salter()};
  for (;;) {
    TRY(const auto* batch, stream.next());
    if (batch == nullptr) break;
    CHECK_OK(import.take(*batch));
  }
  CHECK_OK(writer.flush());
  return import.counts();
}

}  // namespace partake::books
