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
      lookup_{journal, books},
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
    changed_.wait(lock, [this] { return stop_ || !in_flight_.empty(); });
    if (in_flight_.empty()) return;
    auto& pending = *in_flight_.front();
    lock.unlock();
    auto status = journal_.append(pending.builder, pending.header);
    lock.lock();
    if (!status && failure_) {
      failure_ = std::move(status);
      lost_from_ = pending.first_record;
    }
    pending.builder.clear();
    spare_.push_back(std::move(in_flight_.front()));
    in_flight_.pop_front();
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

Status Writer::wait(std::unique_lock<std::mutex>& lock, std::size_t in_flight) {
  changed_.wait(lock, [&] { return in_flight_.size() <= in_flight; });
  return failure_;
}

Status Writer::seal() {
  std::unique_lock lock{mutex_};
  if (gathering_->builder.records() == 0) {
    has_begun_ = false;  // What comes next, perhaps much later, gets the time of then.
    return failure_;
  }
  CHECK_OK(wait(lock, in_flight_max - 1));
  if (spare_.empty()) spare_.push_back(std::make_unique<Pending>());
  in_flight_.push_back(std::exchange(gathering_, std::move(spare_.back())));
  spare_.pop_back();
  has_begun_ = false;
  gathered_numbers_.clear();
  gathered_indexed_ = 0;
  ++next_block_;
  changed_.notify_all();
  return {};
}

Status Writer::flush() {
  CHECK_OK(seal());
  std::unique_lock lock{mutex_};
  return wait(lock, 0);
}

std::uint64_t Writer::durable_records() {
  const std::lock_guard lock{mutex_};
  if (!failure_) return lost_from_;
  return !in_flight_.empty() ? in_flight_.front()->first_record
         : has_begun_        ? gathering_->first_record
                             : next_record_;
}

Result<std::uint64_t> Writer::add(const Event& event, const journal::Salt& salt,
                                  const Decision& decision) {
  const auto& rulebook = books_.rulebook();
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
  TRY(const auto written, write_fact(fact));
  const auto& text = written.text;
  if (text.open.size() + text.body.size() + journal::salt_bytes > journal::record_bytes_max) {
    return fail(ErrorKind::exhausted, "record.too_large",
                {{"bytes", std::to_string(text.open.size() + text.body.size())},
                 {"limit", std::to_string(journal::record_bytes_max)}});
  }
  CHECK_OK(begin(text.open.size() + text.body.size() + journal::salt_bytes));
  hidden_.clear();
  if (!text.body.empty()) {
    const auto salt = salter_.of_record(next_record_);
    hidden_.assign(salt.begin(), salt.end());
    hidden_ += text.body;
  }
  CHECK_OK(books_.apply(next_record_, written.fact));
  gathering_->builder.add({text.open, hidden_});
  return next_record_++;
}

// ---- transactions

Result<bool> Writer::make_room(const Instruction& instruction, const Transaction& transaction) {
  const auto records = transaction.legs.size() + 1;
  const auto bytes = transaction_bytes(instruction, transaction);
  if (bytes > journal::record_bytes_max) {
    return fail(
        ErrorKind::exhausted, "record.too_large",
        {{"bytes", std::to_string(bytes)}, {"limit", std::to_string(journal::record_bytes_max)}});
  }
  const bool fits = gathering_->builder.has_room_for(bytes) &&
                    gathering_->builder.records() + records <= journal::block_records_max;
  if (has_begun_ && fits) return false;
  const auto before = books_.admitted();
  if (!fits) CHECK_OK(seal());
  CHECK_OK(begin(bytes));
  return books_.admitted() != before;
}

Result<std::uint64_t> Writer::add(const Instruction& instruction, const Transaction& transaction) {
  PARTAKE_REQUIRE(has_begun_);
  const auto first = next_record_;
  const auto put = [&](const std::string& open, const std::string& body) {
    const auto salt = salter_.of_record(next_record_);
    hidden_.assign(salt.begin(), salt.end());
    hidden_ += body;
    gathering_->builder.add({open, hidden_});
    ++next_record_;
  };
  CHECK_OK(books_.take_identity(first, instruction));
  CHECK_OK(books_.apply(first, transaction));
  put(open_text(transaction), body_text(instruction));
  for (const auto& leg : transaction.legs) put(open_text(leg), body_text(leg, next_record_, first));
  return first;
}

// ---- finding records again

Result<std::optional<std::string>> Writer::pending_bytes(std::uint64_t number) {
  const auto take = [&](const Pending& pending) -> Result<std::optional<std::string>> {
    TRY(const auto record,
        pending.builder.record(static_cast<std::uint32_t>(number - pending.first_record)));
    return std::string{record.whole};
  };
  if (has_begun_ && number >= gathering_->first_record) return take(*gathering_);
  std::unique_lock lock{mutex_};
  // While a block is in flight both sides only read it.
  const auto holder =
      std::find_if(in_flight_.rbegin(), in_flight_.rend(),
                   [&](const auto& pending) { return number >= pending->first_record; });
  if (holder != in_flight_.rend()) return take(**holder);
  CHECK_OK(wait(lock, 0));
  return std::nullopt;
}

Result<std::string> Writer::bytes_of(std::uint64_t number) {
  if (number < next_record_) {
    TRY(auto pending, pending_bytes(number));
    if (pending) return *std::move(pending);
  }
  return lookup_.bytes_of(number);
}

Result<FoundRecord> Writer::at(std::uint64_t number) {
  TRY(const auto bytes, bytes_of(number));
  return found_in(bytes, number, books_.rulebook());
}

Result<std::optional<FoundRecord>> Writer::find_gathered(StreamNumber stream,
                                                         std::uint64_t sequence) {
  for (; gathered_indexed_ < gathering_->builder.records(); ++gathered_indexed_) {
    TRY(const auto record, gathering_->builder.record(gathered_indexed_));
    if (static_cast<Kind>(record.open[0]) != Kind::event) continue;
    const auto number = gathering_->first_record + gathered_indexed_;
    TRY(const auto event, parse_event(record.open, record.body(), number, books_.rulebook()));
    gathered_numbers_[{event.event.stream, event.event.id.sequence}] = number;
  }
  const auto found = gathered_numbers_.find({stream, sequence});
  if (found == gathered_numbers_.end()) return std::nullopt;
  TRY(auto record, at(found->second));
  return record;
}

Result<std::optional<FoundRecord>> Writer::find(StreamNumber stream, const EventId& id) {
  if (!books_.rulebook().streams[stream].numbered) {
    const auto* entry = books_.identities().find(id.hash);
    if (entry == nullptr) return std::nullopt;
    TRY(auto found, at(entry->record));
    return found;
  }
  if (has_begun_) {
    TRY(auto found, find_gathered(stream, id.sequence));
    if (found) return found;
  }
  const auto& ranges = books_.ranges();
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
    const bool holds = range->stream == stream && range->low <= id.sequence &&
                       id.sequence <= range->high && (!has_begun_ || range->block < next_block_);
    if (!holds) continue;
    {
      std::unique_lock lock{mutex_};
      CHECK_OK(wait(lock, 0));
    }
    TRY(auto found, lookup_.find_in(range->block, stream, id.sequence));
    if (found) return found;
  }
  return std::nullopt;
}

}  // namespace partake::books
