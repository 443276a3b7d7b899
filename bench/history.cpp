// `method diff --on BOOKS`: entries a second of a whole journal compared by two methods, against
// the limit that is promised; and what it needs at least, reading and parsing alone.
#include "books/history.h"

#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "base/split_mix.h"
#include "bench/figures.h"
#include "books/import.h"
#include "books/replay.h"
#include "books/sample_books.h"
#include "books/writer.h"
#include "intake/knowledge.h"
#include "storage/real_disk.h"

using namespace partake;

namespace {

constexpr std::uint64_t accounts = 1'000'000;
constexpr std::uint64_t batch = 500'000;
constexpr double limit = 1.5;  // Million entries a second.

template <class T>
T must(partake::Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().code.c_str());
    std::exit(1);
  }
  return *std::move(result);
}
void must(const Status& status) {
  if (!status) {
    std::fprintf(stderr, "%s\n", status.error().code.c_str());
    std::exit(1);
  }
}

class Lines final : public ByteSource {
 public:
  explicit Lines(std::string_view text) : text_{text} {}
  partake::Result<std::size_t> read(char* target, std::size_t size) override {
    const auto count = std::min(size, text_.size());
    text_.copy(target, count);
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
};

void fill_random(char* bytes, std::size_t size) {
  for (std::size_t at = 0; at < size; ++at) bytes[at] = static_cast<char>(37 * at + 11);
}

std::string source_folder() {
  const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
  return std::filesystem::path{must(intake::find_library("", self))}.parent_path().string();
}

Instant now() { return *parse_instant("2026-11-28T12:00:00Z"); }

void make_books(storage::Disk& disk, std::uint64_t events) {
  must(books::Directory::create(disk, "bench.example/log", fill_random, now()));
  const auto directory = must(books::Directory::open(disk, journal::Mode::write));
  books::Writer writer{directory->journal(), directory->books(),
                       must(directory->salter(fill_random, now())), [] { return now(); }};
  const auto contents = books::testing::sample_contents(source_folder());
  Problems problems;
  books::ProgrammeNumbers numbers;
  const auto edition = books::Edition::build(contents, numbers, problems);
  const auto& programme = edition->programme().id.text();
  for (const auto& content : contents) must(writer.add(books::Fact{content}));
  must(writer.add(books::Fact{edition->manifest(contents)}));
  must(writer.add(books::Fact{books::SourceState{"gates", programme, "A", true, 0, {}, false}}));
  must(writer.add(books::Fact{books::AccountsOpened{
      programme, "person", accounts, {{"gates", books::purpose_credit, day_max}}}}));
  must(writer.flush());
  SplitMix random{20261120};
  std::string lines;
  char line[400];
  for (std::uint64_t at = 1; at <= events; ++at) {
    const auto account = ledger::to_string({random(accounts)});
    const auto second = static_cast<int>(random(std::uint64_t{27} * 86400));
    const int size = std::snprintf(
        line, sizeof line,
        "{\"specversion\":\"1.0\",\"id\":\"%llu\",\"source\":\"gates\",\"type\":\"trip.bus\","
        "\"subject\":\"%s\",\"time\":\"2026-11-%02dT%02d:%02d:%02d+08:00\",\"sequence\":\"%llu\","
        "\"data\":{\"trips\":1}}\n",
        static_cast<unsigned long long>(at), account.c_str(), 1 + second / 86400,
        second / 3600 % 24, second / 60 % 60, second % 60, static_cast<unsigned long long>(at));
    lines.append(line, static_cast<std::size_t>(size));
    if (at % batch != 0 && at != events) continue;
    Lines source{lines};
    must(books::import_events(source, directory->books(), writer, {}));
    lines.clear();
  }
}

// Of all threads together: what the work costs, however busy the machine is with other things.
template <class Work>
double best_processor_seconds(int runs, Work work) {
  double best = 1e300;
  for (int run = 0; run < runs; ++run) {
    const auto start = std::clock();
    work();
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

// Reads and parses every event, and no more: the least that any question to all history takes.
class Reading final : public books::ReplayVisitor {
 public:
  Status begin_block(const books::ReplayedBlock& /*block*/) override { return {}; }
  Status end_block(const books::ReplayedBlock& /*block*/) override { return {}; }
  Status take_record(std::uint64_t /*number*/, const journal::Record& /*record*/) override {
    return {};
  }
  Status begin_events(std::span<const books::Event* const> events) override {
    count += events.size();
    return {};
  }
  Status take_event(std::size_t /*place*/, const books::StoredEvent& /*stored*/) override {
    return {};
  }
  std::uint64_t count = 0;
};

std::shared_ptr<const method::Compiled> other_method(const books::Edition& edition) {
  auto contents = books::testing::sample_contents(source_folder());
  for (const auto& content : contents) {
    if (content.text.find("id = \"transport.bus_trip\"") == std::string::npos ||
        content.kind != books::Content::Kind::method) {
      continue;
    }
    auto text = content.text;
    text.replace(text.find("version = \"1.0.0\""), 17, "version = \"9.0.0\"");
    Problems problems;
    auto compiled =
        edition.knowledge().read_method(must(parse_toml(text, "bus_trip.toml")), problems);
    if (problems.empty()) return std::make_shared<const method::Compiled>(std::move(compiled));
  }
  std::fputs("transport.bus_trip: not found\n", stderr);
  std::exit(1);
}

}  // namespace

int main(int count, char** arguments) {
  const std::uint64_t events = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 4'000'000;
  const auto folder = std::filesystem::path{count > 2 ? arguments[2] : "partake-bench-history"};
  if (std::filesystem::exists(folder)) {
    std::fprintf(stderr, "%s is there already\n", folder.c_str());
    return 1;
  }
  std::filesystem::create_directories(folder);
  const auto disk = must(storage::open_disk(folder.string()));
  make_books(*disk, events);
  const auto directory = must(books::Directory::open(*disk, journal::Mode::read));
  const auto& edition = *directory->books().rulebook().programmes[0].editions.back();
  const auto after = other_method(edition);
  std::shared_ptr<const method::Compiled> before;
  for (const auto& known : edition.knowledge().methods()) {
    if (known->method->id == after->method->id) before = known;
  }
  const auto entries = static_cast<double>(events);
  const auto read = [&] {
    Reading visitor;
    must(books::replay(directory->journal(), directory->books(), {.prefetches = false}, visitor));
    if (visitor.count != events) std::abort();
  };
  const auto compare = [&] {
    const auto report =
        must(books::compare_history(*directory, {before, nullptr, {}}, {after, nullptr, {}}, {}));
    if (report.events + report.same_act != events) std::abort();
  };
  constexpr int runs = 3;
  const auto show = [&](const char* what, double seconds) {
    bench::figure(what, entries / seconds / 1e6, "M/s", limit, "the promised 1.5 M/s");
  };
  show("history: reading and parsing alone", bench::best_of(runs, read));
  show("history: compared by two methods", bench::best_of(runs, compare));
  show("history: the same, in one second of processor time", best_processor_seconds(runs, compare));
  bench::figure("history: processor time of an entry",
                best_processor_seconds(runs, compare) / entries * 1e9, "ns",
                best_processor_seconds(runs, read) / entries * 1e9, "reading and parsing alone");
  std::filesystem::remove_all(folder);
}
