#include "claims/lent_units.h"

#include <algorithm>

#include "claims/per_words.h"
#include "claims/text_at.h"

namespace partake::claims {
namespace {

// Takes the unit that a name begins with; none for a classifier.
std::int16_t take_unit_of(std::string_view& name, const Lexicon& lexicon) {
  const auto unit = lexicon.unit_words().longest(name, 0);
  if (unit.length == 0 || unit.entries->front() >= Lexicon::counter_base) return none;
  name.remove_prefix(unit.length);
  return static_cast<std::int16_t>(unit.entries->front());
}

int take_power_of(std::string_view& name) {
  int power = 0;
  for (const auto& [word, power_of_word] : {std::pair<std::string_view, int>{"万", 4}, {"亿", 8}}) {
    if (!name.starts_with(word)) continue;
    name.remove_prefix(word.size());
    power = power_of_word;
  }
  return power;
}

CellUnit unit_named_in(std::string_view cell, const Lexicon& lexicon) {
  const auto chinese = cell.rfind("（");
  const auto open = chinese == std::string_view::npos ? cell.rfind('(') : chinese;
  if (open == std::string_view::npos) return {};
  auto name = cell.substr(open + character_size(cell, open));
  CellUnit named;
  named.power_of_ten = take_power_of(name);
  named.unit = take_unit_of(name, lexicon);
  if (named.unit != none && name.starts_with("/")) {
    name.remove_prefix(1);
    named.per = take_unit_of(name, lexicon);
    if (named.per == none) return {};
  }
  return any_at(name, 0, {"）", ")"}) > 0 ? named : CellUnit{};
}

class Lender {
 public:
  Lender(Reading& reading, const RowUnits& row, const Lexicon& lexicon)
      : figures_{reading.figures}, text_{reading.text}, row_{row}, lexicon_{lexicon} {}

  void lend(std::size_t index) {
    auto& figure = figures_[index];
    const bool is_mere = figure.unit == none && figure.thing == none &&
                         (figure.measure == Measure::bare || figure.measure == Measure::count);
    if (!is_mere || figure.number.in_words) return;
    if (const auto* cell = row_.at(text_, figure.begin); cell != nullptr) {
      take_cell(figure, *cell);
    } else if (const auto unit = unit_beside(index); unit != none) {
      take_unit(figure, unit, 0);
    }
  }

 private:
  std::int16_t unit_beside(std::size_t index) const {
    const auto& figure = figures_[index];
    if (index + 1 < figures_.size() && goes_to(figure, figures_[index + 1])) {
      return figures_[index + 1].unit;
    }
    if (!is_in_brackets(figure)) return none;
    for (auto i = index; i-- > 0 && figures_[i].sentence == figure.sentence;) {
      if (figures_[i].unit != none && is_in_brackets(figures_[i])) return figures_[i].unit;
    }
    return none;
  }
  // "from 178 to 104 kBtu": whether the next figure has the unit of both.
  bool goes_to(const Figure& figure, const Figure& next) const {
    if (next.unit == none || next.measure == Measure::time || next.measure == Measure::ratio ||
        next.sentence != figure.sentence) {
      return false;
    }
    const auto gap =
        text_.substr(figure.end, next.begin > figure.end ? next.begin - figure.end : 0);
    return is_one_of(gap, {" to ", "到", "至", "降到", "降至", "降为", "升到", "升至", "增至",
                           "增加到", "提高到"});
  }
  bool is_in_brackets(const Figure& figure) const {
    return ends_in_any(text_.substr(0, figure.begin), {"(", "（"}) &&
           any_at(text_, figure.end, {")", "）"}) > 0;
  }
  void take_unit(Figure& figure, std::int16_t unit, int power_of_ten) const {
    auto number = figure.number;
    number.value.exponent += power_of_ten;
    if (number.upper) number.upper->exponent += power_of_ten;
    const auto spread = spread_of(number);
    figure.unit = unit;
    const auto si = spread ? in_si(*spread, figure, lexicon_) : std::nullopt;
    if (!si) {
      figure.unit = none;
      return;
    }
    const auto& entry = lexicon_.units()[static_cast<std::size_t>(unit)];
    figure.measure = entry.measure;
    figure.thing = entry.thing;
    figure.set(*si);
  }
  void take_cell(Figure& figure, const CellUnit& cell) const {
    take_unit(figure, cell.unit, cell.power_of_ten);
    if (figure.unit != none && cell.per != none) state_per(figure, cell.per, lexicon_);
  }

  std::vector<Figure>& figures_;
  std::string_view text_;
  const RowUnits& row_;
  const Lexicon& lexicon_;
};

}  // namespace

RowUnits::RowUnits(std::string_view row, std::string_view heading, const Lexicon& lexicon) {
  const auto own = cells_of(row);
  if (!own.empty()) own_ = unit_named_in(own.front(), lexicon);
  for (const auto cell : cells_of(heading)) columns_.push_back(unit_named_in(cell, lexicon));
}

const CellUnit* RowUnits::at(std::string_view row, std::size_t byte) const {
  if (!is_row(row)) return nullptr;
  const auto column = column_of(row, byte);
  if (column == 0) return nullptr;
  if (own_.unit != none) return &own_;
  return column < columns_.size() && columns_[column].unit != none ? &columns_[column] : nullptr;
}

void lend_units(Reading& reading, const RowUnits& row, const Lexicon& lexicon) {
  Lender lender{reading, row, lexicon};
  for (std::size_t i = 0; i < reading.figures.size(); ++i) lender.lend(i);
}

std::optional<Spread> in_si(const Spread& spread, const Figure& figure, const Lexicon& lexicon) {
  if (figure.number.is_fraction || figure.unit == none) return spread;
  const auto& ratio = lexicon.units()[static_cast<std::size_t>(figure.unit)].to_si;
  const auto low = spread.low.times(ratio);
  const auto value = spread.value.times(ratio);
  const auto high = spread.high.times(ratio);
  if (!low || !value || !high) return std::nullopt;
  return Spread{*low, *value, *high};
}

}  // namespace partake::claims
