#include "books/verify.h"

#include <algorithm>

#include "books/admission.h"
#include "books/replay.h"
#include "books/snapshot.h"
#include "books/transact.h"
#include "journal/tile.h"

namespace partake::books {
namespace {

constexpr const char* journal_folder = "journal";

Error finding(const char* code, Args args) {
  return {ErrorKind::corrupt, code, std::move(args), {}};
}

class Verification final : public ReplayVisitor {
 public:
  Verification(storage::Disk& disk, const journal::Journal& journal, VerifyReport& report,
               const VerifyProgress& progress)
      : disk_{disk},
        journal_{journal},
        report_{report},
        progress_{progress},
        lookup_{journal, books_},
        admission_{books_, lookup_} {}

  Status run() {
    TRY(snapshots_, snapshot_names(disk_));
    CHECK_OK(compare_snapshots(0));
    if (auto replayed = replay(journal_, books_, {.check_roots = true}, *this); !replayed) {
      // What follows cannot be told from what comes of the damage.
      add(std::move(replayed).error());
      return {};
    }
    check_sums();
    check_tiles();
    report_.totals = books_.totals();
    report_.erased = books_.erased();
    report_.accounts = books_.accounts().size();
    return {};
  }

 private:
  void add(Error error) {
    if (report_.findings.size() < findings_max) report_.findings.push_back(std::move(error));
  }

  // ---- blocks and records

  Status begin_block(const ReplayedBlock& block) override {
    const auto name = std::to_string(block.index);
    if (!block.root_matches) add(finding("verify.block_root", {{"block", name}}));
    if (block.header.admitted < books_.admitted()) {
      add(finding("verify.time_goes_back", {{"block", name}}));
    }
    books_.begin_block(block.index, block.header.admitted);
    if (canonical(Json{block.header.facts}) != canonical(Json{books_.block_facts()})) {
      add(finding("verify.block_facts", {{"block", name}}));
    }
    ++report_.blocks;
    return {};
  }

  Status end_block(const ReplayedBlock& block) override {
    report_.records += block.records.size();
    CHECK_OK(compare_snapshots(block.index + 1));
    if (progress_) progress_(report_.records, journal_.records());
    return {};
  }

  Status take_record(std::uint64_t number, const journal::Record& record) override {
    const auto kind = static_cast<Kind>(record.open[0]);
    if (kind == Kind::transaction) {
      ++report_.transactions;
      CHECK_OK(decide_again(number, record));
    } else if (kind == Kind::posting) {
      compare_leg(number, record);
    } else {
      ++report_.facts;
    }
    return of_record(number, books_.apply(number, record));
  }

  // Decides a transaction once more. What was asked for and erased cannot be.
  Status decide_again(std::uint64_t number, const journal::Record& record) {
    again_.reset();
    transaction_ = number;
    if (record.erased || record.hidden.empty()) return {};
    TRY(const auto stored, parse_transaction(record.open));
    TRY(const auto instruction, parse_instruction(record.body(), stored.action));
    if (instruction.stream >= books_.rulebook().streams.size()) return {};
    auto decided = decide(books_, lookup_, instruction);
    const auto name = std::to_string(number);
    if (!decided) {
      const auto kind = decided.error().kind;
      if (kind == ErrorKind::unavailable) return tl::unexpected(std::move(decided).error());
      add(finding("verify.not_admissible",
                  {{"record", name}, {"outcome", "rejected"}, {"reason", decided.error().code}}));
      return {};
    }
    again_ = *std::move(decided);
    if (open_text(*again_) != record.open || body_text(instruction) != record.body()) {
      add(finding("verify.record_differs", {{"record", name}}));
    }
    return {};
  }

