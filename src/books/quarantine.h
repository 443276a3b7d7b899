// Messages that were refused wait here, beside the journal, until they are taken in after a
// correction or thrown away. docs/formats/directory.md.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/sha256.h"
#include "base/time.h"
#include "books/event.h"
#include "storage/disk.h"

namespace partake::books {

struct Refused {
  std::uint64_t number = 0;
  Instant time;
  Outcome outcome = Outcome::rejected;  // Or conflict.
  Error reason;
  std::string document;  // As it came.
  std::string source;    // Whose token came with it; empty: none's.
};

class Quarantine {
 public:
  static constexpr std::uint64_t bytes_max = std::uint64_t{1} << 30U;

  // Errors: quarantine.malformed (names the line), storage.*.
  static Result<Quarantine> open(storage::Disk& disk, std::uint64_t limit = bytes_max);

  [[nodiscard]] const std::vector<Refused>& entries() const { return entries_; }
  // Null when there is none of that number.
  [[nodiscard]] const Refused* find(std::uint64_t number) const;
  // A document that waits already is not added again. Error quarantine.full.
  Status add(Refused refused);
  // What was added is durable when it returns. After an error it is not tried again: open anew.
  Status flush();
  // Durable when it returns.
  Status remove(const std::set<std::uint64_t>& numbers);

 private:
  Quarantine(storage::Disk& disk, std::uint64_t limit) : disk_{&disk}, limit_{limit} {}
  Status read();
  Status write();

  storage::Disk* disk_;
  std::uint64_t limit_;
  std::unique_ptr<storage::File> file_;
  std::uint64_t size_ = 0;
  std::string unwritten_;
  std::vector<Refused> entries_;
  std::set<Hash> documents_;
  std::uint64_t next_ = 1;
  Status failure_;  // Of the first flush that failed.
};

}  // namespace partake::books
