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

journal::Salt Salter::of(StreamNumber stream, const EventId& id) {
  message_.clear();
  if (!id.text.empty()) {
    message_ += of_text;
    append_varint(message_, stream);
    message_ += id.text;
    return half_of(hmac_.of(message_), false);
  }
  const auto pair = id.sequence / 2;
  if (pair != last_pair_ || stream != last_stream_) {
    message_ += of_number;
    append_varint(message_, stream);
    append_varint(message_, pair);
    last_ = hmac_.of(message_);
    last_pair_ = pair;
    last_stream_ = stream;
  }
  return half_of(last_, id.sequence % 2 != 0);
}

journal::Salt Salter::of_record(std::uint64_t number) const {
  std::string message(1, of_fact);
  append_varint(message, number);
  return half_of(hmac_.of(message), false);
}

}  // namespace partake::books
