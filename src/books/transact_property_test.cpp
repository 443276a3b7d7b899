// Whatever is asked for, in whatever order: no illegal state, nothing lost, and the same again.
#include <set>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "books/transact_testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;
using ledger::Asset;

namespace {

struct Ask {
  std::string action;
  std::string data;
};

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

// Something that may or may not be possible at that moment.
Ask any_ask() {
  const auto small = [] { return std::to_string(*rc::gen::inRange(1, 30)); };
  const auto number = [] { return std::to_string(*rc::gen::inRange(0, 6)); };
  const auto party = [] {
    return *rc::gen::element<std::string>("trust", "community", "site", "investor", "pool", "bank",
                                          "host");
  };
  const auto person = [] { return account(static_cast<std::uint64_t>(*rc::gen::inRange(0, 4))); };
  const auto units = [&] {
    return R"("units":"forest","account":)" + quoted(party()) + R"(,"count":)" + small();
  };
  const std::string why = R"(,"beneficiary":"a","reason":"b")";
  const auto record = [] { return std::to_string(*rc::gen::inRange(20, 90)); };
  switch (*rc::gen::inRange(0, 22)) {
    case 0:
      return {"transfer", R"("flow":"income","to":)" + quoted(party()) + R"(,"amount":")" +
                              small() + " yuan\""};
    case 1:
      return {"transfer",
              R"("flow":"grant","to":)" + quoted(person()) + R"(,"amount":")" + small() + "\""};
    case 2:
      return {"hold", R"("rule":"resolution","approvals":["member.one","member.two"],"amount":")" +
                          small() + " yuan\""};
    case 3:
      return {"hold", R"("rule":"deposit","account":)" + quoted(person()) + R"(,"amount":")" +
                          small() + "\""};
    case 4:
      return {"release", R"("hold":)" + number()};
    case 5:
      return {"transfer", R"("flow":"payment","hold":)" + number() + R"(,"to":)" + quoted(party()) +
                              R"(,"amount":")" + small() + " yuan\""};
    case 6:
      return {"split", R"("split":"stay","period":)" + quoted(number()) +
                           R"(,"accounts":{"host":"host"},"amount":")" + small() + " yuan\""};
    case 7:
      return {"split", R"("split":"fund","period":)" + quoted(number()) + R"(,"amount":")" +
                           small() + " yuan\""};
    case 8:
      return {"close", R"("split":"stay","period":)" + quoted(number())};
    case 9:
      return {"reverse", R"("reason":"x","record":)" + record()};
    case 10:
      return {"issue", units() + R"(,"vintage":2024,"reference":"x")"};
    case 11:
      return {"move", units() + R"(,"to":)" + quoted(party())};
    case 12:
      return {*rc::gen::element<std::string>("pledge", "unpledge"),
              units() + R"(,"creditor":)" + quoted(party())};
    case 13:
      return {"call", units() + R"(,"reason":"x","creditor":)" + quoted(party())};
    case 14:
      return {"retire", units() + why};
    case 15:
      return {*rc::gen::element<std::string>("cancel", "buffer", "unbuffer"),
              units() + R"(,"reason":"x")"};
    case 16:
      return {"order", R"("reward":)" + quoted(*rc::gen::element<std::string>("tree", "cup")) +
                           R"(,"account":)" + quoted(person())};
    case 17:
      return {"transfer", R"("flow":"gift","to":"pool","from":)" + quoted(person()) +
                              R"(,"amount":"1 kgCO2e")"};
    case 18:
    case 19:
      return {*rc::gen::element<std::string>("question", "board:question"),
              R"("finding":"speed","reason":"x","record":)" +
                  std::to_string(*rc::gen::inRange(24, 40))};
    case 20:
      return {*rc::gen::element<std::string>("settle", "board:settle"),
              R"("reason":"x","decision":)" +
                  quoted(*rc::gen::element<std::string>("keep", "take_back")) + R"(,"question":)" +
                  number()};
    default:
      return {"step", R"("order":)" + number() + R"(,"state":)" +
                          *rc::gen::element<std::string>(
                              R"("funded","funder":"a")", R"("done","evidence":"a")",
                              R"("failed","reason":"a")", R"("replaced","evidence":"a")",
                              R"("cancelled","reason":"a")")};
  }
}

