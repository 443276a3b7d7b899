#include "intake/explain.h"

#include <algorithm>
#include <charconv>

namespace partake::intake {
namespace {

std::string digits(double value) {
  char text[32];
  auto* const end = std::to_chars(text, text + sizeof text, value).ptr;
  return std::string{text, end};
}

// A value of a block as the text that method::run takes.
std::string text_of(const method::ColumnInput& column, double value) {
  if (column.input->type == method::Input::Type::choice) {
    return column.input->choices[static_cast<std::size_t>(value)].name;
  }
  return digits(value) + " " + to_string(column.input->unit);
}

// The row of a table input, added to the setting when its first column comes.
method::SetValue& table_in(method::Setting& setting, const std::string& name, std::size_t rows) {
  auto entry = std::find_if(setting.begin(), setting.end(),
                            [&](const auto& known) { return known.first == name; });
  if (entry == setting.end()) {
    entry = setting.insert(entry, {name, {}});
    entry->second.rows.resize(rows);
  }
  return entry->second;
}

// One row of a block as settings for method::run.
method::Setting setting_of(const EvidenceBlock& block, std::size_t row,
                           const EvidenceReader& reader, const method::Program& program,
                           const RegionGraph& regions) {
  method::Setting setting;
  for (std::size_t i = 0; i < block.regions.size(); ++i) {
    const RegionIndex region{block.regions[i].at(row)};
    setting.emplace_back(reader.region_inputs()[i],
                         method::SetValue{regions.at(region).code, {}, {}});
  }
  for (std::size_t i = 0; i < block.days.size(); ++i) {
    const auto day = method::day_of_key(block.days[i].at(row));
    setting.emplace_back(reader.date_inputs()[i], method::SetValue{to_string(day), {}, {}});
  }
  for (std::size_t i = 0; i < program.columns.size(); ++i) {
    const auto& column = program.columns[i];
    const auto& values = block.block.columns[i];
    if (column.domain == 0) {
      setting.emplace_back(column.name, method::SetValue{text_of(column, values.at(row)), {}, {}});
      continue;
    }
    const auto& offsets = block.block.tables[column.domain - 1U].offsets;
    const auto first = offsets[row];
    auto& table = table_in(setting, program.tables[column.domain - 1U], offsets[row + 1] - first);
    for (std::size_t k = 0; k < table.rows.size(); ++k) {
      table.rows[k].emplace_back(column.input->name, text_of(column, values.at(first + k)));
    }
  }
  return setting;
}

// Reads the file up to the line. Errors: why the row was refused; evidence.no_such_line.
Result<method::Setting> setting_at(const Place& line, const ReaderSetup& setup,
                                   Problems& problems) {
  TRY(auto reader, EvidenceReader::open(line.file, setup, problems));
  std::optional<Error> refused;
  const auto refuse = [&](std::uint64_t at, const Error& error) {
    if (at == line.line) refused = error;
  };
  EvidenceBlock block;
  for (;;) {
    CHECK_OK(reader.next(block, refuse));
    if (refused) return tl::unexpected(*refused);
    if (block.block.rows == 0) break;
    const auto end = block.lines.begin() + static_cast<std::ptrdiff_t>(block.block.rows);
    const auto found = std::find(block.lines.begin(), end, line.line);
    if (found == end) continue;
    return setting_of(block, static_cast<std::size_t>(found - block.lines.begin()), reader,
                      setup.compiled->program, *setup.regions);
  }
  return fail(ErrorKind::not_found, "evidence.no_such_line",
              {{"line", std::to_string(line.line)}, {"file", line.file}});
}

// The path that is meant, of all that the programme reads.
Result<std::string> file_named(const std::string& given, const programme::Programme& programme,
                               const QuantifyOptions& options) {
  std::string known;
  for (const auto& evidence : programme.evidence) {
    TRY(const auto files, evidence_files(programme, evidence, options));
    for (const auto& file : files) {
      if (given.empty() || file == given || file.ends_with("/" + given)) return file;
      known += (known.empty() ? "" : ", ") + file;
    }
  }
  return fail(ErrorKind::not_found, "evidence.no_such_file", {{"file", given}, {"known", known}});
}

}  // namespace

Result<Explanation> explain(const programme::Programme& programme, const Knowledge& knowledge,
                            const QuantifyOptions& options, const Place& line, Problems& problems) {
  TRY(const auto file, file_named(line.file, programme, options));
  const Place place{file, line.line};
  const auto& library = knowledge.library();
  Explanation explanation;
  for (const auto& evidence : programme.evidence) {
    TRY(const auto files, evidence_files(programme, evidence, options));
    if (std::find(files.begin(), files.end(), file) == files.end()) continue;
    TRY(const auto* compiled, method_of(programme, *programme.use_of(evidence.method), knowledge));
    TRY(const auto terms,
        terms_of(programme, evidence.method, library, options, explanation.values));
    auto setting = setting_at(
        place, reader_setup(programme, evidence, *compiled, library.regions(), options), problems);
    if (!problems.empty()) return tl::unexpected(problems.front());
    auto calculation = setting ? method::run(*compiled, library, terms, *setting, evidence.tier)
                               : tl::unexpected(std::move(setting).error());
    if (calculation) {
      explanation.sections.push_back({compiled, *std::move(calculation)});
      continue;
    }
    auto& error = explanation.refused.emplace_back(std::move(calculation).error());
    if (error.place.file.empty()) error.place = place;
  }
  return explanation;
}

}  // namespace partake::intake
