// What commands on a data directory share: opening it, and how its things are shown.
#pragma once

#include <memory>
#include <string>

#include "books/directory.h"
#include "books/writer.h"
#include "cli/context.h"

namespace partake::cli {

// The system's clock, or the middle of the day that --as-of names.
books::Clock clock_of(const Context& context);
// From the system's source of randomness.
void random_bytes(char* bytes, std::size_t size);

// Books open for reading, or for writing with a writer.
struct BooksSession {
  std::unique_ptr<storage::Disk> disk;
  std::unique_ptr<books::Directory> directory;
  std::unique_ptr<books::Writer> writer;

  [[nodiscard]] const books::Books& books() const { return directory->books(); }
};
Result<BooksSession> open_books(const Context& context, const std::string& folder,
                                journal::Mode mode);
// Only to look at accounts and their entries.
Result<BooksSession> open_accounts(const std::string& folder);

std::string asset_title(ledger::Asset asset, const Context& context);
// "0.274 kgCO2e", "3 points".
std::string amount_text(ledger::Asset asset, std::int64_t amount, const Context& context);
Json to_json(const Error& error, Language language);
// Progress of long work on standard error, at most ten times a second, and only to people.
class ProgressLine {
 public:
  explicit ProgressLine(const Context& context);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  void show(std::string_view key, const Args& args);

 private:
  const Context& context_;
  bool is_shown_;
  std::int64_t last_ms_ = 0;
  bool has_line_ = false;
};

}  // namespace partake::cli
