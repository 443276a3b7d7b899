// Fills items ahead of whoever takes them, in a thread of its own, one after the other.
#pragma once

#include <array>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/result.h"

namespace partake {

template <class Item>
class ReadAhead {
 public:
  // Makes the item, used before or new, the next one; false at the end. After an error or the end
  // it is not called again.
  using Fill = std::function<Result<bool>(Item&)>;

  explicit ReadAhead(Fill fill) : fill_{std::move(fill)}, thread_{[this] { run(); }} {}
  // Waits for the item that is being filled.
  ~ReadAhead() {
    {
      const std::lock_guard lock{mutex_};
      stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  // The next item, or null at the end; valid until the next call. Error: that of `fill`, once what
  // came before it was taken.
  Result<Item*> next() {
    std::unique_lock lock{mutex_};
    returned_ = taken_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return filled_ > taken_ || done_; });
    if (filled_ > taken_) return &ring_[taken_++ % ring_.size()];
    if (!failure_) return tl::unexpected(failure_.error());
    return nullptr;
  }

 private:
  void run() {
    for (;;) {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return stop_ || filled_ - returned_ < ring_.size(); });
      if (stop_) return;
      auto& item = ring_[filled_ % ring_.size()];
      lock.unlock();
      auto filled = fill_(item);
      lock.lock();
      const bool more = filled.has_value() && *filled;
      if (!filled) failure_ = tl::unexpected(std::move(filled).error());
      done_ = !more;
      if (more) ++filled_;
      changed_.notify_all();
      if (done_) return;
    }
  }

  Fill fill_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::array<Item, 3> ring_;
  std::size_t filled_ = 0;  // Items ever filled, taken, and given back.
  std::size_t taken_ = 0;
  std::size_t returned_ = 0;
  bool done_ = false;
  bool stop_ = false;
  Status failure_;
  std::thread thread_;  // Last: it uses all the others.
};

}  // namespace partake
