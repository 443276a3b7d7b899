#include "books/unit_shapes.h"

#include <set>

#include "books/transact_testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

constexpr const char* cad_trust_details = R"toml(
programme = "test.programme"
units = "forest"
[project]
projectName = "Forest"
projectSector = ["Afforestation and reforestation"]
[unit]
unitType = "Removal - nature"
[issuance_ids]
)toml";

constexpr const char* cdop_details = R"toml(
programme = "test.programme"
units = "forest"
[project]
current_registry_project_id = "F-1"
[unit]
type = "Test"
[issuance]
forecast_annual_issuance = ["050"]
forecast_total_issuance = ["100"]
forecast_year = ["2026-01-01"]
)toml";

UnitDetails details_of(const std::string& text, UnitShape shape, Problems& problems) {
  const auto file = parse_toml(text, "details");
  REQUIRE(file);
  return read_unit_details(*file, shape, problems);
}

// Units 1 to 80 held by the site and 81 to 100 in the buffer, from record one; then 20 more
// pledged, 10 retired, 5 cancelled, 7 moved on, 3 out of the buffer cancelled.
void play(BooksWithDealings& books) {
  const std::string of = R"("units":"forest","account":"site",)";
  REQUIRE_EQ(books.act("issue", of + R"("count":100,"vintage":2025,"reference":"audit 1")"), "ok");
  REQUIRE_EQ(books.act("pledge", of + R"("count":20,"creditor":"bank")"), "ok");
  REQUIRE_EQ(books.act("retire", of + R"("count":6,"beneficiary":"A","reason":"2025 travel")"),
             "ok");
  REQUIRE_EQ(books.act("retire", of + R"("count":4,"beneficiary":"B","reason":"fair")"), "ok");
  REQUIRE_EQ(books.act("cancel", of + R"("count":5,"reason":"burnt")"), "ok");
  REQUIRE_EQ(books.act("move", of + R"("count":7,"to":"investor")"), "ok");
  REQUIRE_EQ(books.act("cancel", of + R"("count":3,"state":"buffer","reason":"burnt")"), "ok");
  REQUIRE_EQ(books.act("issue", of + R"("count":10,"vintage":2026,"reference":"audit 2")"), "ok");
}

Json file_of(const ShapedUnits& shaped, const std::string& name) {
  for (const auto& [known, content] : shaped.files) {
    if (known != name) continue;
    auto json = parse_json(content);
    REQUIRE(json);
    return *json;
  }
  FAIL(name);
  return {};
}

std::string text_at(const Json& json, std::string_view key) {
  const auto* value = json.find(key);
  return value == nullptr || value->string() == nullptr ? "" : *value->string();
}

ShapedUnits shape(const BooksWithDealings& books, UnitShape shape, const char* text) {
  Problems problems;
  const auto details = details_of(text, shape, problems);
  for (const auto& problem : problems) FAIL(problem.code);
  const auto fates = unit_fates(*books.open.directory);
  REQUIRE(fates);
  auto shaped = shape_units(*books.open.directory, *fates, shape, details);
  REQUIRE(shaped);
  return *std::move(shaped);
}

bool has_note(const ShapedUnits& shaped, const std::string& key) {
  return std::any_of(shaped.notes.begin(), shaped.notes.end(),
                     [&](const auto& note) { return note.first == key; });
}

}  // namespace

