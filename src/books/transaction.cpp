#include "books/transaction.h"

#include "base/varint.h"
#include "books/event_record.h"
#include "books/members.h"

namespace partake::books {
namespace {

constexpr std::size_t padded_min = 16;  // With its salt a hidden part has room for a commitment.

tl::unexpected<Error> malformed(const char* field) {
  return fail(ErrorKind::corrupt, "record.malformed_transaction", {{"field", field}});
}

Json number(std::uint64_t value) { return Json::integer(static_cast<std::int64_t>(value)); }
Json amount(std::int64_t value) { return std::to_string(value); }
void add_leg(Json::Object& json, const char* key, std::optional<LegNumber> leg) {
  if (leg) json.emplace_back(key, number(*leg));
}

struct ChangeWriter {
  Json operator()(const HoldPlaced& placed) const {
    Json::Object json{{"change", "hold"},
                      {"hold", number(placed.hold)},
                      {"rule", placed.rule},
                      {"leg", number(placed.leg)},
                      {"asset", ledger::name_of(placed.asset)},
                      {"amount", amount(placed.amount)},
                      {"until", to_string(placed.until)}};
    add_leg(json, "payee", placed.payee);
    return json;
  }
  Json operator()(const HoldTaken& taken) const {
    return Json::Object{
        {"change", "taken"}, {"hold", number(taken.hold)}, {"amount", amount(taken.amount)}};
  }
  Json operator()(const UnitsIssued& issued) const {
    return Json::Object{{"change", "issued"},
                        {"units", issued.units},
                        {"first", number(issued.first)},
                        {"count", number(issued.count)},
                        {"vintage", Json::integer(issued.vintage)},
                        {"state", ledger::name_of(issued.state)},
                        {"leg", number(issued.leg)}};
  }
  Json operator()(const UnitsChanged& changed) const {
    Json::Object json{{"change", "units"},
                      {"units", changed.units},
                      {"first", number(changed.first)},
                      {"last", number(changed.last)},
                      {"state", ledger::name_of(changed.state)}};
    add_leg(json, "leg", changed.leg);
    add_leg(json, "creditor", changed.creditor);
    return json;
  }
  Json operator()(const OrderPlaced& placed) const {
    return Json::Object{{"change", "ordered"},           {"order", number(placed.order)},
                        {"reward", placed.reward},       {"leg", number(placed.leg)},
                        {"funded", placed.needs_funder}, {"asset", ledger::name_of(placed.asset)},
                        {"cost", amount(placed.cost)}};
  }
  Json operator()(const OrderChanged& changed) const {
    return Json::Object{{"change", "order"},
                        {"order", number(changed.order)},
                        {"state", ledger::name_of(changed.state)}};
  }
  Json operator()(const SplitDone& done) const {
    Json::Array shares;
    for (const auto& [party, share] : done.shares) {
      shares.emplace_back(Json::Object{{"party", party}, {"amount", amount(share)}});
    }
    return Json::Object{{"change", "split"},
                        {"split", done.split},
                        {"period", done.period},
                        {"shares", std::move(shares)}};
  }
  Json operator()(const PeriodClosed& closed) const {
    return Json::Object{{"change", "closed"}, {"split", closed.split}, {"period", closed.period}};
  }
  Json operator()(const Reversed& reversed) const {
    return Json::Object{{"change", "reversed"}, {"record", number(reversed.record)}};
  }
  Json operator()(const Questioned& asked) const {
    Json::Array missing;
    for (const auto& [asset, left_out] : asked.missing) {
      missing.emplace_back(
          Json::Object{{"asset", ledger::name_of(asset)}, {"amount", amount(left_out)}});
    }
    return Json::Object{{"change", "question"},           {"question", number(asked.question)},
                        {"record", number(asked.record)}, {"leg", number(asked.leg)},
                        {"stream", number(asked.stream)}, {"finding", asked.finding},
                        {"missing", std::move(missing)}};
  }
  Json operator()(const Settled& settled) const {
    Json::Object json{{"change", "settled"},
                      {"question", number(settled.question)},
                      {"record", number(settled.record)},
                      {"state", ledger::name_of(settled.state)}};
    if (settled.rule) json.emplace_back("rule", number(*settled.rule));
    return json;
  }
};

class ChangeReader : public Members {
 public:
  using Members::Members;

