#include "books/transaction.h"

#include <doctest/doctest.h>

#include "books/event_record.h"

using namespace partake;
using namespace partake::books;
using ledger::Asset;

namespace {

Transaction sample() {
  Transaction made;
  made.action = "split";
  made.programme = "test.programme";
  made.changes = {
      HoldPlaced{3, "pledge", 0, 1, Asset::money, 500, *parse_day("2026-12-31")},
      HoldTaken{2, 7},
      UnitsIssued{"forest", 11, 5, 2024, ledger::UnitState::buffer, 1},
      UnitsChanged{"forest", 11, 12, ledger::UnitState::pledged, 0, 1},
      UnitsChanged{"forest", 13, 13, ledger::UnitState::retired, {}, {}},
      OrderPlaced{4, "tree", 0, true, Asset::points, 179},
      OrderChanged{1, ledger::OrderState::replaced},
      SplitDone{"stay", "2026-10", {{"host", -45}, {"fund", 55}}},
      PeriodClosed{"stay", "2026-09"},
      Reversed{17},
      Questioned{2, 41, 0, 3, "speed", {{Asset::points, 7}}},
      Questioned{3, 42, 0, 3, "speed", {}},
      Settled{2, 41, ledger::QuestionState::kept, {}},
      Settled{3, 42, ledger::QuestionState::taken_back, 5},
  };
  Leg one;
  one.account = AccountIndex{5};
  one.amounts = {{Asset::money, -1'000}, {Asset::credits, 3}};
  one.previous = 90;
  Leg other;
  other.account = AccountIndex{6};
  other.act = parse_instant("2026-11-20T12:00:00.25Z").value();
  made.legs = {one, other};
  made.leg_count = 2;
  return made;
}

}  // namespace

TEST_CASE("transaction: what is written is read again, byte for byte") {
  const auto made = sample();
  const auto open = open_text(made);
  auto again = parse_transaction(open);
  REQUIRE(again);
  CHECK_EQ(again->leg_count, 2);
  again->legs = made.legs;
  CHECK_EQ(open_text(*again), open);
  for (std::size_t at = 0; at < made.legs.size(); ++at) {
    const auto number = 101 + at;
    const auto leg =
        parse_leg(open_text(made.legs[at]), body_text(made.legs[at], number, 100), number);
    REQUIRE(leg);
    CHECK_EQ(leg->account, made.legs[at].account);
    CHECK_EQ(leg->amounts, made.legs[at].amounts);
    CHECK_EQ(leg->previous, made.legs[at].previous);
    CHECK_EQ(leg->transaction, 100);
    CHECK(leg->act == made.legs[at].act);
  }
  Instruction instruction;
  instruction.stream = 2;
  instruction.id = "no. 7";
  instruction.time = *parse_instant("2026-11-20T12:00:00.000001Z");
  instruction.action = "split";
  instruction.data = Json::Object{{"split", "stay"}};
  const auto body = body_text(instruction);
  const auto asked = parse_instruction(body, "split");
  REQUIRE(asked);
  CHECK_EQ(body_text(*asked), body);
}

TEST_CASE("transaction: what no record of ours says is refused") {
  const auto code = [](const auto& result) {
    return result ? std::string{"good"} : result.error().code;
  };
  const std::string kind(1, static_cast<char>(Kind::transaction));
  CHECK_EQ(code(parse_transaction("")), "record.malformed_transaction");
  CHECK_EQ(code(parse_transaction("\x07{}")), "record.malformed_transaction");
  CHECK_EQ(code(parse_transaction(kind + "{")), "json.malformed");
  CHECK_EQ(code(parse_transaction(kind + "{}")), "record.malformed_fact");
  CHECK_EQ(code(parse_transaction(
               kind + R"({"action":"a","changes":[{"change":"x"}],"legs":0,"programme":"p"})")),
           "record.malformed_fact");
  CHECK_EQ(
      code(parse_transaction(kind + R"({"action":"a","changes":[],"legs":5000,"programme":"p"})")),
      "record.malformed_fact");
  const auto with = [&](const std::string& change) {
    return code(parse_transaction(kind + R"({"action":"a","changes":[)" + change +
                                  R"(],"legs":0,"programme":"p"})"));
  };
  const std::string settled = R"({"change":"settled","question":0,"record":1,)";
  CHECK_EQ(with(settled + R"("state":"kept"})"), "good");
  CHECK_EQ(with(settled + R"("state":"open"})"), "record.malformed_fact");
  CHECK_EQ(with(settled + R"("state":"taken_back"})"), "record.malformed_fact");
  const std::string asked =
      R"({"change":"question","question":0,"record":1,"leg":0,"stream":0,"finding":"f",)";
  CHECK_EQ(with(asked + R"("missing":[]})"), "good");
  CHECK_EQ(with(asked + R"("missing":[{"asset":"gold","amount":"1"}]})"), "record.malformed_fact");
  const std::string posting(1, static_cast<char>(Kind::posting));
  const std::string body = body_text(sample().legs[1], 101, 100);
  CHECK_EQ(code(parse_leg(posting, body, 101)), "good");
  CHECK_EQ(code(parse_leg(posting + "\x09\x01", body, 101)), "record.malformed_posting");
  CHECK_EQ(code(parse_leg(posting + "\x01", body, 101)), "record.malformed_posting");
  CHECK_EQ(code(parse_leg(posting, body.substr(0, 1), 101)), "record.malformed_posting");
  CHECK_EQ(code(parse_leg(posting, body + "x", 101)), "record.malformed_posting");
  CHECK_EQ(code(parse_leg(posting, body + '\0', 101)), "good");
  CHECK_EQ(code(parse_leg(posting, std::string("\x01\x00\x01\xff", 4), 101)),
           "record.malformed_posting");
  CHECK_EQ(code(parse_leg("\x09", body, 101)), "record.malformed_posting");
}
