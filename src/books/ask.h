// What the books of one programme say to a question of an example's figures.
#pragma once

#include "books/books.h"
#include "intake/books_question.h"

namespace partake::books {

// An amount in its asset's smallest unit, or a count. Errors: ask.unknown_asset, ask.unknown_group,
// ask.unknown_split, ask.unknown_period, ask.unknown_units, ask.unknown_reward, ask.unknown_state,
// ask.unknown_party, transaction.other_programme.
Result<Quantity> ask(const Books& books, ledger::ProgrammeIndex programme,
                     const intake::BooksQuestion& question);

// What is shared by a split of the programme, after its newest edition that has it; empty when none
// has.
std::optional<ledger::Asset> asset_of_split(const Books& books, const NamedIn& split);

}  // namespace partake::books
