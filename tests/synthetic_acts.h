// Invented trips of invented people, some of whom cheat in known ways: what the detectors of the
// room rules are measured on. The same seed gives the same acts.
//
// What such a set can show: that a detector finds what it is made for, and what it takes for it
// among variations that somebody thought of. What it cannot: how often real people cheat, how they
// do it, and so how many of a real programme's findings are true.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "base/split_mix.h"
#include "rules/chi_square.h"
#include "rules/detector.h"

namespace partake::testing {

enum class Cheat : std::uint8_t { none, cloned, scripted, made_up, impossible, burst };
constexpr std::size_t cheats = 6;

struct SyntheticAct {
  std::uint64_t account = 0;
  std::int64_t start_s = 0;
  std::int64_t length_s = 0;
  std::int64_t metres = 0;
  std::int32_t day = 0;
  Cheat cheat = Cheat::none;
};

class SyntheticCity {
 public:
  // Of so many accounts one in ten cheats, each kind alike.
  static std::vector<SyntheticAct> acts(std::uint64_t seed, std::uint64_t accounts, int days) {
    SyntheticCity city{seed};
    for (std::uint64_t account = 0; account < accounts; ++account) {
      const auto kind = account % 50;
      const bool cheats_here = kind < cheats - 1;
      city.live(account, days, cheats_here ? static_cast<Cheat>(kind + 1) : Cheat::none);
    }
    std::sort(city.acts_.begin(), city.acts_.end(), [](const auto& a, const auto& b) {
      return std::pair{a.start_s, a.account} < std::pair{b.start_s, b.account};
    });
    return std::move(city.acts_);
  }

 private:
  explicit SyntheticCity(std::uint64_t seed) : random_{seed} {}

  static constexpr std::int64_t minute = 60;
  static constexpr std::int64_t hour = 60 * minute;
  static constexpr std::int64_t day_s = 24 * hour;
  static constexpr std::int32_t first_day = 20'000;

  bool one_in(std::uint64_t count) { return random_(count) == 0; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_(static_cast<std::uint64_t>(high - low + 1)));
  }
  // Around 0, within +- width, nearer ones more often.
  std::int64_t around(std::int64_t width) {
    return (between(-width, width) + between(-width, width) + between(-width, width)) / 3;
  }

  // How somebody lives: a way to work, how fast, and how they write things down.
  struct Habits {
    std::int64_t way_m = 0;
    std::int64_t km_h = 0;
    std::int64_t leaves_s = 0;
    bool rounds = false;         // Writes hundreds of metres.
    bool whole_minutes = false;  // The device reports no seconds.
  };

  void add(std::uint64_t account, int day, std::int64_t second, std::int64_t metres,
           std::int64_t length_s, Cheat cheat) {
    SyntheticAct act;
    act.account = account;
    act.day = first_day + day;
    act.start_s = std::int64_t{act.day} * day_s + second;
    act.length_s = length_s;
    act.metres = metres;
    act.cheat = cheat;
    acts_.push_back(act);
  }

