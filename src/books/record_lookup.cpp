#include "books/record_lookup.h"

namespace partake::books {

Result<FoundRecord> found_in(std::string_view bytes, std::uint64_t number,
                             const Rulebook& rulebook) {
  TRY(const auto record, journal::take_record(bytes));
  FoundRecord found;
  found.number = number;
  found.erased = record.erased;
  if (!record.erased && !record.hidden.empty()) {
    TRY(found.record, parse_event(record.open, record.body(), number, rulebook));
  }
  return found;
}

Status RecordLookup::read(std::uint64_t block) {
  if (block == block_) return {};
  block_ = none;
  TRY(bytes_, journal_.read(block));
  TRY(parsed_, journal::parse_block(bytes_));
  block_ = block;
  return {};
}

Result<std::string> RecordLookup::bytes_of(std::uint64_t number) {
  if (number >= journal_.records()) {
    return fail(
        ErrorKind::not_found, "record.unknown",
        {{"record", std::to_string(number)}, {"records", std::to_string(journal_.records())}});
  }
  const auto block = journal_.block_of(number);
  CHECK_OK(read(block));
  TRY(const auto record,
      parsed_.record(static_cast<std::uint32_t>(number - journal_.blocks()[block].first_record)));
  return std::string{record.whole};
}

Result<FoundRecord> RecordLookup::at(std::uint64_t number) {
  TRY(const auto bytes, bytes_of(number));
  return found_in(bytes, number, books_.rulebook());
}

Status RecordLookup::index(std::uint64_t block) {
  if (block == indexed_) return {};
  indexed_ = none;
  numbers_.clear();
  CHECK_OK(read(block));
  auto number = journal_.blocks()[block].first_record;
  for (auto rest = parsed_.body; !rest.empty(); ++number) {
    TRY(const auto record, journal::take_record(rest));
    const bool readable = static_cast<Kind>(record.open[0]) == Kind::event && !record.erased;
    if (!readable) continue;
    TRY(const auto event, parse_event(record.open, record.body(), number, books_.rulebook()));
    numbers_[{event.event.stream, event.event.id.sequence}] = number;
  }
  indexed_ = block;
  return {};
}

Result<std::optional<FoundRecord>> RecordLookup::find_in(std::uint64_t block, StreamNumber stream,
                                                         std::uint64_t sequence) {
  CHECK_OK(index(block));
  const auto found = numbers_.find({stream, sequence});
  if (found == numbers_.end()) return std::nullopt;
  TRY(auto record, at(found->second));
  return record;
}

Result<std::optional<FoundRecord>> RecordLookup::find(StreamNumber stream, const EventId& id) {
  if (!books_.rulebook().streams[stream].numbered) {
    const auto* entry = books_.identities().find(id.hash);
    if (entry == nullptr) return std::nullopt;
    TRY(auto record, at(entry->record));
    return record;
  }
  const auto& ranges = books_.ranges();
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
    const bool holds =
        range->stream == stream && range->low <= id.sequence && id.sequence <= range->high;
    if (!holds) continue;
    TRY(auto found, find_in(range->block, stream, id.sequence));
    if (found) return found;
  }
  return std::nullopt;
}

}  // namespace partake::books
