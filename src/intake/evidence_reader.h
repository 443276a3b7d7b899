// From a CSV to blocks of columns for one method. Rows that cannot be read are refused with a
// reason; nothing is guessed and nothing vanishes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/region.h"
#include "intake/mapping.h"
#include "method/run.h"

namespace partake::intake {

// What the reader needs to know of the method and the terms.
struct ReaderSetup {
  const method::Compiled* compiled = nullptr;
  const RegionGraph* regions = nullptr;
  std::string mapping;  // A file; empty: the header names the inputs.
  Day from = day_min;   // Evidence outside is refused.
  Day to = day_max;
  Place place;  // Of who names the files, for those that cannot be read.
};

// A block that owns its columns.
struct EvidenceBlock {
  method::Block block;
  std::vector<method::Keys> regions;
  std::vector<method::Keys> days;
  std::vector<std::uint64_t> lines;  // Of the file, by row.

  std::vector<std::vector<double>> column_storage;
  std::vector<std::vector<std::uint32_t>> region_storage;
  std::vector<std::vector<std::uint32_t>> day_storage;
  std::vector<std::vector<std::uint32_t>> offsets;
};

class EvidenceReader {
 public:
  using Refuse = std::function<void(std::uint64_t line, const Error& error)>;

  // Files that the mapping names are looked for beside `path`. Reports every problem. Error: the
  // file cannot be read, or the first problem.
  static Result<EvidenceReader> open(const std::string& path, const ReaderSetup& setup,
                                     Problems& problems);
  ~EvidenceReader();
  EvidenceReader(EvidenceReader&&) noexcept;
  EvidenceReader& operator=(EvidenceReader&&) noexcept;

  // Names of the region and date inputs, in the order of a block's keys.
  [[nodiscard]] const std::vector<std::string>& region_inputs() const;
  [[nodiscard]] const std::vector<std::string>& date_inputs() const;

  // Fills the next block; zero rows at the end. Refused rows are told to `refuse` and take no place
  // in the block. Error: the file cannot be read on.
  Status next(EvidenceBlock& block, const Refuse& refuse);

  [[nodiscard]] std::uint64_t bytes_read() const;
  // Of the file; 0 when it is not known.
  [[nodiscard]] std::uint64_t size() const;
  // Records seen so far, refused ones included.
  [[nodiscard]] std::uint64_t records() const;

 private:
  class Plan;
  explicit EvidenceReader(std::unique_ptr<Plan> plan);
  std::unique_ptr<Plan> plan_;
};

}  // namespace partake::intake
