#include <algorithm>

#include "base/whole_number.h"
#include "books/event_reader.h"
#include "books/identities.h"
#include "method/reading.h"

namespace partake::books {
namespace {

constexpr std::array<const char*, outcomes> outcome_names{"accepted", "limited", "duplicate",
                                                          "conflict", "rejected"};

std::string shortened(std::string_view text) { return std::string{text.substr(0, 60)}; }

tl::unexpected<Error> refuse(const char* code, const char* field, std::string_view value) {
  return fail(ErrorKind::invalid, code, {{"field", field}, {"value", shortened(value)}});
}

// The error of a parser, with the field that it was about.
tl::unexpected<Error> of_field(Error error, std::string_view field) {
  error.args.emplace_back("field", std::string{field});
  return tl::unexpected(std::move(error));
}

const FieldText* find_field(const std::vector<FieldText>& fields, std::string_view name) {
  for (const auto& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

// A decimal in 63 bits, as written.
bool read_short_decimal(std::string_view text, StoredValue& value) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  constexpr std::size_t digits_max = 18;
  std::int64_t mantissa = 0;
  std::int32_t exponent = 0;
  bool after_point = false;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '.' && !after_point && digits > 0) {
      after_point = true;
      continue;
    }
    if (c < '0' || c > '9' || ++digits > digits_max) return false;
    mantissa = 10 * mantissa + (c - '0');
    exponent -= after_point ? 1 : 0;
  }
  if (digits == 0 || text.back() == '.') return false;
  value = {negative ? -mantissa : mantissa, exponent};
  return true;
}

Result<StoredValue> read_number(std::string_view text) {
  StoredValue value;
  if (read_short_decimal(text, value)) return value;
  TRY(const auto decimal, parse_decimal(text));
  constexpr Int128 limit = Int128{1} << 62;
  if (decimal.mantissa > limit || decimal.mantissa < -limit) {
    return fail(ErrorKind::invalid, "event.too_many_digits", {{"value", shortened(text)}});
  }
  return StoredValue{static_cast<std::int64_t>(decimal.mantissa), decimal.exponent};
}

}  // namespace

const char* name_of(Outcome outcome) { return outcome_names[static_cast<std::size_t>(outcome)]; }

EventAssembler::EventAssembler(const Rulebook& rulebook) : rulebook_{rulebook} {}

Status EventAssembler::find_source(const Parts& parts, Event& event) {
  if (last_source_ == nullptr || last_source_->name != parts.source) {
    last_source_ = rulebook_.source(parts.source);
    last_rule_ = nullptr;
  }
  if (last_source_ == nullptr) return refuse("event.unknown_source", "source", parts.source);
  if (last_source_->revoked) return refuse("event.source_revoked", "source", parts.source);
  if (!last_source_->may.empty()) return refuse("event.source_instructs", "source", parts.source);
  event.stream = last_source_->stream;
  return {};
}

Status EventAssembler::read_id(std::string_view id, std::string_view sequence, StreamNumber stream,
                               EventId& into) const {
  into.sequence = 0;
  into.text.clear();
  into.hash = {};
  if (rulebook_.streams[stream].numbered) {
    const auto number = parse_whole(sequence);
    if (!number || *number >> 62U != 0) return refuse("event.bad_sequence", "sequence", sequence);
    into.sequence = *number;
    return {};
  }
  if (id.empty() || id.size() > id_bytes_max) return refuse("event.bad_id", "id", id);
  into.text = id;
  into.hash = hash_of_id(stream, id);
  return {};
}

Status EventAssembler::find_rule(const Parts& parts, const Stream& stream, Event& event) {
  if (last_rule_ == nullptr || last_rule_->rule->type != parts.type) {
    const auto& programme = rulebook_.programmes[stream.programme];
    const auto& edition = *programme.editions.back();
    const auto* rule = edition.rule_of(parts.type);
    if (rule == nullptr) return refuse("event.unknown_type", "type", parts.type);
    last_rule_ = &rulebook_.rules[programme.first_rules.back() +
                                  static_cast<std::size_t>(rule - edition.rules().data())];
  }
  event.rule = static_cast<RuleNumber>(last_rule_ - rulebook_.rules.data());
  return {};
}

