#include "books/verify.h"

#include <algorithm>

#include "base/whole_number.h"
#include "books/admission.h"
#include "books/leftovers.h"
#include "books/quarantine.h"
#include "books/replay.h"
#include "books/snapshot.h"
#include "books/transact.h"
#include "journal/tile.h"

namespace partake::books {
namespace {

constexpr const char* journal_folder = "journal";

constexpr std::array<const char*, invariants> names{
    "blocks",    "entries", "log",     "records",   "chains",    "sums",      "units",
    "set_aside", "orders",  "periods", "decisions", "snapshots", "quarantine"};

Error finding(const char* code, Args args) {
  return {ErrorKind::corrupt, code, std::move(args), {}};
}

std::string argument(const Error& error, std::string_view key) {
  for (const auto& [name, value] : error.args) {
    if (name == key) return value;
  }
  return {};
}

// Which invariant an error of reading or adding up is about.
Invariant invariant_of(const Error& error) {
  const std::string_view code = error.code;
  if (code == "journal.behind_checkpoint" || code == "journal.checkpoint_differs" ||
      code.starts_with("note.") || code.starts_with("checkpoint.")) {
    return Invariant::log;
  }
  if (code.starts_with("journal.") || code.starts_with("block.") || code.starts_with("storage.")) {
    return Invariant::blocks;
  }
  if (code != "books.record_does_not_fit") return Invariant::records;
  struct Row {
    std::string_view what;
    Invariant invariant;
  };
  // As Books names what does not fit.
  constexpr std::array<Row, 8> table{{{"previous record", Invariant::chains},
                                      {"units", Invariant::units},
                                      {"hold", Invariant::set_aside},
                                      {"order", Invariant::orders},
                                      {"period", Invariant::periods},
                                      {"share", Invariant::periods},
                                      {"balance", Invariant::sums},
                                      {"amount", Invariant::sums}}};
  const auto what = argument(error, "what");
  const auto* const found =
      std::find_if(table.begin(), table.end(), [&](const Row& row) { return row.what == what; });
  return found == table.end() ? Invariant::records : found->invariant;
}

enum class Depth : std::uint8_t { stored, outcomes };

class Verification final : public ReplayVisitor {
 public:
  Verification(storage::Disk& disk, const journal::Journal& journal, Depth depth,
               std::vector<std::string> snapshots, VerifyReport& report,
               const VerifyProgress& progress)
      : disk_{disk},
        journal_{journal},
        decides_{depth == Depth::outcomes},
        snapshots_{std::move(snapshots)},
        report_{report},
        progress_{progress},
        lookup_{journal, books_},
        admission_{books_, lookup_} {}

  [[nodiscard]] const Books& books() const { return books_; }

  Status run() {
    CHECK_OK(compare_snapshots(0));
    if (auto replayed = replay(journal_, books_, {.check_roots = true}, *this); !replayed) {
      // What follows cannot be told from what comes of the damage.
      const auto invariant = invariant_of(replayed.error());
      add(invariant, std::move(replayed).error());
      return {};
    }
    check_sums();
    check_units();
    check_tiles();
    check_snapshots_beyond();
    sum_up();
    report_.totals = books_.totals();
    report_.erased = books_.erased();
    report_.accounts = books_.accounts().size();
    return {};
  }

 private:
  void add(Invariant invariant, Error error) {
    if (report_.findings.size() >= findings_max) return;
    place(error);
    report_.findings.push_back({std::move(error), invariant});
  }

  // Says where the block stands that it tells of, or whose record.
  void place(Error& error) const {
    if (!argument(error, "file").empty()) return;
    auto block = parse_whole(argument(error, "block"));
    const auto record = parse_whole(argument(error, "record"));
    if (record && *record < journal_.records()) block = journal_.block_of(*record);
    if (!block || *block >= journal_.blocks().size()) return;
    error.args.emplace_back("file", journal_.file_of(*block));
    error.args.emplace_back("offset", std::to_string(journal_.blocks()[*block].offset));
  }

  std::uint64_t& examined(Invariant invariant) {
    return report_.examined[static_cast<std::size_t>(invariant)].count;
  }

  // ---- blocks and records

  Status begin_block(const ReplayedBlock& block) override {
    const auto name = std::to_string(block.index);
    if (!block.root_matches)
      add(Invariant::entries, finding("verify.block_root", {{"block", name}}));
    if (block.header.admitted < books_.admitted()) {
      add(Invariant::entries, finding("verify.time_goes_back", {{"block", name}}));
    }
    books_.begin_block(block.index, block.header.admitted);
    if (canonical(Json{block.header.facts}) != canonical(Json{books_.block_facts()})) {
      add(Invariant::entries, finding("verify.block_facts", {{"block", name}}));
    }
    ++report_.blocks;
    return {};
  }

