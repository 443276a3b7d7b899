#include "books/directory.h"

#include <charconv>

#include "base/whole_number.h"
#include "books/erase.h"
#include "books/replay.h"

namespace partake::books {
namespace {

constexpr const char* identity_path = "books";
constexpr const char* lock_path = "lock";
constexpr const char* log_key_path = "keys/log";
constexpr const char* salt_key_path = "keys/salt";
constexpr const char* journal_folder = "journal";
constexpr std::string_view identity_magic = "PTKBOOKS 1\n";
constexpr std::string_view salt_magic = "PTKSALT 1\n";
constexpr std::uint64_t small_file_max = 4096;

struct SaltFile {
  Instant made;
  SaltKey key{};
};

std::string text_of_salt(const SaltFile& file) {
  return std::string{salt_magic} + std::to_string(file.made.time_since_epoch().count()) + "\n" +
         to_hex(file.key) + "\n";
}

Result<SaltFile> parse_salt(std::string_view text) {
  const auto malformed = [] {
    return fail(ErrorKind::corrupt, "books.malformed", {{"file", salt_key_path}});
  };
  if (!text.starts_with(salt_magic)) return malformed();
  text.remove_prefix(salt_magic.size());
  const auto line = text.substr(0, text.find('\n'));
  const auto made = parse_whole(line);
  if (!made || *made >> 62U != 0 || text.size() != line.size() + 66) return malformed();
  const auto key = hash_from_hex(text.substr(line.size() + 1, 64));
  if (!key) return malformed();
  return SaltFile{Instant{std::chrono::microseconds{static_cast<std::int64_t>(*made)}}, *key};
}

Result<SaltFile> new_salt(storage::Disk& disk, const Random& random, Instant now) {
  SaltFile file;
  file.made = now;
  random(reinterpret_cast<char*>(file.key.data()), file.key.size());
  CHECK_OK(storage::replace_file(disk, salt_key_path, text_of_salt(file)));
  return file;
}

}  // namespace

Status Directory::create(storage::Disk& disk, const std::string& origin, const Random& random,
                         Instant now) {
  if (!journal::is_key_name(origin) || origin.size() > 200) {
    return fail(ErrorKind::invalid, "books.bad_origin", {{"origin", origin}});
  }
  if (disk.exists(identity_path)) return fail(ErrorKind::conflict, "books.exists");
  TRY(const auto lock, disk.lock(lock_path));
  journal::Signer signer{origin, {}};
  random(reinterpret_cast<char*>(signer.seed.data()), signer.seed.size());
  CHECK_OK(disk.make_folder("keys"));
  CHECK_OK(storage::replace_file(disk, log_key_path, journal::to_string(signer) + "\n"));
  CHECK_OK(new_salt(disk, random, now));
  CHECK_OK(journal::Journal::create(disk, journal_folder, origin));
  // Last, so that books that a crash left unfinished are none.
  return storage::replace_file(
      disk, identity_path,
      std::string{identity_magic} + journal::to_string(journal::verifier_of(signer)) + "\n");
}

Result<journal::Verifier> read_verifier(storage::Disk& disk) {
  // A folder of that name is the data directory itself, perhaps: one step further down.
  if (!disk.exists(identity_path) || disk.list(identity_path)) {
    return fail(ErrorKind::not_found, "books.not_found");
  }
  TRY(const auto text, storage::read_whole(disk, identity_path, small_file_max));
  const bool shaped = text.starts_with(identity_magic) && text.ends_with('\n');
  if (!shaped) return fail(ErrorKind::corrupt, "books.malformed", {{"file", identity_path}});
  return journal::parse_verifier(std::string_view{text}.substr(
      identity_magic.size(), text.size() - identity_magic.size() - 1));
}

Result<std::unique_ptr<Directory>> Directory::open(storage::Disk& disk, journal::Mode mode,
                                                   const journal::JournalLimits& limits) {
  return open(disk, mode, limits, Extent::all);
}

Result<std::unique_ptr<Directory>> Directory::open_accounts(storage::Disk& disk) {
  return open(disk, journal::Mode::read, {}, Extent::accounts);
}

Result<std::unique_ptr<Directory>> Directory::open(storage::Disk& disk, journal::Mode mode,
                                                   const journal::JournalLimits& limits,
                                                   Extent extent) {
  std::unique_ptr<Directory> directory{new Directory};
  directory->disk_ = &disk;
  TRY(directory->verifier_, read_verifier(disk));
  if (mode == journal::Mode::write) {
    TRY(directory->lock_, disk.lock(lock_path));
  }
  TRY(auto opened,
      journal::Journal::open(disk, journal_folder, directory->verifier_, limits, mode));
  directory->journal_ = std::make_unique<journal::Journal>(std::move(opened));
  CHECK_OK(directory->add_up(extent));
  if (mode == journal::Mode::write) {
    bool is_finished = true;
    for (const auto& erasure : directory->books_.erasures()) {
      TRY(const auto done, finish_erasure(disk, *directory->journal_, directory->books_, erasure));
      is_finished = is_finished && done.was_finished;
    }
    if (!is_finished) CHECK_OK(directory->reload());
  }
  return directory;
}

namespace {

class AddingUp final : public ReplayVisitor {
 public:
  explicit AddingUp(Books& books) : books_{books} {}

  Status begin_block(const ReplayedBlock& block) override {
    books_.begin_block(block.index, block.header.admitted);
    return {};
  }
  Status end_block(const ReplayedBlock&) override { return {}; }
  Status take_record(std::uint64_t number, const journal::Record& record) override {
    return books_.apply(number, record);
  }
  Status begin_events(std::span<const Event* const> /*events*/) override { return {}; }
  Status take_event(std::size_t /*place*/, const StoredEvent& stored) override {
    return books_.apply(stored.number, stored.event);
  }

 private:
  Books& books_;
};

}  // namespace

Status Directory::reload() {
  books_ = Books{};
  return add_up(Extent::all);
}

// From the newest snapshot that is whole and of this journal; one that is not is noted, and
// everything is added up without it.
Status Directory::add_up(Extent extent) {
  std::uint64_t first = 0;
  TRY(const auto names, snapshot_names(*disk_));
  for (auto name = names.rbegin(); name != names.rend(); ++name) {  // NOLINT: newest first
    SnapshotPosition position;
    Books books;
    auto status = read_snapshot(*disk_, *name, *journal_, extent, books, position);
    if (status) {
      books_ = std::move(books);
      first = position.blocks;
      break;
    }
    if (status.error().kind != ErrorKind::corrupt) return status;
    bad_snapshots_.push_back(std::move(status).error());
  }
  AddingUp adding_up{books_};
  return replay(*journal_, books_, {.first_block = first}, adding_up);
}

Result<journal::Signer> Directory::signer() const {
  TRY(auto text, storage::read_whole(*disk_, log_key_path, small_file_max));
  if (text.ends_with('\n')) text.pop_back();
  return journal::parse_signer(text);
}

Result<Salter> Directory::salter(const Random& random, Instant now) {
  // Books that were copied without their secrets go on with new ones.
  if (!disk_->exists(salt_key_path)) {
    CHECK_OK(disk_->make_folder("keys"));
    CHECK_OK(new_salt(*disk_, random, now));
  }
  TRY(const auto text, storage::read_whole(*disk_, salt_key_path, small_file_max));
  TRY(auto file, parse_salt(text));
  const auto late_days = std::max<std::int64_t>(1, books_.rulebook().late_days_max());
  if (now - file.made > std::chrono::days{late_days}) {
    TRY(file, new_salt(*disk_, random, now));
  }
  return Salter{file.key};
}

}  // namespace partake::books
