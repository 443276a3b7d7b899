#include "books/scheme_terms.h"

#include <algorithm>

#include "base/quantity.h"

namespace partake::books {
namespace {

using Terms = std::vector<std::pair<std::string, std::string>>;

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

class Writer {
 public:
  explicit Writer(Terms& terms) : terms_{terms} {}

  void text(const char* key, const std::string& value) {
    if (!value.empty()) terms_.emplace_back(key, value);
  }
  void whole(const char* key, std::int64_t value) {
    if (value != 0) text(key, std::to_string(value));
  }
  void quantity(const char* key, const std::optional<Quantity>& value) {
    if (value) text(key, to_string(*value));
  }

 private:
  Terms& terms_;
};

void tell(const programme::Flow& flow, Writer& out) {
  out.text("asset", flow.asset);
  out.text("from", joined(flow.from));
  out.text("to", joined(flow.to));
  out.text("held_by", flow.held_by);
}
void tell(const programme::HoldRule& hold, Writer& out) {
  out.text("asset", hold.asset);
  out.text("of", joined(hold.of));
  out.whole("days", hold.days);
  out.text("approvers", joined(hold.approvers));
  out.whole("approvals", hold.approvals);
}
void tell(const programme::SplitRule& split, Writer& out) {
  out.text("asset", split.asset);
  out.text("from", split.from);
  std::vector<std::string> shares;
  for (const auto& share : split.shares) {
    shares.push_back(share.party + " " + partake::to_string(share.part.numerator()) + "/" +
                     partake::to_string(share.part.denominator()));
  }
  out.text("shares", joined(shares));
  out.quantity("price", split.price);
  out.text("settles", split.settles);
  out.text("of", split.settled_party);
  out.quantity("most", split.most);
  out.quantity("at_least", split.at_least);
  if (split.valid.first != day_min) out.text("valid_from", to_string(split.valid.first));
  if (split.valid.last != day_max) out.text("valid_to", to_string(split.valid.last));
}
void tell(const programme::UnitClass& unit, Writer& out) {
  out.text("unit", to_string(unit.unit));
  if (!(unit.buffer == Rational{})) {
    out.text("buffer", partake::to_string(unit.buffer.numerator()) + "/" +
                           partake::to_string(unit.buffer.denominator()));
  }
  out.text("pool", unit.pool);
  out.text("verified", unit.verified ? "true" : "false");
  out.quantity("price", unit.price);
}
void tell(const programme::Reward& reward, Writer& out) {
  out.text("asset", reward.asset);
  out.text("cost", to_string(reward.cost));
  out.whole("stock", reward.stock);
  out.whole("per_account", reward.per_account);
  out.text("funded", reward.funded ? "true" : "false");
}
void tell(const programme::Conversion& conversion, Writer& out) {
  out.text("from", conversion.from);
  out.text("each", to_string(conversion.each));
  out.text("to", conversion.to);
  out.text("gives", to_string(conversion.gives));
}

template <class Rule>
void find_in(const std::vector<Rule>& rules, const char* list, const Json& data, const char* field,
             SchemeTerms& found) {
  const auto* value = data.find(field);
  const auto* id = value == nullptr ? nullptr : value->string();
  if (id == nullptr) return;
  const auto forms =
      std::count_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == *id; });
  std::int64_t form = 0;
  for (const auto& rule : rules) {
    if (rule.id != *id) continue;
    found.rule = std::string{list} + " " + *id;
    Writer out{found.terms};
    // Of a split's forms the first whose conditions hold was taken.
    if (forms > 1) out.text("form", std::to_string(++form) + "/" + std::to_string(forms));
    tell(rule, out);
  }
}

}  // namespace

SchemeTerms terms_in(const programme::Dealings& dealings, const std::string& action,
                     const Json& data) {
  SchemeTerms found;
  find_in(dealings.flows, "flows", data, "flow", found);
  find_in(dealings.holds, "holds", data, "rule", found);
  find_in(dealings.splits, "splits", data, "split", found);
  find_in(dealings.units, "units", data, "units", found);
  find_in(dealings.rewards, "rewards", data, "reward", found);
  find_in(dealings.conversions, "conversions", data, "conversion", found);
  if (action == "expire" && dealings.point_years) {
    found.rule = "point_years";
    found.terms.emplace_back("point_years", std::to_string(*dealings.point_years));
  }
  return found;
}

}  // namespace partake::books
