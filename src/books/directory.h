// A data directory: the journal, its keys, and what is built from it. docs/formats/directory.md.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "books/books.h"
#include "books/salt.h"
#include "books/snapshot.h"
#include "journal/journal.h"
#include "storage/disk.h"

namespace partake::books {

// Fills bytes with randomness; tests give their own.
using Random = std::function<void(char* bytes, std::size_t size)>;

class Directory {
 public:
  // Makes new books in an empty folder, with new keys. Errors: books.exists; books.bad_origin.
  static Status create(storage::Disk& disk, const std::string& origin, const Random& random,
                       Instant now);
  // Opens and adds up all records. Mode::write takes the lock (storage.locked) and repairs what a
  // crash left. Errors: books.not_found, books.malformed, storage.*, journal.*, and those of
  // Books::apply.
  static Result<std::unique_ptr<Directory>> open(storage::Disk& disk, journal::Mode mode,
                                                 const journal::JournalLimits& limits = {});
  // Only to look at accounts and their entries: nothing can be decided from these books, and where
  // there is a snapshot they open many times faster.
  static Result<std::unique_ptr<Directory>> open_accounts(storage::Disk& disk);

  [[nodiscard]] storage::Disk& disk() const { return *disk_; }
  [[nodiscard]] journal::Journal& journal() { return *journal_; }
  [[nodiscard]] const journal::Journal& journal() const { return *journal_; }
  [[nodiscard]] Books& books() { return books_; }
  [[nodiscard]] const Books& books() const { return books_; }
  // Why snapshots were left aside when it was opened.
  [[nodiscard]] const std::vector<Error>& bad_snapshots() const { return bad_snapshots_; }
  [[nodiscard]] const journal::Verifier& verifier() const { return verifier_; }
  // The secret key of the log. Errors: storage.*, note.malformed_key.
  [[nodiscard]] Result<journal::Signer> signer() const;
  // Adds up anew: after an erasure the books are those of what is left.
  Status reload();
  // The key of the salts; a new one in its place when it is older than what is still accepted.
  Result<Salter> salter(const Random& random, Instant now);

 private:
  Directory() = default;
  static Result<std::unique_ptr<Directory>> open(storage::Disk& disk, journal::Mode mode,
                                                 const journal::JournalLimits& limits,
                                                 Extent extent);
  Status add_up(Extent extent);

  storage::Disk* disk_ = nullptr;
  std::unique_ptr<storage::Lock> lock_;
  journal::Verifier verifier_;
  std::unique_ptr<journal::Journal> journal_;
  Books books_;
  std::vector<Error> bad_snapshots_;
};

// Who may trust the books: their public key. Errors: books.not_found, books.malformed.
Result<journal::Verifier> read_verifier(storage::Disk& disk);

}  // namespace partake::books
