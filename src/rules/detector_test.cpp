#include "rules/detector.h"

#include <array>
#include <functional>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "rules/chi_square.h"
#include "tests/synthetic_acts.h"

using namespace partake;
using namespace partake::rules;

namespace {

constexpr std::int64_t hour = 3600;

Act at(std::uint64_t record, std::int64_t start_s, std::int64_t length_s, std::int64_t measure,
       std::uint64_t account = 1) {
  Act act;
  act.record = record;
  act.account = account;
  act.start_s = start_s;
  act.length_s = length_s;
  act.day = day_of(static_cast<std::int32_t>(start_s / (24 * hour)));
  act.measure = measure;
  return act;
}

// "120 km/h in 1800 s": the figures of a finding, or "".
std::string said(const std::optional<Finding>& finding) {
  if (!finding) return "";
  std::string text;
  for (const auto& figure : finding->figures) {
    text += (text.empty() ? "" : ", ") + std::string{figure.name} + " " +
            to_shortest(figure.value) + (figure.unit.empty() ? "" : " " + figure.unit);
  }
  return text;
}

constexpr std::int64_t km = 1'000'000;  // In millimetres.
// 80 km/h.
SpeedTerms eighty() { return {Rational{200'000, 9}}; }

}  // namespace

TEST_CASE("speed: by itself, exactly at the limit and one millimetre above it") {
  const auto speed = make_speed(eighty());
  CHECK_EQ(said(speed->take(at(1, 0, hour, 80 * km))), "");
  CHECK_EQ(said(speed->take(at(2, 9 * hour, hour, 80 * km + 1))),
           "distance 80000.001 m, time 3600 s, speed 80 km/h, most 80 km/h");
  const auto finding = speed->take(at(3, 20 * hour, hour / 2, 60 * km));
  CHECK_EQ(said(finding), "distance 60000 m, time 1800 s, speed 120 km/h, most 80 km/h");
  CHECK_EQ(finding->strength, 1500);
  CHECK_EQ(finding->records, std::vector<std::uint64_t>{3});
  // No time at all, and nothing known.
  CHECK_EQ(said(speed->take(at(4, 30 * hour, 0, 1))), "distance 0.001 m, time 0 s, most 80 km/h");
  auto unknown = at(5, 40 * hour, 0, 0);
  unknown.measure.reset();
  CHECK_EQ(said(speed->take(unknown)), "");
  CHECK_EQ(said(speed->take(at(6, 50 * hour, 1, -5))), "");
}

TEST_CASE("speed: acts that overlap are one way after the other") {
  const auto speed = make_speed(eighty());
  CHECK_EQ(said(speed->take(at(1, 0, hour, 50 * km))), "");
  // Touching is possible, so is another person's.
  CHECK_EQ(said(speed->take(at(2, hour, hour, 70 * km))), "");
  CHECK_EQ(said(speed->take(at(3, 0, hour, 70 * km, 2))), "");
  // A second report of the same act is no further way.
  auto again = at(4, 0, hour, 50 * km);
  again.again = true;
  CHECK_EQ(said(speed->take(again)), "");
  CHECK_EQ(said(speed->take(at(5, hour / 2, hour, 41 * km))),
           "acts 3, distance 161000 m, time 7200 s, speed 80.5 km/h, most 80 km/h");
  // What was found is held against nobody else.
  CHECK_EQ(said(speed->take(at(6, hour / 2, hour, 40 * km))), "");
  // And what was withdrawn makes room.
  CHECK_EQ(said(speed->take(at(7, hour / 2, hour, 1 * km))),
           "acts 4, distance 161000 m, time 7200 s, speed 80.5 km/h, most 80 km/h");
  speed->take_back(at(5, hour / 2, hour, 41 * km));
  speed->take_back(at(6, hour / 2, hour, 40 * km));
  CHECK_EQ(said(speed->take(at(8, hour / 2, hour, 40 * km))), "");
}

TEST_CASE("repetition: the same numbers, to the last digit") {
  const auto repetition = make_repetition({false, 2, 3});
  std::vector<Value> values{{1234, -2}};
  const auto send = [&](std::uint64_t record, std::int64_t day, Value value,
                        std::uint64_t account = 1) {
    values = {value};
    auto act = at(record, day * 24 * hour + static_cast<std::int64_t>(record), 60, 0, account);
    act.values = values;
    return said(repetition->take(act));
  };
  CHECK_EQ(send(1, 100, {1234, -2}), "");
  CHECK_EQ(send(2, 100, {12340, -3}), "");
  CHECK_EQ(send(3, 100, {1234, -3}), "");
  CHECK_EQ(send(4, 100, {1234, -2}, 2), "");
  CHECK_EQ(send(5, 102, {1234, -2}), "times 3, days 3 d, more_than 2");
  CHECK_EQ(send(6, 105, {1234, -2}), "");
  // Late acts count with those after them.
  CHECK_EQ(send(7, 104, {1234, -2}), "times 3, days 3 d, more_than 2");
  values = {{1234, -2}};
  auto withdrawn = at(5, 102 * 24 * hour, 60, 0);
  withdrawn.values = values;
  repetition->take_back(withdrawn);
  CHECK_EQ(send(8, 104, {1234, -2}), "times 3, days 3 d, more_than 2");
  CHECK_EQ(send(9, 200, {0, 0}), "");
  CHECK_EQ(send(10, 200, {0, -3}), "");
  CHECK_EQ(send(11, 200, {0, 2}), "times 3, days 3 d, more_than 2");
}

TEST_CASE("repetition: the same second of the day") {
  const auto repetition = make_repetition({true, 2, 30});
  constexpr std::int64_t day = 24 * hour;
  CHECK_EQ(said(repetition->take(at(1, 100 * day + 500, 60, 0))), "");
  CHECK_EQ(said(repetition->take(at(2, 101 * day + 501, 60, 0))), "");
  CHECK_EQ(said(repetition->take(at(3, 102 * day + 500, 60, 0))), "");
  CHECK_EQ(said(repetition->take(at(4, 103 * day + 500, 60, 0))),
           "times 3, days 30 d, more_than 2");
}

TEST_CASE("digits: so many values at a time, each looked at once") {
  DigitsTerms terms;
  terms.of = Of::account;
  terms.count = 50;
  terms.significance = "0.001";
  terms.critical_milli = *critical_milli("0.001", false);
  const auto digits = make_digits(terms);
  std::optional<Finding> found;
  for (std::uint64_t record = 0; record < 50; ++record) {
    CHECK_FALSE(found);
    found = digits->take(at(record, 0, 0, static_cast<std::int64_t>(record) * 10 + 7));
  }
  CHECK_EQ(said(found),
           "values 50, chi_square 450, critical 27.877, significance 0.001, digit 7, "
           "seen 50");
  CHECK_EQ(found->records.size(), 50);
  CHECK_EQ(found->strength, 16'142);
  // Evenly spread ones are no finding; what was withdrawn is replaced by the next.
  for (std::uint64_t record = 100; record < 149; ++record) {
    CHECK_FALSE(digits->take(at(record, 0, 0, static_cast<std::int64_t>(record))));
  }
  digits->take_back(at(148, 0, 0, 148));
  CHECK_FALSE(digits->take(at(150, 0, 0, 8)));
  CHECK_FALSE(digits->take(at(151, 0, 0, 9)));
  for (std::uint64_t record = 200; record < 249; ++record) {
    CHECK_FALSE(digits->take(at(record, 0, 0, 1)));
  }
  CHECK(digits->take(at(249, 0, 0, 1)));
}

TEST_CASE("digits: first digits after Benford's law, whatever the unit") {
  DigitsTerms terms;
  terms.first = true;
  terms.count = 200;
  terms.significance = "0.001";
  terms.critical_milli = *critical_milli("0.001", true);
  const auto run = [&](auto value_of) {
    const auto digits = make_digits(terms);
    bool found = false;
    for (std::uint64_t record = 0; record < 200; ++record) {
      Value value{value_of(record), -2};
      auto act = at(record, 0, 0, 0);
      act.values = {&value, 1};
      found = digits->take(act).has_value() || found;
    }
    return found;
  };
  // Powers of two obey it (Diaconis 1977); evenly spread numbers do not. 0 has no first digit.
  CHECK_FALSE(run([](std::uint64_t record) { return std::int64_t{1} << (record % 62); }));
  CHECK(run([](std::uint64_t record) { return static_cast<std::int64_t>(100 + record * 4); }));
  CHECK_FALSE(run([](std::uint64_t /*record*/) { return std::int64_t{0}; }));
}

TEST_CASE("rate: a day against the days before it, by median and MAD") {
  RateTerms terms;
  terms.days = 10;
  terms.history = 4;
  terms.most = Rational{35, 10};
  terms.at_least = 3;
  const auto day = [](std::int64_t number) { return number * 24 * hour; };
  std::uint64_t record = 0;
  const auto days_of = [&](Detector& rate, std::initializer_list<int> counts) {
    std::int64_t number = 100;
    for (const int count : counts) {
      for (int act = 0; act < count; ++act) CHECK_FALSE(rate.take(at(++record, day(number), 0, 1)));
      ++number;
    }
    return number;
  };
  {
    const auto rate = make_rate(terms);
    // Median 2, MAD 1: 0.6745 * 6 / 1 is 4.05.
    const auto today = days_of(*rate, {1, 2, 3, 1, 4, 2});
    for (int act = 0; act < 7; ++act)
      CHECK_EQ(said(rate->take(at(++record, day(today), 0, 1))), "");
    CHECK_EQ(said(rate->take(at(++record, day(today), 0, 1))),
             "sum 8, median 2, mad 1, days 6 d, at_least 3, score 4.05, most 3.5");
    CHECK_EQ(said(rate->take(at(++record, day(today), 0, 1))),
             "sum 9, median 2, mad 1, days 6 d, at_least 3, score 4.72, most 3.5");
    // One withdrawn, one more: the same again.
    rate->take_back(at(record, day(today), 0, 1));
    CHECK_EQ(rate->take(at(++record, day(today), 0, 1))->strength, 1349);
  }
  {
    const auto rate = make_rate(terms);
    // Too little history, then days that are all alike: only the distance counts.
    const auto today = days_of(*rate, {1, 1, 1, 1, 3});
    for (int act = 0; act < 3; ++act)
      CHECK_EQ(said(rate->take(at(++record, day(today), 0, 1))), "");
    CHECK_EQ(said(rate->take(at(++record, day(today), 0, 1))),
             "sum 4, median 1, mad 0, days 5 d, at_least 3, most 3.5");
    // Long after, nothing is known any more.
    CHECK_FALSE(rate->take(at(++record, day(today + 50), 0, 1'000)));
  }
  {
    terms.of = Of::source;
    terms.unit = "mg";
    const auto rate = make_rate(terms);
    for (int number = 0; number < 4; ++number) {
      CHECK_FALSE(rate->take(at(++record, day(number), 0, 100)));
    }
    CHECK_EQ(said(rate->take(at(++record, day(4), 0, 104, 2))),
             "sum 104 mg, median 100 mg, mad 0 mg, days 4 d, at_least 3 mg, most 3.5");
    // Of a source a day is told once.
    CHECK_FALSE(rate->take(at(++record, day(4), 0, 900, 3)));
  }
}

namespace {

// The acts of a small life, with corrections, in any order of days; what is said of each.
std::vector<std::string> told(Detector& detector, const std::vector<Act>& acts,
                              const std::vector<bool>& forget) {
  std::vector<std::string> all;
  auto newest = day_min;
  for (std::size_t place = 0; place < acts.size(); ++place) {
    newest = std::max(newest, acts[place].day);
    // Acts come at most five days late.
    if (forget[place]) detector.forget_before(newest - std::chrono::days{6});
    all.push_back(said(detector.take(acts[place])));
    if (place % 7 == 6) detector.take_back(acts[place - 3]);
  }
  return all;
}

}  // namespace

TEST_CASE("detectors: what is forgotten, and when, changes no finding") {
  CHECK(rc::check([] {
    std::vector<Act> acts;
    std::int64_t newest = 1000;
    std::vector<Value> values(200);
    for (std::uint64_t record = 0; record < 200; ++record) {
      newest += *rc::gen::element(0, 0, 0, 1);
      const auto day = newest - *rc::gen::inRange(0, 5);
      const auto start = day * 24 * hour + *rc::gen::inRange<std::int64_t>(0, 40) * hour / 2;
      auto act = at(record, start, *rc::gen::inRange(60, 7'000), *rc::gen::inRange(1, 90) * km,
                    static_cast<std::uint64_t>(*rc::gen::inRange(0, 3)));
      values[record] = {*rc::gen::inRange(1, 4), 0};
      act.values = {&values[record], 1};
      acts.push_back(act);
    }
    const std::vector<bool> never(acts.size());
    const auto now_and_then =
        *rc::gen::container<std::vector<bool>>(acts.size(), rc::gen::arbitrary<bool>());
    RateTerms rate;
    rate.days = 8;
    rate.history = 3;
    rate.most = Rational{7, 2};
    rate.at_least = 20 * km;
    const std::array<std::function<std::unique_ptr<Detector>()>, 4> makers{
        [] { return make_speed(eighty()); },
        [] {
          return make_repetition({false, 2, 4});
        },
        [] {
          return make_repetition({true, 1, 4});
        },
        [&] { return make_rate(rate); }};
    for (const auto& make : makers) {
      RC_ASSERT(told(*make(), acts, never) == told(*make(), acts, now_and_then));
    }
  }));
}

TEST_CASE("detectors: precision and recall on invented acts stay above a floor") {
  struct Floor {
    double precision;
    double recall;
    std::uint64_t accounts_missed;
  };
  // Other seeds than those of bench/findings.cpp, on which thresholds were chosen.
  const std::array<Floor, 5> floors{
      {{0.90, 0.99, 0}, {0.60, 0.90, 1}, {0.95, 0.90, 1}, {0.20, 0.70, 1}, {0.70, 0.55, 2}}};
  for (const std::uint64_t seed : {101U, 102U}) {
    const auto acts = testing::SyntheticCity::acts(seed, 1'000, 120);
    auto detectors = testing::measured_detectors();
    REQUIRE_EQ(detectors.size(), floors.size());
    for (std::size_t place = 0; place < detectors.size(); ++place) {
      auto& measured = detectors[place];
      const auto score = testing::score_of(testing::flags_of(measured, acts), acts, measured.cheat);
      CAPTURE(measured.name);
      CHECK_GE(score.precision(), floors[place].precision);
      CHECK_GE(score.recall(), floors[place].recall);
      CHECK_LE(score.accounts_missed, floors[place].accounts_missed);
    }
  }
}
