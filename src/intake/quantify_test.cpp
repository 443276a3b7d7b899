#include "intake/quantify.h"

#include <cmath>
#include <filesystem>
#include <fstream>

#include "../../tests/outside_data.h"
#include "intake/compare.h"
#include "intake/example.h"
#include "intake/explain.h"

using namespace partake;
using namespace partake::intake;

namespace {

namespace fs = std::filesystem;

const Knowledge& knowledge() {
  static const Knowledge all = [] {
    Knowledge result;
    Problems problems;
    result.add_folder(SOURCE_DIR "/library", problems);
    REQUIRE(problems.empty());
    return result;
  }();
  return all;
}

// A folder that goes away with the test.
class Folder {
 public:
  Folder() : path_{fs::path{BINARY_DIR} / ("quantify_test_" + std::to_string(counter_++))} {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream{path_ / name, std::ios::binary} << content;
    return (path_ / name).string();
  }

 private:
  static inline int counter_ = 0;
  fs::path path_;
};

std::optional<programme::Programme> bicycle_programme() {
  Problems problems;
  auto programme =
      read_programme_file(SOURCE_DIR "/examples/shared-bicycle/programme.toml", problems);
  REQUIRE(problems.empty());
  return programme;
}

Result<Report> bicycle(const std::string& file, bool substitutions,
                       const programme::Programme& programme) {
  QuantifyOptions options;
  options.folder = SOURCE_DIR "/examples/shared-bicycle";
  options.files = {file};
  options.admitted_on = *parse_day("2026-11-20");
  options.substitutions = substitutions;
  Problems problems;
  return quantify(programme, knowledge(), options, problems);
}

std::string code_of(const Error& error) {
  for (const auto& [name, value] : error.args) {
    if (name == "rule") return value;
  }
  return error.code;
}

using Files = std::vector<std::pair<std::string, std::string>>;  // Name and content.

struct MetroRun {
  Result<Report> report;
  Problems problems;
};

// A metro CSV through the library's method; `beside` are files that the mapping names.
MetroRun run_metro(const std::string& csv, const std::string& mapping = "",
                   const Files& beside = {}) {
  static programme::Programme programme;  // Reports point into it.
  const Folder folder;
  programme = {};
  programme.methods.push_back({MethodId{"transport.metro"},
                               "1.0.0",
                               *parse_day("2019-01-01"),
                               *parse_day("2025-12-31"),
                               {}});
  programme.evidence.push_back({MethodId{"transport.metro"}, "", {}, "A", {"programme.toml", 9}});
  QuantifyOptions options;
  options.files = {folder.write("e.csv", csv)};
  options.admitted_on = *parse_day("2026-11-20");
  if (!mapping.empty()) programme.evidence[0].mapping = folder.write("mapping.toml", mapping);
  for (const auto& [name, content] : beside) folder.write(name, content);
  MetroRun run;
  run.report = quantify(programme, knowledge(), options, run.problems);
  return run;
}

// "2 good; 1 csv.wrong_field_count", or the error's code.
std::string metro(const std::string& csv, const std::string& mapping = "",
                  const Files& beside = {}) {
  const auto run = run_metro(csv, mapping, beside);
  if (!run.report) return run.report.error().code;
  const auto& entry = run.report->methods[0];
  std::string text = std::to_string(entry.totals->rows()) + " good";
  for (const auto& group : entry.refusals.groups()) {
    text += "; " + std::to_string(group.rows) + " " + code_of(group.example);
  }
  return text;
}

// Rides between stations; the distance comes from their positions.
const std::string station_mapping =
    "format = 1\n"
    "[joins.a]\nfile = \"s.csv\"\nkey = \"id\"\non = \"from\"\n"
    "[joins.b]\nfile = \"s.csv\"\nkey = \"id\"\non = \"to\"\n"
    "[inputs.distance]\ngeodesic = [\"a.lat\", \"a.long\", \"b.lat\", \"b.long\"]\n"
    "[inputs.region]\nconstant = \"CN-BJ\"\n"
    "[inputs.date]\ncolumn = \"day\"\n";
const std::string stations =
    "id,lat,long\n1,39.9,116.4\n2,39.95,116.45\n3,95,116.4\n4,north,116.4\n5,,116.4\n";

}  // namespace

