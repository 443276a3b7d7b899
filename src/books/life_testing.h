// For tests of what a crash leaves: a life of the books as a script, somebody who lives it on from
// wherever a crash left it, what the world was promised meanwhile, and the check that it was kept.
#pragma once

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "base/split_mix.h"
#include "books/record_lookup.h"
#include "books/testing.h"
#include "books/transact.h"
#include "books/transactions.h"
#include "journal/merkle.h"

namespace partake::books::testing {

struct Step {
  enum class Kind : std::uint8_t {
    set_up,
    edition,
    events,
    transactions,
    checkpoint,
    snapshot,
    erasure
  };
  Kind kind = Kind::set_up;
  std::string lines;                // Of events or transactions.
  std::uint32_t block_records = 1;  // Of facts and events: a block is sealed after so many.
};

struct Script {
  journal::JournalLimits limits;
  std::vector<Step> steps;
};

inline constexpr ledger::AccountIndex erased_account{1};
inline constexpr ledger::AccountIndex trust_account{4};
inline constexpr const char* life_origin = "test.example/log";

inline journal::Verifier life_verifier() {
  journal::Signer signer{life_origin, {}};
  test_random(reinterpret_cast<char*>(signer.seed.data()), signer.seed.size());
  return journal::verifier_of(signer);
}

// What accounts may do with money and units.
inline constexpr const char* life_dealings = R"toml(
[[scheme.flows]]
id = "gift"
asset = "money"
from = ["outside"]
to = ["any"]
[[scheme.flows]]
id = "payment"
asset = "money"
from = ["trust"]
to = ["any"]
held_by = "resolution"
[[scheme.holds]]
id = "resolution"
asset = "money"
of = ["trust"]
days = 90
[[scheme.splits]]
id = "share"
asset = "money"
from = "outside"
[[scheme.splits.shares]]
party = "trust"
part = "2/3"
[[scheme.splits.shares]]
party = "guest"
part = "1/3"
named = true
[[scheme.units]]
id = "forest"
title = { en = "Forest", zh = "F" }
unit = "1 tCO2e"
buffer = "20 %"
)toml";

// The small programme without its Chinese: a recovery spends most of its time compiling editions,
// and a tenth of that on the normal form of what is not ASCII.
inline std::vector<Content> life_contents() {
  auto contents = small_contents();
  contents.back().text += life_dealings;
  for (auto& content : contents) {
    std::replace_if(
        content.text.begin(), content.text.end(),
        [](char c) { return static_cast<unsigned char>(c) >= 0x80U; }, 't');
  }
  return contents;
}

// Its second edition, with less room under the cap.
inline std::vector<Content> second_contents() {
  auto contents = life_contents();
  auto& text = contents.back().text;
  const auto change = [&](const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
  };
  change("version = \"1.0.0\"", "version = \"2.0.0\"");
  change("3 kgCO2e", "2 kgCO2e");
  return contents;
}

// The facts of the steps, made once: compiling an edition takes longer than most steps.
struct LifeFacts {
  std::vector<Fact> set_up = set_up_facts(life_contents());
  std::vector<Fact> edition;

  LifeFacts() {
    const auto contents = second_contents();
    ProgrammeNumbers numbers;
    Problems problems;
    const auto built = Edition::build(contents, numbers, problems);
    REQUIRE(problems.empty());
    edition = {contents.back(), built->manifest(contents)};
    SourceState office{"office", "test.programme", "A", false, 0, {}, false};
    for (const auto* action : actions()) office.may.emplace_back(action);
    set_up.emplace_back(office);
    set_up.emplace_back(AccountsOpened{"test.programme", "enterprise", 1, {}});
    set_up.emplace_back(PartyNamed{"test.programme", "trust", trust_account});
  }
};

// What somebody outside was told, and may rely on from then on.
struct Promises {
  bool created = false;
  std::uint64_t records = 0;            // All below are durable.
  std::map<std::uint64_t, Hash> heads;  // Every checkpoint that was ever signed: size and root.
  std::uint64_t published = 0;          // The size of the largest that was published.
  std::string snapshot;                 // That was written and not removed since.
};

