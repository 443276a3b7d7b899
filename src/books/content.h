// What a programme publishes: its own file, its methods, the factors, sources and regions, and the
// zone of its calendar. Texts as they were, each named by its hash.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/sha256.h"
#include "base/time.h"

namespace partake::books {

struct Content {
  enum class Kind : std::uint8_t { sources, regions, factors, method, zone, programme };
  Kind kind = Kind::sources;
  std::string name;  // Of the file, for messages.
  std::string text;
};
constexpr std::size_t content_bytes_max = 1'000'000;
const char* name_of(Content::Kind kind);

// SHA-256 over kind, name and text; what a manifest lists.
Hash hash_of(const Content& content);
// Errors: content.malformed, json.*.
Json to_json(const Content& content);
Result<Content> content_of(const Json& json);

// The zone's name, then a line for each change of its offset: second of UTC, offset in seconds.
std::string zone_text(const Zone& zone);
// Error content.malformed.
Result<Zone> parse_zone(std::string_view text);

// What makes up one edition of a programme.
struct Manifest {
  std::string programme;
  std::string version;
  std::vector<Hash> contents;  // In the order in which they are read.
  // Meaning of each method, as `method show` prints its hash: id@version and hash.
  std::vector<std::pair<std::string, Hash>> methods;
};
Json to_json(const Manifest& manifest);
Result<Manifest> manifest_of(const Json& json);
Hash hash_of(const Manifest& manifest);

}  // namespace partake::books