void assert_whole(const Books& books) {
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    RC_ASSERT(books.accounts().sum(static_cast<Asset>(at)) == 0);
  }
  for (const auto& [name, units] : books.holdings().units) RC_ASSERT(units.is_whole());
  for (const auto& [number, hold] : books.holdings().holds.open()) {
    RC_ASSERT(hold.left > 0);
  }
  // Every open question's amounts are aside, and nobody else's are a question's.
  std::set<ledger::HoldNumber> asked;
  for (const auto& question : books.holdings().questions.all()) {
    if (question.state == ledger::QuestionState::open) {
      asked.insert(question.holds.begin(), question.holds.end());
    }
    RC_ASSERT((question.state == ledger::QuestionState::taken_back) <=
              books.is_reversed(question.record));
  }
  for (const auto& [number, hold] : books.holdings().holds.open()) {
    RC_ASSERT((hold.by == ledger::HeldBy::question) == asked.contains(number));
    asked.erase(number);
  }
  RC_ASSERT(asked.empty());
}

std::vector<std::int64_t> balances_of(const Books& books) {
  std::vector<std::int64_t> balances;
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    const auto of = books.accounts().balances(static_cast<Asset>(at));
    balances.insert(balances.end(), of.begin(), of.end());
  }
  return balances;
}

// Of four people, a trip an hour each.
std::string some_trips() {
  std::string lines;
  for (std::uint64_t at = 0; at < 12; ++at) {
    Trip trip;
    trip.account = at % 4;
    trip.identity = sequence(at + 1);
    const auto hour = std::to_string(10 + at / 4);
    trip.time = "2026-11-20T" + hour + ":00:00Z";
    trip.end = "2026-11-20T" + hour + ":30:00Z";
    trip.km = std::to_string(*rc::gen::inRange(1, 60));
    lines += line_of(trip);
  }
  return lines;
}

std::string state_of(const Books& books) {
  std::string state;
  books.save([&](std::string_view name, std::string_view bytes) {
    // Admission times and blocks are those of the run.
    if (name == "head" || name == "ranges") return;
    state += name;
    state += bytes;
  });
  return state;
}

}  // namespace

TEST_CASE("transact: any sequence keeps everything whole, and another split of it makes the same") {
  CHECK(rc::check([] {
    BooksWithDealings books;
    const auto trips = some_trips();
    REQUIRE(import_text(books.open, trips));
    std::string all;
    std::string accepted;
    std::string codes;
    const auto count = *rc::gen::inRange(10, 60);
    for (int at = 0; at < count; ++at) {
      const auto ask = any_ask();
      const auto colon = ask.action.find(':');
      const bool office = colon == std::string::npos;
      const auto action = office ? ask.action : ask.action.substr(colon + 1);
      const auto document = books.document(action, ask.data, std::to_string(at),
                                           office ? "office" : ask.action.substr(0, colon));
      all += document;
      const auto before = balances_of(books.books());
      const auto answer = books.send(document).front();
      if (action == "question") RC_ASSERT(balances_of(books.books()) == before);
      codes += answer.reason.code + " ";
      if (answer.outcome == Outcome::accepted) accepted += document;
      assert_whole(books.books());
    }
    BooksWithDealings again;
    REQUIRE(import_text(again.open, trips));
    std::string codes_again;
    for (const auto& answer : again.send(all)) codes_again += answer.reason.code + " ";
    RC_ASSERT(codes == codes_again);
    RC_ASSERT(state_of(books.books()) == state_of(again.books()));
    // What was accepted and is sent once more changes nothing.
    for (const auto& answer : again.send(accepted)) {
      RC_ASSERT(answer.outcome == Outcome::duplicate);
    }
    RC_ASSERT(state_of(books.books()) == state_of(again.books()));
    const auto report = verify(books.disk);
    RC_ASSERT(report.has_value());
    for (const auto& finding : report->findings) RC_FAIL(finding.code);
  }));
}
