// UUIDs in their usual spelling (RFC 9562, section 4), lower case, as sixteen bytes.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace partake::books {

using Uuid = std::array<unsigned char, 16>;

// False when it is spelled in another way, so that the text of what was read is what was written.
bool parse_uuid(std::string_view text, Uuid& uuid);
std::string to_string(const Uuid& uuid);

}  // namespace partake::books
