// The factor library: sources, regions, factors and bands, read from text files. Reading the files
// themselves is the caller's; adding texts is pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/region.h"
#include "base/toml_reader.h"
#include "factor/factor.h"

namespace partake::factor {

class Library {
 public:
  // Each adds one file's content and reports every problem in it. Sources and regions come first:
  // factors refer to them. Problems: toml.*, region.*, source.twice, source.unknown, factor.*.
  void add_sources(const TomlValue& file, Problems& problems);
  void add_regions(const TomlValue& file, Problems& problems);
  void add_factors(const TomlValue& file, Problems& problems);
  // A factor made by the caller: a programme's parameter. Hash and visibility are set here.
  Status add(Factor factor);

  [[nodiscard]] const RegionGraph& regions() const { return regions_; }
  [[nodiscard]] const Source* source(const SourceId& id) const;
  [[nodiscard]] const std::vector<Source>& sources() const { return sources_; }
  [[nodiscard]] const std::vector<Factor>& factors() const { return factors_; }
  [[nodiscard]] const std::vector<Band>& bands() const { return bands_; }
  // Indices into factors() of one id; empty when there is none.
  [[nodiscard]] std::span<const std::uint32_t> with_id(const FactorId& id) const;
  [[nodiscard]] const Band* band(const FactorId& id) const;
  // The known factor id with the fewest edits, or empty.
  [[nodiscard]] std::string nearest_id(std::string_view id) const;

 private:
  void read_factor(const TomlValue& table, Problems& problems);
  void read_band(const TomlValue& table, Problems& problems);

  RegionGraph regions_;
  std::vector<Source> sources_;
  std::unordered_map<SourceId, std::size_t> source_index_;
  std::vector<Factor> factors_;
  std::unordered_map<FactorId, std::vector<std::uint32_t>> by_id_;
  std::vector<Band> bands_;
};

}  // namespace partake::factor
