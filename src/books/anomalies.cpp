#include "books/anomalies.h"

#include "books/finding_plan.h"
#include "books/record_lookup.h"
#include "books/replay.h"

namespace partake::books {
namespace {

// A detector at work, and what it needs to see of each rule.
struct Watch {
  const programme::FindingRule* rule = nullptr;
  std::unique_ptr<rules::Detector> detector;
};

struct Look {
  std::size_t watch = 0;
  ActPlan plan;
};

class Scan final : public ReplayVisitor {
 public:
  Scan(const journal::Journal& journal, const Books& books,
       std::optional<ledger::ProgrammeIndex> programme,
       const std::function<Status(const Anomaly&)>& take)
      : books_{books}, lookup_{journal, books}, take_{take} {
    const auto& rulebook = books.rulebook();
    looks_.resize(rulebook.rules.size());
    for (std::size_t at = 0; at < rulebook.programmes.size(); ++at) {
      const auto number = static_cast<ledger::ProgrammeIndex>(at);
      if (!programme || *programme == number) watch(number);
    }
    // An act's own calendar may be a day behind.
    forget_days_ = std::chrono::days{rulebook.late_days_max() + 3};
  }

  [[nodiscard]] bool has_nothing_to_do() const { return watches_.empty(); }

  Status begin_block(const ReplayedBlock& block) override {
    admitted_ = block.header.admitted;
    const auto horizon = utc_day(admitted_) - forget_days_;
    if (horizon <= horizon_) return {};
    horizon_ = horizon;
    for (auto& watch : watches_) watch.detector->forget_before(horizon);
    return {};
  }
  Status end_block(const ReplayedBlock& /*block*/) override { return {}; }

  Status take_record(std::uint64_t /*number*/, const journal::Record& record) override {
    if (static_cast<Kind>(record.open[0]) != Kind::transaction) return {};
    TRY(const auto transaction, parse_transaction(record.open));
    for (const auto& change : transaction.changes) {
      const auto* settled = std::get_if<Settled>(&change);
      if (settled == nullptr || settled->state != ledger::QuestionState::taken_back) continue;
      CHECK_OK(take_back(settled->record));
    }
    return {};
  }

  Status begin_events(std::span<const Event* const> /*events*/) override { return {}; }
  Status take_event(std::size_t /*place*/, const StoredEvent& stored) override {
    if (stored.event.credit.reverses) CHECK_OK(take_back(stored.event.links.earlier));
    if (stored.event.event.withdrawal) return {};
    for (const auto& look : looks_[stored.event.event.rule]) {
      auto& watch = watches_[look.watch];
      auto finding = watch.detector->take(act(stored.event, stored.number, look.plan));
      if (finding) CHECK_OK(tell(watch, stored.event.event, *std::move(finding)));
    }
    return {};
  }

 private:
  void watch(ledger::ProgrammeIndex number) {
    const auto& programme = books_.rulebook().programmes[number];
    for (const auto& rule : programme.editions.back()->scheme().findings) {
      const auto place = watches_.size();
      watches_.push_back({&rule, detector_of(rule)});
      for (std::size_t at = 0; at < looks_.size(); ++at) {
        const auto& home = books_.rulebook().rules[at];
        const bool named =
            std::find(rule.events.begin(), rule.events.end(), home.rule->type) != rule.events.end();
        if (home.programme != number || !named) continue;
        // Earlier editions may not have had the field.
        if (auto plan = plan_act(rule, *home.rule)) looks_[at].push_back({place, *std::move(plan)});
      }
    }
  }

  rules::Act act(const EventRecord& record, std::uint64_t number, const ActPlan& plan) {
    const auto source = books_.rulebook().streams[record.event.stream].source_number;
    return act_of(record, number, source, plan, values_);
  }

  Status take_back(std::uint64_t number) {
    TRY(const auto found, lookup_.at(number));
    if (found.erased || found.record.event.withdrawal) return {};
    for (const auto& look : looks_[found.record.event.rule]) {
      watches_[look.watch].detector->take_back(act(found.record, number, look.plan));
    }
    return {};
  }

  Status tell(const Watch& watch, const Event& event, rules::Finding finding) {
    Anomaly anomaly;
    anomaly.rule = watch.rule;
    anomaly.programme = books_.rulebook().streams[event.stream].programme;
    anomaly.account = event.account;
    anomaly.stream = event.stream;
    anomaly.time = event.time;
    anomaly.day = event.day;
    anomaly.admitted = admitted_;
    anomaly.finding = std::move(finding);
    return take_(anomaly);
  }

  const Books& books_;
  RecordLookup lookup_;
  const std::function<Status(const Anomaly&)>& take_;
  std::vector<Watch> watches_;
  std::vector<std::vector<Look>> looks_;  // By rule.
  std::vector<rules::Value> values_;
  std::chrono::days forget_days_{};
  Day horizon_ = day_min;
  Instant admitted_;
};

}  // namespace

Status find_anomalies(const journal::Journal& journal, const Books& books,
                      std::optional<ledger::ProgrammeIndex> programme,
                      const std::function<Status(const Anomaly&)>& take) {
  Scan scan{journal, books, programme, take};
  if (scan.has_nothing_to_do()) return {};
  return replay(journal, books, {}, scan);
}

}  // namespace partake::books
