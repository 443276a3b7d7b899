// Reads a stream of events ahead of whoever takes them, in a thread of its own, batch by batch.
#pragma once

#include "base/read_ahead.h"
#include "books/event_batch.h"
#include "books/salt.h"
#include "books/source_tokens.h"

namespace partake::books {

class EventStream {
 public:
  // Feed and access must outlive it.
  EventStream(EventFeed& feed, const SourceAccess& access, Salter salter)
      : feed_{feed},
        batches_{[&feed, &access,
                  salter = std::move(salter)](EventBatch& batch) mutable -> Result<bool> {
          batch.clear();
          CHECK_OK(feed.fill(batch));
          access.check(batch);
          salter.salt(batch.events(), batch.salts);
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
