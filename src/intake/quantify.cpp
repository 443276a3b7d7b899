#include "intake/quantify.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "base/file.h"

namespace partake::intake {
namespace {

namespace fs = std::filesystem;

// What makes two refusals the same kind: the code and the thing it is about, not the value.
std::string subject(const Error& error) {
  std::string text = error.code;
  for (const char* name : {"input", "column", "factor", "region", "parameter", "rule"}) {
    // Codes that are not regions are as many as people can misspell.
    if (error.code == "region.unknown" && std::string_view{name} == "region") continue;
    for (const auto& [key, value] : error.args) {
      if (key == name) text += "|" + value;
    }
  }
  return text;
}

std::optional<Mapping> read_mapping_file(const std::string& path, Problems& problems) {
  const auto toml = read_toml_file(path, problems);
  if (!toml) return std::nullopt;
  return read_mapping(*toml, problems);
}

Error range_error(const method::Compiled& compiled, const method::Evaluator& evaluator,
                  const EvidenceBlock& block, std::size_t row) {
  const auto index = evaluator.out_of_range_column(row);
  const auto& column = compiled.program.columns[index];
  std::string value;
  if (column.domain == 0) {
    char text[32];
    std::snprintf(text, sizeof text, "%.12g", block.block.columns[index].at(row));
    value = text;
  }
  return {ErrorKind::invalid,
          "method.out_of_range",
          {{"input", column.name},
           {"value", value},
           {"range", method::to_string(column.input->range)},
           {"unit", to_string(column.input->unit)}},
          {}};
}

// One evidence section being quantified.
class Pass {
 public:
  Pass(const programme::Evidence& evidence, MethodReport& report, const factor::Library& library,
       const programme::MethodUse& use)
      : evidence_{evidence},
        report_{report},
        library_{library},
        use_{use},
        evaluator_{report.compiled->program} {}

  Status file(const std::string& path, const std::optional<Mapping>& mapping,
              const QuantifyOptions& options, Problems& problems) {
    TRY(const auto source, FileSource::open(path));
    const ReaderSetup setup{.method = &report_.method(),
                            .program = &report_.compiled->program,
                            .regions = &library_.regions(),
                            .region_inputs = report_.binding->region_inputs(),
                            .date_inputs = report_.binding->date_inputs(),
                            .from = use_.from,
                            .to = use_.to};
    EvidenceReader reader{*source, path, mapping, setup, problems};
    if (!problems.empty()) return tl::unexpected(problems.front());
    EvidenceBlock block;
    block.block.tier = method::tier_worth(report_.method(), evidence_.tier);
    std::vector<method::RowState> states(method::block_rows_max);
    const auto refuse = [&](std::uint64_t line, const Error& error) {
      report_.refusals.add(path, line, error);
    };
    std::uint64_t reported = 0;
    for (;;) {
      CHECK_OK(reader.next(block, refuse));
      const auto rows = block.block.rows;
      if (rows == 0) break;
      std::fill_n(states.begin(), rows, method::RowState::good);
      report_.binding->bind(block.regions, block.days, block.block, states);
      evaluator_.run(block.block, states);
      report_.totals->add(evaluator_, *report_.binding, states, rows);
      tell_rows(path, block, states, options);
      if (options.progress && reader.bytes_read() - reported > (1U << 22U)) {
        reported = reader.bytes_read();
        options.progress(reported, source->size());
      }
    }
    report_.records += reader.records();
    return {};
  }

 private:
  void tell_rows(const std::string& path, const EvidenceBlock& block,
                 std::span<const method::RowState> states, const QuantifyOptions& options) {
    for (std::size_t row = 0; row < block.block.rows; ++row) {
      if (states[row] == method::RowState::good) {
        if (!options.row) continue;
        RowOutcome outcome{&path, block.lines[row], &report_, {}};
        for (std::size_t i = 0; i < report_.method().outputs.size(); ++i) {
          outcome.counts.push_back(evaluator_.outcome(i)[row]);
        }
        options.row(outcome);
        continue;
      }
      report_.refusals.add(path, block.lines[row], refusal(block, states[row], row));
    }
  }

