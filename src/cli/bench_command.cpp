// partake bench: how fast this machine takes events in, with durability on.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "base/file.h"
#include "base/json.h"
#include "base/require.h"
#include "base/split_mix.h"
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

std::string uuid_of(SplitMix& numbers) {
  const auto high = numbers.next();
  const auto low = numbers.next();
  char text[40];
  std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx",
                static_cast<unsigned>(high >> 32U), static_cast<unsigned>(high >> 16U) & 0xFFFFU,
                static_cast<unsigned>(high) & 0xFFFFU, static_cast<unsigned>(low >> 48U),
                static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFU));
  return text;
}

// Bus trips of four weeks, in no order of time or account, numbered from `first` on.
template <class Take>
void make_events(const BenchArguments& arguments, std::uint64_t first, std::uint64_t count,
                 Take take) {
  SplitMix numbers{arguments.seed + first};
  char line[512];
  for (auto at = first; at < first + count; ++at) {
    const auto account = ledger::to_string({numbers(arguments.accounts)});
    const auto second = static_cast<int>(numbers(std::uint64_t{28} * 86400));
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
    take(std::string_view{line, static_cast<std::size_t>(size)});
  }
}

Status write_events(const std::string& path, const BenchArguments& arguments) {
  std::ofstream out{path, std::ios::binary};
  make_events(arguments, 1, arguments.events, [&](std::string_view line) {
    out.write(line.data(), static_cast<std::streamsize>(line.size()));
  });
  out.close();
  if (out) return {};
  return fail(ErrorKind::unavailable, "storage.failed", {{"file", path}, {"reason", "write"}});
}

Status set_up(BooksSession& session, const std::vector<books::Content>& contents,
              const BenchArguments& arguments) {
  std::vector<books::Fact> facts{contents.begin(), contents.end()};
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
std::string ratio_text(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}
std::string fixed(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

double microseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
      .count();
}

// Value below which the part of all lies, which are sorted by it.
double quantile(std::vector<double>& values, double part) {
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(part * static_cast<double>(values.size()));
  return values[std::min(at, values.size() - 1)];
}

// A client that sends an event and waits for its answer before it sends the next.
class OneAtATime final : public ByteSource {
 public:
  explicit OneAtATime(std::vector<std::string> lines) : lines_{std::move(lines)} {}

  Result<std::size_t> read(char* target, std::size_t size) override {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return sent_ == answered_ || stopped_; });
    if (stopped_ || sent_ == lines_.size()) return std::size_t{0};
    const auto& line = lines_[sent_++];
    PARTAKE_REQUIRE(line.size() <= size);
    line.copy(target, line.size());
    start_ = std::chrono::steady_clock::now();
    return line.size();
  }
  void stop() override {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
    changed_.notify_all();
  }
  void answer() {
    const std::lock_guard lock{mutex_};
    if (answered_ == sent_) return;
    took_us_.push_back(microseconds_since(start_));
    ++answered_;
    changed_.notify_all();
  }
  std::vector<double>& took_us() { return took_us_; }

 private:
  std::vector<std::string> lines_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t sent_ = 0;
  std::size_t answered_ = 0;
  bool stopped_ = false;
  std::chrono::steady_clock::time_point start_;
  std::vector<double> took_us_;
};

// Microseconds of each of many durable writes over zeros, as the journal makes them.
Result<std::vector<double>> durable_writes(storage::Disk& disk) {
  constexpr std::size_t bytes = 4096;
  constexpr std::size_t count = 500;
  const std::string path = "bench-writes";
  TRY(const auto file, disk.open(path, storage::Access::create));
  CHECK_OK(file->write(0, std::string(bytes * count, '\0')));
  CHECK_OK(file->sync());
  const std::string page(bytes, '\x5A');
  std::vector<double> took_us;
  for (std::size_t at = 0; at < count; ++at) {
    const auto start = std::chrono::steady_clock::now();
    CHECK_OK(file->write(at * bytes, page));
    CHECK_OK(file->sync());
    took_us.push_back(microseconds_since(start));
  }
  CHECK_OK(disk.remove(path));
  return took_us;
}

// The scheme as it is, or without its points.
std::string scheme_of(std::string text, bool without_points) {
  const auto line = text.find("\npoint_for = ");
  if (without_points && line != std::string::npos)
    text.erase(line, text.find('\n', line + 1) - line);
  return text;
}

class Bench {
 public:
  Bench(Context context, BenchArguments arguments)
      : context_{std::move(context)}, arguments_{std::move(arguments)} {
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
    contents_ =
        books::contents_of((fs::path{library}.parent_path() / "examples/carbon-inclusion").string(),
                           library, problems);
    if (!problems.empty()) return tl::unexpected(problems.front());
    for (auto& content : contents_) {
      content.text = scheme_of(std::move(content.text), arguments_.without_points);
    }
    auto status = run_in(books, events);
    if (status && context_.json) context_.print(Json{std::move(figures_)});
    fs::remove_all(books, problem);
    fs::remove(events, problem);
    return status;
  }

 private:
  void say(std::string_view what, const std::string& value, const char* unit) {
    if (context_.json) {
      figures_.emplace_back(Json::Object{{"name", std::string{what.substr(what.find('.') + 1)}},
                                         {"value", value},
                                         {"unit", unit}});
    } else {
      context_.say_line("bench.figure",
                        {{"what", context_.say(what)}, {"value", value}, {"unit", unit}});
    }
  }

