#include "ledger/questions.h"

#include <doctest/doctest.h>

using namespace partake::ledger;

namespace {

Question about(std::uint64_t record, std::uint64_t account) {
  Question question;
  question.record = record;
  question.account = AccountIndex{account};
  question.finding = "speed";
  return question;
}

}  // namespace

TEST_CASE("questions: an entry is doubted once at a time, and a decision ends it") {
  Questions questions;
  CHECK_EQ(questions.ask(about(7, 3)), 0);
  CHECK_EQ(questions.ask(about(9, 4)), 1);
  CHECK_EQ(questions.about(7), 0);
  CHECK_FALSE(questions.about(8));
  CHECK(questions.is_open_for(AccountIndex{3}));
  questions.settle(0, QuestionState::kept);
  CHECK_FALSE(questions.is_open_for(AccountIndex{3}));
  CHECK(questions.is_open_for(AccountIndex{4}));
  CHECK_EQ(std::string{name_of(questions.find(0)->state)}, "kept");
  // Once decided it may be doubted again.
  CHECK_EQ(questions.ask(about(7, 3)), 2);
  CHECK_EQ(questions.about(7), 2);
  CHECK_EQ(questions.find(3), nullptr);
}

TEST_CASE("questions: what was kept elsewhere is as it was, or refused") {
  Questions questions;
  questions.ask(about(7, 3));
  questions.settle(0, QuestionState::taken_back);
  questions.ask(about(7, 3));
  Questions again;
  REQUIRE(again.restore(questions.all()));
  CHECK_EQ(again.about(7), 1);
  CHECK_EQ(again.find(0)->state, QuestionState::taken_back);
  CHECK_EQ(again.find(1)->state, QuestionState::open);
  auto twice = questions.all();
  twice.front().state = QuestionState::open;
  CHECK_FALSE(again.restore(twice));
}
