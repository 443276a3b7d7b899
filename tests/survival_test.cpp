// What the program survives, the real one on real files: being killed at any moment, a full disk,
// folders that may not be written, a second writer, a clock that goes back.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/split_mix.h"
#include "base/whole_number.h"
#include "books/directory.h"
#include "books/record_lookup.h"
#include "storage/real_disk.h"
#include "tests/child.h"
#include "tests/made_books.h"
#include "tests/program.h"

using namespace partake;
using namespace partake::testing;

namespace {

namespace fs = std::filesystem;

struct Answered {
  std::uint64_t line = 0;
  std::string outcome;
  std::optional<std::uint64_t> record;
};

// The whole lines of answers; one that a kill cut short was not heard.
std::vector<Answered> answers_in(std::string_view out) {
  const auto value = [](std::string_view line, std::string_view name) {
    const auto at = line.find(name);
    if (at == std::string_view::npos) return std::string{};
    line.remove_prefix(at + name.size());
    const auto end = line.find_first_of(",\"}");
    return std::string{line.substr(0, end)};
  };
  std::vector<Answered> answers;
  for (auto end = out.find('\n'); end != std::string_view::npos; end = out.find('\n')) {
    const auto line = out.substr(0, end);
    out.remove_prefix(end + 1);
    Answered answer;
    answer.line = parse_whole(value(line, "\"line\": ")).value_or(0);
    answer.outcome = value(line, "\"outcome\": \"");
    answer.record = parse_whole(value(line, "\"record\": "));
    if (answer.line == 0) FAIL("no answer: ", std::string{line});
    answers.push_back(std::move(answer));
  }
  return answers;
}

// What stands in books, read by the test itself.
struct Standing {
  std::map<std::string, std::vector<std::uint64_t>> records;  // Of events, by source and name.
  std::vector<std::int64_t> balances;                         // CO2e of each account.
  std::uint64_t events = 0;
  std::vector<std::uint64_t> block_middles;  // Where the journal's blocks stand in their one file.
};
Standing standing_of(const std::string& folder) {
  const auto disk = storage::open_disk(folder);
  REQUIRE(disk);
  const auto directory = books::Directory::open(**disk, journal::Mode::read);
  REQUIRE(directory);
  const auto& books = (*directory)->books();
  Standing standing;
  standing.events = books.totals().events;
  for (const auto& block : (*directory)->journal().blocks()) {
    standing.block_middles.push_back(block.offset + block.bytes / 2);
  }
  for (std::uint64_t account = 0; account < books.accounts().size(); ++account) {
    standing.balances.push_back(books.accounts().balance(ledger::Asset::co2e, {account}));
  }
  books::RecordLookup lookup{(*directory)->journal(), books};
  for (std::uint64_t number = 0; number < (*directory)->journal().records(); ++number) {
    const auto bytes = lookup.bytes_of(number);
    if (!bytes) FAIL(bytes.error().code);
    std::string_view rest{*bytes};
    const auto record = journal::take_record(rest);
    if (static_cast<books::Kind>(record->open[0]) != books::Kind::event) continue;
    const auto event = books::parse_event(record->open, record->body(), number, books.rulebook());
    if (!event) FAIL(event.error().code);
    const auto& id = event->event.id;
    const auto& stream = books.rulebook().streams[event->event.stream];
    const auto name =
        stream.source + " " + (stream.numbered ? std::to_string(id.sequence) : id.text);
    standing.records[name].push_back(number);
  }
  return standing;
}

std::string name_of_line(std::uint64_t line) {
  const auto at = line - 1;
  const auto again = at % 23 == 22 ? at - 11 : at;
  return again % 3 != 0 ? "metro-gates " + std::to_string(again + 1)
                        : "traveller-app trip-" + std::to_string(again + 1);
}

bool is_credited(const std::string& outcome) {
  return outcome == "accepted" || outcome == "limited";
}

// That what was answered is so: each event at its record, and nowhere else.
void check_answers(const std::vector<Answered>& answers, const Standing& standing) {
  for (const auto& answer : answers) {
    if (!is_credited(answer.outcome) && answer.outcome != "duplicate") continue;
    const auto found = standing.records.find(name_of_line(answer.line));
    const bool stands = answer.record && found != standing.records.end() &&
                        found->second == std::vector{*answer.record};
    if (!stands) FAIL_CHECK("line ", answer.line, " was answered, but is not there once");
  }
}

void check_verified(const std::string& books) {
  const auto verified = run_in({}, words({"verify", books}));
  CHECK_MESSAGE(verified.code == 0, verified.out, verified.err);
}

std::uint64_t microseconds_since(std::chrono::steady_clock::time_point start) {
  const auto took = std::chrono::steady_clock::now() - start;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(took).count());
}

