// A short way for the events that nearly all are: flat, in ASCII without escapes, with short
// numbers. It takes a part of JSON only; everything else is for the general parser, malformed
// documents too, so that there is one place that says what is wrong with them.
#pragma once

#include <string_view>

#include "books/event_reader.h"

namespace partake::books {

// What a document says, before it is known what it means.
struct EventMembers {
  EventAssembler::Parts parts;
  std::string_view version;

  void clear();
  // Where the member's text belongs; null when its name means nothing here.
  std::string_view* attribute(std::string_view name);
};

constexpr std::size_t event_fields_max = 64;

// Whether the document is plain. If so, the members, which must be clear, are those that the
// general parser would have found; otherwise they hold anything. EventReader::json_padding bytes
// beyond the document's end must be readable.
bool read_plain_event(std::string_view document, EventMembers& members);

}  // namespace partake::books
