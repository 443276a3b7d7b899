#include "books/transact.h"

#include <algorithm>
#include <array>

#include "books/deal.h"

namespace partake::books {
namespace {

struct Action {
  const char* name;
  Status (*run)(Deal&);
};
constexpr std::array<Action, 23> table{
    {{"transfer", transfer},     {"hold", place_hold},         {"release", release_hold},
     {"split", share},           {"close", close_period},      {"reverse", reverse},
     {"issue", issue_units},     {"pool", pool_units},         {"move", move_units},
     {"pledge", pledge_units},   {"unpledge", unpledge_units}, {"call", call_units},
     {"retire", retire_units},   {"sell", sell_units},         {"cancel", cancel_units},
     {"buffer", buffer_units},   {"unbuffer", unbuffer_units}, {"order", place_order},
     {"step", step_order},       {"convert", convert_assets},  {"expire", expire_points},
     {"question", ask_question}, {"settle", settle_question}}};

constexpr auto action_names = [] {
  std::array<const char*, table.size()> all{};
  for (std::size_t at = 0; at < table.size(); ++at) all[at] = table[at].name;
  return all;
}();

const Action* action_of(std::string_view name) {
  const auto* const found = std::find_if(table.begin(), table.end(),
                                         [&](const Action& action) { return name == action.name; });
  return found == table.end() ? nullptr : found;
}

Status check_time(const Deal& deal) {
  const auto& time = deal.instruction.time;
  const auto late_days = deal.edition.scheme().late_days;
  constexpr std::chrono::hours ahead_max{1};
  const bool too_late = time < deal.books.admitted() - std::chrono::days{late_days} ||
                        utc_day(time) < deal.books.horizon();
  if (too_late) {
    return refuse_transaction("transaction.too_late",
                              {{"time", to_string(time)}, {"days", std::to_string(late_days)}});
  }
  if (time > deal.books.admitted() + ahead_max) {
    return refuse_transaction("transaction.in_future", {{"time", to_string(time)}});
  }
  return {};
}

}  // namespace

std::span<const char* const> actions() { return action_names; }

bool is_action(std::string_view name) { return action_of(name) != nullptr; }

Result<Transaction> decide(const Books& books, RecordFinder& finder,
                           const Instruction& instruction) {
  const auto& stream = books.rulebook().streams[instruction.stream];
  const auto& source = books.rulebook().sources[stream.source_number];
  const auto* action = action_of(instruction.action);
  if (action == nullptr) {
    return refuse_transaction("transaction.unknown_action", {{"action", instruction.action}});
  }
  if (std::find(source.may.begin(), source.may.end(), instruction.action) == source.may.end()) {
    return fail(ErrorKind::unauthorized, "transaction.not_allowed",
                {{"source", source.name}, {"action", instruction.action}});
  }
  Deal deal{books, finder, instruction};
  CHECK_OK(check_time(deal));
  // A field that cannot be read leaves the rest of what was asked for open; a refusal leaves open
  // which fields there may be.
  const auto run = action->run(deal);
  CHECK_OK(deal.data.status());
  CHECK_OK(run);
  CHECK_OK(deal.data.finish());
  CHECK_OK(deal.check_legs());
  deal.made.leg_count = deal.made.legs.size();
  return std::move(deal.made);
}

}  // namespace partake::books
