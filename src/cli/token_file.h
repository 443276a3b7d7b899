// The file in which the tokens of sources stand; nobody but its owner may read it.
#pragma once

#include <string>

#include "books/source_tokens.h"

namespace partake::cli {

// None without a path. Errors: file.*, tokens.*.
Result<books::SourceTokens> read_tokens(const std::string& path);

// The same for a file that a token is to be added to: it may not be there yet.
Result<books::SourceTokens> read_tokens_to_change(const std::string& path);
// In place of the file, in one durable step, for its owner only. Errors: storage.*.
Status write_tokens(const std::string& path, const books::SourceTokens& tokens);

}  // namespace partake::cli