// What an import without trouble comes to.
struct Calm {
  std::vector<Answered> answers;
  Standing standing;
  std::uint64_t took_us = 0;
};
Calm calm_import(const std::string& books, const std::string& file) {
  const auto start = std::chrono::steady_clock::now();
  const auto ended = run_in({}, words({"import", books, file, "--answers"}));
  const auto took_us = microseconds_since(start);
  REQUIRE_EQ(ended.code, 1);  // Something was refused.
  return {answers_in(ended.out), standing_of(books), took_us};
}

// After trouble the same events are imported once more: it comes to the same.
void check_recovery(const std::string& books, const std::string& file, const Calm& calm) {
  const auto ended = run_in({}, words({"import", books, file, "--answers"}));
  CHECK_EQ(ended.code, 1);
  const auto answers = answers_in(ended.out);
  REQUIRE_EQ(answers.size(), calm.answers.size());
  for (std::size_t at = 0; at < answers.size(); ++at) {
    const auto& now = answers[at];
    const auto& then = calm.answers[at];
    const bool fits =
        now.record == then.record &&
        (now.outcome == then.outcome || (now.outcome == "duplicate" && is_credited(then.outcome)));
    if (!fits) FAIL_CHECK("line ", now.line, ": ", now.outcome, " instead of ", then.outcome);
  }
  const auto standing = standing_of(books);
  CHECK_EQ(standing.records, calm.standing.records);
  CHECK_EQ(standing.balances, calm.standing.balances);
  CHECK_EQ(standing.events, calm.standing.events);
  check_verified(books);
}

}  // namespace

// ---- killed

namespace {

// A client that feeds an import line by line and writes down what it is told, until it kills it.
class Client {
 public:
  // The events come from `file`, or are fed if that is "-".
  Client(const std::string& books, const std::string& file, const std::string& stream,
         SplitMix& draw)
      : child_{words({"import", books, file, "--answers"})}, stream_{stream}, draw_{draw} {}

  // After so many microseconds, whatever it is doing then.
  bool kill_after(std::uint64_t microseconds) {
    static_cast<void>(child_.write(stream_));
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds{microseconds};
    // Nobody waits for an answer; but a full pipe would keep it from working.
    while (std::chrono::steady_clock::now() < end) child_.listen();
    return child_.kill();
  }
  // The same, counted from its first answer.
  bool kill_after_first_answer(std::uint64_t microseconds) {
    while (child_.out().empty() && child_.wait_for_news()) {
    }
    return kill_after(microseconds);
  }
  // Once `count` answers came, give or take some microseconds.
  bool kill_while_importing(std::size_t count) {
    feed(count, 1 + draw_(120));
    pass(draw_(1500));
    return child_.kill();
  }
  // While a block is on its way: events were sent, and nobody waits for their answers.
  bool kill_while_sealing(std::size_t count) {
    feed(count, 1 + draw_(120));
    send(1 + draw_(40));
    pass(draw_(3000));
    return child_.kill();
  }
  // All that was heard, also what lay in the pipe.
  [[nodiscard]] std::vector<Answered> heard() const { return answers_in(child_.out()); }