TEST_CASE("shared bicycle: 19,677 real trips of December 2014") {
  const auto file = partake::testing::outside_data("bay-area-bike-share/trip.csv");
  if (file.empty()) return;
  const auto programme = bicycle_programme();
  const auto report = bicycle(file, true, *programme);
  REQUIRE(report.has_value());
  const auto& trips = report->methods[0];
  CHECK_EQ(trips.records, 19677);
  CHECK_EQ(trips.totals->rows(), 19080);
  REQUIRE_EQ(trips.refusals.groups().size(), 1);
  CHECK_EQ(code_of(trips.refusals.groups()[0].example), "trip.same_station");
  CHECK_EQ(trips.refusals.groups()[0].rows, 597);
  CHECK(report->illustrative());
  // Worked independently with GeographicLib's Python implementation and exact fractions: 26,010,923
  // m in all, each trip x 1.2 x 0.0953 kg/km rounded half to even to the milligram.
  const auto total = trips.total(0);
  CHECK_EQ(to_string(total.sum), "2974608897");
  CHECK(total.at_least);
}

TEST_CASE("shared bicycle: without the substitution every row is refused") {
  const auto file = partake::testing::outside_data("bay-area-bike-share/trip.csv");
  if (file.empty()) return;
  const auto programme = bicycle_programme();
  const auto report = bicycle(file, false, *programme);
  REQUIRE(report.has_value());
  CHECK_EQ(report->methods[0].totals->rows(), 0);
  CHECK_EQ(report->methods[0].refusals.rows(), 19677);
  CHECK_FALSE(report->illustrative());
  std::map<std::string, std::uint64_t> codes;
  for (const auto& group : report->methods[0].refusals.groups()) {
    codes[code_of(group.example)] += group.rows;
  }
  CHECK_EQ(codes["factor.none"], 19080);
  CHECK_EQ(codes["trip.same_station"], 597);
}

TEST_CASE("metro cooling: the published figures of one station") {
  Problems problems;
  const Example example{knowledge(), SOURCE_DIR "/examples/metro-cooling", problems};
  REQUIRE(problems.empty());
  const auto& programme = example.programme();
  QuantifyOptions options;
  options.folder = example.folder();
  options.admitted_on = *parse_day("2026-11-20");
  const auto report = quantify(*programme, example.knowledge(), options, problems);
  REQUIRE(report.has_value());
  const auto& plant = *report->of(MethodId{"cooling.plant"});
  const auto is = [&](const char* output, const char* expected) {
    for (std::size_t i = 0; i < plant.method().outputs.size(); ++i) {
      if (plant.method().outputs[i].name != output) continue;
      return method::matches(plant.method().outputs[i],
                             static_cast<std::int64_t>(plant.totals->outputs()[i].sum), expected,
                             std::nullopt)
          .value();
    }
    return false;
  };
  CHECK(is("scop", "6.7"));
  CHECK(is("saving_rate", "46.27 %"));
  CHECK(is("saved_electricity", "764,000 kWh"));
  CHECK_FALSE(is("co2e", "636 tCO2e"));
  REQUIRE_FALSE(programme->stated.empty());
  const auto comparison = compare(programme->stated[0], *report, knowledge().library());
  REQUIRE(comparison.has_value());
  CHECK_FALSE(comparison->agrees);
  CHECK_EQ(
      to_string(Quantity{round_to_significant(*comparison->implied, 4), comparison->implied_unit}),
      "0.8325 kgCO2e/kWh");
  REQUIRE_GE(comparison->candidates.size(), 3);
  CHECK_EQ(comparison->candidates[0].factor->kind, "fossil");
  CHECK_EQ(comparison->candidates[1].factor->kind, "fossil");
  bool average_told = false;
  for (const auto& candidate : comparison->candidates) {
    const bool national = candidate.factor->region_code == "CN" &&
                          candidate.factor->kind == "average" &&
                          to_string(candidate.factor->validity) == "2021";
    if (!national) continue;
    average_told = true;
    CHECK(candidate.gives == doctest::Approx(425.4).epsilon(0.0005));
  }
  CHECK(average_told);
}

