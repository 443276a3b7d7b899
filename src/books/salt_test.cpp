#include "books/salt.h"

#include <doctest/doctest.h>

#include "base/varint.h"

using namespace partake;
using namespace partake::books;

namespace {

SaltKey key() {
  SaltKey key{};
  for (std::size_t at = 0; at < key.size(); ++at) key[at] = static_cast<std::uint8_t>(3 * at + 1);
  return key;
}

ReadEvent event_of(StreamNumber stream, std::uint64_t sequence, const std::string& text = {}) {
  ReadEvent read;
  read.is_good = true;
  read.event.stream = stream;
  read.event.id.sequence = sequence;
  read.event.id.text = text;
  return read;
}

// As docs/formats/records.md has it.
journal::Salt expected_of(const ReadEvent& read) {
  const auto secret = key();
  const Hmac hmac{{reinterpret_cast<const char*>(secret.data()), secret.size()}};
  const auto& id = read.event.id;
  std::string message(1, id.text.empty() ? '\x01' : '\x02');
  append_varint(message, read.event.stream);
  if (id.text.empty()) append_varint(message, id.sequence / 2);
  message += id.text;
  const auto hash = hmac.of(message);
  const bool second = id.text.empty() && id.sequence % 2 != 0;
  journal::Salt salt{};
  std::copy_n(hash.begin() + (second ? 16 : 0), salt.size(), salt.begin());
  return salt;
}

}  // namespace

TEST_CASE("salt: of each event what the format says, however events are gathered") {
  std::vector<ReadEvent> events{
      event_of(0, 4),      event_of(0, 5),
      event_of(0, 6),      event_of(1, 6),
      event_of(1, 7),      {},
      event_of(1, 7),      event_of(2, 0, "a"),
      event_of(2, 0, "a"), event_of(3, 0, "a"),
      event_of(0, 7),      event_of(0, 1),
      event_of(0, 0),      event_of(2, 0, std::string(id_bytes_max, 'i'))};
  for (std::size_t size = 1; size <= events.size(); ++size) {
    Salter salter{key()};
    std::vector<journal::Salt> salts;
    for (std::size_t first = 0; first < events.size(); first += size) {
      const auto count = std::min(size, events.size() - first);
      salter.salt({&events[first], count}, salts);
      REQUIRE_EQ(salts.size(), count);
      for (std::size_t at = 0; at < count; ++at) {
        if (events[first + at].is_good) CHECK(salts[at] == expected_of(events[first + at]));
      }
    }
  }
}
