// The accounts: flat arrays by account number, 16 bytes a holder and 8 bytes for the balance in
// each asset that is in use. Double entry: what a member is credited, the programme's issuance
// account of that asset is debited, so that the sum over all accounts of an asset is zero.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/int128.h"
#include "base/large_array.h"
#include "base/result.h"
#include "ledger/account_number.h"

namespace partake::ledger {

// What an account counts, in whole smallest units. The numbers stand in the journal.
enum class Asset : std::uint8_t {
  co2e = 0,         // mg
  points = 1,       // 1
  water = 2,        // mL
  electricity = 3,  // mWh
  time = 4,         // s
  money = 5,        // fen
  credits = 6,      // 1, of a course
};
constexpr std::size_t assets = 7;
const char* name_of(Asset asset);
const char* unit_of(Asset asset);
std::optional<Asset> asset_of(std::string_view name);

using ProgrammeIndex = std::uint16_t;
constexpr std::uint64_t no_record = ~std::uint64_t{0};

struct Holder {
  std::uint64_t last_record = no_record;  // The end of its passbook.
  std::uint32_t consents = 0;             // The number of its set of consents.
  ProgrammeIndex programme = 0;
  enum class State : std::uint8_t { open, frozen, erased } state = State::open;
  std::uint8_t actor = 0;  // Its kind, as the caller numbers them.
};
static_assert(sizeof(Holder) == 16);

class Accounts {
 public:
  // `count` new accounts that are all like `holder`; the first of them. Error account.too_many.
  Result<AccountIndex> open(const Holder& holder, std::uint64_t count);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  // Require account.value < size().
  [[nodiscard]] Holder& holder(AccountIndex account) { return holders_[account.value]; }
  [[nodiscard]] const Holder& holder(AccountIndex account) const { return holders_[account.value]; }
  [[nodiscard]] std::int64_t balance(Asset asset, AccountIndex account) const;
  void prefetch(AccountIndex account) const;

  // Makes balances in the asset, all 0; what is not in use yet is made at the first posting.
  void use(Asset asset);
  // Whether `amount` fits: neither balance may leave 63 bits. Posting it then cannot fail.
  [[nodiscard]] bool fits(Asset asset, AccountIndex account, std::int64_t amount) const;
  // Credits the account (debits it, when negative) and debits the issuance account of its
  // programme. Requires that it fits.
  void post(Asset asset, AccountIndex account, std::int64_t amount);

  // The balance of a programme's issuance account: minus what its members hold.
  [[nodiscard]] std::int64_t issued(Asset asset, ProgrammeIndex programme) const;
  // Posts against an erased holder's account, of whom only sums are known. Like post otherwise.
  [[nodiscard]] bool fits_unnamed(Asset asset, ProgrammeIndex programme, std::int64_t amount) const;
  void post_unnamed(Asset asset, ProgrammeIndex programme, std::int64_t amount);
  [[nodiscard]] std::int64_t unnamed(Asset asset, ProgrammeIndex programme) const;

  // The sum over all accounts of the asset, issuance included; anything but 0 is our mistake. On
  // the way to 0 it may leave 64 bits.
  [[nodiscard]] Int128 sum(Asset asset) const;
  [[nodiscard]] bool in_use(Asset asset) const { return in_use_[index(asset)]; }
  [[nodiscard]] std::size_t bytes() const;

  // The arrays themselves, for snapshots.
  struct Programme {
    std::array<std::int64_t, assets> issued{};
    std::array<std::int64_t, assets> unnamed{};
  };
  [[nodiscard]] std::span<const Holder> holders() const { return {holders_.data(), size_}; }
  // Empty for an asset that is not in use.
  [[nodiscard]] std::span<const std::int64_t> balances(Asset asset) const;
  [[nodiscard]] const std::vector<Programme>& programmes() const { return programmes_; }
  void restore_holders(std::span<const Holder> holders);
  // Requires as many as there are holders.
  void restore_balances(Asset asset, std::span<const std::int64_t> balances);
  void restore_programmes(std::vector<Programme> programmes) {
    programmes_ = std::move(programmes);
  }

 private:
  static std::size_t index(Asset asset) { return static_cast<std::size_t>(asset); }
  Programme& programme(ProgrammeIndex number);
  void make_room(std::uint64_t size);

  LargeArray<Holder> holders_;
  std::array<LargeArray<std::int64_t>, assets> balances_;
  std::array<bool, assets> in_use_{};
  std::vector<Programme> programmes_;
  std::uint64_t size_ = 0;
};

}  // namespace partake::ledger
