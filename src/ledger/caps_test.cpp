#include "ledger/caps.h"

#include <map>
#include <random>
#include <tuple>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace partake;
using ledger::AccountIndex;
using ledger::CapNumber;
using ledger::Caps;
using ledger::Window;

namespace {

Day day(int year, unsigned month, unsigned day_of_month) {
  return std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day_of_month);
}

// The day that names the window.
std::string last_day(Day of, Window window) {
  return to_string(ledger::window_day_min + std::chrono::days{ledger::window_of(of, window)});
}

constexpr std::array<Window, 4> windows{Window::day, Window::week, Window::month, Window::year};

// Whether two days that follow each other are in windows of their own.
bool ends_between(Day before, Day after, Window window) {
  const std::chrono::year_month_day one{before};
  const std::chrono::year_month_day other{after};
  switch (window) {
    case Window::day:
      return true;
    case Window::week:
      return std::chrono::weekday{before} == std::chrono::Sunday;
    case Window::month:
      return one.month() != other.month();
    case Window::year:
      return one.year() != other.year();
  }
  return false;
}

}  // namespace

TEST_CASE("caps: windows are named by their last day") {
  CHECK_EQ(ledger::window_of(ledger::window_day_min, Window::day), 0);
  CHECK_EQ(last_day(day(2026, 11, 21), Window::day), "2026-11-21");
  // A Saturday, a Sunday, a Monday.
  CHECK_EQ(last_day(day(2026, 11, 21), Window::week), "2026-11-22");
  CHECK_EQ(last_day(day(2026, 11, 22), Window::week), "2026-11-22");
  CHECK_EQ(last_day(day(2026, 11, 23), Window::week), "2026-11-29");
  // A week goes on across the end of a year.
  CHECK_EQ(last_day(day(2025, 12, 29), Window::week), "2026-01-04");
  CHECK_EQ(last_day(day(2024, 2, 1), Window::month), "2024-02-29");
  CHECK_EQ(last_day(day(2023, 2, 28), Window::month), "2023-02-28");
  CHECK_EQ(last_day(day(2000, 2, 28), Window::month), "2000-02-29");
  CHECK_EQ(last_day(day(2100, 2, 28), Window::month), "2100-02-28");
  CHECK_EQ(last_day(day(2026, 12, 31), Window::month), "2026-12-31");
  CHECK_EQ(last_day(day(2026, 1, 1), Window::year), "2026-12-31");
  CHECK_EQ(last_day(day(2024, 2, 29), Window::year), "2024-12-31");
  CHECK_EQ(last_day(day(2149, 12, 31), Window::week), "2150-01-04");
  CHECK_EQ(last_day(ledger::window_day_max, Window::year), "2149-12-31");
}

TEST_CASE("caps: every day from 1990 to 2149 is in the window that ends with its last day") {
  for (const auto window : windows) {
    for (auto at = ledger::window_day_min; at < ledger::window_day_max;
         at += std::chrono::days{1}) {
      const auto next = at + std::chrono::days{1};
      const auto of_day = ledger::window_of(at, window);
      CAPTURE(to_string(at));
      REQUIRE_GE(of_day, ledger::window_day(at));
      if (ends_between(at, next, window)) {
        REQUIRE_EQ(of_day, ledger::window_day(at));
        REQUIRE_GT(ledger::window_of(next, window), of_day);
      } else {
        REQUIRE_EQ(ledger::window_of(next, window), of_day);
      }
    }
  }
}

TEST_CASE("caps: what is used adds up, what is given back is free again, and nothing is shared") {
  Caps caps;
  const auto window = ledger::window_of(day(2026, 11, 21), Window::day);
  CHECK_EQ(caps.used({0}, 0, window), 0);
  caps.use({0}, 0, window, 700);
  caps.use({0}, 0, window, 600);
  CHECK_EQ(caps.used({0}, 0, window), 1300);
  caps.use({0}, 0, window, -600);
  CHECK_EQ(caps.used({0}, 0, window), 700);
  caps.use({0}, 0, window, -700);
  CHECK_EQ(caps.used({0}, 0, window), 0);
  // The largest of each part of a key must not run into the next part.
  const AccountIndex last{ledger::accounts_max - 1};
  const CapNumber last_cap = ledger::caps_max - 1;
  caps.use(last, last_cap, 0xFFFF, 1);
  CHECK_EQ(caps.used(last, last_cap, 0xFFFF), 1);
  CHECK_EQ(caps.used(last, last_cap, 0xFFFE), 0);
  CHECK_EQ(caps.used(last, last_cap - 1, 0xFFFF), 0);
  CHECK_EQ(caps.used({last.value - 1}, last_cap, 0xFFFF), 0);
  CHECK_EQ(caps.used({0}, 0, 0), 0);
  CHECK_EQ(caps.used({1}, 0, window), 0);
}

