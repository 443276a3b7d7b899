// Collects what a programme publishes, from its folder and the library.
#pragma once

#include <string>
#include <vector>

#include "books/content.h"
#include "intake/knowledge.h"

namespace partake::books {

// `folder` holds programme.toml and perhaps factors and methods of its own; `library` is the
// library's folder. In the order of a manifest. Problems: those of every file, programme.no_scheme,
// method.unknown, time.unknown_zone.
std::vector<Content> contents_of(const std::string& folder, const std::string& library,
                                 Problems& problems);

}  // namespace partake::books
