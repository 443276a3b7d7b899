// The data of an instruction, read field by field: the first that is not as it must be is the
// error, and so is a field that nobody asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "books/books.h"

namespace partake::books {

class InstructionData {
 public:
  static constexpr std::size_t text_bytes_max = 500;

  InstructionData(const Json& data, const Books& books, ledger::ProgrammeIndex programme)
      : data_{data}, books_{books}, programme_{programme} {}

  // Errors from all of these are in status(): transaction.field_missing, transaction.wrong_type,
  // transaction.text_too_long, transaction.bad_amount, transaction.bad_count,
  // transaction.unknown_party, transaction.bad_until, account.malformed,
  // account.unknown.
  [[nodiscard]] bool has(const char* key);
  std::string text(const char* key);
  std::string optional_text(const char* key);
  std::vector<std::string> texts(const char* key);
  // A whole number, as a number or its digits.
  std::uint64_t whole(const char* key);
  // At least 1.
  std::uint64_t count(const char* key);
  // Above 0, a whole number of smallest units: "12.50 yuan".
  std::int64_t amount(const char* key, ledger::Asset asset);
  std::optional<std::int64_t> optional_amount(const char* key, ledger::Asset asset);
  // An account number, or the name of a party.
  AccountIndex account(const char* key);
  std::optional<AccountIndex> optional_account(const char* key);
  // An account that `text` names, for the field.
  AccountIndex account_named(const char* key, const std::string& text);
  std::optional<Day> optional_until(const char* key);
  // Members of an object whose values are accounts.
  std::vector<std::pair<std::string, AccountIndex>> accounts(const char* key);

  void refuse(std::string code, Args args);
  [[nodiscard]] bool is_good() const { return status_.has_value(); }
  [[nodiscard]] const Status& status() const { return status_; }
  // Call last: also transaction.unknown_field.
  Status finish();

 private:
  const Json* take(const char* key);
  const Json* require_key(const char* key);

  const Json& data_;
  const Books& books_;
  ledger::ProgrammeIndex programme_;
  std::vector<std::string> asked_;
  Status status_;
};

}  // namespace partake::books