  // A true trip, with all that makes two trips differ.
  void trip(std::uint64_t account, int day, std::int64_t second, std::int64_t way_m,
            const Habits& habits) {
    auto metres = std::max<std::int64_t>(200, way_m + around(way_m * 6 / 100 + 30));
    const auto km_h = std::max<std::int64_t>(8, habits.km_h + around(8));
    const auto length_s = metres * 36 / (km_h * 10) + between(0, 3 * minute);
    // A device that jumps is nobody's cheating, and still an impossible way.
    if (one_in(20'000)) metres *= between(6, 12);
    if (habits.rounds) metres = (metres + 50) / 100 * 100;
    if (habits.whole_minutes) second -= second % minute;
    add(account, day, second, metres, length_s, Cheat::none);
  }

  void live(std::uint64_t account, int days, Cheat cheat) {
    Habits habits;
    habits.way_m = between(2'000, 20'000);
    habits.km_h = between(14, 36);
    habits.leaves_s = 7 * hour + between(0, 2 * hour);
    habits.rounds = one_in(50);
    habits.whole_minutes = one_in(20);
    const auto cloned_m = between(3'000, 15'000);
    const auto script_s = 11 * hour + between(0, 2 * hour);
    for (int day = 0; day < days; ++day) {
      do_cheat(account, day, cheat, cloned_m, script_s);
      // Whoever makes numbers up need not travel.
      if (cheat == Cheat::made_up) continue;
      const bool weekend = day % 7 >= 5;
      if (!one_in(weekend ? 2 : 8)) {
        trip(account, day, habits.leaves_s + around(20 * minute), habits.way_m, habits);
        trip(account, day, 17 * hour + habits.leaves_s / 10 + around(50 * minute), habits.way_m,
             habits);
      }
      if (one_in(4)) {
        trip(account, day, 12 * hour + around(hour), between(500, 8'000), habits);
      }
      // A day of many ways: a move, a visit.
      if (one_in(1'500)) {
        for (int at = 0; at < 6; ++at) {
          trip(account, day, 9 * hour + at * hour + between(0, 20 * minute), between(500, 4'000),
               habits);
        }
      }
    }
  }

  void do_cheat(std::uint64_t account, int day, Cheat cheat, std::int64_t cloned_m,
                std::int64_t script_s) {
    switch (cheat) {
      case Cheat::none:
        return;
      case Cheat::cloned:  // One recorded trip, sent again and again.
        for (auto copies = between(0, 2); copies > 0; --copies) {
          add(account, day, 13 * hour + between(0, 6 * hour), cloned_m, 30 * minute, cheat);
        }
        return;
      case Cheat::scripted:  // A timer, with numbers that vary.
        if (!one_in(10)) {
          add(account, day, script_s, between(3'000, 9'000), between(20, 30) * minute, cheat);
        }
        return;
      case Cheat::made_up: {  // People who invent digits avoid 0 and 5 and like 3 and 7.
        constexpr std::array<std::int64_t, 10> liked{1, 2, 2, 3, 3, 4, 6, 7, 7, 8};
        const auto km = between(3, 12);
        add(account, day, 14 * hour + between(0, 2 * hour),
            km * 1000 + between(0, 99) * 10 + liked[random_(liked.size())], 40 * minute, cheat);
        return;
      }
      case Cheat::impossible:
        if (!one_in(10)) return;
        if (one_in(2)) {
          add(account, day, 14 * hour, between(40'000, 90'000), between(10, 25) * minute, cheat);
        } else {  // In two places at once; neither is too fast by itself.
          const auto second = 14 * hour + between(0, hour);
          add(account, day, second, between(18'000, 24'000), 20 * minute, Cheat::none);
          add(account, day, second + between(1, 4) * minute, between(18'000, 24'000), 20 * minute,
              cheat);
        }
        return;
      case Cheat::burst:
        if (day < 30 || !one_in(20)) return;
        for (auto count = between(10, 20); count > 0; --count) {
          add(account, day, 8 * hour + between(0, 12 * hour), between(1'000, 6'000),
              between(10, 20) * minute, cheat);
        }
        return;
    }
  }

  SplitMix random_;
  std::vector<SyntheticAct> acts_;
};

// One detector with its thresholds, as docs/findings.md shows them, and the cheating it is for.
struct Measured {
  const char* name = "";
  Cheat cheat = Cheat::none;
  std::unique_ptr<rules::Detector> detector;
  bool speed = false;
};

inline std::vector<Measured> measured_detectors() {
  std::vector<Measured> all;
  // 80 km/h.
  all.push_back({"speed", Cheat::impossible, rules::make_speed({Rational{200'000, 9}}), true});
  all.push_back({"repetition: distance", Cheat::cloned, rules::make_repetition({false, 5, 14})});
  all.push_back(
      {"repetition: time of day", Cheat::scripted, rules::make_repetition({true, 5, 14})});
  rules::DigitsTerms digits;
  digits.of = rules::Of::account;
  digits.count = 100;
  digits.significance = "0.0001";
  digits.critical_milli = *rules::critical_milli(digits.significance, false);
  all.push_back({"digits: last of metres", Cheat::made_up, rules::make_digits(digits)});
  rules::RateTerms rate;
  rate.days = 60;
  rate.history = 14;
  rate.most = Rational{35, 10};
  rate.at_least = 5;
  all.push_back({"rate: acts a day", Cheat::burst, rules::make_rate(rate)});
  return all;
}

struct Score {
  std::uint64_t found = 0;  // Acts of the kind that were among a finding's.
  std::uint64_t missed = 0;
  std::uint64_t other = 0;  // Acts of another kind of cheating.
  std::uint64_t false_alarms = 0;
  // The same by accounts: those that cheat in this way and have a finding; those without any
  // cheating that have one.
  std::uint64_t accounts_found = 0;
  std::uint64_t accounts_missed = 0;
  std::uint64_t accounts_wronged = 0;

  [[nodiscard]] double precision() const { return ratio(found + other, false_alarms); }
  [[nodiscard]] double recall() const { return ratio(found, missed); }

 private:
  static double ratio(std::uint64_t good, std::uint64_t bad) {
    return good + bad == 0 ? 1 : static_cast<double>(good) / static_cast<double>(good + bad);
  }
};

// Lets one detector look at all acts, in their order.
inline std::vector<bool> flags_of(Measured& measured, const std::vector<SyntheticAct>& acts) {
  std::vector<bool> flagged(acts.size());
  std::int32_t day = 0;
  for (std::size_t at = 0; at < acts.size(); ++at) {
    const auto& act = acts[at];
    if (act.day != day) {
      day = act.day;
      measured.detector->forget_before(day_of(day - 1));
    }
    const rules::Value value{act.metres, 0};
    rules::Act seen;
    seen.record = at;
    seen.account = act.account;
    seen.start_s = act.start_s;
    seen.length_s = act.length_s;
    seen.day = day_of(act.day);
    if (measured.cheat != Cheat::scripted) seen.values = {&value, 1};
    seen.measure = measured.speed ? act.metres * 1000 : act.metres;
    if (measured.cheat == Cheat::burst) seen.measure = 1;
    if (const auto finding = measured.detector->take(seen)) {
      for (const auto record : finding->records) flagged[record] = true;
    }
  }
  return flagged;
}

inline Score score_of(const std::vector<bool>& flagged, const std::vector<SyntheticAct>& acts,
                      Cheat cheat) {
  Score score;
  struct Person {
    bool is_of_kind = false;
    bool cheats = false;
    bool has_finding = false;
  };
  std::vector<Person> people;
  for (std::size_t at = 0; at < acts.size(); ++at) {
    const auto& act = acts[at];
    if (people.size() <= act.account) people.resize(act.account + 1);
    auto& person = people[act.account];
    person.cheats = person.cheats || act.cheat != Cheat::none;
    person.is_of_kind = person.is_of_kind || act.cheat == cheat;
    person.has_finding = person.has_finding || flagged[at];
    if (act.cheat == cheat) {
      ++(flagged[at] ? score.found : score.missed);
    } else if (flagged[at]) {
      ++(act.cheat == Cheat::none ? score.false_alarms : score.other);
    }
  }
  for (const auto& person : people) {
    if (person.is_of_kind) ++(person.has_finding ? score.accounts_found : score.accounts_missed);
    if (!person.cheats && person.has_finding) ++score.accounts_wronged;
  }
  return score;
}

}  // namespace partake::testing
