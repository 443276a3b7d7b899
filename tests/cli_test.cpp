// The program as people start it: exit codes, languages, JSON, files that are too much.
#include <filesystem>
#include <fstream>
#include <string>

#include "base/json.h"
#include "tests/program.h"

using namespace partake;
using namespace partake::testing;

namespace {

// 400 MB of address space; the sanitizer needs more for itself.
#if defined(__SANITIZE_ADDRESS__)
const char* const memory_limit = "LC_ALL=C.UTF-8";
#else
const char* const memory_limit = "ulimit -v 400000; LC_ALL=C.UTF-8";
#endif

}  // namespace

TEST_CASE("cli: help, language and exit codes") {
  CHECK(has(partake_run("--help").out, "quantify"));
  CHECK(has(partake_run("--help", "LC_ALL=zh_CN.UTF-8").out, "众绿"));
  CHECK(has(partake_run("--lang zh method --help").out, "检查"));
  CHECK_EQ(partake_run("").code, 0);
  CHECK_EQ(partake_run("frobnicate").code, 2);
  CHECK_EQ(partake_run("method show no.such").code, 4);
  CHECK_EQ(partake_run("unit convert 1km kg").code, 2);
  CHECK(has(partake_run("unit convert 17万吨 t").out, "170,000 t (exactly; 2 significant digits)"));
  CHECK_EQ(partake_run("--lang fr unit list").code, 2);
  CHECK_EQ(partake_run("--library /nowhere method list").code, 4);
  CHECK(has(partake_run("--library /nowhere method list").out, "[library.not_found]"));
}

TEST_CASE("cli: what is wrong with the line is said in the language asked for, and in JSON") {
  struct Case {
    const char* arguments;
    const char* english;
    const char* chinese;
  };
  for (const auto& entry : {
           Case{"account", "A command is missing [cli.no_command]", "缺少命令"},
           Case{"init somewhere", "--origin is missing [cli.missing]", "缺少 --origin"},
           Case{"init", "is missing [cli.missing]", "缺少 "},
           Case{"unit list frob", "Not expected here: frob [cli.unexpected]", "此处不应出现：frob"},
           Case{"quantify p --csv --json", "cannot be used together [cli.excludes]",
                "不能同时使用"},
           Case{"source add b s --programme p --tier D", "[cli.bad_value]", "取值不合要求"},
           Case{"passbook b 1 --most many", "[cli.bad_value]", "取值不合要求"},
       }) {
    const std::string arguments = entry.arguments;
    CAPTURE(arguments);
    const auto in_english = partake_run(arguments);
    CHECK_EQ(in_english.code, 2);
    const bool asks_for_json = has(arguments, "--json");
    if (!asks_for_json) CHECK_MESSAGE(has(in_english.out, entry.english), in_english.out);
    const auto in_chinese = partake_run("--lang zh " + arguments);
    CHECK_MESSAGE(has(in_chinese.out, entry.chinese), in_chinese.out);
    const auto as_json = partake_run(arguments + " --json");
    CHECK_EQ(as_json.code, 2);
    CHECK_EQ(json_of(as_json).find("problems")->array()->size(), 1);
  }
}

TEST_CASE("cli: a method run shows every step, in both languages") {
  const std::string arguments =
      "method run transport.metro --set distance=8.2km --set region=CN-BJ --date 2024-11-20";
  const auto english = partake_run(arguments);
  CHECK_EQ(english.code, 0);
  CHECK(has(english.out, "0.104 kgCO2/pkm"));
  CHECK(has(english.out, "saved = distance * 1 [person] * (baseline - metro)"));
  CHECK(has(english.out, "0.5904 kgCO2e"));
  CHECK(has(english.out, "uncertainty not stated by any source"));
  const auto chinese = partake_run("--lang zh " + arguments);
  CHECK(has(chinese.out, "0.5904 千克二氧化碳当量"));
  const auto json = parse_json(partake_run("--json " + arguments).out);
  REQUIRE(json.has_value());
  CHECK_EQ(*json->find("outcomes")->array()->front().find("count")->string(), "590400");
}

TEST_CASE("cli: a factor of an earlier year is told as such, in both languages") {
  const std::string arguments =
      "method run datacentre.pue --set facility_energy=13GWh --set it_energy=10GWh "
      "--set region=CN-ZJ --set reference_pue=1.55 --date 2024-06-01";
  CHECK(has(partake_run(arguments).out, "(fall-back, years back: "));
  CHECK(has(partake_run("--lang zh " + arguments).out, "（回溯 "));
}

