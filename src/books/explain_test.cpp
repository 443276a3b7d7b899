#include "books/explain.h"

#include "books/forge_testing.h"
#include "books/scheme_terms.h"
#include "books/transact_testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

constexpr auto co2e = static_cast<std::size_t>(ledger::Asset::co2e);

Result<Explanation> explained(const OpenBooks& open, AccountIndex account, std::uint64_t record) {
  return explain(open.directory->journal(), open.directory->books(), account, record);
}

// Every entry of the account, newest first.
std::vector<std::uint64_t> records_of(const OpenBooks& open, AccountIndex account) {
  std::vector<std::uint64_t> records;
  const auto& books = open.directory->books();
  REQUIRE(walk_passbook(open.directory->journal(), books, account,
                        books.accounts().holder(account).last_record,
                        [&](const PassbookEntry& entry) {
                          records.push_back(entry.record);
                          return true;
                        }));
  return records;
}

}  // namespace

TEST_CASE("explain: an event, from its record to the balance") {
  BooksOnDisk books;
  REQUIRE(import_text(books.open, line_of({.km = "12.5"})));
  const auto record = records_of(books.open, {0}).front();
  const auto found = explained(books.open, {0}, record);
  REQUIRE(found);
  CHECK_EQ(found->place.block, books.open.directory->journal().block_of(record));
  CHECK_FALSE(found->place.is_signed);
  REQUIRE(found->edition);
  CHECK_EQ(found->edition->record, 5);
  CHECK_EQ(found->edition->edition->programme().version, "1.0.0");
  REQUIRE(found->event);
  const auto& event = *found->event;
  CHECK_FALSE(event.failed);
  CHECK(event.is_equal);
  REQUIRE_EQ(event.values.size(), 1);
  CHECK_EQ(event.values[0].field, "km");
  CHECK_EQ(event.values[0].text, "12.5 km");
  REQUIRE(event.calculation);
  REQUIRE_EQ(event.calculation->steps.size(), 1);
  CHECK_EQ(event.calculation->steps[0].formula, "distance * rate");
  CHECK_EQ(event.calculation->outcomes[0].count, 1'250'000);
  REQUIRE_EQ(event.caps.size(), 1);
  CHECK(event.caps[0].used == 0);
  CHECK_EQ(found->before[co2e], 0);
  CHECK_EQ(found->after[co2e], 1'250'000);
}

TEST_CASE("explain: caps, the same act and points are computed from the account's own entries") {
  BooksOnDisk books;
  const auto trip = [](int number, const std::string& hour, const std::string& km) {
    return line_of({.time = "2026-11-20T" + hour + ":00:00Z",
                    .end = "2026-11-20T" + hour + ":30:00Z",
                    .km = km,
                    .identity = sequence(static_cast<std::uint64_t>(number))});
  };
  // 2 kg, then 2 kg of which the day's cap leaves 1; another account in between.
  REQUIRE(import_text(books.open, trip(1, "06", "20") +
                                      line_of({.account = 1, .identity = sequence(50)}) +
                                      trip(2, "08", "20")));
  // The first again by a source of less worth: nothing.
  REQUIRE(import_text(books.open, line_of({.time = "2026-11-20T06:10:00Z",
                                           .end = "2026-11-20T06:20:00Z",
                                           .km = "20",
                                           .source = "app",
                                           .identity = R"("id":"again")"})));
  const auto records = records_of(books.open, {0});
  REQUIRE_GE(records.size(), 2);
  for (const auto record : records) {
    const auto found = explained(books.open, {0}, record);
    REQUIRE(found);
    REQUIRE(found->event);
    CAPTURE(record);
    if (found->event->failed) FAIL_CHECK(found->event->failed->code);
    CHECK(found->event->is_equal);
  }
  const auto limited = explained(books.open, {0}, records[records.size() - 2]);
  REQUIRE(limited);
  CHECK(limited->event->caps[0].used == 2'000'000);
  CHECK_EQ(limited->event->again.computed[0], 2'000'000);
  CHECK_EQ(limited->event->again.credited[0], 1'000'000);
  CHECK_EQ(limited->event->again.limits, limited_by_cap);
}