TEST_CASE("quantify: a plain CSV needs no mapping, and good rows around bad ones count") {
  CHECK_EQ(metro("distance,region,date\n8.2,CN-BJ,2024-11-20\n3,CN-TJ,2025-01-01\n"), "2 good");
  CHECK_EQ(metro("distance [m],region,date,note\n8200,CN-BJ,2024-11-20,x\n"), "1 good");
  CHECK_EQ(
      metro("distance,region,date\n"
            "8.2,CN-BJ,2024-11-20\n"
            "8.2,CN-BJ\n"
            "many,CN-BJ,2024-11-20\n"
            "nan,CN-BJ,2024-11-20\n"
            "inf,CN-BJ,2024-11-20\n"
            "-1,CN-BJ,2024-11-20\n"
            "1e9,CN-BJ,2024-11-20\n"
            "8.2,MARS,2024-11-20\n"
            "8.2,CN-BJ,2024-13-20\n"
            "8.2,CN-BJ,2019-11-20\n"
            "8.2,CN-GD,2024-11-20\n"
            "8.2,\xB1\xB1,2024-11-20\n"
            "\"8.2\"x,CN-BJ,2024-11-20\n"
            "3,CN-BJ,2024-11-20\n"),
      "2 good; 1 csv.wrong_field_count; 3 decimal.malformed; 1 region.unknown; 1 time.malformed; "
      "1 csv.not_utf8; 1 csv.stray_quote; 2 method.out_of_range; 1 factor.none; 1 factor.none");
}

TEST_CASE("quantify: what makes a whole file unusable stops with a code, and no partial result") {
  CHECK_EQ(metro(""), "csv.empty");
  CHECK_EQ(metro("region,date\nCN-BJ,2024-11-20\n"), "mapping.input_missing");
  CHECK_EQ(metro("distance [kg],region,date\n1,CN-BJ,2024-11-20\n"), "unit.mismatch");
  CHECK_EQ(metro("distance,region,date\n8.2,CN-BJ,2024-11-20\n\"1,2,3\n"), "csv.open_quote");
  CHECK_EQ(metro("distance,region,date\n" + std::string(3U << 20U, 'x') + "\n"),
           "csv.record_too_long");
  CHECK_EQ(metro("d\n1\n", "format = 1\n[inputs.distance]\ncolumn = \"km\"\n"),
           "mapping.column_missing");
  CHECK_EQ(metro("d\n1\n", "format = 1\n[inputs.speed]\ncolumn = \"d\"\n"),
           "mapping.unknown_input");
  CHECK_EQ(metro("d\n1\n", "format = 1\n[inputs.distance]\ncolumn = \"d\"\nconstant = \"1\"\n"),
           "mapping.one_source");
  CHECK_EQ(
      metro("d\n1\n", "format = 1\n[joins.s]\nfile = \"none.csv\"\nkey = \"id\"\non = \"d\"\n"),
      "file.not_found");
}

