// A small life of the books on a disk that crashes before every operation, with every subset of
// what was pending: sectors and names.
#include <functional>
#include <unordered_set>

#include "base/require.h"
#include "books/life_testing.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

Script small_script() {
  Script script;
  script.limits = {.segment_bytes = 40'000, .allocation_bytes = 4096};
  // In one block, so that it is longer than a sector and an erasure changes two of them.
  std::string lines;
  for (std::uint64_t number = 1; number <= 8; ++number) {
    const auto time = "2026-11-1" + std::to_string(number) + "T08:00:00Z";
    const std::uint64_t account = number == 2 ? 2 : erased_account.value;
    lines += line_of({.account = account, .time = time, .end = time, .identity = sequence(number)});
  }
  // One fact a block, so that a block has no more sectors than can be counted through.
  script.steps = {{Step::Kind::set_up},
                  {Step::Kind::events, lines, 8},
                  {Step::Kind::checkpoint},
                  {Step::Kind::snapshot},
                  {Step::Kind::erasure}};
  return script;
}

// Counts through all combinations of two choices each, the last one first.
class Odometer {
 public:
  std::uint64_t operator()(std::uint64_t count) {
    PARTAKE_REQUIRE(count == 2);
    if (at_ == choices_.size()) choices_.push_back(0);
    return choices_[at_++];
  }
  // False when all were seen.
  bool turn() {
    at_ = 0;
    while (!choices_.empty() && choices_.back() == 1) choices_.pop_back();
    if (choices_.empty()) return false;
    choices_.back() = 1;
    return true;
  }

 private:
  std::vector<std::uint64_t> choices_;
  std::size_t at_ = 0;
};

// Of so many things pending every subset is tried; of more, some that are drawn.
constexpr std::uint64_t pending_max = 12;
constexpr std::uint64_t drawn = 32;

// The builds that do not optimise, many times slower, recover only one landing of so many.
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t stride = 1;
#else
constexpr std::uint64_t stride = 16;
#endif

std::uint64_t pending_of(const Moment& moment) {
  std::uint64_t pending = 0;
  moment.disk.fork().crash([&](std::uint64_t) {
    ++pending;
    return 1U;
  });
  return pending;
}

}  // namespace

TEST_CASE("crash: of a small life, whatever subset of the pending landed, every promise is kept") {
  const LifeFacts facts;
  const auto lived = live_through(small_script(), facts);
  Recovery recovery{lived};
  std::unordered_set<std::uint64_t> seen;
  const auto try_landing = [&](const Moment& moment, const storage::SimulatedDisk::Choose& choose) {
    auto disk = moment.disk.fork();
    disk.crash(choose);
    // Whether zeros landed on zeros makes no difference.
    StateName name;
    name.add(disk);
    name.add(moment.promises);
    const bool is_new = seen.insert(name.value()).second;
    if (is_new && seen.size() % stride == 0) recovery.recover(disk, moment.promises);
  };
  SplitMix draw{1};
  std::uint64_t whole = 0;
  for (std::size_t number = 0; number < lived.moments.size(); ++number) {
    CAPTURE(number);
    const auto& moment = lived.moments[number];
    if (pending_of(moment) <= pending_max) {
      ++whole;
      Odometer odometer;
      do {
        try_landing(moment, std::ref(odometer));
      } while (odometer.turn());
    } else {
      // Of all operations only the writing of a snapshot leaves so much pending.
      CHECK(moment.disk.exists("snapshots/unfinished"));
      for (std::uint64_t at = 0; at < drawn; ++at) try_landing(moment, std::ref(draw));
    }
  }
  CHECK_GT(whole, 120);
  MESSAGE(seen.size() << " landings; every subset at " << whole << " of " << lived.moments.size()
                      << " moments");
}
