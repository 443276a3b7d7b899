#include "books/history.h"

#include <rapidcheck.h>

#include "books/quantifier.h"
#include "books/sample_books.h"
#include "books/testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

std::shared_ptr<const method::Compiled> method_of(const std::string& text) {
  Problems problems;
  intake::Knowledge knowledge;
  for (const auto& content : small_contents()) {
    const auto file = parse_toml(content.text, content.name);
    if (content.kind == Content::Kind::sources) knowledge.library().add_sources(*file, problems);
    if (content.kind == Content::Kind::regions) knowledge.library().add_regions(*file, problems);
  }
  const auto file = parse_toml(text, "method.toml");
  REQUIRE(file);
  auto compiled = knowledge.read_method(*file, problems);
  for (const auto& problem : problems) FAIL(problem.code);
  return std::make_shared<const method::Compiled>(std::move(compiled));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  REQUIRE(text.find(from) != std::string::npos);
  return text.replace(text.find(from), from.size(), to);
}

// The trip's method with so many grams a kilometre, and without its example.
std::string method_at(const std::string& rate, const std::string& version = "2.0.0") {
  std::string text = method_text;
  text = replaced(std::move(text), "version = \"1.0.0\"", "version = \"" + version + "\"");
  text = replaced(std::move(text), "value = \"100\"", "value = \"" + rate + "\"");
  return text.substr(0, text.find("[[examples]]")) + R"toml([[examples]]
title = { en = "0 km", zh = "0 公里" }
origin = "derived"
set = { distance = "1 km" }
expect = { co2e = ")toml" +
         rate + R"toml( gCO2e" }
)toml";
}

Result<HistoryReport> compare(const BooksOnDisk& books,
                              const std::shared_ptr<const method::Compiled>& before,
                              const std::shared_ptr<const method::Compiled>& after,
                              std::size_t most = 100) {
  return compare_history(*books.open.directory, {before, nullptr, {}}, {after, nullptr, {}},
                         {most, {}});
}

std::string clock(std::uint64_t hour) { return (hour < 10 ? "0" : "") + std::to_string(hour); }

// A trip of so many kilometres in that hour of the day.
Trip trip(std::uint64_t account, std::uint64_t number, const std::string& km) {
  return {.account = account,
          .time = "2026-11-20T" + clock(number % 11) + ":00:00Z",
          .end = "2026-11-20T" + clock(number % 11) + ":30:00Z",
          .km = km,
          .identity = sequence(number)};
}

}  // namespace

// By hand, at 100 g/km before and 150 g/km after:
//   account 0: 10 km and 25 km -> 1000 g + 2500 g; its cap of 3 kg a day credits 3000 g
//   account 1: 4 km            -> 400 g
//   account 2: 8 km by the app (tier C, worth a half) -> 400 g; 2 km, withdrawn later
// Before caps 4300 g; with half as much again, 6450 g.
TEST_CASE("history: the worked example of docs/history.md") {
  BooksOnDisk books;
  auto by_app = line_of({.account = 2, .km = "8", .source = "app", .identity = R"("x":1)"});
  auto lines = line_of(trip(0, 1, "10")) + line_of(trip(0, 2, "25")) + line_of(trip(1, 3, "4")) +
               by_app + line_of(trip(2, 4, "2"));
  const auto told = import_text(books.open, lines);
  REQUIRE(told);
  REQUIRE_EQ(told->outcomes, std::vector{Outcome::accepted, Outcome::limited, Outcome::accepted,
                                         Outcome::accepted, Outcome::accepted});
  const auto withdrawal =
      R"({"specversion":"1.0","id":"x","source":"gates","type":"partake.withdrawal","subject":")" +
      account(2) + R"(","time":"2026-11-20T11:00:00Z","sequence":"9","replaces":"4"})" + "\n";
  const auto undone = import_text(books.open, withdrawal);
  REQUIRE(undone);
  for (const auto& code : undone->codes) CHECK_EQ(code, "");

  const auto report = compare(books, method_of(method_text), method_of(method_at("150")));
  REQUIRE(report);
  CHECK_EQ(report->events, 4);
  CHECK_EQ(report->withdrawn, 1);
  CHECK_EQ(report->refused_after, 0);
  REQUIRE_EQ(report->assets.size(), 1);
  const auto& co2e = report->assets[0];
  CHECK(co2e.asset == ledger::Asset::co2e);
  CHECK(co2e.sums.recorded == 4'300'000);
  CHECK(co2e.sums.before == 4'300'000);
  CHECK(co2e.sums.after == 6'450'000);
  REQUIRE_EQ(co2e.by_programme.size(), 1);
  CHECK(co2e.by_programme[0].second.after == 6'450'000);
  CHECK_EQ(co2e.accounts, 3);
  CHECK_EQ(co2e.gaining, 3);
  CHECK_EQ(co2e.losing, 0);
  // 200 g, 200 g and 1750 g more.
  for (const auto at : {0U, 1U, 2U, 3U, 4U}) CHECK(co2e.changes[at] == 200'000);
  for (const auto at : {5U, 6U, 7U, 8U}) CHECK(co2e.changes[at] == 1'750'000);
  REQUIRE_EQ(co2e.most_changed.size(), 3);
  CHECK_EQ(co2e.most_changed[0].account.value, 0);
  CHECK_EQ(co2e.most_changed[0].before, 3'500'000);
  CHECK_EQ(co2e.most_changed[0].after, 5'250'000);
  CHECK_EQ(co2e.most_changed[1].account.value, 1);
  CHECK_EQ(co2e.most_changed[2].account.value, 2);
}

