// Entries that somebody doubts: what they credited is set aside until a person has decided. An
// entry is doubted once at a time, and only a decision ends a question.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/holds.h"

namespace partake::ledger {

enum class QuestionState : std::uint8_t { open = 0, kept = 1, taken_back = 2 };
constexpr std::size_t question_states = 3;
const char* name_of(QuestionState state);

// Questions are counted in the order in which they are asked, from 0.
using QuestionNumber = std::uint64_t;

struct Question {
  std::uint64_t record = 0;             // The entry.
  std::optional<AccountIndex> account;  // Not of an erased holder.
  std::uint32_t source = 0;             // Who asked.
  std::string finding;                  // The rule that it is asked by.
  std::vector<HoldNumber> holds;        // What is set aside for it.
  QuestionState state = QuestionState::open;
};

class Questions {
 public:
  // Requires that the record has no open question.
  QuestionNumber ask(Question question);
  // Requires an open question, and a state that is not open.
  void settle(QuestionNumber number, QuestionState state);

  // Null when there is none.
  [[nodiscard]] const Question* find(QuestionNumber number) const;
  // The last one that was asked about a record.
  [[nodiscard]] std::optional<QuestionNumber> about(std::uint64_t record) const;
  // Whether one about an entry of the account is open.
  [[nodiscard]] bool is_open_for(AccountIndex account) const;
  [[nodiscard]] const std::vector<Question>& all() const { return all_; }
  // False, and nothing usable, when a record has two open ones.
  bool restore(std::vector<Question> all);

 private:
  std::vector<Question> all_;
  std::unordered_map<std::uint64_t, QuestionNumber> by_record_;
};

}  // namespace partake::ledger
