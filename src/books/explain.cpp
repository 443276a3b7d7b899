#include "books/explain.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/require.h"
#include "books/admission.h"
#include "books/scheme_terms.h"
#include "intake/terms.h"

namespace partake::books {
namespace {

Error not_of_account(AccountIndex account, std::uint64_t record) {
  return {ErrorKind::not_found,
          "explain.not_of_account",
          {{"account", ledger::to_string(account)}, {"record", std::to_string(record)}},
          {}};
}

// The block's leaves make the root that its entry, and so the log, knows.
Result<RecordPlace> place_of(const journal::Journal& journal, std::uint64_t number) {
  RecordPlace place;
  place.block = journal.block_of(number);
  place.in_block = static_cast<std::uint32_t>(number - journal.blocks()[place.block].first_record);
  TRY(const auto bytes, journal.read(place.block));
  TRY(const auto block, journal::parse_block(bytes));
  TRY(const auto header, journal::parse_entry(block.entry));
  TRY(const auto leaves, journal::leaves_of(block));
  if (journal::tree_root(leaves) != header.root) {
    return fail(ErrorKind::corrupt, "verify.block_root", {{"block", std::to_string(place.block)}});
  }
  place.admitted = header.admitted;
  place.leaf = leaves[place.in_block];
  place.is_signed = place.block < journal.checkpoint().size;
  return place;
}

Result<journal::Record> record_of(std::string_view bytes) { return journal::take_record(bytes); }

// Facts that were published or registered before a record, oldest first.
Result<std::vector<std::pair<std::uint64_t, Fact>>> lasting_before(const journal::Journal& journal,
                                                                   const Books& books,
                                                                   std::uint64_t record) {
  std::vector<std::pair<std::uint64_t, Fact>> facts;
  for (const auto number : books.lasting_records()) {
    if (number >= record) break;
    TRY(const auto bytes, journal.record(number));
    TRY(const auto stored, record_of(bytes));
    TRY(auto fact, parse_fact(stored.open, {}));
    if (fact) facts.emplace_back(number, *std::move(fact));
  }
  return facts;
}

// ---- computing once more

// The books of one account alone: what was published and registered, and its own entries. They are
// enough to tell what an event is worth: caps, acts that count once and points are of one account.
class OwnBooks {
 public:
  OwnBooks(const journal::Journal& journal, const Books& books, AccountIndex account)
      : journal_{journal}, all_{books}, account_{account} {}

  // `entries` are those before the record, oldest first.
  Status read(const std::vector<std::pair<std::uint64_t, Fact>>& facts,
              const std::vector<PassbookEntry>& entries, std::uint64_t record) {
    auto entry = entries.begin();
    for (const auto& [number, fact] : facts) {
      for (; entry != entries.end() && entry->record < number; ++entry) CHECK_OK(take(*entry));
      begin(number);
      CHECK_OK(own_.apply(number, fact));
    }
    for (; entry != entries.end(); ++entry) CHECK_OK(take(*entry));
    begin(record);
    return open();
  }

  Books& books() { return own_; }

 private:
  void begin(std::uint64_t record) {
    const auto block = journal_.block_of(record);
    if (block == block_) return;
    block_ = block;
    own_.begin_block(block, journal_.blocks()[block].admitted);
  }

  // With those before it, which stay empty, so that it keeps its number.
  Status open() {
    if (own_.accounts().size() > account_.value) return {};
    const auto& holder = all_.accounts().holder(account_);
    return own_.apply(0, Fact{AccountsOpened{all_.rulebook().programmes[holder.programme].id,
                                             actor_kinds[holder.actor], account_.value + 1}});
  }

  Status take(const PassbookEntry& entry) {
    CHECK_OK(open());
    begin(entry.record);
    if (entry.event) return own_.apply(entry.record, *entry.event);
    if (entry.fact) return own_.apply(entry.record, *entry.fact);
    return own_.apply(entry.record - 1, part_of(entry));
  }

  // Its own leg alone. Questions about its entries count, because an entry that is taken back frees
  // caps and acts; they are numbered anew, because others have questions too.
  Transaction part_of(const PassbookEntry& entry) {
    Transaction part;
    part.programme = entry.transaction->programme;
    part.legs = {*entry.leg};
    for (const auto& change : entry.transaction->changes) {
      if (const auto* asked = std::get_if<Questioned>(&change)) {
        auto own = *asked;
        own.question = questions_.emplace(asked->question, questions_.size()).first->second;
        part.changes.emplace_back(std::move(own));
      } else if (const auto* settled = std::get_if<Settled>(&change)) {
        auto own = *settled;
        const auto known = questions_.find(settled->question);
        if (known != questions_.end()) own.question = known->second;
        part.changes.emplace_back(own);
      }
    }
    return part;
  }

