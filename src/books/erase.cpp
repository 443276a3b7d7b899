#include "books/erase.h"

#include <algorithm>
#include <set>

#include "base/utf8.h"
#include "books/passbook.h"
#include "books/quarantine.h"
#include "books/snapshot.h"

namespace partake::books {
namespace {

// A passbook, read from end to end.
struct Readable {
  std::vector<std::uint64_t> records;  // Ascending.
  // What its entries add up to. Newest first, so that it may leave 64 bits on the way.
  std::array<Int128, ledger::assets> sums{};
};

Result<Readable> read_passbook(const journal::Journal& journal, const Books& books,
                               AccountIndex account, std::uint64_t last) {
  Readable readable;
  CHECK_OK(walk_passbook(journal, books, account, last, [&](const PassbookEntry& entry) {
    readable.records.push_back(entry.record);
    // What was asked for names the account too.
    if (entry.leg) readable.records.push_back(entry.leg->transaction);
    const auto changes = changes_of(entry, books.rulebook());
    for (std::size_t at = 0; at < ledger::assets; ++at) readable.sums[at] += changes[at];
    return true;
  }));
  auto& records = readable.records;
  std::sort(records.begin(), records.end());
  records.erase(std::unique(records.begin(), records.end()), records.end());
  return readable;
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

Hash root_of(const journal::Journal& journal, std::uint64_t blocks) {
  journal::Frontier frontier;
  for (std::uint64_t block = 0; block < blocks; ++block) {
    frontier.append(journal.blocks()[block].entry_hash);
  }
  return frontier.root();
}

template <class Number>
Status same_total(const char* what, Number before, Number after) {
  if (before == after) return {};
  return fail(
      ErrorKind::corrupt, "erase.total_differs",
      {{"asset", what}, {"before", std::to_string(before)}, {"after", std::to_string(after)}});
}

// What a programme had issued, less what came back from the erased account.
std::int64_t expected_issue(const Standing& before, const Erasure& erasure, const Books& books,
                            std::size_t programme, ledger::Asset asset) {
  auto issued = before.programmes[programme].issued[static_cast<std::size_t>(asset)];
  if (books.rulebook().programmes[programme].id != erasure.programme) return issued;
  for (const auto& [name, amount] : erasure.balances) {
    if (name == ledger::name_of(asset)) issued += amount;
  }
  return issued;
}

}  // namespace

Result<std::uint64_t> check_hidden(const journal::Journal& journal,
                                   std::span<const std::uint64_t> records) {
  std::uint64_t blocks = 0;
  while (!records.empty()) {
    const auto index = journal.block_of(records.front());
    TRY(const auto bytes, journal.read(index));
    TRY(const auto block, journal::parse_block(bytes));
    TRY(const auto header, journal::parse_entry(block.entry));
    TRY(const auto leaves, journal::leaves_of(block));
    if (journal::tree_root(leaves) != header.root) {
      return fail(ErrorKind::corrupt, "erase.root_differs", {{"block", std::to_string(index)}});
    }
    for (; !records.empty() && records.front() < header.end_record();
         records = records.subspan(1)) {
      const auto number = records.front();
      TRY(const auto record,
          block.record(static_cast<std::uint32_t>(number - header.first_record)));
      if (record.erased) continue;
      return fail(ErrorKind::corrupt, "erase.still_readable", {{"record", std::to_string(number)}});
    }
    ++blocks;
  }
  return blocks;
}

Standing standing_of(const journal::Journal& journal, const Books& books) {
  return {journal.blocks().size(), journal.root(), books.totals(), books.accounts().programmes(),
          books.accounts().size()};
}

Status check_standing(const Standing& before, const Erasure& erasure,
                      const journal::Journal& journal, const Books& books) {
  const bool same_log =
      journal.blocks().size() >= before.blocks && root_of(journal, before.blocks) == before.root;
  if (!same_log) return fail(ErrorKind::corrupt, "erase.root_differs", {{"block", ""}});
  const auto& accounts = books.accounts();
  CHECK_OK(same_total("events", before.totals.events, books.totals().events));
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    const auto asset = static_cast<ledger::Asset>(at);
    const auto* name = ledger::name_of(asset);
    CHECK_OK(same_total(name, before.totals.credited[at], books.totals().credited[at]));
    CHECK_OK(same_total(name, std::int64_t{0}, accounts.balance(asset, erasure.account)));
    for (std::size_t number = 0; number < before.programmes.size(); ++number) {
      const auto programme = static_cast<ledger::ProgrammeIndex>(number);
      CHECK_OK(same_total(name, expected_issue(before, erasure, books, number, asset),
                          accounts.issued(asset, programme)));
      const auto unnamed = accounts.unnamed(asset, programme);
      if (unnamed == 0) continue;
      return fail(ErrorKind::corrupt, "verify.erased_not_settled",
                  {{"programme", books.rulebook().programmes[number].id},
                   {"asset", name},
                   {"amount", std::to_string(unnamed)}});
    }
    if (const auto sum = accounts.sum(asset); sum != 0) {
      return fail(ErrorKind::corrupt, "verify.sum_not_zero",
                  {{"asset", name}, {"sum", partake::to_string(sum)}});
    }
  }
  return {};
}

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
  TRY(const auto readable, read_passbook(journal, books, erasure.account, erasure.last_record));
  TRY(finished.quarantined, drop_from_quarantine(disk, erasure.account));
  CHECK_OK(remove_snapshots(disk));
  CHECK_OK(journal.erase(readable.records));
  finished.hidden = readable.records.size();
  TRY(finished.blocks_changed, check_hidden(journal, readable.records));
  return finished;
}

