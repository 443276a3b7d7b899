// A method as people name it.
#pragma once

#include "cli/context.h"

namespace partake::cli {

// A method by id, id@version or file; a file is checked and joins the knowledge. Null when there is
// none: the problem is reported, and `code` is set.
const method::Compiled* find_method(const std::string& name, intake::Knowledge& knowledge,
                                    const Context& context, int& code);

}  // namespace partake::cli
