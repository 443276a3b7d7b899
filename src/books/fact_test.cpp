#include "books/fact.h"

#include "books/testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

struct Bench : BooksOnDisk {
  // Of a fact that is offered to the writer: "ok", or the code.
  std::string add(const Fact& fact) {
    auto added = open.writer->add(fact);
    if (!added) return added.error().code;
    REQUIRE(open.writer->flush());
    return "ok";
  }
  // Whoever opens the books finds what the writer had in memory.
  void check_opens() {
    const auto again = Directory::open(disk, journal::Mode::read);
    if (!again) FAIL(again.error().code);
    const auto state = [](const Books& books) {
      std::map<std::string, std::string> sections;
      books.save(
          [&](std::string_view name, std::string_view bytes) { sections.emplace(name, bytes); });
      for (const auto& source : books.rulebook().sources) sections["sources"] += source.name + "\n";
      return sections;
    };
    const auto found = state((*again)->books());
    for (const auto& section : state(open.directory->books())) {
      const bool same = found.at(section.first) == section.second;
      CHECK_MESSAGE(same, section.first);
    }
  }
};

}  // namespace

TEST_CASE("fact: what could not be read back is never written") {
  Bench bench;
  const auto records = bench.open.directory->journal().records();
  const auto source = [](const std::string& name, const std::string& tier) {
    return Fact{SourceState{name, "test.programme", tier, false, 0, {}, false}};
  };
  CHECK_EQ(bench.add(source("caf\xFF", "A")), "fact.not_utf8");
  CHECK_EQ(bench.add(source("cafe", "D")), "record.malformed_fact");
  CHECK_EQ(bench.add(Fact{AccountsOpened{"test.programme", "robot", 1, {}}}),
           "record.malformed_fact");
  CHECK_EQ(bench.add(Fact{AccountsOpened{"test.programme", "person", 0, {}}}),
           "record.malformed_fact");
  CHECK_EQ(bench.add(Fact{AccountsOpened{"none", "person", 1, {}}}), "books.record_does_not_fit");
  CHECK_EQ(bench.add(Fact{ConsentChange{{0}, {"gates", "\xC3", day_max}}}), "fact.not_utf8");
  CHECK_EQ(bench.add(Fact{Erasure{{0}, "test.programme", 3, 0, {}, std::string(501, 'x')}}),
           "record.malformed_fact");
  CHECK_EQ(bench.add(Fact{Content{Content::Kind::factors, "f.toml", std::string(1 << 20, 'x')}}),
           "record.too_large");
  CHECK_EQ(bench.open.directory->journal().records(), records);
  // And the next fact stands as if nothing had been offered before.
  CHECK_EQ(bench.add(source("cafe", "A")), "ok");
  CHECK_EQ(bench.open.directory->journal().records(), records + 1);
  bench.check_opens();
}

// The second name is the first in decomposed letters: records keep both in one form, so both mean
// the same source, now and whenever the books are opened again.
TEST_CASE("fact: names that differ in form alone are one name from the start") {
  Bench bench;
  const std::string composed = "caf\xC3\xA9";
  const std::string decomposed = "cafe\xCC\x81";
  CHECK_EQ(bench.add(Fact{SourceState{decomposed, "test.programme", "A", false, 0, {}, false}}),
           "ok");
  CHECK(bench.open.directory->books().rulebook().source(composed) != nullptr);
  CHECK_EQ(bench.add(Fact{SourceState{decomposed, "test.programme", "B", false, 0, {}, false}}),
           "books.record_does_not_fit");
  bench.check_opens();
}

TEST_CASE("fact: an erasure's reason has its limits before anything is erased") {
  Bench bench;
  const auto erase = [&](const std::string& why) {
    const auto erased = erase_account(*bench.open.directory, *bench.open.writer, {0}, why);
    return erased ? std::string{"ok"} : erased.error().code;
  };
  CHECK_EQ(erase(""), "erase.why");
  CHECK_EQ(erase(std::string(501, 'x')), "erase.why");
  CHECK_EQ(erase("\xFF"), "fact.not_utf8");
  CHECK_EQ(erase(std::string(500, 'x')), "ok");
  CHECK_EQ(erase("again"), "account.erased_before");
  bench.check_opens();
}

TEST_CASE("fact: malformed records are refused by field") {
  struct Case {
    Kind kind;
    std::string json;
    std::string code;
    std::string field;
  };
  const std::string zeros(64, '0');
  const std::vector<Case> cases{
      {Kind::content, R"({"kind":"tales","name":"a","text":"b"})", "content.malformed", "kind"},
      {Kind::content, R"({"kind":"zone","text":"b"})", "content.malformed", "name"},
      {Kind::content, R"({"kind":"zone","name":"a","text":1})", "content.malformed", "text"},
      {Kind::edition, R"({"version":"1"})", "content.malformed", "programme"},
      {Kind::edition, R"({"programme":"p","version":"1","contents":["x"],"methods":{}})",
       "content.malformed", "contents"},
      {Kind::edition, R"({"programme":"p","version":"1","contents":[],"methods":{"m":"x"}})",
       "content.malformed", "methods"},
      {Kind::accounts, R"({"programme":"p","actor":"person","count":0,"consents":[]})",
       "record.malformed_fact", "actor"},
      {Kind::accounts, R"({"programme":"p","actor":"person","count":1,"consents":[{}]})",
       "record.malformed_fact", "source"},
      {Kind::source, R"({"source":"s"})", "record.malformed_fact", "programme"},
      {Kind::source,
       R"({"source":"s","programme":"p","tier":"A","numbered":1,"epoch":0,"key":")" + zeros +
           R"(","revoked":false})",
       "record.malformed_fact", "numbered"},
      {Kind::consent, R"({"account":"0000000195"})", "record.malformed_fact", "granted"},
      {Kind::account_state, R"({"account":"0000000196","frozen":true})", "record.malformed_fact",
       "account"},
      {Kind::erasure,
       R"({"account":"0000000195","programme":"p","records":1,"balances":{"co2e":"-"},"why":"w"})",
       "record.malformed_fact", "balances"},
      {Kind::event, "{}", "record.malformed_fact", "kind"},
      {Kind::source, "[]", "record.malformed_fact", "object"},
  };
  for (const auto& entry : cases) {
    CAPTURE(entry.json);
    const bool hidden = entry.kind == Kind::consent || entry.kind == Kind::account_state;
    const std::string open(1, static_cast<char>(entry.kind));
    const auto fact = hidden ? parse_fact(open, entry.json) : parse_fact(open + entry.json, "");
    REQUIRE_FALSE(fact);
    CHECK_EQ(fact.error().code, entry.code);
    CHECK_EQ(fact.error().args[0].second, entry.field);
  }
  CHECK_EQ(parse_fact("", "").error().code, "record.malformed_fact");
  const auto erased = parse_fact(std::string(1, static_cast<char>(Kind::consent)), "");
  REQUIRE(erased);
  CHECK_FALSE(erased->has_value());
}
