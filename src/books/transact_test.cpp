#include <doctest/doctest.h>

#include "books/transact_testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;
using ledger::Asset;
using ledger::UnitState;

namespace {

struct Step {
  const char* action;
  std::string data;
  const char* result;
};

// Plays a script; ACCOUNT, BOB and NOBODY stand for account numbers.
void play(BooksWithDealings& books, const std::vector<Step>& steps) {
  for (const auto& step : steps) {
    auto data = step.data;
    const auto put = [&](const std::string& word, const std::string& number) {
      for (auto at = data.find(word); at != std::string::npos; at = data.find(word)) {
        data.replace(at, word.size(), number);
      }
    };
    put("ACCOUNT", ann());
    put("BOB", bob());
    put("NOBODY", no_consent());
    CAPTURE(step.action);
    CAPTURE(data);
    CHECK_EQ(books.act(step.action, data), step.result);
  }
}

void check_whole(const BooksWithDealings& books) {
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    CHECK(books.books().accounts().sum(static_cast<Asset>(at)) == 0);
  }
  for (const auto& [name, units] : books.books().holdings().units) CHECK(units.is_whole());
}

void check_verified(BooksWithDealings& books) {
  const auto report = verify(books.disk);
  REQUIRE(report);
  for (const auto& finding : report->findings) {
    for (const auto& [key, value] : finding.args) MESSAGE(key, " ", value);
    FAIL_CHECK(finding.code);
  }
}

}  // namespace

TEST_CASE("transact: money comes in, is shared by exact parts, and the period is closed") {
  BooksWithDealings books;
  const std::string stay = R"("split":"stay","amount":"1737200.00 yuan","period":"2018-2021",)";
  play(
      books,
      {
          {"split", stay + R"("accounts":{"host":"host"})", "ok"},
          {"split", stay + R"("accounts":{})", "transaction.party_not_named"},
          {"split", stay + R"("accounts":{"host":"host","trust":"bank"})",
           "transaction.party_not_allowed"},
          {"split", stay + R"("accounts":{"host":"host","nobody":"bank"})",
           "transaction.party_not_allowed"},
          {"split", R"("split":"x","amount":"1 yuan","period":"1")", "transaction.unknown_rule"},
          {"split", R"("split":"stay","amount":"1 yuan","period":"a b")", "transaction.bad_period"},
          {"close", R"("split":"stay","period":"2018-2021")", "ok"},
          {"close", R"("split":"stay","period":"2018-2021")", "transaction.period_closed"},
          {"close", R"("split":"stay","period":"2022")", "transaction.nothing_to_do"},
          {"split", stay + R"("accounts":{"host":"host"})", "transaction.period_closed"},
      });
  CHECK_EQ(books.balance(Asset::money, "host"), 78'174'000);
  CHECK_EQ(books.balance(Asset::money, "community") + books.balance(Asset::money, "trust"),
           95'546'000);
  const auto* period = books.books().holdings().period({0, "stay"}, "2018-2021");
  REQUIRE_NE(period, nullptr);
  CHECK_EQ(period->amount, 173'720'000);
  CHECK_EQ(period->by_party.at("community"), 78'174'000);
  check_whole(books);
  check_verified(books);
}

