// Columns of the metro method with its factor look-up, against a loop written by hand over the
// same columns that does the same: range check, look-up by region and day, rounding, sums.
#include <bit>
#include <cstdlib>
#include <vector>

#include "bench/figures.h"
#include "intake/knowledge.h"
#include "method/totals.h"

using namespace partake;

namespace {

constexpr std::size_t rows = 4'000'000;

struct Evidence {
  std::vector<double> distance;
  std::vector<std::uint32_t> region;
  std::vector<std::uint32_t> day;
};

// `mixed`: regions and days change from row to row; otherwise a file of one city and month.
Evidence generate(const RegionGraph& regions, bool mixed) {
  Evidence evidence;
  const std::array codes{regions.find("CN-BJ")->value, regions.find("CN-TJ")->value,
                         regions.find("CN-HE")->value};
  const auto first = method::day_key(*parse_day("2024-11-01"));
  std::uint64_t state = 1;
  for (std::size_t i = 0; i < rows; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const auto random = static_cast<std::uint32_t>(state >> 33U);
    evidence.distance.push_back(0.1 + static_cast<double>(random % 30000) / 1000);
    evidence.region.push_back(mixed ? codes[random % 3] : codes[0]);
    evidence.day.push_back(
        first + (mixed ? random / 7 % 30 : static_cast<std::uint32_t>(i / (rows / 30 + 1))));
  }
  return evidence;
}

// By hand: the factor pair of a (region, day) from a dense table, one multiplication, one rounding.
std::int64_t by_hand(const Evidence& evidence, std::size_t region_count) {
  struct Pair {
    double baseline = 0.104;
    double metro = 0.032;
  };
  const auto first = method::day_key(*parse_day("2024-11-01"));
  static const std::vector<Pair> table(region_count * 64);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const double x = evidence.distance[i];
    if (!(x > 0 && x <= 200)) std::abort();
    const auto& pair = table[evidence.region[i] * 64 + (evidence.day[i] - first)];
    const double mg = x * (pair.baseline - pair.metro) * 1000000.0;
    constexpr double magic = 6755399441055744.0;
    sum += std::bit_cast<std::int64_t>(mg + magic) - std::bit_cast<std::int64_t>(magic);
  }
  return sum;
}

struct Result {
  double seconds = 0;
  Int128 sum = 0;
};

Result by_columns(const method::Compiled& compiled, const factor::Library& library,
                  const Evidence& evidence, bool uncertainty) {
  method::Terms terms;
  terms.admitted_on = *parse_day("2026-11-20");
  auto binding = method::Binding::make(*compiled.method, library, terms).value();
  method::Evaluator evaluator{compiled.program};
  Result result;
  std::vector<method::RowState> states(method::block_rows_max);
  const auto work = [&] {
    method::Totals totals{*compiled.method, compiled.program};
    Int128 sum = 0;
    method::Block block;
    for (std::size_t at = 0; at < rows; at += method::block_rows_max) {
      block.rows = std::min(method::block_rows_max, rows - at);
      block.columns.assign(1, {evidence.distance.data() + at, 0});
      std::fill(states.begin(), states.end(), method::RowState::good);
      const std::array regions{method::Keys{evidence.region.data() + at, 0}};
      const std::array days{method::Keys{evidence.day.data() + at, 0}};
      binding.bind(regions, days, block, states);
      evaluator.run(block, states,
                    uncertainty ? method::Evaluator::Detail::sensitivities
                                : method::Evaluator::Detail::outcomes);
      if (uncertainty) {
        totals.add(evaluator, binding, states, block.rows);
        continue;
      }
      std::int64_t part = 0;
      for (const auto count : evaluator.outcome(0).first(block.rows)) part += count;
      sum += part;
    }
    result.sum = uncertainty ? totals.outputs()[0].sum : sum;
  };
  result.seconds = bench::best_of(5, work);
  return result;
}

}  // namespace

int main() {
  intake::Knowledge knowledge;
  Problems problems;
  const auto folder = intake::find_library("", "/proc/self/exe");
  if (!folder) return 1;
  knowledge.add_folder(*folder, problems);
  const auto* metro = knowledge.method(MethodId{"transport.metro"});
  if (metro == nullptr) return 1;
  const auto& library = knowledge.library();
  std::printf("evaluate: transport.metro, %zu rows, one core\n", rows);
  for (const bool mixed : {false, true}) {
    const auto evidence = generate(library.regions(), mixed);
    std::int64_t hand_sum = 0;
    const double hand =
        bench::best_of(5, [&] { hand_sum = by_hand(evidence, library.regions().size()); });
    std::printf("%s\n", mixed ? " regions and days mixed" : " one region, days in order");
    std::printf("%-52s %12.1f M rows/s\n", "  hand-written loop", rows / hand / 1e6);
    for (const bool uncertainty : {false, true}) {
      const auto result = by_columns(*metro, library, evidence, uncertainty);
      bench::figure(
          uncertainty ? "  columns, with sums per factor for the uncertainty" : "  columns",
          rows / result.seconds / 1e6, "M rows/s", rows / hand / 1e6, "the hand-written loop");
      if (result.sum != hand_sum) std::printf("  sums differ!\n");
    }
  }
  return 0;
}
