#include "books/edition.h"

#include "books/testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

struct Edit {
  const char* from;
  std::string to;
};

std::string changed(std::string text, const std::vector<Edit>& changes) {
  for (const auto& change : changes) {
    const auto at = text.find(change.from);
    REQUIRE_MESSAGE(at != std::string::npos, change.from);
    text.replace(at, std::string_view{change.from}.size(), change.to);
  }
  return text;
}

// The codes of what is wrong with an edition of a changed programme and method.
std::string codes_of(const std::vector<Edit>& programme, const std::vector<Edit>& method,
                     ProgrammeNumbers numbers = {}) {
  auto contents = small_contents();
  contents[2].text = changed(method_text, method);
  contents[4].text = changed(programme_text, programme);
  Problems problems;
  const auto edition = Edition::build(contents, numbers, problems);
  std::string codes;
  for (const auto& problem : problems) {
    codes += (codes.empty() ? "" : " ") + problem.code;
    CHECK_MESSAGE(!problem.place.file.empty(), problem.code);
  }
  return codes;
}

// More inputs of the method, from `first` on, each added to the distance.
std::string more_inputs(int count) {
  std::string text;
  for (int at = 0; at < count; ++at) {
    text += "[inputs.more_" + std::to_string(at) +
            "]\ntitle = { en = \"M\", zh = \"多\" }\nunit = \"km\"\nrange = \"[0, 1]\"\n";
  }
  return text;
}
std::string more_terms(int count) {
  std::string text = "distance";
  for (int at = 0; at < count; ++at) text += " + more_" + std::to_string(at);
  return text;
}
std::string more_settings(int count) {
  std::string text;
  for (int at = 0; at < count; ++at) text += ", more_" + std::to_string(at) + " = \"0 km\"";
  return text;
}
std::string more_fields(int count) {
  std::string text;
  for (int at = 0; at < count; ++at) {
    text +=
        "inputs.more_" + std::to_string(at) + " = { field = \"f" + std::to_string(at) + "\" }\n";
  }
  return text;
}

}  // namespace

TEST_CASE("edition: what a scheme asks of its methods is checked when it is published") {
  CHECK_EQ(codes_of({}, {}), "");
  const char* const asset = "asset = \"co2e\"\n";
  const std::string of_all =
      "asset = \"co2e\"\n"
      "[outputs.water]\ntitle = { en = \"T\", zh = \"水\" }\nformula = \"distance / 1 [km] * 1 "
      "[L]\"\nunit = \"L\"\nasset = \"water\"\n"
      "[outputs.power]\ntitle = { en = \"T\", zh = \"电\" }\nformula = \"distance / 1 [km] * 1 "
      "[kWh]\"\nunit = \"kWh\"\n"
      "asset = \"electricity\"\n"
      "[outputs.time]\ntitle = { en = \"T\", zh = \"时\" }\nformula = \"distance / 1 [km] * 1 "
      "[s]\"\nunit = \"s\"\nasset = \"time\"\n";
  const char* const expects = "expect = { co2e = \"100 gCO2e\" }";
  const std::string expects_all =
      "expect = { co2e = \"100 gCO2e\", water = \"1 L\", power = \"1 kWh\", time = \"1 s\" }";
  struct Case {
    std::string what;
    std::vector<Edit> programme;
    std::vector<Edit> method;
    std::string codes;
  };
  const std::vector<Case> cases{
      {"a cap below the smallest unit",
       {{"\"3 kgCO2e\"", "\"0.5 mgCO2e\""}},
       {},
       "programme.cap_amount programme.cap_amount"},
      {"a point for less than the smallest unit",
       {{"\"1 kgCO2e\"", "\"0.5 mgCO2e\""}},
       {},
       "programme.point_for programme.point_for"},
      {"a key that the ledger does not know",
       {},
       {{"[\"account\", \"start\", \"end\"]", "[\"account\", \"start\"]"}},
       "programme.exclusive_key programme.exclusive_key"},
      {"no output that an account could hold",
       {},
       {{asset, "round = \"1 [mgCO2e]\"\n"}},
       "programme.no_asset programme.no_asset"},
      {"more amounts than a record holds",
       {},
       {{asset, of_all}, {expects, expects_all}},
       "programme.too_many_outputs programme.too_many_outputs"},
      {"a field in a unit with another zero",
       {{"field = \"m\", unit = \"m\"", "field = \"m\", unit = \"degC\""}},
       {{"unit = \"km\"\nrange = \"(0, 100]\"", "unit = \"K\"\nrange = \"(0, 100]\""},
        {"gCO2/km", "gCO2/K"},
        {"\"1 km\"", "\"1 K\""}},
       "mapping.offset_unit"},
      {"an input that the method has not",
       {{"inputs.distance = { field = \"km\" }",
         "inputs.distance = { field = \"km\" }\n"
         "inputs.other = { field = \"other\" }"}},
       {},
       "mapping.unknown_input"},
      {"an input that nothing feeds",
       {{"inputs.distance = { field = \"km\" }\n", ""}},
       {},
       "mapping.input_missing"},
  };
  for (const auto& entry : cases) {
    CAPTURE(entry.what);
    CHECK_EQ(codes_of(entry.programme, entry.method), entry.codes);
  }
}