TEST_CASE("transact: a verified saving is shared at its price, up to the cap, and settled once") {
  BooksWithDealings books;
  play(books, {
                  {"transfer", R"("flow":"measured","amount":"1000 kWh")", "ok"},
                  // 500 kWh at 0.7125 are 356.25 yuan: 285.00 and 71.25.
                  {"split", R"("split":"saving","quantity":"500 kWh","period":"2026-10")", "ok"},
                  {"split", R"("split":"saving","quantity":"501 kWh","period":"2026-11")",
                   "transaction.not_enough"},
                  // 356.25 of 600 yuan are used up.
                  {"split", R"("split":"saving","quantity":"500 kWh","period":"2026-10")", "ok"},
                  {"split", R"("split":"saving","quantity":"1 kWh","period":"2026-10")",
                   "transaction.period_used_up"},
                  {"split", R"("split":"saving","amount":"1 yuan","period":"2026-12")",
                   "transaction.field_missing"},
              });
  CHECK_EQ(books.balance(Asset::money, "investor"), 28'500 + 19'500);
  CHECK_EQ(books.balance(Asset::money, "site"), 7'125 + 4'875);
  CHECK_EQ(books.balance(Asset::electricity, "site"), 1'000'000'000);
  CHECK_EQ(books.books().holdings().holds.held(*books.books().holdings().party({0, "site"}),
                                               Asset::electricity),
           1'000'000'000);
  check_whole(books);
  check_verified(books);
}

TEST_CASE("transact: a committee's resolution sets money aside, and payments come out of it only") {
  BooksWithDealings books;
  const std::string hold = R"("rule":"resolution","amount":"100 yuan","payee":"community",)";
  play(
      books,
      {
          {"transfer", R"("flow":"income","to":"trust","amount":"150 yuan")", "ok"},
          {"hold", hold + R"("approvals":["member.one"])", "transaction.approvals_missing"},
          {"hold", hold + R"("approvals":["member.one","member.one"])",
           "transaction.approvals_missing"},
          {"hold", hold + R"("approvals":["member.one","bank"])", "transaction.not_an_approver"},
          {"hold",
           R"("rule":"resolution","amount":"1 yuan","payee":"member.two","approvals":["member.one","member.two"])",
           "transaction.approves_own"},
          {"hold", hold + R"("until":"2027-11-20","approvals":["member.one","member.two"])",
           "transaction.bad_until"},
          {"hold", hold + R"("until":"next week","approvals":["member.one","member.two"])",
           "transaction.bad_until"},
          {"hold", hold + R"("approvals":["member.one","member.two"],"reference":"minutes 7")",
           "ok"},
          {"hold", hold + R"("approvals":["member.one","member.two"])", "transaction.not_enough"},
          // What is set aside cannot go another way.
          {"transfer", R"("flow":"fee","to":"outside","amount":"50.01 yuan")",
           "transaction.not_enough"},
          {"transfer", R"("flow":"payment","to":"community","amount":"60 yuan")",
           "transaction.field_missing"},
          {"transfer", R"("flow":"payment","to":"bank","amount":"60 yuan","hold":0)",
           "transaction.other_hold"},
          {"transfer", R"("flow":"payment","to":"community","amount":"100.01 yuan","hold":0)",
           "transaction.more_than_held"},
          {"transfer", R"("flow":"payment","to":"community","amount":"60 yuan","hold":0)", "ok"},
          {"release", R"("hold":0,"amount":"41 yuan")", "transaction.more_than_held"},
          {"release", R"("hold":0)", "ok"},
          {"release", R"("hold":0)", "transaction.hold_not_open"},
          {"release", R"("hold":7)", "transaction.hold_not_open"},
          {"transfer", R"("flow":"fee","to":"outside","amount":"90 yuan")", "ok"},
      });
  CHECK_EQ(books.balance(Asset::money, "trust"), 0);
  CHECK_EQ(books.balance(Asset::money, "community"), 6'000);
  check_whole(books);
  check_verified(books);
}

TEST_CASE(
    "transact: approvals are those of accounts, and no approver is paid without being named") {
  BooksWithDealings books;
  // Two roles of one account.
  REQUIRE(books.open.writer->add(Fact{PartyNamed{
      "test.programme", "member.two", *books.books().holdings().party({0, "member.one"})}}));
  REQUIRE(books.open.writer->flush());
  const std::string hold = R"("rule":"resolution","amount":"10 yuan",)";
  play(books, {
                  {"transfer", R"("flow":"income","to":"trust","amount":"150 yuan")", "ok"},
                  {"hold", hold + R"("approvals":["member.one","member.two"])",
                   "transaction.approvals_missing"},
                  {"hold", hold + R"("approvals":["member.one","member.three"])", "ok"},
                  {"transfer", R"("flow":"payment","to":"member.three","amount":"1 yuan","hold":0)",
                   "transaction.approves_own"},
                  {"transfer", R"("flow":"payment","to":"member.two","amount":"1 yuan","hold":0)",
                   "transaction.approves_own"},
                  {"transfer", R"("flow":"payment","to":"bank","amount":"1 yuan","hold":0)", "ok"},
              });
  check_verified(books);
}

TEST_CASE("transact: a hold ends with its last day") {
  BooksWithDealings books;
  play(books, {
                  {"transfer", R"("flow":"grant","to":"ACCOUNT","amount":"10")", "ok"},
                  {"hold", R"("rule":"deposit","account":"ACCOUNT","amount":"10")", "ok"},
                  {"order", R"("reward":"cup","account":"ACCOUNT")", "transaction.not_enough"},
              });
  books.reopen(test_time() + std::chrono::days{10});
  play(books, {{"order", R"("reward":"cup","account":"ACCOUNT")", "transaction.not_enough"}});
  books.reopen(test_time() + std::chrono::days{11});
  play(books, {
                  {"order", R"("reward":"cup","account":"ACCOUNT")", "ok"},
                  {"release", R"("hold":0)", "transaction.hold_not_open"},
              });
  check_verified(books);
}

TEST_CASE("transact: splits have conditions, and come out of what a party has") {
  BooksWithDealings books;
  play(books,
       {
           {"transfer", R"("flow":"income","to":"trust","amount":"160 yuan")", "ok"},
           {"split", R"("split":"fund","amount":"100 yuan","period":"1")", "ok"},
           {"split", R"("split":"fund","amount":"50 yuan","period":"1")", "ok"},
           {"split", R"("split":"fund","amount":"50 yuan","period":"1")", "transaction.not_enough"},
       });
  CHECK_EQ(books.balance(Asset::money, "community"), 6'667 + 5'000);
  CHECK_EQ(books.balance(Asset::money, "site"), 3'333);
  check_verified(books);
}

TEST_CASE("transact: units are issued with a buffer, pledged once, called in, sold, retired") {
  BooksWithDealings books;
  const std::string pledge = R"("units":"forest","account":"host","creditor":"bank",)";
  const std::string why = R"("beneficiary":"School 7","reason":"yearbook")";
  play(
      books,
      {
          {"issue", R"("units":"forest","account":"host","count":100,"vintage":2024)",
           "transaction.field_missing"},
          {"issue",
           R"("units":"forest","account":"host","count":100,"vintage":2024,"reference":"F-1")",
           "ok"},
          {"issue",
           R"("units":"pooled","account":"host","count":1,"vintage":2024,"reference":"F-1")",
           "transaction.only_pooled"},
          {"pledge", pledge + R"("count":60)", "ok"},
          {"pledge", pledge + R"("count":21)", "transaction.not_enough_units"},
          {"move", R"("units":"forest","account":"host","to":"bank","count":21)",
           "transaction.not_enough_units"},
          {"move", R"("units":"forest","account":"host","to":"community","count":5)", "ok"},
          {"move", R"("units":"forest","account":"host","to":"host","count":5)",
           "transaction.same_account"},
          {"unpledge", pledge + R"("count":10)", "ok"},
          {"unpledge", R"("units":"forest","account":"host","creditor":"trust","count":10)",
           "transaction.not_enough_units"},
          {"call", pledge + R"("count":50,"reason":"not paid back")", "ok"},
          {"sell", R"("units":"forest","account":"host","paid":"18.49 yuan",)" + why,
           "transaction.buys_nothing"},
          {"sell", R"("units":"forest","account":"host","paid":"40 yuan",)" + why, "ok"},
          {"retire", R"("units":"forest","account":"bank","count":50,"vintage":2025,)" + why,
           "transaction.not_enough_units"},
          {"retire", R"("units":"forest","account":"bank","count":50,)" + why, "ok"},
          {"retire", R"("units":"forest","account":"bank","count":1,)" + why,
           "transaction.not_enough_units"},
          {"cancel",
           R"("units":"forest","account":"host","state":"buffer","count":3,"reason":"fire")", "ok"},
          {"cancel",
           R"("units":"forest","account":"host","state":"pledged","count":3,"reason":"x")",
           "transaction.illegal_change"},
          {"unbuffer", R"("units":"forest","account":"host","count":17,"reason":"term over")",
           "ok"},
          {"buffer", R"("units":"forest","account":"host","count":1,"reason":"risk")", "ok"},
      });
  const auto& units = books.books().holdings().units.at({0, "forest"});
  CHECK_EQ(units.issued(), 100);
  CHECK_EQ(units.count(UnitState::retired), 52);
  CHECK_EQ(units.count(UnitState::cancelled), 3);
  CHECK_EQ(units.count(UnitState::pledged), 0);
  CHECK_EQ(units.count(UnitState::buffer), 1);
  CHECK_EQ(units.count(UnitState::held), 44);
  CHECK_EQ(books.balance(Asset::money, "host"), 4'000);
  check_whole(books);
  check_verified(books);
}

TEST_CASE("transact: grams are pooled into units, and what is left over stays") {
  BooksWithDealings books;
  std::string trips;
  for (int at = 1; at <= 3; ++at) {
    Trip trip;
    trip.account = 0;
    trip.time = "2026-11-20T0" + std::to_string(at) + ":00:00Z";
    trip.end = "2026-11-20T0" + std::to_string(at) + ":30:00Z";
    trip.identity = sequence(static_cast<std::uint64_t>(at));
    trip.km = "8.5";
    trips += line_of(trip);
  }
  REQUIRE(import_text(books.open, trips));
  CHECK_EQ(books.balance(Asset::co2e, ann()), 2'550'000);
  play(
      books,
      {
          {"transfer", R"("flow":"gift","from":"NOBODY","to":"pool","amount":"1 g CO2e")",
           "transaction.bad_amount"},
          {"transfer", R"("flow":"gift","from":"ACCOUNT","to":"pool","amount":"2500 gCO2e")", "ok"},
          {"pool", R"("units":"forest","account":"pool","vintage":2026)", "transaction.not_pooled"},
          {"pool", R"("units":"pooled","account":"pool","vintage":2026)", "ok"},
          {"pool", R"("units":"pooled","account":"pool","vintage":2026)", "transaction.not_enough"},
      });
  CHECK_EQ(books.balance(Asset::co2e, "pool"), 500'000);
  CHECK_EQ(books.books().holdings().units.at({0, "pooled"}).count(UnitState::held), 2);
  check_whole(books);
  check_verified(books);
}

TEST_CASE("transact: points buy trees that are funded, planted, die and are replaced") {
  BooksWithDealings books;
  play(books,
       {
           {"transfer", R"("flow":"grant","to":"ACCOUNT","amount":"35")", "ok"},
           {"transfer", R"("flow":"grant","to":"BOB","amount":"35")", "ok"},
           {"transfer", R"("flow":"grant","to":"NOBODY","amount":"35")", "ok"},
           {"order", R"("reward":"tree","account":"NOBODY")", "transaction.no_consent"},
           {"order", R"("reward":"tree","account":"ACCOUNT")", "ok"},
           {"order", R"("reward":"tree","account":"ACCOUNT")", "ok"},
           {"order", R"("reward":"tree","account":"BOB")", "transaction.out_of_stock"},
           {"step", R"("order":0,"state":"done","evidence":"p")", "transaction.illegal_change"},
           {"step", R"("order":0,"state":"planted")", "transaction.illegal_change"},
           {"step", R"("order":9,"state":"funded")", "transaction.unknown_order"},
           {"step", R"("order":0,"state":"funded")", "transaction.field_missing"},
           {"step", R"("order":0,"state":"funded","funder":"Foundation")", "ok"},
           {"step", R"("order":0,"state":"done","evidence":"sha256:ab photo")", "ok"},
           {"step", R"("order":0,"state":"failed","reason":"drought")", "ok"},
           {"step", R"("order":0,"state":"replaced","evidence":"sha256:cd photo")", "ok"},
           {"step", R"("order":1,"state":"cancelled","reason":"asked for")", "ok"},
           {"order", R"("reward":"tree","account":"BOB")", "ok"},
           {"order", R"("reward":"cup","account":"BOB")", "ok"},
       });
  CHECK_EQ(books.balance(Asset::points, ann()), 25);
  CHECK_EQ(books.balance(Asset::points, bob()), 21);
  check_whole(books);
  check_verified(books);
}

TEST_CASE("transact: points become course credits, for a class at once") {
  BooksWithDealings books;
  play(books,
       {
           {"transfer", R"("flow":"grant","to":"BOB","amount":"14")", "ok"},
           {"convert", R"("conversion":"course","group":"7b")", "transaction.nothing_to_do"},
           {"convert", R"("conversion":"course","group":"7a")", "ok"},
           {"convert", R"("conversion":"course","group":"7a")", "transaction.nothing_to_do"},
           {"convert", R"("conversion":"course","account":"BOB")", "transaction.nothing_to_do"},
       });
  CHECK_EQ(books.balance(Asset::points, bob()), 4);
  CHECK_EQ(books.balance(Asset::credits, bob()), 2);
  check_verified(books);
}

TEST_CASE("transact: points end a year after the one in which they were posted") {
  BooksWithDealings books;
  play(books, {
                  {"transfer", R"("flow":"grant","to":"ACCOUNT","amount":"10")", "ok"},
                  {"expire", "", "transaction.nothing_to_do"},
              });
  books.reopen(*parse_instant("2027-03-01T00:00:00Z"));
  play(books, {
                  {"transfer", R"("flow":"grant","to":"ACCOUNT","amount":"5")", "ok"},
                  {"order", R"("reward":"cup","account":"ACCOUNT")", "ok"},
                  {"expire", "", "transaction.nothing_to_do"},
              });
  // The last hours of 2027 in UTC are 2028 in Shanghai.
  books.reopen(*parse_instant("2027-12-31T15:59:59Z"));
  play(books, {{"expire", "", "transaction.nothing_to_do"}});
  REQUIRE(books.open.writer->flush());
  books.reopen(*parse_instant("2027-12-31T16:00:00Z"));
  play(books, {
                  {"expire", "", "ok"},
                  {"expire", "", "transaction.nothing_to_do"},
              });
  CHECK_EQ(books.balance(Asset::points, ann()), 5);
  check_verified(books);
}

TEST_CASE("transact: what was posted is reversed exactly, once") {
  BooksWithDealings books;
  const auto stay = books.document(
      "split", R"("split":"stay","amount":"10 yuan","period":"1","accounts":{"host":"host"})", "s");
  const auto record = books.send(stay).front().record;
  const auto back = R"("record":)" + std::to_string(record) + R"(,"reason":"refund")";
  play(books, {
                  {"close", R"("split":"stay","period":"1")", "ok"},
                  {"reverse", back, "transaction.period_closed"},
                  {"reverse", back + R"(,"period":"2")", "ok"},
                  {"reverse", back + R"(,"period":"2")", "transaction.reversed_before"},
                  {"reverse", R"("record":0,"reason":"x")", "transaction.not_reversible"},
                  {"reverse", R"("record":99999,"reason":"x")", "record.unknown"},
              });
  for (const auto* party : {"host", "community", "trust"}) {
    CHECK_EQ(books.balance(Asset::money, party), 0);
  }
  CHECK_EQ(books.books().holdings().period({0, "stay"}, "1")->amount, 1000);
  CHECK_EQ(books.books().holdings().period({0, "stay"}, "2")->amount, -1000);
  check_verified(books);
}

TEST_CASE(
    "transact: a reversed split frees what it settled, and the passbook of its owner says so") {
  BooksWithDealings books;
  play(books, {{"transfer", R"("flow":"measured","amount":"500 kWh")", "ok"}});
  const std::string lease = R"("split":"lease","quantity":"500 kWh","period":"1")";
  const auto record = books.send(books.document("split", lease, "s")).front().record;
  const auto site = *books.books().holdings().party({0, "site"});
  const auto before = books.books().accounts().holder(site).last_record;
  play(books, {
                  {"split", lease, "transaction.not_enough"},
                  {"reverse", R"("reason":"meter","record":)" + std::to_string(record), "ok"},
              });
  CHECK_GT(books.books().accounts().holder(site).last_record, before);
  CHECK_EQ(books.books().holdings().holds.held(site, Asset::electricity), 0);
  play(books, {{"split", lease, "ok"}});
  check_verified(books);
}

TEST_CASE("transact: nothing is paid out of a hold whose money was taken back") {
  BooksWithDealings books;
  const auto income =
      books
          .send(books.document("transfer", R"("flow":"income","to":"trust","amount":"100 yuan")",
                               "s"))
          .front()
          .record;
  play(
      books,
      {
          {"transfer", R"("flow":"income","to":"trust","amount":"1 yuan")", "ok"},
          {"hold",
           R"("rule":"resolution","amount":"101 yuan","payee":"community","approvals":["member.one","member.two"])",
           "ok"},
          // Only a split has a period.
          {"reverse", R"("reason":"bounced","period":"1","record":)" + std::to_string(income),
           "transaction.unknown_field"},
          {"reverse", R"("reason":"bounced","record":)" + std::to_string(income), "ok"},
          {"transfer", R"("flow":"payment","hold":0,"to":"community","amount":"101 yuan")",
           "transaction.not_enough"},
          {"transfer", R"("flow":"payment","hold":0,"to":"community","amount":"1 yuan")", "ok"},
      });
  CHECK_EQ(books.balance(Asset::money, "trust"), 0);
  check_verified(books);
}

TEST_CASE("transact: what cannot be read is refused, field by field") {
  BooksWithDealings books;
  play(
      books,
      {
          {"transfer", R"("flow":"income","to":"trust","amount":"1 yuan","amount":"2 yuan")",
           "transaction.key_twice"},
          {"split",
           R"("split":"stay","period":"1","amount":"1 yuan","accounts":{"host":"host","host":"bank"})",
           "transaction.key_twice"},
          {"transfer", R"("flow":"income","to":"trust")", "transaction.field_missing"},
          {"transfer", R"("flow":7)", "transaction.wrong_type"},
          {"transfer", R"("flow":"income","to":"trust","amount":"1 kg")", "transaction.bad_amount"},
          {"transfer", R"("flow":"income","to":"trust","amount":"1234,567 yuan")",
           "transaction.bad_amount"},
          {"transfer", R"("flow":"income","to":"trust","amount":"0 yuan")",
           "transaction.bad_amount"},
          {"transfer", R"("flow":"income","to":"trust","amount":"0.001 yuan")",
           "transaction.bad_amount"},
          {"transfer", R"("flow":"income","to":"nobody","amount":"1 yuan")",
           "transaction.unknown_party"},
          {"transfer", R"("flow":"income","to":"1234567890","amount":"1 yuan")",
           "account.malformed"},
          {"transfer", R"("flow":"income","to":"trust","amount":"1 yuan","more":1)",
           "transaction.unknown_field"},
          {"transfer", R"("flow":"fee","to":"bank","amount":"1 yuan")",
           "transaction.party_not_allowed"},
          {"transfer", R"("flow":"income","to":"trust","amount":"92233720368547758.07 yuan")",
           "ok"},
          {"transfer", R"("flow":"income","to":"trust","amount":"1 yuan")", "transaction.overflow"},
          {"release", R"("hold":-1)", "transaction.bad_count"},
          {"release", R"("hold":1.5)", "transaction.bad_count"},
          {"release", R"("hold":9007199254740993)", "transaction.bad_count"},
          {"dance", "", "transaction.unknown_action"},
      });
  check_verified(books);
}

TEST_CASE("transact: who may ask, when, and the same again") {
  BooksWithDealings books;
  const std::string data = R"("flow":"income","to":"trust","amount":"1 yuan")";
  const auto code = [&](const std::string& document) {
    const auto answer = books.send(document).front();
    return answer.reason.code.empty() ? std::string{name_of(answer.outcome)} : answer.reason.code;
  };
  CHECK_EQ(code(books.document("transfer", data, "a", "kiosk")), "transaction.not_allowed");
  CHECK_EQ(code(books.document("transfer", data, "a", "gates")), "transaction.source_reports");
  CHECK_EQ(code(books.document("transfer", data, "a", "none")), "event.unknown_source");
  CHECK_EQ(code(books.document("transfer", data, "")), "event.bad_id");
  CHECK_EQ(code("{"), "event.malformed_json");
  CHECK_EQ(code(books.document("transfer", data, "a")), "accepted");
  CHECK_EQ(code(books.document("transfer", data, "a")), "duplicate");
  CHECK_EQ(
      code(books.document("transfer", R"("flow":"income","to":"bank","amount":"1 yuan")", "a")),
      "event.conflict");
  CHECK_EQ(books.balance(Asset::money, "trust"), 100);
  books.now = test_time() - std::chrono::days{31};
  CHECK_EQ(code(books.document("transfer", data, "b")), "transaction.too_late");
  books.now = test_time() + std::chrono::hours{2};
  CHECK_EQ(code(books.document("transfer", data, "b")), "transaction.in_future");
  // A source that asks for transactions reports no events.
  Trip trip;
  trip.source = "office";
  const auto told = import_text(books.open, line_of(trip));
  REQUIRE(told);
  CHECK_EQ(told->codes.front(), "event.source_instructs");
}

TEST_CASE("transact: an account is erased with what was asked for, and all still agrees") {
  BooksWithDealings books;
  play(books, {
                  {"transfer", R"("flow":"grant","to":"ACCOUNT","amount":"35")", "ok"},
                  {"order", R"("reward":"cup","account":"ACCOUNT")", "ok"},
                  {"transfer", R"("flow":"income","to":"ACCOUNT","amount":"3 yuan")", "ok"},
                  {"hold", R"("rule":"deposit","account":"ACCOUNT","amount":"10")", "ok"},
              });
  const AccountIndex index{0};
  const auto refused = erase_account(*books.open.directory, *books.open.writer, index, "asked for");
  REQUIRE_FALSE(refused);
  CHECK_EQ(refused.error().code, "erase.account_bound");
  play(books, {{"release", R"("hold":0)", "ok"}});
  const auto erased = erase_account(*books.open.directory, *books.open.writer, index, "asked for");
  if (!erased) FAIL(erased.error().code);
  CHECK_EQ(books.balance(Asset::points, ann()), 0);
  // Nothing that names it is left.
  bool found = false;
  for (std::uint64_t block = 0; block < books.open.directory->journal().blocks().size(); ++block) {
    const auto bytes = books.open.directory->journal().read(block);
    REQUIRE(bytes);
    found = found || bytes->find("\"account\":\"" + ann() + "\",\"reward\"") != std::string::npos;
  }
  CHECK_FALSE(found);
  check_whole(books);
  check_verified(books);
  books.reopen(test_time());
  check_whole(books);
}

TEST_CASE("transact: accounts that may not take part, and limits of what is asked for at once") {
  BooksWithDealings books;
  const auto add = [&](const Fact& fact) {
    REQUIRE(books.open.writer->add(fact));
    REQUIRE(books.open.writer->flush());
  };
  // Another programme, in which points do not end and there is but one kind of split.
  auto contents = small_contents();
  contents.back().text = std::string{programme_text} + R"toml(
[[scheme.splits]]
id = "old"
asset = "money"
from = "outside"
valid_to = "2020-12-31"
[[scheme.splits.shares]]
party = "fund"
part = "1"
[[scheme.units]]
id = "free"
title = { en = "Free", zh = "无价" }
unit = "1 kgCO2e"
[[scheme.flows]]
id = "grant"
asset = "points"
from = ["outside"]
to = ["any"]
[[scheme.rewards]]
id = "cup"
title = { en = "Cup", zh = "杯子" }
asset = "points"
cost = "1"
per_account = 1
[[scheme.conversions]]
id = "course"
from = "points"
each = "1"
to = "credits"
gives = "1"
)toml";
  auto& text = contents.back().text;
  text.replace(text.find("test.programme"), 14, "test.secondary");
  for (const auto& content : contents) add(content);
  ProgrammeNumbers numbers;
  Problems problems;
  const auto edition = Edition::build(contents, numbers, problems);
  for (const auto& problem : problems) FAIL(problem.code);
  add(edition->manifest(contents));
  SourceState desk{"desk", "test.secondary", "A", false, 0, {}, false};
  for (const auto* action : actions()) desk.may.emplace_back(action);
  add(desk);
  const std::vector<ConsentGiven> consents{{"desk", purpose_spend, day_max}};
  const auto first = books.books().accounts().size();
  add(AccountsOpened{"test.secondary", "person", 4001, consents, "all"});
  const auto there = account(first);
  const auto code = [&](const std::string& action, const std::string& data,
                        const std::string& source = "desk") {
    const auto answers =
        books.send(books.document(action, data, std::to_string(books.next_id++), source));
    const auto& answer = answers.front();
    return answer.outcome == Outcome::accepted ? std::string{"ok"} : answer.reason.code;
  };
  CHECK_EQ(code("transfer", R"("flow":"grant","amount":"1","to":")" + ann() + "\""),
           "transaction.other_programme");
  CHECK_EQ(code("expire", ""), "transaction.points_do_not_end");
  CHECK_EQ(code("split", R"("split":"old","amount":"1 yuan","period":"1")"),
           "transaction.no_split_fits");
  const std::string why = R"(,"beneficiary":"a","reason":"b")";
  CHECK_EQ(code("sell", R"("units":"free","paid":"1 yuan","account":")" + there + "\"" + why),
           "transaction.no_price");
  const std::string issue = R"("units":"free","vintage":2024,"reference":"x","account":")" + there;
  CHECK_EQ(code("issue", issue + R"(","count":9007199254740992)"), "ok");
  CHECK_EQ(code("issue", issue + R"(","count":1)"), "transaction.too_many_units");
  CHECK_EQ(code("transfer", R"("flow":"grant","amount":"2","to":")" + there + "\""), "ok");
  CHECK_EQ(code("order", R"("reward":"cup","account":")" + there + "\""), "ok");
  CHECK_EQ(code("order", R"("reward":"cup","account":")" + there + "\""),
           "transaction.enough_for_one");
  CHECK_EQ(code("transfer", R"("flow":"grant","to":")" + there + R"(","amount":"2","reference":")" +
                                std::string(501, 'x') + "\""),
           "transaction.text_too_long");
  std::string grants;
  for (std::uint64_t at = 0; at < 4001; ++at) {
    grants += books.document("transfer",
                             R"("flow":"grant","amount":"2","to":")" + account(first + at) + "\"",
                             "g" + std::to_string(at), "desk");
  }
  books.send(grants);
  CHECK_EQ(code("convert", R"("conversion":"course","group":"all")"),
           "transaction.too_many_accounts");
  const AccountStateChange frozen{AccountIndex{first}, true,
                                  books.books().accounts().holder({first}).last_record};
  add(frozen);
  CHECK_EQ(code("transfer", R"("flow":"grant","amount":"1","to":")" + there + "\""),
           "transaction.account_not_open");
  check_verified(books);
}