// Lives a script on one disk. Everything that is there already is sent again, as a client does that
// does not know how far it came.
class Life {
 public:
  using Watch = std::function<void(const Promises&)>;

  // `watch` is called before each operation that changes the disk.
  Life(storage::SimulatedDisk& disk, const Script& script, const LifeFacts& facts,
       Promises promises, Watch watch = {})
      : disk_{disk},
        script_{script},
        facts_{facts},
        promises_{std::move(promises)},
        watch_{std::move(watch)} {
    disk_.before_each([this] { before_operation(); });
  }
  ~Life() { disk_.before_each(nullptr); }
  Life(const Life&) = delete;
  Life& operator=(const Life&) = delete;

  // Goes on to the end; stops at the first error.
  Status live() {
    auto status = go_on();
    if (open_.writer) note_records();
    open_.writer.reset();
    open_.directory.reset();
    if (contradicted_) return fail(ErrorKind::corrupt, "test.two_heads_of_one_size");
    return status;
  }
  [[nodiscard]] const Promises& promises() const { return promises_; }
  // By event in the order of the script, as far as it came: the record that was told.
  [[nodiscard]] const std::vector<std::uint64_t>& answers() const { return answers_; }

 private:
  // In the thread of the writer while it makes a block durable; whoever gathers does not touch the
  // promises then.
  void before_operation() {
    note_head();
    if (!watch_) return;
    auto promises = promises_;
    if (open_.writer) promises.records = open_.writer->durable_records();
    watch_(promises);
  }

  void note_records() {
    promises_.records = std::max(promises_.records, open_.writer->durable_records());
  }

  // A checkpoint was signed once its bytes are anywhere, whatever becomes of the file.
  void note_head() {
    constexpr std::uint64_t note_bytes_max = 1U << 16U;
    const auto note = storage::read_whole(disk_, "journal/log/checkpoint.new", note_bytes_max);
    if (!note || *note == last_note_) return;
    last_note_ = *note;
    const auto head = journal::open_checkpoint(*note, verifier_);
    if (!head) return;
    const auto known = promises_.heads.emplace(head->size, head->root).first;
    contradicted_ = contradicted_ || known->second != head->root;
  }

  Status go_on() {
    if (!disk_.exists("books")) {
      if (promises_.created) return fail(ErrorKind::corrupt, "test.books_lost");
      // What an unfinished making left is thrown away, as the operator is told to.
      for (const auto& path : disk_.files()) CHECK_OK(disk_.remove(path));
      CHECK_OK(Directory::create(disk_, life_origin, test_random, test_time()));
    }
    promises_.created = true;
    TRY(open_, open_books(disk_, test_time(), script_.limits));
    for (const auto& step : script_.steps) CHECK_OK(take(step));
    return {};
  }

  Status take(const Step& step) {
    auto& journal = open_.directory->journal();
    const auto& books = open_.directory->books();
    switch (step.kind) {
      case Step::Kind::set_up:
        return add_facts(facts_.set_up, journal.records(), step.block_records);
      case Step::Kind::edition: {
        const auto& editions = books.rulebook().programmes.at(0).editions;
        if (editions.size() == 2) return {};
        const auto* content = books.content(hash_of(std::get<Content>(facts_.edition.at(0))));
        return add_facts(facts_.edition, content != nullptr ? 1 : 0, step.block_records);
      }
      case Step::Kind::events: {
        TRY(const auto told, import_text(open_, step.lines, step.block_records));
        answers_.insert(answers_.end(), told.records.begin(), told.records.end());
        note_records();
        return {};
      }
      case Step::Kind::transactions: {
        MemorySource source{step.lines};
        TransactOptions options;
        // What an erased account took part in is not known any more; sent again it is refused.
        options.answer = [&](const TransactionAnswer& answer) -> Status {
          const auto& holder = books.accounts().holder(erased_account);
          if (answer.outcome != Outcome::rejected ||
              holder.state == ledger::Holder::State::erased) {
            return {};
          }
          return fail(ErrorKind::corrupt, "test.transaction_refused",
                      {{"code", answer.reason.code}});
        };
        CHECK_OK(transact(source, open_.directory->books(), *open_.writer, options));
        note_records();
        return {};
      }
      case Step::Kind::checkpoint: {
        TRY(const auto signer, open_.directory->signer());
        CHECK_OK(journal.publish(signer));
        promises_.published = journal.checkpoint().size;
        return {};
      }
      case Step::Kind::snapshot: {
        TRY(promises_.snapshot, write_snapshot(disk_, books, journal));
        return {};
      }
      case Step::Kind::erasure: {
        if (books.accounts().holder(erased_account).state == ledger::Holder::State::erased) {
          return {};
        }
        promises_.snapshot.clear();
        CHECK_OK(erase_account(*open_.directory, *open_.writer, erased_account, "asked"));
        note_records();
        return {};
      }
    }
    return {};
  }

