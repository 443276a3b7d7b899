#include "intake/books_question.h"

#include <algorithm>

namespace partake::intake {

BooksQuestion read_books_question(const TomlValue& table, Problems& problems) {
  TomlReader reader{table, "books", problems};
  BooksQuestion question;
  question.asset = reader.optional_text("asset");
  question.group = reader.optional_text("group");
  question.hold = reader.optional_text("hold");
  question.split = reader.optional_text("split");
  question.period = reader.optional_text("period");
  question.units = reader.optional_text("units");
  question.reward = reader.optional_text("reward");
  question.state = reader.optional_text("state");
  question.of = reader.optional_texts("of");
  const auto asked = {!question.asset.empty(), !question.hold.empty(), !question.split.empty(),
                      !question.units.empty(), !question.reward.empty()};
  const bool has_state = !question.units.empty() || !question.reward.empty();
  if (std::count(asked.begin(), asked.end(), true) != 1 ||
      question.split.empty() != question.period.empty() || has_state == question.state.empty() ||
      (!question.group.empty() && (question.asset.empty() || !question.of.empty()))) {
    reader.problem("", "example.books_question");
  }
  reader.finish();
  return question;
}

}  // namespace partake::intake
