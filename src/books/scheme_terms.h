// What a scheme says of what a transaction asks for, in the words of the programme's file.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "programme/dealings.h"

namespace partake::books {

struct SchemeTerms {
  std::string rule;  // "flows payout"; empty: the action needs none.
  std::vector<std::pair<std::string, std::string>> terms;
};
// Of several forms of a split all are told, in their order.
SchemeTerms terms_in(const programme::Dealings& dealings, const std::string& action,
                     const Json& data);

}  // namespace partake::books
