// From the bytes of a CSV to totals, against only reading the same bytes; and checking and
// compiling a thousand methods.
#include <filesystem>
#include <fstream>

#include <sys/resource.h>

#include "base/file.h"
#include "bench/figures.h"
#include "intake/example.h"

using namespace partake;

namespace {

// Trips between the sample's five stations, repeated.
std::uint64_t write_trips(const std::string& folder, const std::string& example, int trips) {
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(example + "/station.csv", folder + "/station.csv",
                             std::filesystem::copy_options::overwrite_existing);
  std::ofstream out{folder + "/trip.csv", std::ios::binary};
  out << "id,start_date,start_station_id,end_date,end_station_id,bike_id,subscription_type\n";
  for (int i = 0; i < trips; ++i) {
    out << 100000 + i << ",12/" << i % 31 + 1 << "/14 " << i % 24 << ":" << i % 60 / 10 << i % 10
        << "," << i % 5 + 1 << ",12/31/14 23:59," << (i / 5) % 5 + 1 << "," << i % 700
        << ",Subscriber\n";
  }
  out.close();
  return std::filesystem::file_size(folder + "/trip.csv");
}

long peak_kb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

}  // namespace

int main() {
  const auto library = intake::find_library("", "/proc/self/exe");
  if (!library) return 1;
  const auto example =
      (std::filesystem::path{*library}.parent_path() / "examples/shared-bicycle").string();
  const auto folder = (std::filesystem::temp_directory_path() / "partake-bench").string();
  intake::Knowledge knowledge;
  Problems problems;
  knowledge.add_folder(*library, problems);
  const auto programme = intake::read_programme_file(example + "/programme.toml", problems);
  if (!programme || !problems.empty()) return 1;

  for (const int trips : {1'000'000, 4'000'000}) {
    const auto bytes = write_trips(folder, example, trips);
    std::vector<char> buffer(1U << 18U);
    const double reading = bench::best_of(3, [&] {
      const auto source = FileSource::open(folder + "/trip.csv").value();
      while (source->read(buffer.data(), buffer.size()).value() > 0) {
      }
    });
    intake::QuantifyOptions options;
    options.folder = example;
    options.files = {folder + "/trip.csv"};
    options.admitted_on = *parse_day("2026-11-20");
    const double took = bench::best_of(3, [&] {
      const auto report = intake::quantify(*programme, knowledge, options, problems);
      if (!report || report->methods[0].records != static_cast<std::uint64_t>(trips)) std::abort();
    });
    std::printf("quantify: %d trips, %.0f MB, with joins, dates and distances\n", trips,
                static_cast<double>(bytes) / 1e6);
    bench::figure("  CSV to totals", trips / took / 1e6, "M trips/s", trips / reading / 1e6,
                  "only reading the bytes");
    std::printf("%-52s %12ld kB\n", "  peak memory of the process", peak_kb());
  }
  std::filesystem::remove_all(folder);

  const auto files = intake::toml_files(*library + "/methods");
  constexpr int methods = 1000;
  const double compiling = bench::best_of(3, [&] {
    for (int i = 0; i < methods; ++i) {
      Problems found;
      knowledge.read_method_file(files[static_cast<std::size_t>(i) % files.size()], found);
      if (!found.empty()) std::abort();
    }
  });
  std::printf("methods: read, checked and compiled\n");
  bench::figure("  1,000 methods", compiling, "s", 0.5, "the limit of 0.5 s");
  return 0;
}