TEST_CASE("quantify: the same totals however the file is cut into pieces") {
  const std::string header = "distance,region,date\n";
  std::string rows;
  std::vector<std::string> parts(7);
  for (int i = 0; i < 3000; ++i) {
    const std::string row = std::to_string(i % 200) + "." + std::to_string(i % 10) + ",CN-" +
                            (i % 3 == 0   ? "BJ"
                             : i % 3 == 1 ? "TJ"
                                          : "HE") +
                            ",2025-0" + std::to_string(i % 9 + 1) + "-15\n";
    rows += row;
    parts[static_cast<std::size_t>(i * 7919 % 7)] += row;
  }
  const Folder folder;
  programme::Programme programme;
  programme.methods.push_back({MethodId{"transport.metro"}, "1.0.0", day_min, day_max, {}});
  programme.evidence.push_back({MethodId{"transport.metro"}, "", {}, "A", {}});
  const auto total_of = [&](std::vector<std::string> files) {
    QuantifyOptions options;
    options.files = std::move(files);
    options.admitted_on = *parse_day("2026-11-20");
    Problems problems;
    const auto report = quantify(programme, knowledge(), options, problems);
    REQUIRE(report.has_value());
    const auto total = report->methods[0].total(0);
    return to_string(total.sum) + " " + std::to_string(total.half_width) + " " +
           std::to_string(report->methods[0].refusals.rows());
  };
  std::vector<std::string> files;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    files.push_back(folder.write("part" + std::to_string(i) + ".csv", header + parts[i]));
  }
  CHECK_EQ(total_of({folder.write("whole.csv", header + rows)}), total_of(files));
}

TEST_CASE("quantify: one line is explained with the numbers of the file") {
  const auto programme = bicycle_programme();
  QuantifyOptions options;
  options.folder = SOURCE_DIR "/examples/shared-bicycle";
  options.admitted_on = *parse_day("2026-11-20");
  Problems problems;
  const auto at = [&](const char* file, std::uint32_t line) {
    return explain(*programme, knowledge(), options, {file, line}, problems);
  };
  const auto explained = at("", 2);
  REQUIRE(explained.has_value());
  REQUIRE_EQ(explained->sections.size(), 1);
  std::string text;
  for (const auto& [name, value] : explained->sections[0].calculation.inputs) {
    text += name + "=" + value + ";";
  }
  CHECK_EQ(text, "region=US-CA;date=2014-12-01;distance=0.952 km;");
  const auto refused = at("trip.csv", 5);
  REQUIRE(refused.has_value());
  REQUIRE_EQ(refused->refused.size(), 1);
  CHECK_EQ(refused->refused[0].code, "evidence.rule");
  CHECK_EQ(refused->refused[0].place, Place{SOURCE_DIR "/examples/shared-bicycle/trip.csv", 5});
  CHECK_EQ(at("", 99)->refused[0].code, "evidence.no_such_line");
  CHECK_EQ(at("station.csv", 2).error().code, "evidence.no_such_file");
}

TEST_CASE("quantify: an empty cell is called empty, whatever its column is") {
  CHECK_EQ(metro("distance,region,date\n,CN-BJ,2024-11-20\n8.2,,2024-11-20\n8.2,CN-BJ, \n"),
           "0 good; 1 evidence.empty_cell; 1 evidence.empty_cell; 1 evidence.empty_cell");
}

TEST_CASE("quantify: joined rows, positions and the period are checked, each with its code") {
  const auto rides = [](const std::string& rows) {
    return metro("from,to,day\n" + rows, station_mapping, {{"s.csv", stations}});
  };
  CHECK_EQ(rides("1,2,2024-11-20\n"), "1 good");
  CHECK_EQ(rides("1,9,2024-11-20\n"), "0 good; 1 evidence.join_missing");
  CHECK_EQ(rides("1,3,2024-11-20\n"), "0 good; 1 evidence.bad_position");
  CHECK_EQ(rides("1,2,2018-12-31\n1,2,2026-01-01\n"), "0 good; 2 evidence.outside_period");
  CHECK_EQ(
      metro("from,to,day\n1,2,2024-11-20\n", station_mapping, {{"s.csv", stations + "2,40,116\n"}}),
      "evidence.key_twice");
  const auto run = run_metro("from,to,day\n1,4,2024-11-20\n1,5,2024-11-20\n", station_mapping,
                             {{"s.csv", stations}});
  REQUIRE(run.report.has_value());
  const auto& groups = run.report->methods[0].refusals.groups();
  REQUIRE_EQ(groups.size(), 2);
  CHECK_EQ(groups[0].example.code, "decimal.malformed");
  CHECK(groups[0].example.place.file.ends_with("/s.csv"));
  CHECK_EQ(groups[0].example.place.line, 5);
  CHECK_EQ(groups[1].example.code, "evidence.empty_cell");
  CHECK_EQ(groups[1].example.place.line, 6);
}