  Status end_block(const ReplayedBlock& block) override {
    report_.records += block.records.size();
    if (books_.is_within_transaction()) {
      add(Invariant::records, finding("books.record_does_not_fit",
                                      {{"what", "a transaction without all of its postings"},
                                       {"value", ""},
                                       {"record", std::to_string(transaction_)}}));
    }
    CHECK_OK(compare_snapshots(block.index + 1));
    if (progress_) progress_(report_.records, journal_.records());
    return {};
  }

  Status take_record(std::uint64_t number, const journal::Record& record) override {
    const auto kind = static_cast<Kind>(record.open[0]);
    if (kind == Kind::transaction) {
      ++report_.transactions;
      transaction_ = number;
      if (decides_) CHECK_OK(decide_again(number, record));
      placed_.clear();
      if (auto stored = parse_transaction(record.open)) note_changes(*stored);
    } else if (kind == Kind::posting) {
      if (decides_) compare_leg(number, record);
      ++examined(Invariant::chains);
    } else {
      ++report_.facts;
      const bool is_entry = kind == Kind::consent || kind == Kind::account_state;
      if (is_entry) ++examined(Invariant::chains);
    }
    CHECK_OK(of_record(number, books_.apply(number, record)));
    if (!placed_.empty() && !books_.is_within_transaction()) check_holds();
    return {};
  }

  void note_changes(const Transaction& transaction) {
    for (const auto& change : transaction.changes) {
      const auto* placed = std::get_if<HoldPlaced>(&change);
      if (placed != nullptr) placed_.push_back(placed->hold);
      if (placed != nullptr || std::holds_alternative<HoldTaken>(change)) {
        ++examined(Invariant::set_aside);
      }
    }
  }

  // What a transaction sets aside is there, and was not set aside before. Later a withdrawal may
  // take a balance below it.
  void check_holds() {
    for (const auto number : placed_) {
      const auto* hold = books_.holdings().holds.find(number);
      if (hold == nullptr || !hold->account) continue;
      const auto held = books_.holdings().holds.held(*hold->account, hold->asset);
      const auto balance = books_.accounts().balance(hold->asset, *hold->account);
      if (held <= balance) continue;
      add(Invariant::set_aside,
          finding("check.held_beyond", {{"hold", std::to_string(number)},
                                        {"asset", ledger::name_of(hold->asset)},
                                        {"held", std::to_string(held)},
                                        {"balance", std::to_string(balance)},
                                        {"record", std::to_string(transaction_)}}));
    }
    placed_.clear();
  }

  // Decides a transaction once more. What was asked for and erased cannot be.
  Status decide_again(std::uint64_t number, const journal::Record& record) {
    again_.reset();
    if (record.erased || record.hidden.empty()) return {};
    TRY(const auto stored, parse_transaction(record.open));
    TRY(const auto instruction, parse_instruction(record.body(), stored.action));
    if (instruction.stream >= books_.rulebook().streams.size()) return {};
    auto decided = decide(books_, lookup_, instruction);
    const auto name = std::to_string(number);
    if (!decided) {
      const auto kind = decided.error().kind;
      if (kind == ErrorKind::unavailable) return tl::unexpected(std::move(decided).error());
      add(Invariant::decisions,
          finding("verify.not_admissible",
                  {{"record", name}, {"outcome", "rejected"}, {"reason", decided.error().code}}));
      return {};
    }
    again_ = *std::move(decided);
    if (open_text(*again_) != record.open || body_text(instruction) != record.body()) {
      add(Invariant::decisions, finding("verify.record_differs", {{"record", name}}));
    }
    return {};
  }

  void compare_leg(std::uint64_t number, const journal::Record& record) {
    const auto at = number - transaction_ - 1;
    if (!again_ || record.erased || at >= again_->legs.size()) return;
    const auto& leg = again_->legs[at];
    if (open_text(leg) != record.open) {
      add(Invariant::decisions,
          finding("verify.amount_differs", {{"record", std::to_string(number)},
                                            {"stored", amounts_of(record.open, number)},
                                            {"computed", amounts_text(leg)}}));
    } else if (body_text(leg, number, transaction_) != record.body()) {
      add(Invariant::decisions,
          finding("verify.record_differs", {{"record", std::to_string(number)}}));
    }
  }

  static std::string amounts_text(const Leg& leg) {
    std::string text;
    for (const auto& [asset, amount] : leg.amounts) {
      text += (text.empty() ? "" : ", ") + std::to_string(amount) + " " + ledger::name_of(asset) +
              " (" + ledger::unit_of(asset) + ")";
    }
    return text;
  }
  static std::string amounts_of(std::string_view open, std::uint64_t number) {
    const auto leg = parse_leg(open, {}, number);
    return leg ? amounts_text(*leg) : std::string{};
  }