  Status add_facts(const std::vector<Fact>& facts, std::uint64_t first,
                   std::uint32_t block_records) {
    for (auto at = first; at < facts.size(); ++at) {
      CHECK_OK(open_.writer->add(facts[at]));
      if (open_.writer->gathered() >= block_records) CHECK_OK(open_.writer->flush());
    }
    CHECK_OK(open_.writer->flush());
    note_records();
    return {};
  }

  storage::SimulatedDisk& disk_;
  const Script& script_;
  const LifeFacts& facts_;
  Promises promises_;
  Watch watch_;
  OpenBooks open_;
  std::vector<std::uint64_t> answers_;
  std::string last_note_;
  bool contradicted_ = false;
  journal::Verifier verifier_ = life_verifier();
};

// What stands after a whole life in which nothing failed. Whoever comes to the end in another way
// must have written the same records: they depend on what came in and not on the blocks.
struct WholeLife {
  std::vector<Hash> leaves;  // Of all records.
  std::vector<bool> erased;
  std::uint64_t erasure = ledger::no_record;  // Where the erasure was written down.
  std::vector<std::string> salts;             // Of the erased records, as they stood before.
  std::vector<std::uint64_t> answers;
};

inline std::string whole_file(storage::SimulatedDisk& disk, const std::string& path) {
  constexpr std::uint64_t bytes_max = 1U << 30U;
  auto bytes = storage::read_whole(disk, path, bytes_max);
  REQUIRE(bytes);
  return *std::move(bytes);
}

// Visits all records of a journal: number, and the record.
template <class Visit>
Status each_record(const journal::Journal& journal, Visit visit) {
  std::uint64_t number = 0;
  for (std::uint64_t index = 0; index < journal.blocks().size(); ++index) {
    TRY(const auto bytes, journal.read(index));
    TRY(const auto block, journal::parse_block(bytes));
    for (auto rest = block.body; !rest.empty(); ++number) {
      TRY(const auto record, journal::take_record(rest));
      CHECK_OK(visit(number, record));
    }
  }
  return {};
}

inline tl::unexpected<Error> broken(const char* promise, std::uint64_t at = 0) {
  return fail(ErrorKind::corrupt, promise, {{"at", std::to_string(at)}});
}

// Each record stands once, in its place, with its content, and is erased if its account is. So what
// was told of an event, and that it is there exactly once, follows from the whole life.
inline Status check_records(const journal::Journal& journal, const WholeLife& whole) {
  if (journal.records() > whole.leaves.size()) return broken("test.more_records");
  const bool has_erased = journal.records() > whole.erasure;
  return each_record(journal, [&](std::uint64_t number, const journal::Record& record) -> Status {
    if (journal::leaf_of(record) != whole.leaves[number]) {
      return broken("test.another_record", number);
    }
    if (record.erased != (has_erased && whole.erased[number])) {
      return broken("test.half_erased", number);
    }
    return {};
  });
}

// Of what was erased no file holds anything any more, not even one that a crash left unfinished.
inline Status check_forgotten(storage::SimulatedDisk& disk, const WholeLife& whole) {
  for (const auto& path : disk.files()) {
    const auto bytes = whole_file(disk, path);
    for (const auto& salt : whole.salts) {
      if (bytes.find(salt) != std::string::npos) {
        return fail(ErrorKind::corrupt, "test.not_forgotten", {{"file", path}});
      }
    }
  }
  return {};
}

