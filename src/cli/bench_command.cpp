// partake bench: how fast this machine takes events in, with durability on.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "books/import.h"
#include "books/publish.h"
#include "cli/commands.h"
#include "storage/real_disk.h"

namespace partake::cli {
namespace {

namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;

std::chrono::steady_clock::time_point now() { return std::chrono::steady_clock::now(); }
double since(std::chrono::steady_clock::time_point start) { return Seconds{now() - start}.count(); }

// The 128-bit linear congruential generator of PCG, its upper half: seeded, the same everywhere.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_{seed} {}
  std::uint64_t next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    auto mixed = state_ ^ (state_ >> 33U);
    mixed *= 0xFF51AFD7ED558CCDU;
    return mixed ^ (mixed >> 33U);
  }
  std::uint64_t below(std::uint64_t limit) { return next() % limit; }

 private:
  std::uint64_t state_;
};

void write_events(const std::string& path, const BenchArguments& arguments) {
  Numbers numbers{20261120};
  std::ofstream out{path, std::ios::binary};
  char line[512];
  for (std::uint64_t at = 0; at < arguments.events; ++at) {
    const auto account = ledger::to_string({numbers.below(arguments.accounts)});
    const auto second = static_cast<int>(numbers.below(28 * 86400));
    char sequence[64] = "";
    char id[64];
    if (arguments.random_ids) {
      const auto high = numbers.next();
      const auto low = numbers.next();
      std::snprintf(id, sizeof id, "%08x-%04x-%04x-%04x-%012llx",
                    static_cast<unsigned>(high >> 32U),
                    static_cast<unsigned>(high >> 16U) & 0xFFFFU,
                    static_cast<unsigned>(high) & 0xFFFFU, static_cast<unsigned>(low >> 48U),
                    static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFU));
    } else {
      std::snprintf(id, sizeof id, "%llu", static_cast<unsigned long long>(at));
      std::snprintf(sequence, sizeof sequence, ",\"sequence\":\"%llu\"",
                    static_cast<unsigned long long>(at));
    }
    const int size = std::snprintf(
        line, sizeof line,
        "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"%s\",\"type\":\"trip.bus\","
        "\"subject\":\"%s\",\"time\":\"2026-11-%02dT%02d:%02d:%02d+08:00\"%s,"
        "\"data\":{\"trips\":1}}\n",
        id, arguments.random_ids ? "app" : "gates", account.c_str(), 1 + second / 86400,
        second / 3600 % 24, second / 60 % 60, second % 60, sequence);
    out.write(line, size);
  }
}

}  // namespace

int bench(const Context& context, const BenchArguments& arguments) {
  const auto folder = arguments.folder;
  fs::create_directories(folder);
  const auto events = folder + "/events.ndjson";
  auto start = now();
  if (!fs::exists(events)) write_events(events, arguments);
  std::printf("wrote %.1f MB in %.1f s\n", static_cast<double>(fs::file_size(events)) / 1e6,
              since(start));
  const auto library = intake::find_library(context.library, context.program);
  if (!library) return context.refuse(library.error());
  Problems problems;
  const auto programme = (fs::path{*library}.parent_path() / "examples/carbon-inclusion").string();
  const auto contents = books::contents_of(programme, *library, problems);
  if (!problems.empty()) return context.refuse(problems);
  fs::remove_all(folder + "/books");
  fs::create_directories(folder + "/books");
  auto disk = storage::open_disk(folder + "/books");
  if (!disk) return context.refuse(disk.error());
  const Instant time = *parse_instant("2026-11-29T08:00:00Z");
  const auto random = [](char* bytes, std::size_t size) {
    for (std::size_t at = 0; at < size; ++at) bytes[at] = static_cast<char>(at * 37);
  };
  const auto run = [&]() -> Status {
    CHECK_OK(books::Directory::create(**disk, "bench.example/log", random, time));
    TRY(const auto directory, books::Directory::open(**disk, journal::Mode::write));
    TRY(auto salter, directory->salter(random, time));
    books::Writer writer{directory->journal(), directory->books(), std::move(salter),
                         [&] { return time; }};
    for (const auto& content : contents) {
      TRY(const auto ignored, writer.add(books::Fact{content}));
      static_cast<void>(ignored);
    }
    books::ProgrammeNumbers numbers;
    const auto edition = books::Edition::build(contents, numbers, problems);
    if (!problems.empty()) return tl::unexpected(problems[0]);
    TRY(auto ignored, writer.add(books::Fact{edition->manifest(contents)}));
    for (const auto& [name, numbered] : {std::pair{"gates", true}, std::pair{"app", false}}) {
      TRY(ignored, writer.add(books::Fact{books::SourceState{
                       name, "example.carbon-inclusion", "A", numbered, 0, {}, false}}));
    }
    TRY(ignored, writer.add(books::Fact{books::AccountsOpened{
                     "example.carbon-inclusion",
                     "person",
                     arguments.accounts,
                     {{"gates", "credit", day_max}, {"app", "credit", day_max}}}}));
    static_cast<void>(ignored);
    CHECK_OK(writer.flush());
    TRY(const auto source, FileSource::open(events));
    start = now();
    TRY(const auto counts, books::import_events(*source, directory->books(), writer, {}));
    const auto took = since(start);
    const auto& books = directory->books();
    std::uint64_t bytes = 0;
    for (const auto& block : directory->journal().blocks()) bytes += block.bytes;
    std::printf(
        "%.3f M events/s; %llu events: accepted %llu limited %llu rejected %llu duplicate %llu; "
        "blocks %zu; "
        "%.1f bytes/event; caps %.0f MB acts %.0f MB ids %.0f MB accounts %.0f MB\n",
        static_cast<double>(counts.events) / took / 1e6,
        static_cast<unsigned long long>(counts.events),
        static_cast<unsigned long long>(counts.of(books::Outcome::accepted)),
        static_cast<unsigned long long>(counts.of(books::Outcome::limited)),
        static_cast<unsigned long long>(counts.of(books::Outcome::rejected)),
        static_cast<unsigned long long>(counts.of(books::Outcome::duplicate)),
        directory->journal().blocks().size(),
        static_cast<double>(bytes) / static_cast<double>(counts.events),
        static_cast<double>(books.caps().bytes()) / 1e6,
        static_cast<double>(books.acts().bytes()) / 1e6,
        static_cast<double>(books.identities().bytes()) / 1e6,
        static_cast<double>(books.accounts().bytes()) / 1e6);
    return {};
  };
  if (auto status = run(); !status) return context.refuse(status.error());
  start = now();
  if (std::getenv("NOREPLAY")) return 0;
  auto again = books::Directory::open(**disk, journal::Mode::read);
  if (!again) return context.refuse(again.error());
  std::printf("replay %.3f M events/s\n",
              static_cast<double>(arguments.events) / since(start) / 1e6);
  return 0;
}

}  // namespace partake::cli
