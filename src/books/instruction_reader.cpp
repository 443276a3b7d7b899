#include "books/instruction_reader.h"

#include "base/utf8.h"
#include "books/event_batch.h"
#include "books/transact.h"

namespace partake::books {
namespace {

tl::unexpected<Error> refuse(const char* code, const char* key, std::string value) {
  return fail(ErrorKind::invalid, code, {{key, std::move(value)}});
}

Result<std::string> text_of(const Json& event, const char* key) {
  const auto* member = event.find(key);
  if (member == nullptr) return std::string{};
  if (member->string() != nullptr) return *member->string();
  return refuse("event.wrong_type", "field", key);
}

// A key that stands twice in an object, which canonical form has side by side; null if none does.
const std::string* doubled_key(const Json& value) {
  if (const auto* object = value.object()) {
    const std::string* before = nullptr;
    for (const auto& [key, member] : *object) {
      if (before != nullptr && *before == key) return &key;
      before = &key;
      if (const auto* within = doubled_key(member)) return within;
    }
  }
  if (const auto* array = value.array()) {
    for (const auto& member : *array) {
      if (const auto* within = doubled_key(member)) return within;
    }
  }
  return nullptr;
}

}  // namespace

Result<Instruction> read_instruction(std::string_view document, const Rulebook& rulebook) {
  if (document.size() > event_bytes_max) {
    return tl::unexpected(too_large(std::to_string(document.size())));
  }
  const auto event = parse_json(document);
  if (!event || event->object() == nullptr) {
    return fail(ErrorKind::invalid, "event.malformed_json");
  }
  TRY(const auto version, text_of(*event, "specversion"));
  if (version != "1.0") return refuse("event.bad_version", "specversion", version);
  TRY(const auto name, text_of(*event, "source"));
  const auto* source = rulebook.source(name);
  if (source == nullptr) return refuse("event.unknown_source", "source", name);
  if (source->revoked) return refuse("event.source_revoked", "source", name);
  if (source->may.empty()) return refuse("transaction.source_reports", "source", name);
  Instruction instruction;
  instruction.stream = source->stream;
  TRY(const auto id, text_of(*event, "id"));
  if (id.empty() || id.size() > id_bytes_max || !is_utf8(id)) {
    return refuse("event.bad_id", "id", id);
  }
  instruction.id = to_nfc(id);
  TRY(const auto type, text_of(*event, "type"));
  if (!type.starts_with(action_prefix)) return refuse("transaction.unknown_action", "action", type);
  instruction.action = type.substr(action_prefix.size());
  TRY(const auto time_text, text_of(*event, "time"));
  auto time = parse_instant(time_text);
  if (!time) {
    time.error().args.emplace_back("field", "time");
    return tl::unexpected(std::move(time).error());
  }
  instruction.time = *time;
  const auto* data = event->find("data");
  if (data == nullptr) return refuse("transaction.field_missing", "field", "data");
  if (data->object() == nullptr) return refuse("event.wrong_type", "field", "data");
  // As the record will hold it, so that it is decided as it will be read there.
  TRY(instruction.data, parse_json(canonical(*data)));
  if (const auto* key = doubled_key(instruction.data)) {
    return refuse("transaction.key_twice", "key", *key);
  }
  return instruction;
}

}  // namespace partake::books
