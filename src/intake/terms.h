// A programme's terms for one of its methods, brought together with the library.
#pragma once

#include <deque>

#include "intake/knowledge.h"
#include "programme/programme.h"

namespace partake::intake {

// The method that a programme names. Errors: method.unknown; programme.unknown_parameter, where the
// programme gives it a value that it does not ask for.
Result<const method::Compiled*> method_of(const programme::Programme& programme,
                                          const programme::MethodUse& use,
                                          const Knowledge& knowledge);

struct TermsOptions {
  Day admitted_on;
  bool substitutions = true;
};

// Values point into `values`. Errors: source.unknown, factor.unknown, region.unknown;
// programme.not_published, where a value's source was published after the day of admission.
Result<method::Terms> terms_of(const programme::Programme& programme, const MethodId& method,
                               const factor::Library& library, const TermsOptions& options,
                               std::deque<factor::Factor>& values);

}  // namespace partake::intake
