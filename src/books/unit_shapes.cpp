#include "books/unit_shapes.h"

#include <algorithm>
#include <span>

#include "base/whole_number.h"
#include "books/uuid.h"
#include "ledger/amount.h"

namespace partake::books {
namespace {

using ledger::UnitState;

// ---- what the shapes say

enum class Form : std::uint8_t { text, texts, date, uuid, wholes, dates };

struct Field {
  const char* table;
  const char* name;
  bool required;
  Form form = Form::text;
  std::span<const char* const> allowed = {};
};

constexpr const char* unit_types[]{
    "Avoidance - nature",    "Avoidance - technical", "Not Determined",     "Reduction - nature",
    "Reduction - technical", "Removal - nature",      "Removal - technical"};
constexpr const char* unit_metrics[]{"gCO2eq/kWh", "kt (Kiloton)", "tCO2e"};
constexpr const char* project_statuses[]{"Certified", "Completed",  "Inactive",
                                         "Listed",    "Registered", "Rejected",
                                         "Validated", "Verified",   "Withdrawn"};
constexpr const char* validation_types[]{"Validation of Post Registration Change",
                                         "Validation of Project Design Document",
                                         "Validation of Renewal of Credit Period"};
constexpr const char* project_sectors[]{
    "Afforestation and reforestation",
    "Agriculture",
    "Any combination of the above",
    "Carbon capture and storage",
    "Chemical industries",
    "Construction",
    "Energy demand",
    "Energy distribution",
    "Energy industries (renewable-/ non renewable sources)",
    "Fugitive emissions from fuel (solid, oil and gas)",
    ("Fugitive emissions from the production and consumption of halocarbons and sulfur "
     "hexafluoride"),
    "Livestock and manure management",
    "Manufacturing industries",
    "Metal production",
    "Mining/mineral production",
    "Others",
    "Solvent use",
    "Transport",
    "Urban Development",
    "Waste handling and disposal"};
constexpr const char* project_types[]{"Afforestation",
                                      "Agriculture",
                                      "Agriculture, forestry and other land use (AFOLU)",
                                      "Any combination of the above",
                                      "Biogas",
                                      "Biomass Energy",
                                      "CO2 usage",
                                      "Cement",
                                      "Coal bed/mine methane",
                                      "Energy Efficiency Industry",
                                      "Energy Efficiency households",
                                      "Energy Efficiency own generation",
                                      "Energy Efficiency service",
                                      "Energy Efficiency supply side",
                                      "Energy distribution",
                                      "Fugitive",
                                      "Geothermal",
                                      "Hydro",
                                      "Landfill gas",
                                      "Methane avoidance",
                                      "N2O",
                                      "PFCs and SF6",
                                      "Reforestation",
                                      "Solar",
                                      "Tidal",
                                      "Transport",
                                      "Waste",
                                      "Wind"};

// CAD Trust data schema 2.0.2: what a registry supplies and the books do not know.
constexpr Field cad_trust_fields[]{
    {"program", "programName", true},
    {"program", "programRegistry", true},
    {"program", "programRegistryId", true},
    {"program", "programDescription", false},
    {"methodology", "methodologyCode", true},
    {"methodology", "methodologyName", true},
    {"methodology", "methodologyType", false, Form::text, unit_types},
    {"methodology", "methodologyVersion", false},
    {"methodology", "methodologyDate", false, Form::date},
    {"methodology", "methodologyLink", false},
    {"project", "projectRegistryName", true},
    {"project", "projectId", true},
    {"project", "projectCreditingProgram", false},
    {"project", "projectName", true},
    {"project", "projectLink", true},
    {"project", "projectDescription", false},
    {"project", "projectSector", true, Form::texts, project_sectors},
    {"project", "projectType", true, Form::texts, project_types},
    {"project", "projectSubtype", false},
    {"project", "projectStatus", true, Form::text, project_statuses},
    {"project", "projectStatusDate", true, Form::date},
    {"project", "projectUnitMetric", true, Form::text, unit_metrics},
    {"project", "cadTrustProgramId", false, Form::uuid},
    {"validation", "validationId", true},
    {"validation", "validationType", true, Form::text, validation_types},
    {"validation", "validationBody", true},
    {"validation", "validationDate", false, Form::date},
    {"validation", "validationCreditPeriodStartDate", false, Form::date},
    {"validation", "validationCreditPeriodEndDate", false, Form::date},
    {"validation", "cadTrustProjectId", true, Form::uuid},
    {"verification", "verificationId", true},
    {"verification", "verificationStartDate", false, Form::date},
    {"verification", "verificationEndDate", false, Form::date},
    {"verification", "verificationBody", true},
    {"verification", "cadTrustProjectId", true, Form::uuid},
    {"verification", "cadTrustValidationId", false, Form::uuid},
    {"location", "locationCountry", true},
    {"location", "locationRegion", false},
    {"location", "cadTrustProjectId", true, Form::uuid},
    {"issuance", "cadTrustVerificationId", true, Form::uuid},
    {"issuance", "cadTrustProjectMethodologyId", true, Form::uuid},
    {"issuance", "cadTrustLocationId", true, Form::uuid},
    {"unit", "unitType", true, Form::text, unit_types},
    {"unit", "unitLink", false},
};
// The tables that hold one record, of what the details say.
constexpr const char* cad_trust_tables[]{"program",    "methodology",  "project",
                                         "validation", "verification", "location"};

// CDOP: Issuances and Unit Description.
constexpr Field cdop_fields[]{
    {"project", "current_registry_project_id", true},
    {"project", "project_identifier", false},
    {"unit", "type", true},
    {"issuance", "forecast_annual_issuance", true, Form::wholes},
    {"issuance", "forecast_total_issuance", true, Form::wholes},
    {"issuance", "forecast_year", true, Form::dates},
};

std::span<const Field> fields_of(UnitShape shape) {
  if (shape == UnitShape::cad_trust) return cad_trust_fields;
  return cdop_fields;
}

bool is_good(const Field& field, const std::string& text) {
  Uuid uuid{};
  switch (field.form) {
    case Form::date:
    case Form::dates:
      return parse_day(text).has_value();
    case Form::uuid:
      return parse_uuid(text, uuid);
    case Form::wholes:
      return parse_whole(text).has_value();
    default:
      return field.allowed.empty() ||
             std::find(field.allowed.begin(), field.allowed.end(), text) != field.allowed.end();
  }
}

std::string rule_of(const Field& field) {
  if (field.form == Form::date || field.form == Form::dates) return "YYYY-MM-DD";
  if (field.form == Form::uuid) return "UUID";
  if (field.form == Form::wholes) return "0, 1, 2, ...";
  std::string list;
  for (const auto* allowed : field.allowed)
    list += (list.empty() ? "" : " | ") + std::string{allowed};
  return list;
}

bool is_list(Form form) {
  return form == Form::texts || form == Form::wholes || form == Form::dates;
}

void read_field(TomlReader& table, const Field& field, UnitDetails& details) {
  std::vector<std::string> texts;
  if (is_list(field.form)) {
    texts = table.optional_texts(field.name);
  } else if (auto text = table.optional_text(field.name); !text.empty()) {
    texts.push_back(std::move(text));
  }
  if (texts.empty()) return;
  Json::Array list;
  for (const auto& text : texts) {
    if (!is_good(field, text)) {
      table.problem(field.name, "units.bad_value",
                    {{"field", std::string{field.table} + "." + field.name},
                     {"value", text},
                     {"rule", rule_of(field)}});
      return;
    }
    // As JSON writes numbers: without the zeros that a text may begin with.
    list.push_back(field.form == Form::wholes
                       ? Json{Json::Number{std::to_string(*parse_whole(text))}}
                       : Json{text});
  }
  details.values.emplace_back(std::string{field.table} + "." + field.name,
                              is_list(field.form) ? Json{std::move(list)} : list.front());
}

// ---- our units in them

Json whole(std::uint64_t value) { return Json::integer(static_cast<std::int64_t>(value)); }

class Shaping {
 public:
  Shaping(const Directory& directory, const UnitFates& fates, const UnitDetails& details)
      : directory_{directory}, all_{fates}, details_{details} {}

