#include "claims/review.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>

#include "claims/scene.h"

namespace partake::claims {
namespace {

// How many paragraphs around may speak of the same figure again.
constexpr std::uint32_t window_paragraphs = 15;

struct Told {
  std::size_t paragraph;
  const Figure* figure;
};

// Over how many years it was gathered, as one of those that are told with years has it; 0: none.
double years_of(const Figure& figure, std::span<const Told> told) {
  const bool may_have = figure.years <= 0 && figure.thing != none &&
                        figure.measure == Measure::mass &&
                        (figure.period == Period::total || figure.period == Period::unstated);
  if (!may_have) return 0;
  const auto same = std::find_if(told.begin(), told.end(), [&](const Told& of) {
    return of.figure->thing == figure.thing && of.figure->measure == figure.measure &&
           std::fabs(of.figure->real.value / figure.real.value - 1) <= 0.03;
  });
  return same == told.end() ? 0 : same->figure->years;
}

// A total whose years are not said here may be said elsewhere with them: 254675吨,
// "首期五年25万吨".
void find_years(std::vector<ReadParagraph>& paragraphs) {
  std::vector<Told> told;
  for (std::size_t i = 0; i < paragraphs.size(); ++i) {
    for (const auto& figure : paragraphs[i].reading->figures) {
      if (figure.years > 0) told.push_back({i, &figure});
    }
  }
  auto first = told.begin();
  auto last = told.begin();
  for (std::size_t i = 0; i < paragraphs.size(); ++i) {
    while (first != told.end() && first->paragraph + window_paragraphs < i) ++first;
    while (last != told.end() && last->paragraph <= i + window_paragraphs) ++last;
    for (const auto& figure : paragraphs[i].reading->figures) {
      paragraphs[i].years.push_back(years_of(figure, {first, last}));
    }
  }
}

Scene scene_of(const Knowledge& knowledge, std::span<const ReadParagraph> paragraphs) {
  Scene scene{knowledge, {}, {}, {}};
  std::size_t count = 0;
  for (const auto& paragraph : paragraphs) count += paragraph.reading->figures.size();
  scene.figures.reserve(count);
  for (std::size_t i = 0; i < paragraphs.size(); ++i) {
    const auto& [reading, years] = paragraphs[i];
    scene.readings.push_back(reading);
    scene.first.push_back(static_cast<std::uint32_t>(scene.figures.size()));
    for (std::size_t k = 0; k < years.size(); ++k) {
      auto& figure = scene.figures.emplace_back(reading->figures[k]);
      figure.paragraph = static_cast<std::uint32_t>(i);
      if (years[k] <= 0) continue;
      figure.years = years[k];
      figure.period = Period::total;
    }
  }
  scene.first.push_back(static_cast<std::uint32_t>(scene.figures.size()));
  return scene;
}

// By the figure that they begin with, in the order of the text.
bool stands_before(const Finding& left, const Finding& right) {
  return left.figures.front() < right.figures.front();
}

// Figures of a finding counted from another one; unsigned, so that what lies before wraps.
void shift(Finding& finding, std::uint32_t by) {
  for (auto& figure : finding.figures) figure += by;
  if (finding.repair) finding.repair->figure += by;
  if (finding.other_repair) finding.other_repair->figure += by;
}

int gravity(Verdict verdict) { return static_cast<int>(verdict); }

}  // namespace

// Back to the beginning, and on to the end, of a table that these paragraphs cut.
std::size_t Reviewer::table_begin(std::size_t at) const {
  const auto row = [&](std::size_t i) { return is_row(paragraphs_[i].reading->text); };
  while (at > 0 && at < paragraphs_.size() && row(at) && row(at - 1)) --at;
  return at;
}
std::size_t Reviewer::table_end(std::size_t at) const {
  const auto row = [&](std::size_t i) { return is_row(paragraphs_[i].reading->text); };
  while (at > 0 && at < paragraphs_.size() && row(at) && row(at - 1)) ++at;
  return at;
}

// What the checks that look at a few paragraphs around find in paragraphs `from` to `to`.
Reviewer::Found Reviewer::check(std::size_t from, std::size_t to) const {
  const auto begin = table_begin(from > same_text_paragraphs ? from - same_text_paragraphs : 0);
  const auto end = table_end(std::min(to + same_text_paragraphs, paragraphs_.size()));
  const auto scene = scene_of(knowledge_, std::span{paragraphs_}.subspan(begin, end - begin));
  Findings findings;
  for (const auto check :
       {check_ratios, check_repeats, check_own_intensity, check_rates, check_sums, check_changes,
        check_days, check_savings, check_datacentres, check_soil, check_tables, check_relations,
        check_arithmetic, check_boundaries, check_totals, check_wording}) {
    check(scene, findings);
  }
  find_repairs(scene, findings);
  std::stable_sort(findings.begin(), findings.end(), stands_before);
  Found found(to - from);
  for (auto& finding : findings) {
    const auto paragraph = scene.figures[finding.figures.front()].paragraph;
    const auto place = begin + paragraph;
    if (place < from || place >= to) continue;
    shift(finding, 0U - scene.begin_of(paragraph));
    found[place - from].push_back(std::move(finding));
  }
  return found;
}

std::vector<ReadParagraph> Reviewer::read(const Article& article) {
  decltype(kept_) now;
  std::vector<ReadParagraph> paragraphs;
  std::string heading;
  for (const auto& paragraph : article.paragraphs) {
    const bool row = is_row(paragraph.text);
    if (!row) heading.clear();
    const auto key = heading + "\n" + paragraph.text;
    std::shared_ptr<const Reading> reading;
    if (const auto seen = now.find(key); seen != now.end()) {
      reading = seen->second;
    } else {
      const auto known = kept_.find(key);
      reading = known != kept_.end() ? known->second
                                     : std::make_shared<const Reading>(read_paragraph(
                                           paragraph.text, heading, knowledge_.lexicon()));
      now.emplace(key, reading);
    }
    paragraphs.push_back({std::move(reading), {}});
    if (row && heading.empty()) heading = paragraph.text;
  }
  kept_ = std::move(now);
  find_years(paragraphs);
  return paragraphs;
}

// Checks what differs from before, and what lies near it.
void Reviewer::take(std::vector<ReadParagraph> paragraphs) {
  const auto [old_front, new_front] =
      std::mismatch(paragraphs_.begin(), paragraphs_.end(), paragraphs.begin(), paragraphs.end());
  const auto same_before = static_cast<std::size_t>(new_front - paragraphs.begin());
  const auto same_after =
      static_cast<std::size_t>(std::mismatch(paragraphs_.rbegin(), std::reverse_iterator{old_front},
                                             paragraphs.rbegin(), std::reverse_iterator{new_front})
                                   .second -
                               paragraphs.rbegin());
  const auto kept_of = [](std::size_t same) {
    return same > same_text_paragraphs ? same - same_text_paragraphs : 0;
  };
  paragraphs_ = std::move(paragraphs);
  const auto from = table_begin(kept_of(same_before));
  const auto to = table_end(paragraphs_.size() - kept_of(same_after));
  auto changed = check(from, to);
  const auto first = found_.begin() + static_cast<std::ptrdiff_t>(from);
  const auto last = found_.end() - static_cast<std::ptrdiff_t>(paragraphs_.size() - to);
  found_.insert(found_.erase(first, last), std::move_iterator{changed.begin()},
                std::move_iterator{changed.end()});
}

Result<Review> Reviewer::review(std::string_view source, Markup markup) {
  TRY(auto article, read_article(source, markup));
  Review result;
  result.unreadable_bytes = article.unreadable_bytes;
  take(read(article));
  auto scene = scene_of(knowledge_, paragraphs_);
  for (const auto& reading : scene.readings) result.unread_numbers += reading->unread_numbers;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    for (const auto& finding : found_[i]) {
      result.findings.push_back(finding);
      shift(result.findings.back(), scene.begin_of(i));
    }
  }
  // These look through the whole text.
  const auto near = static_cast<std::ptrdiff_t>(result.findings.size());
  check_parked_cars(scene, result.findings);
  check_unexplained(scene, result.findings);
  const auto far = result.findings.begin() + near;
  std::stable_sort(far, result.findings.end(), stands_before);
  std::inplace_merge(result.findings.begin(), far, result.findings.end(), stands_before);

