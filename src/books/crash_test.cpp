// Lives of the books on a disk that crashes before every operation, with random landings of what
// was pending: after each crash every promise was kept, and verification agrees.
#include <cstdlib>
#include <unordered_set>

#include "books/life_testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

// ---- scripts

std::string event_line(const Trip& trip, const std::string& id) {
  auto line = line_of(trip);
  const std::string standing = R"("id":"x")";
  line.replace(line.find(standing), standing.size(), R"("id":")" + id + "\"");
  return line;
}

// Trips with numbers and with ids, corrections, withdrawals, and lines that come twice.
class Events {
 public:
  explicit Events(SplitMix& draw) : draw_{draw} {}

  std::string lines(std::uint64_t count) {
    std::string text;
    for (std::uint64_t at = 0; at < count; ++at) text += next();
    return text;
  }

 private:
  struct Sent {
    std::string line;
    std::string name;
    std::uint64_t account = 0;
    bool numbered = true;
    bool replaced = false;
  };

  std::string next() {
    const auto kind = draw_(10);
    if (kind == 0 && !sent_.empty()) return sent_[draw_(sent_.size())].line;
    Sent now{{}, std::to_string(sent_.size() + 1), draw_(3), draw_(4) != 0};
    std::string replaces;
    if (kind <= 3 && !sent_.empty()) {
      auto& earlier = sent_[draw_(sent_.size())];
      if (!earlier.replaced) {
        earlier.replaced = true;
        now.account = earlier.account;
        now.numbered = earlier.numbered;
        replaces = R"(,"replaces":")" + earlier.name + "\"";
      }
    }
    const bool withdraws = kind == 1 && !replaces.empty();
    const auto hour = std::to_string(10 + draw_(12));
    const auto day = "2026-11-" + std::to_string(10 + draw_(9)) + "T" + hour;
    Trip trip{.account = now.account,
              .time = day + ":00:00Z",
              .end = day + ":20:00Z",
              .km = std::to_string(1 + draw_(20)),
              .source = now.numbered ? "gates" : "app",
              .identity = now.numbered ? R"("sequence":")" + now.name + "\"" : R"("x":1)",
              .more = replaces};
    now.line = event_line(trip, now.name);
    if (withdraws) {
      const std::string type = R"("type":"trip")";
      now.line.replace(now.line.find(type), type.size(), R"("type":"partake.withdrawal")");
      now.line.erase(now.line.find(R"(,"data")"));
      now.line += "}\n";
      now.replaced = true;  // It cannot be replaced itself.
    }
    sent_.push_back(now);
    return now.line;
  }

  SplitMix& draw_;
  std::vector<Sent> sent_;
};

// Transactions that can always be done, so that sending them again does nothing more. Some come
// twice.
class Transactions {
 public:
  explicit Transactions(SplitMix& draw) : draw_{draw} {}

  // `guests`: how many accounts may still take part.
  std::string lines(std::uint64_t count, std::uint64_t guests) {
    std::string text;
    for (std::uint64_t at = 0; at < count; ++at) text += next(guests);
    return text;
  }

 private:
  std::string next(std::uint64_t guests) {
    if (draw_(8) == 0 && !last_.empty()) return last_;
    const auto guest = "\"" + account(guests == 1 ? 0 : draw_(guests)) + "\"";
    switch (draw_(6)) {
      case 0:
        return make("transfer", R"("flow":"gift","amount":"3.00 yuan","to":)" + guest);
      case 1:
        trust_ += 200;
        return make("split", R"("split":"share","period":"2026","amount":"3.01 yuan",)"
                             R"("accounts":{"guest":)" +
                                 guest + "}");
      case 2:
        if (trust_ < 100) break;
        trust_ -= 100;
        ++held_;
        return make("hold", R"("rule":"resolution","account":"trust","amount":"1.00 yuan")");
      case 3:
        if (paid_ == held_) break;
        return make("transfer", R"("flow":"payment","amount":"1.00 yuan","to":)" + guest +
                                    R"(,"hold":)" + std::to_string(paid_++));
      case 4:
        units_ += 4;
        return make("issue", R"("units":"forest","account":"trust","count":5,"vintage":2026,)"
                             R"("reference":"r")");
      default:
        if (units_ == 0) break;
        --units_;
        return make("retire", R"("units":"forest","account":"trust","count":1,)"
                              R"("beneficiary":"b","reason":"r")");
    }
    return make("transfer", R"("flow":"gift","amount":"0.01 yuan","to":)" + guest);
  }