// The log of today continues every checkpoint that was ever signed.
inline Status check_heads(const journal::Journal& journal, const Promises& promises) {
  journal::Frontier frontier;
  auto head = promises.heads.begin();
  for (const auto& block : journal.blocks()) {
    frontier.append(block.entry_hash);
    if (head == promises.heads.end() || head->first != frontier.size()) continue;
    if (head->second != frontier.root()) return broken("test.other_tree", frontier.size());
    ++head;
  }
  if (head != promises.heads.end()) return broken("test.tree_too_short", head->first);
  if (journal.checkpoint().size < promises.published) return broken("test.checkpoint_lost");
  return {};
}

// A mix of bytes and numbers that tells states apart.
class StateName {
 public:
  void add(std::uint64_t number) { name_ = spread(name_ ^ number); }
  void add(std::string_view bytes) { add(std::hash<std::string_view>{}(bytes)); }
  void add(storage::SimulatedDisk& disk) {
    for (const auto& path : disk.files()) {
      add(path);
      add(whole_file(disk, path));
    }
  }
  // The disk as a later opening reads it: without files that are removed unread, because a crash
  // came before they had their name, and without the zeros behind the last block.
  void add_what_counts(storage::SimulatedDisk& disk) {
    for (const auto& path : disk.files()) {
      if (path.ends_with(".new") || path.ends_with("/unfinished")) continue;
      const auto bytes = whole_file(disk, path);
      add(path);
      add(std::string_view{bytes}.substr(0, bytes.find_last_not_of('\0') + 1));
    }
  }
  void add(const Promises& promises) {
    add(promises.created ? 1 : 0);
    add(promises.records);
    add(promises.heads.size());
    add(promises.published);
    add(promises.snapshot);
  }
  void add(const Books& books) {
    books.save([&](std::string_view, std::string_view bytes) { add(bytes); });
  }
  [[nodiscard]] std::uint64_t value() const { return name_; }

 private:
  std::uint64_t name_ = 0;
};

// The moment before an operation, or the end, of a life in which nothing failed.
struct Moment {
  storage::SimulatedDisk disk;
  Promises promises;
};

// A script that was lived once, with every moment to crash at.
struct Lived {
  Script script;
  const LifeFacts& facts;
  WholeLife whole;
  std::vector<Moment> moments;
};

inline Lived live_through(Script script, const LifeFacts& facts) {
  Lived lived{std::move(script), facts, {}, {}};
  storage::SimulatedDisk disk;
  Life life{disk, lived.script, facts, {}, [&](const Promises& promises) {
              lived.moments.push_back({disk.fork(), promises});
            }};
  const auto status = life.live();
  if (!status) FAIL(status.error().code);
  lived.moments.push_back({disk.fork(), life.promises()});
  auto& whole = lived.whole;
  whole.answers = life.answers();
  const auto directory = Directory::open(disk, journal::Mode::read);
  REQUIRE(directory);
  REQUIRE(each_record((*directory)->journal(), [&](std::uint64_t number, const auto& record) {
    whole.leaves.push_back(journal::leaf_of(record));
    whole.erased.push_back(record.erased);
    if (static_cast<Kind>(record.open[0]) == Kind::erasure) whole.erasure = number;
    return Status{};
  }));
  REQUIRE_NE(whole.erasure, ledger::no_record);
  // The last moment before the erasure was durable.
  const auto before =
      std::find_if(lived.moments.rbegin(), lived.moments.rend(),
                   [&](const Moment& moment) { return moment.promises.records == whole.erasure; });
  REQUIRE(before != lived.moments.rend());
  auto unerased = before->disk.fork();
  unerased.crash([](std::uint64_t) { return 0U; });
  const auto books = Directory::open(unerased, journal::Mode::read);
  REQUIRE(books);
  REQUIRE(each_record((*books)->journal(), [&](std::uint64_t number, const auto& record) {
    if (whole.erased[number])
      whole.salts.emplace_back(record.hidden.substr(0, journal::salt_bytes));
    return Status{};
  }));
  return lived;
}

// Recovers disks of one life and checks them.
class Recovery {
 public:
  explicit Recovery(const Lived& lived) : lived_{lived} {}