TEST_CASE("unit shapes: CAD Trust 2.0.2, every state, and each row with its own reason") {
  BooksWithDealings books;
  play(books);
  const auto shaped = shape(books, UnitShape::cad_trust, cad_trust_details);
  CHECK_EQ(shaped.units, 110);
  // The picklist of unit_status, CAD Trust data schema 2.0.2.
  const std::set<std::string> statuses{"Buffer",   "Cancelled", "Expired",  "Held",
                                       "Inactive", "Issued",    "Rejected", "Retired"};
  std::map<std::string, std::uint64_t> by_status;
  std::map<std::string, std::uint64_t> by_beneficiary;
  std::uint64_t next = 1;
  const auto unit_file = file_of(shaped, "unit.json");
  for (const auto& unit : *unit_file.array()) {
    const auto first = std::stoull(text_at(unit, "unitStartBlock"));
    const auto last = std::stoull(text_at(unit, "unitEndBlock"));
    CHECK_EQ(first, next);
    next = last + 1;
    CHECK(statuses.contains(text_at(unit, "unitStatus")));
    by_status[text_at(unit, "unitStatus")] += last - first + 1;
    by_beneficiary[text_at(unit, "unitRetirementBeneficiary")] += last - first + 1;
    CHECK_EQ(text_at(unit, "unitMetric"), "tCO2e");
    CHECK_EQ(text_at(unit, "unitType"), "Removal - nature");
    CHECK_EQ(text_at(unit, "unitStatusDate"), "2026-11-20");
    CHECK_NE(text_at(unit, "unitStatusReason"), "");
    CHECK_EQ(text_at(unit, "unitSerialId").find("test.programme-forest-202"), 0);
    for (const auto* system : {"unitCount", "orgUid", "cadTrustUnitId", "createdAt"}) {
      CHECK(unit.find(system) == nullptr);
    }
  }
  CHECK_EQ(next, 111);
  CHECK_EQ(by_status["Retired"], 10);
  CHECK_EQ(by_status["Cancelled"], 8);
  CHECK_EQ(by_status["Buffer"], 19);  // 20 - 3 + 2 of the second issue.
  CHECK_EQ(by_status["Held"], 73);    // Of them 20 pledged.
  CHECK_EQ(by_beneficiary["A"], 6);
  CHECK_EQ(by_beneficiary["B"], 4);
  for (const auto* note : {"units.note.cad_trust.ids", "units.note.cad_trust.picklists",
                           "units.note.cad_trust.pledged", "units.note.proof"}) {
    CHECK(has_note(shaped, note));
  }
  CHECK_FALSE(has_note(shaped, "units.note.erased"));
  CHECK_FALSE(has_note(shaped, "units.note.pooled"));
  CHECK_FALSE(has_note(shaped, "units.note.not_verified"));
  const auto is_missing = [&](const std::string& field) {
    return std::find(shaped.missing.begin(), shaped.missing.end(), field) != shaped.missing.end();
  };
  CHECK(is_missing("project.projectLink"));
  CHECK(is_missing("location.locationCountry"));
  CHECK(is_missing("issuance.cadTrustVerificationId"));
  CHECK_FALSE(is_missing("project.projectName"));
  CHECK_EQ(file_of(shaped, "issuance.json").array()->size(), 2);

  // What the shape cannot say stands beside it.
  std::uint64_t pledged = 0;
  const auto proof = file_of(shaped, "proof.json");
  for (const auto& run : *proof.find("runs")->array()) {
    if (text_at(run, "state") == "pledged")
      pledged += std::stoull(run.find("count")->number()->text);
  }
  CHECK_EQ(pledged, 20);
}

TEST_CASE("unit shapes: CAD Trust's names of issues are taken up") {
  BooksWithDealings books;
  play(books);
  const auto first = shape(books, UnitShape::cad_trust, cad_trust_details);
  std::string text = cad_trust_details;
  const auto issuance_file = file_of(first, "issuance.json");
  for (const auto& issuance : *issuance_file.array()) {
    text +=
        "\"" + text_at(issuance, "issuanceId") + "\" = \"1b4e28ba-2fa1-11d2-883f-0016d3cca427\"\n";
  }
  const auto again = shape(books, UnitShape::cad_trust, text.c_str());
  const auto unit_file = file_of(again, "unit.json");
  for (const auto& unit : *unit_file.array()) {
    CHECK_EQ(text_at(unit, "cadTrustIssuanceId"), "1b4e28ba-2fa1-11d2-883f-0016d3cca427");
  }
  CHECK_LT(again.missing.size(), first.missing.size());
}

TEST_CASE("unit shapes: CDOP's required fields, and what has none") {
  BooksWithDealings books;
  play(books);
  const auto shaped = shape(books, UnitShape::cdop, cdop_details);
  std::uint64_t sum = 0;
  const auto unit_file = file_of(shaped, "unit_description.json");
  for (const auto& row : *unit_file.array()) {
    CHECK_EQ(text_at(*row.find("project"), "current_registry_project_id"), "F-1");
    const auto& unit = *row.find("unit");
    const auto& descriptor = unit.find("descriptor")->array()->front();
    CHECK_EQ(text_at(descriptor, "metric"), "tCO2e");
    CHECK_EQ(text_at(descriptor, "type"), "Test");
    CHECK_NE(text_at(unit.find("reference")->array()->front(), "serial_number"), "");
    const auto& status = unit.find("status")->array()->front();
    REQUIRE(status.find("is_current")->boolean() != nullptr);
    const bool final_state =
        text_at(status, "status") == "retired" || text_at(status, "status") == "cancelled";
    CHECK_EQ(unit.find("owner_account_id") == nullptr, final_state);
    const auto& block = unit.find("credit_block")->array()->front();
    const auto number = [&](const char* key) {
      return std::stoull(block.find(key)->number()->text);
    };
    CHECK_EQ(number("quantity"), number("block_end") - number("block_start") + 1);
    sum += number("quantity");
    CHECK(parse_day(text_at(*row.find("vintage"), "vintage")));
  }
  CHECK_EQ(sum, 110);
  for (const auto* note : {"units.note.cdop.lists", "units.note.cdop.pledged",
                           "units.note.cdop.vintage", "units.note.proof"}) {
    CHECK(has_note(shaped, note));
  }
  const auto issuances = file_of(shaped, "issuances.json");
  const auto& issuance = *issuances.find("issuance");
  for (const auto* required :
       {"forecast_annual_issuance", "forecast_total_issuance", "forecast_year"}) {
    CHECK(issuance.find(required) != nullptr);
  }
  CHECK_EQ(issuance.find("cumulative_issued_volume")->number()->text, "110");
  REQUIRE_EQ(issuance.find("batch_issued_volume")->array()->size(), 2);
  CHECK_EQ(issuance.find("batch_issued_volume")->array()->front().number()->text, "100");
  CHECK_EQ(shaped.missing, std::vector<std::string>{"unit.owner_account_id: cancelled",
                                                    "unit.owner_account_id: retired"});
}