TEST_CASE("quantify: a bad cell of a table input is named by its own file and line") {
  Problems problems;
  const Example example{knowledge(), SOURCE_DIR "/examples/metro-cooling", problems};
  REQUIRE(problems.empty());
  const Folder folder;
  std::ifstream day{example.folder() + "/day.csv"};
  std::ifstream hour{example.folder() + "/hour.csv"};
  std::string hours{std::istreambuf_iterator<char>{hour}, {}};
  hours.replace(hours.find("5.42"), 4, "warm");
  folder.write("hour.csv", hours);
  auto programme = *example.programme();
  std::erase_if(programme.evidence, [](const auto& entry) { return entry.mapping.empty(); });
  QuantifyOptions options;
  options.folder = example.folder();
  options.files = {folder.write("day.csv", {std::istreambuf_iterator<char>{day}, {}})};
  options.admitted_on = *parse_day("2026-11-20");
  const auto report = quantify(programme, example.knowledge(), options, problems);
  REQUIRE(report.has_value());
  const auto& groups = report->of(MethodId{"cooling.heat_balance"})->refusals.groups();
  REQUIRE_EQ(groups.size(), 1);
  CHECK_EQ(groups[0].example.code, "decimal.malformed");
  CHECK(groups[0].example.place.file.ends_with("/hour.csv"));
  CHECK_EQ(groups[0].example.place.line, 3);
}

TEST_CASE("quantify: a mapping names files beside the evidence only") {
  for (const char* file : {"../s.csv", "/etc/passwd", "sub/../../s.csv"}) {
    CAPTURE(file);
    const auto at = station_mapping.find("s.csv");
    auto mapping = station_mapping;
    mapping.replace(at, 5, file);
    CHECK_EQ(metro("from,to,day\n1,2,2024-11-20\n", mapping, {{"s.csv", stations}}),
             "file.outside");
  }
  CHECK_EQ(
      metro("d\n1\n", "format = 1\n[tables.t]\nfile = \"../t.csv\"\nkey = \"k\"\non = \"d\"\n"),
      "file.outside");
}

TEST_CASE("quantify: keys that say nothing about an input are refused") {
  const auto keys = [](const std::string& of_distance, const std::string& of_region) {
    return metro("d,r,day\n1,CN-BJ,2024-11-20\n",
                 "format = 1\n[inputs.distance]\ncolumn = \"d\"\n" + of_distance +
                     "[inputs.region]\ncolumn = \"r\"\n" + of_region +
                     "[inputs.date]\ncolumn = \"day\"\nformat = \"%Y-%m-%d\"\n");
  };
  CHECK_EQ(keys("unit = \"km\"\n", ""), "1 good");
  CHECK_EQ(keys("format = \"%Y-%m-%d\"\n", ""), "mapping.idle_key");
  CHECK_EQ(keys("zone = \"Asia/Shanghai\"\n", ""), "mapping.idle_key");
  CHECK_EQ(keys("", "unit = \"km\"\n"), "mapping.idle_key");
}

TEST_CASE("quantify: a unit nobody knows matters only where the column is used") {
  CHECK_EQ(metro("distance,region,date,mass [frob]\n8.2,CN-BJ,2024-11-20,1\n"), "1 good");
  const auto run = run_metro("distance [frob],region,date\n8.2,CN-BJ,2024-11-20\n");
  REQUIRE_FALSE(run.report.has_value());
  CHECK_EQ(run.report.error().code, "unit.unknown");
  CHECK(run.report.error().place.file.ends_with("/e.csv"));
  CHECK_EQ(run.report.error().place.line, 1);
}

