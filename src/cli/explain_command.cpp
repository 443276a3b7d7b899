// partake explain: the whole way to one entry of an account, step by step.
#include "base/utf8.h"
#include "books/explain.h"
#include "cli/books_session.h"
#include "cli/change_words.h"
#include "cli/commands.h"
#include "cli/present.h"

namespace partake::cli {
namespace {

Json whole(std::uint64_t number) { return Json::integer(static_cast<std::int64_t>(number)); }
std::string tier_name(std::uint8_t tier) { return std::string(1, static_cast<char>('A' + tier)); }
std::string worth_text(double worth) {
  char text[32];
  std::snprintf(text, sizeof text, "%.12g", worth);
  return text;
}
const char* window_name(ledger::Window window) {
  constexpr std::array<const char*, 4> names{"day", "week", "month", "year"};
  return names[static_cast<std::size_t>(window)];
}

// The amounts of a rule, by asset.
template <class Take>
void each_amount(const books::Rule& rule, const books::Amounts& amounts, std::size_t count,
                 Take take) {
  for (std::size_t at = 0; at < count; ++at) take(rule.asset_of(at), amounts[at]);
}

class Explained {
 public:
  Explained(const Context& context, const BooksSession& session, std::uint64_t record,
            const books::Explanation& explanation)
      : context_{context},
        books_{session.books()},
        journal_{session.directory->journal()},
        record_{record},
        all_{explanation} {}

  // ---- for people

  void print() {
    print_place();
    if (all_.is_erased) return print_erased();
    if (all_.entry.fact) {
      const auto words = words_of(all_.entry, books_, context_);
      return step("explain.fact", {{"what", words.what}, {"note", words.note}});
    }
    if (all_.event) {
      print_event_source();
      print_edition();
      print_credit();
    } else {
      print_transaction();
    }
    print_reversal();
    print_posting();
    print_verdict();
  }

  // ---- for programs

  [[nodiscard]] Json json() const {
    Json::Object json{{"record", whole(record_)},
                      {"block", whole(all_.place.block)},
                      {"in_block", whole(all_.place.in_block)},
                      {"admitted", to_string(all_.place.admitted)},
                      {"leaf", to_hex(all_.place.leaf)},
                      {"signed", all_.place.is_signed},
                      {"checkpoint", whole(journal_.checkpoint().size)},
                      {"erased", all_.is_erased}};
    if (all_.is_erased) {
      json.emplace_back("open", amounts_json(erased_amounts()));
      return json;
    }
    const auto words = words_of(all_.entry, books_, context_);
    json.emplace_back("what", words.what);
    json.emplace_back("note", words.note);
    json.emplace_back("time", to_string(books::time_of(all_.entry)));
    if (const auto stream = stream_of()) {
      const auto& of = books_.rulebook().streams[*stream];
      json.emplace_back("source", Json::Object{{"source", of.source},
                                               {"tier", tier_name(of.tier)},
                                               {"epoch", Json::integer(of.epoch)},
                                               {"id", id_text()}});
    }
    if (all_.edition) {
      json.emplace_back("edition",
                        Json::Object{{"programme", all_.edition->edition->programme().id.text()},
                                     {"version", all_.edition->edition->programme().version},
                                     {"hash", to_hex(all_.edition->hash)},
                                     {"record", whole(all_.edition->record)}});
    }
    if (all_.event) add_event_json(json);
    if (all_.transaction) add_transaction_json(json);
    if (all_.reverses) json.emplace_back("reverses", whole(all_.reverses->record));
    if (all_.reversed_by) json.emplace_back("reversed_by", whole(*all_.reversed_by));
    json.emplace_back("before", amounts_json(all_.before));
    json.emplace_back("changes", amounts_json(changes()));
    json.emplace_back("after", amounts_json(all_.after));
    return json;
  }

