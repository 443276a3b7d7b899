// Salts of hidden parts: a keyed function of source and identity, so that they do not depend on how
// input was split. Who has not the key cannot find out who hides behind a leaf; the key is replaced
// and destroyed once nothing so old is accepted any more.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/hmac.h"
#include "books/event_reader.h"
#include "journal/record.h"

namespace partake::books {

using SaltKey = std::array<std::uint8_t, 32>;

class Salter {
 public:
  explicit Salter(const SaltKey& key);

  // Of each event, where it is good: HMAC-SHA-256 of the stream's number and the id; for numbers,
  // half of the one of each pair.
  void salt(std::span<const ReadEvent> events, std::vector<journal::Salt>& salts);
  // Of a record that is no event, by its number.
  [[nodiscard]] journal::Salt of_record(std::uint64_t number) const;

 private:
  Hmac hmac_;
  // Used again and again: different messages, the hash of each, and by event which one is its.
  std::vector<std::string> messages_;
  std::vector<Hash> hashes_;
  std::vector<std::size_t> message_of_;
};

}  // namespace partake::books