  std::string make(const std::string& action, const std::string& data) {
    last_ = R"({"specversion":"1.0","source":"office","id":"t)" + std::to_string(++id_) +
            R"(","type":"partake.)" + action + R"(","time":"2026-11-19T08:00:00Z","data":{)" +
            data + "}}\n";
    return last_;
  }

  SplitMix& draw_;
  std::string last_;
  std::uint64_t id_ = 0;
  std::uint64_t held_ = 0;
  std::uint64_t paid_ = 0;
  std::uint64_t units_ = 0;
  std::uint64_t trust_ = 0;
};

Script draw_script(std::uint64_t seed) {
  SplitMix draw{seed};
  Events events{draw};
  Transactions transactions{draw};
  Script script;
  script.limits = {.segment_bytes = 16'000 + 4096 * draw(6),
                   .allocation_bytes = 4096 * (1 + draw(3))};
  auto& steps = script.steps;
  steps.push_back({Step::Kind::set_up, {}, static_cast<std::uint32_t>(2 + draw(11))});
  const auto rounds = 3 + draw(2);
  const auto edition = draw(rounds);
  const auto erasure = rounds / 2 + draw(rounds - rounds / 2);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    steps.push_back(
        {Step::Kind::events, events.lines(2 + draw(9)), static_cast<std::uint32_t>(1 + draw(8))});
    // The second account is erased; then only the first goes on.
    steps.push_back(
        {Step::Kind::transactions, transactions.lines(1 + draw(4), round <= erasure ? 3 : 1)});
    if (round == edition) {
      steps.push_back({Step::Kind::edition, {}, static_cast<std::uint32_t>(1 + draw(2))});
    }
    if (draw(2) == 0) steps.push_back({Step::Kind::checkpoint});
    if (draw(3) == 0) steps.push_back({Step::Kind::snapshot});
    if (round == erasure) steps.push_back({Step::Kind::erasure});
  }
  steps.push_back({Step::Kind::snapshot});
  steps.push_back({Step::Kind::checkpoint});
  return script;
}

// ---- crashes

// At first nothing lands, then everything, then each thing as it is drawn, seldom or often.
void crash(storage::SimulatedDisk& disk, SplitMix& draw, std::uint64_t landing) {
  const auto often = landing < 2 ? landing * 8 : 1 + draw(7);
  disk.crash([&](std::uint64_t) { return draw(8) < often ? 1U : 0U; });
}

// Counts the crash points: recovered, checked, and not met before.
class Crashes {
 public:
  explicit Crashes(std::uint64_t seed) : draw_{seed} {}

  // Tries so many landings of each moment; fewer where they turn out to be the same.
  void try_life(const Lived& lived, std::uint64_t landings) {
    constexpr std::uint64_t misses_max = 4;
    Recovery recovery{lived};
    for (std::size_t number = 0; number < lived.moments.size(); ++number) {
      const auto& moment = lived.moments[number];
      for (std::uint64_t landing = 0, misses = 0; landing < landings && misses < misses_max;
           ++landing) {
        CAPTURE(number);
        CAPTURE(landing);
        auto disk = moment.disk.fork();
        crash(disk, draw_, landing);
        misses = try_point(recovery, lived, disk, moment.promises) ? 0 : misses + 1;
      }
    }
    outcomes_ += recovery.outcomes();
    lived_on_ += recovery.lived_on();
  }
  [[nodiscard]] std::uint64_t points() const { return seen_.size(); }
  [[nodiscard]] std::uint64_t outcomes() const { return outcomes_; }
  [[nodiscard]] std::uint64_t lived_on() const { return lived_on_; }

