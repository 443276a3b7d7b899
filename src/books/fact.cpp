#include "books/fact.h"

#include <algorithm>

#include "base/utf8.h"
#include "books/members.h"

namespace partake::books {
namespace {

tl::unexpected<Error> malformed(const char* field) {
  return fail(ErrorKind::corrupt, "record.malformed_fact", {{"field", field}});
}

Json consent_json(const ConsentGiven& consent) {
  return Json::Object{{"source", consent.source},
                      {"purpose", consent.purpose},
                      {"until", to_string(consent.until)}};
}
ConsentGiven consent_in(Members& members) {
  return {members.text("source"), members.text("purpose"), members.day("until")};
}

void add_record(Json::Object& json, const char* key, std::uint64_t record) {
  if (record == ledger::no_record) return;
  json.emplace_back(key, Json::integer(static_cast<std::int64_t>(record)));
}

std::string open_text(Kind kind, const Json& json) {
  return static_cast<char>(kind) + canonical(json);
}

struct Writer {
  FactText operator()(const Content& content) const {
    return {open_text(Kind::content, to_json(content)), ""};
  }
  FactText operator()(const Manifest& manifest) const {
    return {open_text(Kind::edition, to_json(manifest)), ""};
  }
  FactText operator()(const AccountsOpened& opened) const {
    Json::Array consents;
    for (const auto& consent : opened.consents) consents.push_back(consent_json(consent));
    Json::Object open{{"programme", opened.programme},
                      {"actor", opened.actor},
                      {"count", Json::integer(static_cast<std::int64_t>(opened.count))},
                      {"consents", std::move(consents)}};
    if (!opened.group.empty()) open.emplace_back("group", opened.group);
    return {open_text(Kind::accounts, Json{std::move(open)}), ""};
  }
  FactText operator()(const SourceState& source) const {
    Json::Object open{{"source", source.source},
                      {"programme", source.programme},
                      {"tier", source.tier},
                      {"numbered", source.numbered},
                      {"epoch", Json::integer(source.epoch)},
                      {"key", to_hex(source.key_hash)},
                      {"revoked", source.revoked}};
    if (!source.may.empty()) {
      open.emplace_back("may", Json::Array{source.may.begin(), source.may.end()});
    }
    return {open_text(Kind::source, Json{std::move(open)}), ""};
  }
  FactText operator()(const PartyNamed& named) const {
    return {open_text(Kind::party, Json::Object{{"programme", named.programme},
                                                {"party", named.party},
                                                {"account", ledger::to_string(named.account)}}),
            ""};
  }
  FactText operator()(const ConsentChange& change) const {
    Json::Object body{{"account", ledger::to_string(change.account)},
                      {"consent", consent_json(change.consent)},
                      {"granted", change.granted}};
    add_record(body, "previous", change.previous);
    return {std::string{static_cast<char>(Kind::consent)}, canonical(Json{std::move(body)})};
  }
  FactText operator()(const AccountStateChange& change) const {
    Json::Object body{{"account", ledger::to_string(change.account)}, {"frozen", change.frozen}};
    add_record(body, "previous", change.previous);
    return {std::string{static_cast<char>(Kind::account_state)}, canonical(Json{std::move(body)})};
  }
  FactText operator()(const Erasure& erasure) const {
    Json::Object balances;
    for (const auto& [asset, amount] : erasure.balances) {
      balances.emplace_back(asset, std::to_string(amount));
    }
    Json::Object open{{"account", ledger::to_string(erasure.account)},
                      {"programme", erasure.programme},
                      {"records", Json::integer(static_cast<std::int64_t>(erasure.records))},
                      {"balances", std::move(balances)},
                      {"why", erasure.why}};
    add_record(open, "last", erasure.last_record);
    return {open_text(Kind::erasure, Json{std::move(open)}), ""};
  }
};

// Texts that come from outside; all others are our own.
struct Texts {
  using Fields = std::vector<std::pair<const char*, std::string_view>>;
  Fields operator()(const Content& content) const {
    return {{"name", content.name}, {"text", content.text}};
  }
  Fields operator()(const Manifest& manifest) const {
    return {{"programme", manifest.programme}, {"version", manifest.version}};
  }
  Fields operator()(const AccountsOpened& opened) const {
    Fields fields{
        {"programme", opened.programme}, {"actor", opened.actor}, {"group", opened.group}};
    for (const auto& consent : opened.consents) add(fields, consent);
    return fields;
  }
  Fields operator()(const SourceState& source) const {
    Fields fields{
        {"source", source.source}, {"programme", source.programme}, {"tier", source.tier}};
    for (const auto& action : source.may) fields.emplace_back("may", action);
    return fields;
  }
  Fields operator()(const PartyNamed& named) const {
    return {{"programme", named.programme}, {"party", named.party}};
  }
  Fields operator()(const ConsentChange& change) const {
    Fields fields;
    add(fields, change.consent);
    return fields;
  }
  Fields operator()(const AccountStateChange&) const { return {}; }
  Fields operator()(const Erasure& erasure) const {
    return {{"programme", erasure.programme}, {"why", erasure.why}};
  }

