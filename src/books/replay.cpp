#include "books/replay.h"

#include "base/read_ahead.h"
#include "journal/merkle.h"

namespace partake::books {
namespace {

Status read_block(const journal::Journal& journal, bool check_roots, ReplayedBlock& block) {
  TRY(block.bytes, journal.read(block.index));
  TRY(const auto parsed, journal::parse_block(block.bytes));
  TRY(block.header, journal::parse_entry(parsed.entry));
  if (check_roots) {
    TRY(const auto leaves, journal::leaves_of(parsed));
    block.root_matches = journal::tree_root(leaves) == block.header.root;
  }
  block.records.clear();
  block.records.reserve(parsed.frame.records);
  for (auto rest = parsed.body; !rest.empty();) {
    TRY(const auto record, journal::take_record(rest));
    block.records.push_back(record);
  }
  return {};
}

bool is_readable_event(const journal::Record& record) {
  return static_cast<Kind>(record.open[0]) == Kind::event && !record.erased;
}

// Runs of events, read with the rulebook as the records before them left it.
class Runs {
 public:
  Runs(const Books& books, ReplayVisitor& visitor) : books_{books}, visitor_{visitor} {
    events_.resize(method::block_rows_max);
    for (const auto& stored : events_) pointers_.push_back(&stored.event.event);
  }

  Status take(const ReplayedBlock& block) {
    auto number = block.header.first_record;
    for (const auto& record : block.records) {
      if (is_readable_event(record)) {
        events_[count_].number = number;
        events_[count_].record = record;
        if (++count_ == events_.size()) CHECK_OK(finish());
      } else {
        CHECK_OK(finish());
        CHECK_OK(visitor_.take_record(number, record));
      }
      ++number;
    }
    return finish();
  }

 private:
  Status finish() {
    const auto count = std::exchange(count_, 0);
    for (std::size_t at = 0; at < count; ++at) CHECK_OK(read(events_[at]));
    if (count == 0) return {};
    const std::span<const Event* const> run{pointers_.data(), count};
    CHECK_OK(visitor_.begin_events(run));
    return take_prefetched(
        books_, run, [&](std::size_t place) { return visitor_.take_event(place, events_[place]); });
  }

  Status read(StoredEvent& stored) const {
    Status status = fail(ErrorKind::corrupt, "record.malformed_event", {{"part", "hidden part"}});
    if (!stored.record.hidden.empty()) {
      status = parse_event(stored.record.open, stored.record.body(), stored.number,
                           books_.rulebook(), stored.event);
    }
    if (!status) status.error().args.emplace_back("record", std::to_string(stored.number));
    return status;
  }

  const Books& books_;
  ReplayVisitor& visitor_;
  std::vector<StoredEvent> events_;
  std::vector<const Event*> pointers_;  // To each of them.
  std::size_t count_ = 0;
};

}  // namespace

Status replay(const journal::Journal& journal, const Books& books, const ReplayOptions& options,
              ReplayVisitor& visitor) {
  auto next = options.first_block;
  ReadAhead<ReplayedBlock> blocks{[&](ReplayedBlock& block) -> Result<bool> {
    if (next == journal.blocks().size()) return false;
    block.index = next++;
    CHECK_OK(read_block(journal, options.check_roots, block));
    return true;
  }};
  Runs runs{books, visitor};
  for (;;) {
    TRY(const auto* block, blocks.next());
    if (block == nullptr) return {};
    CHECK_OK(visitor.begin_block(*block));
    CHECK_OK(runs.take(*block));
    CHECK_OK(visitor.end_block(*block));
  }
}

}  // namespace partake::books