 private:
  // False where the same was left by another crash.
  bool try_point(Recovery& recovery, const Lived& lived, storage::SimulatedDisk& disk,
                 const Promises& promises) {
    if (!is_new(disk, promises)) return false;
    if (seen_.size() % 16 == 0) crash_again(recovery, lived, disk.fork(), promises);
    recovery.recover(disk, promises);
    return true;
  }

  // On the way back, mostly within the first few operations, which are those of the recovery.
  void crash_again(Recovery& recovery, const Lived& lived, storage::SimulatedDisk disk,
                   const Promises& promises) {
    disk.fail_at(disk.operations() + draw_(draw_(4) == 0 ? 100 : 6), storage::Fault::crash);
    Life life{disk, lived.script, lived.facts, promises};
    const auto status = life.live();
    if (!status) CHECK_MESSAGE(is_of_disk(status.error()), status.error().code);
    crash(disk, draw_, 2);
    if (is_new(disk, life.promises())) recovery.recover(disk, life.promises());
  }

  bool is_new(storage::SimulatedDisk& disk, const Promises& promises) {
    StateName name;
    name.add(disk);
    name.add(promises);
    return seen_.insert(name.value()).second;
  }

  SplitMix draw_;
  std::unordered_set<std::uint64_t> seen_;
  std::uint64_t outcomes_ = 0;
  std::uint64_t lived_on_ = 0;
};

// Of a run by hand: PARTAKE_CRASH_SEED and PARTAKE_CRASH_POINTS.
std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);  // NOLINT: before any thread starts
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

// The promise is made of the optimised build; the others, many times slower, look for what only
// their assertions and sanitizers see.
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t points_wanted = 100'000;
#else
constexpr std::uint64_t points_wanted = 1'000;
#endif

}  // namespace

TEST_CASE("crash: whatever a power cut leaves of a life of the books, every promise is kept") {
  const auto seed = number_from_environment("PARTAKE_CRASH_SEED", 20'261'120);
  const auto wanted = number_from_environment("PARTAKE_CRASH_POINTS", points_wanted);
  const LifeFacts facts;
  Crashes crashes{seed};
  std::uint64_t lives = 0;
  std::uint64_t segments = 0;
  for (; crashes.points() < wanted; ++lives) {
    CAPTURE(lives);
    const auto lived = live_through(draw_script(seed + lives), facts);
    segments += lived.moments.back().disk.list("journal/blocks")->size();
    crashes.try_life(lived, 24);
  }
  CHECK_GT(segments, lives);
  MESSAGE(crashes.points() << " crash points of " << lives << " lives, " << crashes.outcomes()
                           << " outcomes, " << crashes.lived_on() << " lived on");
}

TEST_CASE("crash: a full disk, a failed write or flush stops with its error, and nothing is lost") {
  const LifeFacts facts;
  const auto lived = live_through(draw_script(1), facts);
  Recovery recovery{lived};
  for (const auto fault :
       {storage::Fault::error, storage::Fault::full, storage::Fault::short_write}) {
    for (std::uint64_t operation = 0; operation + 1 < lived.moments.size(); operation += 3) {
      CAPTURE(operation);
      storage::SimulatedDisk disk;
      disk.fail_at(operation, fault);
      Life life{disk, lived.script, facts, {}};
      const auto status = life.live();
      CHECK_FALSE(status);
      if (!status) CHECK_MESSAGE(is_of_disk(status.error()), status.error().code);
      SplitMix draw{operation};
      crash(disk, draw, 2);
      recovery.recover(disk, life.promises());
    }
  }
}