  Result<ShapedUnits> run(UnitShape shape) {
    CHECK_OK(find());
    if (shape == UnitShape::cad_trust) {
      cad_trust();
    } else {
      cdop();
    }
    proof();
    for (const auto& fate : *fates_) {
      ++made_.rows;
      made_.units += fate.count();
    }
    std::sort(made_.missing.begin(), made_.missing.end());
    made_.missing.erase(std::unique(made_.missing.begin(), made_.missing.end()),
                        made_.missing.end());
    return std::move(made_);
  }

 private:
  Status find() {
    const auto& books = directory_.books();
    const auto unknown = [&] {
      return fail(ErrorKind::not_found, "units.unknown_class",
                  {{"programme", details_.programme}, {"units", details_.units}});
    };
    const auto programme = books.programme(details_.programme);
    if (!programme) return unknown();
    const auto found = all_.units.find({*programme, details_.units});
    if (found == all_.units.end()) return unknown();
    fates_ = &found->second;
    for (const auto& edition : books.rulebook().programmes[*programme].editions) {
      for (const auto& entry : edition->scheme().dealings.units) {
        if (entry.id == details_.units) class_ = &entry;
      }
    }
    if (class_ == nullptr) return unknown();
    constexpr std::int64_t mg_in_tonne = 1'000'000'000;
    if (ledger::whole_in(class_->unit, ledger::Asset::co2e) != mg_in_tonne) {
      return fail(ErrorKind::invalid, "units.not_tonnes",
                  {{"units", details_.units}, {"unit", partake::to_string(class_->unit)}});
    }
    return {};
  }

