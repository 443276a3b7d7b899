// Tables: totals under their columns and at the end of their rows, and columns that are computed
// from others. What most rows of a table keep to, the rest are held against.

#include <algorithm>
#include <cmath>

#include "claims/bounds.h"

namespace partake::claims {
namespace {

constexpr std::uint32_t nothing = ~std::uint32_t{0};
constexpr std::size_t rows_max = 200;
constexpr std::size_t columns_max = 12;

bool names_total(std::string_view cell) {
  return contains_any(cell, {"合计", "总计", "总和", "合 计", "Total", "total", "Sum", "TOTAL"});
}

struct Row {
  std::vector<std::uint32_t> figures;  // By column; nothing where a cell has no single one.
  bool is_total = false;
};

// How the figure of one column comes of two others.
enum class Form : std::uint8_t { product, quotient, difference, sum, change };
struct Relation {
  std::size_t result = 0;
  std::size_t a = 0;
  std::size_t b = 0;
  Form form = Form::product;
};

class TableCheck {
 public:
  TableCheck(const Scene& scene, Findings& findings) : scene_{scene}, findings_{findings} {}

  void run() {
    for (std::size_t i = 0; i < scene_.readings.size();) {
      const auto begin = i;
      while (i < scene_.readings.size() && is_row(scene_.readings[i]->text)) ++i;
      if (i > begin + 1 && i - begin <= rows_max) look_at(begin, i);
      i = std::max(i, begin + 1);
    }
  }

 private:
  const Figure& figure(std::uint32_t index) const { return scene_.figures[index]; }

  Row row_of(std::size_t paragraph) const {
    const std::string_view text = scene_.readings[paragraph]->text;
    const auto cells = cells_of(text);
    Row row;
    row.figures.assign(std::min(cells.size(), columns_max), nothing);
    row.is_total = !cells.empty() && names_total(cells.front());
    std::vector<bool> twice(row.figures.size());
    for (auto i = scene_.begin_of(paragraph); i < scene_.end_of(paragraph); ++i) {
      const auto column = column_of(text, figure(i).begin);
      if (column == 0 || column >= row.figures.size()) continue;
      if (row.figures[column] != nothing) twice[column] = true;
      row.figures[column] = i;
    }
    for (std::size_t column = 0; column < twice.size(); ++column) {
      if (twice[column]) row.figures[column] = nothing;
    }
    return row;
  }

  void look_at(std::size_t begin, std::size_t end) {
    rows_.clear();
    for (auto paragraph = begin + 1; paragraph < end; ++paragraph) {
      auto row = row_of(paragraph);
      const bool any = std::any_of(row.figures.begin(), row.figures.end(),
                                   [](std::uint32_t index) { return index != nothing; });
      if (any) rows_.push_back(std::move(row));
    }
    if (rows_.size() < 2) return;
    columns_ = 0;
    for (const auto& row : rows_) columns_ = std::max(columns_, row.figures.size());
    heading_ = cells_of(scene_.readings[begin]->text);
    computed_.assign(columns_, false);
    find_row_totals();
    find_relations();
    find_column_totals();
  }

  std::optional<std::uint32_t> at(const Row& row, std::size_t column) const {
    if (column >= row.figures.size() || row.figures[column] == nothing) return std::nullopt;
    return row.figures[column];
  }

  // The last column is headed by a total: of all the others.
  void find_row_totals() {
    const auto last = columns_ - 1;
    if (columns_ < 4 || last >= heading_.size() || !names_total(heading_[last])) return;
    for (const auto& row : rows_) {
      const auto total = at(row, last);
      std::vector<std::uint32_t> parts;
      for (std::size_t column = 1; column < last; ++column) {
        const auto part = at(row, column);
        if (part && total && figure(*part).measure == figure(*total).measure) {
          parts.push_back(*part);
        }
      }
      if (!total || parts.size() + 1 < last) continue;
      report_sum(*total, parts);
    }
    computed_[last] = true;
  }

  void report_sum(std::uint32_t total, const std::vector<std::uint32_t>& parts) {
    const auto added = sum_bounds(parts);
    std::vector<std::uint32_t> figures{total};
    figures.insert(figures.end(), parts.begin(), parts.end());
    findings_.push_back(computed_finding(scene_,
                                         {"sum", overlap(added, bounds_of(figure(total))),
                                          std::move(figures), sum_of(scene_, parts)},
                                         figure(total), added));
  }
  Bounds sum_bounds(const std::vector<std::uint32_t>& parts) const {
    Bounds added;
    for (const auto index : parts) added = plus(added, bounds_of(figure(index)));
    return added;
  }

  // The last row is named a total: of all above it, where at least one column is.
  void find_column_totals() {
    if (!rows_.back().is_total || rows_.size() < 3) return;
    std::vector<std::pair<std::uint32_t, std::vector<std::uint32_t>>> sums;
    bool any = false;
    for (std::size_t column = 1; column < columns_; ++column) {
      const auto total = at(rows_.back(), column);
      if (!total || figure(*total).per.stated() || figure(*total).measure == Measure::ratio) {
        continue;
      }
      std::vector<std::uint32_t> parts;
      for (std::size_t row = 0; row + 1 < rows_.size(); ++row) {
        if (const auto part = at(rows_[row], column)) parts.push_back(*part);
      }
      if (parts.size() + 1 < rows_.size()) continue;
      const bool fits = overlap(sum_bounds(parts), bounds_of(figure(*total)));
      any = any || fits;
      // A mean, of a column that is computed from others.
      if (!fits && computed_[column]) continue;
      sums.emplace_back(*total, std::move(parts));
    }
    if (!any && sums.size() > 1) return;
    for (const auto& [total, parts] : sums) report_sum(total, parts);
  }

