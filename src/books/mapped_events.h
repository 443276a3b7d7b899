// Events as rows of a CSV, each made into the JSON that it stands for. docs/events.md.
#pragma once

#include <memory>
#include <string>

#include "base/csv.h"
#include "books/event_batch.h"
#include "books/event_mapping.h"
#include "books/plain_event.h"

namespace partake::books {

class MappedEvents final : public EventFeed {
 public:
  // Reads the header. `file` names the source in errors. Source and rulebook must outlive it, and
  // the rulebook stay as it is. Null with problems: csv.* of the header, mapping.column_missing,
  // time.unknown_zone.
  static std::unique_ptr<MappedEvents> open(ByteSource& source, const std::string& file,
                                            EventMapping mapping, const Rulebook& rulebook,
                                            Problems& problems);

  Status fill(EventBatch& batch) override;
  [[nodiscard]] bool is_done() const override { return done_; }
  void stop() override { pacer_.stop(); }
  // Of the JSON in a batch, about.
  void set_batch_bytes(std::size_t bytes) { batch_bytes_ = bytes; }

 private:
  // A member of an event, bound to the header.
  struct Bound {
    const EventMapping::Member* member = nullptr;
    std::string_view* attribute = nullptr;  // Where an attribute's text belongs.
    std::size_t cell = 0;
    std::optional<Zone> zone;
    std::string time;  // Of this row, as events have it.
  };
  // Hands on what the source gives; where it has no more at the moment and rows wait, it says so by
  // an error, once.
  class Pacer final : public ByteSource {
   public:
    explicit Pacer(ByteSource& source) : source_{source} {}
    Result<std::size_t> read(char* target, std::size_t size) override;
    void stop() override { source_.stop(); }
    bool rows_wait = false;

   private:
    ByteSource& source_;
    bool ran_dry_ = false;
  };

  MappedEvents(ByteSource& source, const std::string& file, EventMapping mapping,
               const Rulebook& rulebook);
  void bind(const std::vector<EventMapping::Member>& members,
            const std::vector<std::string>& header, const Rulebook& rulebook,
            std::vector<Bound>& bound, Problems& problems) const;
  void take_row(EventBatch& batch);
  void take_bad_row(EventBatch& batch, Error error);
  Result<std::string_view> value_of(Bound& bound);

  Pacer pacer_;
  EventMapping mapping_;
  CsvReader reader_;
  EventAssembler assembler_;
  EventMembers members_;
  std::vector<Bound> attributes_;
  std::vector<Bound> data_;
  std::size_t batch_bytes_ = 512U << 10U;
  bool done_ = false;
};

}  // namespace partake::books
