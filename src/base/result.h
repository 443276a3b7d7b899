// Result<T>: a value, or the Error that prevented it.
#pragma once

#include <utility>

#include <tl/expected.hpp>

#include "base/error.h"

namespace partake {

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(ErrorKind kind, std::string code, Args args = {},
                                  Place place = {}) {
  return tl::unexpected(Error{kind, std::move(code), std::move(args), std::move(place)});
}

}  // namespace partake

#define PARTAKE_JOIN_(a, b) a##b
#define PARTAKE_JOIN(a, b) PARTAKE_JOIN_(a, b)

// TRY(auto entry, journal.find(id));   binds the value or returns the error to the caller.
#define TRY(declaration, expression) TRY_(declaration, expression, PARTAKE_JOIN(result_, __LINE__))
#define TRY_(declaration, expression, result)                    \
  auto result = (expression);                                    \
  if (!result) return tl::unexpected(std::move(result).error()); \
  declaration = *std::move(result)

// CHECK_OK(journal.append(entry));     the same for Status.
#define CHECK_OK(expression)                            \
  do {                                                  \
    if (auto status = (expression); !status) {          \
      return tl::unexpected(std::move(status).error()); \
    }                                                   \
  } while (false)
