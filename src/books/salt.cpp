#include "books/salt.h"

#include <algorithm>

#include "base/varint.h"

namespace partake::books {
namespace {

// What the message is about, so that no two kinds can meet.
constexpr char of_number = 1;
constexpr char of_text = 2;
constexpr char of_fact = 3;

journal::Salt half_of(const Hash& hash, bool second) {
  journal::Salt salt{};
  std::copy_n(hash.begin() + (second ? salt.size() : 0), salt.size(), salt.begin());
  return salt;
}

}  // namespace

Salter::Salter(const SaltKey& key)
    : hmac_{{reinterpret_cast<const char*>(key.data()), key.size()}} {}

void Salter::salt(std::span<const ReadEvent> events, std::vector<journal::Salt>& salts) {
  std::size_t count = 0;
  message_of_.resize(events.size());
  const EventId* last = nullptr;
  StreamNumber last_stream = 0;
  for (std::size_t at = 0; at < events.size(); ++at) {
    if (!events[at].is_good) continue;
    const auto stream = events[at].event.stream;
    const auto& id = events[at].event.id;
    const bool numbered = id.text.empty();
    const bool same = numbered && last != nullptr && last->text.empty() && last_stream == stream &&
                      last->sequence / 2 == id.sequence / 2;
    last = &id;
    last_stream = stream;
    if (!same) {
      if (count == messages_.size()) messages_.emplace_back();
      auto& message = messages_[count++];
      message.assign(1, numbered ? of_number : of_text);
      append_varint(message, stream);
      if (numbered) append_varint(message, id.sequence / 2);
      message += id.text;
    }
    message_of_[at] = count - 1;
  }
  hashes_.resize(count);
  for (std::size_t at = 0; at + 1 < count; at += 2) {
    const auto pair = hmac_.of_pair(messages_[at], messages_[at + 1]);
    hashes_[at] = pair[0];
    hashes_[at + 1] = pair[1];
  }
  if (count % 2 != 0) hashes_[count - 1] = hmac_.of(messages_[count - 1]);
  salts.resize(events.size());
  for (std::size_t at = 0; at < events.size(); ++at) {
    if (!events[at].is_good) continue;
    const auto& id = events[at].event.id;
    salts[at] = half_of(hashes_[message_of_[at]], id.text.empty() && id.sequence % 2 != 0);
  }
}

journal::Salt Salter::of_record(std::uint64_t number) const {
  std::string message(1, of_fact);
  append_varint(message, number);
  return half_of(hmac_.of(message), false);
}

}  // namespace partake::books
