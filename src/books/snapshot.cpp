#include "books/snapshot.h"

#include <algorithm>

#include "base/require.h"
#include "base/whole_number.h"
#include "books/record_lookup.h"

namespace partake::books {
namespace {

// Layout: the magic; the position (blocks, records, root); sections, each with the size of its
// name (1 byte), the name, the size of its bytes (8 bytes), their H, the bytes; a section without
// name; H of everything before but the sections' bytes, whose own H it covers.
constexpr std::string_view magic = "PTKSNAP 2\n";
constexpr const char* folder = "snapshots";
constexpr const char* unfinished = "snapshots/unfinished";
constexpr std::string_view prefix = "snapshot-";
constexpr std::uint64_t snapshot_bytes_max = std::uint64_t{1} << 36U;

std::string path_of(const std::string& name) {
  std::string path{folder};
  path += '/';
  path += name;
  return path;
}

std::string name_at(std::uint64_t blocks) {
  constexpr std::size_t digits = 12;
  const auto number = std::to_string(blocks);
  std::string name{prefix};
  name.append(digits - std::min(digits, number.size()), '0');
  name += number;
  return name;
}

std::string number_text(std::uint64_t number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

std::string head_of(const SnapshotPosition& position) {
  std::string head{magic};
  head += number_text(position.blocks);
  head += number_text(position.records);
  head.append(position.root.begin(), position.root.end());
  return head;
}

Hash root_at(const journal::Journal& journal, std::uint64_t blocks) {
  journal::Frontier frontier;
  for (std::uint64_t block = 0; block < blocks; ++block) {
    frontier.append(journal.blocks()[block].entry_hash);
  }
  return frontier.root();
}

// As Books::save writes them.
std::vector<std::string> section_names() {
  std::vector<std::string> names{"head",   "lasting",  "consents",   "streams",
                                 "ranges", "reversed", "caps",       "acts",
                                 "ids",    "holdings", "programmes", "holders"};
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    names.push_back(std::string{"balances."} + ledger::name_of(static_cast<ledger::Asset>(at)));
  }
  return names;
}

tl::unexpected<Error> malformed(const std::string& name, const char* section) {
  return fail(ErrorKind::corrupt, "snapshot.malformed", {{"file", name}, {"section", section}});
}

// What only deciding needs. It is most of a snapshot.
bool is_for_deciding(std::string_view section) {
  return section == "caps" || section == "acts" || section == "ids";
}

bool is_hash(const Hash& hash, std::string_view bytes) {
  return std::equal(
      hash.begin(), hash.end(), bytes.begin(), bytes.end(),
      [](auto ours, char theirs) { return ours == static_cast<std::uint8_t>(theirs); });
}

// Reads a file in order and hashes what it reads, but for the sections' bytes.
class Input {
 public:
  static Result<Input> open(storage::Disk& disk, const std::string& name) {
    TRY(auto file, disk.open(path_of(name), storage::Access::read));
    TRY(const auto size, file->size());
    return Input{std::move(file), size};
  }
  Result<std::string> take(std::uint64_t size) {
    TRY(auto bytes, content(size));
    hash_->add(bytes);
    return bytes;
  }
  Result<std::string> content(std::uint64_t size) {
    const auto start = at_;
    CHECK_OK(pass(size));
    return storage::read_exactly(*file_, start, size);
  }
  Status pass(std::uint64_t size) {
    if (size > size_ - at_ || size > snapshot_bytes_max) {
      return fail(ErrorKind::corrupt, "storage.short", {});
    }
    at_ += size;
    return {};
  }
  Result<std::uint64_t> number() {
    TRY(const auto bytes, take(sizeof(std::uint64_t)));
    std::uint64_t number = 0;
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(&number));
    return number;
  }
  Hash hash() { return hash_->finish(); }
  [[nodiscard]] bool is_done() const { return at_ == size_; }

 private:
  Input(std::unique_ptr<storage::File> file, std::uint64_t size)
      : file_{std::move(file)}, size_{size} {}

