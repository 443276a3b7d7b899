#include "cli/method_words.h"

namespace partake::cli {

std::string unit_in_words(const method::Input& input, const Context& context) {
  if (input.type == method::Input::Type::quantity) return to_string(input.unit, context.language);
  return context.say(std::string{"type."} + name_of(input.type));
}

std::string range_in_words(const method::Input& input) {
  if (input.type == method::Input::Type::quantity) return method::to_string(input.range);
  std::string names;
  for (const auto& choice : input.choices) names += (names.empty() ? "" : " | ") + choice.name;
  return names;
}

std::string origin_in_words(const method::Parameter& parameter, const Context& context) {
  switch (parameter.kind) {
    case method::Parameter::Kind::factor:
      return parameter.rule.id.text() +
             (parameter.rule.kind == "default" ? "" : " " + parameter.rule.kind);
    case method::Parameter::Kind::value:
      return to_string(parameter.value) + " (" + parameter.source.text() + ")";
    case method::Parameter::Kind::programme:
      return context.say("show.from_programme", {{"range", method::to_string(*parameter.range)}});
  }
  return {};
}

std::string in_words(const method::Output& output, const Context& context) {
  return "[" + to_string(output.unit, context.language) + "] = " + print(output.formula.tree);
}

}  // namespace partake::cli
