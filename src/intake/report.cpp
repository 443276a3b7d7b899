#include "intake/report.h"

#include <algorithm>

namespace partake::intake {
namespace {

// What makes two refusals the same kind: the code and the thing it is about, not the value.
std::string subject(const Error& error) {
  std::string text = error.code;
  for (const char* name : {"input", "column", "factor", "region", "parameter", "rule"}) {
    // Codes that are not regions are as many as people can misspell.
    if (error.code == "region.unknown" && std::string_view{name} == "region") continue;
    for (const auto& [key, value] : error.args) {
      if (key == name) text += "|" + value;
    }
  }
  return text;
}

}  // namespace

void RefusalLog::add(const std::string& file, std::uint64_t line, const Error& error) {
  constexpr std::size_t lines_kept = 5;
  constexpr std::size_t groups_max = 100;
  const auto wanted = subject(error);
  auto group = std::find_if(groups_.begin(), groups_.end(),
                            [&](const Group& known) { return known.subject == wanted; });
  if (group == groups_.end() && groups_.size() >= groups_max) {
    // Memory stays bounded: beyond a hundred kinds, rows join the first group of their code.
    group = std::find_if(groups_.begin(), groups_.end(),
                         [&](const Group& known) { return known.example.code == error.code; });
  }
  if (group == groups_.end()) {
    groups_.push_back({wanted, error, 0, {}});
    group = groups_.end() - 1;
  }
  ++group->rows;
  if (group->first.size() < lines_kept) group->first.emplace_back(file, line);
}

std::uint64_t RefusalLog::rows() const {
  std::uint64_t sum = 0;
  for (const auto& group : groups_) sum += group.rows;
  return sum;
}

Marks marks_of(const std::vector<method::FactorUse>& uses) {
  Marks marks;
  for (const auto& use : uses) {
    marks.illustrative |= use.chosen.substitution != nullptr;
    marks.unconfirmed |= use.chosen.factor->quality == factor::Quality::unconfirmed;
  }
  return marks;
}

std::vector<method::FactorUse> MethodReport::factors() const {
  std::vector<method::FactorUse> once;
  for (auto& use : method::factor_uses(method(), *binding, *totals, 0)) {
    const auto same = std::find_if(once.begin(), once.end(), [&](const auto& known) {
      return known.parameter == use.parameter && known.chosen.factor == use.chosen.factor &&
             known.chosen.substitution == use.chosen.substitution;
    });
    if (same == once.end()) {
      once.push_back(std::move(use));
      continue;
    }
    same->rows += use.rows;
    same->contribution += use.contribution;
    same->chosen.years_back = std::max(same->chosen.years_back, use.chosen.years_back);
    same->chosen.climbed |= use.chosen.climbed;
  }
  return once;
}

method::Uncertain MethodReport::total(std::size_t output) const {
  method::SharedTotal shared;
  shared.add(totals->outputs()[output], method::factor_uses(method(), *binding, *totals, output));
  return shared.result();
}

bool Report::illustrative() const {
  return std::any_of(methods.begin(), methods.end(), [](const MethodReport& entry) {
    return marks_of(entry.factors()).illustrative;
  });
}

const MethodReport* Report::of(const MethodId& id) const {
  const auto found = std::find_if(methods.begin(), methods.end(), [&](const MethodReport& entry) {
    return entry.method().id == id;
  });
  return found == methods.end() ? nullptr : &*found;
}

std::vector<AssetTotal> Report::asset_totals() const {
  std::vector<AssetTotal> totals;
  for (const auto& entry : methods) {
    const auto marks = marks_of(entry.factors());
    for (std::size_t i = 0; i < entry.method().outputs.size(); ++i) {
      const auto& output = entry.method().outputs[i];
      if (output.asset == method::Asset::none || !output.summed || !entry.has_total(output)) {
        continue;
      }
      auto same = std::find_if(totals.begin(), totals.end(), [&](const AssetTotal& known) {
        return known.asset == output.asset;
      });
      if (same == totals.end()) same = totals.insert(same, AssetTotal{output.asset, {}, {}, {}});
      same->parts.push_back({&entry, &output});
      same->marks.illustrative |= marks.illustrative;
      same->marks.unconfirmed |= marks.unconfirmed;
      same->total.add(entry.totals->outputs()[i],
                      method::factor_uses(entry.method(), *entry.binding, *entry.totals, i));
    }
  }
  return totals;
}

}  // namespace partake::intake
