#include "ledger/questions.h"

#include <algorithm>

#include "base/require.h"

namespace partake::ledger {

const char* name_of(QuestionState state) {
  switch (state) {
    case QuestionState::open:
      return "open";
    case QuestionState::kept:
      return "kept";
    case QuestionState::taken_back:
      return "taken_back";
  }
  return "";
}

QuestionNumber Questions::ask(Question question) {
  const auto before = about(question.record);
  PARTAKE_REQUIRE(!before || all_[*before].state != QuestionState::open);
  question.state = QuestionState::open;
  const QuestionNumber number = all_.size();
  by_record_[question.record] = number;
  all_.push_back(std::move(question));
  return number;
}

void Questions::settle(QuestionNumber number, QuestionState state) {
  PARTAKE_REQUIRE(number < all_.size() && state != QuestionState::open);
  PARTAKE_REQUIRE(all_[number].state == QuestionState::open);
  all_[number].state = state;
}

const Question* Questions::find(QuestionNumber number) const {
  return number < all_.size() ? &all_[number] : nullptr;
}

std::optional<QuestionNumber> Questions::about(std::uint64_t record) const {
  const auto found = by_record_.find(record);
  if (found == by_record_.end()) return std::nullopt;
  return found->second;
}

bool Questions::is_open_for(AccountIndex account) const {
  return std::any_of(all_.begin(), all_.end(), [&](const Question& question) {
    return question.state == QuestionState::open && question.account == account;
  });
}

bool Questions::restore(std::vector<Question> all) {
  *this = {};
  for (auto& question : all) {
    const auto state = question.state;
    const auto before = about(question.record);
    if (before && all_[*before].state == QuestionState::open) return false;
    const auto number = ask(std::move(question));
    all_[number].state = state;
  }
  return true;
}

}  // namespace partake::ledger