TEST_CASE("unit shapes: refusals") {
  BooksWithDealings books;
  play(books);
  const auto fates = unit_fates(*books.open.directory);
  REQUIRE(fates);
  const auto code = [&](const std::string& text) -> std::string {
    Problems problems;
    const auto details = details_of(text, UnitShape::cad_trust, problems);
    if (!problems.empty()) return problems.front().code;
    const auto shaped = shape_units(*books.open.directory, *fates, UnitShape::cad_trust, details);
    return shaped ? "ok" : shaped.error().code;
  };
  const std::string head = "programme = \"test.programme\"\nunits = \"forest\"\n";
  CHECK_EQ(code(head), "ok");
  CHECK_EQ(code("programme = \"test.programme\"\nunits = \"none\"\n"), "units.unknown_class");
  CHECK_EQ(code(head + "[unit]\nunitType = \"Removal\"\n"), "units.bad_value");
  CHECK_EQ(code(head + "[project]\nprojectStatusDate = \"2026\"\n"), "units.bad_value");
  CHECK_EQ(code(head + "[issuance]\ncadTrustVerificationId = \"7\"\n"), "units.bad_value");
  CHECK_EQ(code(head + "[issuance_ids]\nx = \"7\"\n"), "units.bad_value");
  CHECK_EQ(code(head + "[project]\nprojectname = \"x\"\n"), "toml.unknown_key");
  CHECK_EQ(code("units = \"forest\"\n"), "toml.key_missing");
}

TEST_CASE("unit shapes: a retirement whose words were erased is told, not filled in") {
  BooksWithDealings books;
  play(books);
  auto fates = unit_fates(*books.open.directory);
  REQUIRE(fates);
  for (auto& [record, act] : fates->acts) act.beneficiary = act.reason = "";
  Problems problems;
  const auto details = details_of(cad_trust_details, UnitShape::cad_trust, problems);
  const auto shaped = shape_units(*books.open.directory, *fates, UnitShape::cad_trust, details);
  REQUIRE(shaped);
  CHECK(has_note(*shaped, "units.note.erased"));
  const auto unit_file = file_of(*shaped, "unit.json");
  for (const auto& unit : *unit_file.array()) {
    CHECK(unit.find("unitRetirementBeneficiary") == nullptr);
    CHECK_EQ(text_at(unit, "unitStatusReason").find("partake."), 0);
  }
}

TEST_CASE("unit shapes: a unit that is no tonne is refused, not converted") {
  BooksWithDealings books;
  REQUIRE(import_text(books.open, line_of({.account = 0, .km = "25"})));
  REQUIRE_EQ(
      books.act("pool", "\"units\":\"pooled\",\"vintage\":2026,\"account\":\"" + ann() + "\""),
      "ok");
  Problems problems;
  const auto details = details_of("programme = \"test.programme\"\nunits = \"pooled\"\n",
                                  UnitShape::cad_trust, problems);
  const auto fates = unit_fates(*books.open.directory);
  REQUIRE(fates);
  const auto shaped = shape_units(*books.open.directory, *fates, UnitShape::cad_trust, details);
  REQUIRE_FALSE(shaped);
  CHECK_EQ(shaped.error().code, "units.not_tonnes");
}

TEST_CASE("unit fates: books that hold something else than the records say are told") {
  BooksWithDealings books;
  play(books);
  // A change that no record knows: of one unit of the second issue.
  Transaction unwritten;
  unwritten.action = "retire";
  unwritten.programme = "test.programme";
  unwritten.changes.emplace_back(
      UnitsChanged{"forest", 105, 105, ledger::UnitState::retired, {}, {}});
  auto& directory = *books.open.directory;
  REQUIRE(directory.books().apply(directory.journal().records(), unwritten));
  const auto fates = unit_fates(directory);
  REQUIRE_FALSE(fates);
  CHECK_EQ(fates.error().code, "units.not_as_held");
}