  std::unique_ptr<storage::File> file_;
  std::unique_ptr<Sha256Stream> hash_ = std::make_unique<Sha256Stream>();
  std::uint64_t size_ = 0;
  std::uint64_t at_ = 0;
};

using WantSection = std::function<bool(const std::string& section)>;
using TakeSection = std::function<Status(const std::string& section, std::string_view bytes)>;

// Reads the sections that are wanted, each checked before it is handed over. That there is neither
// more nor less is known when it returns.
Status read_file(storage::Disk& disk, const std::string& name, SnapshotPosition& position,
                 const WantSection& want, const TakeSection& take) {
  TRY(auto input, Input::open(disk, name));
  const auto head = input.take(magic.size());
  if (!head || *head != magic) return malformed(name, "head");
  TRY(position.blocks, input.number());
  TRY(position.records, input.number());
  TRY(const auto root, input.take(sizeof(Hash)));
  std::copy(root.begin(), root.end(), position.root.begin());
  for (;;) {
    TRY(const auto size, input.take(1));
    TRY(const auto section, input.take(static_cast<unsigned char>(size[0])));
    TRY(const auto bytes_size, input.number());
    TRY(const auto stated, input.take(sizeof(Hash)));
    if (!section.empty() && !want(section)) {
      CHECK_OK(input.pass(bytes_size));
      continue;
    }
    TRY(const auto bytes, input.content(bytes_size));
    if (!is_hash(sha256(bytes), stated)) return malformed(name, "hash");
    if (section.empty()) break;
    CHECK_OK(take(section, bytes));
  }
  const auto hash = input.hash();
  TRY(const auto stated, input.take(sizeof(Hash)));
  if (!is_hash(hash, stated) || !input.is_done()) return malformed(name, "hash");
  return {};
}

// Of the lasting records, which come before the rest of the state.
Status apply_lasting(const journal::Journal& journal, std::string_view bytes, Books& books) {
  RecordLookup lookup{journal, books};
  for (std::size_t at = 0; at + sizeof(std::uint64_t) <= bytes.size();
       at += sizeof(std::uint64_t)) {
    std::uint64_t number = 0;
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), sizeof number,
                reinterpret_cast<char*>(&number));
    TRY(const auto record, lookup.bytes_of(number));
    std::string_view rest{record};
    TRY(const auto parsed, journal::take_record(rest));
    CHECK_OK(books.apply(number, parsed));
  }
  return {};
}

}  // namespace

SnapshotPosition position_of(const journal::Journal& journal) {
  return {journal.blocks().size(), journal.records(), journal.root()};
}

Result<std::vector<std::string>> snapshot_names(storage::Disk& disk) {
  if (!disk.exists(folder)) return std::vector<std::string>{};
  TRY(auto names, disk.list(folder));
  std::erase_if(names, [](const std::string& name) {
    return !name.starts_with(prefix) || !parse_whole(name.substr(prefix.size()));
  });
  return names;
}

std::uint64_t blocks_of(const std::string& name) {
  return parse_whole(std::string_view{name}.substr(prefix.size())).value_or(0);
}

Result<std::string> write_snapshot(storage::Disk& disk, const Books& books,
                                   const journal::Journal& journal) {
  CHECK_OK(disk.make_folder(folder));
  const auto position = position_of(journal);
  const auto name = name_at(position.blocks);
  const auto path = path_of(name);
  if (disk.exists(unfinished)) CHECK_OK(disk.remove(unfinished));
  TRY(const auto file, disk.open(unfinished, storage::Access::create));
  Sha256Stream hash;
  std::uint64_t at = 0;
  Status written;
  const auto write = [&](std::string_view bytes) {
    if (written) written = file->write(at, bytes);
    at += bytes.size();
  };
  const auto write_hashed = [&](std::string_view bytes) {
    hash.add(bytes);
    write(bytes);
  };
  write_hashed(head_of(position));
  const auto section = [&](std::string_view section_name, std::string_view bytes) {
    const auto of_bytes = sha256(bytes);
    write_hashed(std::string(1, static_cast<char>(section_name.size())));
    write_hashed(section_name);
    write_hashed(number_text(bytes.size()));
    write_hashed(bytes_of(of_bytes));
    write(bytes);
  };
  books.save(section);
  section("", "");
  CHECK_OK(written);
  const auto end = hash.finish();
  CHECK_OK(file->write(at, {reinterpret_cast<const char*>(end.data()), end.size()}));
  CHECK_OK(file->sync());
  CHECK_OK(disk.rename(unfinished, path));
  CHECK_OK(disk.sync_folder(folder));
  TRY(const auto names, snapshot_names(disk));
  constexpr std::size_t kept = 2;
  for (std::size_t old = 0; old + kept < names.size(); ++old) {
    CHECK_OK(disk.remove(path_of(names[old])));
  }
  return name;
}