Result<ErasureResult> erase_account(Directory& directory, Writer& writer, AccountIndex account,
                                    const std::string& why) {
  auto& books = directory.books();
  auto& journal = directory.journal();
  CHECK_OK(writer.flush());
  const auto& holder = books.accounts().holder(account);
  const auto name = ledger::to_string(account);
  if (holder.state == ledger::Holder::State::erased) {
    return fail(ErrorKind::conflict, "account.erased_before", {{"account", name}});
  }
  if (!is_utf8(why)) return fail(ErrorKind::invalid, "fact.not_utf8", {{"field", "why"}});
  if (why.empty() || to_nfc(why).size() > why_bytes_max) {
    return fail(ErrorKind::invalid, "erase.why", {{"limit", std::to_string(why_bytes_max)}});
  }
  if (books.holdings().is_bound(account)) {
    return fail(ErrorKind::conflict, "erase.account_bound", {{"account", name}});
  }
  ErasureResult result;
  auto& erasure = result.erasure;
  erasure.account = account;
  erasure.programme = books.rulebook().programmes[holder.programme].id;
  erasure.last_record = holder.last_record;
  erasure.why = why;
  TRY(const auto readable, read_passbook(journal, books, account, holder.last_record));
  erasure.records = readable.records.size();
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    const auto asset = static_cast<ledger::Asset>(at);
    const auto held = books.accounts().balance(asset, account);
    if (readable.sums[at] != held) {
      return fail(ErrorKind::corrupt, "erase.balance_differs",
                  {{"account", name},
                   {"asset", ledger::name_of(asset)},
                   {"held", std::to_string(held)},
                   {"sum", partake::to_string(readable.sums[at])}});
    }
    if (held != 0) erasure.balances.emplace_back(ledger::name_of(asset), held);
  }
  const auto before = standing_of(journal, books);
  TRY(result.record, writer.add(Fact{erasure}));
  CHECK_OK(writer.flush());
  TRY(const auto finished, finish_erasure(directory.disk(), journal, books, erasure));
  result.quarantined = finished.quarantined;
  // Adds up every block anew, each checked against its place in the log.
  CHECK_OK(directory.reload());
  writer.forget();
  CHECK_OK(check_standing(before, erasure, journal, books));
  result.checks = {readable.records.size(), finished.hidden, finished.blocks_changed,
                   before.blocks,           before.root,     before.totals,
                   before.accounts};
  return result;
}

}  // namespace partake::books
