#include "cli/commands.h"

namespace partake::cli {

namespace {

std::string fraction(const Rational& value) {
  const auto whole = to_string(value.numerator());
  return value.denominator() == 1 ? whole : whole + "/" + to_string(value.denominator());
}

}  // namespace

int unit_convert(const Context& context, const std::string& text, const std::string& to) {
  const auto quantity = parse_quantity(text);
  if (!quantity) return context.refuse(quantity.error());
  const auto unit = parse_unit(to);
  if (!unit) return context.refuse(unit.error());
  const auto exact = convert(*quantity, *unit);
  if (!exact) return context.refuse(exact.error());
  const auto rounded = convert_keeping_digits(*quantity, *unit);
  const int digits = rounded->value.significant_digits();
  // A conversion such as 3.9亿公里 to km is exact in decimals; one to mu may not be.
  const auto decimal = exact_decimal(*exact);
  const Quantity result{decimal ? *decimal : round_to_significant(*exact, 15), *unit};
  if (context.json) {
    context.print(Json::Object{{"value", to_string(result.value)},
                               {"unit", to_string(*unit)},
                               {"exact", decimal.has_value()},
                               {"significant_digits", Json::integer(digits)},
                               {"rounded", to_string(rounded->value)}});
    return 0;
  }
  context.say_line(decimal ? "unit.exactly" : "unit.about",
                   {{"value", number(result, context.language)},
                    {"digits", std::to_string(digits)},
                    {"rounded", number(*rounded, context.language)}});
  return 0;
}

int unit_list(const Context& context) {
  Table table{{context.say("word.unit"), "中文", context.say("word.dimension"),
               context.say("word.base_units"), context.say("word.prefixes")}};
  Json::Array list;
  for (const auto& word : unit_words()) {
    const auto ratio = fraction(word.ratio);
    const bool shifted = !(word.offset == Rational{});
    table.add({word.en, word.zh, word.dimension,
               shifted ? ratio + " + " + fraction(word.offset) : ratio,
               word.prefixable ? context.say("word.yes") : ""});
    Json::Object entry{{"en", word.en},
                       {"zh", word.zh},
                       {"dimension", word.dimension},
                       {"ratio", ratio},
                       {"prefixes", word.prefixable}};
    if (shifted) entry.emplace_back("offset", fraction(word.offset));
    list.emplace_back(std::move(entry));
  }
  context.print(table, std::move(list));
  return 0;
}

}  // namespace partake::cli