TEST_CASE("edition: the day is that of the event, never a field") {
  const auto file = [](const char* name) {
    return *read_file(std::string{SOURCE_DIR "/library/"} + name);
  };
  const auto programme =
      changed(programme_text, {{"id = \"test.trip\"", "id = \"transport.metro\""},
                               {"method = \"test.trip\"", "method = \"transport.metro\""},
                               {"inputs.distance = { field = \"km\" }\n",
                                "inputs.distance = { field = \"km\" }\n"
                                "inputs.region = { constant = \"CN-BJ\" }\n"
                                "inputs.date = { field = \"day\" }\n"}});
  const auto walk = programme.find("[[scheme.events]]\ntype = \"walk\"");
  const std::vector<Content> contents{
      {Content::Kind::sources, "sources.toml", file("sources.toml")},
      {Content::Kind::regions, "regions.toml", file("regions.toml")},
      {Content::Kind::factors, "transport.toml", file("factors/transport.toml")},
      {Content::Kind::method, "metro.toml", file("methods/transport/metro.toml")},
      {Content::Kind::zone, "UTC", "UTC\n-2208988800 0\n"},
      {Content::Kind::programme, "programme.toml", programme.substr(0, walk)}};
  ProgrammeNumbers numbers;
  Problems problems;
  Edition::build(contents, numbers, problems);
  REQUIRE_EQ(problems.size(), 1);
  CHECK_EQ(problems[0].code, "programme.date_input");
}

TEST_CASE("edition: a method over a table has no single event") {
  CHECK_EQ(
      codes_of({{"inputs.distance = { field = \"km\" }\n", ""},
                {"inputs.distance = { field = \"m\", unit = \"m\" }\n", ""}},
               {{"[inputs.distance]\ntitle = { en = \"Distance\", zh = \"里程\" }\nunit = \"km\"\n"
                 "range = \"(0, 100]\"\n",
                 "[inputs.legs]\ntype = \"table\"\ntitle = { en = \"Legs\", zh = \"各段\" }\n"
                 "[inputs.legs.columns.distance]\ntitle = { en = \"D\", zh = \"里程\" }\n"
                 "unit = \"km\"\nrange = \"(0, 100]\"\n"},
                {"distance * rate", "sum(legs, legs.distance * rate)"},
                {"{ distance = \"1 km\" }", "{ legs = [{ distance = \"1 km\" }] }"}}),
      "programme.table_input programme.table_input");
}

TEST_CASE("edition: limits") {
  const auto with_inputs = [](int count) {
    return codes_of(
        {{"inputs.distance = { field = \"km\" }\n",
          "inputs.distance = { field = \"km\" }\n" + more_fields(count)},
         {"inputs.distance = { field = \"m\", unit = \"m\" }\n",
          "inputs.distance = { field = \"m\", unit = \"m\" }\n" + more_fields(count)}},
        {{"[parameters.rate]", more_inputs(count) + "[parameters.rate]"},
         {"distance * rate", "(" + more_terms(count) + ") * rate"},
         {"{ distance = \"1 km\" }", "{ distance = \"1 km\"" + more_settings(count) + " }"}});
  };
  CHECK_EQ(with_inputs(static_cast<int>(values_max) - 1), "");
  CHECK_EQ(with_inputs(static_cast<int>(values_max)),
           "programme.too_many_fields programme.too_many_fields");
  // Numbers are given to all editions of a programme, one after the other.
  ProgrammeNumbers numbers;
  for (std::size_t at = 0; at < ledger::caps_max; ++at) numbers.caps.push_back(std::to_string(at));
  CHECK_EQ(codes_of({}, {}, numbers), "programme.too_many_caps programme.too_many_caps");
  numbers = {};
  for (std::size_t at = 0; at < ledger::groups_max; ++at) {
    numbers.groups.push_back(std::to_string(at));
  }
  CHECK_EQ(codes_of({}, {}, numbers), "programme.too_many_groups programme.too_many_groups");
}

TEST_CASE("edition: it needs regions, and a scheme") {
  auto contents = small_contents();
  contents.erase(contents.begin() + 1);
  ProgrammeNumbers numbers;
  Problems problems;
  Edition::build(contents, numbers, problems);
  REQUIRE_EQ(problems.size(), 1);
  CHECK_EQ(problems[0].code, "programme.no_regions");
  problems.clear();
  contents = small_contents();
  contents[4].text.erase(contents[4].text.find("[scheme]"));
  Edition::build(contents, numbers, problems);
  REQUIRE_EQ(problems.size(), 1);
  CHECK_EQ(problems[0].code, "programme.no_scheme");
}
