#include <date/tz.h>

#include "base/time.h"

namespace partake {

Result<Zone> load_zone(const std::string& name) {
  try {
    const auto* found = date::locate_zone(name);
    std::vector<Zone::Transition> transitions;
    const auto end = date::sys_seconds{
        std::chrono::seconds{std::chrono::sys_seconds{day_max}.time_since_epoch().count()}};
    auto at = date::sys_seconds{
        std::chrono::seconds{std::chrono::sys_seconds{day_min}.time_since_epoch().count()}};
    while (at < end) {
      const auto info = found->get_info(at);
      const auto offset = static_cast<std::int32_t>(info.offset.count());
      if (transitions.empty() || transitions.back().offset_s != offset) {
        transitions.push_back({at.time_since_epoch().count(), offset});
      }
      at = info.end;
    }
    return Zone{name, std::move(transitions)};
  } catch (const std::exception&) {
    return fail(ErrorKind::not_found, "time.unknown_zone", {{"zone", name}});
  }
}

}  // namespace partake
