#include "ledger/accounts.h"

#include <algorithm>

#include "base/prefetch.h"
#include "base/require.h"

namespace partake::ledger {
namespace {

struct AssetWords {
  const char* name;
  const char* unit;
};
constexpr std::array<AssetWords, assets> words{{{"co2e", "mgCO2e"},
                                                {"points", "1"},
                                                {"water", "mL"},
                                                {"electricity", "mWh"},
                                                {"time", "s"},
                                                {"money", "fen"},
                                                {"credits", "1"}}};

}  // namespace

const char* name_of(Asset asset) { return words[static_cast<std::size_t>(asset)].name; }
const char* unit_of(Asset asset) { return words[static_cast<std::size_t>(asset)].unit; }

std::optional<Asset> asset_of(std::string_view name) {
  for (std::size_t at = 0; at < assets; ++at) {
    if (name == words[at].name) return static_cast<Asset>(at);
  }
  return std::nullopt;
}

// No more than there are: growing moves no bytes, and the system gives memory by the page. It does
// so at the first touch, which is better waited for here than at some posting.
void Accounts::make_room(std::uint64_t size) {
  holders_.grow(size);
  for (std::size_t at = 0; at < assets; ++at) {
    const auto before = balances_[at].capacity();
    if (!in_use_[at] || size <= before) continue;
    balances_[at].grow(size);
    std::fill_n(&balances_[at][before], size - before, 0);
  }
}

Result<AccountIndex> Accounts::open(const Holder& holder, std::uint64_t count) {
  if (count > accounts_max - size_) {
    return fail(ErrorKind::exhausted, "account.too_many",
                {{"count", std::to_string(count)}, {"limit", std::to_string(accounts_max)}});
  }
  const AccountIndex first{size_};
  make_room(size_ + count);
  std::fill_n(&holders_[size_], count, holder);
  size_ += count;
  programme(holder.programme);
  return first;
}

Accounts::Programme& Accounts::programme(ProgrammeIndex number) {
  if (number >= programmes_.size()) programmes_.resize(std::size_t{number} + 1);
  return programmes_[number];
}

void Accounts::use(Asset asset) {
  if (in_use_[index(asset)]) return;
  in_use_[index(asset)] = true;
  make_room(size_);
}

std::int64_t Accounts::balance(Asset asset, AccountIndex account) const {
  return in_use(asset) ? balances_[index(asset)][account.value] : 0;
}

void Accounts::prefetch(AccountIndex account) const {
  if (account.value >= size_) return;
  partake::prefetch(&holders_[account.value]);
  for (std::size_t at = 0; at < assets; ++at) {
    if (in_use_[at]) partake::prefetch(&balances_[at][account.value]);
  }
}

bool Accounts::fits(Asset asset, AccountIndex account, std::int64_t amount) const {
  std::int64_t ignored = 0;
  const auto issued_now = issued(asset, holder(account).programme);
  return !__builtin_add_overflow(balance(asset, account), amount, &ignored) &&
         !__builtin_sub_overflow(issued_now, amount, &ignored);
}

void Accounts::post(Asset asset, AccountIndex account, std::int64_t amount) {
  PARTAKE_REQUIRE(fits(asset, account, amount));
  use(asset);
  balances_[index(asset)][account.value] += amount;
  programme(holder(account).programme).issued[index(asset)] -= amount;
}

std::int64_t Accounts::issued(Asset asset, ProgrammeIndex programme) const {
  return programme < programmes_.size() ? programmes_[programme].issued[index(asset)] : 0;
}

bool Accounts::fits_unnamed(Asset asset, ProgrammeIndex programme, std::int64_t amount) const {
  std::int64_t ignored = 0;
  return !__builtin_add_overflow(unnamed(asset, programme), amount, &ignored) &&
         !__builtin_sub_overflow(issued(asset, programme), amount, &ignored);
}

void Accounts::post_unnamed(Asset asset, ProgrammeIndex programme, std::int64_t amount) {
  use(asset);
  this->programme(programme).unnamed[index(asset)] += amount;
  this->programme(programme).issued[index(asset)] -= amount;
}

std::int64_t Accounts::unnamed(Asset asset, ProgrammeIndex programme) const {
  return programme < programmes_.size() ? programmes_[programme].unnamed[index(asset)] : 0;
}

Int128 Accounts::sum(Asset asset) const {
  Int128 sum = 0;
  for (std::uint64_t at = 0; at < size_; ++at) sum += balance(asset, {at});
  for (const auto& entry : programmes_) {
    sum += Int128{entry.issued[index(asset)]} + entry.unnamed[index(asset)];
  }
  return sum;
}

std::span<const std::int64_t> Accounts::balances(Asset asset) const {
  if (!in_use(asset)) return {};
  return {balances_[index(asset)].data(), size_};
}

void Accounts::restore_holders(std::span<const Holder> holders) {
  make_room(holders.size());
  std::copy(holders.begin(), holders.end(), holders_.data());
  size_ = holders.size();
}

void Accounts::restore_balances(Asset asset, std::span<const std::int64_t> balances) {
  PARTAKE_REQUIRE(balances.size() == size_);
  use(asset);
  std::copy(balances.begin(), balances.end(), balances_[index(asset)].data());
}

std::size_t Accounts::bytes() const {
  std::size_t bytes = holders_.capacity() * sizeof(Holder);
  for (const auto& balances : balances_) bytes += balances.capacity() * sizeof(std::int64_t);
  return bytes;
}

}  // namespace partake::ledger