TEST_CASE("transact: what an erased account took part in is not reversed") {
  BooksWithDealings books;
  const auto record =
      books
          .send(books.document("transfer",
                               R"("flow":"income","amount":"1 yuan","to":")" + bob() + "\"", "t"))
          .front()
          .record;
  REQUIRE(erase_account(*books.open.directory, *books.open.writer, AccountIndex{1}, "asked for"));
  CHECK_EQ(books.act("reverse", R"("reason":"x","record":)" + std::to_string(record)),
           "transaction.erased");
  check_verified(books);
}

TEST_CASE("transact: a snapshot holds what the records make") {
  BooksWithDealings books;
  play(books,
       {
           {"transfer", R"("flow":"grant","to":"ACCOUNT","amount":"35")", "ok"},
           {"order", R"("reward":"tree","account":"ACCOUNT")", "ok"},
           {"hold", R"("rule":"deposit","account":"ACCOUNT","amount":"10")", "ok"},
           {"issue",
            R"("units":"forest","account":"host","count":100,"vintage":2024,"reference":"F-1")",
            "ok"},
           {"pledge", R"("units":"forest","account":"host","creditor":"bank","count":3)", "ok"},
           {"split", R"("split":"stay","amount":"10 yuan","period":"1","accounts":{"host":"host"})",
            "ok"},
       });
  books.reopen(*parse_instant("2027-03-01T00:00:00Z"));
  play(books, {{"transfer", R"("flow":"grant","to":"ACCOUNT","amount":"5")", "ok"}});
  REQUIRE(write_snapshot(books.disk, books.books(), books.open.directory->journal()));
  const auto before = books.books().holdings().bytes();
  books.reopen(*parse_instant("2027-03-01T00:00:00Z"));
  CHECK(books.open.directory->bad_snapshots().empty());
  CHECK_EQ(books.books().holdings().bytes(), before);
  play(books,
       {{"release", R"("hold":1)", "transaction.hold_not_open"},
        {"unpledge", R"("units":"forest","account":"host","creditor":"bank","count":3)", "ok"}});
  check_verified(books);
  for (std::size_t size = 0; size < before.size(); size += 7) {
    Holdings torn;
    CHECK_FALSE(torn.restore(std::string_view{before}.substr(0, size)));
  }
}

