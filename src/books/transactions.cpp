#include "books/transactions.h"

#include "books/instruction_reader.h"
#include "books/json_events.h"

namespace partake::books {
namespace {

class Transactions {
 public:
  Transactions(Books& books, Writer& writer, const SourceAccess& access,
               const TransactOptions& options)
      : books_{books}, writer_{writer}, access_{access}, options_{options} {}

  Status take(const EventBatch& batch) {
    for (std::size_t place = 0; place < batch.count; ++place) {
      TransactionAnswer answer;
      answer.line = batch.lines[place];
      answer.element = batch.element(place);
      CHECK_OK(take_one(batch, place, answer));
      ++counts_.events;
      ++counts_.by_outcome[static_cast<std::size_t>(answer.outcome)];
      answers_.push_back(std::move(answer));
    }
    CHECK_OK(writer_.flush());
    for (const auto& answer : answers_) {
      if (options_.answer) CHECK_OK(options_.answer(answer));
    }
    answers_.clear();
    return {};
  }

  [[nodiscard]] const ImportCounts& counts() const { return counts_; }

 private:
  // Trouble with the books stops; what is wrong with the document is its answer.
  static Status settle(Error error, TransactionAnswer& answer) {
    if (error.kind == ErrorKind::unavailable || error.kind == ErrorKind::corrupt) {
      return tl::unexpected(std::move(error));
    }
    answer.reason = std::move(error);
    return {};
  }

  Status take_one(const EventBatch& batch, std::size_t place, TransactionAnswer& answer) {
    auto instruction = read_instruction(batch.documents[place], books_.rulebook());
    if (!instruction) {
      // What the splitter found out of an array tells more.
      const auto& of_form = batch.events()[place].error;
      const bool broken = of_form.code == "event.array_broken" ||
                          of_form.code == "event.after_array" || of_form.code == "event.too_large";
      return settle(broken ? of_form : std::move(instruction).error(), answer);
    }
    if (auto proven = access_.check(instruction->stream); !proven) {
      return settle(std::move(proven).error(), answer);
    }
    TRY(const auto known, answer_known(*instruction, answer));
    if (known) return {};
    CHECK_OK(writer_.begin_event());
    auto made = decide(books_, writer_, *instruction);
    if (!made) return settle(std::move(made).error(), answer);
    auto moved = writer_.make_room(*instruction, *made);
    if (!moved) return settle(std::move(moved).error(), answer);
    if (*moved) {
      // Another block, another time.
      made = decide(books_, writer_, *instruction);
      if (!made) return settle(std::move(made).error(), answer);
    }
    TRY(answer.record, writer_.add(*instruction, *made));
    answer.outcome = Outcome::accepted;
    answer.made = *std::move(made);
    return {};
  }

  Result<bool> answer_known(const Instruction& instruction, TransactionAnswer& answer) {
    const auto* known = books_.identities().find(hash_of_id(instruction.stream, instruction.id));
    if (known == nullptr) return false;
    answer.record = known->record;
    TRY(const auto bytes, writer_.bytes_of(known->record));
    std::string_view rest{bytes};
    TRY(const auto record, journal::take_record(rest));
    answer.outcome = Outcome::duplicate;
    TRY(answer.made, parse_transaction(record.open));
    // Once erased, what was asked for cannot be compared any more.
    if (record.erased) return true;
    TRY(const auto before, parse_instruction(record.body(), answer.made->action));
    if (before.action == instruction.action && body_text(before) == body_text(instruction)) {
      return true;
    }
    answer.outcome = Outcome::conflict;
    answer.made.reset();
    answer.reason = {
        ErrorKind::conflict, "event.conflict", {{"record", std::to_string(known->record)}}, {}};
    return true;
  }

  Books& books_;
  Writer& writer_;
  const SourceAccess& access_;
  const TransactOptions& options_;
  ImportCounts counts_;
  std::vector<TransactionAnswer> answers_;
};

}  // namespace

Result<ImportCounts> transact(ByteSource& source, Books& books, Writer& writer,
                              const TransactOptions& options) {
  // Only the documents are taken of it; small batches, so that answers do not wait for long.
  constexpr std::size_t batch_bytes = 128U << 10U;
  JsonEvents feed{source, books.rulebook(), batch_bytes};
  const SourceAccess access{books.rulebook(), options.tokens};
  Transactions transactions{books, writer, access, options};
  EventBatch batch;
  while (!feed.is_done()) {
    batch.clear();
    CHECK_OK(feed.fill(batch));
    CHECK_OK(transactions.take(batch));
  }
  return transactions.counts();
}

}  // namespace partake::books
