#include "books/instruction_data.h"

#include <algorithm>

#include "base/whole_number.h"
#include "ledger/amount.h"

namespace partake::books {

void InstructionData::refuse(std::string code, Args args) {
  if (status_) status_ = fail(ErrorKind::invalid, std::move(code), std::move(args));
}

const Json* InstructionData::take(const char* key) {
  asked_.emplace_back(key);
  return data_.find(key);
}

const Json* InstructionData::require_key(const char* key) {
  const auto* value = take(key);
  if (value == nullptr) refuse("transaction.field_missing", {{"field", key}});
  return value;
}

bool InstructionData::has(const char* key) { return take(key) != nullptr; }

std::string InstructionData::text(const char* key) {
  const auto* value = require_key(key);
  if (value == nullptr) return {};
  const auto* text = value->string();
  if (text == nullptr || text->empty()) {
    refuse("transaction.wrong_type", {{"field", key}, {"type", "text"}});
    return {};
  }
  if (text->size() > text_bytes_max) {
    refuse("transaction.text_too_long",
           {{"field", key}, {"limit", std::to_string(text_bytes_max)}});
    return {};
  }
  return *text;
}

std::string InstructionData::optional_text(const char* key) {
  return has(key) ? text(key) : std::string{};
}

std::vector<std::string> InstructionData::texts(const char* key) {
  const auto* value = take(key);
  std::vector<std::string> texts;
  if (value == nullptr) return texts;
  const auto* list = value->array();
  constexpr std::size_t texts_max = 100;
  const bool good = list != nullptr && list->size() <= texts_max &&
                    std::all_of(list->begin(), list->end(),
                                [](const Json& entry) { return entry.string() != nullptr; });
  if (!good) {
    refuse("transaction.wrong_type", {{"field", key}, {"type", "list of texts"}});
    return texts;
  }
  for (const auto& entry : *list) texts.push_back(*entry.string());
  return texts;
}

std::uint64_t InstructionData::whole(const char* key) {
  const auto* value = require_key(key);
  if (value == nullptr) return 0;
  const auto* text = value->number() != nullptr ? &value->number()->text : value->string();
  const auto whole = text == nullptr ? std::nullopt : parse_whole(*text);
  // Whoever reads the answer as JSON must be able to keep it.
  constexpr std::uint64_t whole_max = std::uint64_t{1} << 53U;
  if (!whole || *whole > whole_max) {
    refuse("transaction.bad_count", {{"field", key}, {"value", text == nullptr ? "" : *text}});
    return 0;
  }
  return *whole;
}

std::uint64_t InstructionData::count(const char* key) {
  const auto value = whole(key);
  if (value == 0) refuse("transaction.bad_count", {{"field", key}, {"value", "0"}});
  return value;
}

std::int64_t InstructionData::amount(const char* key, ledger::Asset asset) {
  const auto written = text(key);
  if (!is_good()) return 0;
  const auto quantity = parse_quantity(written);
  const auto whole = quantity ? ledger::whole_in(*quantity, asset) : std::nullopt;
  if (!whole || *whole == 0) {
    refuse("transaction.bad_amount",
           {{"field", key}, {"value", written}, {"unit", ledger::unit_of(asset)}});
  }
  return whole.value_or(0);
}

std::optional<std::int64_t> InstructionData::optional_amount(const char* key, ledger::Asset asset) {
  if (!has(key)) return std::nullopt;
  return amount(key, asset);
}

AccountIndex InstructionData::account_named(const char* key, const std::string& text) {
  const bool is_number = !text.empty() && std::all_of(text.begin(), text.end(),
                                                      [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) {
    const auto party = books_.holdings().party({programme_, text});
    if (!party) refuse("transaction.unknown_party", {{"field", key}, {"party", text}});
    return party.value_or(AccountIndex{});
  }
  auto account = books_.account(text);
  if (account) return *account;
  if (status_) status_ = tl::unexpected(std::move(account).error());
  return {};
}

AccountIndex InstructionData::account(const char* key) {
  const auto written = text(key);
  return is_good() ? account_named(key, written) : AccountIndex{};
}

std::optional<AccountIndex> InstructionData::optional_account(const char* key) {
  if (!has(key)) return std::nullopt;
  return account(key);
}

std::optional<Day> InstructionData::optional_until(const char* key) {
  if (!has(key)) return std::nullopt;
  const auto written = text(key);
  const auto day = parse_day(written);
  if (day) return *day;
  refuse("transaction.bad_until", {{"until", written}});
  return std::nullopt;
}

std::vector<std::pair<std::string, AccountIndex>> InstructionData::accounts(const char* key) {
  const auto* value = take(key);
  std::vector<std::pair<std::string, AccountIndex>> accounts;
  if (value == nullptr) return accounts;
  if (value->object() == nullptr) {
    refuse("transaction.wrong_type", {{"field", key}, {"type", "object"}});
    return accounts;
  }
  for (const auto& [party, account] : *value->object()) {
    if (account.string() == nullptr) {
      refuse("transaction.wrong_type", {{"field", key}, {"type", "text"}});
      continue;
    }
    accounts.emplace_back(party, account_named(key, *account.string()));
  }
  return accounts;
}

Status InstructionData::finish() {
  for (const auto& [key, value] : *data_.object()) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    refuse("transaction.unknown_field", {{"field", key}});
  }
  return status_;
}

}  // namespace partake::books