TEST_CASE("quantify: what stops it names the programme's line") {
  const auto mapping = run_metro("d\n1\n", "format = 1\n");
  REQUIRE_FALSE(mapping.report.has_value());
  CHECK_GT(mapping.report.error().place.line, 0);
  programme::Programme programme;
  programme.methods.push_back({MethodId{"transport.metro"}, "1.0.0", day_min, day_max, {}});
  programme.evidence.push_back(
      {MethodId{"transport.metro"}, "", {"none.csv"}, "A", {"programme.toml", 9}});
  Problems problems;
  const auto report = quantify(programme, knowledge(), {}, problems);
  REQUIRE_FALSE(report.has_value());
  CHECK_EQ(report.error().code, "file.not_found");
  CHECK_EQ(report.error().place, Place{"programme.toml", 9});
}

TEST_CASE("quantify: a programme's values must be asked for, and published by the day") {
  const auto code = [](const programme::Programme& programme, const char* day) {
    QuantifyOptions options;
    options.folder = SOURCE_DIR "/examples/shared-bicycle";
    options.admitted_on = *parse_day(day);
    Problems problems;
    const auto report = quantify(programme, knowledge(), options, problems);
    return report ? std::string{} : report.error().code;
  };
  auto programme = *bicycle_programme();
  CHECK_EQ(code(programme, "2026-11-20"), "");
  CHECK_EQ(code(programme, "1970-01-01"), "programme.not_published");
  programme.values[0].name = "detuor";
  CHECK_EQ(code(programme, "2026-11-20"), "programme.unknown_parameter");
}

TEST_CASE("quantify: values of unconfirmed quality mark the totals") {
  const auto marks = [](factor::Quality quality) {
    auto programme = *bicycle_programme();
    programme.values[0].quality = quality;
    const auto report = bicycle(SOURCE_DIR "/examples/shared-bicycle/trip.csv", true, programme);
    REQUIRE(report.has_value());
    const auto totals = report->asset_totals();
    REQUIRE_EQ(totals.size(), 1);
    CHECK(totals[0].marks.illustrative);
    CHECK_EQ(totals[0].parts.size(), 1);
    return totals[0].marks.unconfirmed;
  };
  CHECK(marks(factor::Quality::unconfirmed));
  CHECK_FALSE(marks(factor::Quality::secondary));
}

TEST_CASE("quantify: a ratio has a total only where one row made it") {
  Problems problems;
  const Example example{knowledge(), SOURCE_DIR "/examples/metro-cooling", problems};
  REQUIRE(problems.empty());
  auto programme = *example.programme();
  const auto total = [&](const char* output) {
    QuantifyOptions options;
    options.folder = example.folder();
    options.admitted_on = *parse_day("2026-11-20");
    const auto report = quantify(programme, example.knowledge(), options, problems);
    REQUIRE(report.has_value());
    const auto unit = report->of(MethodId{"cooling.plant"})->method().output(output)->unit;
    const auto sum = total_in(*report, MethodId{"cooling.plant"}, output, unit);
    return sum ? std::string{"summed"} : sum.error().code;
  };
  CHECK_EQ(total("scop"), "summed");
  programme.evidence[0].files = {"plant.csv", "plant.csv"};
  CHECK_EQ(total("scop"), "programme.not_summed");
  CHECK_EQ(total("co2e"), "summed");
}

TEST_CASE("quantify: a factor that several regions lead to is listed once") {
  const auto run = run_metro(
      "distance,region,date\n8.2,CN-BJ,2024-11-20\n3,CN-TJ,2025-01-01\n3,CN-HE,2025-02-01\n");
  REQUIRE(run.report.has_value());
  const auto factors = run.report->methods[0].factors();
  REQUIRE_EQ(factors.size(), 2);
  CHECK_EQ(factors[0].parameter, "baseline");
  CHECK_EQ(factors[0].rows, 3);
  CHECK_EQ(factors[1].rows, 3);
}

