#include "method/reading.h"

#include <algorithm>

namespace partake::method {

Result<double> read_value(std::string_view text, const Input& input) {
  if (input.type == Input::Type::choice) {
    const auto found =
        std::find_if(input.choices.begin(), input.choices.end(), [&](const Named& choice) {
          return choice.name == text || choice.title.en == text || choice.title.zh == text;
        });
    if (found != input.choices.end()) {
      return static_cast<double>(found - input.choices.begin());
    }
    std::string allowed;
    for (const auto& choice : input.choices) allowed += (allowed.empty() ? "" : ", ") + choice.name;
    return fail(
        ErrorKind::invalid, "method.unknown_choice",
        {{"value", std::string{text.substr(0, 60)}}, {"input", input.name}, {"allowed", allowed}});
  }
  TRY(auto quantity, parse_quantity(text));
  const bool bare = quantity.unit == Unit{} && !text.ends_with(']');
  if (bare) quantity.unit = input.unit;
  return value_in(quantity, input.unit);
}

}  // namespace partake::method
