#include "intake/quantify.h"

#include <algorithm>
#include <filesystem>

namespace partake::intake {
namespace {

std::string path_in(const std::string& folder, const std::string& file) {
  return (std::filesystem::path{folder} / file).string();
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
  Pass(MethodReport& report, const std::string& tier)
      : report_{report},
        tier_{method::tier_worth(report.method(), tier)},
        evaluator_{report.compiled->program} {}

  Status file(const std::string& path, const ReaderSetup& setup, const QuantifyOptions& options,
              Problems& problems) {
    TRY(auto reader, EvidenceReader::open(path, setup, problems));
    EvidenceBlock block;
    block.block.tier = tier_;
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
        options.progress(reported, reader.size());
      }
    }
    report_.records += reader.records();
    return {};
  }

 private:
  void tell_rows(const std::string& path, const EvidenceBlock& block,
                 std::span<const method::RowState> states, const QuantifyOptions& options) {
    for (std::size_t row = 0; row < block.block.rows; ++row) {
      if (states[row] != method::RowState::good) {
        report_.refusals.add(path, block.lines[row], refusal(block, states[row], row));
      } else if (options.row) {
        options.row(RowOutcome{path, block.lines[row], report_, evaluator_, row});
      }
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

  MethodReport& report_;
  double tier_;
  method::Evaluator evaluator_;
};

// The programme's methods, bound to its terms; nothing counted yet.
Result<Report> empty_report(const programme::Programme& programme, const Knowledge& knowledge,
                            const QuantifyOptions& options) {
  Report report;
  report.programme = &programme;
  for (const auto& use : programme.methods) {
    TRY(const auto* compiled, method_of(programme, use, knowledge));
    TRY(auto terms, terms_of(programme, use.id, knowledge.library(), options, report.values));
    auto binding = method::Binding::make(*compiled->method, knowledge.library(), std::move(terms));
    if (!binding) {
      if (binding.error().place.file.empty()) binding.error().place = use.place;
      return tl::unexpected(std::move(binding).error());
    }
    auto& entry = report.methods.emplace_back();
    entry.compiled = compiled;
    entry.binding = std::make_unique<method::Binding>(*std::move(binding));
    entry.totals = std::make_unique<method::Totals>(*compiled->method, compiled->program);
  }
  return report;
}

}  // namespace

method::Uncertain RowOutcome::uncertain(std::size_t output) const {
  return method::row_total(report_.compiled->program, evaluator_, *report_.binding, output, row_);
}

Result<std::vector<std::string>> evidence_files(const programme::Programme& programme,
                                                const programme::Evidence& evidence,
                                                const QuantifyOptions& options) {
  if (!options.files.empty()) {
    if (programme.evidence.size() == 1) return options.files;
    return fail(ErrorKind::invalid, "programme.which_evidence",
                {{"sections", std::to_string(programme.evidence.size())}}, programme.place);
  }
  std::vector<std::string> paths;
  for (const auto& file : evidence.files) paths.push_back(path_in(options.folder, file));
  return paths;
}

ReaderSetup reader_setup(const programme::Programme& programme, const programme::Evidence& evidence,
                         const method::Compiled& compiled, const RegionGraph& regions,
                         const QuantifyOptions& options) {
  const auto& use = *programme.use_of(evidence.method);
  return {.compiled = &compiled,
          .regions = &regions,
          .mapping = evidence.mapping.empty() ? "" : path_in(options.folder, evidence.mapping),
          .from = use.from,
          .to = use.to,
          .place = evidence.place};
}

Result<Report> quantify(const programme::Programme& programme, const Knowledge& knowledge,
                        const QuantifyOptions& options, Problems& problems) {
  TRY(auto report, empty_report(programme, knowledge, options));
  for (const auto& evidence : programme.evidence) {
    const auto index = programme.use_of(evidence.method) - programme.methods.data();
    auto& entry = report.methods[static_cast<std::size_t>(index)];
    const auto setup =
        reader_setup(programme, evidence, *entry.compiled, knowledge.library().regions(), options);
    TRY(const auto files, evidence_files(programme, evidence, options));
    Pass pass{entry, evidence.tier};
    for (const auto& file : files) CHECK_OK(pass.file(file, setup, options, problems));
  }
  return report;
}

}  // namespace partake::intake