  void compare_leg(std::uint64_t number, const journal::Record& record) {
    const auto at = number - transaction_ - 1;
    if (!again_ || record.erased || at >= again_->legs.size()) return;
    const auto& leg = again_->legs[at];
    if (open_text(leg) != record.open) {
      add(finding("verify.amount_differs", {{"record", std::to_string(number)},
                                            {"stored", amounts_of(record.open, number)},
                                            {"computed", amounts_text(leg)}}));
    } else if (body_text(leg, number, transaction_) != record.body()) {
      add(finding("verify.record_differs", {{"record", std::to_string(number)}}));
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
    return admission_.quantify(events);
  }

  Status take_event(std::size_t place, const StoredEvent& stored) override {
    ++report_.events;
    const auto& event = stored.event.event;
    CHECK_OK(admission_.decide(place, event, decision_));
    const bool credited =
        decision_.outcome == Outcome::accepted || decision_.outcome == Outcome::limited;
    if (credited) {
      compare(event, stored);
    } else {
      add(finding("verify.not_admissible", {{"record", std::to_string(stored.number)},
                                            {"outcome", name_of(decision_.outcome)},
                                            {"reason", decision_.reason.code}}));
    }
    // Goes on from what stands, so that one difference is told once.
    return of_record(stored.number, books_.apply(stored.number, stored.event));
  }

  // The bytes that would be written now with those that were.
  void compare(const Event& event, const StoredEvent& stored) {
    open_.clear();
    body_.clear();
    append_open(open_, event, decision_.credit, books_.rulebook());
    append_body(body_, event, decision_.links, stored.number, books_.rulebook());
    const auto name = [&] { return std::to_string(stored.number); };
    if (open_ != stored.record.open) {
      add(finding("verify.amount_differs",
                  {{"record", name()},
                   {"stored", amounts_text(stored.event.event, stored.event.credit)},
                   {"computed", amounts_text(event, decision_.credit)}}));
    } else if (body_ != stored.record.body()) {
      add(finding("verify.record_differs", {{"record", name()}}));
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
      auto status = compare_snapshot(disk_, name, books_);
      if (status) continue;
      if (status.error().kind != ErrorKind::corrupt) return status;
      add(std::move(status).error());
    }
    return {};
  }

  void check_sums() {
    for (std::size_t at = 0; at < ledger::assets; ++at) {
      const auto asset = static_cast<ledger::Asset>(at);
      if (const auto sum = books_.accounts().sum(asset); sum != 0) {
        add(finding("verify.sum_not_zero",
                    {{"asset", ledger::name_of(asset)}, {"sum", partake::to_string(sum)}}));
      }
      for (std::size_t number = 0; number < books_.rulebook().programmes.size(); ++number) {
        const auto unnamed =
            books_.accounts().unnamed(asset, static_cast<ledger::ProgrammeIndex>(number));
        if (unnamed == 0) continue;
        add(finding("verify.erased_not_settled",
                    {{"programme", books_.rulebook().programmes[number].id},
                     {"asset", ledger::name_of(asset)},
                     {"amount", std::to_string(unnamed)}}));
      }
    }
  }

  // The tiles that were published for the checkpoint, byte for byte.
  void check_tiles() {
    for (const auto& tile : journal::new_tiles(0, journal_.checkpoint().size)) {
      ++report_.tiles;
      const auto path = std::string{journal_folder} + "/log/" + journal::path_of(tile);
      const auto expected = journal_.tile_bytes(tile);
      if (!expected) {
        add(expected.error());
        continue;
      }
      constexpr std::uint64_t tile_bytes_max = 1U << 20U;
      const auto stored = storage::read_whole(disk_, path, tile_bytes_max);
      if (stored && *stored == *expected) continue;
      add(finding("verify.tile_differs", {{"file", path}}));
    }
  }

  storage::Disk& disk_;
  const journal::Journal& journal_;
  VerifyReport& report_;
  const VerifyProgress& progress_;
  Books books_;
  RecordLookup lookup_;
  Admission admission_;
  std::vector<std::string> snapshots_;
  Decision decision_;
  std::string open_;
  std::string body_;
  std::optional<Transaction> again_;  // As decided once more, while its legs come.
  std::uint64_t transaction_ = 0;     // Its record.
};

}  // namespace

Result<VerifyReport> verify(storage::Disk& disk, const VerifyProgress& progress) {
  VerifyReport report;
  TRY(const auto verifier, read_verifier(disk));
  const auto journal =
      journal::Journal::open(disk, journal_folder, verifier, {}, journal::Mode::read);
  if (!journal) {
    if (journal.error().kind == ErrorKind::unavailable) return tl::unexpected(journal.error());
    report.findings.push_back(journal.error());
    return report;
  }
  report.checkpoint = journal->checkpoint();
  Verification verification{disk, *journal, report, progress};
  CHECK_OK(verification.run());
  return report;
}

}  // namespace partake::books