TEST_CASE("explain: a withdrawal and what it takes back name each other") {
  BooksOnDisk books;
  const std::string withdrawal =
      R"({"specversion":"1.0","source":"gates","type":"partake.withdrawal","subject":")" +
      account(0) + R"(","time":"2026-11-20T11:00:00Z","sequence":"2","replaces":"1"})" + "\n";
  REQUIRE(import_text(books.open, line_of({}) + withdrawal));
  const auto records = records_of(books.open, {0});
  REQUIRE_EQ(records.size(), 2);
  const auto back = explained(books.open, {0}, records[0]);
  REQUIRE(back);
  REQUIRE(back->reverses);
  CHECK_EQ(back->reverses->record, records[1]);
  CHECK(back->event->is_equal);
  CHECK_EQ(back->before[co2e], 1'000'000);
  CHECK_EQ(back->after[co2e], 0);
  const auto first = explained(books.open, {0}, records[1]);
  REQUIRE(first);
  CHECK_EQ(first->reversed_by, records[0]);
}

TEST_CASE("explain: a record that says another amount does not come out again") {
  storage::SimulatedDisk honest;
  fill(honest);
  storage::SimulatedDisk disk;
  std::uint64_t account = 0;
  forge_from(honest, disk,
             [&](std::uint64_t number, std::string& open, std::string& hidden, const Books& books) {
               if (number != 16) return;
               auto record = parse_event(open, std::string_view{hidden}.substr(journal::salt_bytes),
                                         number, books.rulebook());
               REQUIRE(record);
               account = record->event.account.value;
               record->credit.credited[0] += 1;
               open.clear();
               append_open(open, record->event, record->credit, books.rulebook());
             });
  const auto open = Directory::open(disk, journal::Mode::read);
  REQUIRE(open);
  const auto found = explain((*open)->journal(), (*open)->books(), {account}, 16);
  REQUIRE(found);
  REQUIRE(found->event);
  CHECK_FALSE(found->event->failed);
  CHECK_FALSE(found->event->is_equal);
}

TEST_CASE("explain: a record of somebody else, of nobody, or that is not there") {
  BooksOnDisk books;
  REQUIRE(import_text(books.open, line_of({})));
  const auto record = records_of(books.open, {0}).front();
  CHECK_EQ(explained(books.open, {1}, record).error().code, "explain.not_of_account");
  CHECK_EQ(explained(books.open, {0}, 0).error().code, "explain.not_of_account");
  CHECK_EQ(explained(books.open, {0}, record + 1).error().code, "record.unknown");
}

TEST_CASE("explain: of an erased entry the open part is left") {
  BooksOnDisk books;
  REQUIRE(import_text(books.open, line_of({}) + line_of({.account = 1, .identity = sequence(2)})));
  const auto record = records_of(books.open, {0}).front();
  const auto other = records_of(books.open, {1}).front();
  REQUIRE(erase_account(*books.open.directory, *books.open.writer, {0}, "asked"));
  const auto found = explained(books.open, {0}, record);
  REQUIRE(found);
  CHECK(found->is_erased);
  REQUIRE(found->erased_event);
  CHECK_EQ(found->erased_event->credit.credited[0], 1'000'000);
  CHECK_EQ(explained(books.open, {1}, record).error().code, "explain.not_of_account");
  CHECK_EQ(explained(books.open, {0}, other).error().code, "explain.not_of_account");
}

