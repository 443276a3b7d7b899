// partake bench: how fast this machine takes events in, with durability on.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "books/import.h"
#include "books/publish.h"
#include "books/verify.h"
#include "cli/books_session.h"
#include "cli/commands.h"
#include "storage/real_disk.h"

namespace partake::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* programme_id = "example.carbon-inclusion";
constexpr const char* numbered_source = "gates";
constexpr const char* id_source = "app";

double seconds_of(const std::function<Status()>& work, Status& result) {
  const auto start = std::chrono::steady_clock::now();
  result = work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// SplitMix64 (Steele, Lea and Flood 2014): seeded, the same everywhere.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_{seed} {}
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    return ledger::spread(state_);
  }
  std::uint64_t below(std::uint64_t limit) { return next() % limit; }

 private:
  std::uint64_t state_;
};

std::string uuid_of(Numbers& numbers) {
  const auto high = numbers.next();
  const auto low = numbers.next();
  char text[40];
  std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx",
                static_cast<unsigned>(high >> 32U), static_cast<unsigned>(high >> 16U) & 0xFFFFU,
                static_cast<unsigned>(high) & 0xFFFFU, static_cast<unsigned>(low >> 48U),
                static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFU));
  return text;
}

// Bus trips of four weeks, in no order of time or account.
Status write_events(const std::string& path, const BenchArguments& arguments) {
  Numbers numbers{arguments.seed};
  std::ofstream out{path, std::ios::binary};
  char line[512];
  for (std::uint64_t at = 1; at <= arguments.events; ++at) {
    const auto account = ledger::to_string({numbers.below(arguments.accounts)});
    const auto second = static_cast<int>(numbers.below(28 * 86400));
    const auto number = std::to_string(at);
    const auto id = arguments.random_ids ? uuid_of(numbers) : number;
    const auto sequence = arguments.random_ids ? std::string{} : ",\"sequence\":\"" + number + "\"";
    const int size = std::snprintf(
        line, sizeof line,
        "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"%s\",\"type\":\"trip.bus\","
        "\"subject\":\"%s\",\"time\":\"2026-11-%02dT%02d:%02d:%02d+08:00\"%s,"
        "\"data\":{\"trips\":1}}\n",
        id.c_str(), arguments.random_ids ? id_source : numbered_source, account.c_str(),
        1 + second / 86400, second / 3600 % 24, second / 60 % 60, second % 60, sequence.c_str());
    out.write(line, size);
  }
  out.close();
  if (out) return {};
  return fail(ErrorKind::unavailable, "storage.failed", {{"file", path}, {"reason", "write"}});
}

Status set_up(BooksSession& session, const std::vector<books::Content>& contents,
              const BenchArguments& arguments) {
  std::vector<books::Fact> facts;
  for (const auto& content : contents) facts.emplace_back(content);
  books::ProgrammeNumbers numbers;
  Problems problems;
  const auto edition = books::Edition::build(contents, numbers, problems);
  if (!problems.empty()) return tl::unexpected(problems.front());
  facts.emplace_back(edition->manifest(contents));
  for (const auto& [name, numbered] :
       {std::pair{numbered_source, true}, std::pair{id_source, false}}) {
    facts.emplace_back(books::SourceState{name, programme_id, "A", numbered, 0, {}, false});
  }
  facts.emplace_back(books::AccountsOpened{programme_id,
                                           "person",
                                           arguments.accounts,
                                           {{numbered_source, books::purpose_credit, day_max},
                                            {id_source, books::purpose_credit, day_max}}});
  for (const auto& fact : facts) CHECK_OK(session.writer->add(fact));
  return session.writer->flush();
}

