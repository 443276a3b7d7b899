// What people read, in both languages: locales/en.json and locales/zh.json, built into the binary.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/language.h"

namespace partake {

// The text of `key` with its {name} places filled, arguments made printable (base/utf8.h). Keys of
// both languages are the same, checked by a test; an unknown key is our bug and stops the program.
std::string say(Language language, std::string_view key, const Args& args = {});

// "file:line:column: message [code]"; the place is left out where it is not known.
std::string describe(const Error& error, Language language);
// The message alone.
std::string message(const Error& error, Language language);

// The raw catalogue, for tests.
std::string_view catalogue(Language language);

}  // namespace partake
