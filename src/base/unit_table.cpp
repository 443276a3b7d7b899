#include "base/unit_table.h"

#include <algorithm>

#include "base/require.h"

namespace partake {
namespace {

// Order is the order in which dimensions print. Gases: the species of the IPCC assessment reports.
constexpr std::array bases_table = std::to_array<Base>({
    {"kg", "千克", false},      {"m", "米", false},       {"s", "秒", false},
    {"A", "安培", false},       {"K", "开尔文", false},   {"mol", "摩尔", false},
    {"cd", "坎德拉", false},    {"person", "人", false},  {"trip", "趟", false},
    {"vehicle", "辆", false},   {"step", "步", false},    {"tree", "棵", false},
    {"household", "户", false}, {"item", "件", false},    {"use", "次", false},
    {"station", "座", false},   {"point", "积分", false}, {"pp", "百分点", false},
    {"yuan", "元", false},      {"USD", "美元", false},   {"EUR", "欧元", false},
    {"GBP", "英镑", false},     {"AUD", "澳元", false},   {"CO2e", "二氧化碳当量", true},
    {"CO2", "二氧化碳", true},  {"C", "碳", true},        {"CH4", "甲烷", true},
    {"N2O", "氧化亚氮", true},  {"ce", "标准煤", true},   {"ce_supply", "标准煤(等价值)", true},
    {"N", "氮", true},          {"P", "磷", true},        {"SF6", "六氟化硫", true},
    {"NF3", "三氟化氮", true},
#define GAS(name) {name, name, true},
#include "base/gases.inc"
#undef GAS
});

}  // namespace

// Only large prefixes where a small one would read as something else (ft is a foot).
enum class Prefixes : std::uint8_t { none, large, all };

struct UnitTable::Prefix {
  const char* en;
  const char* zh;
  int power;
};

struct UnitTable::Atom {
  const char* en;
  const char* zh;
  Rational ratio;
  std::vector<std::pair<const char*, int>> powers;
  std::vector<std::string_view> aliases = {};
  Prefixes prefixes = Prefixes::none;
};

namespace {

std::optional<Rational> power_of_ten(int power) { return Rational::whole(10).to_power(power); }

}  // namespace

std::span<const Base> UnitTable::bases() { return bases_table; }

std::optional<std::uint16_t> UnitTable::base(std::string_view name) {
  for (std::size_t i = 0; i < bases_table.size(); ++i) {
    if (name == bases_table[i].en) return static_cast<std::uint16_t>(i);
  }
  return std::nullopt;
}

const UnitTable& UnitTable::get() {
  static const UnitTable table;
  return table;
}

std::optional<std::uint16_t> UnitTable::find(std::string_view spelling) const {
  const auto found = by_spelling_.find(std::string{spelling});
  if (found == by_spelling_.end()) return std::nullopt;
  return found->second;
}

void UnitTable::add(Word word, std::initializer_list<std::string_view> spellings) {
  const auto index = static_cast<std::uint16_t>(words_.size());
  // The first word with a spelling keeps it; `min` stays the minute, not a milli-inch.
  by_spelling_.try_emplace(word.en, index);
  by_spelling_.try_emplace(word.zh, index);
  for (const auto spelling : spellings) by_spelling_.try_emplace(std::string{spelling}, index);
  words_.push_back(std::move(word));
}

namespace {

constexpr int no_prefix = 0;

}  // namespace

void UnitTable::add_atom(const Atom& atom) {
  static constexpr std::array prefixes = std::to_array<Prefix>({
      {"", "", no_prefix},
      {"k", "千", 3},
      {"M", "兆", 6},
      {"G", "吉", 9},
      {"T", "太", 12},
      {"P", "拍", 15},
      {"E", "艾", 18},
      {"h", "百", 2},
      {"da", "十", 1},
      {"d", "分", -1},
      {"c", "厘", -2},
      {"m", "毫", -3},
      {"u", "微", -6},
      {"n", "纳", -9},
      {"p", "皮", -12},
      {"f", "飞", -15},
  });
  Dimension dimension;
  for (const auto& [name, exponent] : atom.powers) {
    const auto found = base(name);
    PARTAKE_REQUIRE(found.has_value());
    Dimension one;
    one.powers_.emplace_back(*found, std::int16_t{1});
    dimension = dimension.times(one, exponent);
  }
  const bool mass = atom.powers.size() == 1 && std::string_view{atom.powers[0].first} == "kg";
  for (const auto& prefix : prefixes) {
    if (prefix.power != no_prefix && atom.prefixes == Prefixes::none) break;
    if (prefix.power < 3 && prefix.power != no_prefix && atom.prefixes == Prefixes::large) continue;
    const auto scale = power_of_ten(prefix.power);
    const auto ratio = atom.ratio.times(*scale);
    PARTAKE_REQUIRE(ratio.has_value());
    Word word{.en = std::string{prefix.en} + atom.en,
              .zh = std::string{prefix.zh} + atom.zh,
              .ratio = *ratio,
              .offset = {},
              .dimension = dimension,
              .listed = prefix.power == no_prefix,
              .prefixable = atom.prefixes != Prefixes::none};
    if (word.en == "km") word.zh = "公里";
    add(word, {});
    const auto index = static_cast<std::uint16_t>(words_.size() - 1);
    if (word.en == "km") by_spelling_.try_emplace("千米", index);
    if (word.en == "kg") by_spelling_.try_emplace("公斤", index);
    if (word.en == "ug") by_spelling_.try_emplace("µg", index);
    for (const auto alias : atom.aliases) {
      // Chinese prefixes go with Chinese names, Latin with Latin.
      const bool latin = static_cast<unsigned char>(alias[0]) < 0x80;
      by_spelling_.try_emplace(std::string{latin ? prefix.en : prefix.zh} + std::string{alias},
                               index);
    }
    if (mass) add_substances(word);
  }
}

// Mass of a substance: kgCO2, 吨二氧化碳当量, tce.
void UnitTable::add_substances(const Word& mass) {
  for (std::size_t i = 0; i < bases_table.size(); ++i) {
    if (!bases_table[i].substance) continue;
    const std::string_view name = bases_table[i].en;
    Dimension tag;
    tag.powers_.emplace_back(static_cast<std::uint16_t>(i), std::int16_t{1});
    Word tagged = mass;
    tagged.en += name;
    tagged.zh += bases_table[i].zh;
    tagged.dimension = mass.dimension.times(tag);
    tagged.listed = false;
    add(tagged, {});
    const auto index = static_cast<std::uint16_t>(words_.size() - 1);
    const auto also = [&](std::string spelling) {
      by_spelling_.try_emplace(std::move(spelling), index);
    };
    also(mass.zh + bases_table[i].en);
    also(mass.en + bases_table[i].zh);
    if (mass.en == "kg") also("公斤" + std::string{bases_table[i].zh});
    if (mass.en == "kg") also("公斤" + std::string{bases_table[i].en});
    if (name == "CO2e") {
      also(mass.en + "CO2eq");
      also(mass.en + "CO2-eq");
      also(mass.zh + "CO2当量");
    }
    if (name == "ce") {
      also(mass.zh + "标煤");
      also(mass.en + "标煤");
      also(mass.zh + "标准煤(当量值)");
      also(mass.en + "标准煤(当量值)");
    }
    if (name == "ce_supply") also(mass.zh + "标准煤(等价)");
  }
}

UnitTable::UnitTable() {
  const auto whole = [](Int128 value) { return Rational::whole(value); };
  const Rational one = whole(1);
  const Rational minute = whole(60);
  const Rational hour = whole(3600);
  constexpr Int128 day_s = 86400;
  constexpr Int128 year_s = 365 * day_s;
  using Powers = std::vector<std::pair<const char*, int>>;
  const Powers energy{{"kg", 1}, {"m", 2}, {"s", -2}};
  const Powers power{{"kg", 1}, {"m", 2}, {"s", -3}};
  const std::array atoms = std::to_array<Atom>({
      {"g", "克", Rational{1, 1000}, {{"kg", 1}}, {}, Prefixes::all},
      {"m", "米", one, {{"m", 1}}, {}, Prefixes::all},
      {"s", "秒", one, {{"s", 1}}, {}, Prefixes::all},
      {"A", "安", one, {{"A", 1}}, {"安培"}, Prefixes::all},
      {"K", "开", one, {{"K", 1}}, {"开尔文"}, Prefixes::all},
      {"mol", "摩", one, {{"mol", 1}}, {"摩尔"}, Prefixes::all},
      {"cd", "坎", one, {{"cd", 1}}, {"坎德拉"}, Prefixes::all},
      {"J", "焦", one, energy, {"焦耳"}, Prefixes::all},
      {"W", "瓦", one, power, {"瓦特"}, Prefixes::all},
      {"Wh", "瓦时", hour, energy, {"瓦小时"}, Prefixes::all},
      {"N", "牛", one, {{"kg", 1}, {"m", 1}, {"s", -2}}, {"牛顿"}, Prefixes::all},
      {"Pa", "帕", one, {{"kg", 1}, {"m", -1}, {"s", -2}}, {"帕斯卡"}, Prefixes::all},
      {"V", "伏", one, {{"kg", 1}, {"m", 2}, {"s", -3}, {"A", -1}}, {"伏特"}, Prefixes::all},
      {"C", "库", one, {{"A", 1}, {"s", 1}}, {"库仑"}, Prefixes::all},
      {"Hz", "赫", one, {{"s", -1}}, {"赫兹"}, Prefixes::all},
      {"L", "升", Rational{1, 1000}, {{"m", 3}}, {"l"}, Prefixes::all},
      {"t", "吨", whole(1000), {{"kg", 1}}, {"公吨"}, Prefixes::large},
      {"jin", "斤", Rational{1, 2}, {{"kg", 1}}, {"市斤"}},
      {"cal", "卡", Rational{41868, 10000}, energy, {"卡路里"}, Prefixes::large},
      {"ha", "公顷", whole(10000), {{"m", 2}}, {"har", "hm2"}},
      {"mu", "亩", Rational{2000, 3}, {{"m", 2}}, {}},
      {"min", "分钟", minute, {{"s", 1}}, {}},
      {"h", "小时", hour, {{"s", 1}}, {"hr", "时"}},
      {"d", "天", whole(day_s), {{"s", 1}}, {"day", "日"}},
      {"wk", "周", whole(7 * day_s), {{"s", 1}}, {"week", "星期"}},
      {"mo", "月", Rational{year_s, 12}, {{"s", 1}}, {"month", "个月"}},
      {"a", "年", whole(year_s), {{"s", 1}}, {"yr", "year"}},
      {"%", "%", Rational{1, 100}, {}, {"percent"}},
      {"‰", "‰", Rational{1, 1000}, {}, {"permille"}},
      {"ppm", "ppm", Rational{1, 1000000}, {}, {"[ppm]"}},
      {"pp", "百分点", one, {{"pp", 1}}, {"个百分点"}},
      {"person", "人", one, {{"person", 1}}, {"passenger", "persons", "{person}", "名"}},
      {"trip", "趟", one, {{"trip", 1}}, {"trips", "{trip}", "出行"}},
      {"vehicle", "辆", one, {{"vehicle", 1}}, {"vehicles", "{vehicle}", "车"}},
      {"step", "步", one, {{"step", 1}}, {"steps", "{step}"}},
      {"tree", "棵", one, {{"tree", 1}}, {"trees", "{tree}", "株", "棵树"}},
      {"household", "户", one, {{"household", 1}}, {"households", "{household}", "家庭"}},
      {"item", "件", one, {{"item", 1}}, {"items", "{item}", "个", "只"}},
      {"use", "次", one, {{"use", 1}}, {"uses", "{use}"}},
      {"station", "座", one, {{"station", 1}}, {"stations", "{station}"}},
      {"point", "积分", one, {{"point", 1}}, {"points", "{point}"}},
      {"pkm", "人公里", whole(1000), {{"person", 1}, {"m", 1}}, {"人千米"}},
      {"vkm", "车公里", whole(1000), {{"vehicle", 1}, {"m", 1}}, {"车千米"}},
      {"ptrip", "人次", one, {{"person", 1}, {"trip", 1}}, {"person-trip"}},
      {"vtrip", "车次", one, {{"vehicle", 1}, {"trip", 1}}, {"vehicle-trip", "辆次"}},
      {"tkm", "吨公里", whole(1000000), {{"kg", 1}, {"m", 1}}, {"吨千米"}},
      {"yuan", "元", one, {{"yuan", 1}}, {"CNY", "RMB", "人民币元"}},
      {"jiao", "角", Rational{1, 10}, {{"yuan", 1}}, {}},
      {"fen", "分", Rational{1, 100}, {{"yuan", 1}}, {}},
      {"USD", "美元", one, {{"USD", 1}}, {}},
      {"cent", "美分", Rational{1, 100}, {{"USD", 1}}, {}},
      {"EUR", "欧元", one, {{"EUR", 1}}, {}},
      {"GBP", "英镑", one, {{"GBP", 1}}, {}},
      {"AUD", "澳元", one, {{"AUD", 1}}, {}},
  });
  for (const auto& atom : atoms) add_atom(atom);
  by_spelling_.try_emplace("度", *find("kWh"));
  by_spelling_.try_emplace("公升", *find("L"));
  by_spelling_.try_emplace("公分", *find("cm"));
  const Dimension kelvin = words_[*find("K")].dimension;
  add({.en = "Cel",
       .zh = "摄氏度",
       .ratio = one,
       .offset = Rational{27315, 100},
       .dimension = kelvin,
       .listed = true},
      {"℃", "°C", "degC"});
}

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// One character put in, left out or exchanged.
bool one_edit_apart(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  const auto at =
      static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin());
  return a.substr(std::min(a.size(), a.size() == b.size() ? at + 1 : at)) ==
         b.substr(std::min(b.size(), at + 1));
}

}  // namespace

// A short word has too many neighbours for a guess: ft is not Et.
std::string UnitTable::nearest(std::string_view spelling) const {
  constexpr std::size_t guessed_from = 4;
  const bool latin = std::all_of(spelling.begin(), spelling.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!latin) return {};
  const auto first_with = [&](auto fits) {
    std::string best;
    for (const auto& [known, index] : by_spelling_) {
      if (fits(known) && (best.empty() || known < best)) best = known;
    }
    return best;
  };
  auto best =
      first_with([&](std::string_view known) { return same_but_for_case(known, spelling); });
  if (!best.empty() || spelling.size() < guessed_from) return best;
  return first_with([&](std::string_view known) { return one_edit_apart(known, spelling); });
}

}  // namespace partake
