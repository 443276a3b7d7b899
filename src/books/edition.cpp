#include "books/edition.h"

#include <algorithm>

#include "base/require.h"
#include "books/dealings_check.h"
#include "books/fact.h"
#include "books/finding_plan.h"
#include "ledger/amount.h"
#include "method/reading.h"

namespace partake::books {
namespace {

using method::Input;

constexpr std::array<const char*, 3> tiers{"A", "B", "C"};

void add_problem(Problems& problems, const Place& place, std::string code, Args args) {
  problems.push_back({ErrorKind::invalid, std::move(code), std::move(args), place});
}
void add_problem(Problems& problems, const Place& place, Error error) {
  if (error.place.file.empty()) error.place = place;
  problems.push_back(std::move(error));
}

std::optional<ledger::Window> window_of(const std::string& name) {
  constexpr std::array<const char*, 4> names{"day", "week", "month", "year"};
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<ledger::Window>(found - names.begin());
}

std::size_t column_of(const method::Program& program, const std::string& name) {
  const auto found = std::find_if(program.columns.begin(), program.columns.end(),
                                  [&](const auto& column) { return column.name == name; });
  return static_cast<std::size_t>(found - program.columns.begin());
}

std::size_t count_of(const method::Method& method, Input::Type type) {
  return static_cast<std::size_t>(
      std::count_if(method.inputs.begin(), method.inputs.end(),
                    [&](const Input& input) { return input.type == type; }));
}

// The place of an input among those of its type.
std::size_t place_among(const method::Method& method, const Input& wanted) {
  std::size_t place = 0;
  for (const auto& input : method.inputs) {
    if (&input == &wanted) break;
    if (input.type == wanted.type) ++place;
  }
  return place;
}

// A bit for each kind of actor, by its number.
std::uint8_t bits_of(const std::vector<std::string>& actors) {
  std::uint8_t bits = 0;
  for (const auto& actor : actors) {
    const auto kind = actor_kind_of(actor);
    if (kind) bits |= static_cast<std::uint8_t>(1U << *kind);
  }
  return bits;
}

}  // namespace

std::size_t ProgrammeNumbers::number_in(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  const auto number = static_cast<std::size_t>(found - names.begin());
  if (found == names.end()) names.push_back(name);
  return number;
}

std::unique_ptr<Edition> Edition::build(const std::vector<Content>& contents,
                                        ProgrammeNumbers& numbers, Problems& problems) {
  std::unique_ptr<Edition> edition{new Edition};
  for (const auto& content : contents) edition->read(content, problems);
  if (!problems.empty()) return edition;
  if (!edition->programme_.scheme) {
    add_problem(problems, edition->programme_.place, "programme.no_scheme", {});
    return edition;
  }
  if (edition->zone_.name() != edition->scheme().zone) {
    add_problem(problems, edition->scheme().place, "programme.zone_missing",
                {{"zone", edition->scheme().zone}});
    return edition;
  }
  if (edition->knowledge_.library().regions().size() == 0) {
    add_problem(problems, edition->programme_.place, "programme.no_regions", {});
    return edition;
  }
  check_dealings(edition->scheme().dealings, problems);
  edition->build_rules(numbers, problems);
  check_findings(edition->scheme(), edition->rules(), problems);
  return edition;
}

void Edition::check_after(const std::vector<std::shared_ptr<const Edition>>& before,
                          Problems& problems) const {
  for (const auto& edition : before) {
    check_succession(edition->scheme().dealings, scheme().dealings, problems);
  }
}

void Edition::read(const Content& content, Problems& problems) {
  if (content.kind == Content::Kind::zone) {
    auto zone = parse_zone(content.text);
    if (!zone) return add_problem(problems, {content.name}, std::move(zone).error());
    zone_ = *std::move(zone);
    return;
  }
  const auto file = parse_toml(content.text, content.name);
  if (!file) return add_problem(problems, {content.name}, file.error());
  auto& library = knowledge_.library();
  switch (content.kind) {
    case Content::Kind::sources:
      return library.add_sources(*file, problems);
    case Content::Kind::regions:
      return library.add_regions(*file, problems);
    case Content::Kind::factors:
      return library.add_factors(*file, problems);
    case Content::Kind::method: {
      Problems found;
      auto compiled = knowledge_.read_method(*file, found);
      if (found.empty()) knowledge_.add(std::move(compiled));
      problems.insert(problems.end(), found.begin(), found.end());
      return;
    }
    case Content::Kind::programme:
      programme_ = programme::read_programme(*file, problems);
      return;
    case Content::Kind::zone:
      return;
  }
}

void Edition::build_rules(ProgrammeNumbers& numbers, Problems& problems) {
  rules_.reserve(scheme().events.size());
  for (const auto& event : scheme().events) build_rule(event, numbers, problems);
}

namespace {

// What the events of a rule counted a region or choice as, in the numbers of another method or
// library. Empty, with the problem added, when something is not there.
std::vector<std::uint32_t> renumber(const FieldPlan& from, const Input& to,
                                    const RegionGraph& from_regions, const RegionGraph& to_regions,
                                    Problems& problems) {
  std::vector<std::uint32_t> numbers;
  if (to.type == Input::Type::region) {
    for (std::uint32_t at = 0; at < from_regions.size(); ++at) {
      const auto found = to_regions.find(from_regions.at({at}).code);
      if (!found) {
        problems.push_back(found.error());
        return {};
      }
      numbers.push_back(found->value);
    }
    return numbers;
  }
  for (const auto& choice : from.input->choices) {
    const auto found = std::find_if(to.choices.begin(), to.choices.end(),
                                    [&](const auto& named) { return named.name == choice.name; });
    if (found == to.choices.end()) {
      add_problem(problems, to.place, "history.input_differs",
                  {{"input", to.name}, {"was", choice.name}, {"is", "-"}});
      return {};
    }
    numbers.push_back(static_cast<std::uint32_t>(found - to.choices.begin()));
  }
  return numbers;
}

}  // namespace

std::unique_ptr<Edition> Edition::with_method(const Edition& base, const Rule& rule,
                                              std::shared_ptr<const method::Compiled> compiled,
                                              const factor::Library* library, Problems& problems) {
  std::unique_ptr<Edition> edition{new Edition};
  const auto& method = *compiled->method;
  const auto& before = *rule.compiled->method;
  edition->knowledge_ = base.knowledge_;
  if (library != nullptr) edition->knowledge_.library() = *library;
  edition->knowledge_.add(std::move(compiled));
  edition->zone_ = base.zone_;
  auto& programme = edition->programme_ = base.programme_;
  auto event = *std::find_if(base.scheme().events.begin(), base.scheme().events.end(),
                             [&](const auto& entry) { return entry.type == rule.type; });
  programme.methods = {{method.id, method.version, rule.use->from, rule.use->to, rule.use->place}};
  std::erase_if(programme.values, [&](const auto& value) {
    const auto* parameter = method.parameter(value.name);
    return value.method != before.id || parameter == nullptr ||
           parameter->kind != method::Parameter::Kind::programme;
  });
  for (auto& value : programme.values) value.method = method.id;
  event.method = method.id;
  std::erase_if(event.inputs,
                [&](const auto& source) { return method.input(source.input) == nullptr; });
  for (auto& source : event.inputs) {
    // A field without a unit was read in the unit of the method that it was made for.
    const auto* was = before.input(source.input);
    if (!source.unit && was->type == Input::Type::quantity) source.unit = was->unit;
    const auto& is = *method.input(source.input);
    if (is.type == was->type) continue;
    add_problem(problems, is.place, "history.input_differs",
                {{"input", is.name},
                 {"was", method::name_of(was->type)},
                 {"is", method::name_of(is.type)}});
  }
  for (const auto& input : method.inputs) {
    const bool is_fed = std::any_of(event.inputs.begin(), event.inputs.end(),
                                    [&](const auto& source) { return source.input == input.name; });
    if (is_fed || input.type == Input::Type::date) continue;
    add_problem(problems, input.place, "history.input_missing",
                {{"input", input.name},
                 {"method", method.id.text() + "@" + method.version},
                 {"type", rule.type}});
  }
  if (!problems.empty()) return edition;
  programme.scheme->events = {event};
  programme.scheme->caps.clear();
  programme.scheme->exclusive.clear();
  ProgrammeNumbers numbers;
  edition->build_rules(numbers, problems);
  if (!problems.empty()) return edition;
  for (auto& plan : edition->rules_.front().fields) {
    const auto was = std::find_if(rule.fields.begin(), rule.fields.end(), [&](const auto& field) {
      return field.input->name == plan.input->name;
    });
    plan.value = was->value;
    if (plan.input->type == Input::Type::quantity) continue;
    plan.renumbered = renumber(*was, *plan.input, base.knowledge_.library().regions(),
                               edition->knowledge_.library().regions(), problems);
  }
  return edition;
}

void Edition::build_rule(const programme::EventType& event, ProgrammeNumbers& numbers,
                         Problems& problems) {
  Rule rule;
  rule.type = event.type;
  rule.use = programme_.use_of(event.method);
  auto compiled = intake::method_of(programme_, *rule.use, knowledge_);
  if (!compiled) return add_problem(problems, event.place, std::move(compiled).error());
  rule.compiled = *compiled;
  const auto& method = *rule.compiled->method;
  rule.end_field = event.end;
  rule.actors = bits_of(method.actors);
  if (!scheme().actors.empty()) rule.actors &= bits_of(scheme().actors);
  rule.region_inputs = count_of(method, Input::Type::region);
  rule.date_inputs = count_of(method, Input::Type::date);
  for (const auto& input : method.inputs) plan_input(rule, event, input, problems);
  for (const auto& source : event.inputs) {
    if (method.input(source.input) != nullptr) continue;
    add_problem(problems, source.place, "mapping.unknown_input", {{"input", source.input}});
  }
  if (rule.fields.size() > values_max) {
    add_problem(problems, event.place, "programme.too_many_fields",
                {{"type", event.type}, {"limit", std::to_string(values_max)}});
  }
  plan_postings(rule, event, problems);
  plan_tiers(rule);
  plan_exclusivity(rule, numbers, problems);
  plan_caps(rule, numbers, problems);
  rules_.push_back(std::move(rule));
}

void Edition::plan_input(Rule& rule, const programme::EventType& event, const Input& input,
                         Problems& problems) const {
  const auto& method = *rule.compiled->method;
  const auto given = std::find_if(event.inputs.begin(), event.inputs.end(),
                                  [&](const auto& source) { return source.input == input.name; });
  const bool is_given = given != event.inputs.end();
  if (input.type == Input::Type::date) {
    // Days are those of the event's time, in the programme's calendar.
    if (is_given) {
      add_problem(problems, given->place, "programme.date_input", {{"input", input.name}});
    }
    return;
  }
  if (input.type == Input::Type::table) {
    return add_problem(problems, event.place, "programme.table_input", {{"input", input.name}});
  }
  if (!is_given) {
    return add_problem(problems, event.place, "mapping.input_missing", {{"input", input.name}});
  }
  FieldPlan plan{given->field, &input};
  const bool is_region = input.type == Input::Type::region;
  plan.column =
      is_region ? place_among(method, input) : column_of(rule.compiled->program, input.name);
  const auto unit = given->unit.value_or(input.unit);
  if (input.type == Input::Type::quantity) {
    auto ratio = conversion(unit, input.unit);
    if (!ratio) return add_problem(problems, given->place, std::move(ratio).error());
    if (!(unit.offset() == input.unit.offset())) {
      return add_problem(problems, given->place, "mapping.offset_unit", {{"input", input.name}});
    }
    plan.ratio = *ratio;
  }
  if (!given->field.empty()) {
    plan.value = rule.fields.size();
    rule.fields.push_back(std::move(plan));
    return;
  }
  if (is_region) {
    const auto region = knowledge_.library().regions().find(given->constant);
    if (!region) return add_problem(problems, given->place, region.error());
    rule.constant_regions.push_back({plan.column, region->value});
    return;
  }
  const bool with_unit = given->unit && input.type == Input::Type::quantity;
  auto value = method::read_value(
      with_unit ? given->constant + " " + to_string(*given->unit) : given->constant, input);
  if (!value) return add_problem(problems, given->place, std::move(value).error());
  rule.constants.push_back({plan.column, *value});
}

void Edition::plan_postings(Rule& rule, const programme::EventType& event,
                            Problems& problems) const {
  const auto& outputs = rule.compiled->method->outputs;
  for (std::size_t at = 0; at < outputs.size(); ++at) {
    if (outputs[at].asset == method::Asset::none) continue;
    const auto asset = ledger::asset_of(method::name_of(outputs[at].asset));
    // A method's smallest unit must be the ledger's, or balances would mix them.
    const auto unit = parse_unit(ledger::unit_of(*asset));
    PARTAKE_REQUIRE(ledger::whole_in(outputs[at].smallest, *unit) == 1);
    rule.postings.push_back({*asset, at});
  }
  if (rule.postings.empty()) {
    add_problem(problems, event.place, "programme.no_asset", {{"type", event.type}});
    return;
  }
  const bool carbon = rule.postings[0].asset == ledger::Asset::co2e;
  if (scheme().point_for && carbon) {
    const auto whole =
        ledger::whole_in(*scheme().point_for, *parse_unit(ledger::unit_of(ledger::Asset::co2e)));
    if (!whole || *whole == 0) {
      add_problem(problems, scheme().place, "programme.point_for",
                  {{"value", to_string(*scheme().point_for)}});
    }
    rule.point_for = whole.value_or(0);
  }
  if (rule.amounts() > amounts_max) {
    add_problem(problems, event.place, "programme.too_many_outputs",
                {{"type", event.type}, {"limit", std::to_string(amounts_max)}});
  }
}

void Edition::plan_caps(Rule& rule, ProgrammeNumbers& numbers, Problems& problems) const {
  const auto add = [&](std::size_t posting, const Quantity& most, const std::string& per,
                       const std::string& name, const Place& place) {
    const auto window = window_of(per);
    const auto unit = parse_unit(ledger::unit_of(rule.postings[posting].asset));
    const auto whole = ledger::whole_in(most, *unit);
    if (!window || !whole) {
      return add_problem(problems, place, "programme.cap_amount", {{"value", to_string(most)}});
    }
    const auto number = ProgrammeNumbers::number_in(numbers.caps, name + " " + per);
    rule.caps.push_back({static_cast<ledger::CapNumber>(number), *window, posting, *whole});
  };
  for (std::size_t posting = 0; posting < rule.postings.size(); ++posting) {
    const std::string asset = ledger::name_of(rule.postings[posting].asset);
    const auto& method = *rule.compiled->method;
    for (const auto& limit : method.limits) {
      if (limit.output != method.outputs[rule.postings[posting].output].name) continue;
      add(posting, limit.most, limit.per, method.id.text() + " " + limit.output, method.place);
    }
    for (const auto& cap : scheme().caps) {
      const bool meant = cap.events.empty() || std::find(cap.events.begin(), cap.events.end(),
                                                         rule.type) != cap.events.end();
      if (cap.asset != asset || !meant) continue;
      std::string types;
      for (const auto& type : cap.events) types += " " + type;
      add(posting, cap.most, cap.per, asset + types, cap.place);
    }
  }
  if (numbers.caps.size() > ledger::caps_max) {
    add_problem(problems, scheme().place, "programme.too_many_caps",
                {{"limit", std::to_string(ledger::caps_max)}});
  }
}

void Edition::plan_tiers(Rule& rule) const {
  for (std::size_t at = 0; at < tiers.size(); ++at) {
    rule.tier_worth[at] = method::tier_worth(*rule.compiled->method, tiers[at]);
    if (scheme().tiers.empty()) continue;
    const auto stated = std::find_if(scheme().tiers.begin(), scheme().tiers.end(),
                                     [&](const auto& entry) { return entry.first == tiers[at]; });
    rule.tier_worth[at] = stated == scheme().tiers.end() ? -1 : to_double(stated->second);
  }
}

void Edition::plan_exclusivity(Rule& rule, ProgrammeNumbers& numbers, Problems& problems) const {
  const auto& exclusivity = rule.compiled->method->exclusivity;
  const auto* exclusive = exclusivity ? scheme().exclusive_in(exclusivity->group) : nullptr;
  if (exclusive == nullptr) return;
  auto key = exclusivity->key;
  std::sort(key.begin(), key.end());
  rule.whole_day = key == std::vector<std::string>{"account", "date"};
  if (!rule.whole_day && key != std::vector<std::string>{"account", "end", "start"}) {
    add_problem(problems, exclusive->place, "programme.exclusive_key",
                {{"group", exclusive->group}, {"method", rule.use->id.text()}});
  }
  rule.group = static_cast<int>(ProgrammeNumbers::number_in(numbers.groups, exclusivity->group));
  rule.within_s = exclusive->within_minutes * 60;
  if (numbers.groups.size() > ledger::groups_max) {
    add_problem(problems, exclusive->place, "programme.too_many_groups",
                {{"limit", std::to_string(ledger::groups_max)}});
  }
}

ActTime act_time(const Rule& rule, Instant time, Day day, std::uint32_t length_s) {
  if (rule.whole_day) return {std::chrono::sys_seconds{day}.time_since_epoch().count(), 0};
  return {std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count(), length_s};
}

const Rule* Edition::rule_of(std::string_view type) const {
  const auto found = std::find_if(rules_.begin(), rules_.end(),
                                  [&](const Rule& rule) { return rule.type == type; });
  return found == rules_.end() ? nullptr : &*found;
}

Manifest Edition::manifest(const std::vector<Content>& contents) const {
  Manifest manifest{programme_.id.text(), programme_.version, {}, {}};
  for (const auto& content : contents) manifest.contents.push_back(hash_of(content));
  for (const auto& compiled : knowledge_.methods()) {
    manifest.methods.emplace_back(compiled->method->id.text() + "@" + compiled->method->version,
                                  compiled->hash);
  }
  return manifest;
}

}  // namespace partake::books