  [[nodiscard]] std::string prefix() const { return details_.programme + "-" + details_.units; }
  [[nodiscard]] std::string issuance_name(std::uint64_t record) const {
    return prefix() + "-" + std::to_string(record);
  }
  [[nodiscard]] std::string serial(const UnitFate& fate) const {
    return prefix() + "-" + std::to_string(fate.vintage) + "-" + std::to_string(fate.first) + "-" +
           std::to_string(fate.last);
  }
  [[nodiscard]] const UnitAct& act(std::uint64_t record) const { return all_.acts.at(record); }
  // What was issued by one record, in order.
  [[nodiscard]] std::map<std::uint64_t, std::uint64_t> issues() const {
    std::map<std::uint64_t, std::uint64_t> counts;
    for (const auto& fate : *fates_) counts[fate.issue] += fate.count();
    return counts;
  }

  void missing(std::string field) { made_.missing.push_back(std::move(field)); }
  // A value of the details, or told to be missing where the shape requires it.
  void put(Json::Object& record, const Field& field) {
    const auto name = std::string{field.table} + "." + field.name;
    if (const auto* value = details_.value(name)) {
      record.emplace_back(field.name, *value);
    } else if (field.required) {
      missing(name);
    }
  }
  void put_table(Json::Object& record, std::span<const Field> fields, std::string_view table) {
    for (const auto& field : fields) {
      if (field.table == table) put(record, field);
    }
  }
  void file(const std::string& name, const Json& content) {
    made_.files.emplace_back(name, pretty(content));
  }
  void note(const char* key, Args args = {}) { made_.notes.emplace_back(key, std::move(args)); }

  // ---- CAD Trust

  void cad_trust() {
    for (const auto* table : cad_trust_tables) {
      Json::Object record;
      put_table(record, cad_trust_fields, table);
      if (!record.empty()) file(std::string{table} + ".json", Json::Array{std::move(record)});
    }
    Json::Array issuances;
    for (const auto& [number, count] : issues()) {
      Json::Object record{{"issuanceId", issuance_name(number)},
                          {"issuanceDate", partake::to_string(act(number).day)}};
      put_table(record, cad_trust_fields, "issuance");
      issuances.emplace_back(std::move(record));
    }
    file("issuance.json", std::move(issuances));
    Json::Array units;
    for (const auto& fate : *fates_) units.emplace_back(cad_trust_unit(fate));
    file("unit.json", std::move(units));
    note("units.note.cad_trust.ids");
    note("units.note.cad_trust.picklists");
    note_states("units.note.cad_trust.pledged");
  }

  static const char* cad_trust_status(UnitState state) {
    switch (state) {
      case UnitState::buffer:
        return "Buffer";
      case UnitState::retired:
        return "Retired";
      case UnitState::cancelled:
        return "Cancelled";
      default:
        return "Held";  // Also what is pledged: there is no word for it.
    }
  }