TEST_CASE("history: what cannot be compared is said") {
  BooksOnDisk books;
  const auto before = method_of(method_text);
  CHECK_EQ(compare(books, before, before).error().code, "history.no_events");
  REQUIRE(import_text(books.open, line_of(trip(0, 1, "10")) + line_of(trip(1, 2, "60"))));
  SUBCASE("an input that the events do not have") {
    auto text = method_at("150");
    text =
        replaced(std::move(text), "[parameters.rate]",
                 "[inputs.people]\ntitle = { en = \"People\", zh = \"人数\" }\nunit = \"person\"\n"
                 "range = \"[1, 9]\"\n[parameters.rate]");
    text = replaced(std::move(text), "distance * rate", "distance * rate * people / 1 [person]");
    text =
        replaced(std::move(text), "distance = \"1 km\" }", "distance = \"1 km\", people = \"1\" }");
    const auto report = compare(books, before, method_of(text));
    REQUIRE_FALSE(report);
    CHECK_EQ(report.error().code, "history.input_missing");
  }
  SUBCASE("an input of another kind") {
    auto text = method_at("150");
    text =
        replaced(std::move(text), "unit = \"km\"\nrange = \"(0, 100]\"",
                 "type = \"choice\"\nchoices = { near = { en = \"N\", zh = \"近\" }, far = { en = "
                 "\"F\", zh = \"远\" } }");
    text = replaced(std::move(text), "distance * rate",
                    "(if distance == 'near' then 1 else 2) * 1 [km] * rate");
    text = replaced(std::move(text), "\"1 km\"", "\"near\"");
    const auto report = compare(books, before, method_of(text));
    REQUIRE_FALSE(report);
    CHECK_EQ(report.error().code, "history.input_differs");
  }
  SUBCASE("a reading outside the other method's range counts as nothing") {
    const auto narrow = method_of(replaced(method_at("150"), "(0, 100]", "(0, 50]"));
    const auto report = compare(books, before, narrow);
    REQUIRE(report);
    CHECK_EQ(report->refused_before, 0);
    CHECK_EQ(report->refused_after, 1);
    CHECK(report->assets[0].sums.after == 1'500'000);
  }
  SUBCASE("a sum of more than 64 bits") {
    const auto huge = method_of(method_at("20000000000000"));
    std::string lines;
    for (std::uint64_t number = 3; number < 10; ++number) lines += line_of(trip(0, number, "90"));
    REQUIRE(import_text(books.open, lines));
    const auto report = compare(books, before, huge);
    REQUIRE_FALSE(report);
    CHECK_EQ(report.error().code, "history.too_large");
  }
}

