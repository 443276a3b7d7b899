#include "books/plain_event.h"

#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace partake::books {
namespace {

// Far below what overflows a binary64, so the general parser takes them all.
constexpr std::ptrdiff_t number_bytes_max = 24;

// The first byte from `at` on that ends a plain string or that none can hold: a quote, a backslash,
// a control character, or a byte that is not ASCII. Looks a little beyond the end.
const char* special_byte(const char* at, const char* end) {
#if defined(__SSE2__)
  const auto quote = _mm_set1_epi8('"');
  const auto backslash = _mm_set1_epi8('\\');
  const auto space = _mm_set1_epi8(' ');
  for (; at < end; at += sizeof(__m128i)) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    // As signed numbers the bytes that are not ASCII are below a space, too.
    const auto special =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
                     _mm_cmplt_epi8(bytes, space));
    const auto places = static_cast<unsigned>(_mm_movemask_epi8(special));
    if (places != 0) return at + std::countr_zero(places);
  }
#else
  for (; at < end; ++at) {
    const auto byte = static_cast<unsigned char>(*at);
    if (byte == '"' || byte == '\\' || byte < ' ' || byte > 0x7F) return at;
  }
#endif
  return end;
}

// Every loop stops at the end. A single character may be read beyond it: then the scan ends
// elsewhere than the document, and that is not plain.
class Scanner {
 public:
  explicit Scanner(std::string_view document)
      : at_{document.data()}, end_{document.data() + document.size()} {}

  bool read(EventMembers& members) {
    skip_space();
    const bool good =
        read_object([&](std::string_view name) { return read_member(name, members); });
    skip_space();
    return good && at_ == end_;
  }

 private:
  bool read_member(std::string_view name, EventMembers& members) {
    if (name == "data") {
      auto& fields = members.parts.fields;
      return read_object([&](std::string_view field_name) {
        if (fields.size() == event_fields_max) return false;
        auto& field = fields.emplace_back();
        field.name = field_name;
        return read_scalar(field.text, field.kind);
      });
    }
    std::string_view ignored;
    FieldText::Kind kind{};
    auto* attribute = members.attribute(name);
    return read_scalar(attribute == nullptr ? ignored : *attribute, kind);
  }

  // Calls `read_value` with the name of each member; it reads the value.
  template <class ReadValue>
  bool read_object(ReadValue read_value) {
    if (!take('{')) return false;
    skip_space();
    if (take('}')) return true;
    for (;;) {
      std::string_view name;
      if (!read_string(name)) return false;
      skip_space();
      if (!take(':')) return false;
      skip_space();
      if (!read_value(name)) return false;
      skip_space();
      if (take('}')) return true;
      if (!take(',')) return false;
      skip_space();
    }
  }

  bool read_scalar(std::string_view& text, FieldText::Kind& kind) {
    if (*at_ == '"') {
      kind = FieldText::Kind::text;
      return read_string(text);
    }
    kind = FieldText::Kind::number;
    return read_number(text);
  }

  bool read_string(std::string_view& text) {
    if (!take('"')) return false;
    const auto* start = at_;
    at_ = special_byte(at_, end_);
    if (at_ >= end_ || *at_ != '"') return false;
    text = {start, static_cast<std::size_t>(at_ - start)};
    ++at_;
    return true;
  }

  // As JSON has them, without exponents: -?(0|[1-9][0-9]*)(\.[0-9]+)?
  bool read_number(std::string_view& text) {
    const auto* start = at_;
    take('-');
    const bool zero = *at_ == '0';
    const auto whole_digits = skip_digits();
    if (whole_digits == 0 || (zero && whole_digits > 1)) return false;
    if (take('.') && skip_digits() == 0) return false;
    text = {start, static_cast<std::size_t>(at_ - start)};
    return at_ - start <= number_bytes_max;
  }

  std::ptrdiff_t skip_digits() {
    const auto* start = at_;
    while (at_ < end_ && *at_ >= '0' && *at_ <= '9') ++at_;
    return at_ - start;
  }

  void skip_space() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) ++at_;
  }

  bool take(char expected) {
    if (*at_ != expected) return false;
    ++at_;
    return true;
  }

  const char* at_;
  const char* end_;
};

}  // namespace

void EventMembers::clear() {
  parts.source = parts.id = parts.sequence = parts.type = {};
  parts.subject = parts.time = parts.replaces = version = {};
  parts.fields.clear();
}

std::string_view* EventMembers::attribute(std::string_view name) {
  switch (name.size()) {
    case 2:
      return name == "id" ? &parts.id : nullptr;
    case 4:
      if (name == "time") return &parts.time;
      return name == "type" ? &parts.type : nullptr;
    case 6:
      return name == "source" ? &parts.source : nullptr;
    case 7:
      return name == "subject" ? &parts.subject : nullptr;
    case 8:
      if (name == "sequence") return &parts.sequence;
      return name == "replaces" ? &parts.replaces : nullptr;
    case 11:
      return name == "specversion" ? &version : nullptr;
    default:
      return nullptr;
  }
}

bool read_plain_event(std::string_view document, EventMembers& members) {
  return Scanner{document}.read(members);
}

}  // namespace partake::books
