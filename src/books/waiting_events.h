// Messages that wait in quarantine, tried again one by one.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "books/event_batch.h"

namespace partake::books {

class WaitingEvents final : public EventFeed {
 public:
  struct Message {
    std::string document;
    std::string proven;  // The source whose token came with it; empty: none's.
  };
  // The rulebook must outlive it and stay as it is. A message's line is its place, from 1 on.
  WaitingEvents(std::vector<Message> messages, const Rulebook& rulebook)
      : messages_{std::move(messages)}, reader_{rulebook} {}

  Status fill(EventBatch& batch) override;
  [[nodiscard]] bool is_done() const override { return next_ == messages_.size(); }

 private:
  std::vector<Message> messages_;
  std::size_t next_ = 0;
  EventReader reader_;
};

}  // namespace partake::books
