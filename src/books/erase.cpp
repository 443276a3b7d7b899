#include "books/erase.h"

#include <algorithm>
#include <set>

#include "books/passbook.h"
#include "books/quarantine.h"
#include "books/snapshot.h"

namespace partake::books {
namespace {

Result<std::vector<std::uint64_t>> records_of(const journal::Journal& journal, const Books& books,
                                              AccountIndex account, std::uint64_t last) {
  std::vector<std::uint64_t> records;
  CHECK_OK(walk_passbook(journal, books, account, last, [&](const PassbookEntry& entry) {
    records.push_back(entry.record);
    return true;
  }));
  std::reverse(records.begin(), records.end());
  return records;
}

// Digits that a JSON text writes as escapes, which is allowed, as digits; all else as it stands.
std::string with_plain_digits(std::string_view document) {
  constexpr std::string_view escape = "\\u003";
  std::string text;
  while (!document.empty()) {
    const auto at = std::min(document.find(escape), document.size());
    text += document.substr(0, at);
    document.remove_prefix(at);
    if (document.empty()) break;
    const char digit = document.size() > escape.size() ? document[escape.size()] : ' ';
    const bool is_digit = digit >= '0' && digit <= '9';
    text += is_digit ? std::string(1, digit) : std::string{escape};
    document.remove_prefix(is_digit ? escape.size() + 1 : escape.size());
  }
  return text;
}

// Messages that name the account, whatever came of them.
Result<std::uint64_t> drop_from_quarantine(storage::Disk& disk, AccountIndex account) {
  TRY(auto quarantine, Quarantine::open(disk));
  const auto name = ledger::to_string(account);
  std::set<std::uint64_t> numbers;
  for (const auto& entry : quarantine.entries()) {
    if (with_plain_digits(entry.document).find(name) != std::string::npos) {
      numbers.insert(entry.number);
    }
  }
  if (!numbers.empty()) CHECK_OK(quarantine.remove(numbers));
  return numbers.size();
}

}  // namespace

Result<FinishedErasure> finish_erasure(storage::Disk& disk, journal::Journal& journal,
                                       const Books& books, const Erasure& erasure) {
  FinishedErasure finished;
  if (erasure.last_record == ledger::no_record) {
    TRY(finished.quarantined, drop_from_quarantine(disk, erasure.account));
    return finished;
  }
  RecordLookup lookup{journal, books};
  TRY(const auto bytes, lookup.bytes_of(erasure.last_record));
  std::string_view rest{bytes};
  TRY(const auto record, journal::take_record(rest));
  // The records are erased last and all at once, so this one speaks for everything.
  if (record.erased) return finished;
  finished.was_finished = false;
  TRY(const auto records, records_of(journal, books, erasure.account, erasure.last_record));
  TRY(finished.quarantined, drop_from_quarantine(disk, erasure.account));
  CHECK_OK(remove_snapshots(disk));
  CHECK_OK(journal.erase(records));
  return finished;
}

Result<ErasureResult> erase_account(Directory& directory, Writer& writer, AccountIndex account,
                                    const std::string& why) {
  auto& books = directory.books();
  CHECK_OK(writer.flush());
  const auto& holder = books.accounts().holder(account);
  if (holder.state == ledger::Holder::State::erased) {
    return fail(ErrorKind::conflict, "account.erased_before",
                {{"account", ledger::to_string(account)}});
  }
  ErasureResult result;
  auto& erasure = result.erasure;
  erasure.account = account;
  erasure.programme = books.rulebook().programmes[holder.programme].id;
  erasure.last_record = holder.last_record;
  erasure.why = why;
  TRY(const auto records, records_of(directory.journal(), books, account, holder.last_record));
  erasure.records = records.size();
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    const auto asset = static_cast<ledger::Asset>(at);
    const auto held = books.accounts().balance(asset, account);
    if (held != 0) erasure.balances.emplace_back(ledger::name_of(asset), held);
  }
  TRY(const auto number, writer.add(Fact{erasure}));
  static_cast<void>(number);
  CHECK_OK(writer.flush());
  TRY(const auto finished, finish_erasure(directory.disk(), directory.journal(), books, erasure));
  result.quarantined = finished.quarantined;
  CHECK_OK(directory.reload());
  writer.forget();
  return result;
}

}  // namespace partake::books