std::string rate_text(double count, double seconds) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f", count / seconds / 1e6);
  return text;
}
std::string fixed(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

class Bench {
 public:
  Bench(const Context& context, const BenchArguments& arguments)
      : context_{context}, arguments_{arguments} {
    // The events are of one month; the books are kept as of its end.
    context_.is_as_of = true;
    context_.admitted_on = std::chrono::year{2026} / 11 / 29;
  }

  Status run() {
    const auto books = arguments_.folder + "/books";
    const auto events = arguments_.folder + "/events.ndjson";
    std::error_code problem;
    if (fs::exists(books, problem)) {
      return fail(ErrorKind::conflict, "bench.folder_in_use", {{"folder", arguments_.folder}});
    }
    fs::create_directories(books, problem);
    TRY(const auto library, intake::find_library(context_.library, context_.program));
    Problems problems;
    const auto contents =
        books::contents_of((fs::path{library}.parent_path() / "examples/carbon-inclusion").string(),
                           library, problems);
    if (!problems.empty()) return tl::unexpected(problems.front());
    CHECK_OK(write_events(events, arguments_));
    auto status = import(books, events, contents);
    if (status) status = check(books);
    fs::remove_all(books, problem);
    fs::remove(events, problem);
    return status;
  }

 private:
  void say(std::string_view what, const std::string& value, const char* unit) {
    context_.say_line("bench.figure",
                      {{"what", context_.say(what)}, {"value", value}, {"unit", unit}});
  }

  Status import(const std::string& folder, const std::string& events,
                const std::vector<books::Content>& contents) {
    TRY(const auto disk, storage::open_disk(folder));
    CHECK_OK(books::Directory::create(
        *disk, "bench.example/books",
        [](char* bytes, std::size_t size) { std::fill_n(bytes, size, '\x5A'); },
        clock_of(context_)()));
    TRY(auto session, open_books(context_, folder, journal::Mode::write));
    CHECK_OK(set_up(session, contents, arguments_));
    TRY(const auto source, FileSource::open(events));
    books::ImportCounts counts;
    Status done;
    const auto took = seconds_of(
        [&]() -> Status {
          TRY(counts,
              books::import_events(*source, session.directory->books(), *session.writer, {}));
          return {};
        },
        done);
    CHECK_OK(done);
    const auto credited = counts.of(books::Outcome::accepted) + counts.of(books::Outcome::limited);
    if (credited != arguments_.events) {
      return fail(
          ErrorKind::corrupt, "bench.not_credited",
          {{"credited", std::to_string(credited)}, {"events", std::to_string(arguments_.events)}});
    }
    const auto events_count = static_cast<double>(arguments_.events);
    std::uint64_t bytes = 0;
    for (const auto& block : session.directory->journal().blocks()) bytes += block.bytes;
    const auto& books = session.books();
    const auto megabytes = [](std::size_t size) { return fixed(static_cast<double>(size) / 1e6); };
    say("bench.import", rate_text(events_count, took), "M/s");
    say("bench.bytes", fixed(static_cast<double>(bytes) / events_count), "B");
    say("bench.account",
        fixed(static_cast<double>(books.accounts().bytes()) /
              static_cast<double>(arguments_.accounts)),
        "B");
    say("bench.caps", megabytes(books.caps().bytes()), "MB");
    say("bench.acts", megabytes(books.acts().bytes()), "MB");
    say("bench.ids", megabytes(books.identities().bytes()), "MB");
    return {};
  }

  Status check(const std::string& folder) {
    const auto events_count = static_cast<double>(arguments_.events);
    Status done;
    const auto opening = seconds_of(
        [&]() -> Status {
          TRY(const auto session, open_books(context_, folder, journal::Mode::read));
          static_cast<void>(session);
          return {};
        },
        done);
    CHECK_OK(done);
    say("bench.open", rate_text(events_count, opening), "M/s");
    TRY(const auto disk, storage::open_disk(folder));
    books::VerifyReport report;
    const auto verifying = seconds_of(
        [&]() -> Status {
          TRY(report, books::verify(*disk));
          return {};
        },
        done);
    CHECK_OK(done);
    if (!report.findings.empty()) return tl::unexpected(report.findings.front());
    say("bench.verify", rate_text(events_count, verifying), "M/s");
    return {};
  }

  Context context_;
  const BenchArguments& arguments_;
};

}  // namespace

int bench(const Context& context, const BenchArguments& arguments) {
  const auto status = Bench{context, arguments}.run();
  return status ? 0 : context.refuse(status.error());
}

}  // namespace partake::cli
