// Decides what a transaction changes, or why it is refused. docs/transactions.md.
#pragma once

#include <span>
#include <string_view>

#include "books/record_lookup.h"
#include "books/transaction.h"

namespace partake::books {

// What the types of CloudEvents of transactions begin with.
constexpr std::string_view action_prefix = "partake.";
// All that a source may be allowed, in the order of the documentation.
std::span<const char* const> actions();
bool is_action(std::string_view name);

// Changes nothing. Requires that books.admitted() is the time of the block that it goes into.
// Errors: refused, transaction.* and others of docs/transactions.md; or of the journal
// (ErrorKind::unavailable and corrupt).
Result<Transaction> decide(const Books& books, RecordFinder& finder,
                           const Instruction& instruction);

}  // namespace partake::books
