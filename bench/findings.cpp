// What the detectors of anomalies find in an invented city with labelled cheating, and how fast.
// tests/synthetic_acts.h says what that shows and what it does not.
#include "bench/figures.h"
#include "tests/synthetic_acts.h"

using namespace partake;

int main() {
  constexpr int days = 120;
  std::printf("findings: precision and recall on invented acts, three seeds\n");
  std::printf("  %-26s%9s%9s%9s%9s%8s%8s   %s\n", "detector", "found", "missed", "others", "false",
              "prec.", "recall", "accounts: found, missed, without cheating");
  std::size_t acts_looked_at = 0;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const auto acts = testing::SyntheticCity::acts(seed, 4'000, days);
    acts_looked_at = acts.size();
    auto detectors = testing::measured_detectors();
    for (auto& measured : detectors) {
      const auto flagged = testing::flags_of(measured, acts);
      const auto score = testing::score_of(flagged, acts, measured.cheat);
      std::printf("  %-26s%9llu%9llu%9llu%9llu%8.3f%8.3f   %llu, %llu, %llu\n", measured.name,
                  static_cast<unsigned long long>(score.found),
                  static_cast<unsigned long long>(score.missed),
                  static_cast<unsigned long long>(score.other),
                  static_cast<unsigned long long>(score.false_alarms), score.precision(),
                  score.recall(), static_cast<unsigned long long>(score.accounts_found),
                  static_cast<unsigned long long>(score.accounts_missed),
                  static_cast<unsigned long long>(score.accounts_wronged));
    }
  }
  std::printf("findings: speed on %zu acts of 4,000 accounts in %d days\n", acts_looked_at, days);
  const auto acts = testing::SyntheticCity::acts(3, 4'000, days);
  // A pass over the same acts that only reads them.
  std::int64_t sum = 0;
  const double plain = bench::best_of(3, [&] {
    for (const auto& act : acts) sum += act.metres ^ act.start_s;
  });
  const auto count = static_cast<double>(acts.size());
  const auto limit = count / plain / 1e6;
  for (std::size_t at = 0; at < testing::measured_detectors().size(); ++at) {
    const double took = bench::best_of(3, [&] {
      auto detectors = testing::measured_detectors();
      static_cast<void>(testing::flags_of(detectors[at], acts));
    });
    bench::figure((std::string{"  "} + testing::measured_detectors()[at].name).c_str(),
                  count / took / 1e6, "M acts/s", limit, "reading alone");
  }
  return sum == 0 ? 1 : 0;
}