 private:
  void step(std::string_view key, const Args& args = {}) {
    context_.print(std::to_string(++steps_) + ". " + context_.say(key, args));
  }
  [[nodiscard]] books::AssetAmounts changes() const {
    return books::changes_of(all_.entry, books_.rulebook());
  }
  [[nodiscard]] std::optional<books::StreamNumber> stream_of() const {
    if (all_.entry.event) return all_.entry.event->event.stream;
    if (!all_.entry.instruction) return std::nullopt;
    const auto stream = all_.entry.instruction->stream;
    if (stream >= books_.rulebook().streams.size()) return std::nullopt;
    return stream;
  }
  [[nodiscard]] std::string id_text() const {
    if (all_.entry.instruction) return all_.entry.instruction->id;
    const auto& event = all_.entry.event->event;
    return books_.rulebook().streams[event.stream].numbered ? std::to_string(event.id.sequence)
                                                            : event.id.text;
  }
  [[nodiscard]] std::string amounts_text(const books::AssetAmounts& amounts) const {
    std::string text;
    for (std::size_t at = 0; at < ledger::assets; ++at) {
      if (amounts[at] == 0) continue;
      text += (text.empty() ? "" : ", ") +
              amount_text(static_cast<ledger::Asset>(at), amounts[at], context_);
    }
    return text.empty() ? "0" : text;
  }
  static Json amounts_json(const books::AssetAmounts& amounts) {
    Json::Object json;
    for (std::size_t at = 0; at < ledger::assets; ++at) {
      if (amounts[at] == 0) continue;
      json.emplace_back(ledger::name_of(static_cast<ledger::Asset>(at)),
                        std::to_string(amounts[at]));
    }
    return json;
  }
  // What the method gave, or what was credited.
  [[nodiscard]] std::string text_of(const books::Rule& rule, const books::Amounts& amounts,
                                    std::size_t count) const {
    std::string text;
    each_amount(rule, amounts, count, [&](ledger::Asset asset, std::int64_t amount) {
      text += (text.empty() ? "" : ", ") + amount_text(asset, amount, context_);
    });
    return text;
  }

  void print_place() {
    step("explain.record", {{"record", std::to_string(record_)},
                            {"block", std::to_string(all_.place.block)},
                            {"number", std::to_string(all_.place.in_block)},
                            {"admitted", to_string(all_.place.admitted)}});
    context_.print("    " + context_.say("explain.leaf", {{"leaf", to_hex(all_.place.leaf)}}));
    const auto& checkpoint = journal_.checkpoint();
    context_.print("    " +
                   context_.say(all_.place.is_signed ? "explain.signed" : "explain.not_signed",
                                {{"origin", checkpoint.origin},
                                 {"size", std::to_string(checkpoint.size)},
                                 {"root", to_hex(checkpoint.root)}}));
  }

  [[nodiscard]] books::AssetAmounts erased_amounts() const {
    books::PassbookEntry open;
    open.event = all_.erased_event;
    open.leg = all_.erased_leg;
    return books::changes_of(open, books_.rulebook());
  }
  void print_erased() {
    step("explain.erased");
    if (all_.erased_event && !all_.erased_event->event.withdrawal) {
      const auto& rule = *books_.rulebook().rules[all_.erased_event->event.rule].rule;
      step("explain.erased_event",
           {{"type", rule.type}, {"method", rule.use->id.text()}, {"version", rule.use->version}});
    }
    if (all_.erased_event || all_.erased_leg) {
      step("explain.erased_amounts", {{"amounts", amounts_text(erased_amounts())}});
    }
  }

  void print_source(books::StreamNumber stream) {
    const auto& of = books_.rulebook().streams[stream];
    step("explain.source", {{"source", of.source},
                            {"tier", tier_name(of.tier)},
                            {"epoch", std::to_string(of.epoch)},
                            {"id", id_text()},
                            {"time", to_string(books::time_of(all_.entry))}});
  }

  void print_event_source() {
    print_source(all_.entry.event->event.stream);
    const auto words = words_of(all_.entry, books_, context_);
    step("explain.reported", {{"what", words.what}});
    if (all_.event->values.empty()) return;
    Table table{
        {context_.say("explain.field"), context_.say("word.value"), context_.say("explain.input")}};
    for (const auto& value : all_.event->values) table.add({value.field, value.text, value.input});
    context_.print(table.text(4));
  }

  void print_edition() {
    if (!all_.edition) return;
    step("explain.edition", {{"programme", all_.edition->edition->programme().id.text()},
                             {"version", all_.edition->edition->programme().version},
                             {"hash", to_hex(all_.edition->hash)},
                             {"record", std::to_string(all_.edition->record)}});
  }

