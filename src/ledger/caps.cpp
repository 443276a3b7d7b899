#include "ledger/caps.h"

#include <limits>

#include "base/require.h"

namespace partake::ledger {

std::uint16_t window_of(Day day, Window window) {
  using std::chrono::December;
  using std::chrono::last;
  using std::chrono::Sunday;
  using std::chrono::weekday;
  const std::chrono::year_month_day date{day};
  switch (window) {
    case Window::day:
      return window_day(day);
    case Window::week:
      return window_day(day + (Sunday - weekday{day}));
    case Window::month:
      return window_day(Day{date.year() / date.month() / last});
    case Window::year:
      return window_day(Day{date.year() / December / last});
  }
  return 0;
}

std::int64_t Caps::used(AccountIndex account, CapNumber cap, std::uint16_t window) const {
  const auto* entry = entries_.find(key_of(account, cap, window));
  return entry == nullptr ? 0 : entry->used;
}

void Caps::use(AccountIndex account, CapNumber cap, std::uint16_t window, std::int64_t amount) {
  PARTAKE_REQUIRE(cap < caps_max);
  const auto key = key_of(account, cap, window);
  auto* entry = entries_.find(key);
  if (entry == nullptr) {
    entry = &entries_.insert(Entry{key, 0}, [this](const Entry& other) { return keep(other); });
  }
  // At the ends of 64 bits it stands still: far beyond what any cap allows.
  if (__builtin_add_overflow(entry->used, amount, &entry->used)) {
    entry->used = amount < 0 ? std::numeric_limits<std::int64_t>::min()
                             : std::numeric_limits<std::int64_t>::max();
  }
}

void Caps::restore(const Entry& entry) {
  entries_.insert(entry, [](const Entry&) { return true; });
}

bool Caps::keep(const Entry& entry) const {
  return static_cast<std::uint16_t>(entry.place) >= window_day(horizon_);
}

}  // namespace partake::ledger