 private:
  static void pass(std::uint64_t microseconds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds{microseconds};
    while (std::chrono::steady_clock::now() < end) {
    }
  }
  [[nodiscard]] std::size_t answers() const {
    return static_cast<std::size_t>(std::count(child_.out().begin(), child_.out().end(), '\n'));
  }
  // Lines of the stream, as one write if the pipe takes it.
  void send(std::uint64_t lines) {
    auto end = sent_;
    for (std::uint64_t line = 0; line < lines && end < stream_.size(); ++line) {
      end = stream_.find('\n', end) + 1;
    }
    sent_ += child_.write(std::string_view{stream_}.substr(sent_, end - sent_));
  }
  // Sends so many lines at a time, each time once the last ones were answered.
  void feed(std::size_t count, std::uint64_t lines) {
    std::size_t asked = 0;
    while (answers() < count) {
      if (answers() >= asked && sent_ < stream_.size()) {
        const auto before = sent_;
        send(lines);
        asked += static_cast<std::size_t>(
            std::count(stream_.begin() + static_cast<std::ptrdiff_t>(before),
                       stream_.begin() + static_cast<std::ptrdiff_t>(sent_), '\n'));
      }
      if (!child_.wait_for_news()) return;
    }
  }

  Child child_;
  const std::string& stream_;
  SplitMix& draw_;
  std::size_t sent_ = 0;
};

// From the start of an import to its first answer.
std::uint64_t opening_time_us(const std::string& books, const std::string& stream) {
  const auto start = std::chrono::steady_clock::now();
  Child child{words({"import", books, "-", "--answers"})};
  static_cast<void>(child.write(stream.substr(0, stream.find('\n') + 1)));
  while (child.out().empty() && child.wait_for_news()) {
  }
  REQUIRE_FALSE(child.out().empty());
  return microseconds_since(start);
}

// What was answered in all lives of some books, and holds in every later one.
class Told {
 public:
  void take(const std::vector<Answered>& heard, const Calm& calm) {
    ++lives_;
    if (heard.empty()) ++silent_;
    if (!heard.empty() && heard.size() < calm.answers.size()) ++midway_;
    for (const auto& answer : heard) {
      const auto& expected = calm.answers.at(answer.line - 1);
      const bool is_new = is_credited(answer.outcome);
      // What was answered once is a duplicate from then on; what was refused is so again.
      const bool fits =
          answer.record == expected.record &&
          (is_credited(expected.outcome)
               ? (is_new && !answered_.contains(answer.line)) || answer.outcome == "duplicate"
               : answer.outcome == expected.outcome);
      if (!fits) FAIL_CHECK("line ", answer.line, ": ", answer.outcome);
      if (is_credited(expected.outcome)) answered_.insert(answer.line);
    }
    answers_.insert(answers_.end(), heard.begin(), heard.end());
  }
  void start_with_new_books() {
    answered_.clear();
    answers_.clear();
  }
  [[nodiscard]] const std::vector<Answered>& answers() const { return answers_; }
  [[nodiscard]] std::uint64_t lives() const { return lives_; }
  [[nodiscard]] std::uint64_t silent() const { return silent_; }
  [[nodiscard]] std::uint64_t midway() const { return midway_; }

 private:
  std::set<std::uint64_t> answered_;  // Lines.
  std::vector<Answered> answers_;
  std::uint64_t lives_ = 0;
  std::uint64_t silent_ = 0;  // Ended before an answer.
  std::uint64_t midway_ = 0;  // Ended between two answers.
};

struct Prepared {
  std::string file;
  std::string stream;
  Calm calm;
};
Prepared prepare(const TestFolder& folder, std::uint64_t lines) {
  Prepared prepared{folder.path("stream"), stream_of(lines), {}};
  std::ofstream{prepared.file, std::ios::binary} << prepared.stream;
  prepared.calm = calm_import(empty_books(folder, "calm"), prepared.file);
  REQUIRE_EQ(prepared.calm.answers.size(), lines);
  std::set<std::string> outcomes;
  for (const auto& answer : prepared.calm.answers) outcomes.insert(answer.outcome);
  CHECK_EQ(outcomes.size(), 5);
  return prepared;
}

}  // namespace

