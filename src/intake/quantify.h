// Evidence files through a programme's methods to totals. Pure but for reading the files.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "intake/evidence_reader.h"
#include "intake/report.h"
#include "intake/terms.h"

namespace partake::intake {

// A good row; valid during the call only.
class RowOutcome {
 public:
  RowOutcome(const std::string& file, std::uint64_t line, const MethodReport& report,
             const method::Evaluator& evaluator, std::size_t row)
      : file_{file}, line_{line}, report_{report}, evaluator_{evaluator}, row_{row} {}

  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[nodiscard]] const MethodReport& report() const { return report_; }
  [[nodiscard]] std::int64_t count(std::size_t output) const {
    return evaluator_.outcome(output)[row_];
  }
  [[nodiscard]] method::Uncertain uncertain(std::size_t output) const;
  [[nodiscard]] const method::ChosenFactor& chosen(std::size_t parameter) const {
    return report_.binding->chosen(parameter, row_);
  }

 private:
  const std::string& file_;
  std::uint64_t line_;
  const MethodReport& report_;
  const method::Evaluator& evaluator_;
  std::size_t row_;
};

struct QuantifyOptions : TermsOptions {
  std::string folder;              // Of the programme; its paths are relative to it.
  std::vector<std::string> files;  // Instead of the programme's files (one [[evidence]] only).
  std::function<void(std::uint64_t bytes, std::uint64_t total_bytes)> progress;
  std::function<void(const RowOutcome&)> row;  // Called for every good row, if set.
};

// Problems: programme.*, mapping.*, method.*. Error: a file cannot be read, or the problems.
Result<Report> quantify(const programme::Programme& programme, const Knowledge& knowledge,
                        const QuantifyOptions& options, Problems& problems);

// The paths of one evidence section's files. Error programme.which_evidence, where files were given
// by hand and the programme has several sections.
Result<std::vector<std::string>> evidence_files(const programme::Programme& programme,
                                                const programme::Evidence& evidence,
                                                const QuantifyOptions& options);
// How those files are read.
ReaderSetup reader_setup(const programme::Programme& programme, const programme::Evidence& evidence,
                         const method::Compiled& compiled, const RegionGraph& regions,
                         const QuantifyOptions& options);

}  // namespace partake::intake
