// Reads what somebody asks for: a CloudEvent whose type is `partake.` and an action.
#pragma once

#include <string_view>

#include "books/rulebook.h"
#include "books/transaction.h"

namespace partake::books {

// Errors: event.too_large, event.malformed_json, event.wrong_type, event.bad_version,
// event.unknown_source, event.source_revoked, event.bad_id, time.malformed_instant,
// transaction.source_reports, transaction.unknown_action, transaction.field_missing.
Result<Instruction> read_instruction(std::string_view document, const Rulebook& rulebook);

}  // namespace partake::books