  // A column that follows from two others in most rows.
  void find_relations() {
    // From the right: what is computed stands after what it comes of. Then those are not also told
    // as coming of it.
    std::vector<bool> used(columns_);
    for (auto result = columns_; result-- > 1;) {
      if (computed_[result] || used[result]) continue;
      const auto best = best_relation(result);
      if (!best) continue;
      computed_[result] = true;
      used[best->a] = used[best->b] = true;
      for (const auto& row : rows_) report(*best, row);
    }
  }

  std::optional<Relation> best_relation(std::size_t result) const {
    std::optional<Relation> best;
    std::size_t best_fits = 1;  // One row may fit by chance.
    for (std::size_t a = 1; a < columns_; ++a) {
      for (std::size_t b = 1; b < columns_; ++b) {
        if (a == b || a == result || b == result) continue;
        for (const auto form :
             {Form::quotient, Form::change, Form::product, Form::difference, Form::sum}) {
          if ((form == Form::product || form == Form::sum) && a > b) continue;
          const Relation relation{result, a, b, form};
          const auto [fits, tried] = fitting(relation);
          if (fits <= best_fits || fits * 2 <= tried) continue;
          best = relation;
          best_fits = fits;
        }
      }
    }
    return best;
  }

  struct Fitting {
    std::size_t fits = 0;
    std::size_t tried = 0;
  };
  Fitting fitting(const Relation& relation) const {
    Fitting found;
    for (const auto& row : rows_) {
      const auto computed = compute(relation, row);
      if (!computed) continue;
      ++found.tried;
      const auto stated = bounds_of(figure(*at(row, relation.result)));
      if (overlap(*computed, stated) && apart(*computed, stated) <= 0.05) ++found.fits;
    }
    return found;
  }
  // Of changes without their sign, which is not read.
  std::optional<Bounds> compute(const Relation& relation, const Row& row) const {
    const auto result = at(row, relation.result);
    const auto first = at(row, relation.a);
    const auto second = at(row, relation.b);
    if (!result || !first || !second) return std::nullopt;
    const auto a = bounds_of(figure(*first));
    const auto b = bounds_of(figure(*second));
    const bool alike = figure(*first).measure == figure(*second).measure &&
                       figure(*first).unit == figure(*second).unit;
    const bool is_share = figure(*result).measure == Measure::ratio;
    if (a.low <= 0 || b.low <= 0 || figure(*result).real.value <= 0) return std::nullopt;
    switch (relation.form) {
      case Form::product:
        return times(a, b);
      case Form::quotient:
        return over(a, b);
      case Form::difference:
        if (!alike || a.value <= b.value || is_share) return std::nullopt;
        return Bounds{a.low - b.high, a.value - b.value, a.high - b.low};
      case Form::sum:
        if (!alike || is_share) return std::nullopt;
        return plus(a, b);
      case Form::change: {
        if (!alike || !is_share) return std::nullopt;
        const auto one = over(a, b);
        if (one.value >= 1) return Bounds{one.low - 1, one.value - 1, one.high - 1};
        return Bounds{1 - one.high, 1 - one.value, 1 - one.low};
      }
    }
    return std::nullopt;
  }

  void report(const Relation& relation, const Row& row) {
    const auto computed = compute(relation, row);
    if (!computed) return;
    const auto result = *at(row, relation.result);
    const auto a = *at(row, relation.a);
    const auto b = *at(row, relation.b);
    const auto& of = figure(result);
    const bool fits = overlap(*computed, bounds_of(of));
    const bool is_share = of.measure == Measure::ratio;
    constexpr std::array<const char*, 5> signs{" × ", " ÷ ", " − ", " + ", " ÷ "};
    auto arithmetic =
        plain(figure(a).text + signs[static_cast<std::size_t>(relation.form)] + figure(b).text);
    const char* check = relation.form == Form::change                                     ? "change"
                        : relation.form == Form::sum || relation.form == Form::difference ? "sum"
                        : is_share                                                        ? "part"
                                   : "product";
    if (relation.form == Form::change) arithmetic = joined(arithmetic, " − 1", Text{});
    if (!is_share) {
      findings_.push_back(
          computed_finding(scene_, {check, fits, {result, a, b}, arithmetic}, of, *computed));
      return;
    }
    auto finding = new_finding(scene_, check, fits ? Verdict::consistent : Verdict::contradiction,
                               {result, a, b});
    const double percent = computed->value * 100;
    const bool falls = relation.form == Form::change && figure(a).real.value < figure(b).real.value;
    finding.arithmetic =
        joined(arithmetic, falls ? " = −" : " = ", plain(amount(percent, 3) + "%"));
    finding.implied.push_back(
        {computed->low * 100, percent, computed->high * 100, plain("%"), "%"});
    finding.expected = plain(of.text);
    findings_.push_back(std::move(finding));
  }

  const Scene& scene_;
  Findings& findings_;
  std::vector<Row> rows_;
  std::vector<std::string_view> heading_;
  std::size_t columns_ = 0;
  std::vector<bool> computed_;  // By column: it follows from others.
};

}  // namespace

void check_tables(const Scene& scene, Findings& findings) { TableCheck{scene, findings}.run(); }

}  // namespace partake::claims
