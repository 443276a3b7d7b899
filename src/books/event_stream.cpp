#include "books/event_stream.h"

namespace partake::books {

EventStream::EventStream(ByteSource& source, const Rulebook& rulebook, std::size_t batch_bytes)
    : source_{source}, reader_{rulebook}, batch_bytes_{batch_bytes}, thread_{[this] { run(); }} {}

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
    auto status = fill(batch);
    const bool finished = at_end_ && batch.count == 0;
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

// Reads behind the first `start` bytes until the batch is full, or the source has no more at the
// moment, or ends. Where the bytes end.
Result<std::size_t> EventStream::read_more(EventBatch& batch, std::size_t start) {
  auto end = start;
  // A line that was carried over may be as long as a line may be.
  const auto full = batch_bytes_ + start;
  while (end < full) {
    const auto wanted = full - end;
    TRY(const auto count, source_.read(batch.bytes.get() + end, wanted));
    end += count;
    bytes_read_ += count;
    at_end_ = count == 0;
    if (count == wanted) break;
    // Less than asked for: a file ends, or a pipe has no more yet.
    const bool whole_line = end > start && batch.bytes[end - 1] == '\n';
    if (at_end_ || whole_line) {
      batch.is_idle = true;
      break;
    }
  }
  std::fill_n(batch.bytes.get() + end, EventReader::json_padding, ' ');
  return end;
}

ReadEvent& EventStream::next_event(EventBatch& batch, std::string_view document) const {
  if (batch.count == batch.slots.size()) batch.slots.emplace_back();
  batch.lines.push_back(line_);
  batch.documents.push_back(document);
  return batch.slots[batch.count++];
}

Status EventStream::fill(EventBatch& batch) {
  batch.count = 0;
  batch.lines.clear();
  batch.documents.clear();
  batch.is_idle = false;
  if (at_end_) return {};
  if (!batch.bytes) {
    batch.bytes = std::make_unique_for_overwrite<char[]>(batch_bytes_ + event_bytes_max +
                                                         EventReader::json_padding);
  }
  std::copy(carried_.begin(), carried_.end(), batch.bytes.get());
  const auto start = carried_.size();
  carried_.clear();
  TRY(const auto end, read_more(batch, start));
  batch.bytes_read = bytes_read_;
  take_lines(batch, {batch.bytes.get(), end});
  return {};
}

// What the batch holds of lines; the beginning of the next one is carried over.
void EventStream::take_lines(EventBatch& batch, std::string_view bytes) {
  auto rest = bytes;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const bool whole = end != std::string_view::npos;
    if (!whole && !at_end_) break;
    auto line = rest.substr(0, end);
    rest.remove_prefix(whole ? end + 1 : rest.size());
    ++line_;
    if (skipping_) {
      skipping_ = false;
      continue;
    }
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    reader_.read(line, next_event(batch, line));
  }
  if (skipping_) return;
  if (rest.size() > event_bytes_max) {
    ++line_;
    refuse_long_line(batch, rest.substr(0, event_bytes_max));
    --line_;
    skipping_ = true;
    return;
  }
  carried_ = rest;
}

void EventStream::refuse_long_line(EventBatch& batch, std::string_view start) {
  auto& read = next_event(batch, start);
  read.is_good = false;
  read.error = {ErrorKind::invalid,
                "event.too_large",
                {{"bytes", ">" + std::to_string(event_bytes_max)},
                 {"limit", std::to_string(event_bytes_max)}},
                {}};
}

}  // namespace partake::books
