// Decides what becomes of an event: new or known, allowed or not, and how much it is credited.
// docs/events.md has the order of the checks.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "books/books.h"
#include "books/quantifier.h"
#include "books/record_lookup.h"

namespace partake::books {

struct Decision {
  Outcome outcome = Outcome::rejected;
  Error reason;  // Of a conflict or rejection.
  // Of a duplicate or conflict: the record that was there before.
  std::uint64_t first_record = ledger::no_record;
  Credit credit;
  Links links;
};

class Admission {
 public:
  // Both must outlive it.
  Admission(Books& books, RecordFinder& finder) : books_{books}, finder_{finder} {}

  // Computes the amounts of all events, null where there is none; then `decide` serves one after
  // the other, in order. Requires that books.admitted() is the time of the block that they go into.
  Status quantify(std::span<const Event* const> events);
  // False once the books' day is another one: then what was published may be, too.
  [[nodiscard]] bool is_quantified_today() const;
  // Of the event at that place of the last quantify. Errors: the journal cannot be read.
  Status decide(std::size_t place, const Event& event, Decision& decision);
  // What it is worth, whether or not it may be credited: limits, points, and what it takes back,
  // into an empty decision. The inner status says whether it has amounts, and what it takes back is
  // there.
  Result<Status> credit(std::size_t place, const Event& event, Decision& decision);
  // The acts that it would be the same as, without the one that it replaces.
  template <class Take>
  void same_acts(const Event& event, const Rule& rule, const Links& links, Take take) const {
    if (rule.group < 0) return;
    const auto time = act_time(rule, event.time, event.day, event.length_s);
    books_.acts().overlapping(event.account, static_cast<ledger::GroupNumber>(rule.group),
                              time.start_s, time.length_s, rule.within_s,
                              [&](const ledger::Act& act) {
                                // What it replaces does not stand in its way.
                                if (act.record != links.earlier) take(act);
                              });
  }
  // What is used of a cap in the event's window, less what it takes back.
  [[nodiscard]] Int128 used_of(const CapPlan& cap, const Event& event,
                               const Decision& decision) const;

 private:
  struct Computed {
    bool is_good = false;
    Amounts amounts{};
    Error refusal;
  };
  struct Group {
    std::unique_ptr<Quantifier> quantifier;
    std::vector<const Event*> events;
    std::vector<std::size_t> places;
  };

  Result<Group*> group_of(const Event& event);
  void run(Group& group);
  Result<bool> answer_known(const Event& event, Decision& decision);
  Result<bool> is_known(const Event& event, Decision& decision);
  Status check_account(const Event& event) const;
  Status check_rule(const Event& event) const;
  Status check_time(const Event& event) const;
  Status check(std::size_t place, const Event& event) const;
  // The inner status says whether the event may go on.
  Result<Status> find_earlier(const Event& event, Decision& decision);
  void limit_by_acts(const Event& event, const Rule& rule, Decision& decision);
  void limit_by_caps(const Event& event, const Rule& rule, Decision& decision) const;
  void compute_credit(const Event& event, const Computed& computed, Decision& decision);

  Books& books_;
  RecordFinder& finder_;
  Day quantified_on_{};
  std::map<std::pair<RuleNumber, std::uint8_t>, Group> groups_;
  std::vector<Computed> computed_;
  Group* last_group_ = nullptr;
  std::pair<RuleNumber, std::uint8_t> last_key_{~RuleNumber{0}, 0};
};

}  // namespace partake::books
