// What accounts have used of their caps: an amount for each account, cap and window of time.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "ledger/account_number.h"
#include "ledger/flat_table.h"

namespace partake::ledger {

enum class Window : std::uint8_t { day, week, month, year };

// The window that a local day lies in, named by its last day, counted from 1990 on. Weeks end on
// Sunday.
std::uint16_t window_of(Day day, Window window);
// The days that have windows of their own: 1990 to 2149.
constexpr Day window_day_min = std::chrono::year{1990} / 1 / 1;
constexpr Day window_day_max = std::chrono::year{2149} / 12 / 31;
inline std::uint16_t window_day(Day day) {
  return static_cast<std::uint16_t>(day_number(day) - day_number(window_day_min));
}

using CapNumber = std::uint16_t;
constexpr CapNumber caps_max = 4095;

class Caps {
 public:
  // The days before which windows may be forgotten: no event so old is accepted any more.
  void forget_before(Day day) { horizon_ = day; }

  // Requires cap < caps_max.
  [[nodiscard]] std::int64_t used(AccountIndex account, CapNumber cap, std::uint16_t window) const;
  // `amount` may be negative: a reversal gives room back.
  void use(AccountIndex account, CapNumber cap, std::uint16_t window, std::int64_t amount);
  void prefetch(AccountIndex account, CapNumber cap, std::uint16_t window, bool soon) const {
    const auto key = key_of(account, cap, window);
    soon ? entries_.prefetch_entry(key) : entries_.prefetch_tags(key);
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return entries_.bytes(); }

  struct Entry {
    std::uint64_t place = 0;  // Account (36 bits), cap + 1 (12), window (16).
    std::int64_t used = 0;

    [[nodiscard]] std::uint64_t key() const { return place; }
  };
  template <class Visit>
  void each(Visit visit) const {
    entries_.each(visit);
  }
  void restore(const Entry& entry);
  // Whether it may still count.
  [[nodiscard]] bool keep(const Entry& entry) const;

 private:
  static std::uint64_t key_of(AccountIndex account, CapNumber cap, std::uint16_t window) {
    return account.value << 28U | std::uint64_t{cap + 1U} << 16U | window;
  }

  FlatTable<Entry> entries_;
  Day horizon_ = window_day_min;
};
static_assert(sizeof(Caps::Entry) == 16);

}  // namespace partake::ledger