TEST_CASE("cli: all library methods check and their examples come out") {
  const auto checked = partake_run("method check library/methods");
  CHECK_EQ(checked.code, 0);
  const auto tested = partake_run("--json method test");
  CHECK_EQ(tested.code, 0);
  const auto json = parse_json(tested.out);
  REQUIRE(json.has_value());
  CHECK_GE(std::stoi(json->find("stated")->number()->text), 15);
}

TEST_CASE("cli: check reports every problem with its place, in both languages") {
  const auto path = in_binary_folder("broken.toml");
  std::ofstream{path} << R"toml(format = 1
id = "broken.method"
version = "1.0.0"
title = { en = "T", zh = "题" }
description = { en = "D", zh = "述" }
boundary = { en = "B", zh = "界" }
actors = ["person"]
[[basis]]
source = "nobody"
seen = "text"
[inputs.x]
title = { en = "X", zh = "某" }
unit = "kWhh"
range = "[0, 10]"
[formulas]
a = "1 [kg] / (x - 5) + y"
[outputs.co2e]
formula = "co2e(a)"
unit = "kgCO2e"
asset = "co2e"
[[examples]]
title = { en = "E", zh = "例" }
origin = "derived"
set = { x = "1" }
expect = { co2e = "1 kgCO2e" }
)toml";
  const auto english = partake_run("method check " + path);
  CHECK_EQ(english.code, 1);
  CHECK(has(english.out, "broken.toml:9:"));
  CHECK(has(english.out, "[source.unknown]"));
  CHECK(has(english.out, "broken.toml:13:"));
  CHECK(has(english.out, "did you mean kWh?"));
  CHECK(has(english.out, "broken.toml:16:"));
  CHECK(has(english.out, "[formula.unknown_name]"));
  const auto chinese = partake_run("--lang zh method check " + path);
  CHECK(has(chinese.out, "不是已知单位"));
  std::filesystem::remove(path);
}

TEST_CASE("cli: a method file of 100 MB is refused without being read") {
  const auto path = in_binary_folder("huge.toml");
  std::ofstream{path} << "#";
  std::filesystem::resize_file(path, 100U << 20U);
  const auto ran = partake_run("method check " + path);
  CHECK_EQ(ran.code, 1);
  CHECK(has(ran.out, "[file.too_large]"));
  std::filesystem::remove(path);
}

TEST_CASE("cli: a sparse evidence file of 10 GB stops at the first record, in little memory") {
  const auto path = in_binary_folder("sparse.csv");
  std::ofstream{path} << "distance,region,date\n8.2,CN-BJ,2024-11-20\n";
  std::error_code problem;
  std::filesystem::resize_file(path, 10ULL << 30U, problem);
  if (!problem) {
    const auto ran =
        partake_run("method diff transport.metro transport.metro --on " + path, memory_limit);
    CHECK_EQ(ran.code, 6);
    CHECK(has(ran.out, "[csv.record_too_long]"));
  }
  std::filesystem::remove(path);
}

TEST_CASE("cli: quantify says what was used, refused and substituted") {
  const auto ran = partake_run("quantify examples/shared-bicycle --as-of 2026-11-20");
  CHECK_EQ(ran.code, 0);
  CHECK(has(ran.out, "Rows read: 12; quantified: 9; refused: 3"));
  CHECK(has(ran.out, "[trip.same_station]"));
  CHECK(has(ran.out, "illustrative: region and year substituted"));
  CHECK(has(ran.out, "0.104 kgCO2/pkm"));
  const auto rows = in_binary_folder("rows.csv");
  CHECK_EQ(partake_run("quantify examples/shared-bicycle --rows " + rows).code, 0);
  std::ifstream in{rows};
  std::string header;
  std::getline(in, header);
  CHECK_EQ(header,
           "file,line,method,version,hash,output,value,unit,count,smallest,half_width_95,"
           "uncertainty,factors,substituted");
  std::filesystem::remove(rows);
  CHECK(has(partake_run("quantify examples/shared-bicycle --explain 2").out, "0.952 km"));
  const auto cooling = partake_run("quantify examples/metro-cooling --as-of 2026-11-20");
  CHECK(has(cooling.out, "0.8325 kgCO2e/kWh"));
  CHECK(has(cooling.out, "a factor of fossil power only"));
  CHECK(has(cooling.out, "425.4 tCO2e"));
}

