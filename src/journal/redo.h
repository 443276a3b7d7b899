// The redo file of an erasure: pages as they shall be, written down before they go to their places.
// docs/formats/journal.md, "Erasure".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/disk.h"

namespace partake::journal {

class Redo {
 public:
  // Adds the pages in which `after` differs from `before`, which stands in the segment file of
  // that name from `offset` on.
  void add_changes(const std::string& segment, std::uint64_t offset, std::string_view before,
                   std::string_view after);
  [[nodiscard]] bool empty() const { return places_.empty(); }

  [[nodiscard]] std::string to_bytes() const;
  // Error journal.redo_malformed.
  static Result<Redo> parse(std::string_view bytes);

  // Writes the pages to their places in the folder's files; durable when it returns.
  [[nodiscard]] Status apply(storage::Disk& disk, const std::string& folder) const;

 private:
  struct PagePlace {
    std::string segment;
    std::uint64_t offset = 0;
  };
  std::vector<PagePlace> places_;
  std::string pages_;
};
constexpr std::uint64_t redo_bytes_max = 1U << 30U;

}  // namespace partake::journal
