// A statement of 1,000 entries out of a journal of many millions: bench_statement [EVENTS
// [FOLDER]]. One account has a thousand of the events, as far from each other as can be; reading
// them with and without the system's memory of the files, and what that takes of the disk.
#include "books/statement.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "base/split_mix.h"
#include "base/text.h"
#include "bench/figures.h"
#include "books/import.h"
#include "books/publish.h"
#include "books/snapshot.h"
#include "intake/knowledge.h"
#include "storage/real_disk.h"

using namespace partake;

namespace {

namespace fs = std::filesystem;

constexpr const char* programme = "example.carbon-inclusion";
constexpr std::uint64_t accounts = 1'000'000;
constexpr std::uint64_t entries = 1000;
constexpr double limit_ms = 50;

template <class T>
T need(Result<T> result, const char* what) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "%s: %s\n", what, describe(result.error(), Language::en).c_str());
  std::exit(1);
}
void need(Status status, const char* what) {
  if (status) return;
  std::fprintf(stderr, "%s: %s\n", what, describe(status.error(), Language::en).c_str());
  std::exit(1);
}

// Bus trips of four weeks, in no order; every (events / entries)th is the first account's.
class Trips final : public ByteSource {
 public:
  explicit Trips(std::uint64_t events) : events_{events} {}

  Result<std::size_t> read(char* target, std::size_t size) override {
    std::size_t filled = 0;
    while (filled < size) {
      if (at_ == line_.size()) {
        if (made_ == events_) break;
        make_line();
      }
      const auto count = std::min(size - filled, line_.size() - at_);
      line_.copy(target + filled, count, at_);
      filled += count;
      at_ += count;
    }
    return filled;
  }

 private:
  void make_line() {
    const auto step = std::max<std::uint64_t>(1, events_ / entries);
    const bool ours = made_ % step == 0 && made_ / step < entries;
    const auto account = ours ? 0 : 1 + numbers_(accounts - 1);
    const auto second = static_cast<int>(numbers_(std::uint64_t{28} * 86400));
    char text[512];
    std::snprintf(text, sizeof text,
                  "{\"specversion\":\"1.0\",\"id\":\"%llu\",\"source\":\"gates\",\"type\":"
                  "\"trip.bus\",\"subject\":\"%s\",\"time\":\"2026-11-%02dT%02d:%02d:%02d+08:00\","
                  "\"sequence\":\"%llu\",\"data\":{\"trips\":1}}\n",
                  static_cast<unsigned long long>(made_ + 1), ledger::to_string({account}).c_str(),
                  1 + second / 86400, second / 3600 % 24, second / 60 % 60, second % 60,
                  static_cast<unsigned long long>(made_ + 1));
    line_ = text;
    at_ = 0;
    ++made_;
  }

  std::uint64_t events_;
  std::uint64_t made_ = 0;
  SplitMix numbers_{20261120};
  std::string line_;
  std::size_t at_ = 0;
};

Instant now() { return *parse_instant("2026-11-29T12:00:00Z"); }

void random_bytes(char* bytes, std::size_t size) { std::fill_n(bytes, size, '\x5A'); }

// Events of one import stand in large blocks: the worst case for reading one record of each.
void make(storage::Disk& disk, std::uint64_t events) {
  const auto library = need(intake::find_library("", "/proc/self/exe"), "library");
  Problems problems;
  const auto contents = books::contents_of(
      (fs::path{library}.parent_path() / "examples/carbon-inclusion").string(), library, problems);
  if (!problems.empty()) need(Status{tl::unexpected(problems.front())}, "programme");
  need(books::Directory::create(disk, "bench.example/books", random_bytes, now()), "create");
  auto directory = need(books::Directory::open(disk, journal::Mode::write), "open");
  books::Writer writer{directory->journal(), directory->books(),
                       need(directory->salter(random_bytes, now()), "salt"), now};
  std::vector<books::Fact> facts{contents.begin(), contents.end()};
  books::ProgrammeNumbers numbers;
  const auto edition = books::Edition::build(contents, numbers, problems);
  facts.emplace_back(edition->manifest(contents));
  facts.emplace_back(books::SourceState{"gates", programme, "A", true, 0, {}, false});
  facts.emplace_back(books::AccountsOpened{
      programme, "person", accounts, {{"gates", books::purpose_credit, day_max}}});
  for (const auto& fact : facts) need(writer.add(fact).map([](auto) {}), "fact");
  need(writer.flush(), "flush");
  Trips trips{events};
  const auto counts = need(books::import_events(trips, directory->books(), writer, {}), "import");
  const auto credited = counts.of(books::Outcome::accepted) + counts.of(books::Outcome::limited);
  if (credited != events) std::abort();
  need(books::write_snapshot(disk, directory->books(), directory->journal()), "snapshot");
}

