#include "books/replay.h"

#include <algorithm>
#include <memory>
#include <mutex>

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

// Whether events after it are read in another way.
bool changes_rules(const journal::Record& record) {
  const auto kind = static_cast<Kind>(record.open[0]);
  return kind == Kind::edition || kind == Kind::source;
}

bool changes_rules(const ReplayedBlock& block) {
  return std::any_of(block.records.begin(), block.records.end(),
                     [](const auto& record) { return changes_rules(record); });
}

// Numbers and records of the events, still to be read.
void list_events(ReplayedBlock& block) {
  std::size_t count = 0;
  auto number = block.header.first_record;
  for (const auto& record : block.records) {
    if (is_readable_event(record)) {
      if (count == block.events.size()) block.events.emplace_back();
      block.events[count].number = number;
      block.events[count++].record = record;
    }
    ++number;
  }
  block.events_are_read = count == 0;
}

Status read_event(const Rulebook& rulebook, StoredEvent& stored) {
  const auto& record = stored.record;
  auto status =
      record.hidden.empty()
          ? Status{fail(ErrorKind::corrupt, "record.malformed_event", {{"part", "hidden part"}})}
          : parse_event(record.open, record.body(), stored.number, rulebook, stored.event);
  if (!status) status.error().args.emplace_back("record", std::to_string(stored.number));
  return status;
}

// The rulebook as it was after so many blocks, for the thread that reads ahead.
class RulesReached {
 public:
  void set(std::uint64_t blocks, const Rulebook& rulebook) {
    auto copy = std::make_shared<const Rulebook>(rulebook);
    const std::lock_guard lock{mutex_};
    blocks_ = blocks;
    rulebook_ = std::move(copy);
  }
  // Null while what those blocks say is not taken in yet.
  [[nodiscard]] std::shared_ptr<const Rulebook> after(std::uint64_t blocks) const {
    const std::lock_guard lock{mutex_};
    return blocks_ >= blocks ? rulebook_ : nullptr;
  }

 private:
  mutable std::mutex mutex_;
  std::uint64_t blocks_ = 0;
  std::shared_ptr<const Rulebook> rulebook_;
};

// Reads blocks, and their events wherever the rules that they need are there already.
class BlockReader {
 public:
  BlockReader(const journal::Journal& journal, const ReplayOptions& options,
              const RulesReached& rules)
      : journal_{journal},
        rules_{rules},
        check_roots_{options.check_roots},
        next_{options.first_block},
        rules_from_{options.first_block} {}

  Result<bool> read(ReplayedBlock& block) {
    if (next_ == journal_.blocks().size()) return false;
    block.index = next_++;
    CHECK_OK(read_block(journal_, check_roots_, block));
    list_events(block);
    if (changes_rules(block)) {
      rules_from_ = next_;
    } else if (const auto rulebook = rules_.after(rules_from_)) {
      block.events_are_read = read_events(*rulebook, block);
    }
    return true;
  }

 private:
  // False at one that cannot be read: whoever comes to it reads it again and tells why.
  static bool read_events(const Rulebook& rulebook, ReplayedBlock& block) {
    auto stored = block.events.begin();
    for (const auto& record : block.records) {
      if (is_readable_event(record) && !read_event(rulebook, *stored++)) return false;
    }
    return true;
  }

  const journal::Journal& journal_;
  const RulesReached& rules_;
  bool check_roots_;
  std::uint64_t next_;
  std::uint64_t rules_from_;  // The block after the last one that changes rules.
};

// Runs of events, read with the rulebook as the records before them left it.
class Runs {
 public:
  Runs(const Books& books, bool prefetches, ReplayVisitor& visitor)
      : books_{books}, prefetches_{prefetches}, visitor_{visitor} {}

  Status take(ReplayedBlock& block) {
    run_ = block.events.data();
    auto number = block.header.first_record;
    for (const auto& record : block.records) {
      if (is_readable_event(record)) {
        if (++count_ == method::block_rows_max) CHECK_OK(finish(block));
      } else {
        CHECK_OK(finish(block));
        CHECK_OK(visitor_.take_record(number, record));
      }
      ++number;
    }
    return finish(block);
  }

 private:
  Status finish(const ReplayedBlock& block) {
    if (count_ == 0) return {};
    const std::span<StoredEvent> run{run_, std::exchange(count_, 0)};
    run_ += run.size();
    events_.clear();
    for (auto& stored : run) {
      if (!block.events_are_read) CHECK_OK(read_event(books_.rulebook(), stored));
      events_.push_back(&stored.event.event);
    }
    CHECK_OK(visitor_.begin_events(events_));
    if (!prefetches_) {
      for (std::size_t place = 0; place < run.size(); ++place) {
        CHECK_OK(visitor_.take_event(place, run[place]));
      }
      return {};
    }
    return take_prefetched(
        books_, events_, [&](std::size_t place) { return visitor_.take_event(place, run[place]); });
  }

  const Books& books_;
  bool prefetches_;
  ReplayVisitor& visitor_;
  StoredEvent* run_ = nullptr;  // The first one of the run.
  std::size_t count_ = 0;
  std::vector<const Event*> events_;
};

}  // namespace

Status replay(const journal::Journal& journal, const Books& books, const ReplayOptions& options,
              ReplayVisitor& visitor) {
  RulesReached rules;
  rules.set(options.first_block, books.rulebook());
  BlockReader reader{journal, options, rules};
  ReadAhead<ReplayedBlock> blocks{[&](ReplayedBlock& block) { return reader.read(block); }};
  Runs runs{books, options.prefetches, visitor};
  for (;;) {
    TRY(auto* block, blocks.next());
    if (block == nullptr) return {};
    CHECK_OK(visitor.begin_block(*block));
    CHECK_OK(runs.take(*block));
    if (changes_rules(*block)) rules.set(block->index + 1, books.rulebook());
    CHECK_OK(visitor.end_block(*block));
  }
}

}  // namespace partake::books
