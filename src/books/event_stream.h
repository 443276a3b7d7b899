// Reads a stream of events ahead of whoever takes them, in a thread of its own, batch by batch.
#pragma once

#include "base/read_ahead.h"
#include "books/event_batch.h"
#include "books/source_tokens.h"

namespace partake::books {

class EventStream {
 public:
  // Both must outlive it.
  EventStream(EventFeed& feed, const SourceAccess& access)
      : feed_{feed}, batches_{[&feed, &access](EventBatch& batch) -> Result<bool> {
          batch.clear();
          CHECK_OK(feed.fill(batch));
          access.check(batch);
          return !feed.is_done() || batch.count > 0;
        }} {}
  // Its thread may wait for events of somebody who waits for our answers.
  ~EventStream() { feed_.stop(); }
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // The next batch, or null at the end; valid until the next call. Error: the source failed.
  Result<const EventBatch*> next() { return batches_.next(); }

 private:
  EventFeed& feed_;
  ReadAhead<EventBatch> batches_;
};

}  // namespace partake::books