TEST_CASE("cli: rows and totals as CSV carry what they rest on") {
  const auto path = in_binary_folder("carrying.csv");
  CHECK_EQ(partake_run("quantify examples/shared-bicycle --as-of 2026-11-20 --rows " + path).code,
           0);
  std::ifstream in{path};
  std::string row;
  std::getline(in, row);
  std::getline(in, row);
  CHECK(has(row, "trip.csv,2,transport.shared_bicycle,1.0.0,sha256:25fd53a0dc03"));
  CHECK(has(row, ",co2e,0.108871,kgCO2e,108871,1 mgCO2e,,not stated,"));
  CHECK(has(row, " transport.baseline@sha256:4bf15a8d710b"));
  CHECK(row.ends_with(",transport.baseline transport.bicycle_shared"));
  std::filesystem::remove(path);
  const auto totals = partake_run("quantify examples/shared-bicycle --csv --as-of 2026-11-20");
  CHECK_EQ(totals.code, 0);
  CHECK(
      totals.out.starts_with("method,version,hash,output,value,unit,count,smallest,"
                             "half_width_95,uncertainty,illustrative,unconfirmed\n"));
  CHECK(has(totals.out, "\n,,,co2e,2.310875,kgCO2e,2310875,1 mgCO2e,,not stated,true,false\n"));
  CHECK_EQ(partake_run("quantify examples/shared-bicycle --csv --json").code, 2);
  CHECK(has(partake_run("quantify examples/metro-cooling --csv any.csv").out,
            "[programme.which_evidence]"));
}

TEST_CASE("cli: totals of several methods say what was added, and what is unconfirmed") {
  const auto ran = partake_run("quantify examples/organic-cycle --as-of 2026-11-20");
  const auto total = ran.out.substr(ran.out.find("In total"));
  CHECK(has(total, "[rests on unconfirmed values]"));
  CHECK(has(total, "Added up from:"));
  CHECK(has(total, "(waste.composting): 33,498.368 tCO2e"));
  CHECK(has(total, "(soil.organic_carbon): 115.087016 tCO2e"));
  const auto json =
      parse_json(partake_run("--json quantify examples/organic-cycle --as-of 2026-11-20").out);
  REQUIRE(json.has_value());
  const auto& co2e = json->find("totals")->array()->front();
  CHECK_EQ(*co2e.find("unconfirmed")->boolean(), true);
  CHECK_EQ(co2e.find("added")->array()->size(), 2);
}

TEST_CASE("cli: any line of any evidence file is explained, and a refused one named") {
  const std::string explain = "quantify examples/metro-cooling --as-of 2026-11-20 --explain ";
  CHECK(has(partake_run(explain + "plant.csv:2").out, "cooling.plant"));
  CHECK(has(partake_run(explain + "day.csv:2").out, "cooling.heat_balance"));
  CHECK(has(partake_run(explain + "2").out, "cooling.plant"));
  CHECK(has(partake_run(explain + "none.csv:2").out, "[evidence.no_such_file]"));
  CHECK(has(partake_run(explain + "plant.csv:two").out, "[cli.bad_line]"));
  const auto refused = partake_run("quantify examples/shared-bicycle --explain 5");
  CHECK_EQ(refused.code, 2);
  CHECK(refused.out.starts_with("examples/shared-bicycle/trip.csv:5: "));
}

TEST_CASE("cli: refused rows speak the language in JSON too, and name their file") {
  const std::string arguments = "--json quantify examples/shared-bicycle --lang ";
  CHECK(has(partake_run(arguments + "zh").out, "不符合"));
  CHECK(has(partake_run(arguments + "en").out, "does not fit"));
  CHECK(has(partake_run("quantify examples/shared-bicycle").out, "trip.csv:13)"));
}

TEST_CASE("cli: nothing quantified prints no empty headings") {
  const auto ran = partake_run("quantify examples/shared-bicycle --no-substitution");
  CHECK_EQ(ran.code, 1);
  CHECK_FALSE(has(ran.out, "Factors used"));
  CHECK_FALSE(has(ran.out, "In total"));
}

TEST_CASE("cli: factor list and show see what was published by the day") {
  const std::string list = "--json factor list grid.electricity --region CN-BJ --as-of ";
  const auto early = parse_json(partake_run(list + "2020-01-01").out);
  const auto late = parse_json(partake_run(list + "2026-11-20").out);
  REQUIRE(early.has_value());
  REQUIRE(late.has_value());
  CHECK_LT(early->array()->size(), late->array()->size());
  CHECK(has(partake_run("factor show transport.metro --as-of 1990-01-01").out,
            "[factor.not_published]"));
}

TEST_CASE("cli: method diff puts parameters in words") {
  const auto english = partake_run("method diff transport.bus transport.metro");
  CHECK(has(english.out, "Parameter metro: added: kgCO2/pkm, transport.metro"));
  CHECK(has(english.out, "Parameter bus: removed (was kgCO2/pkm, transport.bus)"));
  CHECK_FALSE(has(english.out, "{"));
  const auto chinese = partake_run("--lang zh method diff transport.bus transport.metro");
  CHECK_FALSE(has(chinese.out, "{"));
}