  const journal::Journal& journal_;
  const Books& all_;
  AccountIndex account_;
  Books own_;
  std::map<ledger::QuestionNumber, ledger::QuestionNumber> questions_;
  std::uint64_t block_ = ~std::uint64_t{0};
};

// ---- an event

std::string digits(double value) {
  char text[32];
  auto* const end = std::to_chars(text, text + sizeof text, value).ptr;
  return std::string{text, end};
}

// The unit in which a field was reported.
const Unit& unit_of(const FieldPlan& plan, const Rule& rule, const Edition& edition) {
  for (const auto& event : edition.scheme().events) {
    if (event.type != rule.type) continue;
    for (const auto& source : event.inputs) {
      if (source.input == plan.input->name && source.unit) return *source.unit;
    }
  }
  return plan.input->unit;
}

std::string text_of(const StoredValue& value, const FieldPlan& plan, const Rule& rule,
                    const Edition& edition) {
  using Type = method::Input::Type;
  const auto index = static_cast<std::size_t>(value.mantissa);
  if (plan.input->type == Type::choice) return plan.input->choices[index].name;
  if (plan.input->type == Type::region) {
    const auto& regions = edition.knowledge().library().regions();
    return regions.at(RegionIndex{static_cast<std::uint32_t>(value.mantissa)}).code;
  }
  return to_string(Quantity{Decimal{value.mantissa, value.exponent}, unit_of(plan, rule, edition)});
}

bool is_there(const StoredValue& value, const FieldPlan& plan, const Edition& edition) {
  using Type = method::Input::Type;
  const auto count = plan.input->type == Type::choice ? plan.input->choices.size()
                     : plan.input->type == Type::region
                         ? edition.knowledge().library().regions().size()
                         : 0;
  return plan.input->type == Type::quantity ||
         (value.mantissa >= 0 && static_cast<std::size_t>(value.mantissa) < count);
}

// What method::run takes: the event's values and the rule's constants.
method::Setting setting_of(const Event& event, const std::vector<KeptValue>& values,
                           const RulePlace& place) {
  const auto& rule = *place.rule;
  const auto& method = *rule.compiled->method;
  method::Setting setting;
  for (const auto& value : values) {
    setting.emplace_back(value.input, method::SetValue{value.text, {}, {}});
  }
  for (const auto& constant : rule.constants) {
    const auto& input = *rule.compiled->program.columns[constant.column].input;
    const bool is_choice = input.type == method::Input::Type::choice;
    setting.emplace_back(
        input.name,
        method::SetValue{is_choice ? input.choices[static_cast<std::size_t>(constant.value)].name
                                   : digits(constant.value) + " " + to_string(input.unit),
                         {},
                         {}});
  }
  std::size_t region = 0;
  for (const auto& input : method.inputs) {
    if (input.type == method::Input::Type::date) {
      setting.emplace_back(input.name, method::SetValue{to_string(event.day), {}, {}});
    }
    if (input.type != method::Input::Type::region) continue;
    for (const auto& constant : rule.constant_regions) {
      if (constant.input != region) continue;
      const auto& regions = place.edition->knowledge().library().regions();
      setting.emplace_back(input.name,
                           method::SetValue{regions.at(RegionIndex{constant.value}).code, {}, {}});
    }
    ++region;
  }
  return setting;
}

// The method's formulas with their values, for people.
Status calculate(const Event& event, std::uint8_t tier, Day admitted_on,
                 ExplainedEvent& explained) {
  const auto& place = *explained.rule;
  const auto& rule = *place.rule;
  for (std::size_t at = 0; at < rule.fields.size(); ++at) {
    const auto& plan = rule.fields[at];
    if (!is_there(event.values[at], plan, *place.edition)) {
      return fail(ErrorKind::corrupt, "record.malformed_event", {{"part", "values"}});
    }
    explained.values.push_back(
        {plan.field, plan.input->name, text_of(event.values[at], plan, rule, *place.edition)});
  }
  const auto& library = place.edition->knowledge().library();
  TRY(const auto terms, intake::terms_of(place.edition->programme(), rule.compiled->method->id,
                                         library, {.admitted_on = admitted_on}, explained.kept));
  TRY(explained.calculation,
      method::run(*rule.compiled, library, terms, setting_of(event, explained.values, place),
                  rule.tier_worth[tier]));
  return {};
}

Status decide_again(const journal::Journal& journal, const Books& books, Books& own,
                    const Event& event, ExplainedEvent& explained) {
  RecordLookup lookup{journal, books};
  Admission admission{own, lookup};
  const Event* const events[] = {&event};
  CHECK_OK(admission.quantify(events));
  Decision decision;
  TRY(auto worth, admission.credit(0, event, decision));
  CHECK_OK(worth);
  explained.again = decision.credit;
  if (explained.rule == nullptr) return {};
  const auto& rule = *explained.rule->rule;
  admission.same_acts(event, rule, decision.links, [&](const ledger::Act& act) {
    explained.same_acts.push_back({act.record, act.tier, act.credited});
  });
  for (const auto& cap : rule.caps) {
    explained.caps.push_back({&cap, admission.used_of(cap, event, decision)});
  }
  return {};
}

// Whether the calculation for people has the amounts of the computation for the books.
bool agrees(const ExplainedEvent& explained) {
  if (explained.rule == nullptr) return true;
  if (!explained.calculation) return false;
  const auto& postings = explained.rule->rule->postings;
  for (std::size_t at = 0; at < postings.size(); ++at) {
    if (explained.calculation->outcomes[postings[at].output].count !=
        explained.again.computed[at]) {
      return false;
    }
  }
  return true;
}

Result<ExplainedEvent> explain_event(const journal::Journal& journal, const Books& books,
                                     AccountIndex account, const PassbookEntry& entry,
                                     const std::vector<std::pair<std::uint64_t, Fact>>& facts,
                                     const std::vector<PassbookEntry>& before) {
  const auto& [event, credit, links] = *entry.event;
  ExplainedEvent explained;
  if (!event.withdrawal) explained.rule = &books.rulebook().rules[event.rule];
  OwnBooks own{journal, books, account};
  CHECK_OK(own.read(facts, before, entry.record));
  const auto tier = books.rulebook().streams[event.stream].tier;
  auto done = decide_again(journal, books, own.books(), event, explained);
  if (done && explained.rule != nullptr) {
    done = calculate(event, tier, utc_day(entry.admitted), explained);
  }
  if (!done) {
    explained.failed = std::move(done).error();
    return explained;
  }
  std::string stored;
  std::string again;
  append_open(stored, event, credit, books.rulebook());
  append_open(again, event, explained.again, books.rulebook());
  explained.is_equal = stored == again && agrees(explained);
  return explained;
}

// ---- the rest

// The last edition of a programme among the facts, or the one that it published as number `index`.
Result<EditionPlace> edition_in(const std::vector<std::pair<std::uint64_t, Fact>>& facts,
                                const Programme& programme, std::optional<std::size_t> index) {
  EditionPlace place;
  std::size_t count = 0;
  for (const auto& [number, fact] : facts) {
    const auto* manifest = std::get_if<Manifest>(&fact);
    if (manifest == nullptr || manifest->programme != programme.id) continue;
    if (count < programme.editions.size() && (!index || count == *index)) {
      place = {programme.editions[count].get(), hash_of(*manifest), number};
    }
    ++count;
  }
  if (place.edition != nullptr) return place;
  return fail(ErrorKind::corrupt, "books.record_does_not_fit",
              {{"what", "edition"}, {"value", programme.id}});
}

std::optional<std::size_t> index_of(const Programme& programme, const Edition* edition) {
  for (std::size_t at = 0; at < programme.editions.size(); ++at) {
    if (programme.editions[at].get() == edition) return at;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> taken_back_by(const PassbookEntry& entry) {
  if (entry.event && entry.event->credit.reverses) return entry.event->links.earlier;
  if (!entry.transaction) return std::nullopt;
  for (const auto& change : entry.transaction->changes) {
    if (const auto* reversed = std::get_if<Reversed>(&change)) return reversed->record;
    const auto* settled = std::get_if<Settled>(&change);
    if (settled != nullptr && settled->state == ledger::QuestionState::taken_back) {
      return settled->record;
    }
  }
  return std::nullopt;
}

// What a reversal names: the record of an event, or of a whole transaction.
std::uint64_t name_of(const PassbookEntry& entry) {
  return entry.leg ? entry.leg->transaction : entry.record;
}

// What the open part still says.
Status read_erased(const journal::Record& record, const Books& books, std::uint64_t number,
                   Explanation& explanation) {
  explanation.is_erased = true;
  const auto kind = static_cast<Kind>(record.open[0]);
  if (kind == Kind::event) {
    TRY(explanation.erased_event, parse_open(record.open, books.rulebook()));
  } else if (kind == Kind::posting) {
    TRY(explanation.erased_leg, parse_leg(record.open, {}, number));
  }
  return {};
}

void take_back(AssetAmounts& balances, const PassbookEntry& of, const Rulebook& rulebook) {
  const auto changes = changes_of(of, rulebook);
  // Wraps where a record was tampered with; the sums are then wrong, not undefined.
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    static_cast<void>(__builtin_sub_overflow(balances[at], changes[at], &balances[at]));
  }
}

// Reads all of the account's entries, which must make its balances: those before and after this
// one, and whether it takes back another or is taken back. Returns the entries before, oldest
// first.
Result<std::vector<PassbookEntry>> walk(const journal::Journal& journal, const Books& books,
                                        AccountIndex account, Explanation& explanation) {
  const auto& entry = explanation.entry;
  const auto& rulebook = books.rulebook();
  // Back from the last entry, which has today's balances.
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    explanation.after[at] = books.accounts().balance(static_cast<ledger::Asset>(at), account);
  }
  std::vector<PassbookEntry> before;
  bool is_found = false;
  const auto reverses = taken_back_by(entry);
  const auto last = books.accounts().holder(account).last_record;
  CHECK_OK(walk_passbook(journal, books, account, last, [&](const PassbookEntry& of) {
    if (of.record > entry.record) {
      take_back(explanation.after, of, rulebook);
      if (taken_back_by(of) == name_of(entry)) explanation.reversed_by = of.record;
    } else if (of.record == entry.record) {
      is_found = true;
    } else {
      if (reverses && name_of(of) == *reverses) explanation.reverses = of;
      before.push_back(of);
    }
    return is_found || of.record > entry.record;
  }));
  if (!is_found) return tl::unexpected(not_of_account(account, entry.record));
  explanation.before = explanation.after;
  take_back(explanation.before, entry, rulebook);
  auto rest = explanation.before;
  for (const auto& of : before) take_back(rest, of, rulebook);
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    if (rest[at] == 0) continue;
    return fail(ErrorKind::corrupt, "statement.differs",
                {{"asset", ledger::name_of(static_cast<ledger::Asset>(at))},
                 {"record", std::to_string(entry.record)}});
  }
  std::reverse(before.begin(), before.end());
  return before;
}

}  // namespace