  std::optional<Change> read() {
    const auto kind = text("change");
    if (kind == "hold") {
      return HoldPlaced{whole("hold"),  text("rule"),     leg("leg"),  optional_leg("payee"),
                        asset("asset"), amount("amount"), day("until")};
    }
    if (kind == "taken") return HoldTaken{whole("hold"), amount("amount")};
    if (kind == "issued") {
      return UnitsIssued{text("units"),  whole("first"),
                         whole("count"), static_cast<std::int32_t>(whole("vintage")),
                         unit_state(),   leg("leg")};
    }
    if (kind == "units") {
      return UnitsChanged{text("units"), whole("first"),      whole("last"),
                          unit_state(),  optional_leg("leg"), optional_leg("creditor")};
    }
    if (kind == "ordered") {
      return OrderPlaced{whole("order"), text("reward"), leg("leg"),
                         flag("funded"), asset("asset"), amount("cost")};
    }
    if (kind == "order") {
      const auto state = ledger::order_state_of(text("state"));
      if (!state) miss("state");
      return OrderChanged{whole("order"), state.value_or(ledger::OrderState::placed)};
    }
    if (kind == "split") return split();
    if (kind == "closed") return PeriodClosed{text("split"), text("period")};
    if (kind == "reversed") return Reversed{whole("record")};
    if (kind == "question") return question();
    if (kind == "settled") return settled();
    miss("change");
    return std::nullopt;
  }

