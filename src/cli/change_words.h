// What an entry of a passbook is, and what a transaction changes, in words.
#pragma once

#include <string>

#include "books/passbook.h"
#include "cli/context.h"

namespace partake::cli {

std::string words_of(const books::Transaction& transaction, const Context& context);

struct EntryWords {
  std::string what;  // The type of the event, the action, or what was done to the account.
  std::string note;
};
EntryWords words_of(const books::PassbookEntry& entry, const books::Books& books,
                    const Context& context);

}  // namespace partake::cli