  void print_credit() {
    const auto& event = *all_.event;
    if (event.failed) {
      step("explain.failed");
      return context_.print("    " + describe(*event.failed, context_.language));
    }
    if (event.rule == nullptr) return;
    const auto& rule = *event.rule->rule;
    const auto tier = books_.rulebook().streams[all_.entry.event->event.stream].tier;
    step("explain.method", {{"method", rule.use->id.text()},
                            {"version", rule.use->version},
                            {"hash", to_hex(rule.compiled->hash)}});
    present(*event.calculation, *rule.compiled, event.rule->edition->knowledge().library(),
            context_);
    step("explain.tier", {{"tier", tier_name(tier)}, {"worth", worth_text(rule.tier_worth[tier])}});
    print_same_acts(rule);
    print_caps(rule);
    const auto& credit = event.again;
    step("explain.credit", {{"computed", text_of(rule, credit.computed, rule.postings.size())},
                            {"credited", text_of(rule, credit.credited, rule.amounts())}});
    if (rule.point_for > 0) {
      context_.print("    " + context_.say("explain.points",
                                           {{"each", amount_text(rule.postings[0].asset,
                                                                 rule.point_for, context_)}}));
    }
  }

  void print_same_acts(const books::Rule& rule) {
    if (rule.group < 0) return step("explain.no_group");
    const auto& group = group_name(rule);
    if (all_.event->same_acts.empty()) return step("explain.no_same_act", {{"group", group}});
    step("explain.same_acts", {{"group", group}});
    for (const auto& act : all_.event->same_acts) {
      context_.print("    " + context_.say("explain.same_act",
                                           {{"record", std::to_string(act.record)},
                                            {"tier", tier_name(act.tier)},
                                            {"amount", amount_text(rule.postings[0].asset,
                                                                   act.credited, context_)}}));
    }
  }
  [[nodiscard]] const std::string& group_name(const books::Rule& rule) const {
    return books_.rulebook()
        .programmes[all_.event->rule->programme]
        .numbers.groups[static_cast<std::size_t>(rule.group)];
  }

  void print_caps(const books::Rule& rule) {
    if (all_.event->caps.empty()) return step("explain.no_cap");
    step("explain.caps");
    for (const auto& use : all_.event->caps) {
      const auto asset = rule.asset_of(use.cap->posting);
      context_.print(
          "    " +
          context_.say(
              "explain.cap",
              {{"most", amount_text(asset, use.cap->most, context_)},
               {"window", context_.say(std::string{"explain.per."} + window_name(use.cap->window))},
               {"used", amount_text(asset, static_cast<std::int64_t>(use.used), context_)}}));
    }
  }

  void print_transaction() {
    const auto& entry = all_.entry;
    step("explain.transaction", {{"action", entry.transaction->action},
                                 {"record", std::to_string(entry.leg->transaction)},
                                 {"legs", std::to_string(entry.transaction->leg_count)},
                                 {"leg", std::to_string(entry.leg_number)}});
    if (const auto stream = stream_of()) print_source(*stream);
    if (entry.instruction) {
      step("explain.asked");
      context_.print("    " + printable(canonical(entry.instruction->data)));
    } else {
      step("explain.asked_erased");
    }
    print_edition();
    if (!all_.transaction->rule.empty()) {
      step("explain.rule", {{"rule", all_.transaction->rule}});
      for (const auto& [key, value] : all_.transaction->terms) {
        std::string line(4, ' ');
        line.append(key).append(" = ").append(value);
        context_.print(line);
      }
    }
    const auto words = words_of(*entry.transaction, context_);
    if (!words.empty()) step("explain.changes", {{"changes", words}});
  }

  void print_reversal() {
    if (all_.reverses) {
      const auto words = words_of(*all_.reverses, books_, context_);
      step("explain.reverses",
           {{"record", std::to_string(all_.reverses->record)},
            {"what", words.what},
            {"time", to_string(books::time_of(*all_.reverses))},
            {"amounts", amounts_text(books::changes_of(*all_.reverses, books_.rulebook()))}});
    }
    if (all_.reversed_by) {
      step("explain.reversed_by", {{"record", std::to_string(*all_.reversed_by)}});
    }
  }

  void print_posting() {
    step("explain.posting");
    Table table{{context_.say("books.column.asset"), context_.say("word.before"),
                 context_.say("books.column.change"), context_.say("word.after")}};
    const auto posted = changes();
    bool any = false;
    for (std::size_t at = 0; at < ledger::assets; ++at) {
      if (all_.before[at] == 0 && posted[at] == 0 && all_.after[at] == 0) continue;
      const auto asset = static_cast<ledger::Asset>(at);
      table.add({asset_title(asset, context_), amount_text(asset, all_.before[at], context_),
                 amount_text(asset, posted[at], context_),
                 amount_text(asset, all_.after[at], context_)});
      any = true;
    }
    context_.print(any ? table.text(4) : "    0");
  }