  Json cad_trust_unit(const UnitFate& fate) {
    const auto& last = act(fate.record);
    Json::Object record{{"unitSerialId", serial(fate)},
                        {"unitStartBlock", std::to_string(fate.first)},
                        {"unitEndBlock", std::to_string(fate.last)},
                        {"unitVintageYear", Json::integer(fate.vintage)},
                        {"unitStatus", cad_trust_status(fate.state)},
                        {"unitStatusReason", status_reason(fate)},
                        {"unitStatusDate", partake::to_string(last.day)},
                        {"unitMetric", "tCO2e"}};
    put_table(record, cad_trust_fields, "unit");
    if (fate.state == UnitState::retired) {
      if (!last.reason.empty()) record.emplace_back("unitRetirementDetail", last.reason);
      if (!last.beneficiary.empty()) {
        record.emplace_back("unitRetirementBeneficiary", last.beneficiary);
      }
    }
    const auto name = issuance_name(fate.issue);
    const auto known = std::find_if(details_.issuance_ids.begin(), details_.issuance_ids.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    if (known != details_.issuance_ids.end()) {
      record.emplace_back("cadTrustIssuanceId", known->second);
    } else {
      missing("unit.cadTrustIssuanceId: " + name);
    }
    return record;
  }

  // Why, as it was asked for; else what was done.
  [[nodiscard]] std::string status_reason(const UnitFate& fate) const {
    const auto& last = act(fate.record);
    const auto done = "partake." + last.action + ", record " + std::to_string(fate.record);
    return last.reason.empty() ? done : last.reason;
  }

  // ---- CDOP

  void cdop() {
    Json::Object issuance;
    put_table(issuance, cdop_fields, "issuance");
    Json::Array batches;
    Json::Array days;
    Json::Array volumes;
    std::uint64_t issued = 0;
    for (const auto& [number, count] : issues()) {
      batches.emplace_back(issuance_name(number));
      days.emplace_back(partake::to_string(act(number).day));
      volumes.push_back(whole(count));
      issued += count;
    }
    issuance.emplace_back("batch_identifier", std::move(batches));
    issuance.emplace_back("date_of_issuance", std::move(days));
    issuance.emplace_back("batch_issued_volume", std::move(volumes));
    issuance.emplace_back("cumulative_issued_volume", whole(issued));
    Json::Object project;
    if (const auto* id = details_.value("project.project_identifier")) {
      project.emplace_back("project_identifier", *id);
    }
    file("issuances.json",
         Json::Object{{"issuance", std::move(issuance)}, {"project", std::move(project)}});
    Json::Array units;
    for (const auto& fate : *fates_) units.emplace_back(cdop_unit(fate));
    file("unit_description.json", std::move(units));
    note("units.note.cdop.lists");
    note("units.note.cdop.vintage");
    note_states("units.note.cdop.pledged");
  }

  Json cdop_unit(const UnitFate& fate) {
    const auto& last = act(fate.record);
    Json::Object project;
    put(project, cdop_fields[0]);
    Json::Object descriptor{{"metric", "tCO2e"}};
    put_table(descriptor, cdop_fields, "unit");
    Json::Object unit{{"descriptor", Json::Array{std::move(descriptor)}}};
    if (fate.account) {
      unit.emplace_back("owner_account_id", ledger::to_string(*fate.account));
    } else {
      missing("unit.owner_account_id: " + std::string{ledger::name_of(fate.state)});
    }
    if (fate.state == UnitState::retired) {
      Json::Object retirement;
      if (!last.beneficiary.empty()) {
        retirement.emplace_back("retirement_beneficiary", last.beneficiary);
      }
      if (!last.reason.empty()) retirement.emplace_back("retirement_detail", last.reason);
      unit.emplace_back("retirement", Json::Array{std::move(retirement)});
    }
    unit.emplace_back("reference", Json::Array{Json::Object{
                                       {"serial_number", serial(fate)},
                                       {"source_serial_number", issuance_name(fate.issue)}}});
    unit.emplace_back("status", Json::Array{Json::Object{{"status", ledger::name_of(fate.state)},
                                                         {"status_reason", status_reason(fate)},
                                                         {"is_current", true}}});
    unit.emplace_back("credit_block", Json::Array{Json::Object{{"quantity", whole(fate.count())},
                                                               {"block_start", whole(fate.first)},
                                                               {"block_end", whole(fate.last)}}});
    return Json::Object{
        {"project", std::move(project)},
        {"unit", std::move(unit)},
        {"vintage", Json::Object{{"vintage", std::to_string(fate.vintage) + "-01-01"}}}};
  }

  // ---- what they cannot hold

  void note_states(const char* pledged) {
    std::uint64_t count = 0;
    for (const auto& fate : *fates_) count += fate.state == UnitState::pledged ? fate.count() : 0;
    if (count > 0) note(pledged, {{"count", std::to_string(count)}});
    if (!class_->pool.empty()) note("units.note.pooled");
    if (!class_->verified) note("units.note.not_verified");
    const auto is_silent = [&](const UnitFate& fate) {
      return fate.state == UnitState::retired && act(fate.record).beneficiary.empty();
    };
    if (std::any_of(fates_->begin(), fates_->end(), is_silent)) note("units.note.erased");
    note("units.note.proof");
  }

  // What we know and they have no field for: exact states and the records that prove them.
  void proof() {
    Json::Array list;
    for (const auto& fate : *fates_) {
      list.emplace_back(Json::Object{{"serial", serial(fate)},
                                     {"state", ledger::name_of(fate.state)},
                                     {"count", whole(fate.count())},
                                     {"issue_record", whole(fate.issue)},
                                     {"last_record", whole(fate.record)},
                                     {"action", "partake." + act(fate.record).action}});
    }
    const auto& checkpoint = directory_.journal().checkpoint();
    file("proof.json", Json::Object{{"programme", details_.programme},
                                    {"units", details_.units},
                                    {"verified", class_->verified},
                                    {"pooled_from", class_->pool},
                                    {"key", journal::to_string(directory_.verifier())},
                                    {"checkpoint", Json::Object{{"origin", checkpoint.origin},
                                                                {"size", whole(checkpoint.size)},
                                                                {"root", to_hex(checkpoint.root)}}},
                                    {"runs", std::move(list)}});
  }

  const Directory& directory_;
  const UnitFates& all_;
  const UnitDetails& details_;
  const std::vector<UnitFate>* fates_ = nullptr;
  const programme::UnitClass* class_ = nullptr;
  ShapedUnits made_;
};

}  // namespace

std::optional<UnitShape> unit_shape_of(std::string_view name) {
  if (name == "cad-trust") return UnitShape::cad_trust;
  if (name == "cdop") return UnitShape::cdop;
  return std::nullopt;
}

const Json* UnitDetails::value(std::string_view field) const {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const auto& entry) { return entry.first == field; });
  return found == values.end() ? nullptr : &found->second;
}

