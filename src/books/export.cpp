#include "books/export.h"

#include "base/require.h"
#include "base/varint.h"
#include "journal/merkle.h"

namespace partake::books {
namespace {

// A file that is written from its beginning to its end.
class Output {
 public:
  static Result<Output> create(storage::Disk& disk, const std::string& path) {
    TRY(auto file, disk.open(path, storage::Access::create));
    return Output{std::move(file)};
  }
  Status add(std::string_view bytes) {
    buffer_ += bytes;
    constexpr std::size_t buffer_max = 1U << 20U;
    return buffer_.size() < buffer_max ? Status{} : write();
  }
  Status finish() {
    CHECK_OK(write());
    return file_->sync();
  }

 private:
  explicit Output(std::unique_ptr<storage::File> file) : file_{std::move(file)} {}
  Status write() {
    CHECK_OK(file_->write(at_, buffer_));
    at_ += buffer_.size();
    buffer_.clear();
    return {};
  }
  std::unique_ptr<storage::File> file_;
  std::uint64_t at_ = 0;
  std::string buffer_;
};

class Export {
 public:
  Export(const Directory& directory, storage::Disk& target, const ExportSelection& selection)
      : directory_{directory}, books_{directory.books()}, target_{target}, selection_{selection} {}

  Result<ExportCounts> run(const ExportProgress& progress) {
    const auto& journal = directory_.journal();
    if (target_.exists("export.json")) return fail(ErrorKind::conflict, "export.exists");
    counts_.blocks = journal.checkpoint().size;
    if (counts_.blocks == 0 || counts_.blocks != journal.blocks().size()) {
      return fail(ErrorKind::conflict, "export.not_signed",
                  {{"signed", std::to_string(counts_.blocks)},
                   {"blocks", std::to_string(journal.blocks().size())}});
    }
    if (selection_.programme) {
      TRY(programme_, books_.programme(*selection_.programme));
    }
    TRY(auto entries, Output::create(target_, "entries"));
    TRY(auto records, Output::create(target_, "records"));
    for (std::uint64_t index = 0; index < counts_.blocks; ++index) {
      CHECK_OK(take_block(index, entries, records));
      if (progress) progress(index + 1, counts_.blocks);
    }
    CHECK_OK(entries.finish());
    CHECK_OK(records.finish());
    CHECK_OK(write_accounts());
    CHECK_OK(storage::replace_file(target_, "checkpoint", journal.checkpoint_note()));
    // Last: without it there is no export.
    CHECK_OK(storage::replace_file(target_, "export.json", head()));
    return counts_;
  }

 private:
  Status take_block(std::uint64_t index, Output& entries, Output& records) {
    TRY(const auto bytes, directory_.journal().read(index));
    TRY(const auto block, journal::parse_block(bytes));
    TRY(const auto header, journal::parse_entry(block.entry));
    std::string size;
    append_varint(size, block.entry.size());
    CHECK_OK(entries.add(size));
    CHECK_OK(entries.add(block.entry));
    records_.clear();
    for (auto rest = block.body; !rest.empty();) {
      TRY(const auto record, journal::take_record(rest));
      records_.push_back(record);
    }
    is_late_ = !selection_.since || utc_day(header.admitted) >= *selection_.since;
    CHECK_OK(choose(header.first_record));
    if (std::find(given_.begin(), given_.end(), true) == given_.end()) return {};
    TRY(const auto leaves, journal::leaves_of(block));
    std::string items;
    std::uint64_t count = 0;
    for (std::size_t at = 0; at < given_.size(); ++count) at += append_item(items, at, leaves);
    std::string start;
    append_varint(start, index);
    append_varint(start, count);
    CHECK_OK(records.add(start));
    return records.add(items);
  }

  // Appends the item that begins with that record; how many records it covers.
  std::size_t append_item(std::string& items, std::size_t at,
                          const std::vector<Hash>& leaves) const {
    if (given_[at]) {
      items += records_[at].whole;
      return 1;
    }
    std::size_t level = 0;
    const auto is_free = [&](std::size_t count) {
      if (at % count != 0 || at + count > given_.size()) return false;
      for (auto other = at; other < at + count; ++other) {
        if (given_[other]) return false;
      }
      return true;
    };
    while (is_free(std::size_t{2} << level)) ++level;
    const auto count = std::size_t{1} << level;
    const auto root = journal::tree_root(std::span{leaves}.subspan(at, count));
    items += static_cast<char>(0x10U + level);
    items.append(reinterpret_cast<const char*>(root.data()), root.size());
    return count;
  }

  // ---- which records are given

  Status choose(std::uint64_t first_record) {
    given_.assign(records_.size(), false);
    for (std::size_t at = 0; at < records_.size(); ++at) {
      const auto number = first_record + at;
      if (static_cast<Kind>(records_[at].open[0]) == Kind::transaction) {
        TRY(at, choose_transaction(at, number));
      } else {
        TRY(const bool given, choose_one(records_[at], number));
        given_[at] = given;
        counts_.given += given ? 1 : 0;
      }
    }
    return {};
  }

  Result<bool> choose_one(const journal::Record& record, std::uint64_t number) {
    switch (static_cast<Kind>(record.open[0])) {
      case Kind::event:
        return choose_event(record, number);
      case Kind::consent:
      case Kind::account_state:
        return choose_hidden(record);
      default:
        // Without these no event can be understood.
        return true;
    }
  }

  [[nodiscard]] bool is_meant(AccountIndex account) const {
    if (selection_.account && account != *selection_.account) return false;
    return !programme_ || books_.accounts().holder(account).programme == *programme_;
  }