  void print_verdict() {
    if (!all_.event) return step("explain.not_decided");
    if (all_.event->is_equal) return step("explain.equal");
    step("explain.differs", {{"stored", amounts_text(changes())}});
  }

  void add_event_json(Json::Object& json) const {
    const auto& event = *all_.event;
    Json::Array values;
    for (const auto& value : event.values) {
      values.emplace_back(
          Json::Object{{"field", value.field}, {"value", value.text}, {"input", value.input}});
    }
    json.emplace_back("values", std::move(values));
    if (event.rule != nullptr) {
      const auto& rule = *event.rule->rule;
      const auto tier = books_.rulebook().streams[all_.entry.event->event.stream].tier;
      json.emplace_back("tier_worth", worth_text(rule.tier_worth[tier]));
      if (event.calculation) {
        json.emplace_back("calculation", to_json(*event.calculation, *rule.compiled));
      }
      Json::Array acts;
      for (const auto& act : event.same_acts) {
        acts.emplace_back(Json::Object{{"record", whole(act.record)},
                                       {"tier", tier_name(act.tier)},
                                       {"credited", std::to_string(act.credited)}});
      }
      if (rule.group >= 0) json.emplace_back("group", group_name(rule));
      json.emplace_back("same_acts", std::move(acts));
      Json::Array caps;
      for (const auto& use : event.caps) {
        caps.emplace_back(Json::Object{{"asset", ledger::name_of(rule.asset_of(use.cap->posting))},
                                       {"per", window_name(use.cap->window)},
                                       {"most", std::to_string(use.cap->most)},
                                       {"used", partake::to_string(use.used)}});
      }
      json.emplace_back("caps", std::move(caps));
      json.emplace_back("computed", rule_json(rule, event.again.computed, rule.postings.size()));
      json.emplace_back("credited", rule_json(rule, event.again.credited, rule.amounts()));
    }
    if (event.failed) json.emplace_back("failed", to_json(*event.failed, context_.language));
    json.emplace_back("equal", event.is_equal);
  }
  static Json rule_json(const books::Rule& rule, const books::Amounts& amounts, std::size_t count) {
    Json::Object json;
    each_amount(rule, amounts, count, [&](ledger::Asset asset, std::int64_t amount) {
      json.emplace_back(ledger::name_of(asset), std::to_string(amount));
    });
    return json;
  }

  void add_transaction_json(Json::Object& json) const {
    const auto& entry = all_.entry;
    Json::Array list;
    for (const auto& [key, value] : all_.transaction->terms) {
      list.emplace_back(Json::Object{{"key", key}, {"value", value}});
    }
    json.emplace_back("transaction",
                      Json::Object{{"action", entry.transaction->action},
                                   {"record", whole(entry.leg->transaction)},
                                   {"legs", whole(entry.transaction->leg_count)},
                                   {"leg", whole(entry.leg_number)},
                                   {"asked", entry.instruction ? entry.instruction->data : Json{}},
                                   {"rule", all_.transaction->rule},
                                   {"terms", std::move(list)},
                                   {"changes", changes_json(*entry.transaction)}});
  }

  const Context& context_;
  const books::Books& books_;
  const journal::Journal& journal_;
  std::uint64_t record_;
  const books::Explanation& all_;
  int steps_ = 0;
};

}  // namespace

int explain(const Context& context, const ExplainArguments& arguments) {
  bool is_equal = true;
  const auto run = [&]() -> Status {
    TRY(const auto session, open_accounts(arguments.folder));
    TRY(const auto account, session.books().account(arguments.account));
    TRY(const auto explanation,
        books::explain(session.directory->journal(), session.books(), account, arguments.record));
    Explained explained{context, session, arguments.record, explanation};
    if (context.json) {
      context.print(explained.json());
    } else {
      explained.print();
    }
    is_equal = !explanation.event || explanation.event->is_equal;
    return {};
  };
  const auto status = run();
  if (!status) return context.refuse(status.error());
  return is_equal ? 0 : exit_findings;
}

}  // namespace partake::cli