TEST_CASE("explain: a transaction, its rule with its terms, this account's part, its reversal") {
  BooksWithDealings books;
  REQUIRE_EQ(books.act("split", R"("split":"stay","amount":"100 yuan","period":"1",)"
                                R"("accounts":{"host":"host"})"),
             "ok");
  const auto trust = *books.books().holdings().party({0, "trust"});
  const auto leg = records_of(books.open, trust).front();
  const auto home = explained(books.open, trust, leg)->entry.leg->transaction;
  REQUIRE_EQ(books.act("reverse", R"("reason":"mistake","record":)" + std::to_string(home)), "ok");
  const auto records = records_of(books.open, trust);
  REQUIRE_EQ(records.size(), 2);
  const auto first = explained(books.open, trust, records[1]);
  REQUIRE(first);
  REQUIRE(first->transaction);
  CHECK_EQ(first->transaction->rule, "splits stay");
  const auto& terms = first->transaction->terms;
  CHECK(std::any_of(terms.begin(), terms.end(), [](const auto& term) {
    return term.first == "shares" && term.second == "host 9/20, community 9/20, trust 1/10";
  }));
  const auto money = static_cast<std::size_t>(ledger::Asset::money);
  CHECK_EQ(first->after[money], 1'000);
  CHECK_EQ(first->reversed_by, records[0]);
  const auto back = explained(books.open, trust, records[0]);
  REQUIRE(back);
  REQUIRE(back->reverses);
  CHECK_EQ(back->reverses->record, records[1]);
  CHECK_EQ(back->after[money], 0);
}

TEST_CASE("explain: an entry that a decision took back, and what came after it") {
  BooksWithDealings books;
  const auto trip = [&](int number, const std::string& hour, const std::string& km) {
    const auto told = import_text(
        books.open, line_of({.time = "2026-11-20T" + hour + ":00:00Z",
                             .end = "2026-11-20T" + hour + ":30:00Z",
                             .km = km,
                             .identity = sequence(static_cast<std::uint64_t>(number))}));
    REQUIRE(told);
    return told->records.front();
  };
  const auto ask = [&](std::uint64_t record) {
    return books.act("question",
                     R"("finding":"speed","reason":"fast","record":)" + std::to_string(record));
  };
  // Nearly all of the day's cap, by an act that is doubted; so is one of somebody else before.
  REQUIRE(import_text(books.open, line_of({.account = 1, .identity = sequence(50)})));
  REQUIRE_EQ(ask(records_of(books.open, {1}).front()), "ok");
  const auto doubted = trip(1, "01", "95");
  REQUIRE_EQ(ask(doubted), "ok");
  const std::string decision = R"("decision":"take_back","reason":"made up","question":1)";
  REQUIRE_EQ(books.act("board:settle", decision), "ok");
  const auto decided = records_of(books.open, {0}).front();
  const auto found = explained(books.open, {0}, decided);
  REQUIRE(found);
  REQUIRE(found->reverses);
  CHECK_EQ(found->reverses->record, doubted);
  CHECK_EQ(explained(books.open, {0}, doubted)->reversed_by, decided);
  // The same act anew, for which there is room again.
  const auto anew = explained(books.open, {0}, trip(2, "01", "90"));
  REQUIRE(anew);
  REQUIRE(anew->event);
  if (anew->event->failed) FAIL(anew->event->failed->code);
  CHECK(anew->event->caps[0].used == 0);
  CHECK(anew->event->same_acts.empty());
  CHECK_EQ(anew->event->again.credited[0], 9'000'000);
  CHECK(anew->event->is_equal);
}

TEST_CASE("explain: every kind of rule has its terms") {
  BooksWithDealings books;
  const auto& dealings = books.books().rulebook().programmes[0].editions.back()->scheme().dealings;
  const auto of = [&](const char* action, const std::string& data) {
    const auto json = parse_json("{" + data + "}");
    REQUIRE(json);
    const auto found = terms_in(dealings, action, *json);
    std::string text = found.rule;
    for (const auto& [key, value] : found.terms) text += "; " + key + " " + value;
    return text;
  };
  CHECK_EQ(of("transfer", R"("flow":"payment")"),
           "flows payment; asset money; from trust; to any; held_by resolution");
  CHECK_EQ(of("split", R"("split":"fund")"),
           "splits fund; form 1/2; asset money; from trust; shares community 2/3, site 1/3; "
           "at_least 100 yuan; form 2/2; asset money; from trust; shares community 1/1");
  CHECK_EQ(of("split", R"("split":"saving")"),
           "splits saving; asset money; from outside; shares investor 4/5, site 1/5; "
           "price 0.7125 yuan/kWh; settles electricity; of site; most 600 yuan");
  CHECK_EQ(of("hold", R"("rule":"deposit")"), "holds deposit; asset points; of any; days 10");
  CHECK_EQ(of("issue", R"("units":"forest")"),
           "units forest; unit 1 tCO2e; buffer 1/5; verified true; price 18.5 yuan");
  CHECK_EQ(of("order", R"("reward":"cup")"), "rewards cup; asset points; cost 4; funded false");
  CHECK_EQ(of("convert", R"("conversion":"course")"),
           "conversions course; from points; each 5; to credits; gives 1");
  CHECK_EQ(of("expire", ""), "point_years; point_years 1");
  CHECK_EQ(of("release", R"("hold":0)"), "");
}
