#include "programme/programme.h"

#include <algorithm>

namespace partake::programme {
namespace {

// A relative path of which no part is `..`.
bool stays_inside(std::string_view path) {
  if (path.starts_with('/')) return false;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    if (path.substr(0, end) == "..") return false;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return true;
}

void check_inside(TomlReader& reader, std::string_view key, const std::string& file) {
  if (!stays_inside(file)) reader.problem(key, "file.outside", {{"file", file}});
}

class ProgrammeReader {
 public:
  ProgrammeReader(const TomlValue& file, Problems& problems)
      : root_{file, "", problems}, problems_{problems} {}

  Programme read() {
    programme_.place = root_.place();
    if (root_.optional_integer("format") != 1) root_.problem("format", "programme.unknown_format");
    programme_.id = ProgrammeId{root_.text("id")};
    programme_.version = root_.text("version");
    programme_.title = root_.pair("title");
    programme_.description = root_.pair("description");
    for (const auto* table : root_.optional_tables("methods")) read_method(*table);
    for (const auto* table : root_.optional_tables("parameters")) read_value(*table);
    for (const auto* table : root_.optional_tables("substitutions")) read_substitution(*table);
    for (const auto* table : root_.optional_tables("evidence")) read_evidence(*table);
    for (const auto* table : root_.optional_tables("stated")) read_stated(*table);
    if (const auto* scheme = root_.optional_value("scheme")) {
      std::vector<MethodId> methods;
      for (const auto& use : programme_.methods) methods.push_back(use.id);
      programme_.scheme = read_scheme(*scheme, methods, problems_);
    }
    const bool deals = programme_.scheme && !programme_.scheme->dealings.are_none();
    if (programme_.methods.empty() && !deals) root_.problem("methods", "programme.no_methods");
    root_.finish();
    return std::move(programme_);
  }

 private:
  void read_method(const TomlValue& table) {
    TomlReader reader{table, "methods", problems_};
    MethodUse use;
    use.id = MethodId{reader.text("id")};
    use.version = reader.text("version");
    use.from = reader.optional_day("from").value_or(day_min);
    use.to = reader.optional_day("to").value_or(day_max);
    use.place = reader.place();
    if (use.from > use.to) reader.problem("to", "programme.period");
    if (programme_.use_of(use.id) != nullptr) {
      reader.problem("id", "programme.twice", {{"name", use.id.text()}});
    }
    reader.finish();
    programme_.methods.push_back(std::move(use));
  }

  MethodId known_method(TomlReader& reader) {
    MethodId id{reader.text("method")};
    if (programme_.use_of(id) == nullptr && !id.text().empty()) {
      reader.problem("method", "programme.method_not_listed", {{"method", id.text()}});
    }
    return id;
  }

  void read_value(const TomlValue& table) {
    TomlReader reader{table, "parameters", problems_};
    Value value;
    value.method = known_method(reader);
    value.name = reader.text("name");
    const auto number = reader.decimal("value");
    auto unit = reader.unit("unit");
    if (number && unit) value.value = {*number, *std::move(unit)};
    auto uncertainty = factor::parse_uncertainty(reader.text("uncertainty"));
    if (uncertainty) {
      value.uncertainty = *std::move(uncertainty);
    } else {
      reader.problem("uncertainty", std::move(uncertainty).error());
    }
    value.source = SourceId{reader.text("source")};
    value.clause = reader.optional_text("clause");
    value.quality = factor::quality_of(reader.one_of("quality", {"primary", "secondary", "computed",
                                                                 "unconfirmed"}))
                        .value_or(factor::Quality::unconfirmed);
    value.note = reader.optional_pair("note");
    value.place = reader.place();
    for (const auto& other : programme_.values) {
      if (other.method == value.method && other.name == value.name) {
        reader.problem("name", "programme.twice", {{"name", value.name}});
      }
    }
    reader.finish();
    programme_.values.push_back(std::move(value));
  }

  void read_substitution(const TomlValue& table) {
    TomlReader reader{table, "substitutions", problems_};
    Substitution entry;
    entry.factor = FactorId{reader.text("factor")};
    if (reader.has("kind")) entry.kind = reader.text("kind");
    entry.evidence_region = reader.text("evidence_region");
    entry.region = reader.text("region");
    const auto date = reader.optional_day("date");
    if (!reader.has("date")) reader.problem("date", "toml.key_missing");
    entry.date = date.value_or(day_min);
    entry.reason = reader.pair("reason");
    entry.place = reader.place();
    reader.finish();
    programme_.substitutions.push_back(std::move(entry));
  }

  void read_evidence(const TomlValue& table) {
    TomlReader reader{table, "evidence", problems_};
    Evidence entry;
    entry.method = known_method(reader);
    entry.mapping = reader.optional_text("mapping");
    check_inside(reader, "mapping", entry.mapping);
    entry.files = reader.optional_texts("files");
    if (entry.files.empty()) reader.problem("files", "toml.key_missing");
    for (auto file = entry.files.begin(); file != entry.files.end(); ++file) {
      check_inside(reader, "files", *file);
      if (std::find(entry.files.begin(), file, *file) != file) {
        reader.problem("files", "programme.twice", {{"name", *file}});
      }
    }
    if (reader.has("tier")) entry.tier = reader.one_of("tier", {"A", "B", "C"});
    entry.place = reader.place();
    reader.finish();
    programme_.evidence.push_back(std::move(entry));
  }

  void read_stated(const TomlValue& table) {
    TomlReader reader{table, "stated", problems_};
    Stated entry;
    entry.title = reader.pair("title");
    entry.method = known_method(reader);
    entry.output = reader.text("output");
    auto value = parse_quantity(reader.text("value"));
    if (value) {
      entry.value = *std::move(value);
    } else if (reader.has("value")) {
      reader.problem("value", std::move(value).error());
    }
    entry.per = reader.optional_text("per");
    entry.candidates = FactorId{reader.optional_text("candidates")};
    entry.regions = reader.optional_texts("regions");
    entry.source = SourceId{reader.text("source")};
    entry.quote = reader.text("quote");
    entry.place = reader.place();
    reader.finish();
    programme_.stated.push_back(std::move(entry));
  }

  TomlReader root_;
  Problems& problems_;
  Programme programme_;
};

}  // namespace

const MethodUse* Programme::use_of(const MethodId& method) const {
  const auto found = std::find_if(methods.begin(), methods.end(),
                                  [&](const MethodUse& use) { return use.id == method; });
  return found == methods.end() ? nullptr : &*found;
}

std::string file_inside(TomlReader& reader, std::string_view key) {
  auto file = reader.text(key);
  check_inside(reader, key, file);
  return file;
}

Programme read_programme(const TomlValue& file, Problems& problems) {
  return ProgrammeReader{file, problems}.read();
}

}  // namespace partake::programme
