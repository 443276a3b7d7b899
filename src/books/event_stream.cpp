#include "books/event_stream.h"

namespace partake::books {

EventStream::EventStream(EventFeed& feed, const SourceAccess& access)
    : feed_{feed}, access_{access}, thread_{[this] { run(); }} {}

EventStream::~EventStream() {
  {
    const std::lock_guard lock{mutex_};
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Result<const EventBatch*> EventStream::next() {
  std::unique_lock lock{mutex_};
  returned_ = taken_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return filled_ > taken_ || done_; });
  if (filled_ > taken_) return &ring_[taken_++ % batches];
  if (!failure_) return tl::unexpected(failure_.error());
  return nullptr;
}

void EventStream::run() {
  for (;;) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return stop_ || filled_ - returned_ < batches; });
    if (stop_) return;
    auto& batch = ring_[filled_ % batches];
    lock.unlock();
    batch.clear();
    auto status = feed_.fill(batch);
    access_.check(batch);
    const bool finished = feed_.is_done() && batch.count == 0;
    lock.lock();
    if (!status || finished) {
      failure_ = std::move(status);
      done_ = true;
      changed_.notify_all();
      return;
    }
    ++filled_;
    changed_.notify_all();
  }
}

}  // namespace partake::books