  // Opens what a crash left, and checks that every promise was kept. Where it comes out as nothing
  // before did, and at every 32nd time, all the rest is checked as well, and the life goes on to
  // its end.
  void recover(storage::SimulatedDisk& disk, Promises promises) {
    const auto status = try_to(disk, promises);
    if (status) return;
    auto text = status.error().code;
    for (const auto& [name, value] : status.error().args) text += " " + name + "=" + value;
    FAIL(text);
  }
  // So many different states came out, and so many lives went on to their end.
  [[nodiscard]] std::uint64_t outcomes() const { return known_.size(); }
  [[nodiscard]] std::uint64_t lived_on() const { return lived_on_; }

 private:
  Status try_to(storage::SimulatedDisk& disk, Promises& promises) {
    if (!disk.exists("books") && !promises.created) return live_on(disk, promises);
    TRY(const auto goes_on, check_promises(disk, promises));
    if (!goes_on) return {};
    CHECK_OK(check_all(disk, promises));
    return live_on(disk, promises);
  }

  // Opens the books for writing, as after a power cut. False where what stands then, on the disk
  // and in memory, was met before: whatever more is found of it would be the same again.
  Result<bool> check_promises(storage::SimulatedDisk& disk, Promises& promises) {
    TRY(const auto directory, Directory::open(disk, journal::Mode::write, lived_.script.limits));
    const auto& journal = directory->journal();
    const auto& whole = lived_.whole;
    if (!directory->bad_snapshots().empty()) return broken("test.bad_snapshot");
    if (journal.records() < promises.records) return broken("test.records_lost");
    CHECK_OK(check_heads(journal, promises));
    const bool may_be_removed = journal.records() > whole.erasure;
    const bool has_snapshot =
        promises.snapshot.empty() || disk.exists("snapshots/" + promises.snapshot);
    if (!has_snapshot && !may_be_removed) return broken("test.snapshot_lost");
    // Whoever opens the books reads them.
    promises.records = journal.records();
    StateName name;
    name.add_what_counts(disk);
    name.add(directory->books());
    const bool is_new = known_.insert(name.value()).second;
    if (!is_new && ++times_ % 32 != 0) return false;
    CHECK_OK(check_records(journal, whole));
    if (journal.records() > whole.erasure) CHECK_OK(check_forgotten(disk, whole));
    TRY(promises.snapshot, write_snapshot(disk, directory->books(), journal));
    return true;
  }

  // `verify` decides each event again, from the first, and compares its books with the snapshot of
  // those that were opened: balances, caps, acts and all other tables.
  static Status check_all(storage::SimulatedDisk& disk, const Promises& promises) {
    TRY(const auto report, verify(disk));
    if (!report.findings.empty()) return tl::unexpected(report.findings.front());
    const bool is_whole = report.records == promises.records && report.snapshots > 0;
    return is_whole ? Status{} : Status{broken("test.unverified")};
  }

  // Goes on with the life to its end, and checks that it is the whole one.
  Status live_on(storage::SimulatedDisk& disk, Promises& promises) {
    ++lived_on_;
    const auto& whole = lived_.whole;
    {
      Life life{disk, lived_.script, lived_.facts, promises};
      CHECK_OK(life.live());
      promises = life.promises();
      const auto& answers = life.answers();
      if (answers.size() != whole.answers.size()) return broken("test.answers");
      for (std::size_t at = 0; at < answers.size(); ++at) {
        // Of what was erased since, no record is told any more.
        const auto record = whole.answers[at];
        const bool was_erased = record < whole.erasure && whole.erased[record];
        const bool same = answers[at] == record || (answers[at] == ledger::no_record && was_erased);
        if (!same) return broken("test.another_answer", at);
      }
    }
    TRY(const auto goes_on, check_promises(disk, promises));
    if (goes_on) CHECK_OK(check_all(disk, promises));
    if (promises.records != whole.leaves.size()) return broken("test.life_incomplete");
    return {};
  }

  const Lived& lived_;
  std::unordered_set<std::uint64_t> known_;
  std::uint64_t times_ = 0;
  std::uint64_t lived_on_ = 0;
};

// Whether an error is one of the disk, and not of what stands on it.
inline bool is_of_disk(const Error& error) {
  return error.code.starts_with("storage.") || error.code == "journal.stopped";
}

}  // namespace partake::books::testing