TEST_CASE("caps: forgetting before a day drops only windows that ended before it") {
  Caps caps;
  const auto horizon = day(2026, 3, 4);  // A Wednesday.
  std::vector<std::tuple<AccountIndex, Window, Day>> counting;
  for (std::uint64_t account = 0; account < 200; ++account) {
    for (const auto window : windows) {
      // Long over: only these may go.
      caps.use({account}, 1, ledger::window_of(day(2024, 5, 5), window), 9);
      // Begun before the horizon and not over on it, or on the horizon itself.
      for (const auto at : {day(2026, 3, 2), day(2026, 3, 4), day(2026, 3, 1)}) {
        const auto name = ledger::window_of(at, window);
        if (name < ledger::window_day(horizon)) continue;
        caps.use({account}, 2, name, 5);
        counting.emplace_back(AccountIndex{account}, window, at);
      }
    }
  }
  std::map<std::tuple<std::uint64_t, std::uint16_t>, std::int64_t> expected;
  for (const auto& [account, window, at] : counting) {
    expected[{account.value, ledger::window_of(at, window)}] += 5;
  }
  const auto before = caps.size();
  caps.forget_before(horizon);
  // Until the table is renewed, nothing goes; so let it be renewed.
  auto at = horizon;
  while (caps.size() >= before) {
    for (std::uint64_t account = 0; account < 100; ++account) {
      caps.use({account}, 3, ledger::window_day(at), 1);
    }
    at += std::chrono::days{1};
    REQUIRE_LT(at, ledger::window_day_max);
  }
  std::size_t gone = 0;
  for (std::uint64_t account = 0; account < 200; ++account) {
    for (const auto window : windows) {
      const auto used = caps.used({account}, 1, ledger::window_of(day(2024, 5, 5), window));
      gone += used == 0 ? 1 : 0;
    }
  }
  CHECK_EQ(gone, 200 * windows.size());
  for (const auto& [place, used] : expected) {
    REQUIRE_EQ(caps.used({std::get<0>(place)}, 2, std::get<1>(place)), used);
  }
}

// Days go by; what is over may be forgotten, the rest is always exact.
TEST_CASE("caps: like a map, while days go by and old windows are forgotten") {
  std::size_t forgotten = 0;
  CHECK(rc::check([&] {
    std::mt19937_64 random{*rc::gen::arbitrary<std::uint64_t>()};
    const auto accounts = *rc::gen::inRange<std::uint64_t>(1, 60);
    const std::chrono::days late{*rc::gen::inRange(0, 40)};
    Caps caps;
    std::map<std::tuple<std::uint64_t, CapNumber, std::uint16_t>, std::int64_t> model;
    auto today = day(2026, 1, 1);
    for (int step = 0; step < 4000; ++step) {
      if (random() % 20 == 0) {
        today += std::chrono::days{random() % 4};
        caps.forget_before(today - late);
      }
      const AccountIndex account{random() % accounts};
      const auto cap = static_cast<CapNumber>(random() % windows.size());
      const auto at =
          today - std::chrono::days{random() % (static_cast<unsigned>(late.count()) + 1)};
      const auto window = ledger::window_of(at, windows[cap]);
      const auto amount = static_cast<std::int64_t>(random() % 1000) - 200;
      caps.use(account, cap, window, amount);
      model[{account.value, cap, window}] += amount;
      RC_ASSERT(caps.used(account, cap, window) == (model[{account.value, cap, window}]));
    }
    for (const auto& [place, used] : model) {
      const auto& [account, cap, window] = place;
      const auto found = caps.used({account}, cap, window);
      const bool counts = window >= ledger::window_day(today - late);
      RC_ASSERT(found == used || (!counts && found == 0));
      forgotten += found != used ? 1 : 0;
    }
    // A copy of every entry is the same again.
    Caps again;
    caps.each([&](const Caps::Entry& entry) { again.restore(entry); });
    RC_ASSERT(again.size() == caps.size());
    for (const auto& [place, used] : model) {
      const auto& [account, cap, window] = place;
      RC_ASSERT(again.used({account}, cap, window) == caps.used({account}, cap, window));
    }
  }));
  CHECK_GT(forgotten, 1000);
}