Result<ShapedUnits> shape_units(const Directory& directory, const UnitFates& fates, UnitShape shape,
                                const UnitDetails& details) {
  return Shaping{directory, fates, details}.run(shape);
}

UnitDetails read_unit_details(const TomlValue& file, UnitShape shape, Problems& problems) {
  UnitDetails details;
  TomlReader reader{file, "", problems};
  details.programme = reader.text("programme");
  details.units = reader.text("units");
  std::vector<std::string> tables;
  for (const auto& field : fields_of(shape)) {
    if (std::find(tables.begin(), tables.end(), field.table) == tables.end()) {
      tables.emplace_back(field.table);
    }
  }
  for (const auto& name : tables) {
    const auto* value = reader.optional_value(name);
    if (value == nullptr) continue;
    TomlReader table{*value, name, problems};
    for (const auto& field : fields_of(shape)) {
      if (field.table == name) read_field(table, field, details);
    }
    table.finish();
  }
  if (shape == UnitShape::cad_trust) {
    constexpr Field id{"issuance_ids", "cadTrustIssuanceId", true, Form::uuid};
    for (const auto& [name, place, value] : reader.optional_members("issuance_ids")) {
      if (value.kind == TomlValue::Kind::text && is_good(id, value.text)) {
        details.issuance_ids.emplace_back(name, value.text);
      } else {
        problems.push_back(
            {ErrorKind::invalid,
             "units.bad_value",
             {{"field", "issuance_ids." + name}, {"value", value.text}, {"rule", rule_of(id)}},
             place});
      }
    }
  }
  reader.finish();
  return details;
}

}  // namespace partake::books