  Result<bool> choose_event(const journal::Record& record, std::uint64_t number) {
    if (!is_late_) return false;
    EventRecord event;
    if (record.erased) {
      TRY(event, parse_open(record.open, books_.rulebook()));
      const auto rule = event.event.withdrawal ? event.credit.reversed_rule : event.event.rule;
      const bool other = programme_ && books_.rulebook().rules[rule].programme != *programme_;
      if (selection_.account || other) return false;
    } else {
      TRY(event, parse_event(record.open, record.body(), number, books_.rulebook()));
      if (!is_meant(event.event.account)) return false;
    }
    ++counts_.events;
    if (!event.event.withdrawal) add(event.event.rule, event.credit.credited);
    if (event.credit.reverses) add(event.credit.reversed_rule, event.credit.reversed);
    return true;
  }

  void add(RuleNumber number, const Amounts& amounts) {
    const auto& rule = *books_.rulebook().rules[number].rule;
    for (std::size_t at = 0; at < rule.amounts(); ++at) {
      counts_.posted[static_cast<std::size_t>(rule.asset_of(at))] += amounts[at];
    }
  }

  Result<bool> choose_hidden(const journal::Record& record) const {
    if (!is_late_) return false;
    if (record.erased) return !selection_.account;
    TRY(const auto fact, parse_fact(record.open, record.body()));
    PARTAKE_REQUIRE(fact);
    const auto* consent = std::get_if<ConsentChange>(&*fact);
    return is_meant(consent != nullptr ? consent->account
                                       : std::get<AccountStateChange>(*fact).account);
  }

  // A transaction and its postings; the place of the last one.
  Result<std::size_t> choose_transaction(std::size_t at, std::uint64_t number) {
    TRY(const auto made, parse_transaction(records_[at].open));
    const auto last = at + made.leg_count;
    if (last >= records_.size()) {
      return fail(ErrorKind::corrupt, "record.malformed_transaction", {{"field", "legs"}});
    }
    const bool of_programme = !selection_.programme || made.programme == *selection_.programme;
    for (auto leg_at = at + 1; leg_at <= last; ++leg_at) {
      const auto& record = records_[leg_at];
      TRY(const auto leg, parse_leg(record.open, record.erased ? std::string_view{} : record.body(),
                                    number + leg_at - at));
      const bool of_account =
          !selection_.account || (leg.account && *leg.account == *selection_.account);
      if (!is_late_ || !of_programme || !of_account) continue;
      given_[leg_at] = true;
      given_[at] = true;
      ++counts_.given;
      for (const auto& [asset, amount] : leg.amounts) {
        counts_.posted[static_cast<std::size_t>(asset)] += amount;
      }
    }
    if (is_late_ && of_programme && !selection_.account) given_[at] = true;
    counts_.given += given_[at] ? 1 : 0;
    return last;
  }

  // ---- what stands beside the records

  Status write_accounts() {
    TRY(auto file, Output::create(target_, "accounts"));
    for (std::uint64_t at = 0; at < books_.accounts().size(); ++at) {
      const AccountIndex account{at};
      if (!is_meant(account)) continue;
      Json::Object balances;
      for (std::size_t asset = 0; asset < ledger::assets; ++asset) {
        const auto held = books_.accounts().balance(static_cast<ledger::Asset>(asset), account);
        if (held == 0) continue;
        balances.emplace_back(ledger::name_of(static_cast<ledger::Asset>(asset)),
                              std::to_string(held));
      }
      ++counts_.accounts;
      CHECK_OK(file.add(canonical(Json::Object{{"account", ledger::to_string(account)},
                                               {"balances", std::move(balances)}}) +
                        "\n"));
    }
    return file.finish();
  }

  [[nodiscard]] std::string head() const {
    const auto whole = [](std::uint64_t value) {
      return Json::integer(static_cast<std::int64_t>(value));
    };
    Json::Object selection;
    if (selection_.programme) selection.emplace_back("programme", *selection_.programme);
    if (selection_.account) {
      selection.emplace_back("account", ledger::to_string(*selection_.account));
    }
    if (selection_.since) selection.emplace_back("since", to_string(*selection_.since));
    Json::Object posted;
    for (std::size_t at = 0; at < ledger::assets; ++at) {
      if (counts_.posted[at] == 0) continue;
      posted.emplace_back(ledger::name_of(static_cast<ledger::Asset>(at)),
                          partake::to_string(counts_.posted[at]));
    }
    return canonical(Json::Object{{"format", "partake export 1"},
                                  {"key", journal::to_string(directory_.verifier())},
                                  {"blocks", whole(counts_.blocks)},
                                  {"selection", std::move(selection)},
                                  {"given", whole(counts_.given)},
                                  {"totals", Json::Object{{"events", whole(counts_.events)},
                                                          {"posted", std::move(posted)}}}});
  }

  const Directory& directory_;
  const Books& books_;
  storage::Disk& target_;
  const ExportSelection& selection_;
  std::optional<ledger::ProgrammeIndex> programme_;
  ExportCounts counts_;
  std::vector<journal::Record> records_;  // Of the block.
  std::vector<bool> given_;
  bool is_late_ = true;  // The block was admitted when the selection asks for it.
};

}  // namespace

Result<ExportCounts> write_export(const Directory& directory, storage::Disk& target,
                                  const ExportSelection& selection,
                                  const ExportProgress& progress) {
  return Export{directory, target, selection}.run(progress);
}

}  // namespace partake::books
