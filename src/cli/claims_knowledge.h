// The lexicon, bands and checks of library/claims, read from the folder of the library.
#pragma once

#include <optional>
#include <string>

#include "claims/knowledge.h"

namespace partake::cli {

// Empty when a file is missing or wrong; the problems say which.
std::optional<claims::Knowledge> read_claims_knowledge(const std::string& library_folder,
                                                       Problems& problems);

}  // namespace partake::cli
