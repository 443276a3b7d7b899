// Plays: what is wrong with one is told with its place, and what books of one answer.
#include "books/play.h"

#include "base/file.h"
#include "books/ask.h"
#include "books/verify.h"
#include "storage/simulated_disk.h"
#include "tests/program.h"

using namespace partake;
using namespace partake::books;
using namespace partake::testing;

namespace {

const std::string head =
    "format = 1\norigin = \"test.example/log\"\nbegins = \"2026-01-05T09:00:00+08:00\"\n";
const std::string step =
    "[[steps]]\ntime = \"2026-01-10T12:00:00+08:00\"\ntransactions = \"issue-and-sale.ndjson\"\n";
// As examples/forest-carbon/play.toml begins.
const std::string people =
    "[[sources]]\nname = \"registry\"\nmay = [\"issue\", \"move\", \"pledge\", \"retire\"]\n"
    "[[sources]]\nname = \"settlement\"\nmay = [\"transfer\"]\n"
    "[[accounts]]\nactor = \"enterprise\"\ncount = 3\n"
    "[parties]\ncompany = \"0000000195\"\nbuyer = \"0000000292\"\nbank = \"0000000389\"\n";

std::string codes(const Problems& problems) {
  std::string text;
  for (const auto& problem : problems) {
    text += (text.empty() ? "" : "; ") + problem.code + ":" + std::to_string(problem.place.line);
  }
  return text;
}

Play read(const std::string& text, Problems& problems) {
  const auto file = parse_toml(text, "play.toml");
  REQUIRE(file);
  return read_play(*file, problems);
}
std::string problems_of(const std::string& text) {
  Problems problems;
  read(text, problems);
  return codes(problems);
}

void fixed_bytes(char* bytes, std::size_t size) {
  for (std::size_t at = 0; at < size; ++at) bytes[at] = static_cast<char>(at + 1);
}

// An example with another play.
struct Bench {
  storage::SimulatedDisk disk;
  Problems problems;
  std::optional<Played> played;

  explicit Bench(const std::string& text, const std::string& example = "forest-carbon") {
    const auto script = read(text, problems);
    REQUIRE_EQ(codes(problems), "");
    played = play(script, SOURCE_DIR "/examples/" + example, SOURCE_DIR "/library", disk,
                  fixed_bytes, problems);
  }
  [[nodiscard]] std::string answer(const intake::BooksQuestion& question) const {
    const auto answer = ask(played->directory->books(), 0, question);
    return answer ? to_string(*answer) : answer.error().code;
  }
};

}  // namespace

TEST_CASE("play: what is wrong with the file is told, all of it, with its line") {
  CHECK_EQ(problems_of(head + step), "");
  CHECK_EQ(problems_of("format = 2\norigin = \"o\"\nbegins = \"2026\"\n" + step),
           "play.unknown_format:1; time.malformed_instant:3");
  CHECK_EQ(problems_of(head), "toml.key_missing:1");
  CHECK_EQ(problems_of(head + "[[steps]]\ntime = \"2026-01-04T12:00:00+08:00\"\nevents = \"a\"\n"),
           "play.time_goes_back:5");
  CHECK_EQ(problems_of(head + step + "events = \"a\"\n"), "play.one_file:4");
  CHECK_EQ(problems_of(head + "[[steps]]\ntime = \"2026-01-10T12:00:00+08:00\"\n"),
           "play.one_file:4");
  CHECK_EQ(
      problems_of(head + "[[steps]]\ntime = \"2026-01-10T12:00:00+08:00\"\nevents = \"../a\"\n"),
      "file.outside:6");
  CHECK_EQ(problems_of(head + "[[accounts]]\nactor = \"robot\"\ncount = 0\n" + step),
           "toml.not_one_of:5; play.bad_count:6");
  CHECK_EQ(problems_of(head + step + "refused = [{ code = \"x\" }]\n"), "toml.key_missing:7");
  CHECK_EQ(problems_of(head + step + "[parties]\ntrust = 1\n"), "toml.wrong_kind:8");
}