Result<Explanation> explain(const journal::Journal& journal, const Books& books,
                            AccountIndex account, std::uint64_t record) {
  TRY(const auto bytes, journal.record(record));
  TRY(const auto stored, record_of(bytes));
  const auto& holder = books.accounts().holder(account);
  Explanation explanation;
  // With an account all of its records are erased, and nobody's else.
  const bool of_erased = holder.state == ledger::Holder::State::erased;
  if (stored.erased != of_erased) return tl::unexpected(not_of_account(account, record));
  TRY(explanation.place, place_of(journal, record));
  if (stored.erased) {
    CHECK_OK(read_erased(stored, books, record, explanation));
    return explanation;
  }
  const auto entry = passbook_entry(journal, books.rulebook(), account, record);
  if (!entry && entry.error().code == "passbook.broken") {
    return tl::unexpected(not_of_account(account, record));
  }
  if (!entry) return tl::unexpected(entry.error());
  explanation.entry = *entry;
  TRY(const auto before, walk(journal, books, account, explanation));
  if (entry->fact) return explanation;
  TRY(const auto facts, lasting_before(journal, books, record));
  const auto& programme = books.rulebook().programmes[holder.programme];
  if (entry->event) {
    const auto& event = entry->event->event;
    const auto index = event.withdrawal
                           ? std::nullopt
                           : index_of(programme, books.rulebook().rules[event.rule].edition);
    TRY(explanation.edition, edition_in(facts, programme, index));
    TRY(explanation.event, explain_event(journal, books, account, *entry, facts, before));
    return explanation;
  }
  TRY(explanation.edition, edition_in(facts, programme, std::nullopt));
  auto& transaction = explanation.transaction.emplace();
  if (entry->instruction) {
    const auto terms = terms_in(explanation.edition->edition->scheme().dealings,
                                entry->instruction->action, entry->instruction->data);
    transaction.rule = terms.rule;
    transaction.terms = terms.terms;
  }
  return explanation;
}

}  // namespace partake::books
