#include "base/json.h"

#include <cctype>

#include <simdjson.h>

#include "base/utf8.h"

namespace partake {
namespace {

namespace ondemand = simdjson::ondemand;

// Every node is visited, so a value that simdjson would only check lazily is checked here.
// Throws simdjson_error, caught in parse_json.
Json convert(ondemand::value value, std::size_t levels_left) {
  const auto type = value.type().value();
  const bool nests = type == ondemand::json_type::array || type == ondemand::json_type::object;
  if (nests && levels_left == 0) throw simdjson::simdjson_error{simdjson::DEPTH_ERROR};
  switch (type) {
    case ondemand::json_type::array: {
      Json::Array items;
      for (auto item : value.get_array()) items.push_back(convert(item.value(), levels_left - 1));
      return items;
    }
    case ondemand::json_type::object: {
      Json::Object members;
      for (auto member : value.get_object()) {
        std::string key{std::string_view{member.unescaped_key()}};
        members.emplace_back(std::move(key), convert(member.value(), levels_left - 1));
      }
      return members;
    }
    case ondemand::json_type::string:
      return std::string{std::string_view{value.get_string()}};
    case ondemand::json_type::boolean:
      return bool{value.get_bool()};
    case ondemand::json_type::null:
      if (!value.is_null()) throw simdjson::simdjson_error{simdjson::N_ATOM_ERROR};
      return {};
    default: {
      std::string_view token = value.raw_json_token();
      while (!token.empty() && std::isspace(static_cast<unsigned char>(token.back())) != 0) {
        token.remove_suffix(1);
      }
      const double checked = value.get_double();  // Throws unless the grammar holds.
      static_cast<void>(checked);
      return Json::Number{std::string{token}};
    }
  }
}

// UTF-16 order differs from byte order only where a supplementary character (U+10000 up, lead byte
// F0 up) meets U+E000 to U+FFFF (lead bytes EE, EF): surrogates sort below those.
bool utf16_less(const std::string& a, const std::string& b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() || y == b.end()) return x == a.end() && y != b.end();
  const auto left = static_cast<unsigned char>(*x);
  const auto right = static_cast<unsigned char>(*y);
  if (left >= 0xEE && right >= 0xEE && (left >= 0xF0) != (right >= 0xF0)) return left >= 0xF0;
  return left < right;
}

void write_canonical(std::string& out, const Json& value) {
  if (const auto* text = value.string()) {
    append_quoted(out, to_nfc(*text));
  } else if (const auto* flag = value.boolean()) {
    out += *flag ? "true" : "false";
  } else if (const auto* number = value.number()) {
    out += number->text;
  } else if (const auto* items = value.array()) {
    out += '[';
    for (const auto& item : *items) {
      if (&item != &items->front()) out += ',';
      write_canonical(out, item);
    }
    out += ']';
  } else if (const auto* members = value.object()) {
    auto sorted = *members;
    for (auto& [key, member] : sorted) key = to_nfc(key);
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return utf16_less(a.first, b.first); });
    out += '{';
    for (const auto& [key, member] : sorted) {
      if (&key != &sorted.front().first) out += ',';
      append_quoted(out, key);
      out += ':';
      write_canonical(out, member);
    }
    out += '}';
  } else {
    out += "null";
  }
}

void write_pretty(std::string& out, const Json& value, std::size_t indent) {
  const std::string next(indent + 2, ' ');
  if (const auto* items = value.array(); items != nullptr && !items->empty()) {
    out += "[\n";
    for (const auto& item : *items) {
      out += next;
      write_pretty(out, item, indent + 2);
      out += &item == &items->back() ? "\n" : ",\n";
    }
    out += std::string(indent, ' ') + "]";
  } else if (const auto* members = value.object(); members != nullptr && !members->empty()) {
    out += "{\n";
    for (const auto& member : *members) {
      out += next;
      append_quoted(out, member.first);
      out += ": ";
      write_pretty(out, member.second, indent + 2);
      out += &member == &members->back() ? "\n" : ",\n";
    }
    out += std::string(indent, ' ') + "}";
  } else if (const auto* text = value.string()) {
    append_quoted(out, *text);
  } else {
    write_canonical(out, value);
  }
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += hex[static_cast<unsigned char>(c) >> 4U];
          out += hex[static_cast<unsigned char>(c) & 15U];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

const Json* Json::find(std::string_view key) const {
  if (const auto* members = object()) {
    for (const auto& [name, value] : *members) {
      if (name == key) return &value;
    }
  }
  return nullptr;
}

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return fail(ErrorKind::exhausted, "json.too_large", {{"limit", std::to_string(limits.bytes)}});
  }
  try {
    // A document is a value or a scalar; wrapping it in an array makes both the same.
    const simdjson::padded_string padded{"[" + std::string{text} + "]"};
    ondemand::parser parser;
    const auto ready = parser.allocate(padded.size(), limits.depth + 8);
    if (ready != simdjson::SUCCESS) throw simdjson::simdjson_error{ready};
    ondemand::document document = parser.iterate(padded);
    Json whole = convert(document.get_value(), limits.depth + 1);
    const char* rest = nullptr;  // Where the next token would be; an error at the end.
    const bool at_end = document.current_location().get(rest) != simdjson::SUCCESS;
    if (!at_end || whole.array()->size() != 1) {
      throw simdjson::simdjson_error{simdjson::TAPE_ERROR};
    }
    return whole.array()->front();
  } catch (const simdjson::simdjson_error& problem) {
    if (problem.error() == simdjson::DEPTH_ERROR) {
      return fail(ErrorKind::exhausted, "json.too_deep", {{"limit", std::to_string(limits.depth)}});
    }
    return fail(ErrorKind::invalid, "json.malformed", {{"reason", problem.what()}});
  }
}

std::string canonical(const Json& value) {
  std::string out;
  write_canonical(out, value);
  return out;
}

std::string pretty(const Json& value) {
  std::string out;
  write_pretty(out, value, 0);
  out += '\n';
  return out;
}

std::size_t count_documents(std::string_view lines) {
  simdjson::dom::parser parser;
  parser.threaded = false;
  const simdjson::padded_string padded{lines};
  simdjson::dom::document_stream documents;
  if (parser.parse_many(padded).get(documents) != simdjson::SUCCESS) return 0;
  std::size_t count = 0;
  for (auto document : documents) {
    if (document.error() != simdjson::SUCCESS) return 0;
    ++count;
  }
  return documents.truncated_bytes() == 0 ? count : 0;
}

}  // namespace partake