  [[nodiscard]] Error refusal(const EvidenceBlock& block, method::RowState state,
                              std::size_t row) const {
    switch (state) {
      case method::RowState::refused_before:
        return report_.binding->refusal(row);
      case method::RowState::out_of_range:
        return range_error(*report_.compiled, evaluator_, block, row);
      case method::RowState::empty_table:
        return {ErrorKind::invalid, "method.empty_table", {}, {}};
      case method::RowState::too_large:
        return {ErrorKind::invalid, "method.too_large", {}, {}};
      default:
        return {ErrorKind::invalid, "method.not_finite", {}, {}};
    }
  }

  const programme::Evidence& evidence_;
  MethodReport& report_;
  const factor::Library& library_;
  const programme::MethodUse& use_;
  method::Evaluator evaluator_;
};

Result<const method::Compiled*> find_method(const programme::MethodUse& use,
                                            const Knowledge& knowledge) {
  const auto* compiled = knowledge.method(use.id, use.version);
  if (compiled != nullptr) return compiled;
  return fail(ErrorKind::not_found, "method.unknown",
              {{"method", use.id.text()},
               {"version", use.version},
               {"nearest", knowledge.nearest_method(use.id.text())}},
              use.place);
}

// A value that no parameter of the method asks for is a misspelling.
Status check_values(const programme::Programme& programme, const method::Method& method) {
  for (const auto& value : programme.values) {
    if (value.method != method.id) continue;
    const auto* parameter = method.parameter(value.name);
    if (parameter != nullptr && parameter->kind == method::Parameter::Kind::programme) continue;
    std::string known;
    for (const auto& entry : method.parameters) {
      if (entry.kind != method::Parameter::Kind::programme) continue;
      known += (known.empty() ? "" : ", ") + entry.name;
    }
    return fail(ErrorKind::invalid, "programme.unknown_parameter",
                {{"method", method.id.text()}, {"name", value.name}, {"known", known}},
                value.place);
  }
  return {};
}

}  // namespace

void RefusalLog::add(const std::string& file, std::uint64_t line, const Error& error) {
  constexpr std::size_t lines_kept = 5;
  constexpr std::size_t groups_max = 100;
  const auto wanted = subject(error);
  auto group = std::find_if(groups_.begin(), groups_.end(),
                            [&](const Group& known) { return known.subject == wanted; });
  if (group == groups_.end() && groups_.size() >= groups_max) {
    // Memory stays bounded: beyond a hundred kinds, rows join the first group of their code.
    group = std::find_if(groups_.begin(), groups_.end(),
                         [&](const Group& known) { return known.example.code == error.code; });
  }
  if (group == groups_.end()) {
    groups_.push_back({wanted, error, 0, {}});
    group = groups_.end() - 1;
  }
  ++group->rows;
  if (group->first.size() < lines_kept) group->first.emplace_back(file, line);
}

std::uint64_t RefusalLog::rows() const {
  std::uint64_t sum = 0;
  for (const auto& group : groups_) sum += group.rows;
  return sum;
}

bool MethodReport::illustrative() const {
  const auto uses = method::factor_uses(method(), *binding, *totals, 0);
  return std::any_of(uses.begin(), uses.end(), [](const method::FactorUse& use) {
    return use.chosen.substitution != nullptr;
  });
}

method::Uncertain MethodReport::total(std::size_t output) const {
  method::SharedTotal shared;
  shared.add(totals->outputs()[output], method::factor_uses(method(), *binding, *totals, output));
  return shared.result();
}

bool Report::illustrative() const {
  return std::any_of(methods.begin(), methods.end(),
                     [](const MethodReport& entry) { return entry.illustrative(); });
}

const MethodReport* Report::of(const MethodId& id) const {
  const auto found = std::find_if(methods.begin(), methods.end(), [&](const MethodReport& entry) {
    return entry.method().id == id;
  });
  return found == methods.end() ? nullptr : &*found;
}

std::vector<AssetTotal> Report::asset_totals() const {
  std::vector<AssetTotal> totals;
  for (const auto& entry : methods) {
    for (std::size_t i = 0; i < entry.method().outputs.size(); ++i) {
      const auto& output = entry.method().outputs[i];
      if (output.asset == method::Asset::none) continue;
      auto same = std::find_if(totals.begin(), totals.end(), [&](const AssetTotal& known) {
        return known.asset == output.asset;
      });
      if (same == totals.end()) {
        totals.push_back({output.asset, &output, {}});
        same = totals.end() - 1;
      }
      same->total.add(entry.totals->outputs()[i],
                      method::factor_uses(entry.method(), *entry.binding, *entry.totals, i));
    }
  }
  return totals;
}

Result<method::Terms> terms_of(const programme::Programme& programme, const MethodId& method,
                               const factor::Library& library, const QuantifyOptions& options,
                               std::deque<factor::Factor>& values) {
  method::Terms terms;
  terms.admitted_on = options.admitted_on;
  for (const auto& value : programme.values) {
    if (value.method != method) continue;
    const auto* source = library.source(value.source);
    if (source == nullptr) {
      return fail(ErrorKind::invalid, "source.unknown", {{"source", value.source.text()}},
                  value.place);
    }
    auto& factor = values.emplace_back();
    factor.id = FactorId{programme.id.text() + "." + value.name};
    factor.kind = "programme_value";
    factor.region_code = "WORLD";
    factor.value = value.value;
    factor.uncertainty = value.uncertainty;
    factor.source = value.source;
    factor.clause = value.clause;
    factor.quality = value.quality;
    factor.note = value.note;
    factor.published = source->published;
    factor.hash = factor::content_hash(factor);
    terms.values.emplace_back(value.name, &factor);
  }
  if (!options.substitutions) return terms;
  for (const auto& entry : programme.substitutions) {
    if (library.with_id(entry.factor).empty()) {
      return fail(
          ErrorKind::not_found, "factor.unknown",
          {{"factor", entry.factor.text()}, {"nearest", library.nearest_id(entry.factor.text())}},
          entry.place);
    }
    method::Substitution substitution;
    substitution.factor = entry.factor;
    substitution.kind = entry.kind;
    substitution.date = entry.date;
    substitution.reason = entry.reason;
    for (const auto& [code, target] :
         {std::pair{&entry.evidence_region, &substitution.evidence_region},
          std::pair{&entry.region, &substitution.region}}) {
      auto region = library.regions().find(*code);
      if (!region) {
        auto error = std::move(region).error();
        error.place = entry.place;
        return tl::unexpected(std::move(error));
      }
      *target = *region;
    }
    terms.substitutions.push_back(std::move(substitution));
  }
  return terms;
}

Result<Report> quantify(const programme::Programme& programme, const Knowledge& knowledge,
                        const QuantifyOptions& options, Problems& problems) {
  Report report;
  report.programme = &programme;
  if (!options.files.empty() && programme.evidence.size() != 1) {
    return fail(ErrorKind::invalid, "programme.which_evidence",
                {{"sections", std::to_string(programme.evidence.size())}}, programme.place);
  }
  for (const auto& use : programme.methods) {
    TRY(const auto* compiled, find_method(use, knowledge));
    CHECK_OK(check_values(programme, *compiled->method));
    TRY(auto terms, terms_of(programme, use.id, knowledge.library(), options, report.values));
    auto& entry = report.methods.emplace_back();
    entry.compiled = compiled;
    TRY(auto binding,
        method::Binding::make(*compiled->method, knowledge.library(), std::move(terms)));
    entry.binding = std::make_unique<method::Binding>(std::move(binding));
    entry.totals = std::make_unique<method::Totals>(*compiled->method, compiled->program);
  }
  for (const auto& evidence : programme.evidence) {
    const auto index =
        static_cast<std::size_t>(programme.use_of(evidence.method) - programme.methods.data());
    std::optional<Mapping> mapping;
    if (!evidence.mapping.empty()) {
      mapping = read_mapping_file((fs::path{options.folder} / evidence.mapping).string(), problems);
      if (!problems.empty()) return tl::unexpected(problems.front());
    }
    Pass pass{evidence, report.methods[index], knowledge.library(), programme.methods[index]};
    for (const auto& file : options.files) CHECK_OK(pass.file(file, mapping, options, problems));
    if (!options.files.empty()) continue;
    for (const auto& file : evidence.files) {
      CHECK_OK(pass.file((fs::path{options.folder} / file).string(), mapping, options, problems));
    }
  }
  return report;
}

Result<Comparison> compare(const programme::Stated& stated, const Report& report,
                           const factor::Library& library) {
  const auto* entry = report.of(stated.method);
  const auto output_named = [&](const std::string& name) -> Result<std::size_t> {
    for (std::size_t i = 0; entry != nullptr && i < entry->method().outputs.size(); ++i) {
      if (entry->method().outputs[i].name == name) return i;
    }
    return fail(ErrorKind::invalid, "method.unknown_output", {{"output", name}}, stated.place);
  };
  const auto total_of = [&](std::size_t index) {
    const auto& output = entry->method().outputs[index];
    return Quantity{Decimal{output.smallest.value.mantissa * entry->totals->outputs()[index].sum,
                            output.smallest.value.exponent},
                    output.smallest.unit};
  };
  Comparison comparison;
  comparison.stated = &stated;
  TRY(const auto index, output_named(stated.output));
  TRY(comparison.computed, convert(total_of(index), stated.value.unit));
  TRY(comparison.agrees, method::matches(comparison.computed, stated.value, std::nullopt));
  if (stated.per.empty()) return comparison;
  TRY(const auto per_index, output_named(stated.per));
  const auto per = total_of(per_index);
  const auto& per_unit = entry->method().outputs[per_index].unit;
  TRY(const auto per_value, convert(per, per_unit));
  const auto value = to_rational(stated.value.value);
  comparison.implied_unit = stated.value.unit.times(per_unit, -1);
  comparison.implied = value ? value->over(per_value) : std::nullopt;
  if (!comparison.implied) return comparison;
  for (const auto i : library.with_id(stated.candidates)) {
    const auto& factor = library.factors()[i];
    if (std::find(stated.regions.begin(), stated.regions.end(), factor.region_code) ==
        stated.regions.end()) {
      continue;
    }
    // A CO2 factor compares with a CO2e figure one to one.
    auto quantity = factor.value;
    if (auto exchanged = quantity.unit.exchange("CO2", "CO2e")) quantity.unit = *exchanged;
    if (quantity.unit.dimension() != comparison.implied_unit.dimension()) quantity = factor.value;
    if (comparison.candidates.empty()) {
      // Say the implied ratio in the unit in which factors are published.
      TRY(const auto scale, conversion(comparison.implied_unit, quantity.unit));
      comparison.implied = comparison.implied->times(scale);
      comparison.implied_unit = quantity.unit;
      if (!comparison.implied) return comparison;
    }
    TRY(const auto ratio, value_in(quantity, comparison.implied_unit));
    TRY(const auto in_stated,
        conversion(comparison.implied_unit.times(per_unit), stated.value.unit));
    comparison.candidates.push_back(
        {&factor, ratio, ratio * to_double(per_value) * to_double(in_stated)});
  }
  const double implied = to_double(*comparison.implied);
  std::stable_sort(comparison.candidates.begin(), comparison.candidates.end(),
                   [&](const auto& a, const auto& b) {
                     return std::fabs(a.ratio - implied) < std::fabs(b.ratio - implied);
                   });
  return comparison;
}

Result<method::Setting> setting_of_line(const programme::Programme& programme,
                                        const Knowledge& knowledge, const QuantifyOptions& options,
                                        std::uint64_t line, Problems& problems) {
  const auto& evidence = programme.evidence.front();
  const auto& use = *programme.use_of(evidence.method);
  TRY(const auto* compiled, find_method(use, knowledge));
  const auto& method = *compiled->method;
  std::optional<Mapping> mapping;
  if (!evidence.mapping.empty()) {
    mapping = read_mapping_file((fs::path{options.folder} / evidence.mapping).string(), problems);
    if (!problems.empty()) return tl::unexpected(problems.front());
  }
  const auto path = options.files.empty()
                        ? (fs::path{options.folder} / evidence.files.front()).string()
                        : options.files.front();
  TRY(const auto source, FileSource::open(path));
  ReaderSetup setup{.method = &method,
                    .program = &compiled->program,
                    .regions = &knowledge.library().regions(),
                    .region_inputs = {},
                    .date_inputs = {},
                    .from = use.from,
                    .to = use.to};
  for (const auto& input : method.inputs) {
    if (input.type == method::Input::Type::region) setup.region_inputs.push_back(input.name);
    if (input.type == method::Input::Type::date) setup.date_inputs.push_back(input.name);
  }
  EvidenceReader reader{*source, path, mapping, setup, problems};
  if (!problems.empty()) return tl::unexpected(problems.front());
  std::optional<Error> refused;
  const auto refuse = [&](std::uint64_t at, const Error& error) {
    if (at == line) refused = error;
  };
  const auto digits = [](double value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    return std::string{text, end};
  };
  EvidenceBlock block;
  for (;;) {
    CHECK_OK(reader.next(block, refuse));
    if (refused) return tl::unexpected(*refused);
    if (block.block.rows == 0) break;
    const auto found =
        std::find(block.lines.begin(),
                  block.lines.begin() + static_cast<std::ptrdiff_t>(block.block.rows), line);
    const auto row = static_cast<std::size_t>(found - block.lines.begin());
    if (row == block.block.rows) continue;
    method::Setting setting;
    for (std::size_t i = 0; i < setup.region_inputs.size(); ++i) {
      const RegionIndex region{block.regions[i].at(row)};
      setting.emplace_back(setup.region_inputs[i],
                           method::SetValue{knowledge.library().regions().at(region).code, {}, {}});
    }
    for (std::size_t i = 0; i < setup.date_inputs.size(); ++i) {
      setting.emplace_back(
          setup.date_inputs[i],
          method::SetValue{partake::to_string(method::day_of_key(block.days[i].at(row))), {}, {}});
    }
    for (std::size_t i = 0; i < compiled->program.columns.size(); ++i) {
      const auto& column = compiled->program.columns[i];
      const bool choice = column.input->type == method::Input::Type::choice;
      const auto text_at = [&](std::size_t at) {
        const double value = block.block.columns[i].at(at);
        if (choice) return column.input->choices[static_cast<std::size_t>(value)].name;
        return digits(value) + " " + to_string(column.input->unit);
      };
      if (column.domain == 0) {
        setting.emplace_back(column.name, method::SetValue{text_at(row), {}, {}});
        continue;
      }
      const auto& table = compiled->program.tables[column.domain - 1U];
      const auto& offsets = block.block.tables[column.domain - 1U].offsets;
      auto entry = std::find_if(setting.begin(), setting.end(),
                                [&](const auto& known) { return known.first == table; });
      if (entry == setting.end()) {
        setting.emplace_back(table, method::SetValue{});
        entry = setting.end() - 1;
        entry->second.rows.resize(offsets[row + 1] - offsets[row]);
      }
      for (std::size_t at = offsets[row]; at < offsets[row + 1]; ++at) {
        entry->second.rows[at - offsets[row]].emplace_back(column.input->name, text_at(at));
      }
    }
    return setting;
  }
  return fail(ErrorKind::not_found, "evidence.no_such_line",
              {{"line", std::to_string(line)}, {"file", path}});
}

}  // namespace partake::intake