namespace {

// A trip of so many kilometres at an hour of 20 November, as gates report it; its record.
std::uint64_t report_trip(BooksWithDealings& books, std::uint64_t number, int hour,
                          const std::string& km, std::uint64_t of = 0,
                          const std::string& replaces = {}) {
  const auto clock = std::string{hour < 10 ? "0" : ""} + std::to_string(hour);
  Trip trip;
  trip.account = of;
  trip.time = "2026-11-20T" + clock + ":00:00Z";
  trip.end = "2026-11-20T" + clock + ":30:00Z";
  trip.identity = sequence(number);
  trip.km = km;
  trip.more = replaces;
  const auto told = import_text(books.open, line_of(trip));
  REQUIRE(told);
  CHECK_EQ(told->codes.front(), "");
  return told->records.front();
}

std::string about(std::uint64_t record) {
  return R"("finding":"speed","reason":"120 km/h","record":)" + std::to_string(record);
}

}  // namespace

TEST_CASE("transact: what an entry credited is set aside until somebody else has decided") {
  BooksWithDealings books;
  const auto entry = report_trip(books, 1, 1, "25");
  CHECK_EQ(books.balance(Asset::points, ann()), 2);
  const auto income =
      books
          .send(books.document("transfer", R"("flow":"income","to":"trust","amount":"1 yuan")",
                               "income"))
          .front()
          .record;
  play(books,
       {
           {"question", R"("finding":"speed","reason":"x")", "transaction.field_missing"},
           {"question", R"("finding":"speed","record":1)", "transaction.field_missing"},
           {"question", R"("finding":"hunch","reason":"x","record":)" + std::to_string(entry),
            "transaction.unknown_rule"},
           {"question", about(1), "transaction.not_questionable"},
           {"question", about(income), "transaction.not_questionable"},
           {"question", about(900), "record.unknown"},
           {"question", about(entry), "ok"},
           {"board:question", about(entry), "transaction.question_open"},
           // Nothing of it can be used in any way.
           {"transfer", R"("flow":"gift","from":"ACCOUNT","to":"pool","amount":"1 kgCO2e")",
            "transaction.not_enough"},
           {"hold", R"("rule":"deposit","account":"ACCOUNT","amount":"1")",
            "transaction.not_enough"},
           {"release", R"("hold":0)", "transaction.hold_not_by_rule"},
           {"transfer", R"("flow":"payment","to":"bank","amount":"1 yuan","hold":0)",
            "transaction.other_hold"},
           {"settle", R"("question":0,"decision":"keep")", "transaction.field_missing"},
           {"settle", R"("question":0,"decision":"keep","reason":"x")", "transaction.settles_own"},
           {"board:settle", R"("question":1,"decision":"keep","reason":"x")",
            "transaction.question_not_open"},
           {"board:settle", R"("question":0,"decision":"forget","reason":"x")",
            "transaction.illegal_change"},
       });
  // Balances are what they were.
  CHECK_EQ(books.balance(Asset::co2e, ann()), 2'500'000);
  CHECK_EQ(books.balance(Asset::points, ann()), 2);
  const auto refused =
      erase_account(*books.open.directory, *books.open.writer, AccountIndex{0}, "asked for");
  REQUIRE_FALSE(refused);
  CHECK_EQ(refused.error().code, "erase.account_bound");
  play(books,
       {
           {"board:settle", R"("question":0,"decision":"keep","reason":"a fast train")", "ok"},
           {"board:settle", R"("question":0,"decision":"keep","reason":"x")",
            "transaction.question_not_open"},
           {"transfer", R"("flow":"gift","from":"ACCOUNT","to":"pool","amount":"1 kgCO2e")", "ok"},
           // It may be doubted again; what is not there any more is missing.
           {"board:question", about(entry), "ok"},
       });
  const auto& holdings = books.books().holdings();
  CHECK_EQ(holdings.holds.held(AccountIndex{0}, Asset::co2e), 1'500'000);
  CHECK_EQ(holdings.questions.find(0)->state, ledger::QuestionState::kept);
  CHECK_EQ(holdings.questions.find(1)->state, ledger::QuestionState::open);
  check_whole(books);
  check_verified(books);
}

