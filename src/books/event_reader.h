// Reads events as CloudEvents 1.0 JSON, one a line or one document. docs/events.md.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "books/event.h"
#include "books/rulebook.h"

namespace partake::books {

// One event, or why it is none.
struct ReadEvent {
  Event event;
  bool is_good = false;
  Error error;  // Unless it is good.
};

constexpr std::size_t event_bytes_max = 64U << 10U;

// What a mapped field may hold before it is known which input it feeds.
struct FieldText {
  std::string_view name;
  std::string_view text;
  enum class Kind : std::uint8_t { number, text, other } kind = Kind::other;
};

// From an event's parts, however they were written, to an event of the books.
class EventAssembler {
 public:
  // The rulebook must outlive it and stay as it is.
  explicit EventAssembler(const Rulebook& rulebook);

  struct Parts {
    std::string_view source;
    std::string_view id;
    std::string_view sequence;  // Digits; empty: not given.
    std::string_view type;
    std::string_view subject;
    std::string_view time;
    std::string_view replaces;
    std::vector<FieldText> fields;
  };
  // Errors: event.*, account.malformed, time.malformed_instant, decimal.*, region.unknown,
  // method.unknown_choice; the argument `field` names the field.
  Status assemble(const Parts& parts, Event& event);

 private:
  Status find_source(const Parts& parts, Event& event);
  Status read_id(std::string_view id, std::string_view sequence, StreamNumber stream,
                 EventId& into) const;
  Status find_rule(const Parts& parts, const Stream& stream, Event& event);
  Status read_end(const Parts& parts, const Rule& rule, Event& event) const;
  Status read_value(const FieldText& field, const FieldPlan& plan, const Edition& edition,
                    StoredValue& value) const;

  const Rulebook& rulebook_;
  const Source* last_source_ = nullptr;
  const RulePlace* last_rule_ = nullptr;
};

// The type with which a source takes back an event of its own.
constexpr std::string_view withdrawal_type = "partake.withdrawal";

class EventReader {
 public:
  explicit EventReader(const Rulebook& rulebook);
  ~EventReader();
  EventReader(EventReader&&) noexcept;
  EventReader& operator=(EventReader&&) noexcept;

  // Reads one JSON object. `padded` bytes beyond its end may be read by the parser:
  // json_padding of them must exist. Errors: event.malformed_json, event.too_large, and those of
  // EventAssembler::assemble.
  void read(std::string_view document, ReadEvent& into);
  // The same by the general parser alone, without the short way of books/plain_event.h.
  void read_generally(std::string_view document, ReadEvent& into);

  static constexpr std::size_t json_padding = 64;

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace partake::books
