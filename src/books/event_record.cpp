#include "books/event_record.h"

#include <algorithm>

#include "base/require.h"
#include "base/varint.h"
#include "books/identities.h"
#include "books/uuid.h"
#include "journal/record.h"

namespace partake::books {
namespace {

// Flags of the open part.
constexpr std::uint8_t flag_limited = 1;
constexpr std::uint8_t flag_reverses = 2;
constexpr std::uint8_t flag_withdrawal = 4;
constexpr std::uint8_t flags_known = 7;

constexpr std::int64_t second_us = 1'000'000;
// A hidden part has room for the commitment that may take its place.
constexpr std::size_t body_bytes_min = journal::hidden_bytes_min - journal::salt_bytes;
void append_id(std::string& bytes, const EventId& id, bool numbered) {
  if (numbered) return append_varint(bytes, id.sequence);
  if (Uuid uuid; parse_uuid(id.text, uuid)) {
    append_varint(bytes, 0);  // No text is this short.
    bytes.append(uuid.begin(), uuid.end());
    return;
  }
  append_varint(bytes, id.text.size());
  bytes += id.text;
}

tl::unexpected<Error> malformed(const char* part) {
  return fail(ErrorKind::corrupt, "record.malformed_event", {{"part", part}});
}

bool take_id(std::string_view& bytes, EventId& id, StreamNumber stream, const Rulebook& rulebook) {
  if (rulebook.streams[stream].numbered) return take_varint(bytes, id.sequence);
  std::uint64_t size = 0;
  if (!take_varint(bytes, size)) return false;
  Uuid uuid;
  const bool is_uuid = size == 0;
  if (is_uuid) size = uuid.size();
  if (size > bytes.size() || (!is_uuid && size > id_bytes_max)) return false;
  if (is_uuid) {
    std::copy_n(bytes.begin(), size, uuid.begin());
    id.text = to_string(uuid);
  } else {
    id.text = bytes.substr(0, size);
  }
  id.hash = hash_of_id(stream, id.text);
  bytes.remove_prefix(size);
  return true;
}

void append_amounts(std::string& open, const Amounts& amounts, std::size_t count) {
  for (std::size_t at = 0; at < count; ++at) append_varint(open, to_zigzag(amounts[at]));
}

bool take_amounts(std::string_view& open, Amounts& amounts, std::size_t count) {
  for (std::size_t at = 0; at < count; ++at) {
    std::uint64_t value = 0;
    if (!take_varint(open, value)) return false;
    amounts[at] = from_zigzag(value);
  }
  return true;
}

bool take_rule(std::string_view& open, RuleNumber& rule, const Rulebook& rulebook) {
  std::uint64_t number = 0;
  if (!take_varint(open, number) || number >= rulebook.rules.size()) return false;
  rule = static_cast<RuleNumber>(number);
  return true;
}

// How far back another record lies; 0 where there is none.
void append_back(std::string& body, std::uint64_t other, std::uint64_t number) {
  append_varint(body, other == ledger::no_record ? 0 : number - other);
}
bool take_back(std::string_view& body, std::uint64_t& other, std::uint64_t number) {
  std::uint64_t back = 0;
  if (!take_varint(body, back) || back > number) return false;
  other = back == 0 ? ledger::no_record : number - back;
  return true;
}

bool take_values(std::string_view& body, Event& event, const Rule& rule) {
  if (!rule.end_field.empty()) {
    std::uint64_t length = 0;
    if (!take_varint(body, length) || length > 0xFFFFFFFFU) return false;
    event.length_s = static_cast<std::uint32_t>(length);
  }
  event.value_count = static_cast<std::uint32_t>(rule.fields.size());
  for (std::size_t at = 0; at < rule.fields.size(); ++at) {
    auto& value = event.values[at];
    std::uint64_t mantissa = 0;
    if (!take_varint(body, mantissa)) return false;
    value.mantissa = from_zigzag(mantissa);
    if (rule.fields[at].input->type != method::Input::Type::quantity) continue;
    std::uint64_t exponent = 0;
    if (!take_varint(body, exponent) || exponent > 2000) return false;
    value.exponent = static_cast<std::int32_t>(from_zigzag(exponent));
  }
  return true;
}

}  // namespace

// Most times are whole seconds, which take five bytes instead of eight.
void append_time(std::string& bytes, Instant time) {
  const auto us = time.time_since_epoch().count();
  const bool whole = us % second_us == 0;
  append_varint(bytes, to_zigzag(whole ? us / second_us : us) << 1U | (whole ? 0U : 1U));
}

bool take_time(std::string_view& bytes, Instant& time) {
  std::uint64_t value = 0;
  if (!take_varint(bytes, value)) return false;
  const auto count = from_zigzag(value >> 1U);
  // Within what days can name, so that nothing that follows overflows.
  constexpr std::int64_t limit_s = std::int64_t{1} << 34U;
  const bool whole = (value & 1U) == 0;
  const auto limit = whole ? limit_s : limit_s * second_us;
  if (count > limit || count < -limit) return false;
  time = Instant{std::chrono::microseconds{whole ? count * second_us : count}};
  return true;
}

void append_content(std::string& body, const Event& event, const Rulebook& rulebook) {
  append_varint(body, event.account.value);
  append_varint(body, event.stream);
  append_time(body, event.time);
  append_id(body, event.id, rulebook.streams[event.stream].numbered);
  if (event.withdrawal) return;
  const auto& rule = *rulebook.rules[event.rule].rule;
  if (!rule.end_field.empty()) append_varint(body, event.length_s);
  for (std::size_t at = 0; at < rule.fields.size(); ++at) {
    append_varint(body, to_zigzag(event.values[at].mantissa));
    if (rule.fields[at].input->type != method::Input::Type::quantity) continue;
    append_varint(body, to_zigzag(event.values[at].exponent));
  }
}

void append_open(std::string& open, const Event& event, const Credit& credit,
                 const Rulebook& rulebook) {
  open += static_cast<char>(Kind::event);
  open += static_cast<char>((credit.limits != 0 ? flag_limited : 0) |
                            (credit.reverses ? flag_reverses : 0) |
                            (event.withdrawal ? flag_withdrawal : 0));
  if (!event.withdrawal) {
    const auto& rule = *rulebook.rules[event.rule].rule;
    append_varint(open, event.rule);
    append_amounts(open, credit.credited, rule.amounts());
    if (credit.limits != 0) {
      open += static_cast<char>(credit.limits);
      append_amounts(open, credit.computed, rule.postings.size());
    }
  }
  if (!credit.reverses) return;
  append_varint(open, credit.reversed_rule);
  append_amounts(open, credit.reversed, rulebook.rules[credit.reversed_rule].rule->amounts());
}

void append_body(std::string& body, const Event& event, const Links& links, std::uint64_t number,
                 const Rulebook& rulebook) {
  const auto start = body.size();
  append_content(body, event, rulebook);
  append_back(body, links.previous, number);
  if (links.earlier != ledger::no_record) {
    append_back(body, links.earlier, number);
    append_time(body, links.earlier_time);
  }
  if (body.size() - start < body_bytes_min) body.append(body_bytes_min - (body.size() - start), 0);
}

namespace {

// What the method computed, where less was credited.
bool take_limited(std::string_view& open, const Rule& rule, Credit& credit) {
  if (open.empty() || open[0] < 1 || open[0] > 3) return false;
  credit.limits = static_cast<std::uint8_t>(open[0]);
  open.remove_prefix(1);
  return take_amounts(open, credit.computed, rule.postings.size());
}

Status take_open(std::string_view open, const Rulebook& rulebook, EventRecord& record) {
  auto& credit = record.credit = {};
  if (open.size() < 2 || open[0] != static_cast<char>(Kind::event)) return malformed("kind");
  const auto flags = static_cast<std::uint8_t>(open[1]);
  open.remove_prefix(2);
  if ((flags & ~flags_known) != 0) return malformed("flags");
  record.event.withdrawal = (flags & flag_withdrawal) != 0;
  credit.reverses = (flags & flag_reverses) != 0;
  if (record.event.withdrawal && (!credit.reverses || (flags & flag_limited) != 0)) {
    return malformed("flags");
  }
  if (!record.event.withdrawal) {
    if (!take_rule(open, record.event.rule, rulebook)) return malformed("rule");
    const auto& rule = *rulebook.rules[record.event.rule].rule;
    if (!take_amounts(open, credit.credited, rule.amounts())) return malformed("amounts");
    credit.computed = credit.credited;
    if ((flags & flag_limited) != 0 && !take_limited(open, rule, credit)) {
      return malformed("limits");
    }
  }
  if (credit.reverses) {
    if (!take_rule(open, credit.reversed_rule, rulebook)) return malformed("rule");
    const auto& rule = *rulebook.rules[credit.reversed_rule].rule;
    if (!take_amounts(open, credit.reversed, rule.amounts())) return malformed("amounts");
  }
  if (!open.empty()) return malformed("length");
  return {};
}

}  // namespace

Result<EventRecord> parse_open(std::string_view open, const Rulebook& rulebook) {
  EventRecord record;
  CHECK_OK(take_open(open, rulebook, record));
  return record;
}

Status parse_event(std::string_view open, std::string_view body, std::uint64_t number,
                   const Rulebook& rulebook, EventRecord& record) {
  CHECK_OK(take_open(open, rulebook, record));
  auto& event = record.event;
  event.id.sequence = 0;
  event.id.text.clear();
  event.id.hash = {};
  event.rule = event.withdrawal ? 0 : event.rule;
  event.day = {};
  event.length_s = 0;
  event.value_count = 0;
  event.values = {};
  const auto whole = body.size();
  std::uint64_t stream = 0;
  if (!take_varint(body, event.account.value)) return malformed("account");
  if (!take_varint(body, stream) || stream >= rulebook.streams.size()) return malformed("stream");
  event.stream = static_cast<StreamNumber>(stream);
  if (!take_time(body, event.time)) return malformed("time");
  if (!take_id(body, event.id, event.stream, rulebook)) return malformed("id");
  if (!event.withdrawal && !take_values(body, event, *rulebook.rules[event.rule].rule)) {
    return malformed("values");
  }
  if (!event.withdrawal) {
    event.day = rulebook.rules[event.rule].edition->zone().local_day(event.time);
  }
  auto& links = record.links = {};
  if (!take_back(body, links.previous, number)) return malformed("previous record");
  if (record.credit.reverses) {
    const bool good = take_back(body, links.earlier, number) &&
                      links.earlier != ledger::no_record && take_time(body, links.earlier_time);
    if (!good) return malformed("earlier record");
  }
  event.has_earlier = record.credit.reverses;
  event.earlier_record = links.earlier;
  const bool padded = whole == body_bytes_min && body.find_first_not_of('\0') == body.npos;
  if (!body.empty() && !padded) return malformed("length");
  return {};
}

Result<EventRecord> parse_event(std::string_view open, std::string_view body, std::uint64_t number,
                                const Rulebook& rulebook) {
  EventRecord record;
  CHECK_OK(parse_event(open, body, number, rulebook, record));
  return record;
}

}  // namespace partake::books
