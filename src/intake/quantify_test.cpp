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

// "2 good; 1 csv.wrong_field_count" of a metro CSV, or the error's code.
std::string metro(const std::string& csv, const std::string& mapping = "") {
  const Folder folder;
  programme::Programme programme;
  programme.methods.push_back({MethodId{"transport.metro"}, "1.0.0", day_min, day_max, {}});
  programme.evidence.push_back({MethodId{"transport.metro"}, "", {}, "A", {}});
  QuantifyOptions options;
  options.files = {folder.write("e.csv", csv)};
  options.admitted_on = *parse_day("2026-11-20");
  if (!mapping.empty()) programme.evidence[0].mapping = folder.write("mapping.toml", mapping);
  Problems problems;
  const auto report = quantify(programme, knowledge(), options, problems);
  if (!report) return report.error().code;
  std::string text = std::to_string(report->methods[0].totals->rows()) + " good";
  for (const auto& group : report->methods[0].refusals.groups()) {
    text += "; " + std::to_string(group.rows) + " " + code_of(group.example);
  }
  return text;
}

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