 private:
  static void add(Fields& fields, const ConsentGiven& consent) {
    fields.emplace_back("source", consent.source);
    fields.emplace_back("purpose", consent.purpose);
  }
};

Result<std::optional<Fact>> parse_accounts(const Json& json) {
  Members members{json};
  AccountsOpened opened{
      members.text("programme"), members.text("actor"), members.whole("count"), {}, {}};
  for (const auto& entry : members.list("consents")) {
    Members consent{entry};
    opened.consents.push_back(consent_in(consent));
    CHECK_OK(consent.status());
  }
  if (members.has("group")) opened.group = members.text("group");
  if (opened.count == 0 || !actor_kind_of(opened.actor)) members.miss("actor");
  CHECK_OK(members.status());
  return opened;
}

Result<std::optional<Fact>> parse_source(const Json& json) {
  Members members{json};
  SourceState source{members.text("source"),
                     members.text("programme"),
                     members.text("tier"),
                     members.flag("numbered"),
                     static_cast<std::uint32_t>(members.whole("epoch")),
                     {},
                     members.flag("revoked"),
                     {}};
  if (members.has("may")) {
    for (const auto& action : members.list("may")) {
      if (action.string() == nullptr) members.miss("may");
      source.may.push_back(action.string() == nullptr ? "" : *action.string());
    }
  }
  const auto key = hash_from_hex(members.text("key"));
  if (!key) members.miss("key");
  if (source.tier != "A" && source.tier != "B" && source.tier != "C") members.miss("tier");
  CHECK_OK(members.status());
  source.key_hash = *key;
  return source;
}

Result<std::optional<Fact>> parse_consent(const Json& json) {
  static const Json none;
  const auto* given = json.find("consent");
  Members members{json};
  Members consent{given == nullptr ? none : *given};
  ConsentChange change{members.account(), consent_in(consent), members.flag("granted"),
                       members.record("previous")};
  CHECK_OK(members.status());
  CHECK_OK(consent.status());
  return change;
}

Result<std::optional<Fact>> parse_account_state(const Json& json) {
  Members members{json};
  const AccountStateChange change{members.account(), members.flag("frozen"),
                                  members.record("previous")};
  CHECK_OK(members.status());
  return change;
}

Result<std::optional<Fact>> parse_party(const Json& json) {
  Members members{json};
  PartyNamed named{members.text("programme"), members.text("party"), members.account()};
  CHECK_OK(members.status());
  return named;
}

Result<std::optional<Fact>> parse_erasure(const Json& json) {
  Members members{json};
  Erasure erasure{members.account(),
                  members.text("programme"),
                  members.record("last"),
                  members.whole("records"),
                  {},
                  members.text("why")};
  for (const auto& [asset, amount] : members.object("balances")) {
    const auto* text = amount.string();
    const auto value = text == nullptr ? std::nullopt : Members::amount_of(*text);
    if (!value) members.miss("balances");
    erasure.balances.emplace_back(asset, value.value_or(0));
  }
  if (erasure.why.size() > why_bytes_max) members.miss("why");
  CHECK_OK(members.status());
  return erasure;
}

}  // namespace

std::optional<std::uint8_t> actor_kind_of(std::string_view name) {
  const auto* const found = std::find(actor_kinds.begin(), actor_kinds.end(), name);
  if (found == actor_kinds.end()) return std::nullopt;
  return static_cast<std::uint8_t>(found - actor_kinds.begin());
}

FactText text_of(const Fact& fact) { return std::visit(Writer{}, fact); }

Result<WrittenFact> write_fact(const Fact& fact) {
  for (const auto& [field, text] : std::visit(Texts{}, fact)) {
    if (!is_utf8(text)) return fail(ErrorKind::invalid, "fact.not_utf8", {{"field", field}});
  }
  WrittenFact written{text_of(fact), {}};
  TRY(auto read, parse_fact(written.text.open, written.text.body));
  if (!read) return malformed("body");
  written.fact = *std::move(read);
  return written;
}

Result<std::optional<Fact>> parse_fact(std::string_view open, std::string_view body) {
  if (open.empty()) return malformed("kind");
  const auto kind = static_cast<Kind>(open[0]);
  open.remove_prefix(1);
  const bool hidden = kind == Kind::consent || kind == Kind::account_state;
  if (hidden && body.empty()) return std::nullopt;
  TRY(const auto json, parse_json(hidden ? body : open));
  switch (kind) {
    case Kind::content: {
      TRY(auto content, content_of(json));
      return content;
    }
    case Kind::edition: {
      TRY(auto manifest, manifest_of(json));
      return manifest;
    }
    case Kind::accounts:
      return parse_accounts(json);
    case Kind::source:
      return parse_source(json);
    case Kind::consent:
      return parse_consent(json);
    case Kind::account_state:
      return parse_account_state(json);
    case Kind::erasure:
      return parse_erasure(json);
    case Kind::party:
      return parse_party(json);
    case Kind::event:
    case Kind::transaction:
    case Kind::posting:
      break;
  }
  return malformed("kind");
}

}  // namespace partake::books
