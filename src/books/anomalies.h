// Goes through the journal and tells what a programme's detectors find in the events that were
// credited. Nothing is changed, and what is found is for a person to judge. docs/findings.md.
#pragma once

#include <functional>
#include <optional>

#include "books/books.h"
#include "journal/journal.h"
#include "rules/detector.h"

namespace partake::books {

struct Anomaly {
  // Of the programme's edition in force.
  const programme::FindingRule* rule = nullptr;
  ledger::ProgrammeIndex programme = 0;
  // Of the last one of its records.
  AccountIndex account;
  StreamNumber stream = 0;
  Instant time;
  Day day{};         // Of the act, in the programme's calendar.
  Instant admitted;  // Of its block.
  rules::Finding finding;
};

// In the order of the journal, of one programme or all. Every finding depends on the journal's
// records alone, not on its blocks; so all of it is read, whatever the caller wants to see. The
// books are those of the journal, with all records. Errors: those of the journal, and of `take`.
Status find_anomalies(const journal::Journal& journal, const Books& books,
                      std::optional<ledger::ProgrammeIndex> programme,
                      const std::function<Status(const Anomaly&)>& take);

}  // namespace partake::books
