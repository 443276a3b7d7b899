// The books: what the journal's records add up to. The same fold serves import, opening and
// verification. It reads no clock: time is the admission time of the block.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "books/consents.h"
#include "books/event_record.h"
#include "books/fact.h"
#include "books/holdings.h"
#include "books/identities.h"
#include "books/rulebook.h"
#include "books/transaction.h"
#include "journal/record.h"
#include "ledger/accounts.h"
#include "ledger/acts.h"
#include "ledger/caps.h"

namespace partake::books {

// What one source's numbers were in one block: where to look for a record by its number.
struct SequenceRange {
  std::uint64_t block = 0;
  StreamNumber stream = 0;
  std::uint32_t reserved = 0;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

// Sums over all events, for the public.
struct PublicTotals {
  std::uint64_t events = 0;
  std::array<std::int64_t, ledger::assets> credited{};  // Net of reversals.
};

class Books {
 public:
  Books() = default;
  Books(const Books&) = delete;
  Books& operator=(const Books&) = delete;
  Books(Books&&) = default;
  Books& operator=(Books&&) = default;

  // Called before the records of each block.
  void begin_block(std::uint64_t block, Instant admitted);
  // Takes in a record as it stands in the journal. Errors: record.*, content.*, books.* (the record
  // does not fit what stands before it).
  Status apply(std::uint64_t number, const journal::Record& record);
  // The same for an event that was read already.
  Status apply(std::uint64_t number, const EventRecord& event);
  // Whether no balance and no total would leave its 63 bits. Requires an account that is there.
  [[nodiscard]] bool fits(const Event& event, const Credit& credit) const;
  // Whether it is no act that is compared with others, or one whose credit can be.
  [[nodiscard]] bool is_comparable(const Event& event, const Credit& credit) const;
  // Takes in a decided event. Requires that its amounts fit the account.
  void post(std::uint64_t number, const Event& event, const Credit& credit, const Links& links);
  // Takes in a fact. Errors: books.*.
  Status apply(std::uint64_t number, const Fact& fact);
  // Whether no balance would leave its 63 bits.
  [[nodiscard]] bool fits(const Transaction& transaction) const;
  // Takes in a transaction with its legs, whose records follow its own. Errors: books.*.
  Status apply(std::uint64_t number, const Transaction& transaction);
  // The name by which its source asked for it is known from then on. Error books.*.
  Status take_identity(std::uint64_t number, const Instruction& instruction);

  [[nodiscard]] const Rulebook& rulebook() const { return rulebook_; }
  [[nodiscard]] const ledger::Accounts& accounts() const { return accounts_; }
  [[nodiscard]] const Consents& consents() const { return consents_; }
  [[nodiscard]] const ledger::Caps& caps() const { return caps_; }
  [[nodiscard]] const ledger::Acts& acts() const { return acts_; }
  [[nodiscard]] const Identities& identities() const { return identities_; }
  [[nodiscard]] const Holdings& holdings() const { return holdings_; }
  [[nodiscard]] std::uint64_t transactions() const { return transactions_; }
  // Whether a transaction waits for its legs, which stand in the same block.
  [[nodiscard]] bool is_within_transaction() const { return pending_.has_value(); }
  [[nodiscard]] const PublicTotals& totals() const { return totals_; }
  // What the entry of the block that was begun says: how many editions were published before it and
  // the hash that chains them, and totals of all programmes. Public totals move once an hour, by
  // ten events at least, so that no single act can be read from them.
  [[nodiscard]] Json::Object block_facts() const;
  [[nodiscard]] const std::vector<SequenceRange>& ranges() const { return ranges_; }
  [[nodiscard]] Instant admitted() const { return admitted_; }
  // Nothing before this day can be told apart any more.
  [[nodiscard]] Day horizon() const { return horizon_; }
  [[nodiscard]] bool is_reversed(std::uint64_t record) const { return reversed_.contains(record); }
  // Erased records met so far, and what they had credited.
  [[nodiscard]] const PublicTotals& erased() const { return erased_; }
  // Erasures that were applied record by record, not restored.
  [[nodiscard]] const std::vector<Erasure>& erasures() const { return erasures_; }
  // Contents published so far, by hash.
  [[nodiscard]] const Content* content(const Hash& hash) const;
  // The account behind a number that people wrote. Errors: account.malformed, account.unknown.
  [[nodiscard]] Result<AccountIndex> account(std::string_view text) const;
  [[nodiscard]] Result<ledger::ProgrammeIndex> programme(const std::string& id) const;