  Status run_in(const std::string& books, const std::string& events) {
    CHECK_OK(write_events(events, arguments_));
    CHECK_OK(import_and_tell(books, events));
    CHECK_OK(check(books));
    if (!arguments_.compare) return {};
    const auto usual = arguments_;
    arguments_.random_ids = true;
    CHECK_OK(compare(books, events, "bench.ids_rate", "bench.ids_ratio"));
    arguments_ = usual;
    arguments_.accounts *= 100;
    return compare(books, events, "bench.accounts_rate", "bench.accounts_ratio");
  }

  // The same events in another way: how much of the rate stays.
  Status compare(const std::string& books, const std::string& events, const char* rate,
                 const char* ratio) {
    std::error_code problem;
    fs::remove_all(books, problem);
    fs::create_directories(books, problem);
    CHECK_OK(write_events(events, arguments_));
    TRY(auto session, open(books));
    TRY(const auto took, import(session, events));
    const auto events_per_second = static_cast<double>(arguments_.events) / took;
    say(rate, rate_text(events_per_second, 1), "M/s");
    say(ratio, ratio_text(events_per_second / usual_rate_), "");
    return {};
  }

  // Against only parsing the first megabytes of the same lines.
  Status compare_with_parsing(const std::string& events) {
    constexpr std::size_t bytes = 64U << 20U;
    std::string lines(bytes, '\0');
    TRY(const auto source, FileSource::open(events));
    std::size_t size = 0;
    for (std::size_t count = 1; count > 0 && size < bytes; size += count) {
      TRY(count, source->read(lines.data() + size, bytes - size));
    }
    lines.resize(lines.rfind('\n', size) + 1);
    double best = 0;
    for (int run = 0; run < 3; ++run) {
      std::size_t count = 0;
      Status ignored;
      const auto took = seconds_of(
          [&]() -> Status {
            count = count_documents(lines);
            return {};
          },
          ignored);
      best = std::max(best, static_cast<double>(count) / took);
    }
    say("bench.parse", rate_text(best, 1), "M/s");
    say("bench.parse_ratio", ratio_text(usual_rate_ / best), "");
    return {};
  }

  // The events come on top of all that were imported.
  Status one_at_a_time(BooksSession& session) {
    if (arguments_.single == 0) return {};
    TRY(auto writes_us, durable_writes(*session.disk));
    std::vector<std::string> lines;
    make_events(arguments_, arguments_.events + 1, arguments_.single,
                [&](std::string_view line) { lines.emplace_back(line); });
    OneAtATime client{std::move(lines)};
    books::ImportOptions options;
    options.progress = [&](std::uint64_t, std::uint64_t) -> Status {
      client.answer();
      return {};
    };
    CHECK_OK(books::import_events(client, session.directory->books(), *session.writer, options));
    const auto write_us = quantile(writes_us, 0.5);
    const auto p99_us = quantile(client.took_us(), 0.99);
    say("bench.single_p50", fixed(quantile(client.took_us(), 0.5)), "us");
    say("bench.single_p99", fixed(p99_us), "us");
    say("bench.single_max", fixed(client.took_us().back()), "us");
    say("bench.write", fixed(write_us), "us");
    say("bench.single_ratio", ratio_text(p99_us / write_us), "");
    return {};
  }

  // New books with their accounts.
  Result<BooksSession> open(const std::string& folder) {
    TRY(const auto disk, storage::open_disk(folder));
    CHECK_OK(books::Directory::create(
        *disk, "bench.example/books",
        [](char* bytes, std::size_t size) { std::fill_n(bytes, size, '\x5A'); },
        clock_of(context_)()));
    TRY(auto session, open_books(context_, folder, journal::Mode::write));
    CHECK_OK(set_up(session, contents_, arguments_));
    return session;
  }

  // The seconds that it took.
  [[nodiscard]] Result<double> import(BooksSession& session, const std::string& events) const {
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
    return took;
  }

  Status import_and_tell(const std::string& folder, const std::string& events) {
    TRY(auto session, open(folder));
    TRY(const auto took, import(session, events));
    const auto events_count = static_cast<double>(arguments_.events);
    usual_rate_ = events_count / took;
    std::uint64_t bytes = 0;
    for (const auto& block : session.directory->journal().blocks()) bytes += block.bytes;
    const auto& books = session.books();
    const auto megabytes = [](std::size_t size) { return fixed(static_cast<double>(size) / 1e6); };
    say("bench.import", rate_text(events_count, took), "M/s");
    say("bench.bytes", fixed(static_cast<double>(bytes) / events_count), "B");
    const auto account_bytes =
        static_cast<double>(books.accounts().bytes()) / static_cast<double>(arguments_.accounts);
    say("bench.account", fixed(account_bytes - balance_bytes * (assets_of(books) - 1)), "B");
    say("bench.caps", megabytes(books.caps().bytes()), "MB");
    say("bench.acts", megabytes(books.acts().bytes()), "MB");
    say("bench.ids", megabytes(books.identities().bytes()), "MB");
    CHECK_OK(compare_with_parsing(events));
    return one_at_a_time(session);
  }

  Status check(const std::string& folder) {
    const auto events_count = static_cast<double>(arguments_.events + arguments_.single);
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

  static constexpr double balance_bytes = sizeof(std::int64_t);
  static double assets_of(const books::Books& books) {
    double count = 0;
    for (std::size_t at = 0; at < ledger::assets; ++at) {
      if (books.accounts().in_use(static_cast<ledger::Asset>(at))) ++count;
    }
    return count;
  }

  Context context_;
  BenchArguments arguments_;
  std::vector<books::Content> contents_;
  double usual_rate_ = 0;  // Events a second, of the first import.
  Json::Array figures_;
};

}  // namespace

int bench(const Context& context, const BenchArguments& arguments) {
  const auto status = Bench{context, arguments}.run();
  return status ? 0 : context.refuse(status.error());
}

}  // namespace partake::cli