 private:
  LegNumber leg(const char* key) {
    const auto value = whole(key);
    if (value >= legs_max) miss(key);
    return static_cast<LegNumber>(value);
  }
  std::optional<LegNumber> optional_leg(const char* key) {
    if (!has(key)) return std::nullopt;
    return leg(key);
  }
  ledger::Asset asset(const char* key) {
    const auto asset = ledger::asset_of(text(key));
    if (!asset) miss(key);
    return asset.value_or(ledger::Asset::co2e);
  }
  ledger::UnitState unit_state() {
    const auto state = ledger::unit_state_of(text("state"));
    if (!state) miss("state");
    return state.value_or(ledger::UnitState::held);
  }
  SplitDone split() {
    SplitDone done{text("split"), text("period"), {}};
    for (const auto& entry : list("shares")) {
      Members share{entry};
      done.shares.emplace_back(share.text("party"), share.amount("amount"));
      if (!share.status()) miss("shares");
    }
    return done;
  }
  Questioned question() {
    Questioned asked{whole("question"), whole("record"),
                     leg("leg"),        static_cast<StreamNumber>(whole("stream")),
                     text("finding"),   {}};
    for (const auto& entry : list("missing")) {
      ChangeReader missing{entry};
      const auto asset = missing.asset("asset");
      asked.missing.emplace_back(asset, missing.amount("amount"));
      if (!missing.status()) miss("missing");
    }
    return asked;
  }
  Settled settled() {
    const auto name = text("state");
    const auto* const kept = ledger::name_of(ledger::QuestionState::kept);
    const auto* const taken_back = ledger::name_of(ledger::QuestionState::taken_back);
    if (name != kept && name != taken_back) miss("state");
    Settled settled{whole("question"), whole("record"), ledger::QuestionState::kept, {}};
    if (name != taken_back) return settled;
    settled.state = ledger::QuestionState::taken_back;
    settled.rule = static_cast<RuleNumber>(whole("rule"));
    return settled;
  }
};

}  // namespace

Json changes_json(const Transaction& transaction) {
  Json::Array changes;
  for (const auto& change : transaction.changes) {
    changes.push_back(std::visit(ChangeWriter{}, change));
  }
  return changes;
}

std::string open_text(const Transaction& transaction) {
  const Json json{Json::Object{{"action", transaction.action},
                               {"programme", transaction.programme},
                               {"changes", changes_json(transaction)},
                               {"legs", number(transaction.legs.size())}}};
  return static_cast<char>(Kind::transaction) + canonical(json);
}

std::string body_text(const Instruction& instruction) {
  return canonical(
      Json{Json::Object{{"stream", number(instruction.stream)},
                        {"id", instruction.id},
                        {"time", Json::integer(instruction.time.time_since_epoch().count())},
                        {"data", instruction.data}}});
}

std::string open_text(const Leg& leg) {
  std::string open{static_cast<char>(Kind::posting)};
  for (const auto& [asset, amount] : leg.amounts) {
    open += static_cast<char>(asset);
    append_varint(open, to_zigzag(amount));
  }
  return open;
}

std::string body_text(const Leg& leg, std::uint64_t number, std::uint64_t transaction) {
  std::string body;
  append_varint(body, leg.account.value_or(AccountIndex{}).value);
  append_varint(body, leg.previous == ledger::no_record ? 0 : number - leg.previous);
  append_varint(body, number - transaction);
  if (leg.act) append_time(body, *leg.act);
  body.resize(std::max(body.size(), padded_min), '\0');
  return body;
}

Result<Transaction> parse_transaction(std::string_view open) {
  if (open.empty() || static_cast<Kind>(open[0]) != Kind::transaction) return malformed("kind");
  TRY(const auto json, parse_json(open.substr(1)));
  Members members{json};
  Transaction transaction;
  transaction.action = members.text("action");
  transaction.programme = members.text("programme");
  transaction.leg_count = members.whole("legs");
  if (transaction.leg_count > legs_max) members.miss("legs");
  const auto& changes = members.list("changes");
  if (changes.size() > changes_max) members.miss("changes");
  CHECK_OK(members.status());
  for (const auto& entry : changes) {
    ChangeReader reader{entry};
    auto change = reader.read();
    CHECK_OK(reader.status());
    transaction.changes.push_back(*std::move(change));
  }
  return transaction;
}

Result<Instruction> parse_instruction(std::string_view body, const std::string& action) {
  TRY(const auto json, parse_json(body));
  Members members{json};
  Instruction instruction;
  instruction.stream = static_cast<StreamNumber>(members.whole("stream"));
  instruction.id = members.text("id");
  const auto time = members.integer("time");
  instruction.time = Instant{std::chrono::microseconds{time}};
  instruction.action = action;
  const auto& data = members.object("data");
  CHECK_OK(members.status());
  instruction.data = data;
  return instruction;
}

Result<Leg> parse_leg(std::string_view open, std::string_view body, std::uint64_t number) {
  const auto malformed = [](const char* part) {
    return fail(ErrorKind::corrupt, "record.malformed_posting", {{"part", part}});
  };
  if (open.empty() || static_cast<Kind>(open[0]) != Kind::posting) return malformed("kind");
  open.remove_prefix(1);
  Leg leg;
  while (!open.empty()) {
    const auto asset = static_cast<unsigned char>(open[0]);
    open.remove_prefix(1);
    std::uint64_t value = 0;
    if (asset >= ledger::assets || !take_varint(open, value)) return malformed("amount");
    leg.amounts.emplace_back(static_cast<ledger::Asset>(asset), from_zigzag(value));
  }
  if (body.empty()) return leg;
  std::uint64_t account = 0;
  std::uint64_t back = 0;
  if (!take_varint(body, account) || account >= ledger::accounts_max) return malformed("account");
  if (!take_varint(body, back) || back > number) return malformed("previous record");
  std::uint64_t home = 0;
  if (!take_varint(body, home) || home == 0 || home > number || home > legs_max) {
    return malformed("transaction");
  }
  // No act was at the beginning of 1970, so that what is not padding begins with no zero.
  if (!body.empty() && body.front() != '\0') {
    Instant act;
    if (!take_time(body, act)) return malformed("time");
    leg.act = act;
  }
  if (body.find_first_not_of('\0') != std::string_view::npos) return malformed("padding");
  leg.account = AccountIndex{account};
  if (back != 0) leg.previous = number - back;
  leg.transaction = number - home;
  return leg;
}

std::size_t transaction_bytes(const Instruction& instruction, const Transaction& transaction) {
  // Kinds, sizes and salts of records, and the longest spelling of what a leg holds.
  constexpr std::size_t frame = 48;
  constexpr std::size_t leg_max = 64;
  auto bytes = open_text(transaction).size() + body_text(instruction).size() + frame;
  for (const auto& leg : transaction.legs) bytes += open_text(leg).size() + leg_max + frame;
  return bytes;
}

}  // namespace partake::books