TEST_CASE("quantify: a row's uncertainty is that of a total of this row alone") {
  int compared = 0;
  for (const auto& entry : fs::directory_iterator{SOURCE_DIR "/examples"}) {
    if (!fs::exists(entry.path() / "programme.toml")) continue;
    Problems problems;
    const Example example{knowledge(), entry.path().string(), problems};
    REQUIRE(problems.empty());
    QuantifyOptions options;
    options.folder = example.folder();
    options.admitted_on = *parse_day("2026-11-20");
    std::vector<std::tuple<MethodId, std::size_t, method::Uncertain>> rows;
    options.row = [&](const RowOutcome& row) {
      for (std::size_t i = 0; i < row.report().method().outputs.size(); ++i) {
        rows.emplace_back(row.report().method().id, i, row.uncertain(i));
      }
    };
    const auto report = quantify(*example.programme(), example.knowledge(), options, problems);
    REQUIRE(report.has_value());
    for (const auto& [id, output, single] : rows) {
      const auto& of_method = *report->of(id);
      if (of_method.totals->rows() != 1) continue;
      const auto total = of_method.total(output);
      CHECK_EQ(to_string(single.sum), to_string(total.sum));
      CHECK_EQ(single.half_width, total.half_width);
      CHECK_EQ(single.at_least, total.at_least);
      CHECK_EQ(single.stated_any, total.stated_any);
      ++compared;
    }
  }
  CHECK_GT(compared, 10);
}

TEST_CASE("quantify: what a mapping asks for and cannot be is named") {
  const std::string csv = "d,r,day,a,b\n1,CN-BJ,2024-11-20,1,2\n";
  const std::string distance = "[inputs.distance]\ncolumn = \"d\"\n";
  const std::string region = "[inputs.region]\ncolumn = \"r\"\n";
  const std::string date = "[inputs.date]\ncolumn = \"day\"\n";
  const std::string refuse =
      "[[refuse]]\ncode = \"trip.none\"\nequal = [\"a\", \"b\"]\n"
      "reason = { en = \"E\", zh = \"等\" }\n";
  const auto with = [&](const std::string& inputs, const std::string& more = "") {
    return metro(csv, "format = 1\n" + more + inputs,
                 {{"s.csv", "id,next\n1,2\n"}, {"t.csv", "id\n2\n"}});
  };
  CHECK_EQ(with(distance + region + date, refuse), "1 good");
  const auto changed = [](std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
  };
  const std::vector<std::pair<std::string, std::string>> cases{
      {with(distance + region + date, changed(refuse, "trip.none", "Trip none")),
       "mapping.bad_code"},
      {with(distance + region + date, changed(refuse, ", \"b\"", "")), "mapping.two_columns"},
      {with("[inputs.distance]\ngeodesic = [\"a\", \"b\", \"a\"]\n" + region + date),
       "mapping.geodesic_columns"},
      {with(distance + "[inputs.region]\ngeodesic = [\"a\", \"b\", \"a\", \"b\"]\n" + date),
       "mapping.not_a_length"},
      {with(distance + "unit = \"degC\"\n" + region + date), "mapping.offset_unit"},
      {with(distance + region + date,
            "[joins.s]\nfile = \"s.csv\"\nkey = \"id\"\non = \"a\"\n"
            "[joins.t]\nfile = \"t.csv\"\nkey = \"id\"\non = \"s.next\"\n"),
       "mapping.join_of_join"},
      {metro("distance [km],distance [m],region,date\n1,1000,CN-BJ,2024-11-20\n"),
       "mapping.fed_twice"},
  };
  for (const auto& [found, expected] : cases) CHECK_EQ(found, expected);
}
