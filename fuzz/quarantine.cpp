// The file of the quarantine: no crash; what opens is, written anew, the same entries.
#include "books/quarantine.h"

#include <cstdlib>

#include "storage/simulated_disk.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace partake;
  using books::Quarantine;
  const auto require = [](bool good) {
    if (!good) std::abort();
  };
  storage::SimulatedDisk disk;
  require(disk.make_folder("quarantine").has_value());
  require(storage::replace_file(disk, "quarantine/refused.ndjson",
                                {reinterpret_cast<const char*>(data), size})
              .has_value());
  auto quarantine = Quarantine::open(disk);
  if (!quarantine) return 0;
  require(quarantine->remove({}).has_value());
  const auto again = Quarantine::open(disk);
  require(again && again->entries().size() == quarantine->entries().size());
  for (std::size_t at = 0; at < again->entries().size(); ++at) {
    const auto& before = quarantine->entries()[at];
    const auto& after = again->entries()[at];
    static_cast<void>(to_string(after.time));
    require(after.number == before.number && after.time == before.time &&
            after.outcome == before.outcome && after.reason.code == before.reason.code &&
            after.reason.args == before.reason.args && after.document == before.document &&
            after.source == before.source);
  }
  return 0;
}
