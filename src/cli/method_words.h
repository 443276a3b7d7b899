// Parts of a method in words, for `method show` and `method diff`.
#pragma once

#include "cli/context.h"

namespace partake::cli {

// "km", "choice": what an input is given in.
std::string unit_in_words(const method::Input& input, const Context& context);
// "(0, 200]", "petrol | diesel"; empty where anything goes.
std::string range_in_words(const method::Input& input);
// Where a parameter's value comes from: a factor, a source, the programme.
std::string origin_in_words(const method::Parameter& parameter, const Context& context);
// "[kgCO2e] = formula".
std::string in_words(const method::Output& output, const Context& context);

}  // namespace partake::cli
