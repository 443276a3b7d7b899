#include "method/difference.h"

#include <set>

#include "base/json.h"
#include "base/require.h"

namespace partake::method {
namespace {

std::string text_of(const Json& value) {
  if (const auto* text = value.string()) return *text;
  return canonical(value);
}

void compare(const Json* before, const Json* after, std::vector<std::string> path,
             std::vector<Change>& changes) {
  const bool both = before != nullptr && after != nullptr;
  if (both && canonical(*before) == canonical(*after)) return;
  const auto* old_members = before != nullptr ? before->object() : nullptr;
  const auto* new_members = after != nullptr ? after->object() : nullptr;
  if (both && old_members != nullptr && new_members != nullptr) {
    std::set<std::string> keys;
    for (const auto& [key, value] : *old_members) keys.insert(key);
    for (const auto& [key, value] : *new_members) keys.insert(key);
    for (const auto& key : keys) {
      auto deeper = path;
      deeper.push_back(key);
      compare(before->find(key), after->find(key), std::move(deeper), changes);
    }
    return;
  }
  Change change;
  change.section = path.front();
  if (path.size() > 1) change.name = path[1];
  for (std::size_t i = 2; i < path.size(); ++i) {
    change.field += (change.field.empty() ? "" : ".") + path[i];
  }
  if (before != nullptr) change.before = text_of(*before);
  if (after != nullptr) change.after = text_of(*after);
  changes.push_back(std::move(change));
}

}  // namespace

std::vector<Change> differences(const Method& before, const Method& after) {
  const auto a = parse_json(canonical_form(before));
  const auto b = parse_json(canonical_form(after));
  PARTAKE_REQUIRE(a.has_value() && b.has_value());
  std::vector<Change> changes;
  for (const auto& [key, value] : *a->object()) compare(&value, b->find(key), {key}, changes);
  for (const auto& [key, value] : *b->object()) {
    if (a->find(key) == nullptr) compare(nullptr, &value, {key}, changes);
  }
  return changes;
}

}  // namespace partake::method
