// Members of the JSON of our own records, read one by one; the first that is not as it must be is
// remembered.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "base/time.h"
#include "base/whole_number.h"
#include "ledger/accounts.h"

namespace partake::books {

using ledger::AccountIndex;

class Members {
 public:
  explicit Members(const Json& json) : json_{json} {
    if (json.object() == nullptr) bad_ = "object";
  }

  std::string text(const char* key) {
    const auto* value = json_.find(key);
    const auto* text = value == nullptr ? nullptr : value->string();
    if (text == nullptr) return miss(key), "";
    return *text;
  }
  std::uint64_t whole(const char* key) {
    const auto* value = json_.find(key);
    const auto* number = value == nullptr ? nullptr : value->number();
    const auto whole = number == nullptr ? std::nullopt : parse_whole(number->text);
    if (!whole) miss(key);
    return whole.value_or(0);
  }
  // Small enough that every reader of JSON keeps it.
  std::int64_t integer(const char* key) {
    const auto* value = json_.find(key);
    const auto* number = value == nullptr ? nullptr : value->number();
    const auto amount = number == nullptr ? std::nullopt : amount_of(number->text);
    if (!amount) miss(key);
    return amount.value_or(0);
  }
  bool flag(const char* key) {
    const auto* value = json_.find(key);
    const auto* flag = value == nullptr ? nullptr : value->boolean();
    if (flag == nullptr) miss(key);
    return flag != nullptr && *flag;
  }
  Day day(const char* key) {
    const auto day = parse_day(text(key));
    if (!day) miss(key);
    return day.value_or(Day{});
  }
  AccountIndex account() {
    const auto account = ledger::account_of(text("account"));
    if (!account) miss("account");
    return account.value_or(AccountIndex{});
  }
  [[nodiscard]] bool has(const char* key) const { return json_.find(key) != nullptr; }
  // Texts, so that no reader of JSON rounds them: "-12".
  std::int64_t amount(const char* key) {
    const auto amount = amount_of(text(key));
    if (!amount) miss(key);
    return amount.value_or(0);
  }
  static std::optional<std::int64_t> amount_of(std::string_view text) {
    const bool negative = text.starts_with('-');
    const auto whole = parse_whole(text.substr(negative ? 1 : 0));
    if (!whole || *whole >> 63U != 0 || (negative && *whole == 0)) return std::nullopt;
    const auto value = static_cast<std::int64_t>(*whole);
    return negative ? -value : value;
  }
  // The number of a record, or none.
  std::uint64_t record(const char* key) {
    return json_.find(key) == nullptr ? ledger::no_record : whole(key);
  }
  const Json::Array& list(const char* key) {
    static const Json::Array none;
    const auto* value = json_.find(key);
    if (value == nullptr || value->array() == nullptr) return miss(key), none;
    return *value->array();
  }
  const Json::Object& object(const char* key) {
    static const Json::Object none;
    const auto* value = json_.find(key);
    if (value == nullptr || value->object() == nullptr) return miss(key), none;
    return *value->object();
  }
  void miss(const char* key) {
    if (bad_ == nullptr) bad_ = key;
  }
  [[nodiscard]] Status status() const {
    if (bad_ == nullptr) return {};
    return fail(ErrorKind::corrupt, "record.malformed_fact", {{"field", bad_}});
  }

 private:
  const Json& json_;
  const char* bad_ = nullptr;
};

}  // namespace partake::books