TEST_CASE(
    "history: A with A is nothing, A to B is the opposite of B to A, accounts make the total") {
  CHECK(rc::check("history", [] {
    BooksOnDisk books;
    const auto trips = *rc::gen::inRange<std::uint64_t>(1, 30);
    std::string lines;
    for (std::uint64_t number = 1; number <= trips; ++number) {
      const auto km = std::to_string(*rc::gen::inRange(1, 100)) + "." +
                      std::to_string(*rc::gen::inRange(0, 10));
      lines += line_of(trip(*rc::gen::inRange<std::uint64_t>(0, 3), number, km));
    }
    RC_ASSERT(import_text(books.open, lines, *rc::gen::element(1U, 3U, 8192U)).has_value());
    const auto rate = std::to_string(*rc::gen::inRange(1, 300));
    const auto a = method_of(method_text);
    const auto b = method_of(method_at(rate));
    const auto same = compare(books, a, a);
    const auto there = compare(books, a, b);
    const auto back = compare(books, b, a);
    RC_ASSERT(same && there && back);
    RC_ASSERT(same->events + same->same_act == trips);
    for (const auto& asset : same->assets) {
      RC_ASSERT(asset.sums.before == asset.sums.after);
      RC_ASSERT(asset.sums.before == asset.sums.recorded);
      RC_ASSERT(asset.gaining + asset.losing == 0 && asset.most_changed.empty());
      for (const auto change : asset.changes) RC_ASSERT(change == 0);
    }
    RC_ASSERT(there->assets.size() == back->assets.size());
    for (std::size_t at = 0; at < there->assets.size(); ++at) {
      const auto& one = there->assets[at];
      const auto& other = back->assets[at];
      RC_ASSERT(one.sums.before == other.sums.after && one.sums.after == other.sums.before);
      RC_ASSERT(one.gaining == other.losing && one.losing == other.gaining);
      RC_ASSERT(one.changes.front() == -other.changes.back());
      RC_ASSERT(one.most_changed.size() == other.most_changed.size());
      Int128 change = 0;
      for (std::size_t row = 0; row < one.most_changed.size(); ++row) {
        RC_ASSERT(one.most_changed[row].account == other.most_changed[row].account);
        RC_ASSERT(one.most_changed[row].change() == -other.most_changed[row].change());
        change += one.most_changed[row].change();
      }
      RC_ASSERT(change == one.sums.after - one.sums.before);
    }
  }));
}

TEST_CASE("history: another method is fed by name: units, choices and regions") {
  const auto contents = sample_contents(SOURCE_DIR);
  ProgrammeNumbers numbers;
  Problems problems;
  const auto edition = Edition::build(contents, numbers, problems);
  REQUIRE(problems.empty());
  const auto& rule = *edition->rule_of("test.every_kind");
  // In metres, and with the choices the other way round.
  auto text = replaced(every_kind_method, "version = \"1.0.0\"", "version = \"2.0.0\"");
  text = replaced(std::move(text), "unit = \"km\"", "unit = \"m\"");
  text = replaced(std::move(text), "hard = { en = \"Hard seat\", zh = \"硬座\" }, ", "");
  text = replaced(std::move(text), "zh = \"软座\" } }",
                  "zh = \"软座\" }, hard = { en = \"Hard seat\", zh = \"硬座\" } }");
  const auto file = parse_toml(text, "method.toml");
  REQUIRE(file);
  auto compiled = edition->knowledge().read_method(*file, problems);
  for (const auto& problem : problems) FAIL(problem.code);
  const auto other = std::make_shared<const method::Compiled>(std::move(compiled));
  const auto instead = Edition::with_method(*edition, rule, other, nullptr, problems);
  for (const auto& problem : problems) FAIL(problem.code);

  Event event;
  event.day = *parse_day("2026-11-20");
  event.value_count = 3;
  const auto region = edition->knowledge().library().regions().find("CN-BJ");
  REQUIRE(region);
  for (const auto& plan : rule.fields) {
    auto& value = event.values[plan.value];
    if (plan.input->name == "distance") value = {125050, -2};
    if (plan.input->name == "seat") value = {1, 0};
    if (plan.input->name == "region") value = {static_cast<std::int64_t>(region->value), 0};
  }
  const std::array<const Event*, 1> events{&event};
  const auto amount_by = [&](const Edition& by, const Rule& of) {
    auto quantifier = Quantifier::make(by, of, 0, *parse_day("2026-11-20"));
    REQUIRE(quantifier);
    (*quantifier)->run(events);
    REQUIRE((*quantifier)->is_good(0));
    return (*quantifier)->amount(0, 0);
  };
  // 1.2505 km at 104 g/km, half of it on a soft seat: 65.026 g.
  CHECK_EQ(amount_by(*edition, rule), 65'026);
  CHECK_EQ(amount_by(*instead, instead->rules().front()), 65'026);

  const factor::Library nothing;
  const auto nowhere = Edition::with_method(*edition, rule, other, &nothing, problems);
  REQUIRE_FALSE(problems.empty());
  CHECK_EQ(problems.front().code, "region.unknown");
}
