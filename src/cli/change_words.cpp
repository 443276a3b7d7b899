#include "cli/change_words.h"

#include "cli/books_session.h"

namespace partake::cli {
namespace {

struct Words {
  const Context& context;

  std::string operator()(const books::HoldPlaced& placed) const {
    return context.say("books.change.hold",
                       {{"amount", amount_text(placed.asset, placed.amount, context)},
                        {"until", to_string(placed.until)},
                        {"hold", std::to_string(placed.hold)}});
  }
  std::string operator()(const books::HoldTaken& taken) const {
    return context.say("books.change.taken", {{"amount", std::to_string(taken.amount)},
                                              {"hold", std::to_string(taken.hold)}});
  }
  std::string operator()(const books::UnitsIssued& issued) const {
    return context.say("books.change.issued",
                       {{"count", grouped(std::to_string(issued.count))},
                        {"units", issued.units},
                        {"first", std::to_string(issued.first)},
                        {"last", std::to_string(issued.first + issued.count - 1)}});
  }
  std::string operator()(const books::UnitsChanged& changed) const {
    return context.say(
        "books.change.units",
        {{"units", changed.units},
         {"first", std::to_string(changed.first)},
         {"last", std::to_string(changed.last)},
         {"state", context.say(std::string{"books.unit."} + ledger::name_of(changed.state))}});
  }
  std::string operator()(const books::OrderPlaced& placed) const {
    return context.say("books.change.ordered",
                       {{"order", std::to_string(placed.order)}, {"reward", placed.reward}});
  }
  std::string operator()(const books::OrderChanged& changed) const {
    return context.say(
        "books.change.order",
        {{"order", std::to_string(changed.order)},
         {"state", context.say(std::string{"books.order."} + ledger::name_of(changed.state))}});
  }
  std::string operator()(const books::SplitDone& done) const {
    Int128 sum = 0;
    for (const auto& [party, amount] : done.shares) sum += amount;
    return context.say(
        "books.change.split",
        {{"amount", partake::to_string(sum)}, {"split", done.split}, {"period", done.period}});
  }
  std::string operator()(const books::PeriodClosed& closed) const {
    return context.say("books.change.closed", {{"split", closed.split}, {"period", closed.period}});
  }
  std::string operator()(const books::Reversed& reversed) const {
    return context.say("books.change.reversed", {{"record", std::to_string(reversed.record)}});
  }
  std::string operator()(const books::Questioned& asked) const {
    std::string missing;
    for (const auto& [asset, amount] : asked.missing) {
      missing += (missing.empty() ? "" : ", ") + amount_text(asset, amount, context);
    }
    return context.say("books.change.question", {{"question", std::to_string(asked.question)},
                                                 {"record", std::to_string(asked.record)},
                                                 {"finding", asked.finding},
                                                 {"missing", missing}});
  }
  std::string operator()(const books::Settled& settled) const {
    return context.say(
        "books.change.settled",
        {{"question", std::to_string(settled.question)},
         {"record", std::to_string(settled.record)},
         {"state", context.say(std::string{"books.question."} + ledger::name_of(settled.state))}});
  }
};

}  // namespace

std::string words_of(const books::Transaction& transaction, const Context& context) {
  constexpr std::size_t shown_max = 4;
  std::string text;
  std::size_t shown = 0;
  for (const auto& change : transaction.changes) {
    if (shown++ == shown_max) return text + "; …";
    text += (text.empty() ? "" : "; ") + std::visit(Words{context}, change);
  }
  return text;
}

}  // namespace partake::cli
