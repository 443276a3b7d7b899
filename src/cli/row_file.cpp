#include "cli/row_file.h"

#include "cli/csv_line.h"
#include "cli/present.h"

namespace partake::cli {

bool RowFile::open(const std::string& path) {
  path_ = path;
  file_.reset(std::fopen((path + ".part").c_str(), "wb"));
  if (file_ == nullptr) return false;
  const auto header =
      csv_line({"file", "line", "method", "version", "hash", "output", "value", "unit", "count",
                "smallest", "half_width_95", "uncertainty", "factors", "substituted"});
  std::fputs(header.c_str(), file_.get());
  return true;
}

void RowFile::start(const intake::MethodReport& report) {
  report_ = &report;
  hash_ = "sha256:" + to_hex(report.compiled->hash);
  units_.clear();
  smallest_.clear();
  for (const auto& output : report.method().outputs) {
    units_.push_back(to_string(output.unit));
    smallest_.push_back(to_string(output.smallest));
  }
}

void RowFile::write(const intake::RowOutcome& outcome) {
  if (report_ != &outcome.report()) start(outcome.report());
  const auto& method = report_->method();
  std::string factors;
  std::string substituted;
  for (std::size_t i = 0; i < method.parameters.size(); ++i) {
    const auto& chosen = outcome.chosen(i);
    const auto& id = chosen.factor->id.text();
    factors += (factors.empty() ? "" : " ") + id + "@sha256:" + to_hex(chosen.factor->hash);
    if (chosen.substitution != nullptr) substituted += (substituted.empty() ? "" : " ") + id;
  }
  for (std::size_t i = 0; i < method.outputs.size(); ++i) {
    const auto& output = method.outputs[i];
    const auto total = outcome.uncertain(i);
    const auto line =
        csv_line({outcome.file(), std::to_string(outcome.line()), method.id.text(), method.version,
                  hash_, output.name, to_string(method::shown(output, outcome.count(i)).value),
                  units_[i], std::to_string(outcome.count(i)), smallest_[i],
                  half_width_text(output, total), uncertainty_word(total), factors, substituted});
    std::fputs(line.c_str(), file_.get());
  }
}

bool RowFile::finish() {
  const bool fine = std::fflush(file_.get()) == 0 && std::ferror(file_.get()) == 0;
  file_.reset();
  return fine && std::rename((path_ + ".part").c_str(), path_.c_str()) == 0;
}

}  // namespace partake::cli
