// Salts of hidden parts: a keyed function of source and identity, so that they do not depend on how
// input was split. Who has not the key cannot find out who hides behind a leaf; the key is replaced
// and destroyed once nothing so old is accepted any more.
#pragma once

#include <string>

#include "base/hmac.h"
#include "books/event.h"
#include "journal/record.h"

namespace partake::books {

using SaltKey = std::array<std::uint8_t, 32>;

class Salter {
 public:
  explicit Salter(const SaltKey& key);

  // HMAC-SHA-256 of the stream's number and the id; for numbers, half of the one of each pair.
  [[nodiscard]] journal::Salt of(StreamNumber stream, const EventId& id);
  // Of a record that is no event, by its number.
  [[nodiscard]] journal::Salt of_record(std::uint64_t number) const;

 private:
  Hmac hmac_;
  std::string message_;
  StreamNumber last_stream_ = 0;
  std::uint64_t last_pair_ = ~std::uint64_t{0};
  Hash last_{};
};

}  // namespace partake::books
