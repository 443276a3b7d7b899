// What a transaction changes, in words.
#pragma once

#include <string>

#include "books/transaction.h"
#include "cli/context.h"

namespace partake::cli {

std::string words_of(const books::Transaction& transaction, const Context& context);

}  // namespace partake::cli