// Nine books are killed 21 times each while they take in the same stream, further on each time.
TEST_CASE("survival: killed 189 times while events are fed, nothing answered is lost or doubled") {
  constexpr std::uint64_t lines = 240;
  constexpr std::uint64_t kills = 21;
  const TestFolder folder{"survival-kill"};
  const auto prepared = prepare(folder, lines);
  const auto opening_us = opening_time_us(folder.path("calm"), prepared.stream);
  Told told;
  for (std::uint64_t round = 0; round < 9; ++round) {
    CAPTURE(round);
    const auto books = empty_books(folder, "books-" + std::to_string(round));
    told.start_with_new_books();
    for (std::uint64_t kill = 0; kill < kills; ++kill) {
      CAPTURE(kill);
      SplitMix draw{1000 * round + kill};
      Client client{books, "-", prepared.stream, draw};
      const auto reached = (lines * kill + draw(lines)) / kills;
      const auto how = draw(4);
      const bool alive = how == 0   ? client.kill_after(draw(opening_us))
                         : how == 1 ? client.kill_while_sealing(reached)
                                    : client.kill_while_importing(reached);
      CHECK(alive);
      told.take(client.heard(), prepared.calm);
    }
    check_recovery(books, prepared.file, prepared.calm);
    check_answers(told.answers(), standing_of(books));
    fs::remove_all(books);
  }
  CHECK_EQ(told.lives(), 9 * kills);
  CHECK_GT(told.silent(), 18);
  CHECK_GT(told.midway(), 90);
}

// From a file, blocks are large, and sealed by a thread of their own while the next is gathered.
TEST_CASE("survival: killed 11 times while a file is imported, nothing answered is lost") {
  constexpr std::uint64_t lines = 10000;
  const TestFolder folder{"survival-bulk"};
  const auto prepared = prepare(folder, lines);
  for (std::uint64_t kill = 0; kill < 11; ++kill) {
    CAPTURE(kill);
    const auto books = empty_books(folder, "books-" + std::to_string(kill));
    SplitMix draw{77000 + kill};
    Client client{books, prepared.file, prepared.stream, draw};
    if (kill % 3 == 2) {
      client.kill_after(draw(prepared.calm.took_us));
    } else {
      client.kill_after_first_answer(draw(prepared.calm.took_us / 4));
      CHECK_FALSE(client.heard().empty());
    }
    Told told;
    told.take(client.heard(), prepared.calm);
    check_answers(told.answers(), standing_of(books));
    fs::remove_all(books);
  }
  // What was cut off goes on to the end.
  const auto books = empty_books(folder, "last");
  SplitMix draw{77};
  Client client{books, prepared.file, prepared.stream, draw};
  client.kill_after_first_answer(1000);
  check_recovery(books, prepared.file, prepared.calm);
}

// ---- the disk is full

TEST_CASE("survival: a disk that is full stops an import with its name, and nothing is lost") {
  constexpr std::uint64_t lines = 12000;
  const TestFolder folder{"survival-full"};
  const auto prepared = prepare(folder, lines);
  const auto& blocks = prepared.calm.standing.block_middles;
  // In the first block of events, and in the last one, when others were answered before.
  for (const bool is_last : {false, true}) {
    CAPTURE(is_last);
    const auto size = blocks.at(blocks.size() - (is_last ? 1 : 2));
    const auto books = empty_books(folder);
    const auto full = run_in({"", size}, words({"import", books, prepared.file, "--answers"}));
    CHECK_EQ(full.code, 6);
    CHECK_MESSAGE(has(full.err, "There is no room left for"), full.err);
    CHECK(has(full.err, "[storage.full]"));
    // What was answered by then is there.
    const auto heard = answers_in(full.out);
    CHECK_EQ(heard.empty(), !is_last);
    CHECK_LT(heard.size(), lines);
    Told told;
    told.take(heard, prepared.calm);
    check_answers(heard, standing_of(books));
    CHECK(has(run_in({"", size}, words({"--lang", "zh", "import", books, prepared.file})).err,
              "没有空间写入"));
    check_verified(books);
    check_recovery(books, prepared.file, prepared.calm);
    fs::remove_all(books);
  }
}

