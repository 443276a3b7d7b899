#include "books/identities.h"

#include <cstring>

namespace partake::books {

IdHash hash_of_id(StreamNumber stream, std::string_view id) {
  std::array<char, sizeof stream> number{};
  for (std::size_t at = 0; at < number.size(); ++at) {
    number[at] = static_cast<char>(static_cast<unsigned char>(stream >> (8 * at)));
  }
  const auto hash = sha256_parts({"\x03", {number.data(), number.size()}, id});
  IdHash short_hash;
  std::memcpy(&short_hash.high, hash.data(), sizeof short_hash.high);
  std::memcpy(&short_hash.low, hash.data() + sizeof short_hash.high, sizeof short_hash.low);
  return short_hash;
}

const Identities::Entry* Identities::find(const IdHash& id) const {
  return entries_.find(id.high,
                       [&](const Entry& entry) { return entry.low == id.low && keep(entry); });
}

void Identities::add(const IdHash& id, std::uint64_t record, Day day) {
  constexpr std::uint64_t day_mask = (1U << 24U) - 1;
  constexpr std::uint64_t record_mask = (std::uint64_t{1} << 40U) - 1;
  entries_.insert(Entry{id.high, id.low, record & record_mask,
                        static_cast<std::uint64_t>(day_number(day)) & day_mask},
                  [this](const Entry& other) { return keep(other); });
}

}  // namespace partake::books
