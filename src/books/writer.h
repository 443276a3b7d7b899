// Writes decided events and facts into the journal: gathers a block while those before it are made
// durable by a thread of its own. Nothing counts before its block is durable.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "books/admission.h"
#include "books/salt.h"
#include "journal/journal.h"

namespace partake::books {

using Clock = std::function<Instant()>;

class Writer final : public RecordFinder {
 public:
  // All must outlive it; the books are those of the journal's records.
  Writer(journal::Journal& journal, Books& books, Salter salter, Clock clock);
  ~Writer() override;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Before an event is quantified or decided: the block that it will go into is there, with room
  // for it, and the books have its time.
  Status begin_event();
  // Takes in an accepted or limited event, with the salt that salter() has for it. Returns its
  // record's number. Errors: a block before could not be made durable; nothing more can be written
  // then.
  Result<std::uint64_t> add(const Event& event, const journal::Salt& salt,
                            const Decision& decision);
  Result<std::uint64_t> add(const Fact& fact);
  // Takes in a transaction as it was decided, all of its records in one block.
  Result<std::uint64_t> add(const Instruction& instruction, const Transaction& transaction);
  // Before a transaction is decided: the block that it will go into is there, and the books have
  // its time. A transaction that does not fit into what is left goes into the next one, which may
  // have another time; then this is true, and it must be decided again.
  Result<bool> make_room(const Instruction& instruction, const Transaction& transaction);
  // Hands over what was gathered, without waiting for it.
  Status seal();
  // ... and waits until all of it is durable.
  Status flush();

  [[nodiscard]] const Salter& salter() const { return salter_; }
  // Records below this are durable.
  [[nodiscard]] std::uint64_t durable_records();
  [[nodiscard]] std::uint64_t records() const { return next_record_; }
  // Records that are gathered but not handed over.
  [[nodiscard]] std::uint32_t gathered() const { return gathering_->builder.records(); }

  Result<std::optional<FoundRecord>> find(StreamNumber stream, const EventId& id) override;
  Result<std::string> bytes_of(std::uint64_t number) override;
  // Of an event's record.
  Result<FoundRecord> at(std::uint64_t number);
  // Blocks that were read before may not be as they were: something was erased.
  void forget() { lookup_.forget(); }

 private:
  struct Pending {
    journal::BlockBuilder builder;
    journal::BlockHeader header;
    std::uint64_t first_record = 0;
  };
  // So many that a slow flush does not stop whoever decides; more would only answer later.
  static constexpr std::size_t in_flight_max = 3;
  Status begin(std::size_t record_bytes);
  void run();
  // Until no more than so many blocks are not durable yet.
  Status wait(std::unique_lock<std::mutex>& lock, std::size_t in_flight);
  // A record that the journal does not hold yet; empty otherwise.
  Result<std::optional<std::string>> pending_bytes(std::uint64_t number);
  Result<std::optional<FoundRecord>> find_gathered(StreamNumber stream, std::uint64_t sequence);

  journal::Journal& journal_;
  Books& books_;
  Salter salter_;
  Clock clock_;
  std::uint64_t next_record_ = 0;
  std::uint64_t next_block_ = 0;
  bool has_begun_ = false;
  std::unique_ptr<Pending> gathering_;
  std::string open_;
  std::string hidden_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Pending>> in_flight_;  // Oldest first.
  std::vector<std::unique_ptr<Pending>> spare_;
  Status failure_;
  std::uint64_t lost_from_ = 0;  // After a failure: no record from here on is durable.
  bool stop_ = false;
  RecordLookup lookup_;
  // Of the block that is being gathered: numbered events by stream and sequence, as far as they
  // were asked for.
  std::map<std::pair<StreamNumber, std::uint64_t>, std::uint64_t> gathered_numbers_;
  std::uint32_t gathered_indexed_ = 0;

  std::thread thread_;  // Last: it uses all the others.
};

}  // namespace partake::books
