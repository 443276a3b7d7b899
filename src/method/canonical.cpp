#include "base/json.h"
#include "method/method.h"

namespace partake::method {
namespace {

using Object = Json::Object;
using Array = Json::Array;

Json canonical_input(const Input& input) {
  Object members{{"type", name_of(input.type)}};
  if (input.type == Input::Type::quantity) {
    members.emplace_back("unit", to_string(input.unit));
    members.emplace_back("range", to_string(input.range));
    members.emplace_back("uncertainty", text_of(input.uncertainty));
  }
  if (input.type == Input::Type::choice) {
    Array choices;
    for (const auto& choice : input.choices) choices.emplace_back(choice.name);
    members.emplace_back("choices", std::move(choices));
  }
  if (input.type == Input::Type::table) {
    Object columns;
    for (const auto& column : input.columns) {
      columns.emplace_back(column.name, canonical_input(column));
    }
    members.emplace_back("columns", std::move(columns));
  }
  return members;
}

Json canonical_parameter(const Parameter& parameter) {
  Object members{{"unit", to_string(parameter.unit)}};
  if (parameter.range) members.emplace_back("range", to_string(*parameter.range));
  switch (parameter.kind) {
    case Parameter::Kind::factor: {
      const auto& rule = parameter.rule;
      Array climb;
      for (const auto type : rule.climb) climb.emplace_back(name_of(type));
      members.emplace_back("factor", rule.id.text());
      members.emplace_back("kind", rule.kind);
      members.emplace_back("climb", std::move(climb));
      members.emplace_back("years_back", Json::integer(rule.years_back));
      members.emplace_back("prefer", rule.prefer == factor::Prefer::year ? "year" : "region");
      members.emplace_back("unconfirmed", rule.accept_unconfirmed);
      members.emplace_back("region", parameter.at.empty() ? parameter.region_input : parameter.at);
      members.emplace_back("fixed_region", !parameter.at.empty());
      members.emplace_back("date",
                           parameter.on ? partake::to_string(*parameter.on) : parameter.date_input);
      members.emplace_back("fixed_date", parameter.on.has_value());
      break;
    }
    case Parameter::Kind::value:
      members.emplace_back("value", to_shortest(parameter.value));
      members.emplace_back("uncertainty", text_of(parameter.uncertainty));
      members.emplace_back("source", parameter.source.text());
      members.emplace_back("clause", parameter.clause);
      break;
    case Parameter::Kind::programme:
      members.emplace_back("from", "programme");
      break;
  }
  return members;
}

Json canonical_curve(const Curve& curve) {
  Array points;
  for (const auto& [x, y] : curve.points) {
    points.emplace_back(Array{to_shortest(x), to_shortest(y)});
  }
  return Object{{"x_unit", to_string(curve.x_unit)},
                {"y_unit", to_string(curve.y_unit)},
                {"points", std::move(points)},
                {"source", curve.source.text()},
                {"clause", curve.clause}};
}

Json canonical_output(const Output& output) {
  return Object{
      {"formula", print(output.formula.tree)},
      {"unit", to_string(output.unit)},
      {"asset", name_of(output.asset)},
      {"smallest", to_shortest(output.smallest.value) + " " + to_string(output.smallest.unit)},
      {"summed", output.summed}};
}

template <class Entries, class Convert>
Json by_name(const Entries& entries, Convert convert) {
  Object members;
  for (const auto& entry : entries) members.emplace_back(entry.name, convert(entry));
  return members;
}

Array texts(const std::vector<std::string>& list) { return {list.begin(), list.end()}; }

}  // namespace

std::string canonical_form(const Method& method) {
  Array basis;
  for (const auto& entry : method.basis) {
    basis.emplace_back(
        Object{{"source", entry.source.text()}, {"clause", entry.clause}, {"seen", entry.seen}});
  }
  Object tiers;
  for (const auto& [tier, worth] : method.tiers) tiers.emplace_back(tier, to_shortest(worth));
  Array limits;
  for (const auto& limit : method.limits) {
    limits.emplace_back(
        Object{{"output", limit.output},
               {"most", to_shortest(limit.most.value) + " " + to_string(limit.most.unit)},
               {"per", limit.per}});
  }
  Object members{
      {"id", method.id.text()},
      {"version", method.version},
      {"actors", texts(method.actors)},
      {"basis", std::move(basis)},
      {"inputs", by_name(method.inputs, canonical_input)},
      {"parameters", by_name(method.parameters, canonical_parameter)},
      {"tables", by_name(method.curves, canonical_curve)},
      {"formulas",
       by_name(method.formulas, [](const Formula& formula) { return Json{print(formula.tree)}; })},
      {"outputs", by_name(method.outputs, canonical_output)},
      {"tiers", std::move(tiers)},
      {"limits", std::move(limits)}};
  if (method.exclusivity) {
    members.emplace_back("exclusivity", Object{{"group", method.exclusivity->group},
                                               {"key", texts(method.exclusivity->key)}});
  }
  return canonical(members);
}

Hash content_hash(const Method& method) {
  return sha256_of("partake.method.v1", canonical_form(method));
}

}  // namespace partake::method
