#include "cli/find_method.h"

namespace partake::cli {

const method::Compiled* find_method(const std::string& name, intake::Knowledge& knowledge,
                                    const Context& context, int& code) {
  if (name.ends_with(".toml") || name.find('/') != std::string::npos) {
    Problems problems;
    auto compiled = knowledge.read_method_file(name, problems);
    if (!problems.empty()) {
      code = context.refuse(problems);
      return nullptr;
    }
    return knowledge.add(std::move(compiled));
  }
  const auto at = name.find('@');
  const auto version = at == std::string::npos ? "" : name.substr(at + 1);
  const auto* found = knowledge.method(MethodId{name.substr(0, at)}, version);
  if (found == nullptr) {
    code = context.refuse(Error{ErrorKind::not_found,
                                "method.unknown",
                                {{"method", name.substr(0, at)},
                                 {"version", version},
                                 {"nearest", knowledge.nearest_method(name.substr(0, at))}},
                                {}});
  }
  return found;
}

}  // namespace partake::cli