  // Places in the source.
  std::vector<std::uint32_t> offsets;
  offsets.reserve(scene.figures.size());
  result.figures.reserve(scene.figures.size());
  for (auto& figure : scene.figures) {
    const auto& origin = article.paragraphs[figure.paragraph].origin;
    PlacedFigure placed;
    placed.begin = origin[figure.begin];
    placed.end = origin[figure.end];
    offsets.push_back(placed.begin);
    placed.figure = std::move(figure);
    result.figures.push_back(std::move(placed));
  }
  const auto places = lines_of(source, offsets);
  for (std::size_t i = 0; i < places.size(); ++i) result.figures[i].place = places[i];
  std::vector<std::uint32_t> statement_of(result.figures.size());
  for (std::uint32_t i = 0; i < result.figures.size(); ++i) {
    const auto& figure = result.figures[i].figure;
    if (i == 0 || !same_sentence(result.figures[i - 1].figure, figure)) {
      const auto& reading = *scene.readings[figure.paragraph];
      const auto& origin = article.paragraphs[figure.paragraph].origin;
      const auto& bounds = reading.sentences[figure.sentence];
      Statement statement;
      statement.begin = origin[bounds.begin];
      statement.end = origin[bounds.end];
      statement.text = reading.text.substr(bounds.begin, bounds.end - bounds.begin);
      result.statements.push_back(std::move(statement));
    }
    result.statements.back().figures.push_back(i);
    statement_of[i] = static_cast<std::uint32_t>(result.statements.size() - 1);
  }
  std::vector<std::uint32_t> begins;
  for (const auto& statement : result.statements) begins.push_back(statement.begin);
  const auto lines = lines_of(source, begins);
  for (std::size_t i = 0; i < lines.size(); ++i) result.statements[i].place = lines[i];
  for (std::uint32_t i = 0; i < result.findings.size(); ++i) {
    const auto& finding = result.findings[i];
    auto& statement = result.statements[statement_of[finding.figures.front()]];
    if (statement.findings.empty() || gravity(finding.verdict) > gravity(statement.verdict)) {
      // One consistent check outweighs one that could not be made.
      const bool first = statement.findings.empty();
      if (first || finding.verdict != Verdict::unchecked) statement.verdict = finding.verdict;
    }
    if (statement.verdict == Verdict::unchecked && finding.verdict == Verdict::consistent) {
      statement.verdict = Verdict::consistent;
    }
    statement.findings.push_back(i);
  }
  return result;
}

Result<Review> review(std::string_view source, const Knowledge& knowledge, Markup markup) {
  return Reviewer{knowledge}.review(source, markup);
}

}  // namespace partake::claims