// What this process has read since it began: calls, their bytes, and bytes that came from the disk.
struct Reading {
  double calls = 0;
  double bytes = 0;
  double from_disk = 0;

  static Reading now() {
    std::map<std::string, double> values;
    std::ifstream in{"/proc/self/io"};
    std::string name;
    for (double value = 0; in >> name >> value;) values[name] = value;
    return {values["syscr:"], values["rchar:"], values["read_bytes:"]};
  }
};

// The system forgets what it has in memory of the files, as far as nobody else uses them.
void forget(const std::string& folder) {
  for (const auto& entry : fs::directory_iterator{folder}) {
    const int file = ::open(entry.path().c_str(), O_RDONLY);
    if (file < 0) std::abort();
    ::fdatasync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
  }
}

// Microseconds of reading one page of the journal that is not in memory.
double random_read_us(const std::string& folder) {
  std::vector<std::pair<int, std::uint64_t>> files;
  for (const auto& entry : fs::directory_iterator{folder}) {
    const int file = ::open(entry.path().c_str(), O_RDONLY);
    if (file < 0) std::abort();
    files.emplace_back(file, entry.file_size() / journal::page_bytes);
  }
  SplitMix numbers{1};
  std::string page(journal::page_bytes, '\0');
  const auto took_s = bench::best_of(1, [&] {
    for (std::uint64_t at = 0; at < entries; ++at) {
      const auto& [file, pages] = files[numbers(files.size())];
      const auto offset = static_cast<off_t>(numbers(pages) * page.size());
      if (::pread(file, page.data(), page.size(), offset) < 0) std::abort();
    }
  });
  for (const auto& entry : files) ::close(entry.first);
  return took_s * 1e6 / static_cast<double>(entries);
}

void tell(const char* what, const books::Directory& directory, int runs) {
  const auto before = Reading::now();
  const auto took_s = bench::best_of(runs, [&] {
    const auto made = need(
        books::make_statement(directory.journal(), directory.books(), {0},
                              std::chrono::year{2026} / 11 / 1, std::chrono::year{2026} / 11 / 30),
        "statement");
    if (made.entries.size() != entries) std::abort();
  });
  const auto after = Reading::now();
  bench::figure(what, took_s * 1e3, "ms", limit_ms, "the limit of 50 ms");
  const double each = static_cast<double>(entries) * runs;
  std::printf("    an entry: %.1f reads, %.0f bytes, of them from the disk %.0f\n",
              (after.calls - before.calls) / each, (after.bytes - before.bytes) / each,
              (after.from_disk - before.from_disk) / each);
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t events = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 5'000'000;
  const std::string folder = argc > 2 ? argv[2] : "bench-statement";
  if (events < entries || fs::exists(folder)) {
    std::fprintf(stderr, "at least %llu events, and a folder that is not there yet\n",
                 static_cast<unsigned long long>(entries));
    return 1;
  }
  const auto disk = need(storage::make_disk(folder), "folder");
  const auto making_s = bench::best_of(1, [&] { make(*disk, events); });
  std::printf("statement: %llu entries of one account among %llu events, made in %.0f s\n",
              static_cast<unsigned long long>(entries), static_cast<unsigned long long>(events),
              making_s);
  std::unique_ptr<books::Directory> directory;
  const auto opening_s =
      bench::best_of(1, [&] { directory = need(books::Directory::open_accounts(*disk), "open"); });
  std::printf("  opening the books to look at accounts, once: %.0f ms\n", opening_s * 1e3);
  const auto blocks = folder + "/journal/blocks";
  forget(blocks);
  std::printf("  reading a page that is not in memory: %.1f us\n", random_read_us(blocks));
  forget(blocks);
  tell("  statement, nothing of the journal in memory", *directory, 1);
  tell("  statement, the same again", *directory, 7);
  // What it would take if each entry's block were read and checked whole.
  const auto& journal = directory->journal();
  const auto blocks_s = bench::best_of(1, [&] {
    need(books::walk_passbook(journal, directory->books(), {0},
                              directory->books().accounts().holder({0}).last_record,
                              [&](const books::PassbookEntry& entry) {
                                need(journal.read(journal.block_of(entry.record)), "block");
                                return true;
                              }),
         "walk");
  });
  bench::figure("  for comparison: every entry's block read whole", blocks_s * 1e3, "ms", limit_ms,
                "the limit of 50 ms");
  directory.reset();
  fs::remove_all(folder);
  return 0;
}
