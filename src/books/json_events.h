// Events as JSON: one a line, the elements of one array, or one object over several lines.
// docs/events.md.
#pragma once

#include <optional>
#include <string>

#include "base/csv.h"
#include "books/array_splitter.h"
#include "books/event_batch.h"

namespace partake::books {

class JsonEvents final : public EventFeed {
 public:
  // Both must outlive it, and the rulebook stay as it is.
  JsonEvents(ByteSource& source, const Rulebook& rulebook, std::size_t batch_bytes = 512U << 10U);

  Status fill(EventBatch& batch) override;
  [[nodiscard]] bool is_done() const override { return form_ == Form::done; }
  void stop() override { source_.stop(); }

 private:
  enum class Form : std::uint8_t { unknown, lines, array, after_array, done };
  Result<std::size_t> read_more(EventBatch& batch, std::size_t start);
  std::string_view find_form(EventBatch& batch, std::string_view bytes);
  void take_lines(EventBatch& batch, std::string_view bytes);
  void take_line(EventBatch& batch, std::string_view line);
  void take_array(EventBatch& batch, std::string_view bytes, std::size_t looked_at);
  void take_rest(EventBatch& batch, std::string_view bytes);
  void take_document(EventBatch& batch, std::uint64_t line, std::string_view document);
  void refuse_document(EventBatch& batch, std::uint64_t line, std::string_view start, Error error);
  void refuse_rest(EventBatch& batch, const char* code, std::uint64_t line, std::string_view start);

  ByteSource& source_;
  EventReader reader_;
  std::size_t batch_bytes_;
  Form form_ = Form::unknown;
  std::string carried_;    // The beginning of what was not read to its end yet.
  bool skipping_ = false;  // In the middle of a line that is too long.
  bool at_end_ = false;
  std::uint64_t line_ = 0;  // That were read to their end.
  std::uint64_t bytes_read_ = 0;

  // With an array.
  std::optional<ArraySplitter> splitter_;
  std::uint64_t element_ = 1;  // The next one.
  bool in_element_ = false;
  std::uint64_t element_line_ = 0;
  bool too_long_ = false;  // What is carried is only the beginning of it.
};

}  // namespace partake::books
