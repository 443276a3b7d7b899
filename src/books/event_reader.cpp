#include "books/event_reader.h"

#include <simdjson.h>

#include "books/plain_event.h"

namespace partake::books {
namespace {

using simdjson::ondemand::json_type;

// Between the quotes of a string that holds no escapes, which most do not; empty pointer otherwise.
std::string_view plain_text(std::string_view token) {
  const auto end = token.find('"', 1);
  if (end == std::string_view::npos) return {};
  const auto text = token.substr(1, end - 1);
  return text.find('\\') == std::string_view::npos ? text : std::string_view{};
}

// A string, or a number as it was written; what else stands there as its text.
simdjson::error_code read_scalar(simdjson::ondemand::value value, std::string_view& text,
                                 FieldText::Kind& kind) {
  json_type type{};
  if (const auto error = value.type().get(type)) return error;
  kind = FieldText::Kind::other;
  switch (type) {
    case json_type::string: {
      kind = FieldText::Kind::text;
      text = plain_text(value.raw_json_token());
      if (text.data() == nullptr) return value.get_string().get(text);
      simdjson::ondemand::raw_json_string taken;
      return value.get_raw_json_string().get(taken);
    }
    case json_type::number: {
      kind = FieldText::Kind::number;
      text = value.raw_json_token();
      text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
      // The digits are what counts; that they are a number as JSON has them is checked here.
      double ignored = 0;
      return value.get_double().get(ignored);
    }
    case json_type::boolean: {
      text = value.raw_json_token();
      bool ignored = false;
      return value.get_bool().get(ignored);
    }
    case json_type::null: {
      text = value.raw_json_token();
      // Through get(): what only begins like null is an error, and its conversion would throw.
      bool is_null = false;
      if (const auto error = value.is_null().get(is_null)) return error;
      return is_null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
    case json_type::array: {
      simdjson::ondemand::array array;
      if (const auto error = value.get_array().get(array)) return error;
      return array.raw_json().get(text);
    }
    case json_type::object: {
      simdjson::ondemand::object object;
      if (const auto error = value.get_object().get(object)) return error;
      return object.raw_json().get(text);
    }
  }
  return simdjson::TAPE_ERROR;
}

simdjson::error_code read_key(simdjson::simdjson_result<simdjson::ondemand::field>& member,
                              std::string_view& key) {
  simdjson::ondemand::raw_json_string raw;
  if (const auto error = member.key().get(raw)) return error;
  // A key that was read as one ends with a quote.
  std::size_t size = 0;
  while (raw.raw()[size] != '"' && raw.raw()[size] != '\\') ++size;
  if (raw.raw()[size] == '\\') return member.unescaped_key().get(key);
  key = {raw.raw(), size};
  return simdjson::SUCCESS;
}

}  // namespace

class EventReader::Parser {
 public:
  explicit Parser(const Rulebook& rulebook) : assembler_{rulebook} {}

  enum class Way : std::uint8_t { shortest, general };

  Status read(std::string_view document, Way way, Event& event) {
    if (document.size() > event_bytes_max) {
      return fail(
          ErrorKind::invalid, "event.too_large",
          {{"bytes", std::to_string(document.size())}, {"limit", std::to_string(event_bytes_max)}});
    }
    members_.clear();
    if (way == Way::general || !read_plain_event(document, members_)) {
      members_.clear();
      CHECK_OK(read_members(document));
    }
    if (members_.version != "1.0") {
      const auto version = members_.version.substr(0, 60);
      return fail(ErrorKind::invalid, "event.bad_version",
                  {{"field", "specversion"}, {"value", std::string{version}}});
    }
    return assembler_.assemble(members_.parts, event);
  }

 private:
  static tl::unexpected<Error> malformed(simdjson::error_code error) {
    return fail(ErrorKind::invalid, "event.malformed_json",
                {{"reason", simdjson::error_message(error)}});
  }

  Status read_members(std::string_view document) {
    const simdjson::padded_string_view padded{document.data(), document.size(),
                                              document.size() + simdjson::SIMDJSON_PADDING};
    simdjson::ondemand::document json;
    if (const auto error = parser_.iterate(padded).get(json)) return malformed(error);
    simdjson::ondemand::object object;
    if (const auto error = json.get_object().get(object)) return malformed(error);
    for (auto member : object) {
      std::string_view key;
      if (const auto error = read_key(member, key)) return malformed(error);
      simdjson::ondemand::value value;
      if (const auto error = member.value().get(value)) return malformed(error);
      CHECK_OK(read_member(key, value));
    }
    // At the end there is no location any more.
    const char* location = nullptr;
    if (json.current_location().get(location) == simdjson::SUCCESS) {
      return malformed(simdjson::TAPE_ERROR);
    }
    return {};
  }

  Status read_member(std::string_view key, simdjson::ondemand::value value) {
    if (key == "data") return read_data(value);
    auto* target = members_.attribute(key);
    if (target == nullptr) return {};
    FieldText::Kind kind{};
    if (const auto error = read_scalar(value, *target, kind)) return malformed(error);
    if (kind == FieldText::Kind::other) {
      return fail(ErrorKind::invalid, "event.wrong_type",
                  {{"field", std::string{key}}, {"value", std::string{target->substr(0, 60)}}});
    }
    return {};
  }

  Status read_data(simdjson::ondemand::value value) {
    simdjson::ondemand::object data;
    if (value.get_object().get(data) != simdjson::SUCCESS) {
      return fail(ErrorKind::invalid, "event.wrong_type", {{"field", "data"}, {"value", ""}});
    }
    auto& fields = members_.parts.fields;
    for (auto member : data) {
      if (fields.size() == event_fields_max) {
        return fail(ErrorKind::invalid, "event.too_many_fields",
                    {{"limit", std::to_string(event_fields_max)}});
      }
      auto& field = fields.emplace_back();
      if (const auto error = read_key(member, field.name)) return malformed(error);
      simdjson::ondemand::value content;
      if (const auto error = member.value().get(content)) return malformed(error);
      if (const auto error = read_scalar(content, field.text, field.kind)) return malformed(error);
    }
    return {};
  }

  simdjson::ondemand::parser parser_{event_bytes_max + simdjson::SIMDJSON_PADDING};
  EventAssembler assembler_;
  EventMembers members_;
};

namespace {

void keep(Status status, ReadEvent& into) {
  into.is_good = status.has_value();
  if (!status) into.error = std::move(status).error();
}

}  // namespace

EventReader::EventReader(const Rulebook& rulebook) : parser_{std::make_unique<Parser>(rulebook)} {}
EventReader::~EventReader() = default;
EventReader::EventReader(EventReader&&) noexcept = default;
EventReader& EventReader::operator=(EventReader&&) noexcept = default;

void EventReader::read(std::string_view document, ReadEvent& into) {
  keep(parser_->read(document, Parser::Way::shortest, into.event), into);
}

void EventReader::read_generally(std::string_view document, ReadEvent& into) {
  keep(parser_->read(document, Parser::Way::general, into.event), into);
}

}  // namespace partake::books