  // The state as bytes, a function of the records alone: sections of a name and content, in a fixed
  // order. docs/formats/snapshot.md.
  using SaveSection = std::function<void(std::string_view name, std::string_view bytes)>;
  void save(const SaveSection& section) const;
  // Records that publish or register: what `restore` reads again instead of keeping it.
  [[nodiscard]] const std::vector<std::uint64_t>& lasting_records() const { return lasting_; }
  // Takes the place of applying all records, once the lasting ones are applied. Error
  // snapshot.malformed names the section.
  Status restore(std::string_view name, std::string_view bytes);

  // The points that `amount` more is worth once `before` has been posted.
  [[nodiscard]] std::int64_t points_for(AccountIndex account, const Rule& rule, std::int64_t before,
                                        std::int64_t amount) const;
  // Asks memory for what posting the event will touch: first early, then soon before.
  void prefetch(const Event& event, bool soon) const;

 private:
  Status apply_content(const Content& content);
  Status apply_edition(const Manifest& manifest);
  Status apply_accounts(const AccountsOpened& opened);
  Status apply_source(const SourceState& state);
  Status apply_consent(std::uint64_t number, const ConsentChange& change);
  Status apply_account_state(std::uint64_t number, const AccountStateChange& change);
  Status apply_erasure(const Erasure& erasure);
  Status apply_party(const PartyNamed& named);
  Status apply_erased_event(const EventRecord& record);
  Status apply_transaction(std::uint64_t number, const journal::Record& record);
  Status apply_leg(std::uint64_t number, const journal::Record& record);
  Status take_back(std::uint64_t number, const Settled& settled, const Transaction& transaction);
  Status finish_transaction();
  void pass_years();
  Status check(const EventRecord& record) const;
  void set_time(Instant admitted);
  void forget();
  bool restore_tables(std::string_view name, std::string_view bytes);
  bool restore_accounts(std::string_view name, std::string_view bytes);
  Result<Consent> consent_of(const ConsentGiven& given) const;
  void take_identity(std::uint64_t number, const Event& event);
  void use_caps(AccountIndex account, const Rule& rule, Day day, const Amounts& amounts);
  void reverse(const Event& event, const Credit& credit, const Links& links);

  Rulebook rulebook_;
  ledger::Accounts accounts_;
  Consents consents_;
  ledger::Caps caps_;
  ledger::Acts acts_;
  Identities identities_;
  Holdings holdings_;
  std::uint64_t transactions_ = 0;
  // A transaction whose legs have not all come yet.
  std::optional<Transaction> pending_;
  std::uint64_t pending_number_ = 0;
  std::uint64_t pending_block_ = 0;
  std::unordered_set<std::uint64_t> reversed_;
  std::vector<SequenceRange> ranges_;
  std::vector<std::pair<Hash, Content>> contents_;
  std::vector<std::uint64_t> lasting_;
  std::vector<Erasure> erasures_;
  PublicTotals totals_;
  PublicTotals erased_;
  PublicTotals published_;
  // SHA-256 of the chain before (at first: 32 zeros) and the edition's hash.
  Hash editions_chain_{};
  std::uint64_t editions_ = 0;
  Hash block_chain_{};  // As they were when the block began.
  std::uint64_t block_editions_ = 0;
  std::uint64_t block_ = 0;
  std::size_t block_ranges_ = 0;  // Where the ranges of this block begin.
  Instant admitted_;
  Day horizon_ = ledger::window_day_min;
};

}  // namespace partake::books
