#include "books/dealings_check.h"

#include "ledger/amount.h"
#include "ledger/split.h"

namespace partake::books {
namespace {

class Check {
 public:
  explicit Check(Problems& problems) : problems_{problems} {}

  void split(const programme::SplitRule& split) {
    const auto asset = ledger::asset_of(split.asset);
    if (!asset) return;  // Told before.
    std::vector<Rational> parts;
    for (const auto& share : split.shares) parts.push_back(share.part);
    shares(parts, split.place);
    if (split.most) amount(*split.most, *asset, split.place);
    if (split.at_least) amount(*split.at_least, *asset, split.place);
    const auto measured = ledger::asset_of(split.settles);
    if (!split.price || !measured) return;
    if (measured == asset) return add(split.place, "programme.settles_itself", *split.price);
    price(*split.price, std::string{ledger::unit_of(*asset)} + "/" + ledger::unit_of(*measured),
          split.place);
  }

  void unit(const programme::UnitClass& unit) {
    const auto rest =
        Rational::whole(1).plus(Rational{-unit.buffer.numerator(), unit.buffer.denominator()});
    if (unit.buffer.numerator() > 0 && rest && rest->numerator() > 0) {
      shares({*rest, unit.buffer}, unit.place);
    }
    if (unit.price) price(*unit.price, "fen", unit.place);
    if (const auto asset = ledger::asset_of(unit.pool)) amount(unit.unit, *asset, unit.place);
  }

  void reward(const programme::Reward& reward) {
    if (const auto asset = ledger::asset_of(reward.asset)) {
      amount(reward.cost, *asset, reward.place);
    }
  }

  void conversion(const programme::Conversion& conversion) {
    if (const auto from = ledger::asset_of(conversion.from)) {
      amount(conversion.each, *from, conversion.place);
    }
    if (const auto to = ledger::asset_of(conversion.to)) {
      amount(conversion.gives, *to, conversion.place);
    }
  }

 private:
  // That they are 1 together was told before.
  void shares(const std::vector<Rational>& parts, const Place& place) {
    if (ledger::are_shares(parts)) return;
    problems_.push_back({ErrorKind::invalid,
                         "programme.uneven_shares",
                         {{"count", std::to_string(ledger::shares_max)},
                          {"limit", std::to_string(ledger::share_denominator_max)}},
                         place});
  }
  void add(const Place& place, const char* code, const Quantity& value, const char* unit = "") {
    problems_.push_back(
        {ErrorKind::invalid, code, {{"value", to_string(value)}, {"unit", unit}}, place});
  }
  void amount(const Quantity& value, ledger::Asset asset, const Place& place) {
    if (ledger::whole_in(value, asset).value_or(0) > 0) return;
    add(place, "programme.amount", value, ledger::unit_of(asset));
  }
  void price(const Quantity& value, const std::string& unit, const Place& place) {
    const auto parsed = parse_unit(unit);
    if (parsed && convert(value, *parsed)) return;
    add(place, "programme.price_unit", value, unit.c_str());
  }

  Problems& problems_;
};

class Succession {
 public:
  Succession(const programme::Dealings& before, Problems& problems)
      : before_{before}, problems_{problems} {}

  void unit(const programme::UnitClass& now) const {
    for (const auto& was : before_.units) {
      if (was.id != now.id) continue;
      keep(now, "unit", to_string(was.unit), to_string(now.unit));
      keep(now, "pool", was.pool, now.pool);
      keep(now, "verified", was.verified ? "true" : "false", now.verified ? "true" : "false");
    }
  }
  void split(const programme::SplitRule& now) const {
    for (const auto& was : before_.splits) {
      if (was.id != now.id) continue;
      keep(now, "asset", was.asset, now.asset);
      keep(now, "settles", was.settles, now.settles);
      return;  // Its other forms have the same.
    }
  }

 private:
  template <class Rule>
  void keep(const Rule& now, const char* key, const std::string& was, const std::string& is) const {
    if (was == is) return;
    problems_.push_back({ErrorKind::invalid,
                         "programme.meaning_changed",
                         {{"name", now.id}, {"key", key}, {"was", was}, {"is", is}},
                         now.place});
  }

  const programme::Dealings& before_;
  Problems& problems_;
};

}  // namespace

void check_dealings(const programme::Dealings& dealings, Problems& problems) {
  Check check{problems};
  for (const auto& split : dealings.splits) check.split(split);
  for (const auto& unit : dealings.units) check.unit(unit);
  for (const auto& reward : dealings.rewards) check.reward(reward);
  for (const auto& conversion : dealings.conversions) check.conversion(conversion);
  check_succession(dealings, dealings, problems);
}

void check_succession(const programme::Dealings& before, const programme::Dealings& now,
                      Problems& problems) {
  const Succession succession{before, problems};
  for (const auto& unit : now.units) succession.unit(unit);
  for (const auto& split : now.splits) succession.split(split);
}

}  // namespace partake::books
