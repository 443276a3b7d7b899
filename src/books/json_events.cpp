#include "books/json_events.h"

#include <algorithm>

namespace partake::books {
namespace {

constexpr auto none = std::string_view::npos;
// A line and the carriage return before its end.
constexpr std::size_t line_bytes_max = event_bytes_max + 1;

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(json_blanks), text.size()));
  return text.substr(0, text.find_last_not_of(json_blanks) + 1);
}

std::string too_many_bytes() { return ">" + std::to_string(event_bytes_max); }

bool is_whole_object(std::string_view line) {
  line = without_blanks(line);
  return line.starts_with('{') && object_end(line) == line.size();
}

enum class Shape : std::uint8_t { unclear, lines, object };

// Of an input that begins with a brace. It is one object only if it is short enough for an event,
// nothing follows it, and none of its lines is an object by itself: an event in a line of its own
// is always one, whatever is wrong with the line before it.
Shape shape_of(std::string_view bytes, bool at_end) {
  auto rest = bytes;
  for (bool first = true;; first = false) {
    const auto end = rest.find('\n');
    if (end == none && !at_end)
      return rest.size() > event_bytes_max ? Shape::lines : Shape::unclear;
    const auto line = rest.substr(0, end);
    if (first && object_end(line) != none) return Shape::lines;
    if (!first && is_whole_object(line)) return Shape::lines;
    if (bytes.size() > event_bytes_max) return Shape::lines;
    if (end == none) break;
    rest.remove_prefix(end + 1);
    if (rest.empty() && !at_end) return Shape::unclear;
  }
  return is_whole_object(bytes) ? Shape::object : Shape::lines;
}

}  // namespace

JsonEvents::JsonEvents(ByteSource& source, const Rulebook& rulebook, std::size_t batch_bytes)
    : source_{source}, reader_{rulebook}, batch_bytes_{batch_bytes} {}

// Reads behind the first `start` bytes until the batch is full, or the source has no more at the
// moment, or ends. Where the bytes end.
Result<std::size_t> JsonEvents::read_more(EventBatch& batch, std::size_t start) {
  auto end = start;
  // What was carried over may be as long as an event may be.
  const auto full = batch_bytes_ + start;
  while (end < full) {
    const auto wanted = full - end;
    TRY(const auto count, source_.read(batch.bytes.get() + end, wanted));
    end += count;
    bytes_read_ += count;
    at_end_ = count == 0;
    if (count == wanted) break;
    // Less than asked for: a file ends, or a pipe has no more yet.
    const bool is_whole =
        end > start && (batch.bytes[end - 1] == '\n' || batch.bytes[end - 1] == ']');
    if (at_end_ || is_whole) {
      batch.is_idle = true;
      break;
    }
  }
  std::fill_n(batch.bytes.get() + end, EventReader::json_padding, ' ');
  return end;
}

void JsonEvents::take_document(EventBatch& batch, std::uint64_t line, std::string_view document) {
  if (document.size() > event_bytes_max) {
    return refuse_document(batch, line, document, too_large(too_many_bytes()));
  }
  reader_.read(document, batch.add(line, document));
}

// Keeps only the start of what is too large, however much of it is there.
void JsonEvents::refuse_document(EventBatch& batch, std::uint64_t line, std::string_view start,
                                 Error error) {
  refuse(batch.add(line, start.substr(0, event_bytes_max)), std::move(error));
}

Status JsonEvents::fill(EventBatch& batch) {
  if (is_done()) return {};
  if (!batch.bytes) {
    batch.bytes = std::make_unique_for_overwrite<char[]>(batch_bytes_ + line_bytes_max +
                                                         EventReader::json_padding);
  }
  std::copy(carried_.begin(), carried_.end(), batch.bytes.get());
  auto looked_at = carried_.size();
  carried_.clear();
  TRY(const auto end, read_more(batch, looked_at));
  batch.bytes_read = bytes_read_;
  std::string_view bytes{batch.bytes.get(), end};
  if (form_ == Form::unknown) {
    bytes = find_form(batch, bytes);
    looked_at = 0;
  }
  if (form_ == Form::lines) {
    take_lines(batch, bytes);
  } else if (form_ == Form::array) {
    take_array(batch, bytes, looked_at);
  } else if (form_ == Form::after_array) {
    take_rest(batch, bytes);
  }
  if (at_end_) form_ = Form::done;
  return {};
}

