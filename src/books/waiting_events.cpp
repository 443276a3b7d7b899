#include "books/waiting_events.h"

namespace partake::books {

Status WaitingEvents::fill(EventBatch& batch) {
  constexpr std::size_t batch_bytes = 512U << 10U;
  const auto first = next_;
  std::size_t bytes = 0;
  while (next_ < messages_.size() && bytes < batch_bytes)
    bytes += messages_[next_++].document.size();
  // In one place, where the parser may look beyond the end of each.
  batch.text.reserve(bytes + EventReader::json_padding);
  for (auto at = first; at < next_; ++at) batch.text += messages_[at].document;
  batch.text.append(EventReader::json_padding, ' ');
  std::size_t begin = 0;
  for (auto at = first; at < next_; ++at) {
    const auto size = messages_[at].document.size();
    const auto document = std::string_view{batch.text}.substr(begin, size);
    begin += size;
    reader_.read(document, batch.add(at + 1, document));
    batch.proven.emplace_back(messages_[at].proven);
  }
  batch.bytes_read += bytes;
  return {};
}

}  // namespace partake::books
