// What books hold, on the screen.
#pragma once

#include "books/books.h"
#include "cli/context.h"

namespace partake::cli {

// What is set aside, units, orders, shared periods and groups; also as JSON.
void show_holdings(const Context& context, const books::Books& books);
// The first accounts that hold something, with their roles; for people.
void show_accounts(const Context& context, const books::Books& books);

}  // namespace partake::cli