Status read_snapshot(storage::Disk& disk, const std::string& name, const journal::Journal& journal,
                     Extent extent, Books& books, SnapshotPosition& position) {
  // A section is read with the help of those before it.
  const auto order = section_names();
  std::size_t next = 0;
  std::string head;
  const auto want = [&](const std::string& section) {
    const bool passed = extent == Extent::accounts && is_for_deciding(section) &&
                        next < order.size() && section == order[next];
    if (passed) ++next;
    return !passed;
  };
  const auto take = [&](const std::string& section, std::string_view bytes) -> Status {
    if (next == order.size() || section != order[next]) return malformed(name, "order");
    ++next;
    // Time is set when it is known how late events may come.
    if (section == "head") {
      const bool fits = position.blocks <= journal.blocks().size() &&
                        root_at(journal, position.blocks) == position.root;
      if (!fits) return fail(ErrorKind::corrupt, "snapshot.other_journal", {{"file", name}});
      head = bytes;
      return Status{};
    }
    if (section != "lasting") return books.restore(section, bytes);
    CHECK_OK(apply_lasting(journal, bytes, books));
    CHECK_OK(books.restore(section, bytes));
    return books.restore("head", head);
  };
  CHECK_OK(read_file(disk, name, position, want, take));
  if (next != order.size()) return malformed(name, "order");
  const auto& ranges = books.ranges();
  const bool are_there = std::all_of(ranges.begin(), ranges.end(), [&](const SequenceRange& range) {
    return range.block < position.blocks;
  });
  return are_there ? Status{} : Status{malformed(name, "ranges")};
}

Status compare_snapshot(storage::Disk& disk, const std::string& name, const Books& books,
                        const journal::Journal& journal) {
  std::vector<std::pair<std::string, std::string>> stored;
  SnapshotPosition position;
  CHECK_OK(read_file(
      disk, name, position, [](const std::string&) { return true; },
      [&](const std::string& section, std::string_view bytes) -> Status {
        stored.emplace_back(section, bytes);
        return Status{};
      }));
  const auto blocks = blocks_of(name);
  const bool is_ours =
      position.blocks == blocks && position.root == root_at(journal, blocks) &&
      position.records == (blocks < journal.blocks().size() ? journal.blocks()[blocks].first_record
                                                            : journal.records());
  Status same;
  std::size_t at = 0;
  books.save([&](std::string_view section, std::string_view bytes) {
    if (!same) return;
    const bool there = at < stored.size() && stored[at].first == section;
    if (there && stored[at].second == bytes) {
      ++at;
      return;
    }
    Args args{{"file", name}, {"section", std::string{section}}};
    const auto width = section == "holders" ? sizeof(ledger::Holder) : sizeof(std::int64_t);
    if (there && (section == "holders" || section.starts_with("balances."))) {
      const auto& other = stored[at].second;
      const auto end = std::min(other.size(), bytes.size());
      const auto first = static_cast<std::size_t>(
          std::mismatch(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(end),
                        other.begin())
              .first -
          bytes.begin());
      args.emplace_back("account", ledger::to_string({first / width}));
    } else {
      args.emplace_back("account", "");
    }
    same = fail(ErrorKind::corrupt, "snapshot.differs", std::move(args));
  });
  if (same && at != stored.size()) {
    return fail(ErrorKind::corrupt, "snapshot.differs",
                {{"file", name}, {"section", stored[at].first}, {"account", ""}});
  }
  if (same && !is_ours) return fail(ErrorKind::corrupt, "snapshot.other_journal", {{"file", name}});
  return same;
}

Status remove_snapshots(storage::Disk& disk) {
  if (!disk.exists(folder)) return {};
  TRY(const auto names, disk.list(folder));
  for (const auto& name : names) CHECK_OK(disk.remove(path_of(name)));
  return disk.sync_folder(folder);
}

}  // namespace partake::books