TEST_CASE("play: books that say and prove what was played") {
  const Bench bench{head + people + step};
  REQUIRE_EQ(codes(bench.problems), "");
  REQUIRE(bench.played);
  CHECK_EQ(bench.played->steps.front().of(Outcome::accepted), 5);
  auto disk = bench.disk.fork();
  const auto report = verify(disk);
  REQUIRE(report);
  CHECK(report->findings.empty());
  CHECK_EQ(report->transactions, 5);
  CHECK_GT(report->checkpoint.size, 0);

  using Question = intake::BooksQuestion;
  CHECK_EQ(bench.answer(Question{.units = "forest", .state = "issued"}), "600000");
  CHECK_EQ(bench.answer(Question{.units = "forest", .state = "held", .of = {"0000000292"}}),
           "155500");
  CHECK_EQ(bench.answer(Question{.asset = "money"}), "412500000 fen");
  CHECK_EQ(bench.answer(Question{.asset = "money", .of = {"buyer", "bank"}}), "0 fen");
  CHECK_EQ(bench.answer(Question{.asset = "gold"}), "ask.unknown_asset");
  CHECK_EQ(bench.answer(Question{.asset = "money", .of = {"nobody"}}), "ask.unknown_party");
  CHECK_EQ(bench.answer(Question{.asset = "money", .of = {"0000000486"}}), "account.unknown");
  CHECK_EQ(bench.answer(Question{.asset = "money", .group = "x"}), "ask.unknown_group");
  CHECK_EQ(bench.answer(Question{.hold = "x"}), "ask.unknown_hold");
  CHECK_EQ(bench.answer(Question{.split = "x", .period = "2026"}), "ask.unknown_split");
  CHECK_EQ(bench.answer(Question{.units = "x", .state = "held"}), "ask.unknown_units");
  CHECK_EQ(bench.answer(Question{.units = "forest", .state = "x"}), "ask.unknown_state");
  CHECK_EQ(bench.answer(Question{.reward = "x", .state = "done"}), "ask.unknown_reward");
}

TEST_CASE("play: a step may name the record that a line of an earlier step made") {
  const auto text = read_file(SOURCE_DIR "/examples/benefit-sharing/play.toml");
  REQUIRE(text);
  const Bench bench{*text, "benefit-sharing"};
  REQUIRE_EQ(codes(bench.problems), "");
  CHECK_EQ(bench.answer({.split = "visit", .period = "2022"}), "333333 fen");
  CHECK_EQ(bench.answer({.split = "visit", .period = "1999"}), "ask.unknown_period");
}

TEST_CASE("play: what becomes of a line otherwise than the play says is told with its line") {
  const Bench taken{head + people + step + "refused = [{ line = 2, code = \"x\" }]\n"};
  CHECK_EQ(codes(taken.problems), "play.not_refused:2");
  CHECK_FALSE(taken.played);

  const auto without_move = people.substr(0, people.find("\"issue\"")) + "\"issue\"]\n" +
                            people.substr(people.find("[[sources]]\nname = \"settlement\""));
  const Bench refused{head + without_move + step};
  CHECK_EQ(codes(refused.problems), "play.refused:3");
  const Bench otherwise{head + without_move + step + "refused = [{ line = 3, code = \"x\" }]\n"};
  CHECK_EQ(codes(otherwise.problems), "play.refused_otherwise:3");

  // A record of a step that there was not.
  const Bench unknown{head +
                          "[[steps]]\ntime = \"2026-01-10T12:00:00+08:00\"\n"
                          "transactions = \"cancelled.ndjson\"\n",
                      "benefit-sharing"};
  CHECK_EQ(codes(unknown.problems), "play.unknown_record:4");
}

TEST_CASE("play: the command keeps the books where it is told to, and a receipt proves them") {
  const TestFolder folder{"play"};
  const auto books = folder.path("books");
  const auto ran = partake_run("example run one-yuan-carbon --books " + books);
  CHECK_EQ(ran.code, 0);
  CHECK(has(ran.out, "ok    one-yuan-carbon: Paid: 4287.50 yuan"));
  CHECK(has(partake_run("--lang zh example run one-yuan-carbon").out, "已核验"));
  CHECK(has(partake_run("--json example run one-yuan-carbon").out, "\"passed\": true"));
  CHECK_EQ(partake_run("verify " + books).code, 0);
  CHECK(has(partake_run("holdings " + books).out, "village"));
  CHECK(has(partake_run("transact " + books + " examples/one-yuan-carbon/retail.ndjson --tokens " +
                        books + ".tokens")
                .out,
            "duplicate"));

  CHECK(has(partake_run("example run one-yuan-carbon water-fund --books " + books).out,
            "example.one_play"));
  CHECK(has(partake_run("example run metro-cooling --books " + folder.path("b")).out,
            "example.no_play"));
  CHECK_NE(partake_run("example run one-yuan-carbon --books " + books).code, 0);  // There are some.
}