TEST_CASE("cli: example test finds folders that the index does not list, and its units") {
  namespace fs = std::filesystem;
  const auto folder = in_binary_folder("unlisted");
  fs::remove_all(folder);
  fs::create_directories(folder + "/own");
  std::ofstream{folder + "/index.toml"} << "systems = []\n";
  std::ofstream{folder + "/own/expected.toml"}
      << "row = 1\n[[figures]]\ntitle = { en = \"F\", zh = \"F\" }\n"
         "method = \"transport.metro\"\noutput = \"co2e\"\nexpect = \"590.4 gCO2e\"\n"
         "set = { distance = \"8.2 km\", region = \"CN-BJ\", date = \"2024-11-20\" }\n";
  const auto ran = partake_run("example test --as-of 2026-11-20 --examples " + folder);
  CHECK_EQ(ran.code, 0);
  CHECK(has(ran.out, "own: F: 590.4 gCO2e (computed 590.4 gCO2e)"));
  fs::remove_all(folder);
}

TEST_CASE("cli: units and factors") {
  CHECK(has(partake_run("unit convert '3.9亿公里' km").out, "390,000,000 km (exactly; 2 "));
  CHECK(has(partake_run("factor show transport.metro").out, "0.032 kgCO2/pkm"));
  const auto found = partake_run(
      "factor find grid.electricity --region CN-BJ --date 2022-06-01 "
      "--kind average");
  CHECK(has(found.out, "0.5580 kgCO2/kWh"));
  CHECK(has(partake_run("factor list grid --bands").out, "Factor"));
  CHECK_EQ(partake_run("factor find grid --region CN-BJ --date 1950-01-01").code, 4);
}

TEST_CASE("cli: method diff on evidence") {
  std::string text;
  {
    std::ifstream in{SOURCE_DIR "/library/methods/transport/metro.toml"};
    text.assign(std::istreambuf_iterator<char>{in}, {});
  }
  const auto at = text.find("(baseline - metro)");
  REQUIRE(at != std::string::npos);
  text.replace(at, 18, "(baseline - metro) * 0.5");
  text.replace(text.find("version = \"1.0.0\""), 17, "version = \"2.0.0\"");
  const auto method = in_binary_folder("metro2.toml");
  const auto evidence = in_binary_folder("metro.csv");
  std::ofstream{method} << text;
  std::ofstream{evidence} << "distance,region,date\n10,CN-BJ,2024-11-20\n1,CN-TJ,2024-11-20\n"
                             "1,CN-GD,2024-11-20\n";
  const auto ran = partake_run("method diff transport.metro " + method + " --on " + evidence);
  CHECK_EQ(ran.code, 0);
  CHECK(has(ran.out, "Formula saved"));
  CHECK(has(ran.out, "0.792 kgCO2e → 0.396 kgCO2e"));
  CHECK(has(ran.out, "2 of 2 quantified rows change; refused: 1 before, 1 after"));
  std::filesystem::remove(method);
  std::filesystem::remove(evidence);
  // Another method on the evidence of a programme that uses the first, whose substitutions do not
  // cover it: every row is refused, and said to be.
  const auto other = partake_run(
      "method diff transport.shared_bicycle transport.metro --on examples/shared-bicycle");
  CHECK_EQ(other.code, 0);
  CHECK(has(other.out, "9 of 9 quantified rows change; refused: 3 before, 12 after"));
  CHECK(
      has(partake_run("method diff transport.bus transport.walk --on examples/shared-bicycle").out,
          "[programme.no_evidence]"));
}

TEST_CASE("examples: every working one reproduces its figures, and none claims too much") {
  const auto list = parse_json(partake_run("--json example list").out);
  REQUIRE(list.has_value());
  CHECK_EQ(list->array()->size(), 105);
  int working = 0;
  for (const auto& system : *list->array()) {
    if (*system.find("status")->string() != "working") continue;
    ++working;
    const auto folder = std::string{SOURCE_DIR "/examples/"} + *system.find("folder")->string();
    CAPTURE(folder);
    for (const char* file : {"README.md", "README.zh.md", "expected.toml", "programme.toml"}) {
      CHECK_MESSAGE(std::filesystem::exists(folder + "/" + file), file);
    }
  }
  CHECK_GE(working, 9);
  const auto tested = partake_run("example test --as-of 2026-11-20");
  CHECK_EQ(tested.code, 0);
  CHECK_MESSAGE(tested.code == 0, tested.out);
}