TEST_CASE(
    "transact: an entry that is taken back leaves no trace in balance, caps, acts and points") {
  BooksWithDealings books;
  const auto entry = report_trip(books, 1, 1, "95");
  CHECK_EQ(books.balance(Asset::points, ann()), 9);
  // Half a kilogram of the day's ten was left.
  report_trip(books, 2, 3, "2");
  report_trip(books, 3, 5, "9");
  CHECK_EQ(books.balance(Asset::co2e, ann()), 10'000'000);
  CHECK_EQ(books.balance(Asset::points, ann()), 10);
  play(books,
       {
           {"question", about(entry), "ok"},
           {"board:settle", R"("question":0,"decision":"take_back","reason":"made up")", "ok"},
           {"question", about(entry), "transaction.reversed_before"},
       });
  CHECK_EQ(books.balance(Asset::co2e, ann()), 500'000);
  CHECK_EQ(books.balance(Asset::points, ann()), 0);
  CHECK_EQ(books.books().totals().credited[0], 500'000);
  CHECK(books.books().is_reversed(entry));
  CHECK(books.books().holdings().holds.open().empty());
  // The same act may be reported anew, and there is room for it.
  report_trip(books, 4, 1, "90");
  CHECK_EQ(books.balance(Asset::co2e, ann()), 9'500'000);
  CHECK_EQ(books.balance(Asset::points, ann()), 9);
  check_whole(books);
  check_verified(books);
  REQUIRE(write_snapshot(books.disk, books.books(), books.open.directory->journal()));
  const auto before = books.books().holdings().bytes();
  books.reopen(test_time());
  CHECK(books.open.directory->bad_snapshots().empty());
  CHECK_EQ(books.books().holdings().bytes(), before);
  check_verified(books);
}

TEST_CASE("transact: a balance may fall below zero when what was spent is taken back") {
  BooksWithDealings books;
  const auto entry = report_trip(books, 1, 1, "25");
  play(
      books,
      {
          {"transfer", R"("flow":"gift","from":"ACCOUNT","to":"pool","amount":"2500 gCO2e")", "ok"},
          {"question", about(entry), "ok"},
          {"board:settle", R"("question":0,"decision":"take_back","reason":"made up")", "ok"},
          {"transfer", R"("flow":"gift","from":"ACCOUNT","to":"pool","amount":"1 gCO2e")",
           "transaction.not_enough"},
      });
  CHECK_EQ(books.balance(Asset::co2e, ann()), -2'500'000);
  check_whole(books);
  check_verified(books);
}

TEST_CASE("transact: what its source took back meanwhile can only be let go") {
  BooksWithDealings books;
  const auto entry = report_trip(books, 1, 1, "25");
  play(books, {{"question", about(entry), "ok"}});
  const auto correction = report_trip(books, 2, 1, "20", 0, R"(,"replaces":"1")");
  play(books, {
                  {"board:settle", R"("question":0,"decision":"take_back","reason":"x")",
                   "transaction.reversed_before"},
                  {"board:settle", R"("question":0,"decision":"keep","reason":"corrected")", "ok"},
                  {"question", about(correction), "ok"},
                  {"board:settle", R"("question":1,"decision":"take_back","reason":"x")", "ok"},
              });
  CHECK_EQ(books.balance(Asset::co2e, ann()), 0);
  CHECK_EQ(books.balance(Asset::points, ann()), 0);
  check_whole(books);
  check_verified(books);
}

TEST_CASE("transact: an erased holder's questions and what was taken back still add up") {
  BooksWithDealings books;
  const auto kept = report_trip(books, 1, 1, "25");
  const auto taken = report_trip(books, 2, 3, "9");
  play(books, {
                  {"question", about(kept), "ok"},
                  {"question", about(taken), "ok"},
                  {"board:settle", R"("question":0,"decision":"keep","reason":"x")", "ok"},
                  {"board:settle", R"("question":1,"decision":"take_back","reason":"x")", "ok"},
              });
  const auto erased =
      erase_account(*books.open.directory, *books.open.writer, AccountIndex{0}, "asked for");
  if (!erased) FAIL(erased.error().code);
  play(books, {{"question", about(kept), "transaction.erased"}});
  check_whole(books);
  check_verified(books);
  books.reopen(test_time());
  CHECK_EQ(books.books().totals().credited[0], 2'500'000);
  check_whole(books);
}

TEST_CASE("transact: what a split settled for good is not released") {
  BooksWithDealings books;
  play(books, {
                  {"transfer", R"("flow":"measured","amount":"1000 kWh")", "ok"},
                  {"split", R"("split":"saving","quantity":"500 kWh","period":"2026-10")", "ok"},
                  {"release", R"("hold":0)", "transaction.hold_not_by_rule"},
                  {"release", R"("hold":0,"amount":"1 kWh")", "transaction.hold_not_by_rule"},
                  {"split", R"("split":"saving","quantity":"501 kWh","period":"2026-11")",
                   "transaction.not_enough"},
              });
  check_verified(books);
}
