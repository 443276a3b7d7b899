// How a scheme's findings become detectors, and credited events the acts that these look at.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "books/event_record.h"
#include "programme/findings.h"
#include "rules/detector.h"

namespace partake::books {

// Of one detector and one type of events in one edition.
struct ActPlan {
  std::vector<std::size_t> fields;  // Among the rule's fields: what the detector looks at.
  // From the first field, as it was sent, to what the detector measures.
  std::optional<Rational> scale;
  bool counts = false;  // Acts are counted: each measures 1.
  // Amounts of the record that are measured, where credit is.
  std::vector<std::size_t> amounts;
};

// Empty when the type has not what the detector needs.
std::optional<ActPlan> plan_act(const programme::FindingRule& finding, const Rule& rule);
// Requires a finding that check_findings found good.
std::unique_ptr<rules::Detector> detector_of(const programme::FindingRule& finding);

// What the detector sees of a record; `values` must outlive it. Requires an event that is no
// withdrawal.
rules::Act act_of(const EventRecord& record, std::uint64_t number, std::uint32_t source,
                  const ActPlan& plan, std::vector<rules::Value>& values);

// Problems: programme.finding_field, programme.finding_end, programme.finding_limit,
// programme.significance, programme.amount, programme.out_of_range.
void check_findings(const programme::Scheme& scheme, const std::vector<Rule>& rules,
                    Problems& problems);

}  // namespace partake::books
