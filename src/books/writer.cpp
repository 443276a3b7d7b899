#include "books/writer.h"

#include <algorithm>

#include "base/require.h"

namespace partake::books {
namespace {

// No record of an event is larger, both parts together.
constexpr std::size_t event_record_max = 1024;

}  // namespace

Writer::Writer(journal::Journal& journal, Books& books, Salter salter, Clock clock)
    : journal_{journal},
      books_{books},
      salter_{std::move(salter)},
      clock_{std::move(clock)},
      next_record_{journal.records()},
      next_block_{journal.blocks().size()},
      gathering_{std::make_unique<Pending>()},
      spare_{std::make_unique<Pending>()},
      thread_{[this] { run(); }} {}

Writer::~Writer() {
  {
    const std::lock_guard lock{mutex_};
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Writer::run() {
  std::unique_lock lock{mutex_};
  for (;;) {
    changed_.wait(lock, [this] { return stop_ || in_flight_ != nullptr; });
    if (in_flight_ == nullptr) return;
    auto& pending = *in_flight_;
    lock.unlock();
    auto status = journal_.append(pending.builder, pending.header);
    lock.lock();
    pending.builder.clear();
    spare_ = std::move(in_flight_);
    if (!status) failure_ = std::move(status);
    changed_.notify_all();
  }
}

Status Writer::begin(std::size_t record_bytes) {
  if (!gathering_->builder.has_room_for(record_bytes)) CHECK_OK(seal());
  if (has_begun_) return {};
  has_begun_ = true;
  gathering_->first_record = next_record_;
  // The clock may go back; the journal's time does not.
  const auto admitted = std::max(clock_(), books_.admitted());
  books_.begin_block(next_block_, admitted);
  gathering_->header = {};
  gathering_->header.admitted = admitted;
  gathering_->header.facts = books_.block_facts();
  return {};
}

Status Writer::begin_event() { return begin(event_record_max); }

Status Writer::wait_for_idle(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return in_flight_ == nullptr; });
  return failure_;
}

Status Writer::seal() {
  std::unique_lock lock{mutex_};
  if (gathering_->builder.records() == 0) return failure_;
  CHECK_OK(wait_for_idle(lock));
  in_flight_ = std::exchange(gathering_, std::move(spare_));
  has_begun_ = false;
  ++next_block_;
  changed_.notify_all();
  return {};
}

Status Writer::flush() {
  CHECK_OK(seal());
  std::unique_lock lock{mutex_};
  return wait_for_idle(lock);
}

std::uint64_t Writer::durable_records() {
  const std::lock_guard lock{mutex_};
  return in_flight_ != nullptr ? in_flight_->first_record
         : has_begun_          ? gathering_->first_record
                               : next_record_;
}

Result<std::uint64_t> Writer::add(const Event& event, const Decision& decision) {
  const auto& rulebook = books_.rulebook();
  const auto salt = salter_.of(event.stream, event.id, rulebook.streams[event.stream].numbered);
  open_.clear();
  hidden_.assign(salt.begin(), salt.end());
  append_open(open_, event, decision.credit, rulebook);
  append_body(hidden_, event, decision.links, next_record_, rulebook);
  PARTAKE_REQUIRE(has_begun_ && open_.size() + hidden_.size() <= event_record_max);
  gathering_->builder.add({open_, hidden_});
  books_.post(next_record_, event, decision.credit, decision.links);
  return next_record_++;
}

Result<std::uint64_t> Writer::add(const Fact& fact) {
  const auto text = text_of(fact);
  CHECK_OK(begin(text.open.size() + text.body.size() + journal::salt_bytes));
  hidden_.clear();
  if (!text.body.empty()) {
    const auto salt = salter_.of_record(next_record_);
    hidden_.assign(salt.begin(), salt.end());
    hidden_ += text.body;
  }
  CHECK_OK(books_.apply(next_record_, fact));
  gathering_->builder.add({text.open, hidden_});
  return next_record_++;
}

// ---- finding records again

Result<std::string> Writer::record_bytes(std::uint64_t number) {
  PARTAKE_REQUIRE(number < next_record_);
  if (has_begun_ && number >= gathering_->first_record) {
    TRY(const auto record,
        gathering_->builder.record(static_cast<std::uint32_t>(number - gathering_->first_record)));
    return std::string{record.whole};
  }
  std::unique_lock lock{mutex_};
  if (in_flight_ != nullptr && number >= in_flight_->first_record) {
    // Only read on both sides while it is in flight.
    TRY(const auto record,
        in_flight_->builder.record(static_cast<std::uint32_t>(number - in_flight_->first_record)));
    return std::string{record.whole};
  }
  CHECK_OK(wait_for_idle(lock));
  const auto block = journal_.block_of(number);
  if (block != read_block_) {
    TRY(read_bytes_, journal_.read(block));
    read_block_ = block;
  }
  TRY(const auto parsed, journal::parse_block(read_bytes_));
  TRY(const auto record,
      parsed.record(static_cast<std::uint32_t>(number - journal_.blocks()[block].first_record)));
  return std::string{record.whole};
}

Result<std::optional<FoundRecord>> Writer::found_at(std::uint64_t number) {
  TRY(const auto bytes, record_bytes(number));
  std::string_view rest{bytes};
  TRY(const auto record, journal::take_record(rest));
  FoundRecord found;
  found.number = number;
  found.erased = record.erased;
  if (!record.erased) {
    TRY(found.record, parse_event(record.open, record.body(), number, books_.rulebook()));
  }
  return found;
}

Result<std::optional<FoundRecord>> Writer::search(std::uint64_t block, StreamNumber stream,
                                                  std::uint64_t sequence) {
  const bool gathered = has_begun_ && block == next_block_;
  const auto count = gathered ? gathering_->builder.records() : 0;
  if (indexed_.block != block || indexed_.records != count) {
    std::uint64_t first = 0;
    std::uint64_t end = 0;
    if (gathered) {
      first = gathering_->first_record;
      end = first + count;
    } else {
      std::unique_lock lock{mutex_};
      CHECK_OK(wait_for_idle(lock));
      first = journal_.blocks()[block].first_record;
      end = block + 1 < journal_.blocks().size() ? journal_.blocks()[block + 1].first_record
                                                 : journal_.records();
    }
    // A block that still grows keeps what was indexed of it.
    const auto known = indexed_.block == block ? indexed_.records : 0;
    if (indexed_.block != block) indexed_ = {block, 0, {}};
    for (auto number = first + known; number < end; ++number) {
      TRY(const auto bytes, record_bytes(number));
      std::string_view rest{bytes};
      TRY(const auto record, journal::take_record(rest));
      const bool readable = static_cast<Kind>(record.open[0]) == Kind::event && !record.erased;
      if (!readable) continue;
      TRY(const auto event, parse_event(record.open, record.body(), number, books_.rulebook()));
      indexed_.numbers[{event.event.stream, event.event.id.sequence}] = number;
    }
    indexed_.records = gathered ? count : 0;
  }
  const auto found = indexed_.numbers.find({stream, sequence});
  if (found == indexed_.numbers.end()) return std::nullopt;
  return found_at(found->second);
}

Result<std::optional<FoundRecord>> Writer::find(StreamNumber stream, const EventId& id) {
  if (!books_.rulebook().streams[stream].numbered) {
    const auto* entry = books_.identities().find(hash_of_id(stream, id.text));
    if (entry == nullptr) return std::nullopt;
    return found_at(entry->record);
  }
  const auto& ranges = books_.ranges();
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
    const bool holds =
        range->stream == stream && range->low <= id.sequence && id.sequence <= range->high;
    if (!holds) continue;
    TRY(auto found, search(range->block, stream, id.sequence));
    if (found) return found;
  }
  return std::nullopt;
}

}  // namespace partake::books