  // Decides the events once more, and compares what comes of it.
  Status begin_events(std::span<const Event* const> events) override {
    return decides_ ? admission_.quantify(events) : Status{};
  }

  Status take_event(std::size_t place, const StoredEvent& stored) override {
    ++report_.events;
    ++examined(Invariant::chains);
    if (decides_) CHECK_OK(decide_event(place, stored));
    // Goes on from what stands, so that one difference is told once.
    return of_record(stored.number, books_.apply(stored.number, stored.event));
  }

  Status decide_event(std::size_t place, const StoredEvent& stored) {
    const auto& event = stored.event.event;
    CHECK_OK(admission_.decide(place, event, decision_));
    const bool credited =
        decision_.outcome == Outcome::accepted || decision_.outcome == Outcome::limited;
    if (credited) {
      compare(event, stored);
    } else {
      add(Invariant::decisions,
          finding("verify.not_admissible", {{"record", std::to_string(stored.number)},
                                            {"outcome", name_of(decision_.outcome)},
                                            {"reason", decision_.reason.code}}));
    }
    return {};
  }

  // The bytes that would be written now with those that were.
  void compare(const Event& event, const StoredEvent& stored) {
    open_.clear();
    body_.clear();
    append_open(open_, event, decision_.credit, books_.rulebook());
    append_body(body_, event, decision_.links, stored.number, books_.rulebook());
    const auto name = [&] { return std::to_string(stored.number); };
    if (open_ != stored.record.open) {
      add(Invariant::decisions,
          finding("verify.amount_differs",
                  {{"record", name()},
                   {"stored", amounts_text(stored.event.event, stored.event.credit)},
                   {"computed", amounts_text(event, decision_.credit)}}));
    } else if (body_ != stored.record.body()) {
      add(Invariant::decisions, finding("verify.record_differs", {{"record", name()}}));
    }
  }

  static Status of_record(std::uint64_t number, Status status) {
    if (!status) status.error().args.emplace_back("record", std::to_string(number));
    return status;
  }

  [[nodiscard]] std::string amounts_text(const Event& event, const Credit& credit) const {
    std::string text;
    const auto append = [&](RuleNumber number, const Amounts& amounts) {
      const auto& rule = *books_.rulebook().rules[number].rule;
      for (std::size_t at = 0; at < rule.amounts(); ++at) {
        const bool points = at == rule.postings.size();
        text += (text.empty() ? "" : ", ") + std::to_string(amounts[at]) + " " +
                (points ? "points" : ledger::unit_of(rule.asset_of(at)));
      }
    };
    if (!event.withdrawal) append(event.rule, credit.credited);
    if (credit.reverses) append(credit.reversed_rule, credit.reversed);
    return text;
  }

  // ---- the whole

  Status compare_snapshots(std::uint64_t blocks) {
    for (const auto& name : snapshots_) {
      if (blocks_of(name) != blocks) continue;
      ++report_.snapshots;
      auto status = compare_snapshot(disk_, name, books_, journal_);
      if (status) continue;
      if (status.error().kind != ErrorKind::corrupt) return status;
      add(Invariant::snapshots, std::move(status).error());
    }
    return {};
  }

  void check_sums() {
    for (std::size_t at = 0; at < ledger::assets; ++at) {
      const auto asset = static_cast<ledger::Asset>(at);
      if (const auto sum = books_.accounts().sum(asset); sum != 0) {
        add(Invariant::sums, finding("verify.sum_not_zero", {{"asset", ledger::name_of(asset)},
                                                             {"sum", partake::to_string(sum)}}));
      }
      for (std::size_t number = 0; number < books_.rulebook().programmes.size(); ++number) {
        const auto unnamed =
            books_.accounts().unnamed(asset, static_cast<ledger::ProgrammeIndex>(number));
        if (unnamed == 0) continue;
        add(Invariant::sums, finding("verify.erased_not_settled",
                                     {{"programme", books_.rulebook().programmes[number].id},
                                      {"asset", ledger::name_of(asset)},
                                      {"amount", std::to_string(unnamed)}}));
      }
    }
  }

  void check_units() {
    for (const auto& [name, units] : books_.holdings().units) {
      examined(Invariant::units) += units.batches().size();
      if (units.is_whole()) continue;
      add(Invariant::units, finding("check.units_not_whole", {{"units", name.second}}));
    }
  }

  // Of another journal, or of one that was longer once.
  void check_snapshots_beyond() {
    for (const auto& name : snapshots_) {
      if (blocks_of(name) <= journal_.blocks().size()) continue;
      ++report_.snapshots;
      add(Invariant::snapshots, finding("snapshot.other_journal", {{"file", name}}));
    }
  }

