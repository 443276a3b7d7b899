// A review as JSON and as a page of its own. docs/claims.md describes the JSON.
#pragma once

#include "base/json.h"
#include "claims/review.h"

namespace partake::claims {

// Figures, statements and findings with their places; texts in the language.
Json to_json(const Review& review, const Knowledge& knowledge, Language language);
// How a figure was read, in one line: "76.4万千瓦时 = 764,000 kWh, electricity, year".
std::string explain(const Figure& figure, const Knowledge& knowledge, Language language);
// The text with its figures marked and the findings beside it. No script, no outside resource.
std::string to_html(const Review& review, std::string_view source, Language language);

}  // namespace partake::claims
