// The program as people start it: exit codes, languages, JSON, files that are too much.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include <sys/wait.h>

#include "base/json.h"

using namespace partake;

namespace {

struct Ran {
  int code = 0;
  std::string out;  // Standard output and error together.
};

Ran partake_run(const std::string& arguments, const std::string& environment = "LC_ALL=C.UTF-8") {
  const std::string command =
      "cd " SOURCE_DIR " && " + environment + " " BINARY_DIR "/partake " + arguments + " 2>&1";
  Ran ran;
  auto* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  char buffer[4096];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    ran.out.append(buffer, count);
  }
  ran.code = WEXITSTATUS(::pclose(pipe));
  return ran;
}

// 400 MB of address space; the sanitizer needs more for itself.
#if defined(__SANITIZE_ADDRESS__)
const char* const memory_limit = "LC_ALL=C.UTF-8";
#else
const char* const memory_limit = "ulimit -v 400000; LC_ALL=C.UTF-8";
#endif

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string in_binary_folder(const std::string& name) { return std::string{BINARY_DIR "/"} + name; }

}  // namespace

TEST_CASE("cli: help, language and exit codes") {
  CHECK(has(partake_run("--help").out, "quantify"));
  CHECK(has(partake_run("--help", "LC_ALL=zh_CN.UTF-8").out, "众绿"));
  CHECK(has(partake_run("--lang zh method --help").out, "检查"));
  CHECK_EQ(partake_run("").code, 0);
  CHECK_EQ(partake_run("frobnicate").code, 2);
  CHECK_EQ(partake_run("method show no.such").code, 4);
  CHECK_EQ(partake_run("unit convert 1km kg").code, 2);
  CHECK_EQ(partake_run("--lang fr unit list").code, 2);
  CHECK_EQ(partake_run("--library /nowhere method list").code, 4);
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
  CHECK_EQ(
      partake_run("method diff transport.bus transport.walk --on examples/shared-bicycle").code, 2);
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