  // What was counted on the way, now that it is all.
  void sum_up() {
    examined(Invariant::blocks) = examined(Invariant::entries) = report_.blocks;
    examined(Invariant::log) = report_.tiles;
    examined(Invariant::records) = report_.records;
    examined(Invariant::sums) = ledger::assets * (1 + books_.rulebook().programmes.size());
    examined(Invariant::orders) = books_.holdings().orders.all().size();
    examined(Invariant::periods) = books_.holdings().periods.size();
    if (decides_) examined(Invariant::decisions) = report_.events + report_.transactions;
    examined(Invariant::snapshots) = report_.snapshots;
    for (auto& entry : report_.examined) entry.is_whole = true;
  }

  // The tiles that were published for the checkpoint, byte for byte.
  void check_tiles() {
    for (const auto& tile : journal::new_tiles(0, journal_.checkpoint().size)) {
      ++report_.tiles;
      const auto path = std::string{journal_folder} + "/log/" + journal::path_of(tile);
      const auto expected = journal_.tile_bytes(tile);
      if (!expected) {
        add(Invariant::log, expected.error());
        continue;
      }
      constexpr std::uint64_t tile_bytes_max = 1U << 20U;
      const auto stored = storage::read_whole(disk_, path, tile_bytes_max);
      if (stored && *stored == *expected) continue;
      add(Invariant::log, finding("verify.tile_differs", {{"file", path}}));
    }
  }

  storage::Disk& disk_;
  const journal::Journal& journal_;
  bool decides_;
  std::vector<std::string> snapshots_;  // As they were there before the journal was opened.
  VerifyReport& report_;
  const VerifyProgress& progress_;
  Books books_;
  RecordLookup lookup_;
  Admission admission_;
  Decision decision_;
  std::string open_;
  std::string body_;
  std::optional<Transaction> again_;        // As decided once more, while its legs come.
  std::uint64_t transaction_ = 0;           // The record of the last one.
  std::vector<ledger::HoldNumber> placed_;  // By it.
};

// An erasure whose records are still there: a crash came before they were erased.
void find_unfinished_erasures(const journal::Journal& journal, const Books& books,
                              std::vector<Error>& leftovers) {
  for (const auto& erasure : books.erasures()) {
    if (erasure.last_record == ledger::no_record) continue;
    const auto bytes = journal.record(erasure.last_record);
    if (!bytes) continue;  // Told already.
    std::string_view rest{*bytes};
    const auto record = journal::take_record(rest);
    if (!record || record->erased) continue;
    leftovers.push_back(
        finding("check.unfinished_erasure", {{"account", ledger::to_string(erasure.account)},
                                             {"record", std::to_string(erasure.last_record)}}));
  }
}

Status examine(storage::Disk& disk, Depth depth, VerifyReport& report,
               const VerifyProgress& progress) {
  TRY(const auto verifier, read_verifier(disk));
  TRY(auto snapshots, snapshot_names(disk));
  const auto journal =
      journal::Journal::open(disk, journal_folder, verifier, {}, journal::Mode::read);
  if (!journal) {
    if (journal.error().kind == ErrorKind::unavailable) return tl::unexpected(journal.error());
    report.findings.push_back({journal.error(), invariant_of(journal.error())});
    return {};
  }
  report.checkpoint = journal->checkpoint();
  Verification verification{disk, *journal, depth, std::move(snapshots), report, progress};
  CHECK_OK(verification.run());
  if (depth == Depth::outcomes) return {};
  for (auto& write : unfinished_writes(*journal)) report.leftovers.push_back(std::move(write));
  find_unfinished_erasures(*journal, verification.books(), report.leftovers);
  return {};
}

}  // namespace

const char* name_of(Invariant invariant) { return names[static_cast<std::size_t>(invariant)]; }

Result<VerifyReport> verify(storage::Disk& disk, const VerifyProgress& progress) {
  VerifyReport report;
  CHECK_OK(examine(disk, Depth::outcomes, report, progress));
  return report;
}

Result<VerifyReport> check(storage::Disk& disk, const VerifyProgress& progress) {
  VerifyReport report;
  auto examined = examine(disk, Depth::stored, report, progress);
  // Half an erasure: nothing else can be told before it is finished.
  const bool half = !examined && examined.error().code == "journal.needs_recovery";
  if (half) {
    report.findings.push_back({std::move(examined).error(), Invariant::blocks});
  } else {
    CHECK_OK(examined);
  }
  auto& quarantine = report.examined[static_cast<std::size_t>(Invariant::quarantine)];
  const auto waiting = Quarantine::open(disk);
  if (waiting) {
    quarantine = {waiting->entries().size(), true};
  } else if (waiting.error().kind == ErrorKind::corrupt) {
    report.findings.push_back({waiting.error(), Invariant::quarantine});
  } else {
    return tl::unexpected(waiting.error());
  }
  TRY(auto files, unfinished_files(disk));
  for (auto& file : files) report.leftovers.push_back(std::move(file));
  return report;
}

}  // namespace partake::books
