// From a CSV to blocks of columns for one method. Rows that cannot be read are refused with a
// reason; nothing is guessed and nothing vanishes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/csv.h"
#include "base/region.h"
#include "intake/mapping.h"
#include "method/binding.h"
#include "method/evaluate.h"

namespace partake::intake {

// What the reader needs to know of the method and the terms.
struct ReaderSetup {
  const method::Method* method = nullptr;
  const method::Program* program = nullptr;
  const RegionGraph* regions = nullptr;
  std::vector<std::string> region_inputs;  // In the binding's order.
  std::vector<std::string> date_inputs;
  Day from = day_min;  // Evidence outside is refused.
  Day to = day_max;
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

  // `mapping` empty: the header names the inputs. Files that the mapping names are looked for
  // beside `path`. Reports every problem; usable only when none was added.
  EvidenceReader(ByteSource& source, std::string path, std::optional<Mapping> mapping,
                 const ReaderSetup& setup, Problems& problems);
  ~EvidenceReader();
  EvidenceReader(const EvidenceReader&) = delete;
  EvidenceReader& operator=(const EvidenceReader&) = delete;

  // Fills the next block; zero rows at the end. Refused rows are told to `refuse` and take no place
  // in the block. Error: the file cannot be read on.
  Status next(EvidenceBlock& block, const Refuse& refuse);

  [[nodiscard]] std::uint64_t bytes_read() const;
  // Records seen so far, refused ones included.
  [[nodiscard]] std::uint64_t records() const;

 private:
  class Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace partake::intake
