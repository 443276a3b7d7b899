#include "books/unit_fates.h"

#include "books/replay.h"

namespace partake::books {
namespace {

std::string text_in(const Json& data, std::string_view key) {
  const auto* value = data.find(key);
  return value != nullptr && value->string() != nullptr ? *value->string() : std::string{};
}

// The row of one class, in pieces by their first number.
class Row {
 public:
  void issue(std::uint64_t first, std::uint64_t count, std::int32_t vintage,
             ledger::UnitState state, std::uint64_t record) {
    UnitFate fate;
    fate.first = first;
    fate.last = first + count - 1;
    fate.state = state;
    fate.vintage = vintage;
    fate.issue = fate.record = record;
    pieces_[first] = fate;
  }
  void change(std::uint64_t first, std::uint64_t last, ledger::UnitState state,
              std::uint64_t record) {
    cut(first);
    cut(last + 1);
    for (auto at = pieces_.lower_bound(first); at != pieces_.end() && at->first <= last; ++at) {
      at->second.state = state;
      at->second.record = record;
    }
  }
  // With their owners, as the books have them; empty when those do not agree.
  [[nodiscard]] std::optional<std::vector<UnitFate>> with_owners(const ledger::Units& units) const {
    std::vector<UnitFate> fates;
    std::uint64_t count = 0;
    for (const auto& entry : pieces_) {
      auto fate = entry.second;
      const auto run = units.within(fate.first, fate.last);
      if (!run || run->state != fate.state) return std::nullopt;
      fate.account = run->account;
      fate.creditor = run->creditor;
      count += fate.count();
      // Neighbours that one transaction brought together, and that nothing tells apart since.
      if (!fates.empty() && fates.back().record == fate.record &&
          units.within(fates.back().first, fate.last)) {
        fates.back().last = fate.last;
      } else {
        fates.push_back(fate);
      }
    }
    if (count != units.issued()) return std::nullopt;
    return fates;
  }

 private:
  // Makes a piece begin at that number.
  void cut(std::uint64_t at) {
    auto after = pieces_.upper_bound(at);
    if (after == pieces_.begin()) return;
    auto& piece = std::prev(after)->second;
    if (piece.first == at || piece.last < at) return;
    auto rest = piece;
    rest.first = at;
    piece.last = at - 1;
    pieces_[at] = rest;
  }

  std::map<std::uint64_t, UnitFate> pieces_;
};

class Fates final : public ReplayVisitor {
 public:
  explicit Fates(const Directory& directory)
      : journal_{directory.journal()}, books_{directory.books()} {}

  Result<UnitFates> run() {
    CHECK_OK(replay(journal_, books_, {.prefetches = false}, *this));
    for (const auto& [name, units] : books_.holdings().units) {
      auto fates = rows_[name].with_owners(units);
      if (!fates) return fail(ErrorKind::corrupt, "units.not_as_held", {{"units", name.second}});
      made_.units[name] = *std::move(fates);
    }
    return std::move(made_);
  }

 private:
  Status begin_block(const ReplayedBlock& block) override {
    day_ = utc_day(block.header.admitted);
    return {};
  }
  Status end_block(const ReplayedBlock& /*block*/) override { return {}; }
  Status begin_events(std::span<const Event* const> /*events*/) override { return {}; }
  Status take_event(std::size_t /*place*/, const StoredEvent& /*stored*/) override { return {}; }

  Status take_record(std::uint64_t number, const journal::Record& record) override {
    if (static_cast<Kind>(record.open[0]) != Kind::transaction) return {};
    TRY(const auto transaction, parse_transaction(record.open));
    TRY(const auto programme, books_.programme(transaction.programme));
    bool any = false;
    for (const auto& change : transaction.changes) {
      if (const auto* issued = std::get_if<UnitsIssued>(&change)) {
        rows_[{programme, issued->units}].issue(issued->first, issued->count, issued->vintage,
                                                issued->state, number);
        any = true;
      } else if (const auto* changed = std::get_if<UnitsChanged>(&change)) {
        rows_[{programme, changed->units}].change(changed->first, changed->last, changed->state,
                                                  number);
        any = true;
      }
    }
    if (!any) return {};
    UnitAct act{transaction.action, day_, {}, {}};
    if (!record.erased && !record.hidden.empty()) {
      TRY(const auto instruction, parse_instruction(record.body(), transaction.action));
      act.beneficiary = text_in(instruction.data, "beneficiary");
      act.reason = text_in(instruction.data, "reason");
    }
    made_.acts.emplace(number, std::move(act));
    return {};
  }

  const journal::Journal& journal_;
  const Books& books_;
  UnitFates made_;
  std::map<NamedIn, Row> rows_;
  Day day_{};
};

}  // namespace

Result<UnitFates> unit_fates(const Directory& directory) { return Fates{directory}.run(); }

}  // namespace partake::books