Status EventAssembler::read_end(const Parts& parts, const Rule& rule, Event& event) const {
  event.length_s = 0;
  if (rule.end_field.empty()) return {};
  const auto* field = find_field(parts.fields, rule.end_field);
  if (field == nullptr || field->kind != FieldText::Kind::text) {
    return refuse("event.field_missing", rule.end_field.c_str(), "");
  }
  auto end = parse_instant(field->text);
  if (!end) return of_field(std::move(end).error(), rule.end_field);
  const auto length = std::chrono::ceil<std::chrono::seconds>(*end - event.time);
  if (length.count() < 0 || length > ledger::act_hours_max) {
    return refuse("event.bad_length", rule.end_field.c_str(), field->text);
  }
  event.length_s = static_cast<std::uint32_t>(length.count());
  return {};
}

Status EventAssembler::read_value(const FieldText& field, const FieldPlan& plan,
                                  const Edition& edition, StoredValue& value) const {
  using Type = method::Input::Type;
  if (plan.input->type == Type::quantity) {
    if (field.kind == FieldText::Kind::other) {
      return refuse("event.wrong_type", plan.field.c_str(), field.text);
    }
    auto number = read_number(field.text);
    if (!number) return of_field(std::move(number).error(), plan.field);
    value = *number;
    return {};
  }
  if (field.kind != FieldText::Kind::text) {
    return refuse("event.wrong_type", plan.field.c_str(), field.text);
  }
  if (plan.input->type == Type::region) {
    auto region = edition.knowledge().library().regions().find(field.text);
    if (!region) return of_field(std::move(region).error(), plan.field);
    value = {region->value, 0};
    return {};
  }
  auto choice = method::read_value(field.text, *plan.input);
  if (!choice) return of_field(std::move(choice).error(), plan.field);
  value = {static_cast<std::int64_t>(*choice), 0};
  return {};
}

Status EventAssembler::assemble(const Parts& parts, Event& event) {
  CHECK_OK(find_source(parts, event));
  const auto& stream = rulebook_.streams[event.stream];
  CHECK_OK(read_id(parts.id, parts.sequence, event.stream, event.id));
  const auto account = ledger::account_of(parts.subject);
  if (!account) return refuse("event.bad_account", "subject", parts.subject);
  event.account = *account;
  auto time = parse_instant(parts.time);
  if (!time) return of_field(std::move(time).error(), "time");
  event.time = *time;
  event.has_earlier = !parts.replaces.empty();
  event.earlier_record = ledger::no_record;
  event.withdrawal = parts.type == withdrawal_type;
  event.value_count = 0;
  event.length_s = 0;
  if (event.withdrawal && !event.has_earlier) {
    return refuse("event.replaces_missing", "replaces", parts.replaces);
  }
  if (event.has_earlier) {
    CHECK_OK(read_id(parts.replaces, parts.replaces, event.stream, event.earlier));
  }
  if (event.withdrawal) return {};
  CHECK_OK(find_rule(parts, stream, event));
  const auto& place = rulebook_.rules[event.rule];
  event.day = place.edition->zone().local_day(event.time);
  CHECK_OK(read_end(parts, *place.rule, event));
  for (const auto& plan : place.rule->fields) {
    const auto* field = find_field(parts.fields, plan.field);
    if (field == nullptr) return refuse("event.field_missing", plan.field.c_str(), "");
    CHECK_OK(read_value(*field, plan, *place.edition, event.values[event.value_count]));
    ++event.value_count;
  }
  return {};
}

}  // namespace partake::books