// The bytes behind what says the form; none while it is not known.
std::string_view JsonEvents::find_form(EventBatch& batch, std::string_view bytes) {
  while (!bytes.empty() && json_blanks.find(bytes[0]) != none) {
    if (bytes[0] == '\n') ++line_;
    bytes.remove_prefix(1);
  }
  if (bytes.empty()) return {};
  if (bytes[0] == '[') {
    form_ = Form::array;
    splitter_.emplace(line_ + 1);
    return bytes.substr(1);
  }
  switch (bytes[0] == '{' ? shape_of(bytes, at_end_) : Shape::lines) {
    case Shape::unclear:
      carried_ = bytes;
      return {};
    case Shape::object:
      take_document(batch, line_ + 1, without_blanks(bytes));
      form_ = Form::done;
      return {};
    case Shape::lines:
      break;
  }
  form_ = Form::lines;
  return bytes;
}

// ---- lines

// What the batch holds of lines; the beginning of the next one is carried over.
void JsonEvents::take_lines(EventBatch& batch, std::string_view bytes) {
  auto rest = bytes;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const bool whole = end != none;
    if (!whole && !at_end_) break;
    const auto line = rest.substr(0, end);
    rest.remove_prefix(whole ? end + 1 : rest.size());
    ++line_;
    if (!skipping_) take_line(batch, line);
    skipping_ = false;
  }
  if (skipping_) return;
  const bool may_be_short =
      rest.size() < line_bytes_max || (rest.size() == line_bytes_max && rest.ends_with('\r'));
  if (may_be_short) {
    carried_ = rest;
  } else {
    take_document(batch, line_ + 1, rest);
    skipping_ = true;
  }
}

void JsonEvents::take_line(EventBatch& batch, std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  const bool is_blank =
      line.size() <= event_bytes_max && line.find_first_not_of(" \t") == std::string_view::npos;
  if (!is_blank) take_document(batch, line_, line);
}

// ---- an array

// The first `looked_at` bytes are the beginning of an element, carried over from the batch before.
void JsonEvents::take_array(EventBatch& batch, std::string_view bytes, std::size_t looked_at) {
  using Stop = ArraySplitter::Stop;
  batch.first_element = element_;
  std::size_t begin = 0;
  for (auto at = looked_at;;) {
    if (!in_element_) {
      splitter_->skip_blanks(bytes, at);
      begin = at;
      if (at == bytes.size()) break;
      in_element_ = true;
      too_long_ = false;
      element_line_ = splitter_->line();
    }
    const auto stop = splitter_->next(bytes, at);
    const auto element = bytes.substr(begin, at - begin);
    too_long_ = too_long_ || element.size() > event_bytes_max;
    if (stop == Stop::none) break;
    if (stop == Stop::broken) {
      return refuse_rest(batch, "event.array_broken", element_line_,
                         bytes.substr(begin, at + 1 - begin));
    }
    const bool is_empty_array = stop == Stop::last && element_ == 1 && element.empty();
    if (too_long_) {
      refuse_document(batch, element_line_, element, too_large(too_many_bytes()));
    } else if (!is_empty_array) {
      take_document(batch, element_line_, without_blanks(element));
    }
    if (!is_empty_array) ++element_;
    in_element_ = false;
    ++at;
    if (stop == Stop::element) continue;
    form_ = Form::after_array;
    return take_rest(batch, bytes.substr(at));
  }
  const auto start = bytes.substr(begin);
  if (at_end_) {
    const auto line = in_element_ ? element_line_ : splitter_->line();
    return refuse_rest(batch, "event.array_broken", line, start);
  }
  carried_ = start.substr(0, event_bytes_max);
}

// Only blanks may follow the array.
void JsonEvents::take_rest(EventBatch& batch, std::string_view bytes) {
  std::size_t at = 0;
  splitter_->skip_blanks(bytes, at);
  const auto rest = bytes.substr(at);
  if (rest.empty()) return;
  if (rest.size() < event_bytes_max && !at_end_) {
    carried_ = rest;
    return;
  }
  if (batch.count == 0) batch.first_element = element_;
  refuse_rest(batch, "event.after_array", splitter_->line(), rest);
}

void JsonEvents::refuse_rest(EventBatch& batch, const char* code, std::uint64_t line,
                             std::string_view start) {
  refuse_document(batch, line, start,
                  {ErrorKind::invalid,
                   code,
                   {{"element", std::to_string(element_)}, {"line", std::to_string(line)}},
                   {}});
  form_ = Form::done;
}

}  // namespace partake::books