TEST_CASE("survival: a full disk stops what else is written, and it can be done again") {
  const TestFolder folder{"survival-full-facts"};
  const auto stream = folder.path("stream");
  std::ofstream{stream} << stream_of(400);
  const auto library = folder.path("library");
  small_library(library);
  const auto books = folder.path("books");
  const auto full_then_free = [&](const std::vector<std::string>& arguments, std::uint64_t bytes,
                                  int code = 0) {
    CAPTURE(arguments.front());
    const auto full = run_in({"", bytes}, words(arguments));
    CHECK_EQ(full.code, 6);
    CHECK_MESSAGE(has(full.err, "[storage.full]"), full.err);
    const auto free = run_in({}, words(arguments));
    CHECK_MESSAGE(free.code == code, free.out, free.err);
  };
  const std::string programme = "example.carbon-inclusion";
  fs::create_directories(books);
  expect(words({"init", books, "--origin", "example.org/full"}));
  full_then_free({"--library", library, "publish", books, SOURCE_DIR "/examples/carbon-inclusion"},
                 50'000);
  const auto tokens = folder.path("tokens");
  expect(words({"source", "add", books, "metro-gates", "--numbered", "--programme", programme,
                "--tokens", tokens}));
  expect(words({"account", "open", books, "--count", "8", "--programme", programme, "--consent",
                "metro-gates"}));
  // The journal has room, the quarantine has not.
  full_then_free({"import", books, stream, "--tokens", tokens}, 20'000, 1);
  full_then_free({"snapshot", books}, 500);
  full_then_free({"journal", "checkpoint", books}, 100);
  full_then_free({"erase", books, ledger::to_string({1}), "--why", "asked"},
                 standing_of(books).block_middles.back());
  check_verified(books);
}

// ---- folders that may not be written

TEST_CASE("survival: a folder that may not be written is told as such, and can still be read") {
  const TestFolder folder{"survival-read-only"};
  const auto stream = folder.path("stream");
  std::ofstream{stream} << stream_of(40);
  const auto books = empty_books(folder);
  expect(words({"import", books, stream}), 1);
  const auto allow = [&](fs::perms folders, fs::perms files) {
    for (const auto& entry : fs::recursive_directory_iterator{books}) {
      fs::permissions(entry.path(), entry.is_directory() ? folders : files);
    }
    fs::permissions(books, folders);
  };
  using fs::perms;
  const auto read = perms::owner_read | perms::group_read | perms::others_read;
  const auto enter = read | perms::owner_exec | perms::group_exec | perms::others_exec;
  allow(enter, read);
  const World nobody{books, 0, true};
  const auto account = ledger::to_string({1});
  const std::vector<std::vector<std::string>> writing{
      {"import", ".", "-", "--tokens", "/dev/null"},
      {"account", "freeze", ".", account},
      {"source", "rotate", ".", "metro-gates"},
      {"quarantine", "drop", ".", "--all"},
      {"journal", "checkpoint", "."},
      {"snapshot", "."},
      {"erase", ".", account, "--why", "asked"},
      {"init", "new/books", "--origin", "example.org/new"},
  };
  for (const auto& command : writing) {
    CAPTURE(command.front());
    const auto refused = run_in(nobody, words(command));
    CHECK_EQ(refused.code, 3);
    CHECK_MESSAGE(has(refused.err, "may not be read or written"), refused.err);
    CHECK(has(refused.err, "[storage.read_only]"));
    auto chinese = command;
    chinese.insert(chinese.end(), {"--lang", "zh"});
    CHECK(has(run_in(nobody, words(chinese)).err, "无权读取或写入"));
  }
  const std::vector<std::vector<std::string>> reading{
      {"balance", "."},        {"account", "show", ".", account}, {"passbook", ".", account},
      {"source", "list", "."}, {"quarantine", "list", "."},       {"journal", "tail", "."},
      {"verify", "."},
  };
  for (const auto& command : reading) {
    CAPTURE(command.front());
    const auto done = run_in(nobody, words(command));
    CHECK_MESSAGE(done.code == 0, done.out, done.err);
  }
  // Without the right to read, no command says that there are no books.
  fs::permissions(books, perms::none);
  for (const auto& command : reading) {
    CAPTURE(command.front());
    auto above = command;
    std::replace(above.begin(), above.end(), std::string{"."}, std::string{"books"});
    const auto refused = run_in({folder.path(), 0, true}, words(above));
    CHECK_EQ(refused.code, 3);
    CHECK_MESSAGE(has(refused.err, "[storage.read_only]"), refused.err);
  }
  fs::permissions(books, perms::owner_all);
  allow(perms::owner_all, perms::owner_all);
  check_verified(books);
}

// ---- a second writer

TEST_CASE("survival: while one process writes, a second one is refused, and readers are not") {
  const TestFolder folder{"survival-two"};
  const auto books = empty_books(folder);
  const auto stream = stream_of(3);
  Child first{words({"import", books, "-", "--answers"})};
  first.write(stream);
  while (std::count(first.out().begin(), first.out().end(), '\n') < 3 && first.wait_for_news()) {
  }
  // It has answered, and waits for more.
  for (const auto& command : std::vector<std::vector<std::string>>{
           {"import", books, "/dev/null"},
           {"snapshot", books},
           {"quarantine", "drop", books, "--all"},
           {"erase", books, ledger::to_string({1}), "--why", "asked"}}) {
    CAPTURE(command.front());
    const auto second = run_in({}, words(command));
    CHECK_EQ(second.code, 5);
    CHECK_MESSAGE(has(second.err, "[storage.locked]"), second.err);
    auto chinese = command;
    chinese.insert(chinese.end(), {"--lang", "zh"});
    CHECK(has(run_in({}, words(chinese)).err, "正由另一进程占用"));
  }
  CHECK_EQ(run_in({}, words({"balance", books})).code, 0);
  CHECK_EQ(run_in({}, words({"verify", books})).code, 0);
  // The first goes on, and lets go of the books at its end.
  const auto more = stream_of(5).substr(stream.size());
  first.write(more);
  CHECK_EQ(first.wait(), 0);
  CHECK_EQ(answers_in(first.out()).size(), 5);
  CHECK_EQ(run_in({}, words({"import", books, "/dev/null"})).code, 0);
  CHECK_EQ(standing_of(books).events, 5);
}

// ---- the clock

TEST_CASE("survival: when the clock goes back, the journal's time does not") {
  const TestFolder folder{"survival-clock"};
  const auto books = empty_books(folder);
  const auto stream = stream_of(40);
  const auto half = stream.find('\n', stream.size() / 2) + 1;
  std::ofstream{folder.path("first")} << stream.substr(0, half);
  std::ofstream{folder.path("second")} << stream.substr(half);
  const auto import_on = [&](const char* day, const char* file) {
    const auto ended =
        run_in({}, {"--as-of", day, "import", books, folder.path(file), "--tokens", tokens_file()});
    CHECK_MESSAGE(ended.code <= 1, ended.out, ended.err);
  };
  const auto last_time = [&] {
    const auto ended = run_in({}, words({"--json", "journal", "tail", books, "--most", "1"}));
    const auto json = parse_json(ended.out);
    REQUIRE(json);
    return *json->array()->front().find("admitted")->string();
  };
  import_on("2026-11-10", "first");
  CHECK_EQ(last_time(), "2026-11-10T12:00:00Z");
  import_on("2026-11-05", "second");
  CHECK_EQ(last_time(), "2026-11-10T12:00:00Z");
  expect({"--as-of", "2026-11-04", "account", "freeze", books, ledger::to_string({1})});
  expect({"--as-of", "2026-11-04", "erase", books, ledger::to_string({2}), "--why", "asked"});
  CHECK_EQ(last_time(), "2026-11-10T12:00:00Z");
  import_on("2026-11-12", "second");
  expect({"--as-of", "2026-11-12", "account", "freeze", "--undo", books, ledger::to_string({1})});
  CHECK_EQ(last_time(), "2026-11-12T12:00:00Z");
  check_verified(books);
}

// Whoever feeds an import waits for its answers before it sends more: it must not wait for ever.
TEST_CASE("survival: an import that is fed ends when its disk is full, without waiting for more") {
  const TestFolder folder{"survival-fed-full"};
  const auto books = empty_books(folder);
  const auto room = standing_of(books).block_middles.back();
  Child child{words({"import", books, "-", "--answers"}), {"", room}};
  child.write(stream_of(20));
  while (child.wait_for_news()) {
  }
  CHECK_EQ(answers_in(child.out()).size(), 0);
  CHECK(has(child.err(), "[storage.full]"));
  CHECK_EQ(child.wait(), 6);
}
