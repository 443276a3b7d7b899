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

EntryWords words_of(const books::PassbookEntry& entry, const books::Books& books,
                    const Context& context) {
  if (entry.fact) {
    const auto* consent = std::get_if<books::ConsentChange>(&*entry.fact);
    if (consent != nullptr) {
      return {context.say(consent->granted ? "books.entry.consent" : "books.entry.no_consent"),
              consent->consent.source};
    }
    const auto& state = std::get<books::AccountStateChange>(*entry.fact);
    return {context.say(state.frozen ? "books.entry.frozen" : "books.entry.thawed"), ""};
  }
  EntryWords words;
  const auto add = [&](const std::string& note) {
    if (!note.empty()) words.note += (words.note.empty() ? "" : "; ") + note;
  };
  if (entry.transaction) {
    words.what = entry.transaction->action;
    add(words_of(*entry.transaction, context));
    if (!entry.instruction) add(context.say("books.entry.asked_erased"));
    return words;
  }
  const auto& event = entry.event->event;
  const auto& credit = entry.event->credit;
  words.what = event.withdrawal ? context.say("books.entry.withdrawal")
                                : books.rulebook().rules[event.rule].rule->type;
  if ((credit.limits & books::limited_by_cap) != 0) add(context.say("books.limited.cap"));
  if ((credit.limits & books::limited_by_act) != 0) add(context.say("books.limited.act"));
  if (credit.reverses) {
    add(context.say("books.entry.reverses",
                    {{"record", std::to_string(entry.event->links.earlier)}}));
  }
  return words;
}

}  // namespace partake::cli
